// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"
#include "protocol/Message.h"
#include <QHash>

class EchoSession;

// A gateway that allows everything and is its own upstream. Tools: `echo` answers its arguments, `hold` waits for
// answerHeld(), `progress` tells three times before it answers, `ask` asks the client and answers what it said, `page` wants a page visited before its
// first answer.
class EchoFrontDoor final : public mcpcore::FrontDoor
{
public:
    std::optional<mcpcore::ClientId> clientOfToken(std::string_view token) const override;
    mcpcore::Result<mcpcore::ClientId> bridgeClient(const QString &id, mcpcore::Peer &peer) override;
    mcpcore::Result<std::unique_ptr<mcpcore::ClientSession>> open(const mcpcore::ClientId &client, const mcpcore::Peer &peer,
                                                                  const mcpcore::Scope &scope, mcpcore::SessionOutput &output) override;
    void refused(const QString &why) override { refusals.push_back(why); }

    void answerHeld();

    // "cst_a" is the token of the client "a"; a revoked one is removed here.
    QHash<QString, QString> clientsByToken{{QStringLiteral("cst_a"), QStringLiteral("a")}, {QStringLiteral("cst_b"), QStringLiteral("b")}};
    QList<QString> refusals;
    QList<EchoSession *> sessions; // open ones
    mcpcore::Peer lastPeer;
    mcpcore::Scope lastScope;
    bool refusesInitialize = false;
};

class EchoSession final : public mcpcore::ClientSession
{
    Q_OBJECT
public:
    EchoSession(EchoFrontDoor &frontDoor, mcpcore::SessionOutput &output) : m_frontDoor(frontDoor), m_output(output)
    {
        m_frontDoor.sessions.push_back(this);
    }
    ~EchoSession() override { m_frontDoor.sessions.removeOne(this); }
    void receive(const mcpcore::RawJson &bytes) override;
    void requestStreamLost(const QByteArray &request) override { lost.push_back(request); }
    QString protocolVersion() const override { return m_version; }
    void answerHeld();
    void push(const QByteArray &message) { m_output.push({}, message); }

    QList<QByteArray> received; // notifications and responses
    QList<QByteArray> held;     // ids of requests
    QList<QByteArray> lost;

private:
    void initialize(const mcpcore::Message &message);
    void call(const mcpcore::Message &message);
    EchoFrontDoor &m_frontDoor;
    mcpcore::SessionOutput &m_output;
    QString m_version;
    QByteArray m_asking;
    int m_pagesShown = 0;
};
