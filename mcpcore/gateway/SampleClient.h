// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"

namespace mcpcore {

// A client of our own that makes one tool call through the whole path, as any other client would: the test call of the
// window and `countersignctl try`. Deletes itself after its last answer; destroying it withdraws the call. Core thread.
class SampleClient final : public QObject, private SessionOutput
{
    Q_OBJECT
public:
    struct Wish {
        QString tool;         // as listed on /mcp; empty = the first of the Practice connection that asks a person
        QByteArray arguments; // a JSON object; empty = {}
    };
    explicit SampleClient(FrontDoor &door, QObject *parent = nullptr);
    ~SampleClient() override;

    // `listed` tells the names of the tools once known. `done` gets the raw result or error of the call.
    void run(const Peer &peer, const Wish &wish, std::function<void(const QStringList &)> listed, Completion<RawJson> done);

private:
    void answer(const QByteArray &request, const QByteArray &message) override;
    void push(const QByteArray &request, const QByteArray &message) override;
    void initialized();
    void toolsListed(const RawJson &result);
    void finish(Result<RawJson> result);

    FrontDoor &m_door;
    std::unique_ptr<ClientSession> m_session;
    Wish m_wish;
    std::function<void(const QStringList &)> m_listed;
    Completion<RawJson> m_done;
};

} // namespace mcpcore
