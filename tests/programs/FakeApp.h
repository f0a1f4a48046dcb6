// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QLocalServer>
#include <QLocalSocket>

// The app's end of bridge.sock, under the test's control: it takes one bridge at a time and answers nothing by itself but the
// greeting. Destroying it is the app's end.
class FakeApp : public QObject
{
    Q_OBJECT
public:
    explicit FakeApp(const QString &socketPath)
    {
        m_server.listen(socketPath);
        connect(&m_server, &QLocalServer::newConnection, this, [this] {
            if (m_socket)
                m_socket->deleteLater();
            m_socket = m_server.nextPendingConnection();
            m_buffer.clear();
            ++connections;
            connect(m_socket, &QLocalSocket::readyRead, this, &FakeApp::read);
            connect(m_socket, &QLocalSocket::disconnected, this, [this] { disconnected = true; });
        });
    }

    void send(const QByteArray &bytes)
    {
        m_socket->write(bytes);
        m_socket->flush();
    }
    void hangUp() { m_socket->abort(); }
    // Stops taking bytes; what is in the socket stays there.
    void stall() { stalled = true; }
    void resume()
    {
        stalled = false;
        read();
    }

    QByteArray greetingAnswer = "{\"ok\":true}\n";
    QByteArray greeting;
    QList<QByteArray> lines; // after the greeting, without their ends
    qsizetype bytesOfOpenLine() const { return m_buffer.size(); }
    int connections = 0;
    bool disconnected = false;
    bool stalled = false;

private:
    void read()
    {
        if (stalled)
            return;
        m_buffer += m_socket->readAll();
        qsizetype from = 0;
        for (qsizetype end; (end = m_buffer.indexOf('\n', from)) >= 0; from = end + 1) {
            const QByteArray line = m_buffer.mid(from, end - from);
            if (line.startsWith("{\"bridge\"")) {
                greeting = line;
                send(greetingAnswer);
            } else {
                lines += line;
            }
        }
        m_buffer.remove(0, from);
    }

    QLocalServer m_server;
    QLocalSocket *m_socket = nullptr;
    QByteArray m_buffer;
};
