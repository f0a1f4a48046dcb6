// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "server/LocalListener.h"

namespace mcpcore {

// What answers the commands of countersignctl while this process owns the profile. Core thread.
class ControlPort
{
public:
    virtual ~ControlPort() = default;
    // One request. `reply` takes one line of JSON at a time; `last` ends the answer. It may be called later and is silent
    // once the asker is gone.
    virtual void handle(const RawJson &request, std::function<void(QByteArray line, bool last)> reply) = 0;
};

// control.sock: one JSON request a line, one line of answer, or several until `last`. Requests of one connection are
// answered in their order. `port` outlives it.
class ControlSocket final : public QObject
{
    Q_OBJECT
public:
    ControlSocket(ControlPort &port, const Limits &limits, QObject *parent = nullptr);
    Result<> listen(const QString &path) { return m_listener.listen(path); }

private:
    ControlPort &m_port;
    const Limits &m_limits;
    LocalListener m_listener;
};

// One connection of countersignctl. A child of its socket.
class ControlConnection final : public QObject
{
    Q_OBJECT
public:
    ControlConnection(ControlPort &port, const Limits &limits, QLocalSocket &socket);

private:
    void onReadyRead();
    void handleNext();
    void refuse(const QString &why);
    void send(const QByteArray &line);
    ControlPort &m_port;
    const Limits &m_limits;
    QLocalSocket &m_socket;
    LineReader m_lines;
    bool m_busy = false;
};

} // namespace mcpcore
