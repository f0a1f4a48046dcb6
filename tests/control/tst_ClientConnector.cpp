// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "support/Runner.h"
#include <QRegularExpression>

using namespace mcpcore;

namespace {

// A home of its own, which the catalog looks through.
struct Bench : ControlFixture {
    explicit Bench(Window window = Window::Open) : ControlFixture(window) { qputenv("HOME", home.path().toUtf8()); }
    ~Bench() override { qputenv("HOME", before); }

    QString at(const char *path) const { return home.filePath(QLatin1String(path)); }
    QString put(const char *path, const QByteArray &bytes) const
    {
        const QString file = at(path);
        [&] {
            QVERIFY(QDir().mkpath(QFileInfo(file).path()));
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
        }();
        return file;
    }
    static QByteArray read(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("(not there)");
    }
    // What the answer says of the one file that is meant.
    std::string status(const char *command, Json parameters)
    {
        last = must(command, parameters);
        return last.value("status", "");
    }
    Json client(const char *id)
    {
        const Json list = must("client list");
        for (const Json &one : list["clients"])
            if (one["id"] == id)
                return one;
        return {};
    }
    Json found(const char *kind)
    {
        const Json list = must("client detect");
        for (const Json &one : list["clients"])
            if (one["kind"] == kind)
                return one;
        return {};
    }
    std::string stateOf(const char *kind) { return found(kind)["files"][0].value("state", ""); }
    static std::string tokenIn(const QString &file)
    {
        static const QRegularExpression form(QStringLiteral("cst_[A-Za-z0-9_-]{43}"));
        return form.match(QString::fromUtf8(read(file))).captured().toStdString();
    }

    QTemporaryDir home;
    const QByteArray before = qgetenv("HOME");
    Json last;
};

const QByteArray kCodex = "# mine\nmodel = \"o9\" # the best\n\n[mcp_servers.files]\ncommand = \"files\"\n";

} // namespace

class tst_ClientConnector : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aConnectedClientHasAnEntryAndMayComeIn()
    {
        Bench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        QCOMPARE(bench.status("client connect", {{"id", "codex"}}), std::string("written"));
        QCOMPARE(QString::fromStdString(bench.last.value("file", "")), file);
        const QByteArray written = Bench::read(file);
        QVERIFY2(written.startsWith(kCodex), written.constData());
        QVERIFY(written.contains("/opt/countersign/countersign-bridge"));
        QVERIFY2(written.contains("\"--profile\", \"" + bench.folder.path().toUtf8()), written.constData());
        QVERIFY(Bench::tokenIn(file).empty());
        const Json client = bench.client("codex");
        QCOMPARE(client["environment"].get<QString>(), QStringLiteral("sandbox"));
        QCOMPARE(client["kind"].get<QString>(), QStringLiteral("codex"));
        QVERIFY(!client["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("codex"), std::string("ours"));
    }

    void aDisconnectedClientIsOutAndItsFileIsWhatItWas()
    {
        Bench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}});
        QCOMPARE(bench.status("client disconnect", {{"id", "codex"}}), std::string("written"));
        QCOMPARE(Bench::read(file), kCodex);
        QVERIFY(bench.client("codex")["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("codex"), std::string("none"));
        QCOMPARE(bench.status("client disconnect", {{"id", "codex"}}), std::string("unchanged"));
    }

    void overHttpTheTokenInTheFileIsTheClients()
    {
        Bench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        QCOMPARE(bench.status("client connect", {{"id", "cursor"}, {"via", "http"}}), std::string("written"));
        const std::string token = Bench::tokenIn(file);
        QCOMPARE(bench.gateway->clientOfToken(token).value_or(ClientId{}).text, QStringLiteral("cursor"));
        QVERIFY(Bench::read(file).contains("http://127.0.0.1:7345/mcp"));
        QVERIFY(bench.last.dump().find(token) == std::string::npos);
        QCOMPARE(bench.status("client connect", {{"id", "cursor"}, {"via", "http"}}), std::string("unchanged"));
        QVERIFY(bench.gateway->clientOfToken(token));
    }

    void aRotatedTokenIsWrittenWhereTheOldOneWas()
    {
        Bench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}});
        const std::string old = Bench::tokenIn(file);
        const Json rotated = bench.must("client token", {{"id", "cursor"}});
        QCOMPARE(Bench::tokenIn(file), rotated.value("token", ""));
        QVERIFY(Bench::tokenIn(file) != old);
        QVERIFY(!bench.gateway->clientOfToken(old));
        QVERIFY(bench.gateway->clientOfToken(Bench::tokenIn(file)));
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(Bench::read(file), QByteArray("{}\n"));
    }

    void aSecondFileOfAClientLeavesTheFirstOneWorking()
    {
        Bench bench;
        const QString first = bench.put("one.json", "{}"), second = bench.put("two.json", "{}");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}, {"file", first.toStdString()}});
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}, {"file", second.toStdString()}});
        QVERIFY(bench.gateway->clientOfToken(Bench::tokenIn(first)));
        QCOMPARE(Bench::tokenIn(first), Bench::tokenIn(second));
        bench.must("client disconnect", {{"id", "cursor"}, {"file", first.toStdString()}});
        QVERIFY(bench.gateway->clientOfToken(Bench::tokenIn(second)));
        bench.must("client disconnect", {{"id", "cursor"}, {"file", second.toStdString()}});
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }

    void aFileThatIsRefusedLetsNobodyIn()
    {
        Bench bench;
        const QByteArray broken = "[mcp_servers\nmodel = 1\n";
        const QString file = bench.put(".codex/config.toml", broken);
        QCOMPARE(bench.status("client connect", {{"id", "codex"}}), std::string("refused"));
        QCOMPARE(bench.last.value("line", 0), 1);
        QVERIFY(bench.last.value("column", 0) > 0);
        QVERIFY(!bench.last.value("reason", "").empty());
        QCOMPARE(Bench::read(file), broken);
        QVERIFY(bench.client("codex").is_null());
    }

    void accessEndsAlsoWhereTheFileCannotBeChanged()
    {
        Bench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}});
        const std::string token = Bench::tokenIn(file);
        bench.put(".cursor/mcp.json", Bench::read(file) + "}");
        QCOMPARE(bench.status("client disconnect", {{"id", "cursor"}}), std::string("refused"));
        QVERIFY(!bench.gateway->clientOfToken(token));
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
    }

    void anEntryOfSomebodyElseIsKeptUnlessToldOtherwise()
    {
        Bench bench;
        const QByteArray theirs = "{\"mcpServers\": {\"countersign\": {\"command\": \"theirs\"}}}";
        const QString file = bench.put(".gemini/settings.json", theirs);
        QCOMPARE(bench.status("client connect", {{"id", "gemini-cli"}}), std::string("conflict"));
        QCOMPARE(Bench::read(file), theirs);
        QVERIFY(bench.client("gemini-cli").is_null());
        QCOMPARE(bench.status("client connect", {{"id", "gemini-cli"}, {"overwrite", true}}), std::string("written"));
        QVERIFY(!Bench::read(file).contains("theirs"));
        QCOMPARE(bench.status("client undo", {{"id", "gemini-cli"}}), std::string("written"));
        QCOMPARE(Bench::read(file), theirs);
        QVERIFY(bench.client("gemini-cli")["revoked"].get<bool>());
    }

    void whatWasTakenOutComesBack_data()
    {
        QTest::addColumn<QString>("way");
        QTest::newRow("bridge") << QStringLiteral("bridge");
        QTest::newRow("http") << QStringLiteral("http");
    }
    void whatWasTakenOutComesBack()
    {
        QFETCH(QString, way);
        Bench bench;
        const QString file = bench.put(".cursor/mcp.json", "{\n  // mine\n}\n");
        bench.must("client connect", {{"id", "cursor"}, {"via", way}});
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QVERIFY(!bench.client("cursor")["revoked"].get<bool>());
        QCOMPARE(bench.stateOf("cursor"), std::string("ours"));
        if (way == QLatin1String("http"))
            QVERIFY(bench.gateway->clientOfToken(Bench::tokenIn(file)));
        bench.must("client disconnect", {{"id", "cursor"}});
        QCOMPARE(Bench::read(file), QByteArray("{\n  // mine\n}\n"));
    }

    void aWipedOrAlteredEntryIsSeenAndRepaired()
    {
        Bench bench;
        const QString file = bench.put(".cursor/mcp.json", "{}\n");
        bench.must("client connect", {{"id", "cursor"}});
        const QByteArray good = Bench::read(file);
        bench.put(".cursor/mcp.json", "{\"mcpServers\": {}}\n");
        QCOMPARE(bench.stateOf("cursor"), std::string("gone"));
        bench.put(".cursor/mcp.json", QByteArray(good).replace("countersign-bridge", "other-program"));
        QCOMPARE(bench.stateOf("cursor"), std::string("altered"));
        bench.put(".cursor/mcp.json", QByteArray(good).replace("\"cursor\"", "\"codex\""));
        QCOMPARE(bench.stateOf("cursor"), std::string("altered"));
        QCOMPARE(bench.status("client repair", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(bench.stateOf("cursor"), std::string("ours"));
        QCOMPARE(Bench::read(file), good);
    }

    void anEntryBesideOursThatGoesToAVendorIsNamed()
    {
        Bench bench;
        bench.put(".cursor/mcp.json", "{\"mcpServers\": {\"pay\": {\"url\": \"https://mcp.stripe.com\"}}}\n");
        QCOMPARE(bench.found("cursor")["files"][0]["bypasses"].dump(), std::string("[\"pay\"]"));
        const Json preview = bench.must("client preview", {{"id", "cursor"}});
        QVERIFY2(preview["cautions"].dump().find("pay") != std::string::npos, preview["cautions"].dump().c_str());
    }

    void aPreviewShowsTheChangeAndChangesNothing()
    {
        Bench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        const Json preview = bench.must("client preview", {{"id", "codex"}, {"via", "http"}});
        QCOMPARE(preview.value("status", ""), std::string("written"));
        QVERIFY(preview.value("bytesAdded", 0) > 0);
        const std::string diff = preview["diff"].dump();
        QVERIFY2(diff.find("[mcp_servers.countersign]") != std::string::npos, diff.c_str());
        QVERIFY2(diff.find("cst_") == std::string::npos, diff.c_str()); // dots
        QCOMPARE(Bench::read(file), kCodex);
        QVERIFY(bench.client("codex").is_null());
    }

    void anEnvironmentIsGivenOnlyWhenSaid()
    {
        Bench bench;
        bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}, {"environment", "staging"}});
        QCOMPARE(bench.client("codex")["environment"].get<QString>(), QStringLiteral("staging"));
        bench.must("client disconnect", {{"id", "codex"}});
        bench.must("client connect", {{"id", "codex"}});
        QCOMPARE(bench.client("codex")["environment"].get<QString>(), QStringLiteral("sandbox")); // as new
    }

    void whatCannotReachThisComputerSaysWhatToDoInstead()
    {
        Bench bench;
        QCOMPARE(bench.status("client connect", {{"id", "chatgpt-web"}}), std::string("refused"));
        QVERIFY(bench.last.value("reason", "").find("cannot reach this one") != std::string::npos);
        const auto unknown = bench.run("client connect", {{"id", "netscape"}});
        QVERIFY(!unknown);
        QCOMPARE(unknown.error().kind, Error::Kind::NotFound);
        QVERIFY(unknown.error().message.contains(QStringLiteral("codex")));
    }

    void onAProfileOfTheAppConnectingNeedsThePersonAndDisconnectingDoesNot()
    {
        Bench bench;
        const QString file = bench.put(".codex/config.toml", kCodex);
        bench.must("client connect", {{"id", "codex"}});
        bench.change([](Workspace &edited) { edited.ownedByApp = true; });
        bench.personAgrees = false;
        bench.must("client disconnect", {{"id", "codex"}});
        for (const char *command : {"client connect", "client repair", "client undo"}) {
            QVERIFY2(!bench.run(command, {{"id", "codex"}}), command);
            QVERIFY2(bench.question.contains(QStringLiteral("codex")), command);
        }
        QCOMPARE(Bench::read(file), kCodex);
        QVERIFY(bench.client("codex")["revoked"].get<bool>());
    }
};

COUNTERSIGN_TEST(tst_ClientConnector)
#include "tst_ClientConnector.moc"
