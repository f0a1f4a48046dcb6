// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GatewayFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

// "acme" is Stripe, with a key in sandbox; echo is trusted.
class StripeFixture : public GatewayFixture
{
public:
    StripeFixture()
    {
        trust();
        change([this](Workspace &edited) {
            edited.connections[0].vendor = text("stripe");
            std::get<HttpTarget>(edited.connections[0].target).auth.kind = HttpAuth::Kind::Bearer;
            edited.keys.append(key("key-1"));
        });
    }
    static KeyRecord key(const char *id)
    {
        KeyRecord key;
        key.id = {text(id)};
        key.connection = {text("acme")};
        key.environment = {text("sandbox")};
        key.destination = text("https://sandbox.example.com:443");
        key.prefix = text("rk_test_");
        key.lastFour = text("1234");
        key.store = text("keychain");
        return key;
    }
    void changeKey(const std::function<void(KeyRecord &)> &edit)
    {
        change([&edit](Workspace &edited) { edit(edited.keys[0]); });
    }
    Approval waiting(const QByteArray &id)
    {
        call(id);
        [&] { QTRY_COMPARE(approvals->pending().size(), 1); }();
        return approvals->pending().first();
    }
    // Every sentence of the log.
    QStringList logged() const
    {
        QStringList titles;
        const auto reader = LogReader::open(logPath());
        if (const auto rows = reader ? (*reader)->rowsAfter(0, 1000) : failure(reader.error()))
            for (const LogEntry &row : *rows)
                titles.append(row.title);
        return titles;
    }
};

} // namespace

// Slot, key, arguments and answer must name one environment: what happens in the life of a call when they do not.
class tst_EnvironmentSources : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void argumentsForAnotherEnvironmentAreRefusedBeforeAnybodyIsAsked()
    {
        StripeFixture fixture;
        fixture.connectClient();
        fixture.call("1", "{\"livemode\":true}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("livemode true, which is real data"), fixture.answers["1"].constData());
        QVERIFY(fixture.resultText("1").contains("\"isError\":true"));
        QVERIFY(fixture.approvals->pending().isEmpty());
        QVERIFY(fixture.server.calls.empty());
        QTRY_VERIFY(fixture.logged().join(QLatin1Char('\n')).contains(text("which is real data")));
    }
    void argumentsThatAgreeAreAskedFor()
    {
        StripeFixture fixture;
        fixture.connectClient();
        fixture.call("1", "{\"livemode\":false}");
        QTRY_COMPARE(fixture.approvals->pending().size(), 1);
        QCOMPARE(fixture.approvals->pending().first().call->key, KeyId{text("key-1")});
        QVERIFY(fixture.allow(fixture.approvals->pending().first()));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }
    void noRuleLowersIt()
    {
        StripeFixture fixture;
        fixture.addRule(Effect::Allow);
        fixture.connectClient();
        fixture.call("1", "{\"livemode\":true}");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.resultText("1").contains("\"isError\":true"));
        QVERIFY(fixture.server.calls.empty());
    }
    void aKeySetMeanwhileVoidsTheCard()
    {
        StripeFixture fixture;
        fixture.connectClient();
        const Approval approval = fixture.waiting("1");
        fixture.change([](Workspace &edited) { edited.keys = {StripeFixture::key("key-2")}; });
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QVERIFY(!fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("the key of acme was changed meanwhile"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void aKeyOfItsOwnThatAClientGetsMeanwhileVoidsTheCard()
    {
        StripeFixture fixture;
        fixture.connectClient();
        fixture.waiting("1");
        fixture.change([](Workspace &edited) {
            KeyRecord own = StripeFixture::key("key-own");
            own.client = ClientId{text("cursor")};
            edited.keys.append(own);
        });
        QTRY_VERIFY(fixture.approvals->pending().isEmpty());
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.server.calls.empty());
    }
    void aKeyThatEndsWhileAPersonDecidesIsNotSent()
    {
        StripeFixture fixture;
        fixture.changeKey([&](KeyRecord &key) { key.expires = fixture.clock.wall() + std::chrono::minutes(1); });
        fixture.connectClient();
        const Approval approval = fixture.waiting("1");
        fixture.clock.advance(std::chrono::minutes(2));
        QVERIFY(fixture.allow(approval));
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("ended by itself at"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
    }
    void aKeyForAnotherEnvironmentIsNotSent()
    {
        StripeFixture fixture;
        fixture.changeKey([](KeyRecord &key) { key.prefix = text("rk_live_"); });
        fixture.connectClient();
        fixture.call("1");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("begins with rk_live_"), fixture.answers["1"].constData());
        QVERIFY(fixture.server.calls.empty());
        QCOMPARE(fixture.server.starts, 0);
    }
    void anAnswerFromAnotherEnvironmentStopsTheConnectionThere()
    {
        StripeFixture fixture;
        fixture.server.result = "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"id\\\":\\\"re_1\\\",\\\"livemode\\\":true}\"}]}";
        fixture.connectClient();
        QVERIFY(fixture.allow(fixture.waiting("1")));
        fixture.call("2");
        // The answer is what happened, and the client gets it as it is.
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.resultText("1"), fixture.server.result);
        // What waits is void, and what comes is refused, also by a rule.
        QTRY_VERIFY(fixture.answers.contains("2"));
        QVERIFY2(fixture.resultText("2").contains("Stripe answered livemode true to a sandbox call."), fixture.answers["2"].constData());
        fixture.addRule(Effect::Allow);
        fixture.call("3");
        QTRY_VERIFY(fixture.answers.contains("3"));
        QVERIFY(fixture.resultText("3").contains("acme is stopped"));
        QCOMPARE(fixture.server.calls.size(), size_t(1));
        // It is kept, and on the log; one alarm, however often it is so.
        const auto reopened = WorkspaceFile::open(fixture.folder.filePath(text("workspace.json")));
        QVERIFY(reopened);
        QCOMPARE((*reopened)->current().alarms.size(), 1);
        QTRY_COMPARE(fixture.logged().filter(text("Stopped acme in sandbox: Stripe answered livemode true")).size(), 1);
        // Other environments of the connection are not concerned.
        QVERIFY(!findAlarm(fixture.workspace->current(), {text("acme")}, {text("production")}));
        // A person looked at it.
        fixture.change([](Workspace &edited) { edited.alarms.clear(); });
        fixture.server.result = "{\"content\":[]}";
        fixture.call("4");
        QTRY_VERIFY(fixture.answers.contains("4"));
        QCOMPARE(fixture.server.calls.size(), size_t(2));
    }
};

COUNTERSIGN_TEST(tst_EnvironmentSources)
#include "tst_EnvironmentSources.moc"
