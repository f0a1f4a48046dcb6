// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/ActivityLog.h"
#include "audit/LogReader.h"
#include "base/Secret.h"
#include "support/FakeClock.h"
#include "support/FakeIds.h"
#include <QDir>
#include <QFileInfo>
#include <QTemporaryDir>
#include <QTest>

// A folder with an activity log in it, and calls to put on it.
struct TestLog {
    QTemporaryDir folder{inMemory()};
    FakeClock clock;
    FakeIds ids;
    std::unique_ptr<mcpcore::ActivityLog> log;
    QObject guard;

    // Hundreds of syncs are no burden there. Where there is no such folder, an ordinary temporary one.
    static QString inMemory()
    {
        const QString shared = QStringLiteral("/dev/shm");
        return (QFileInfo(shared).isWritable() ? shared : QDir::tempPath()) + QStringLiteral("/countersign-XXXXXX");
    }
    QString path() const { return folder.filePath(QStringLiteral("activity.db")); }
    QString anchorPath() const { return folder.filePath(QStringLiteral("activity.anchor")); }

    mcpcore::Result<mcpcore::ActivityLog::Opened> open()
    {
        if (!log)
            log = std::make_unique<mcpcore::ActivityLog>(path(), clock, ids);
        std::optional<mcpcore::Result<mcpcore::ActivityLog::Opened>> answer;
        log->open({&guard, [&](auto opened) { answer = std::move(opened); }});
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return mcpcore::failure(mcpcore::Error::Kind::Abandoned, QStringLiteral("no answer"));
        return *answer;
    }
    void close() { log.reset(); }

    mcpcore::ToolCallPtr call(const QByteArray &arguments = "{\"amount\":50}", const QString &tool = QStringLiteral("create_refund"))
    {
        using namespace mcpcore;
        auto call = std::make_shared<ToolCall>();
        call->id = {ids.next()};
        call->client = {QStringLiteral("cursor")};
        call->clientLabel = QStringLiteral("Cursor");
        call->peer = {Peer::Way::Bridge, 4711, QStringLiteral("/usr/bin/cursor"), false};
        call->connection = {QStringLiteral("stripe")};
        call->vendor = QStringLiteral("stripe");
        call->environment = {QStringLiteral("production")};
        call->environmentKind = EnvironmentKind::Production;
        call->tool = tool;
        call->operation = QStringLiteral("PostRefunds");
        call->toolClass = ToolClass::Money;
        call->pin = QByteArray(32, 'p');
        call->arguments = RawJson(arguments);
        call->argumentsDigest = sha256({arguments.constData(), size_t(arguments.size())});
        call->destination = QStringLiteral("https://mcp.stripe.com:443");
        call->received = clock.wall();
        return call;
    }
    static mcpcore::Decision allowed()
    {
        return {mcpcore::Decision::Outcome::Allowed, mcpcore::Decision::By::Person, {},
                QStringLiteral("looks right"),       QStringLiteral("window"),      std::chrono::milliseconds(2'500)};
    }
    static mcpcore::CallOutcome succeeded()
    {
        return {mcpcore::CallOutcome::Kind::Succeeded, {}, 12, QByteArray(32, 'r'), std::chrono::milliseconds(40)};
    }

    // As the program does once the keychain has answered.
    std::optional<mcpcore::Anchor::Found> useKey(const mcpcore::Secret &key)
    {
        std::optional<mcpcore::Anchor::Found> answer;
        log->setKey(key.duplicate(), {&guard, [&](auto found) { answer = *found; }});
        return QTest::qWaitFor([&] { return answer.has_value(); }, 20'000) ? answer : std::nullopt;
    }
    // Waits until everything queued so far is durable, or has failed.
    mcpcore::Result<> settle()
    {
        std::optional<mcpcore::Result<>> answer;
        log->append({mcpcore::LogRow::Kind::Pause, {}, QStringLiteral("settled"), {}},
                    {&guard, [&](auto durable) { answer = std::move(durable); }});
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return mcpcore::failure(mcpcore::Error::Kind::Abandoned, QStringLiteral("no answer"));
        return *answer;
    }
    // Received, decision, intent; true when it may be sent.
    bool authorise(const mcpcore::ToolCallPtr &toolCall)
    {
        std::optional<bool> answer;
        log->append({mcpcore::LogRow::Kind::Received, toolCall, {}, {}});
        log->authorise(toolCall, allowed(), {&guard, [&](auto approved) { answer = approved.has_value(); }});
        return QTest::qWaitFor([&] { return answer.has_value(); }, 20'000) && *answer;
    }
    // A call from its arrival to its outcome.
    mcpcore::ToolCallPtr wholeCall(const QByteArray &arguments = "{\"amount\":50}")
    {
        auto toolCall = call(arguments);
        if (!authorise(toolCall))
            return nullptr;
        log->finish(toolCall, succeeded(), {});
        return settle() ? toolCall : nullptr;
    }
    std::unique_ptr<mcpcore::LogReader> reader() const
    {
        auto reader = mcpcore::LogReader::open(path());
        return reader ? std::move(*reader) : nullptr;
    }
    QList<mcpcore::LogEntry> rows(qint64 after = 0) const
    {
        const auto opened = reader();
        return opened ? opened->rowsAfter(after, 10'000).value_or(QList<mcpcore::LogEntry>()) : QList<mcpcore::LogEntry>();
    }
    static QByteArray kinds(const QList<mcpcore::LogEntry> &rows)
    {
        QStringList kinds;
        for (const mcpcore::LogEntry &row : rows)
            kinds << row.kind;
        return kinds.join(QLatin1Char(' ')).toLatin1();
    }
};
