// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "gateway/FrontDoor.h"
#include "server/Exchange.h"

namespace mcpcore {

// A bare tools/call: a POST with a token and nothing else, answered as one JSON body. Lives as a session of one call with
// the handshake that a client would have made. Ends by itself; core thread.
class SingleCall final : public QObject, public SessionOutput
{
    Q_OBJECT
public:
    SingleCall(std::shared_ptr<Exchange> exchange, QByteArray request, QObject *parent);
    Result<> start(FrontDoor &frontDoor);

    void answer(const QByteArray &request, const QByteArray &message) override;
    // Nobody can be told anything before the answer.
    void push(const QByteArray &request, const QByteArray &message) override;

private:
    void respond(const QByteArray &message);
    std::shared_ptr<Exchange> m_exchange;
    const QByteArray m_request;
    std::unique_ptr<ClientSession> m_session;
};

} // namespace mcpcore
