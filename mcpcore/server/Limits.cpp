// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Limits.h"

namespace mcpcore {

std::vector<LimitRow> rowsOf(const Limits &limits)
{
    const QString bytes = QStringLiteral("bytes");
    const QString seconds = QStringLiteral("seconds");
    const QString none;
    const auto inSeconds = [](Milliseconds time) { return qint64(std::chrono::duration_cast<std::chrono::seconds>(time).count()); };
    return {
        {QStringLiteral("url"), limits.url, bytes},
        {QStringLiteral("header"), limits.header, bytes},
        {QStringLiteral("header-fields"), limits.headerFields, none},
        {QStringLiteral("body"), limits.body, bytes},
        {QStringLiteral("header-time"), inSeconds(limits.headerTime), seconds},
        {QStringLiteral("body-time"), inSeconds(limits.bodyTime), seconds},
        {QStringLiteral("idle-time"), inSeconds(limits.idleTime), seconds},
        {QStringLiteral("connections"), limits.connections, none},
        {QStringLiteral("unauthenticated-connections"), limits.unauthenticated, none},
        {QStringLiteral("queued-output"), limits.queuedOutput, bytes},
        {QStringLiteral("stalled-output-time"), inSeconds(limits.stalledOutput), seconds},
        {QStringLiteral("stream-keep-alive"), inSeconds(limits.keepAlive), seconds},
        {QStringLiteral("sessions"), limits.sessions, none},
        {QStringLiteral("sessions-per-client"), limits.sessionsPerClient, none},
        {QStringLiteral("session-idle-time"), inSeconds(limits.sessionIdle), seconds},
        {QStringLiteral("kept-messages-per-session"), limits.keptMessages, none},
        {QStringLiteral("kept-bytes-per-session"), limits.keptBytes, bytes},
        {QStringLiteral("replayed-events-per-session"), limits.replayedEvents, none},
        {QStringLiteral("replayed-bytes-per-session"), limits.replayedBytes, bytes},
        {QStringLiteral("return-time"), inSeconds(limits.returnTime), seconds},
        {QStringLiteral("answer-time"), inSeconds(limits.answerTime), seconds},
        {QStringLiteral("batch"), limits.batch, none},
        {QStringLiteral("capability-sets-per-client"), limits.capabilitySets, none},
        {QStringLiteral("input-time"), inSeconds(limits.inputTime), seconds},
        {QStringLiteral("listeners-per-client"), limits.listeners, none},
        {QStringLiteral("subscriptions-per-listener"), limits.subscriptions, none},
        {QStringLiteral("local-connections-per-socket"), limits.localConnections, none},
        {QStringLiteral("bridge-line"), limits.bridgeLine, bytes},
        {QStringLiteral("control-line"), limits.controlLine, bytes},
    };
}

} // namespace mcpcore
