// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/FakeTransport.h"
#include "support/Runner.h"
#include "upstream/Peers.h"

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

const QByteArray asked = "{\"resultType\":\"input_required\",\"inputRequests\":{\"who\":{\"method\":\"elicitation/create\",\"params\":"
                         "{\"message\":\"Who?\"}}},\"requestState\":\"s\\u0031\"}";

RawJson json(const QByteArray &text)
{
    return RawJson(text);
}

} // namespace

// A server of 2026-07-28 in the shape of one with sessions.
class tst_StatelessUpstream : public QObject
{
    Q_OBJECT

    FakeClock clock;
    std::unique_ptr<Upstream> upstream;
    FakeTransport *transport = nullptr;
    QList<UpstreamMessage> unsolicited;

    void start(const QByteArray &capabilities = "{}", bool http = true)
    {
        auto fake = std::make_unique<FakeTransport>();
        transport = fake.get();
        transport->http = http;
        transport->discovered = "{\"supportedVersions\":[\"2026-07-28\"],\"capabilities\":" + capabilities + '}';
        unsolicited.clear();
        upstream = std::make_unique<Upstream>(std::move(fake), clock, QByteArrayLiteral("{\"elicitation\":{}}"));
        upstream->start(Completion<>(upstream.get(), [](Result<>) {}), Generation::Stateless);
        QCoreApplication::sendPostedEvents();
        connect(upstream.get(), &Upstream::unsolicited, this, [this](const UpstreamMessage &message) { unsolicited += message; });
        QVERIFY(upstream->isReady());
        QCoreApplication::sendPostedEvents();
    }
    void answer(const QByteArray &result) { answer(transport->lastRequest, result); }
    void answer(qint64 id, const QByteArray &result)
    {
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(id) + ",\"result\":" + result + '}', id);
    }
    qsizetype count(const char *text) const
    {
        return std::count_if(transport->sent.begin(), transport->sent.end(), [&](const QByteArray &sent) { return sent.contains(text); });
    }
    RawJson lastParams() const { return memberOf(json(transport->sent.last()), "params"); }
    void notify(const QByteArray &method, const QByteArray &params, qint64 related = 0)
    {
        transport->say("{\"jsonrpc\":\"2.0\",\"method\":\"" + method + "\",\"params\":" + params + '}', related);
    }

private Q_SLOTS:
    void init() { start(); }

    void aCallSaysInItsHeadWhatItIs()
    {
        auto call = std::make_shared<ToolCall>();
        call->tool = QStringLiteral("re\u00e4d");
        call->params = json("{\"name\":\"x\",\"arguments\":{},\"requestState\":\"from the client\",\"inputResponses\":{\"who\":{}}}");
        call->arguments = json("{\"region\":\"\",\"n\":7}");
        call->toolDefinition = json("{\"inputSchema\":{\"properties\":{\"region\":{\"type\":\"string\",\"x-mcp-header\":\"Region\"},"
                                    "\"n\":{\"type\":\"integer\",\"x-mcp-header\":\"N\"}}}}");
        upstream->call(ActivityLog::approve(call), {}, {});
        QCOMPARE(transport->lastFields, (QByteArrayList{"MCP-Protocol-Version: 2026-07-28", "Mcp-Method: tools/call",
                                                        "Mcp-Name: =?base64?cmXDpGQ=?=", "Mcp-Param-Region: ", "Mcp-Param-N: 7"}));
        QVERIFY(memberOf(lastParams(), "requestState").isEmpty());
        QVERIFY(memberOf(lastParams(), "inputResponses").isEmpty());
        QCOMPARE(memberOf(lastParams(), "arguments").bytes(), QByteArray("{\"region\":\"\",\"n\":7}"));
    }
    void aProgramGetsNoHead()
    {
        start("{}", false);
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        QVERIFY(transport->lastFields.isEmpty());
    }
    void resultsKeepTheirBytes()
    {
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        const QByteArray result = "{ \"resultType\":\"complete\", \"content\":[],\"ttlMs\":5,\"_meta\":{\"x\":1.0}}";
        answer(result);
        QCOMPARE(outcome.result(), result);
    }
    void aQuestionIsARequestOfTheServerAndItsAnswerGoesOn()
    {
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "t", "{\"name\":\"t\",\"arguments\":{ },\"_meta\":{\"progressToken\":\"p\"}}", outcome);
        answer(handle, asked);
        QVERIFY(!outcome.answer);
        QCOMPARE(outcome.relayed.size(), 1);
        QCOMPARE(outcome.relayed[0].kind, UpstreamMessage::Kind::Request);
        QCOMPARE(outcome.relayed[0].method, QStringLiteral("elicitation/create"));
        QCOMPARE(outcome.relayed[0].params.bytes(), QByteArray("{\"message\":\"Who?\"}"));
        QCOMPARE(count("tools/call"), 1);
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"accept\",\"content\":{\"n\":1.0}}"), {});
        QCOMPARE(count("tools/call"), 2);
        QVERIFY(transport->lastRequest != handle);
        QCOMPARE(memberOf(lastParams(), "inputResponses").bytes(), QByteArray("{\"who\":{\"action\":\"accept\",\"content\":{\"n\":1.0}}}"));
        QCOMPARE(memberOf(lastParams(), "requestState").bytes(), QByteArray("\"s\\u0031\""));
        QCOMPARE(memberOf(lastParams(), "arguments").bytes(), QByteArray("{ }"));
        // Its answer once more, and the answer to the first round, are nobody's.
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"cancel\"}"), {});
        answer(handle, "{\"content\":[]}");
        QVERIFY(!outcome.answer);
        QCOMPARE(count("tools/call"), 2);
        notify("notifications/progress", "{\"progressToken\":" + QByteArray::number(handle) + ",\"progress\":1}", transport->lastRequest);
        QCOMPARE(memberOf(outcome.relayed[1].params, "progressToken").bytes(), QByteArray("\"p\""));
        notify("notifications/message", "{\"level\":\"info\"}", transport->lastRequest);
        QCOMPARE(outcome.relayed.size(), 3);
        answer("{\"resultType\":\"complete\"}");
        QCOMPARE(outcome.result(), QByteArray("{\"resultType\":\"complete\"}"));
        QCOMPARE(outcome.answers, 1);
        QVERIFY(upstream->isIdle());
    }
    void aStateThatIsNotGivenAgainIsNotSentAgain()
    {
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        answer(asked);
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"decline\"}"), {});
        answer("{\"resultType\":\"input_required\",\"inputRequests\":{\"b\":{\"method\":\"elicitation/create\"},"
               "\"c\":{\"method\":\"elicitation/create\",\"params\":{\"mode\":\"url\",\"url\":\"https://x\"}}}}");
        QCOMPARE(outcome.relayed.size(), 3);
        QVERIFY(!memberOf(outcome.relayed[2].params, "elicitationId").isEmpty());
        upstream->respond(outcome.relayed[2].id, json("{\"action\":\"accept\"}"), {});
        QCOMPARE(count("tools/call"), 2);
        upstream->respond(outcome.relayed[1].id, {}, json("{\"code\":-1,\"message\":\"no\"}")); // there is no place for errors
        QCOMPARE(count("tools/call"), 3);
        QCOMPARE(memberOf(lastParams(), "inputResponses").bytes(),
                 QByteArray("{\"b\":{\"action\":\"cancel\"},\"c\":{\"action\":\"accept\"}}"));
        QVERIFY(memberOf(lastParams(), "requestState").isEmpty());
    }
    void aCallWhoseQuestionCannotBeAnsweredEnds()
    {
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        answer("{\"resultType\":\"input_required\",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}");
        upstream->respond(outcome.relayed[0].id, {}, json("{\"code\":-32601,\"message\":\"no\"}"));
        QVERIFY(outcome.text().contains("roots/list"));
        QCOMPARE(memberOf(json(outcome.result()), "isError").bytes(), QByteArray("true"));
        QCOMPARE(count("tools/call"), 1);
    }
    void aServerThatOnlyWantsToBeAskedAgainIsButNotForEver()
    {
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        for (int i = 0; i < 16; ++i) {
            answer("{\"resultType\":\"input_required\",\"requestState\":\"s\"}");
            QCOMPARE(count("tools/call"), i + 1);
            clock.advance(10s);
            QCOMPARE(count("tools/call"), i + 2);
        }
        answer("{\"resultType\":\"input_required\",\"requestState\":\"s\"}");
        QVERIFY(outcome.isError(Error::Kind::UpstreamFailed));
        clock.advance(60s);
        QCOMPARE(count("tools/call"), 17);
    }
    void questionsWhereNoneMayBeAreAnError()
    {
        Outcome outcome;
        ask(*upstream, "tools/list", outcome);
        answer(asked);
        QVERIFY(outcome.isError(Error::Kind::UpstreamFailed));
    }
    void aCancelledCallIsNotGoneOnWith()
    {
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        answer(asked);
        upstream->cancel(handle, QStringLiteral("r"));
        QVERIFY(outcome.isError(Error::Kind::Cancelled));
        QVERIFY(transport->abandoned.isEmpty()); // nothing was under way
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"decline\"}"), {});
        QCOMPARE(count("tools/call"), 1);
    }
    void cancellingEndsTheConnectionOrTellsTheProgram_data()
    {
        QTest::addColumn<bool>("http");
        QTest::newRow("http") << true;
        QTest::newRow("program") << false;
    }
    void cancellingEndsTheConnectionOrTellsTheProgram()
    {
        QFETCH(bool, http);
        start("{}", http);
        Outcome outcome;
        const qint64 handle = callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        answer(asked);
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"decline\"}"), {});
        const qint64 second = transport->lastRequest;
        upstream->cancel(handle, QStringLiteral("r"));
        QCOMPARE(transport->abandoned, QList<qint64>{second});
        QCOMPARE(count("notifications/cancelled"), http ? 0 : 1);
        QCOMPARE(count(("\"requestId\":" + QByteArray::number(second)).constData()), http ? 0 : 1);
    }
    void aBrokenRoundIsNotTriedAgain()
    {
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        answer(asked);
        upstream->respond(outcome.relayed[0].id, json("{\"action\":\"decline\"}"), {});
        Q_EMIT transport->failed(transport->lastRequest, Error{Error::Kind::OutcomeUnknown, QStringLiteral("lost")});
        QVERIFY(outcome.isError(Error::Kind::OutcomeUnknown));
        QCOMPARE(count("tools/call"), 2);
    }
    void aServerThatChangedItsVersionIsAskedAnewButTheCallIsNotRepeated()
    {
        bool closed = false;
        connect(upstream.get(), &Upstream::closed, this, [&] { closed = true; });
        Outcome outcome;
        callTool(*upstream, "t", "{\"name\":\"t\"}", outcome);
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transport->lastRequest)
                       + ",\"error\":{\"code\":-32022,\"message\":\"m\",\"data\":{\"supported\":[\"2026-07-28\"]}}}");
        QVERIFY(outcome.isError(Error::Kind::UpstreamFailed));
        QVERIFY(closed);
        QCOMPARE(count("tools/call"), 1);
    }
    void requestsOfTheServerAreNotAnswered()
    {
        const qsizetype before = transport->sent.size();
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"x\",\"method\":\"ping\"}");
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":\"y\",\"method\":\"sampling/createMessage\"}");
        QCOMPARE(transport->sent.size(), before);
        QVERIFY(unsolicited.isEmpty());
    }
    void whatHasNoCounterpartIsAnsweredHere()
    {
        const qsizetype before = transport->sent.size();
        Outcome ping, level, wrong;
        ask(*upstream, "ping", ping);
        upstream->request(QStringLiteral("logging/setLevel"), json("{\"level\":\"error\"}"), {}, into(level));
        upstream->request(QStringLiteral("logging/setLevel"), json("{\"level\":\"loud\"}"), {}, into(wrong));
        TRY_ANSWER(wrong);
        QCOMPARE(ping.result(), QByteArray("{}"));
        QCOMPARE(level.result(), QByteArray("{}"));
        QVERIFY(wrong.isError(Error::Kind::InvalidArgument));
        upstream->notify(QStringLiteral("notifications/roots/list_changed"), {});
        QCOMPARE(transport->sent.size(), before);
    }
    void theLogLevelGoesWithEachRequest()
    {
        start("{\"logging\":{}}");
        const auto levelOfCall = [&](const QByteArray &params) {
            Outcome outcome;
            callTool(*upstream, "t", params, outcome);
            const auto level = logLevelOf(lastParams());
            answer("{}");
            return level;
        };
        QCOMPARE(levelOfCall("{\"name\":\"t\"}"), std::optional(LogLevel::Info));
        Outcome set;
        upstream->request(QStringLiteral("logging/setLevel"), json("{\"level\":\"error\"}"), {}, into(set));
        QCOMPARE(levelOfCall("{\"name\":\"t\"}"), std::optional(LogLevel::Error));
        QCOMPARE(levelOfCall("{\"name\":\"t\",\"_meta\":{\"io.modelcontextprotocol/logLevel\":\"debug\"}}"),
                 std::optional(LogLevel::Debug));
        start();
        QVERIFY(!levelOfCall("{\"name\":\"t\"}")); // a server without logging is not bothered
    }
    void toolsWithInvalidAnnotationsAreLeftOutOverHttp()
    {
        const QByteArray list = "{\"tools\":[{ \"name\":\"a\"},{\"name\":\"b\",\"inputSchema\":{\"properties\":{\"p\":{\"type\":\"number\","
                                "\"x-mcp-header\":\"P\"}}}}],\"ttlMs\":1}";
        Outcome http, program;
        ask(*upstream, "tools/list", http);
        answer(list);
        QCOMPARE(http.result(), QByteArray("{\"tools\":[{ \"name\":\"a\"}],\"ttlMs\":1}"));
        start("{}", false);
        ask(*upstream, "tools/list", program);
        answer(list);
        QCOMPARE(program.result(), list);
    }
    void aResourceThatIsNotThereHasTheCodeOfTheOtherGeneration()
    {
        Outcome outcome;
        upstream->request(QStringLiteral("resources/read"), json("{\"uri\":\"u:x\"}"), {}, into(outcome));
        QCOMPARE(transport->lastFields.last(), QByteArray("Mcp-Name: u:x"));
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transport->lastRequest)
                       + ",\"error\":{\"code\":-32602,\"message\":\"m\",\"data\":{\"uri\":\"u:x\"}}}");
        QVERIFY(outcome.answer && *outcome.answer);
        QCOMPARE((*outcome.answer)->error.bytes(), QByteArray("{\"code\":-32002,\"message\":\"m\",\"data\":{\"uri\":\"u:x\"}}"));
    }

    void whatChangesIsListenedTo()
    {
        start("{\"tools\":{\"listChanged\":true},\"resources\":{\"subscribe\":true}}");
        QCOMPARE(count("subscriptions/listen"), 1);
        QCOMPARE(memberOf(lastParams(), "notifications").bytes(), QByteArray("{\"toolsListChanged\":true}"));
        QVERIFY(upstream->isIdle());
        const qint64 first = transport->lastRequest;
        const auto acknowledge = [this](qint64 id) {
            notify("notifications/subscriptions/acknowledged",
                   "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":" + QByteArray::number(id) + "}}", id);
        };
        acknowledge(first);
        notify("notifications/tools/list_changed", "{}", first);
        QCOMPARE(unsolicited.size(), 1);
        // More is wanted: another one, and the first ends when that is in place.
        Outcome subscribed, again;
        upstream->request(QStringLiteral("resources/subscribe"), json("{\"uri\":\"u:x\"}"), {}, into(subscribed));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(memberOf(lastParams(), "notifications").bytes(),
                 QByteArray("{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"u:x\"]}"));
        const qint64 second = transport->lastRequest;
        QVERIFY(transport->abandoned.isEmpty() && !subscribed.answer);
        acknowledge(second);
        QCOMPARE(transport->abandoned, QList<qint64>{first});
        QCOMPARE(subscribed.result(), QByteArray("{}"));
        notify("notifications/resources/updated", "{\"uri\":\"u:x\"}", second);
        QCOMPARE(unsolicited.size(), 2);
        // Counted: a second subscriber changes nothing on the wire.
        upstream->request(QStringLiteral("resources/subscribe"), json("{\"uri\":\"u:x\"}"), {}, into(again));
        TRY_ANSWER(again);
        Outcome less;
        upstream->request(QStringLiteral("resources/unsubscribe"), json("{\"uri\":\"u:x\"}"), {}, into(less));
        TRY_ANSWER(less);
        QCOMPARE(count("subscriptions/listen"), 2);
        upstream->request(QStringLiteral("resources/unsubscribe"), json("{\"uri\":\"u:x\"}"), {}, into(less));
        QCoreApplication::sendPostedEvents();
        QCOMPARE(count("subscriptions/listen"), 3);
    }
    void aBrokenSubscriptionIsMadeAgainAndTheGapIsTold()
    {
        start("{\"tools\":{\"listChanged\":true}}");
        const auto acknowledge = [this] {
            notify("notifications/subscriptions/acknowledged",
                   "{\"_meta\":{\"io.modelcontextprotocol/subscriptionId\":\"" + QByteArray::number(transport->lastRequest) + "\"}}");
        };
        acknowledge();
        Q_EMIT transport->failed(transport->lastRequest, Error{Error::Kind::OutcomeUnknown, QStringLiteral("lost")});
        QCOMPARE(count("subscriptions/listen"), 1);
        clock.advance(1s);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(count("subscriptions/listen"), 2);
        QVERIFY(unsolicited.isEmpty());
        acknowledge();
        QCOMPARE(unsolicited.size(), 1);
        QCOMPARE(unsolicited[0].method, QStringLiteral("notifications/tools/list_changed"));
    }
    void aServerWithoutSubscriptionsIsNotAskedAgain()
    {
        start("{\"tools\":{\"listChanged\":true}}");
        transport->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transport->lastRequest)
                       + ",\"error\":{\"code\":-32601,\"message\":\"m\"}}");
        clock.advance(60s);
        QCoreApplication::sendPostedEvents();
        QCOMPARE(count("subscriptions/listen"), 1);
    }
};

COUNTERSIGN_TEST(tst_StatelessUpstream)
#include "tst_StatelessUpstream.moc"
