// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "FakeServer.h"
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "audit/LogReader.h"
#include "gateway/Gateway.h"
#include "gateway/Questions.h"
#include "packs/Packs.h"
#include "protocol/Message.h"
#include "store/WorkspaceFile.h"
#include "support/FakeClock.h"
#include "support/FakeIds.h"

#include "upstream/UpstreamPool.h"
#include <QTemporaryDir>
#include <QTest>

// The gateway with everything real but the upstream's transport and the clock: one connection "acme" in sandbox and
// production, one client "cursor" in sandbox, the tool "echo" trusted.
class GatewayFixture : public QObject, public mcpcore::SessionOutput
{
public:
    GatewayFixture()
    {
        using namespace mcpcore;
        workspace = std::move(*WorkspaceFile::open(folder.filePath(QStringLiteral("workspace.json"))));
        change([](Workspace &edited) {
            const EnvironmentId sandbox{QStringLiteral("sandbox")}, production{QStringLiteral("production")};
            edited.connections.append({{QStringLiteral("acme")},
                                       {},
                                       {sandbox, production},
                                       HttpTarget{{{sandbox, QStringLiteral("https://sandbox.example.com/mcp")},
                                                   {production, QStringLiteral("https://example.com/mcp")}},
                                                  {},
                                                  {}},
                                       {}});
            Client client;
            client.id = {QStringLiteral("cursor")};
            client.label = QStringLiteral("Cursor");
            client.environment = sandbox;
            edited.clients.append(client);
        });
        log = std::make_unique<ActivityLog>(logPath(), clock, ids);
        bool opened = false;
        log->open(Completion<ActivityLog::Opened>(this, [&](Result<ActivityLog::Opened> result) { opened = result.has_value(); }));
        [&] { QTRY_VERIFY(opened); }();
        approvals = std::make_unique<ApprovalQueue>(clock, ApprovalQueue::Limits{});
        pool = std::make_unique<UpstreamPool>(
            [this](const Connection &, const Environment &, const std::optional<KeyId> &) -> Result<std::unique_ptr<Transport>> {
                return std::make_unique<ScriptedTransport>(server);
            },
            clock);
        questions = std::make_unique<Questions>(
            *log, clock, ids, [this](const QString &url) { openedPages.append(url); }, Questions::Limits{});
        kept = std::make_unique<KeptTools>(keptPath(), *workspace);
        makeGateway();
    }
    ~GatewayFixture() override { session.reset(); }

    const QList<mcpcore::Pack> packs = *mcpcore::builtInPacks();
    void makeGateway()
    {
        gateway = std::make_unique<mcpcore::Gateway>(*workspace, locks, *pool, *log, *approvals, questions.get(), packs, *kept, clock, ids);
    }
    void change(const std::function<void(mcpcore::Workspace &)> &edit)
    {
        const auto changed = workspace->change([&](mcpcore::Workspace &edited) -> mcpcore::Result<> {
            edit(edited);
            return {};
        });
        QVERIFY2(changed, changed ? "" : qPrintable(changed.error().message));
    }
    // Accepts the definition that the server lists now.
    void trust(const QString &environment = QStringLiteral("sandbox"), mcpcore::ToolClass toolClass = mcpcore::ToolClass::Unknown)
    {
        change([&](mcpcore::Workspace &edited) {
            edited.trusts.append({{QStringLiteral("acme")},
                                  {environment},
                                  QStringLiteral("echo"),
                                  mcpcore::pinOf(mcpcore::RawJson(server.tools)).value(),
                                  toolClass});
        });
    }
    void addRule(mcpcore::Effect effect)
    {
        change([&](mcpcore::Workspace &edited) {
            mcpcore::Rule rule;
            rule.id = {ids.next()};
            rule.effect = effect;
            edited.rules.append(rule);
        });
    }
    void connectClient(const mcpcore::Scope &scope = {}, const QByteArray &capabilities = "{}")
    {
        auto opened = gateway->open({QStringLiteral("cursor")}, {}, scope, *this);
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
        session = std::move(*opened);
        send("{\"jsonrpc\":\"2.0\",\"id\":\"init\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
             "\"capabilities\":"
             + capabilities + ",\"clientInfo\":{\"name\":\"x\",\"version\":\"1\"}}}");
        QTRY_VERIFY(answers.contains("\"init\""));
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }
    void send(const QByteArray &message) { session->receive(mcpcore::RawJson(message)); }
    void call(const QByteArray &id, const QByteArray &arguments = "{}", const QByteArray &name = "acme__echo")
    {
        send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/call\",\"params\":{\"name\":\"" + name
             + "\",\"arguments\":" + arguments + "}}");
    }
    mcpcore::Result<> allow(const mcpcore::Approval &approval)
    {
        return approvals->answer(
            approval.call->id,
            {mcpcore::Answer::Kind::Allow, approval.call->argumentsDigest, approval.typedWord, {}, QStringLiteral("window")});
    }
    QByteArray resultText(const QByteArray &id) const { return mcpcore::memberOf(mcpcore::RawJson(answers.value(id)), "result").bytes(); }
    QStringList kindsOf(const QString &call) const
    {
        QStringList kinds;
        const auto reader = mcpcore::LogReader::open(logPath());
        if (const auto story = reader ? (*reader)->story(call) : mcpcore::failure(reader.error()))
            for (const auto &entry : *story)
                kinds.append(entry.kind);
        return kinds;
    }
    QString keptPath() const { return folder.filePath(QStringLiteral("tools.json")); }
    QString logPath() const { return folder.filePath(QStringLiteral("activity.db")); }

    void answer(const QByteArray &request, const QByteArray &message) override
    {
        answers.insert(request, message);
        ++answerCount[request];
    }
    void push(const QByteArray &request, const QByteArray &message) override { pushed.append({request, message}); }

    QTemporaryDir folder;
    FakeClock clock;
    FakeIds ids;
    FakeServer server;
    QHash<QByteArray, QByteArray> answers;
    QHash<QByteArray, int> answerCount;
    QList<QPair<QByteArray, QByteArray>> pushed;
    std::unique_ptr<mcpcore::WorkspaceFile> workspace;
    std::unique_ptr<mcpcore::ActivityLog> log;
    std::unique_ptr<mcpcore::ApprovalQueue> approvals;
    std::unique_ptr<mcpcore::Questions> questions;
    QStringList openedPages;
    std::unique_ptr<mcpcore::UpstreamPool> pool;
    mcpcore::Locks locks{clock};
    std::unique_ptr<mcpcore::KeptTools> kept;
    std::unique_ptr<mcpcore::Gateway> gateway;
    std::unique_ptr<mcpcore::ClientSession> session;
};
