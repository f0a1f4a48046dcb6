// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GatewayFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

// A server that ended is started again after a while.
bool comes(GatewayFixture &fixture, const QByteArray &id)
{
    return QTest::qWaitFor([&] {
        fixture.clock.advance(std::chrono::seconds(1));
        return fixture.answers.contains(id);
    });
}

const Scope direct{ConnectionId{QStringLiteral("acme")}, EnvironmentId{QStringLiteral("sandbox")}};

// A second client of the same server.
struct Other : SessionOutput {
    explicit Other(GatewayFixture &fixture)
    {
        session = std::move(*fixture.gateway->open({QStringLiteral("cursor")}, {}, direct, *this));
        send(
            "{\"jsonrpc\":\"2.0\",\"id\":0,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\",\"capabilities\":{}}}");
        [&] { QTRY_VERIFY(answers.contains("0")); }();
        send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}");
    }
    void send(const QByteArray &message) { session->receive(RawJson(message)); }
    void answer(const QByteArray &request, const QByteArray &message) override { answers.insert(request, message); }
    void push(const QByteArray &, const QByteArray &message) override { pushed.append(message); }
    QHash<QByteArray, QByteArray> answers;
    QList<QByteArray> pushed;
    std::unique_ptr<ClientSession> session;
};

QByteArray request(const QByteArray &id, const QByteArray &method, const QByteArray &params)
{
    return "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"method\":\"" + method + "\",\"params\":" + params + '}';
}

int heard(const FakeServer &server, const char *method)
{
    return int(std::count_if(server.received.begin(), server.received.end(),
                             [&](const QByteArray &message) { return message.contains(QByteArray("\"") + method + '"'); }));
}

const QByteArray uri = "{\"uri\":\"test://a\"}";
const QByteArray updated = "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"test://a\"}}";

} // namespace

class tst_Relay : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void oneClientsUnsubscribeLeavesTheOthersSubscription()
    {
        GatewayFixture fixture;
        fixture.connectClient(direct);
        Other other(fixture);
        fixture.send(request("1", "resources/subscribe", uri));
        QTRY_VERIFY(fixture.answers.contains("1"));
        other.send(request("1", "resources/subscribe", uri));
        QTRY_VERIFY(other.answers.contains("1"));
        QCOMPARE(heard(fixture.server, "resources/subscribe"), 1);
        fixture.send(request("2", "resources/unsubscribe", uri));
        fixture.send(request("3", "resources/unsubscribe", uri)); // again: counted once
        QTRY_VERIFY(fixture.answers.contains("3"));
        QCOMPARE(heard(fixture.server, "resources/unsubscribe"), 0);
        fixture.server.say(updated);
        QTRY_COMPARE(other.pushed.size(), 1);
        QVERIFY(fixture.pushed.isEmpty());
        other.session.reset();
        QTRY_COMPARE(heard(fixture.server, "resources/unsubscribe"), 1);
    }

    void aServerThatBeganAnewIsSubscribedToAgain()
    {
        GatewayFixture fixture;
        fixture.connectClient(direct);
        fixture.send(request("1", "resources/subscribe", uri));
        QTRY_VERIFY(fixture.answers.contains("1"));
        fixture.server.dropLink();
        fixture.send(request("2", "resources/list", "{}"));
        QVERIFY(comes(fixture, "2"));
        QTRY_COMPARE(heard(fixture.server, "resources/subscribe"), 2);
        QCOMPARE(fixture.server.starts, 2);
    }

    void whatOnlyReadsIsAskedAgainWhenTheServerLostTheSession()
    {
        GatewayFixture fixture;
        fixture.server.losesNext = "resources/read";
        fixture.connectClient(direct);
        fixture.send(request("1", "resources/read", uri));
        QVERIFY(comes(fixture, "1"));
        QVERIFY2(fixture.answers["1"].contains("\"result\""), fixture.answers["1"].constData());
        QCOMPARE(heard(fixture.server, "resources/read"), 2);
        QCOMPARE(fixture.answerCount["1"], 1);
    }

    void aServerThatAlwaysLosesTheSessionIsAskedTwiceAndNotMore()
    {
        GatewayFixture fixture;
        fixture.server.losesNext = "resources/read";
        fixture.server.losesAlways = true;
        fixture.connectClient(direct);
        fixture.send(request("1", "resources/read", uri));
        QVERIFY(comes(fixture, "1"));
        QVERIFY(fixture.answers["1"].contains("\"error\""));
        QCOMPARE(heard(fixture.server, "resources/read"), 2);
    }

    void aCallIsNeverMadeAgain()
    {
        GatewayFixture fixture;
        fixture.trust();
        fixture.addRule(Effect::Allow);
        fixture.server.losesNext = "tools/call";
        fixture.connectClient(direct);
        fixture.call("1", "{}", "echo");
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(heard(fixture.server, "tools/call"), 1);
        QVERIFY2(fixture.resultText("1").contains("\"isError\":true"), fixture.answers["1"].constData());
    }

    void eachClientHearsOnlyTheLogMessagesItWants()
    {
        GatewayFixture fixture;
        fixture.connectClient(direct);
        Other other(fixture);
        const auto say = [&](const char *level) {
            fixture.server.say("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"level\":\"" + QByteArray(level)
                               + "\",\"data\":\"x\"}}");
        };
        fixture.send(request("1", "logging/setLevel", "{\"level\":\"warning\"}"));
        other.send(request("1", "logging/setLevel", "{\"level\":\"debug\"}"));
        QTRY_VERIFY(fixture.answers.contains("1") && other.answers.contains("1"));
        fixture.send(request("2", "logging/setLevel", "{\"level\":\"error\"}"));
        QTRY_VERIFY(fixture.answers.contains("2"));
        QCOMPARE(heard(fixture.server, "logging/setLevel"), 2); // never less than another client wants
        say("info");
        say("critical");
        QTRY_COMPARE(other.pushed.size(), 2);
        QCOMPARE(fixture.pushed.size(), 1);
        QVERIFY(fixture.pushed[0].second.contains("critical"));
        fixture.send(request("3", "logging/setLevel", "{\"level\":\"loud\"}"));
        QTRY_VERIFY(fixture.answers["3"].contains("-32602"));
    }
};

COUNTERSIGN_TEST(tst_Relay)
#include "tst_Relay.moc"
