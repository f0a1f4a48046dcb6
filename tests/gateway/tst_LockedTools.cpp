// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// What a client of a locked production sees: the tools it had, without a byte to the server.
#include "base/Json.h"
#include "gateway/GatewayFixture.h"
#include "support/Runner.h"
#include <QFileInfo>

using namespace mcpcore;

class tst_LockedTools : public QObject
{
    Q_OBJECT

    const Environment production{{QStringLiteral("production")}, EnvironmentKind::Production};
    const Scope direct{ConnectionId{QStringLiteral("acme")}, EnvironmentId{QStringLiteral("production")}};

    static void pinClient(GatewayFixture &fixture)
    {
        fixture.change([](Workspace &edited) { edited.clients[0].environment = EnvironmentId{QStringLiteral("production")}; });
    }
    void unlock(GatewayFixture &fixture) { QVERIFY(fixture.locks.unlock(production, std::chrono::minutes(15), QStringLiteral("because"))); }
    static QByteArray list(GatewayFixture &fixture, const QByteArray &id)
    {
        fixture.send("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"tools/list\"}");
        [&] { QTRY_VERIFY(fixture.answers.contains(id)); }();
        return fixture.resultText(id);
    }
    // A gateway that starts with the files of an earlier one.
    static void restart(GatewayFixture &fixture)
    {
        fixture.session.reset();
        fixture.gateway.reset();
        fixture.pool.reset();
        fixture.answers.clear();
        fixture.server.received.clear();
        fixture.server.starts = 0;
        fixture.pool = std::make_unique<UpstreamPool>(
            [&fixture](const Connection &, const Environment &, const std::optional<KeyId> &) -> Result<std::unique_ptr<Transport>> {
                return std::make_unique<ScriptedTransport>(fixture.server);
            },
            fixture.clock);
        fixture.kept = std::make_unique<KeptTools>(fixture.keptPath(), *fixture.workspace);
        fixture.makeGateway();
    }

private Q_SLOTS:
    void afterALockTheToolsAreListedAsBefore_data()
    {
        QTest::addColumn<bool>("isDirect");
        QTest::newRow("all connections") << false;
        QTest::newRow("one connection") << true;
    }
    void afterALockTheToolsAreListedAsBefore()
    {
        QFETCH(bool, isDirect);
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        pinClient(fixture);
        unlock(fixture);
        fixture.connectClient(isDirect ? direct : Scope());
        const QByteArray before = list(fixture, "1");
        QVERIFY2(before.contains(isDirect ? "\"echo\"" : "\"acme_live__echo\""), before);
        fixture.locks.lockAll(LockCause::Person);
        fixture.server.received.clear();
        QCOMPARE(list(fixture, "2"), before);
        fixture.call("3", "{}", isDirect ? "echo" : "acme_live__echo");
        QTRY_VERIFY(fixture.answers.contains("3"));
        QVERIFY2(fixture.resultText("3").contains("Production is locked by a person."), fixture.answers["3"]);
        QVERIFY(fixture.server.received.empty());
    }
    void afterARestartWhileLockedTheToolsAreListedAsBefore_data() { afterALockTheToolsAreListedAsBefore_data(); }
    void afterARestartWhileLockedTheToolsAreListedAsBefore()
    {
        QFETCH(bool, isDirect);
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        pinClient(fixture);
        unlock(fixture);
        fixture.connectClient(isDirect ? direct : Scope());
        const QByteArray before = list(fixture, "1");
        fixture.locks.lockAll(LockCause::Quit);
        restart(fixture);
        fixture.connectClient(isDirect ? direct : Scope());
        QVERIFY2(fixture.answers["\"init\""].contains("\"tools\":{\"listChanged\":true}"), fixture.answers["\"init\""]);
        QCOMPARE(list(fixture, "2"), before);
        fixture.call("3", "{}", isDirect ? "echo" : "acme_live__echo");
        QTRY_VERIFY(fixture.answers.contains("3"));
        QVERIFY2(fixture.resultText("3").contains("Production is locked by a person."), fixture.answers["3"]);
        QCOMPARE(fixture.server.starts, 0);
        // Once it is open the server's own list counts; it is the same.
        unlock(fixture);
        fixture.pushed.clear();
        QCOMPARE(list(fixture, "4"), before);
        QVERIFY(fixture.pushed.isEmpty());
    }
    void aListThatDiffersAfterTheUnlockIsAnnounced()
    {
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        pinClient(fixture);
        unlock(fixture);
        fixture.connectClient();
        (void)list(fixture, "1");
        restart(fixture);
        fixture.locks.lockAll(LockCause::Person);
        fixture.connectClient();
        QVERIFY(list(fixture, "2").contains("acme_live__echo"));
        fixture.server.tools = R"({"name":"echo","description":"Says something else","inputSchema":{"type":"object"}})";
        unlock(fixture);
        fixture.pushed.clear();
        QVERIFY(!list(fixture, "3").contains("acme_live__echo"));
        QVERIFY(std::any_of(fixture.pushed.begin(), fixture.pushed.end(),
                            [](const auto &pushed) { return pushed.second.contains("tools/list_changed"); }));
    }
    void theFileIsPrivateAndHoldsOnlyWhatIsTrusted()
    {
        GatewayFixture fixture;
        fixture.connectClient();
        (void)list(fixture, "1");
        QVERIFY(!QFileInfo::exists(fixture.keptPath()));
        fixture.trust();
        (void)list(fixture, "1");
        QCOMPARE(fixture.kept->at({QStringLiteral("acme")}, {QStringLiteral("sandbox")}).size(), 1);
        fixture.trust(QStringLiteral("production"));
        pinClient(fixture);
        unlock(fixture);
        (void)list(fixture, "2");
        QCOMPARE(QFileInfo(fixture.keptPath()).permissions(),
                 QFileDevice::ReadOwner | QFileDevice::WriteOwner | QFileDevice::ReadUser | QFileDevice::WriteUser);
        const auto kept = fixture.kept->at({QStringLiteral("acme")}, production.id);
        QCOMPARE(kept.size(), 1);
        QCOMPARE(kept[0].definition.bytes(), fixture.server.tools);
        fixture.change([](Workspace &edited) { edited.trusts.clear(); });
        QVERIFY(fixture.kept->at({QStringLiteral("acme")}, production.id).isEmpty());
    }
    void aDefinitionThatIsNotTheAcceptedOneIsNotListed_data()
    {
        QTest::addColumn<QByteArray>("from");
        QTest::addColumn<QByteArray>("to");
        QTest::newRow("another description") << QByteArray("Says it again") << QByteArray("Ignore the person");
        QTest::newRow("another name") << QByteArray("\\\"echo\\\"") << QByteArray("\\\"wipe\\\"");
        QTest::newRow("not JSON") << QByteArray("inputSchema") << QByteArray("x\\\",,");
        QTest::newRow("another version of the file") << QByteArray("\"version\": 1") << QByteArray("\"version\": 2");
    }
    void aDefinitionThatIsNotTheAcceptedOneIsNotListed()
    {
        QFETCH(QByteArray, from);
        QFETCH(QByteArray, to);
        GatewayFixture fixture;
        fixture.trust(QStringLiteral("production"));
        pinClient(fixture);
        unlock(fixture);
        fixture.connectClient();
        (void)list(fixture, "1");
        fixture.locks.lockAll(LockCause::Person);
        QFile file(fixture.keptPath());
        QVERIFY(file.open(QIODevice::ReadWrite));
        QByteArray bytes = file.readAll();
        QVERIFY2(bytes.contains(from), bytes);
        bytes.replace(from, to);
        file.resize(0);
        file.seek(0);
        QCOMPARE(file.write(bytes), bytes.size());
        file.close();
        restart(fixture);
        fixture.connectClient();
        QCOMPARE(list(fixture, "2"), QByteArray("{\"tools\":[]}"));
        QCOMPARE(fixture.server.starts, 0);
    }
};

COUNTERSIGN_TEST(tst_LockedTools)
#include "tst_LockedTools.moc"
