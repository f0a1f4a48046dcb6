// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QHostAddress>
#include <QTcpSocket>

// What one HTTP response says, read by the book: the length or the chunks decide where it ends.
struct RawReply {
    int status = 0;
    QByteArray head; // field names in lower case
    QByteArray body;
    bool complete = false;

    QByteArray field(const QByteArray &lowerCaseName) const
    {
        const qsizetype at = head.indexOf("\r\n" + lowerCaseName + ": ");
        if (at < 0)
            return {};
        const qsizetype start = at + lowerCaseName.size() + 4;
        return head.mid(start, head.indexOf("\r\n", start) - start);
    }
    // The data of the events that have come.
    QList<QByteArray> events() const
    {
        QList<QByteArray> out;
        for (qsizetype at = 0; (at = body.indexOf("data: ", at)) >= 0; ++at)
            if (body.mid(at + 6, 1) != "\n") // the first one of a stream may be empty
                out.push_back(body.mid(at + 6, body.indexOf('\n', at) - at - 6));
        return out;
    }
};

// A TCP client that sends what it is told and keeps what comes back.
class RawClient
{
public:
    explicit RawClient(quint16 port)
    {
        QObject::connect(&socket, &QTcpSocket::readyRead, &socket, [this] { received += socket.readAll(); });
        socket.connectToHost(QHostAddress(QHostAddress::LocalHost), port);
    }
    void send(const QByteArray &bytes)
    {
        socket.write(bytes);
        if (socket.state() == QAbstractSocket::ConnectedState)
            socket.flush();
    }
    bool isClosed() const { return socket.state() == QAbstractSocket::UnconnectedState; }
    // The first response of what came; take() removes it.
    RawReply reply() const { return parse(nullptr); }
    RawReply take()
    {
        qsizetype end = 0;
        const RawReply reply = parse(&end);
        received.remove(0, end);
        return reply;
    }

    QTcpSocket socket;
    QByteArray received;

private:
    RawReply parse(qsizetype *end) const
    {
        RawReply reply;
        const qsizetype headEnd = received.indexOf("\r\n\r\n");
        if (headEnd < 0)
            return reply;
        const qsizetype lineEnd = received.indexOf("\r\n");
        reply.status = received.mid(9, 3).toInt();
        for (const QByteArray &line : received.mid(lineEnd + 2, headEnd - lineEnd - 2).split('\n')) {
            const qsizetype colon = line.indexOf(':');
            reply.head += "\r\n" + line.left(colon).toLower() + line.mid(colon).trimmed();
        }
        reply.head += "\r\n";
        qsizetype at = headEnd + 4;
        if (reply.field("transfer-encoding") != "chunked") {
            const qsizetype size = reply.field("content-length").toLongLong();
            reply.body = received.mid(at, size);
            reply.complete = reply.body.size() == size;
            at += size;
        } else {
            for (;;) {
                const qsizetype sizeEnd = received.indexOf("\r\n", at);
                const qsizetype size = sizeEnd < 0 ? -1 : received.mid(at, sizeEnd - at).toLongLong(nullptr, 16);
                if (size < 0 || received.size() < sizeEnd + 2 + size + 2)
                    break;
                reply.body += received.mid(sizeEnd + 2, size);
                at = sizeEnd + 2 + size + 2;
                if (size == 0) {
                    reply.complete = true;
                    break;
                }
            }
        }
        if (end)
            *end = reply.complete ? at : 0;
        return reply;
    }
};
