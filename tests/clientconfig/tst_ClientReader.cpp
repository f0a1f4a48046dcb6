// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientReader.h"
#include "packs/SchemaCheck.h"
#include "support/Runner.h"
#include <QDir>
#include <QFile>

using namespace mcpcore;

namespace {

QByteArray fileAt(const QString &name)
{
    QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/clients/") + name);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Json parsed(const QByteArray &bytes)
{
    const auto json = parseJson({bytes.constData(), size_t(bytes.size())});
    return json ? *json : Json();
}

QStringList schemaFaults(const Json &kind)
{
    static const Json schema = parsed(fileAt(QStringLiteral("schema.json")));
    return schema.is_object() ? faultsBySchema(kind, schema, schema) : QStringList{QStringLiteral("no schema")};
}

QStringList readerFaults(const QByteArray &bytes)
{
    QStringList texts;
    if (const auto kind = readClientKind(bytes); !kind)
        for (const ResourceFault &fault : kind.error())
            texts.append(toText(fault));
    return texts;
}

// The smallest client with a file.
Json smallest()
{
    return {{"format", 1},
            {"id", "acme"},
            {"name", "Acme"},
            {"kind", "editor"},
            {"installed", {{"paths", {{"all", {"~/.acme"}}}}}},
            {"files", Json::array({{{"what", "settings"},
                                    {"scope", "user"},
                                    {"take", "one"},
                                    {"create", "always"},
                                    {"paths", {{"all", {"~/.acme/mcp.json"}}}}}})},
            {"dialect", {{"format", "json"}}},
            {"shapes", Json::array({{{"path", {"mcpServers"}}, {"bridge", {{"command", "{bridge}"}}}}})},
            {"way", "bridge"},
            {"hold", {{"bridge", 60}}},
            {"restart", "Start it again."}};
}

} // namespace

class tst_ClientReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyFileOfTheFolderIsAClientOfThisProgram()
    {
        const auto catalog = ClientCatalog::builtIn();
        QVERIFY2(catalog, catalog ? "" : qPrintable(catalog.error().message));
        QStringList ids;
        for (const ClientKind &kind : catalog->kinds)
            ids.append(kind.id);
        ids.sort();
        QStringList files;
        for (const QString &name :
             QDir(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/clients")).entryList({QStringLiteral("*.json")})) {
            if (name == QLatin1String("schema.json"))
                continue;
            files.append(name.chopped(5));
            QCOMPARE(readerFaults(fileAt(name)), QStringList());
            QCOMPARE(schemaFaults(parsed(fileAt(name))), QStringList());
        }
        files.sort();
        QCOMPARE(ids, files);
        for (const char *id :
             {"claude-desktop", "claude-code", "cursor",   "vscode",   "windsurf",    "devin",      "codex",        "gemini-cli",
              "antigravity",    "copilot-cli", "opencode", "amp",      "cline",       "zed",        "junie",        "goose",
              "warp",           "lm-studio",   "kiro",     "continue", "chatgpt-web", "claude-web", "jetbrains-ai", "other"})
            QVERIFY2(catalog->find(QLatin1String(id)), id);
        QVERIFY(!catalog->find(QStringLiteral("nobody")));
    }
    void whatAFileSaysIsRead()
    {
        const auto catalog = ClientCatalog::builtIn();
        QVERIFY(catalog);
        const ClientKind &claude = *catalog->find(QStringLiteral("claude-code"));
        QCOMPARE(claude.name, QStringLiteral("Claude Code"));
        QCOMPARE(claude.look, ClientKind::Look::Terminal);
        QVERIFY(claude.unreachableReason.isEmpty() && claude.paste.isEmpty());
        QVERIFY(claude.dialect.byteOrderMark && claude.dialect.emptyFile && !claude.dialect.comments && !claude.dialect.trailingCommas);
        QCOMPARE(claude.lock->suffix, QStringLiteral(".lock"));
        QCOMPARE(claude.lock->stale, std::chrono::seconds(10));
        QCOMPARE(claude.timeouts[Way::Http].was, std::chrono::seconds(300));
        QCOMPARE(claude.timeouts[Way::Bridge].now, std::chrono::seconds(3600));
        QCOMPARE(claude.files.size(), 2);
        QCOMPARE(claude.files[1].scope, ClientFileKind::Scope::Workspace);
        QVERIFY(claude.has(Way::Http));
        QVERIFY(!claude.toolLimit);
        const ClientKind &desktop = *catalog->find(QStringLiteral("claude-desktop"));
        QVERIFY(!desktop.has(Way::Http));
        QCOMPARE(desktop.holds[Way::Bridge], std::chrono::seconds(60));
        QCOMPARE(desktop.quitPrograms[OperatingSystem::Windows], QStringList{QStringLiteral("Claude.exe")});
        QCOMPARE(desktop.files[0].take, ClientFileKind::Take::Each);
        const ClientKind &opencode = *catalog->find(QStringLiteral("opencode"));
        QCOMPARE(opencode.shapes[0].when, EntryShape::When::HolderThere);
        QCOMPARE(opencode.shapes[0].path, (QStringList{QStringLiteral("mcp"), QStringLiteral("servers")}));
        QCOMPARE(opencode.shapes[1].when, EntryShape::When::Always);
        QCOMPARE(catalog->find(QStringLiteral("continue"))->shapes[0].holder, EntryPlace::Holder::List);
        QCOMPARE(catalog->find(QStringLiteral("codex"))->dialect.format, ConfigDialect::Format::Toml);
        QCOMPARE(catalog->find(QStringLiteral("goose"))->dialect.format, ConfigDialect::Format::Yaml);
        QCOMPARE(*catalog->find(QStringLiteral("cursor"))->toolLimit, 80);
        QCOMPARE(catalog->find(QStringLiteral("gemini-cli"))->allowedList.join(QLatin1Char('.')), QStringLiteral("mcp.allowed"));
        const ClientKind &web = *catalog->find(QStringLiteral("chatgpt-web"));
        QVERIFY(!web.unreachableReason.isEmpty() && !web.instead.isEmpty() && web.files.isEmpty() && !web.has(Way::Bridge));
        const ClientKind &other = *catalog->find(QStringLiteral("other"));
        QVERIFY(other.files.isEmpty() && !other.paste.isEmpty() && other.has(Way::Http));
    }
    void aBrokenDescriptionIsRefusedByReaderAndSchema_data()
    {
        QTest::addColumn<QString>("patch");
        QTest::addColumn<QString>("says");
        QTest::addColumn<bool>("bySchema");
        const auto row = [](const Json &operations, const char *says, bool bySchema = true) {
            QTest::newRow(says) << QString::fromUtf8(toBytes(operations)) << QString::fromLatin1(says) << bySchema;
        };
        const auto put = [](const char *path, const Json &value) {
            return Json::array({{{"op", "add"}, {"path", path}, {"value", value}}});
        };
        const auto drop = [](const char *path) { return Json::array({{{"op", "remove"}, {"path", path}}}); };
        row(put("/format", 2), "format must be 1");
        row(put("/id", "Acme"), "id must be 1 to 20 of");
        row(put("/name", ""), "name must be 1 to 40");
        row(put("/kind", "robot"), "kind must be one of: terminal, editor, chat");
        row(put("/colour", "red"), "colour is not known");
        row(drop("/installed"), "installed is missing");
        row(put("/installed/paths", Json::object({{"linux", {"~/.acme"}}})), "installed.paths.macos is missing");
        row(put("/installed/paths/all/0", ".acme"), "installed.paths.all[0] must begin with ~");
        row(put("/installed/paths/all/0", "~/$HOME"), "paths.all[0] must begin with ~, / or a variable");
        row(put("/installed/paths/all/0", "%APPDATA%\\Acme"), "paths.all[0] must begin");
        row(put("/installed/paths/all/0", "${HOME:-/x}/a"), "paths.all[0] must begin");
        row(put("/installed/programs", {"/usr/bin/acme"}), "installed.programs[0] must be the name of a program");
        row(put("/files", Json::array()), "files must have 1 to 64 elements");
        row(put("/files/0/scope", "galaxy"), "files[0].scope must be one of: user, profile, workspace");
        row(put("/files/0/scope", "workspace"), "files[0].paths.all[0] must be a place below the folder");
        row(put("/files/0/take", "all"), "files[0].take must be one of: one, each");
        row(put("/files/0/create", "sometimes"), "files[0].create must be one of: always, in folder, never");
        row(drop("/files/0/what"), "files[0].what is missing");
        row(put("/paste", "Paste it."), "paste must not stand beside");
        row(drop("/files"), "paste is missing");
        row(put("/unreachable", {{"reason", "No."}, {"instead", "Other."}}), "files is not known");
        row(put("/dialect/format", "ini"), "dialect.format must be one of: json, toml, yaml");
        row(put("/dialect/allows", {"everything"}), "dialect.allows may hold comments, trailing commas");
        row(put("/dialect", {{"format", "toml"}, {"allows", {"comments"}}}), "dialect.allows says of comments");
        row(put("/shapes", Json::array()), "shapes must have 1 to 64 elements");
        row(put("/shapes/0/path", {"a b"}), "shapes[0].path[0] must be a key");
        row(drop("/shapes/0/path"), "shapes[0].path is missing");
        row(drop("/shapes/0/bridge"), "shapes[0].bridge is missing");
        row(put("/shapes/0/bridge", Json::object()), "shapes[0].bridge must be an object with members");
        row(put("/shapes/0/bridge/command", "{brigde}"), "shapes[0].bridge may hold {bridge}, {client}", false);
        row(put("/shapes/0/bridge/env", {{"TOKEN", "{token}"}}), "shapes[0].bridge must not hold {token}", false);
        row(put("/shapes/0/http", {{"url", "{url}"}}), "shapes[0].http must hold {token}", false);
        row(put("/shapes/0/http", {{"h", "{token}"}}), "hold.http is missing", false);
        row(put("/shapes/0/holder", "tree"), "shapes[0].holder must be one of: map, list");
        row(put("/shapes/0/onlyIfThere", false), "shapes[0].onlyIfThere must be true");
        row(put("/shapes/0/onlyIfThere", true), "shapes must end with the only one that has no onlyIfThere", false);
        row(put("/way", "post"), "way must be one of: bridge, http");
        row(put("/way", "http"), "way names a way without an entry", false);
        row(put("/timeout", {{"bridge", {{"was", 60}, {"now", 0}}}}), "timeout.bridge.now must be a whole number from 1 to 86400");
        row(put("/timeout", {{"bridge", {{"was", 60}, {"now", 1.5}}}}), "timeout.bridge.now must be a whole number");
        row(put("/timeout", {{"bridge", {{"was", 60}, {"now", "90"}}}}), "timeout.bridge.now must be a whole number");
        row(put("/timeout", {{"bridge", {{"was", 60}, {"now", 60}}}}), "timeout.bridge.now must be longer", false);
        row(drop("/hold"), "hold is missing");
        row(drop("/hold/bridge"), "hold.bridge is missing");
        row(put("/toolLimit", 0), "toolLimit must be a whole number from 1 to 10000");
        row(put("/interpolates", "a"), "interpolates must be 1 to 8 characters that are no letters");
        row(drop("/restart"), "restart is missing");
        row(put("/quit", {{"programs", {{"linux", {"acme"}}, {"macos", {"Acme"}}, {"windows", {"acme.exe"}}}}}), "quit.why is missing");
        row(put("/lock", {{"suffix", "/../x"}, {"staleSeconds", 10}}), "lock.suffix must be an ending");
        row(put("/lists", {{"allowed", "mcp"}}), "lists.allowed must be a list");
        row(put("/command", "acme add {token}"), "command must not hold {token}");
        row(put("/link", "acme:add?{token}"), "link must not hold {token}");
    }
    void aBrokenDescriptionIsRefusedByReaderAndSchema()
    {
        QFETCH(QString, patch);
        QFETCH(QString, says);
        QFETCH(bool, bySchema);
        QCOMPARE(readerFaults(toBytes(smallest())), QStringList());
        QCOMPARE(schemaFaults(smallest()), QStringList());
        const Json broken = smallest().patch(parsed(patch.toUtf8()));
        const QStringList faults = readerFaults(toBytes(broken));
        QVERIFY2(faults.join(QLatin1Char('\n')).contains(says), qPrintable(faults.join(QLatin1Char('\n'))));
        QCOMPARE(!schemaFaults(broken).isEmpty(), bySchema);
    }
    void faultsNameTheirPlace()
    {
        const QStringList faults = readerFaults("{\n  \"format\": 1,\n  \"id\": \"acme\",\n  \"name\": 7,\n  \"kind\": \"chat\"\n}\n");
        QVERIFY2(faults.contains(QStringLiteral("4:11: name must be a text.")), qPrintable(faults.join(QLatin1Char('\n'))));
        QVERIFY(readerFaults("[]").first().contains(QStringLiteral("is one JSON object")));
        QVERIFY(readerFaults("{\"id\": ").first().contains(QStringLiteral("Not valid JSON at line 1")));
        QVERIFY(readerFaults(QByteArray(kMaximumClientKindSize + 1, ' ')).first().contains(QStringLiteral("larger than")));
    }
};

COUNTERSIGN_TEST(tst_ClientReader)
#include "tst_ClientReader.moc"
