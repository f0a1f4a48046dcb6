// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/TranslationInput.h"
#include "protocol/TranslationRequest.h"
#include "protocol/TranslationResult.h"
#include "protocol/TranslationSubscriptions.h"
#include "support/Runner.h"
#include <QTest>

using namespace mcpcore;

namespace {

RawJson json(const char *text)
{
    return RawJson(QByteArray(text));
}

} // namespace

class tst_Translation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    // Questions of the server.
    void whatIsNotAskedIsAnAnswer_data()
    {
        QTest::addColumn<QByteArray>("result");
        QTest::newRow("no type") << QByteArray("{\"content\":[]}");
        QTest::newRow("complete") << QByteArray("{\"resultType\":\"complete\",\"content\":[]}");
        QTest::newRow("in the text only") << QByteArray("{\"content\":[{\"type\":\"text\",\"text\":\"input_required\"}]}");
        QTest::newRow("other member") << QByteArray("{\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}}}");
    }
    void whatIsNotAskedIsAnAnswer()
    {
        QFETCH(QByteArray, result);
        const auto input = inputRequiredOf(RawJson(result));
        QVERIFY(input && !*input);
    }
    void questionsKeepTheirBytes()
    {
        const QByteArray bytes = "{\"resultType\":\"input_required\",\"inputRequests\":{\"\\u0061\":{\"method\":\"elicitation/create\","
                                 "\"params\":{ \"x\":1.0}},\"b\":{\"method\":\"roots/list\"}},\"requestState\":\"a\\u0062 \\/\"}";
        const auto input = inputRequiredOf(RawJson(bytes));
        QVERIFY(input && *input);
        QCOMPARE((*input)->requests.size(), size_t(2));
        QCOMPARE((*input)->requests[0].key, QByteArray("\\u0061"));
        QCOMPARE((*input)->requests[0].params.bytes(), QByteArray("{ \"x\":1.0}"));
        QCOMPARE(inputRequiredResult(**input), bytes);
        QCOMPARE(retryParams(json("{\"name\":\"t\",\"arguments\":{ }}"), {{"\\u0061", json("{\"action\":\"cancel\"}")}}, (*input)->state),
                 QByteArray("{\"name\":\"t\",\"arguments\":{ },\"inputResponses\":{\"\\u0061\":{\"action\":\"cancel\"}},"
                            "\"requestState\":\"a\\u0062 \\/\"}"));
    }
    void aStateThatWasNotGivenIsNotSent()
    {
        QCOMPARE(retryParams(json("{\"name\":\"t\",\"requestState\":\"old\"}"), {{"a", json("{}")}}, {}),
                 QByteArray("{\"name\":\"t\",\"inputResponses\":{\"a\":{}}}"));
        QCOMPARE(withoutInput(json("{\"name\":\"t\",\"inputResponses\":{},\"requestState\":\"s\"}")).bytes(),
                 QByteArray("{\"name\":\"t\"}"));
        const auto input = inputRequiredOf(json("{\"resultType\":\"input_required\",\"requestState\":\"s\"}"));
        QVERIFY(input && *input && (*input)->requests.empty());
    }
    void questionsThatCannotBeReadAreRefused_data()
    {
        QTest::addColumn<QByteArray>("members");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("list") << QByteArray(",\"inputRequests\":[]");
        QTest::newRow("no method") << QByteArray(",\"inputRequests\":{\"a\":{}}");
        QTest::newRow("other method") << QByteArray(",\"inputRequests\":{\"a\":{\"method\":\"tools/call\"}}");
        QTest::newRow("params") << QByteArray(",\"inputRequests\":{\"a\":{\"method\":\"roots/list\",\"params\":[]}}");
        QTest::newRow("state") << QByteArray(",\"inputRequests\":{\"a\":{\"method\":\"roots/list\"}},\"requestState\":{}");
    }
    void questionsThatCannotBeReadAreRefused()
    {
        QFETCH(QByteArray, members);
        QVERIFY(!inputRequiredOf(RawJson("{\"resultType\":\"input_required\"" + members + '}')));
    }
    void anElicitationByUrlHasAnIdOnlyWithSessions()
    {
        const InputRequest url{"a", QStringLiteral("elicitation/create"), json("{\"mode\":\"url\",\"url\":\"https://x\"}")};
        const RawJson legacy = inputParamsForLegacy(url, QStringLiteral("id-1"));
        QCOMPARE(legacy.bytes(), QByteArray("{\"mode\":\"url\",\"url\":\"https://x\",\"elicitationId\":\"id-1\"}"));
        QCOMPARE(inputParamsForModern(url.method, legacy).bytes(), url.params.bytes());
        const InputRequest form{"a", QStringLiteral("elicitation/create"), json("{\"message\":\"m\"}")};
        QCOMPARE(inputParamsForLegacy(form, QStringLiteral("x")).bytes(), form.params.bytes());
    }
    void pagesToVisitFirstAreQuestions()
    {
        const auto input = urlElicitationsOf(json("{\"code\":-32042,\"message\":\"m\",\"data\":{\"elicitations\":[{\"mode\":\"url\","
                                                  "\"elicitationId\":\"1\",\"url\":\"https://x\",\"message\":\"Sign\"}]}}"));
        QVERIFY(input);
        QCOMPARE(
            inputRequiredResult(*input),
            QByteArray("{\"resultType\":\"input_required\",\"inputRequests\":{\"page-1\":{\"method\":\"elicitation/create\",\"params\":"
                       "{\"mode\":\"url\",\"url\":\"https://x\",\"message\":\"Sign\"}}}}"));
        QVERIFY(!urlElicitationsOf(json("{\"code\":-32602,\"message\":\"m\"}")));
        QVERIFY(!urlElicitationsOf(json("{\"code\":-32042,\"message\":\"m\"}")));
    }
    void onlyWhatAClientDeclaredIsAsked_data()
    {
        QTest::addColumn<QByteArray>("capabilities");
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("params");
        QTest::addColumn<bool>("declared");
        const QString elicit = QStringLiteral("elicitation/create"), sample = QStringLiteral("sampling/createMessage");
        QTest::newRow("form, old way") << QByteArray("{\"elicitation\":{}}") << elicit << QByteArray("{}") << true;
        QTest::newRow("form") << QByteArray("{\"elicitation\":{\"form\":{}}}") << elicit << QByteArray("{\"mode\":\"form\"}") << true;
        QTest::newRow("url, old way") << QByteArray("{\"elicitation\":{}}") << elicit << QByteArray("{\"mode\":\"url\"}") << false;
        QTest::newRow("url") << QByteArray("{\"elicitation\":{\"url\":{}}}") << elicit << QByteArray("{\"mode\":\"url\"}") << true;
        QTest::newRow("form, url only") << QByteArray("{\"elicitation\":{\"url\":{}}}") << elicit << QByteArray("{}") << false;
        QTest::newRow("no elicitation") << QByteArray("{}") << elicit << QByteArray("{}") << false;
        QTest::newRow("sampling") << QByteArray("{\"sampling\":{}}") << sample << QByteArray("{}") << true;
        QTest::newRow("no sampling") << QByteArray("{\"roots\":{}}") << sample << QByteArray("{}") << false;
        QTest::newRow("roots") << QByteArray("{\"roots\":{}}") << QStringLiteral("roots/list") << QByteArray() << true;
        QTest::newRow("anything else") << QByteArray("{\"roots\":{}}") << QStringLiteral("tools/call") << QByteArray("{}") << false;
    }
    void onlyWhatAClientDeclaredIsAsked()
    {
        QFETCH(QByteArray, capabilities);
        QFETCH(QString, method);
        QFETCH(QByteArray, params);
        QFETCH(bool, declared);
        QCOMPARE(isDeclared(RawJson(capabilities), method, RawJson(params)), declared);
    }
    void whatCannotBeAskedIsSaidInTheServersGeneration()
    {
        const QString elicit = QStringLiteral("elicitation/create"), roots = QStringLiteral("roots/list");
        QVERIFY(refusalOfInput(elicit, json("{\"elicitation\":{}}")).startsWith("{\"code\":-32602,"));
        QVERIFY(refusalOfInput(elicit, json("{}")).startsWith("{\"code\":-32601,"));
        QVERIFY(refusalOfInput(roots, json("{}")).startsWith("{\"code\":-32601,"));
        QCOMPARE(capabilityNeeded(elicit, json("{\"mode\":\"url\"}")), QByteArray("{\"elicitation\":{\"url\":{}}}"));
        QCOMPARE(capabilityNeeded(roots, {}), QByteArray("{\"roots\":{}}"));
        QCOMPARE(inputAfterError(elicit).bytes(), QByteArray("{\"action\":\"cancel\"}"));
        QVERIFY(inputAfterError(roots).isEmpty());
    }
    void anAnswerOfTheWrongFormIsRefused_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<bool>("valid");
        const QString elicit = QStringLiteral("elicitation/create"), sample = QStringLiteral("sampling/createMessage"),
                      roots = QStringLiteral("roots/list");
        QTest::newRow("accept") << elicit << QByteArray("{\"action\":\"accept\",\"content\":{}}") << true;
        QTest::newRow("decline") << elicit << QByteArray("{\"action\":\"decline\"}") << true;
        QTest::newRow("other action") << elicit << QByteArray("{\"action\":\"yes\"}") << false;
        QTest::newRow("content") << elicit << QByteArray("{\"action\":\"accept\",\"content\":[]}") << false;
        QTest::newRow("no object") << elicit << QByteArray("\"accept\"") << false;
        QTest::newRow("roots") << roots << QByteArray("{\"roots\":[]}") << true;
        QTest::newRow("no roots") << roots << QByteArray("{}") << false;
        QTest::newRow("sample") << sample << QByteArray("{\"role\":\"assistant\",\"content\":{},\"model\":\"m\"}") << true;
        QTest::newRow("no model") << sample << QByteArray("{\"role\":\"assistant\",\"content\":{}}") << false;
    }
    void anAnswerOfTheWrongFormIsRefused()
    {
        QFETCH(QString, method);
        QFETCH(QByteArray, result);
        QFETCH(bool, valid);
        QCOMPARE(checkInput(method, RawJson(result)).has_value(), valid);
    }

    // Requests.
    void theMembersOfTheGenerationAreOursOnEachHop()
    {
        const RawJson params = json("{\"name\":\"t\",\"_meta\":{\"traceparent\" : \"00\",\"io.modelcontextprotocol/protocolVersion\":\"9\","
                                    "\"progressToken\":1,\"io.modelcontextprotocol/logLevel\":\"debug\"}}");
        QCOMPARE(paramsForModern(params, {kModernVersion, "{\"name\":\"c\"}", "{}", std::nullopt}),
                 QByteArray("{\"name\":\"t\",\"_meta\":{\"traceparent\":\"00\",\"io.modelcontextprotocol/protocolVersion\":\"2026-07-28\","
                            "\"progressToken\":1,\"io.modelcontextprotocol/clientInfo\":{\"name\":\"c\"},"
                            "\"io.modelcontextprotocol/clientCapabilities\":{}}}"));
        QCOMPARE(paramsForLegacy(params).bytes(), QByteArray("{\"name\":\"t\",\"_meta\":{\"traceparent\":\"00\",\"progressToken\":1}}"));
        QCOMPARE(paramsForLegacy(json("{\"a\":1,\"_meta\":{\"io.modelcontextprotocol/logLevel\":\"info\"}}")).bytes(),
                 QByteArray("{\"a\":1}"));
        const RawJson plain = json("{ \"a\" : 1 }");
        QCOMPARE(paramsForLegacy(plain).view().data(), plain.view().data());
        QVERIFY(paramsForModern({}, {kModernVersion, "{}", "{}", LogLevel::Info}).contains("logLevel\":\"info\""));
    }
    void aLogLevelIsKnownOrNot()
    {
        const auto withLevel = [](const QByteArray &level) {
            return RawJson("{\"_meta\":{\"io.modelcontextprotocol/logLevel\":" + level + "}}");
        };
        QCOMPARE(logLevelOf(withLevel("\"warning\"")), std::optional(LogLevel::Warning));
        QVERIFY(!logLevelOf(withLevel("\"loud\"")) && namesUnknownLogLevel(withLevel("\"loud\"")));
        QVERIFY(!namesUnknownLogLevel(withLevel("\"emergency\"")) && !namesUnknownLogLevel({}));
        QVERIFY(isWanted(json("{\"level\":\"error\"}"), LogLevel::Warning));
        QVERIFY(isWanted(json("{\"level\":\"warning\"}"), LogLevel::Warning));
        QVERIFY(!isWanted(json("{\"level\":\"info\"}"), LogLevel::Warning));
        QVERIFY(!isWanted(json("{}"), LogLevel::Debug));
    }
    void capabilitiesLoseWhatTheGenerationDoesNotHave()
    {
        QCOMPARE(capabilitiesForModern(json("{\"roots\":{\"listChanged\":true},\"tasks\":{},\"sampling\":{ }}")),
                 QByteArray("{\"roots\":{},\"sampling\":{ }}"));
        QCOMPARE(capabilitiesForModern(json("{}")), QByteArray("{}"));
    }

    // Subscriptions.
    void aFilterIsReadAndWritten()
    {
        const QByteArray bytes = "{\"toolsListChanged\":true,\"resourceSubscriptions\":[\"a:\\/b\"]}";
        const auto filter = filterFrom(RawJson(bytes));
        QVERIFY(filter);
        QCOMPARE(filterObject(*filter), bytes);
        QVERIFY(isFor(*filter, QStringLiteral("notifications/tools/list_changed"), {}));
        QVERIFY(!isFor(*filter, QStringLiteral("notifications/prompts/list_changed"), {}));
        QVERIFY(isFor(*filter, QStringLiteral("notifications/resources/updated"), json("{\"uri\":\"a:\\/b\"}")));
        QVERIFY(!isFor(*filter, QStringLiteral("notifications/resources/updated"), json("{\"uri\":\"other\"}")));
        QVERIFY(!isFor(*filter, QStringLiteral("notifications/message"), json("{}")));
        QVERIFY(!filterFrom(json("[]")) && !filterFrom({}) && !filterFrom(json("{\"resourceSubscriptions\":[1]}")));
        QVERIFY(filterFrom(json("{\"x\":1}"))->isEmpty());
        QCOMPARE(filterOffered(json("{\"tools\":{\"listChanged\":true},\"prompts\":{},\"resources\":{\"listChanged\":true}}")),
                 (SubscriptionFilter{true, false, true, {}}));
    }
    void aListenersNumberKeepsItsType()
    {
        const QByteArray params = paramsForListener(json("{\"uri\":\"u\",\"_meta\":{\"a\":1}}"), "\"7\"");
        QCOMPARE(params, QByteArray("{\"uri\":\"u\",\"_meta\":{\"a\":1,\"io.modelcontextprotocol/subscriptionId\":\"7\"}}"));
        QCOMPARE(subscriptionOf(RawJson(params)).bytes(), QByteArray("\"7\""));
        QVERIFY(subscriptionOf({}).isEmpty() && subscriptionOf(json("{\"_meta\":1}")).isEmpty());
    }

    // Results and errors.
    void results_data()
    {
        QTest::addColumn<QString>("method");
        QTest::addColumn<QString>("version"); // of the client
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<QByteArray>("expected");
        const QString call = QStringLiteral("tools/call"), list = QStringLiteral("tools/list"), read = QStringLiteral("resources/read"),
                      prompt = QStringLiteral("prompts/get");
        const QString modern = QString::fromLatin1(kModernVersion), latest = QStringLiteral("2025-11-25"),
                      old = QStringLiteral("2025-03-26"), oldest = QStringLiteral("2024-11-05");
        const auto row = [](const char *name, const QString &method, const QString &version, const char *result, const char *expected) {
            QTest::newRow(name) << method << version << QByteArray(result) << QByteArray(expected);
        };
        row("stamped", call, modern, "{\"content\":[ ]}", "{\"content\":[ ],\"resultType\":\"complete\"}");
        row("caching", read, modern, "{\"contents\":[]}",
            "{\"contents\":[],\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}");
        row("caching kept", read, modern, "{ \"ttlMs\":5,\"cacheScope\":\"public\",\"resultType\":\"complete\"}",
            "{ \"ttlMs\":5,\"cacheScope\":\"public\",\"resultType\":\"complete\"}");
        row("caching repaired", list, modern, "{\"resultType\":\"complete\",\"ttlMs\":-1,\"cacheScope\":\"all\"}",
            "{\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}");
        row("question untouched", read, modern, "{\"resultType\":\"input_required\",\"requestState\":\"s\"}",
            "{\"resultType\":\"input_required\",\"requestState\":\"s\"}");
        row("tasks not promised", list, modern,
            "{\"tools\":[{\"name\":\"a\",\"execution\":{\"taskSupport\":\"optional\"}},{ \"name\":\"b\"}]}",
            "{\"tools\":[{\"name\":\"a\"},{ \"name\":\"b\"}],\"resultType\":\"complete\",\"ttlMs\":0,\"cacheScope\":\"private\"}");
        row("unstamped", read, latest, "{\"resultType\":\"complete\",\"contents\":[ ],\"ttlMs\":5,\"cacheScope\":\"public\"}",
            "{\"contents\":[ ]}");
        row("meta", call, latest, "{\"content\":[],\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{},\"a\":1}}",
            "{\"content\":[],\"_meta\":{\"a\":1}}");
        row("only our meta", call, latest, "{\"content\":[],\"_meta\":{\"io.modelcontextprotocol/serverInfo\":{}}}", "{\"content\":[]}");
        row("untouched", call, latest, "{ \"content\" : [] , \"structuredContent\":{}}", "{ \"content\" : [] , \"structuredContent\":{}}");
        row("structured list", call, latest, "{\"content\":[],\"structuredContent\":[1]}", "{\"content\":[]}");
        row("structured, old", call, old, "{\"content\":[],\"structuredContent\":{}}", "{\"content\":[]}");
        row("link, old", call, old, "{\"content\":[{\"type\":\"resource_link\",\"uri\":\"u:x\",\"name\":\"n\"}]}",
            "{\"content\":[{\"type\":\"text\",\"text\":\"Resource n: u:x\"}]}");
        row("audio, old", call, old, "{\"content\":[{\"type\":\"audio\",\"mimeType\":\"a/b\"}]}",
            "{\"content\":[{\"type\":\"audio\",\"mimeType\":\"a/b\"}]}");
        row("audio, oldest", prompt, oldest, "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"audio\",\"mimeType\":\"a/b\"}}]}",
            "{\"messages\":[{\"role\":\"user\",\"content\":{\"type\":\"text\",\"text\":\"[Audio (a/b), which this client's version of the "
            "protocol does not have]\"}}]}");
        row("output schema", list, latest,
            "{\"tools\":[{\"name\":\"a\",\"outputSchema\":{\"type\":\"array\"}},{ \"outputSchema\":{\"type\":\"object\"}}]}",
            "{\"tools\":[{\"name\":\"a\"},{ \"outputSchema\":{\"type\":\"object\"}}]}");
    }
    void results()
    {
        QFETCH(QString, method);
        QFETCH(QString, version);
        QFETCH(QByteArray, result);
        QFETCH(QByteArray, expected);
        const RawJson given(result);
        QCOMPARE(
            (version == QLatin1String(kModernVersion) ? resultForModern(method, given) : resultForLegacy(method, given, version)).bytes(),
            expected);
    }
    void aResourceThatIsNotThere()
    {
        const QString read = QStringLiteral("resources/read");
        const RawJson params = json("{\"uri\":\"u:x\"}");
        QCOMPARE(errorForModern(read, params, json("{\"code\":-32002,\"message\":\"m\"}")).bytes(),
                 QByteArray("{\"code\":-32602,\"message\":\"m\",\"data\":{\"uri\":\"u:x\"}}"));
        QCOMPARE(errorForModern(read, params, json("{\"code\":-32002,\"message\":\"m\",\"data\":{\"uri\":\"u:y\"}}")).bytes(),
                 QByteArray("{\"code\":-32602,\"message\":\"m\",\"data\":{\"uri\":\"u:y\"}}"));
        QCOMPARE(errorForLegacy(read, json("{\"code\":-32602,\"message\":\"m\",\"data\":{\"uri\":\"u:x\"}}")).bytes(),
                 QByteArray("{\"code\":-32002,\"message\":\"m\",\"data\":{\"uri\":\"u:x\"}}"));
        const RawJson other = json("{\"code\":-32602,\"message\":\"m\"}");
        QCOMPARE(errorForLegacy(read, other).bytes(), other.bytes());
        QCOMPARE(errorForModern(QStringLiteral("tools/call"), {}, json("{\"code\":-32042,\"message\":\"m\"}")).bytes(),
                 QByteArray("{\"code\":-32603,\"message\":\"m\"}"));
        QCOMPARE(errorForModern(QStringLiteral("tools/call"), {}, json("{\"code\":-32021,\"message\":\"m\"}")).bytes(),
                 QByteArray("{\"code\":-32021,\"message\":\"m\"}"));
    }
};

COUNTERSIGN_TEST(tst_Translation)
#include "tst_Translation.moc"
