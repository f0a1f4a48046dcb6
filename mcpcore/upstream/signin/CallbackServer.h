// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "upstream/signin/Authorization.h"
#include <QTcpServer>
#include <functional>

namespace mcpcore {

// Where the browser comes back to after one sign-in: http://127.0.0.1:PORT/callback, for as long as that takes. Takes the
// first answer that carries the state and no other; a browser that brings another state is turned away and changes nothing.
class CallbackServer final : public QObject
{
    Q_OBJECT
public:
    // `arrived` is called once.
    CallbackServer(const Clock &clock, QByteArray state, std::function<void(CallbackAnswer)> arrived, QObject *parent = nullptr);
    ~CallbackServer() override;

    // At this port if it is free, else at any.
    Result<> listen(quint16 preferred);
    quint16 port() const { return m_port; }
    QByteArray redirect() const;
    // Shows the browser how it went: a title and a sentence.
    void finish(const QString &title, const QString &text);

private:
    void accept();
    void read(QTcpSocket *socket, const std::shared_ptr<QByteArray> &head);
    void answer(QTcpSocket *socket, int status, const QString &title, const QString &text);

    const Clock &m_clock;
    const QByteArray m_state;
    const std::function<void(CallbackAnswer)> m_arrived;
    QTcpServer m_server;
    quint16 m_port = 0;
    int m_open = 0;
    QPointer<QTcpSocket> m_answered; // waits to be told how it went
    bool m_used = false;
};

} // namespace mcpcore
