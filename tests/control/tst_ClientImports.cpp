// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Servers and keys that stand in a client's file come behind Countersign, and back.
#include "ClientBench.h"
#include "support/Runner.h"
#include "support/VendorServer.h"
#include <QDirIterator>

using namespace mcpcore;

namespace {

const char *const kKey = "rk_test_51CANARYaaaaaaaaaaaaaaaaaaaaaaaaaaaaWXYZ";
const char *const kToken = "CANARYtoken0123456789";

// A file with a server of Stripe at this address, a program of somebody's, and what nobody may touch.
QByteArray cursorFile(const QString &url)
{
    return "{\n  // mine\n  \"mcpServers\": {\n    \"pay\": {\"url\": \"" + url.toUtf8() + "\", \"headers\": {\"Authorization\": \"Bearer "
           + kKey + "\"}, \"about\": \"STRIPE_SECRET_KEY\"},\n"
           + "    \"tool\": {\"command\": \"true\", \"args\": [\"x\"], \"env\": {\"A_TOKEN\": \"" + kToken
           + "\"}},\n    \"files\": {\"command\": \"true\"},\n  },\n  \"scale\": 1.50\n}\n";
}

Json entry(const char *name, const char *environment = "sandbox", const char *connection = "")
{
    return {{"entry", name}, {"environment", environment}, {"connection", connection}};
}

} // namespace

class ImportBench : public ClientBench
{
public:
    ImportBench()
    {
        bytes = cursorFile(vendor.url());
        file = put(".cursor/mcp.json", bytes);
        vendor.know(kKey);
    }
    Json wish(const std::vector<Json> &entries) const { return {{"id", "cursor"}, {"file", file.toStdString()}, {"entries", entries}}; }
    // Of the one file.
    Json scanned()
    {
        const Json found = must("client scan", {{"id", "cursor"}});
        return found["files"][0];
    }
    // The files of the profile in which a word stands.
    QStringList filesWith(const QByteArray &word) const
    {
        QStringList found;
        QDirIterator files(folder.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext())
            if (const QString path = files.next(); read(path).contains(word))
                found.append(path);
        return found;
    }
    QByteArray kept() const
    {
        for (const QByteArray &item : store.items)
            if (item.contains(kKey))
                return kKey;
        return {};
    }

    VendorServer vendor;
    QByteArray bytes;
    QString file;
};

class tst_ClientImports : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aScanShowsServersAndWhatTheyWouldBeAndNoKey()
    {
        ImportBench bench;
        const Json found = bench.scanned();
        QVERIFY(QByteArray::fromStdString(found.dump()).contains("WXYZ")); // the last four
        QVERIFY2(!QByteArray::fromStdString(found.dump()).contains("CANARY"), found.dump().c_str());
        QCOMPARE(found["servers"].size(), size_t(3));
        const Json pay = found["servers"][0];
        QCOMPARE(pay["entry"].get<QString>(), QStringLiteral("mcpServers/pay"));
        QCOMPARE(pay["vendorName"].get<QString>(), QStringLiteral("Stripe"));
        QCOMPARE(pay["keys"][0]["where"].get<QString>(), QStringLiteral("header"));
        QCOMPARE(pay["keys"][0]["prefix"].get<QString>(), QStringLiteral("rk_test_"));
        QCOMPARE(pay["proposal"]["connection"].get<QString>(), QStringLiteral("pay"));
        QCOMPARE(pay["proposal"]["environment"].get<QString>(), QStringLiteral("sandbox"));
        QCOMPARE(pay["proposal"]["target"].get<QString>(), bench.vendor.url());
        QCOMPARE(found["servers"][1]["proposal"]["environment"].get<QString>(), QString());
    }

    void aServerComesBehindUsAndItsKeyIntoTheKeychain()
    {
        ImportBench bench;
        const Json preview = bench.must("client import-preview", bench.wish({entry("pay")}));
        QCOMPARE(preview["status"].get<QString>(), QStringLiteral("written"));
        QVERIFY(!preview["diff"].empty());
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        const qsizetype connections = bench.space().connections.size();

        QCOMPARE(bench.status("client import", bench.wish({entry("pay")})), std::string("written"));
        QCOMPARE(bench.vendor.count("/v1/balance"), 1);
        const QByteArray written = ClientBench::read(bench.file);
        QVERIFY2(!written.contains(kKey) && !written.contains("\"pay\""), written.constData());
        QVERIFY2(written.contains("// mine") && written.contains("1.50") && written.contains(kToken), written.constData());
        QVERIFY(written.contains("countersign-bridge"));
        QCOMPARE(bench.space().connections.size(), connections + 1);
        const KeyRecord key = bench.space().keys.last();
        QCOMPARE(key.connection.text, QStringLiteral("pay"));
        QVERIFY(key.verified);
        QCOMPARE(key.foundIn, bench.file);
        QCOMPARE(bench.kept(), QByteArray(kKey));
        QCOMPARE(bench.last["connections"][0]["key"].get<QString>(), key.id.text);
        QVERIFY(!bench.last["connections"][0].value("makeKeys", "").empty());
        QVERIFY(bench.client("cursor")["follows"] == "pinned");
        QCOMPARE(bench.filesWith(kKey), QStringList());
        QVERIFY(!QByteArray::fromStdString((preview.dump() + bench.last.dump())).contains("CANARY"));
        const Json keys = bench.must("key list");
        QVERIFY(keys["keys"].back().value("reminder", QString()).contains(QStringLiteral("plain text")));
    }

    void undoPutsTheVeryBytesBack()
    {
        ImportBench bench;
        bench.must("client import", bench.wish({entry("pay")}));
        const Json can = bench.must("client scan", {{"id", "cursor"}});
        QCOMPARE(can["imports"][0]["taken"][0].get<QString>(), QStringLiteral("pay"));
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
        QCOMPARE(bench.kept(), QByteArray(kKey)); // the connection stays, with its key
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("unchanged"));
        // What was undone can be done again: the connection is there, and so is its key.
        QVERIFY(bench.scanned()["servers"][0]["proposal"]["exists"].get<bool>());
        const qsizetype keys = bench.space().keys.size();
        QCOMPARE(bench.status("client import", bench.wish({entry("pay")})), std::string("written"));
        QCOMPARE(bench.space().keys.size(), keys);
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
    }

    void aKeyThatIsGoneCannotComeBack()
    {
        ImportBench bench;
        bench.must("client import", bench.wish({entry("pay")}));
        bench.must("key delete", {{"id", bench.space().keys.last().id.text.toStdString()}});
        const QByteArray written = ClientBench::read(bench.file);
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("refused"));
        QCOMPARE(ClientBench::read(bench.file), written);
    }

    void aConnectedClientStaysConnectedWhenAnImportIsTakenBack()
    {
        ImportBench bench;
        bench.must("client connect", {{"id", "cursor"}});
        const QByteArray connected = ClientBench::read(bench.file);
        QCOMPARE(bench.status("client import", bench.wish({entry("pay")})), std::string("written"));
        QVERIFY(!ClientBench::read(bench.file).contains(kKey));
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), connected);
        QVERIFY(!bench.client("cursor")["revoked"].get<bool>());
    }

    void severalServersComeInOneWrite()
    {
        ImportBench bench;
        QCOMPARE(bench.status("client import", bench.wish({entry("pay"), entry("tool", "staging", "mine"), entry("files", "production")})),
                 std::string("written"));
        const QByteArray written = ClientBench::read(bench.file);
        QVERIFY2(!written.contains("CANARY") && !written.contains("\"true\""), written.constData());
        QCOMPARE(bench.last["connections"].size(), size_t(3));
        const Connection *mine = find(bench.space(), ConnectionId{QStringLiteral("mine")});
        QVERIFY(mine);
        QCOMPARE(std::get<StdioTarget>(mine->target).secretVariable, QStringLiteral("A_TOKEN"));
        QCOMPARE(mine->environments.first().text, QStringLiteral("staging"));
        QCOMPARE(bench.filesWith("CANARY"), QStringList());
        // The client acts in sandbox: that it does not reach the others is said.
        QCOMPARE(bench.last["cautions"].size(), size_t(3));
        QVERIFY(bench.last["cautions"][2].get<QString>().contains(QStringLiteral("no tool of pay and mine and files")));
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
    }

    void aKeyThatItsVendorRefusesLeavesEverythingAsItWas()
    {
        ImportBench bench;
        bench.vendor.revoke(kKey);
        const Workspace before = bench.space();
        // The first one works, the second does not: neither is done.
        const auto answer = bench.run("client import", bench.wish({entry("tool"), entry("pay")}));
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Unauthorized);
        QVERIFY2(answer.error().message.contains(QStringLiteral("does not accept")), qPrintable(answer.error().message));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        QCOMPARE(bench.space().connections.size(), before.connections.size());
        QCOMPARE(bench.space().keys.size(), before.keys.size());
        QCOMPARE(bench.space().clients.size(), before.clients.size());
        for (auto item = bench.store.items.cbegin(); item != bench.store.items.cend(); ++item)
            QVERIFY2(!item.value().contains("CANARY"), qPrintable(item.key()));
    }

    void aVendorThatDoesNotAnswerIsLeftOutOnlyWhenThePersonSaysSo()
    {
        ImportBench bench;
        bench.vendor.answer("/v1/balance", 503, "{}");
        Json wish = bench.wish({entry("pay")});
        const auto answer = bench.run("client import", wish);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::UpstreamFailed);
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        wish["unverified"] = true;
        QCOMPARE(bench.status("client import", wish), std::string("written"));
        QVERIFY(!bench.space().keys.last().verified);
    }

    void aFileThatChangedSinceTheLookIsNotTouched()
    {
        ImportBench bench;
        Json wish = bench.wish({entry("pay")});
        wish["digest"] = bench.scanned()["digest"];
        bench.put(".cursor/mcp.json", bench.bytes + "\n");
        const auto answer = bench.run("client import", wish);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Conflict);
        QCOMPARE(ClientBench::read(bench.file), bench.bytes + "\n");
        wish["digest"] = bench.scanned()["digest"];
        QCOMPARE(bench.status("client import", wish), std::string("written"));
    }

    void anImportThatTheFileDoesNotTakeLeavesNothingBehind()
    {
        ImportBench bench;
        // Found out when the connection and its key are there already.
        bench.bytes.replace("\"files\"", "\"countersign\"");
        bench.put(".cursor/mcp.json", bench.bytes);
        const Workspace before = bench.space();
        QCOMPARE(bench.status("client import", bench.wish({entry("pay")})), std::string("refused"));
        QVERIFY2(bench.last.value("reason", "").find("somebody else") != std::string::npos, bench.last.dump().c_str());
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        QCOMPARE(bench.space().connections.size(), before.connections.size());
        QCOMPARE(bench.space().keys.size(), before.keys.size());
        QCOMPARE(bench.space().clients.size(), before.clients.size());
        QCOMPARE(bench.kept(), QByteArray());
    }

    void aProductionKeyComesBackOnlyWhileProductionIsUnlocked()
    {
        ImportBench bench;
        QCOMPARE(bench.status("client import", bench.wish({entry("tool", "production")})), std::string("written"));
        const auto answer = bench.run("client undo", {{"id", "cursor"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Locked);
        QVERIFY(!ClientBench::read(bench.file).contains(kToken));
        bench.must("env unlock", {{"id", "production"}, {"minutes", 5}, {"reason", "to undo"}});
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
    }

    void whatIsChosenWronglyIsSaid_data()
    {
        QTest::addColumn<QByteArray>("entries");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const Json &entries, const char *says) {
            QTest::newRow(name) << toBytes(entries) << QString::fromLatin1(says);
        };
        row("nothing", Json::array(), "Choose the entries");
        row("no such entry", Json::array({entry("nope")}), "There is no entry \"nope\"");
        row("no environment", Json::array({entry("tool", "")}), "Say which environment tool is for: sandbox, staging, production.");
        row("a test key for production", Json::array({entry("pay", "production")}), "pay is not for production");
        row("a name that is taken", Json::array({entry("tool", "sandbox", "paid")}), "There is a connection paid already");
        row("a name that is none", Json::array({entry("tool", "sandbox", "No Name")}), "cannot be the id");
        row("one name twice", Json::array({entry("tool", "sandbox", "a"), entry("files", "sandbox", "a")}),
            "There is a connection a already");
    }
    void whatIsChosenWronglyIsSaid()
    {
        QFETCH(QByteArray, entries);
        QFETCH(QString, says);
        ImportBench bench;
        const Workspace before = bench.space();
        Json wish = bench.wish({});
        wish["entries"] = *parseJson({entries.constData(), size_t(entries.size())});
        const auto answer = bench.run("client import", wish);
        QVERIFY2(refusalOf(answer).contains(says), qPrintable(refusalOf(answer)));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        QCOMPARE(bench.space().connections.size(), before.connections.size());
        QCOMPARE(bench.space().keys.size(), before.keys.size());
    }

    void overHttpTheClientGetsATokenAndKeepsItInItsOtherFiles()
    {
        ImportBench bench;
        const QString other = bench.put("other.json", "{}");
        bench.must("client connect", {{"id", "cursor"}, {"via", "http"}, {"file", other.toStdString()}});
        Json wish = bench.wish({entry("pay")});
        wish["via"] = "http";
        QCOMPARE(bench.status("client import", wish), std::string("written"));
        const std::string token = ClientBench::tokenIn(bench.file);
        QVERIFY(!token.empty());
        QCOMPARE(ClientBench::tokenIn(other), token);
        QCOMPARE(bench.gateway->clientOfToken(token).value_or(ClientId{}).text, QStringLiteral("cursor"));
        QVERIFY(bench.last.dump().find(token) == std::string::npos);
    }

    void nothingComesOutOfTheKeychainWhileEverythingIsHeld()
    {
        ImportBench bench;
        bench.must("client import", bench.wish({entry("pay")}));
        const QByteArray written = ClientBench::read(bench.file);
        bench.locks.hold(QStringLiteral("The screen is locked."));
        const auto answer = bench.run("client undo", {{"id", "cursor"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Paused);
        QCOMPARE(ClientBench::read(bench.file), written);
    }

    void thePersonIsAskedAboutWhatWillRun()
    {
        ImportBench bench;
        bench.giveToApp();
        bench.personIsThere = true;
        bench.personAgrees = false;
        const Json wish = bench.wish({entry("files")});
        QVERIFY(!bench.run("client import", wish));
        QVERIFY2(bench.questionDetail.contains(QStringLiteral("\"target\": \"true\"")), qPrintable(bench.questionDetail));
        QVERIFY(bench.questionDetail.contains(QStringLiteral("digest")));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        // What is put into the file while they look is not done.
        bench.personAgrees = true;
        bench.onQuestion = [&] {
            bench.put(".cursor/mcp.json",
                      QByteArray(bench.bytes).replace("\"files\": {\"command\": \"true\"", "\"files\": {\"command\": \"false\""));
        };
        const auto answer = bench.run("client import", wish);
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::Conflict);
        QVERIFY(!find(bench.space(), ConnectionId{QStringLiteral("files")}));
        bench.onQuestion = {};
        bench.put(".cursor/mcp.json", bench.bytes);
        QCOMPARE(bench.status("client import", wish), std::string("written"));
    }

    void aKeyThatTheKeychainLostStaysInTheFile()
    {
        ImportBench bench;
        bench.must("client import", bench.wish({entry("pay")}));
        bench.must("client undo", {{"id", "cursor"}});
        bench.store.items.remove(bench.space().keys.last().id.text);
        bench.keys.dropAll();
        const qsizetype connections = bench.space().connections.size();
        QVERIFY(!bench.run("client import", bench.wish({entry("pay")})));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
        QCOMPARE(bench.space().connections.size(), connections);
    }

    void whoIsDisconnectedMeanwhileStaysSo()
    {
        ImportBench bench;
        bench.must("client connect", {{"id", "cursor"}});
        const QByteArray connected = ClientBench::read(bench.file);
        bench.vendor.hold("/v1/balance");
        auto answer = std::make_shared<std::optional<Result<Json>>>();
        bench.control->handle(QStringLiteral("client import"), bench.wish({entry("pay")}), Authority::CommandLine,
                              Completion<Json>(&bench, [answer](Result<Json> result) { answer->emplace(std::move(result)); }));
        QTRY_COMPARE_WITH_TIMEOUT(bench.vendor.count("/v1/balance"), 1, 20'000);
        bench.must("client revoke", {{"id", "cursor"}});
        bench.vendor.release();
        QTRY_VERIFY_WITH_TIMEOUT(answer->has_value(), 20'000);
        QVERIFY(!**answer);
        QVERIFY2((*answer)->error().message.contains(QStringLiteral("disconnected meanwhile")), qPrintable((*answer)->error().message));
        QVERIFY(bench.client("cursor")["revoked"].get<bool>());
        QCOMPARE(ClientBench::read(bench.file), connected);
        QVERIFY(!find(bench.space(), ConnectionId{QStringLiteral("pay")}));
    }

    void aFileThatChangesWhileTheVendorIsAskedIsNotTouched()
    {
        ImportBench bench;
        const Json client = bench.client("cursor");
        bench.vendor.hold("/v1/balance");
        auto answer = std::make_shared<std::optional<Result<Json>>>();
        bench.control->handle(QStringLiteral("client import"), bench.wish({entry("pay")}), Authority::CommandLine,
                              Completion<Json>(&bench, [answer](Result<Json> result) { answer->emplace(std::move(result)); }));
        QTRY_COMPARE_WITH_TIMEOUT(bench.vendor.count("/v1/balance"), 1, 20'000);
        const QByteArray changed = QByteArray(bench.bytes).replace("\"about\"", "\"headersHelper\"");
        bench.put(".cursor/mcp.json", changed);
        bench.vendor.release();
        QTRY_VERIFY_WITH_TIMEOUT(answer->has_value(), 20'000);
        QVERIFY(!**answer || (**answer)->value("status", "") == "conflict");
        QCOMPARE(ClientBench::read(bench.file), changed);
        QVERIFY(!find(bench.space(), ConnectionId{QStringLiteral("pay")}));
        QCOMPARE(bench.client("cursor").dump(), client.dump());
    }

    void anEntryForOneConnectionDoesNotReachWhatIsImported()
    {
        ImportBench bench;
        bench.must("client connect", {{"id", "cursor"}, {"connection", "paid"}, {"name", "countersign"}});
        const QByteArray connected = ClientBench::read(bench.file);
        const auto answer = bench.run("client import", bench.wish({entry("files")}));
        QVERIFY2(refusalOf(answer).contains(QStringLiteral("one connection only")), qPrintable(refusalOf(answer)));
        QCOMPARE(ClientBench::read(bench.file), connected);
        Json other = bench.wish({entry("files")});
        other["name"] = "everything";
        QCOMPARE(bench.status("client import", other), std::string("written"));
        QVERIFY(ClientBench::read(bench.file).contains("\"everything\""));
    }

    void theLastThingThatWasDoneIsTakenBackFirst()
    {
        ImportBench bench;
        const QString other = bench.put("other.json", "{}");
        bench.must("client import", bench.wish({entry("files")}));
        const QByteArray imported = ClientBench::read(bench.file);
        bench.clock.advance(std::chrono::seconds(1));
        bench.must("client connect", {{"id", "cursor"}, {"file", other.toStdString()}});
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(other), QByteArray("{}"));
        QCOMPARE(ClientBench::read(bench.file), imported);
        QCOMPARE(bench.status("client undo", {{"id", "cursor"}}), std::string("written"));
        QCOMPARE(ClientBench::read(bench.file), bench.bytes);
    }
};

COUNTERSIGN_TEST(tst_ClientImports)
#include "tst_ClientImports.moc"
