// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/HttpServer.h"
#include "server/SocketCalls.h"
#include <QAbstractHttpServer>
#include <QHostAddress>
#include <QHttpServerRequest>
#include <QHttpServerResponder>

namespace mcpcore {

// The part that differs between Qt versions: until 6.4 the socket is given, from 6.5 on a responder, which is kept while the
// answer is owed because Qt reads the next request as soon as it is gone.
class HttpServer::Glue final : public QAbstractHttpServer
{
public:
    Glue(GuardedTcpServer &tcp, Handle handle) : m_tcp(tcp), m_handle(std::move(handle)) {}

protected:
#if QT_VERSION < QT_VERSION_CHECK(6, 5, 0)
    bool handleRequest(const QHttpServerRequest &request, QTcpSocket *socket) override
    {
        if (auto *guard = m_tcp.guardAt(socket->peerPort()))
            dispatch(*guard, request);
        else
            socket->abort();
        return true;
    }
    void missingHandler(const QHttpServerRequest &, QTcpSocket *) override {}
#else
    bool handleRequest(const QHttpServerRequest &request, QHttpServerResponder &responder) override
    {
        if (auto *guard = m_tcp.guardAt(request.remotePort())) {
            const QPointer<ConnectionGuard> alive(guard);
            dispatch(*guard, request);
            // Only when unanswered: a responder moved out and destroyed in here makes Qt 6.5-6.8 slow.
            if (alive && guard->isAnswering())
                guard->hold(std::make_shared<QHttpServerResponder>(std::move(responder)));
        }
        return true;
    }
#if QT_VERSION < QT_VERSION_CHECK(6, 8, 0)
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &&) override {}
#else
    void missingHandler(const QHttpServerRequest &, QHttpServerResponder &) override {}
#endif
#endif

private:
    void dispatch(ConnectionGuard &guard, const QHttpServerRequest &request)
    {
        if (auto exchange = guard.begin(request.body()))
            m_handle(std::move(exchange));
        else
            guard.refuse({400, QStringLiteral("The request is malformed.")});
    }
    GuardedTcpServer &m_tcp;
    Handle m_handle;
};

HttpServer::HttpServer(GuardRules rules, Handle handle, QObject *parent)
    : QObject(parent),
      m_tcp(std::make_unique<GuardedTcpServer>(std::move(rules))),
      m_glue(std::make_unique<Glue>(*m_tcp, std::move(handle)))
{}

HttpServer::~HttpServer()
{
    m_tcp.reset();
}

Result<quint16> HttpServer::listen(quint16 port)
{
    raiseDescriptorLimit();
    if (!m_tcp->listen(QHostAddress(QHostAddress::LocalHost), port))
        return failure(m_tcp->serverError() == QAbstractSocket::AddressInUseError ? Error::Kind::Conflict : Error::Kind::FileFailed,
                       QStringLiteral("Cannot listen on 127.0.0.1:%1: %2. Close the program that uses the port, or choose another port.")
                           .arg(port)
                           .arg(m_tcp->errorString()));
    m_glue->bind(m_tcp.get());
    return m_tcp->serverPort();
}

} // namespace mcpcore
