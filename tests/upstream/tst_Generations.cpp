// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/FakeTransport.h"
#include "support/Runner.h"
#include "upstream/Peers.h"

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

const QByteArray discovered = "{\"resultType\":\"complete\",\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":{\"tools\":{}},"
                              "\"instructions\":\"Be quick.\",\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{\"name\":\"new\"}}}";
const QByteArray initialized = "{\"protocolVersion\":\"2025-06-18\",\"capabilities\":{},\"serverInfo\":{\"name\":\"old\"}}";

} // namespace

// How a server is found to speak one generation or the other.
class tst_Generations : public QObject
{
    Q_OBJECT

    FakeClock clock;
    std::unique_ptr<Upstream> upstream;
    FakeTransport *transport = nullptr;
    std::optional<Result<>> ready;

    // A server that says nothing by itself.
    void start(Generation known = Generation::Unknown, Generation wanted = Generation::Stateless)
    {
        auto fake = std::make_unique<FakeTransport>(FakeTransport::Initialize::Silent);
        transport = fake.get();
        transport->discovers = FakeTransport::Discover::Silent;
        ready.reset();
        upstream = std::make_unique<Upstream>(std::move(fake), clock,
                                              ServedClient(QByteArrayLiteral("{\"roots\":{\"listChanged\":true}}"), wanted));
        upstream->start(Completion<>(upstream.get(), [this](Result<> result) { ready = result; }), known);
        QCoreApplication::sendPostedEvents();
    }
    void answer(const QByteArray &result)
    {
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transport->lastRequest) + ",\"result\":" + result + '}');
    }
    void refuse(const QByteArray &error)
    {
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transport->lastRequest) + ",\"error\":" + error + '}');
    }
    bool asks(const char *method) const { return transport->sent.last().contains("\"method\":\"" + QByteArray(method) + '"'); }

private Q_SLOTS:
    void theFirstQuestionIsOneThatOnlyStatelessServersKnow()
    {
        start();
        QCOMPARE(transport->sent.size(), 1);
        QCOMPARE(transport->sent[0],
                 QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\",\"params\":{\"_meta\":{"
                            "\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\",\"io.modelcontextprotocol/clientInfo\":"
                            "{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"")
                     + COUNTERSIGN_VERSION + "\"},\"io.modelcontextprotocol/clientCapabilities\":{\"roots\":{}}}}}");
        QCOMPARE(transport->lastFields, (QByteArrayList{"MCP-Protocol-Version: 2026-07-28", "Mcp-Method: server/discover"}));
        answer(discovered);
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Stateless);
        QCOMPARE(upstream->protocolVersion(), QStringLiteral("2026-07-28"));
        QCOMPARE(upstream->serverInfo().bytes(), QByteArray("{\"name\":\"new\"}"));
        QCOMPARE(upstream->serverCapabilities().bytes(), QByteArray("{\"tools\":{}}"));
        QCOMPARE(upstream->instructions(), QStringLiteral("Be quick."));
        QCOMPARE(transport->sent.size(), 1); // nothing is said about being ready
    }
    void everythingElseMeansSessions_data()
    {
        QTest::addColumn<QByteArray>("answer");
        const auto row = [](const char *name, const char *text) { QTest::newRow(name) << QByteArray(text); };
        row("unknown method", "\"error\":{\"code\":-32601,\"message\":\"m\"}");
        row("not initialized", "\"error\":{\"code\":-32000,\"message\":\"Bad Request: Server not initialized\"}");
        row("any error", "\"error\":{\"code\":5,\"message\":\"m\"}");
        row("other versions only", "\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2025-11-25\"]}}");
        row("empty result", "\"result\":{}");
        row("text", "\"result\":\"hello\"");
        row("other versions", "\"result\":{\"supportedVersions\":[\"2025-11-25\"]}");
    }
    void everythingElseMeansSessions()
    {
        QFETCH(QByteArray, answer);
        start();
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":1," + answer + '}');
        QVERIFY(asks("initialize"));
        this->answer(initialized);
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Sessions);
        QCOMPARE(upstream->protocolVersion(), QStringLiteral("2025-06-18"));
        QCOMPARE(transport->negotiatedVersion, QStringLiteral("2025-06-18"));
    }
    void aServerForAClientWithSessionsIsAskedForOneFirst()
    {
        start(Generation::Unknown, Generation::Sessions);
        QCOMPARE(transport->sent.size(), 1);
        QVERIFY(asks("initialize"));
        answer(initialized);
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Sessions);
    }
    void oneThatHasNoSessionsIsSpokenToWithoutThem()
    {
        start(Generation::Unknown, Generation::Sessions);
        refuse("{\"code\":-32022,\"message\":\"no\",\"data\":{\"supported\":[\"2026-07-28\"]}}");
        QVERIFY(asks("server/discover"));
        answer(discovered);
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Stateless);
    }
    void oneThatIsNeitherFailsWithTheFirstRefusal()
    {
        start(Generation::Unknown, Generation::Sessions);
        refuse("{\"code\":-32000,\"message\":\"closed for today\"}");
        QVERIFY(asks("server/discover"));
        refuse("{\"code\":-32601,\"message\":\"what?\"}");
        QVERIFY(ready && !*ready);
        QVERIFY2(ready->error().message.contains(QStringLiteral("closed for today")), qPrintable(ready->error().message));
        QCOMPARE(transport->sent.size(), 2);
    }
    void aRefusedProbeMeansSessions()
    {
        start();
        Q_EMIT transport->failed(1, Error{Error::Kind::UpstreamFailed, QStringLiteral("status 404")});
        QVERIFY(asks("initialize"));
    }
    void aMissingKeyIsNotAProbesAnswer()
    {
        start();
        Q_EMIT transport->failed(1, Error{Error::Kind::SecretUnavailable, QStringLiteral("no key")});
        QVERIFY(ready && !*ready);
        QCOMPARE(ready->error().kind, Error::Kind::SecretUnavailable);
    }
    void theSameVersionRefusedIsOfferedAgainButNotForEver()
    {
        start();
        const QByteArray error = "{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2026-07-28\"]}}";
        refuse(error);
        QCOMPARE(transport->sent.size(), 2);
        QVERIFY(asks("server/discover"));
        answer(discovered);
        QCOMPARE(upstream->generation(), Generation::Stateless);
        start();
        for (int i = 0; i < 3; ++i)
            refuse(error);
        QVERIFY(ready && !*ready);
        QCOMPARE(transport->sent.size(), 3);
    }
    void aSilentServerIsAskedBoth()
    {
        start();
        clock.advance(5s);
        QVERIFY(asks("initialize"));
        QCOMPARE(transport->starts, 1);
        answer(initialized);
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Sessions);
        QVERIFY(upstream->isIdle());
        // A slow one of the other kind answers the first question after all.
        start();
        clock.advance(5s);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":1,\"result\":" + discovered + '}');
        QVERIFY(ready && *ready);
        QCOMPARE(upstream->generation(), Generation::Stateless);
        QVERIFY(upstream->isIdle());
        refuse("{\"code\":-32601,\"message\":\"m\"}"); // to initialize, late
        QVERIFY(upstream->isReady());
    }
    void aProgramThatTookTheProbeBadlyBeginsAgain_data()
    {
        QTest::addColumn<bool>("ends");
        QTest::newRow("ends") << true;
        QTest::newRow("refuses initialize") << false;
    }
    void aProgramThatTookTheProbeBadlyBeginsAgain()
    {
        QFETCH(bool, ends);
        start();
        if (ends) {
            Q_EMIT transport->closed(Error{Error::Kind::UpstreamFailed, QStringLiteral("it ended")});
        } else {
            refuse("{\"code\":-32601,\"message\":\"m\"}");
            refuse("{\"code\":-32600,\"message\":\"Server already initialized\"}");
        }
        QVERIFY(!ready);
        QCOMPARE(transport->starts, 2);
        QCoreApplication::sendPostedEvents();
        QVERIFY(asks("initialize"));
        answer(initialized);
        QVERIFY(ready && *ready);
    }
    void anHttpServerIsNotBegunAgain()
    {
        start();
        transport->http = true;
        refuse("{\"code\":-32601,\"message\":\"m\"}");
        refuse("{\"code\":-32600,\"message\":\"no\"}");
        QVERIFY(ready && !*ready);
        QCOMPARE(transport->starts, 1);
    }
    void whatIsKnownIsNotAskedAgain()
    {
        start(Generation::Sessions);
        QVERIFY(asks("initialize"));
        QCOMPARE(transport->sent.size(), 1);
        start(Generation::Stateless); // but what it says of itself may have changed, also its generation
        QVERIFY(asks("server/discover"));
        refuse("{\"code\":-32601,\"message\":\"m\"}");
        QVERIFY(asks("initialize"));
    }
    void whatWaitedLeavesInTheGenerationThatWasFound()
    {
        start();
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\",\"arguments\":{ \"a\":1.0}}", outcome);
        QCOMPARE(transport->sent.size(), 1);
        answer(discovered);
        QCOMPARE(transport->sent.size(), 2);
        QVERIFY(transport->sent[1].contains("\"arguments\":{ \"a\":1.0},\"_meta\":{\"io.modelcontextprotocol/protocolVersion\""));
    }
};

COUNTERSIGN_TEST(tst_Generations)
#include "tst_Generations.moc"
