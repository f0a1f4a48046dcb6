// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/CallbackServer.h"
#include <QTcpSocket>

namespace mcpcore {

namespace {

constexpr qsizetype maximumHead = 16 * 1024;
constexpr int maximumOpen = 16;
constexpr Milliseconds headTime = std::chrono::seconds(10);

// The value of the one field `name` (lower case); nothing when there is none, or more than one.
std::optional<QByteArray> onlyField(const QByteArrayList &lines, const QByteArray &name)
{
    std::optional<QByteArray> value;
    for (const QByteArray &line : lines.mid(1)) {
        const qsizetype border = line.indexOf(':');
        if (border < 0 || line.left(border).toLower() != name)
            continue;
        if (value)
            return std::nullopt;
        value = line.mid(border + 1).trimmed();
    }
    return value;
}

} // namespace

CallbackServer::CallbackServer(const Clock &clock, QByteArray state, std::function<void(CallbackAnswer)> arrived, QObject *parent)
    : QObject(parent), m_clock(clock), m_state(std::move(state)), m_arrived(std::move(arrived))
{
    connect(&m_server, &QTcpServer::newConnection, this, &CallbackServer::accept);
}

CallbackServer::~CallbackServer()
{
    finish(QStringLiteral("The sign-in has ended"), QStringLiteral("Go back to Countersign to start it again."));
}

Result<> CallbackServer::listen(quint16 preferred)
{
    if (!m_server.listen(QHostAddress::LocalHost, preferred) && (preferred == 0 || !m_server.listen(QHostAddress::LocalHost, 0)))
        return failure(Error::Kind::Busy, QStringLiteral("No port of this computer is free for the browser to come back to."));
    m_port = m_server.serverPort();
    return {};
}

QByteArray CallbackServer::redirect() const
{
    return "http://127.0.0.1:" + QByteArray::number(m_port) + "/callback";
}

void CallbackServer::accept()
{
    while (QTcpSocket *socket = m_server.nextPendingConnection()) {
        socket->setParent(this);
        connect(socket, &QTcpSocket::disconnected, this, [this, socket] {
            --m_open;
            socket->deleteLater();
        });
        if (++m_open > maximumOpen) {
            socket->abort();
            continue;
        }
        m_clock.after(headTime, socket, [this, socket] {
            if (socket != m_answered)
                socket->abort();
        });
        connect(socket, &QTcpSocket::readyRead, this, [this, socket, head = std::make_shared<QByteArray>()] { read(socket, head); });
    }
}

void CallbackServer::read(QTcpSocket *socket, const std::shared_ptr<QByteArray> &head)
{
    if (socket == m_answered || head->size() > maximumHead)
        return socket->abort();
    *head += socket->read(maximumHead + 1 - head->size());
    const qsizetype end = head->indexOf("\r\n\r\n");
    if (end < 0)
        return head->size() > maximumHead ? socket->abort() : void();
    const QString wrong = QStringLiteral("This is not the answer to a sign-in");
    QByteArrayList lines = head->left(end).replace("\r\n", "\n").split('\n');
    wipe(*head); // the code was in it
    head->clear();
    QByteArray request = lines.first();
    const auto host = onlyField(lines, "host");
    lines.clear();
    if (!host || *host != "127.0.0.1:" + QByteArray::number(m_port))
        return answer(socket, 403, wrong, QStringLiteral("The browser asked for another host."));
    if (!request.startsWith("GET /callback?") || !request.endsWith(" HTTP/1.1"))
        return answer(socket, 404, wrong, QStringLiteral("There is nothing at this address."));
    const std::string_view query(request.constData() + 14, size_t(request.size() - 14 - 9));
    auto read = readCallback(query);
    wipe(request);
    const std::string_view ours(m_state.constData(), size_t(m_state.size()));
    const bool matches = read && equalInConstantTime({read->state.constData(), size_t(read->state.size())}, ours);
    if (!matches || m_used)
        return answer(socket, 400, wrong, QStringLiteral("It belongs to another sign-in, or was used before. Nothing was done with it."));
    m_used = true;
    m_answered = socket;
    m_server.close(); // nobody else may come
    m_arrived(std::move(*read));
}

void CallbackServer::finish(const QString &title, const QString &text)
{
    m_server.close();
    if (QTcpSocket *socket = m_answered) {
        m_answered.clear();
        answer(socket, 200, title, text);
    }
}

void CallbackServer::answer(QTcpSocket *socket, int status, const QString &title, const QString &text)
{
    const QByteArray page = QStringLiteral("<!doctype html>\n<html lang=\"en\"><meta charset=\"utf-8\"><title>Countersign</title>\n"
                                           "<h1>%1</h1>\n<p>%2</p>\n</html>\n")
                                .arg(title.toHtmlEscaped(), text.toHtmlEscaped())
                                .toUtf8();
    socket->write("HTTP/1.1 " + QByteArray::number(status) + (status == 200 ? " OK" : " Refused")
                  + "\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: " + QByteArray::number(page.size())
                  + "\r\nContent-Security-Policy: default-src 'none'; frame-ancestors 'none'\r\nX-Content-Type-Options: nosniff\r\n"
                    "Referrer-Policy: no-referrer\r\nCache-Control: no-store\r\nConnection: close\r\n\r\n"
                  + page);
    socket->flush();
    socket->disconnectFromHost();
}

} // namespace mcpcore
