// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientFiles.h"
#include "support/Runner.h"
#include <QDir>
#include <QFile>
#include <QTemporaryDir>

using namespace mcpcore;

class tst_ClientFiles : public QObject
{
    Q_OBJECT

    ClientCatalog m_catalog;
    std::unique_ptr<QTemporaryDir> m_folder;
    Machine m_machine;

    QString home(const char *path) const { return m_machine.home + QLatin1Char('/') + QString::fromUtf8(path); }
    void makeFolder(const char *path) { QVERIFY(QDir().mkpath(home(path))); }
    void makeFile(const char *path, const QByteArray &bytes = "{}", bool executable = false)
    {
        QVERIFY(QDir().mkpath(QFileInfo(home(path)).path()));
        QFile file(home(path));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
        if (executable)
            file.setPermissions(QFile::ReadOwner | QFile::ExeOwner);
    }
    FoundClient found(const char *id, const QString &workspace = {}) const
    {
        return lookFor(*m_catalog.find(QLatin1String(id)), m_machine, workspace);
    }
    // Below home, sorted.
    QStringList files(const char *id, const QString &workspace = {}) const
    {
        QStringList paths;
        for (const ClientFile &file : found(id, workspace).files)
            paths.append(file.path.startsWith(m_machine.home + QLatin1Char('/')) ? file.path.mid(m_machine.home.size() + 1) : file.path);
        return paths;
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto catalog = ClientCatalog::builtIn();
        QVERIFY(catalog);
        m_catalog = *catalog;
    }
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_machine = {OperatingSystem::Linux, m_folder->path() + QStringLiteral("/home"), {}};
        makeFolder("bin");
        m_machine.variables[QStringLiteral("PATH")] = home("bin");
    }
    void nothingIsInstalledInAnEmptyHome()
    {
        for (const FoundClient &client : lookForAll(m_catalog, m_machine))
            QVERIFY2(!client.isInstalled(), qPrintable(client.kind + QLatin1Char(' ') + client.evidence));
    }
    void eachClientIsFound_data()
    {
        QTest::addColumn<QByteArray>("shows"); // ends with / for a folder
        QTest::addColumn<QStringList>("expected");
        const auto row = [](const char *id, const char *shows, const QStringList &expected) {
            QTest::newRow(id) << QByteArray(shows) << expected;
        };
        row("claude-desktop", ".config/Claude/", {QStringLiteral(".config/Claude/claude_desktop_config.json")});
        row("claude-code", ".claude.json", {QStringLiteral(".claude.json")});
        row("cursor", ".cursor/", {QStringLiteral(".cursor/mcp.json")});
        row("vscode", ".config/Code/User/", {QStringLiteral(".config/Code/User/mcp.json")});
        row("windsurf", ".codeium/windsurf/", {QStringLiteral(".codeium/windsurf/mcp_config.json")});
        row("devin", ".config/devin/", {QStringLiteral(".config/devin/mcp_config.json")});
        row("codex", ".codex/", {QStringLiteral(".codex/config.toml")});
        row("gemini-cli", ".gemini/settings.json", {QStringLiteral(".gemini/settings.json")});
        row("antigravity", ".gemini/antigravity-cli/", {QStringLiteral(".gemini/config/mcp_config.json")});
        row("copilot-cli", ".copilot/", {QStringLiteral(".copilot/mcp-config.json")});
        row("opencode", ".config/opencode/", {QStringLiteral(".config/opencode/opencode.json")});
        row("amp", ".config/amp/", {QStringLiteral(".config/amp/settings.json")});
        row("cline", ".cline/data/settings/", {QStringLiteral(".cline/data/settings/cline_mcp_settings.json")});
        row("zed", ".config/zed/", {QStringLiteral(".config/zed/settings.json")});
        row("junie", ".junie/", {QStringLiteral(".junie/mcp/mcp.json")});
        row("goose", ".config/goose/", {QStringLiteral(".config/goose/config.yaml")});
        row("warp", ".warp/", {QStringLiteral(".warp/.mcp.json")});
        row("lm-studio", ".lmstudio/", {QStringLiteral(".lmstudio/mcp.json")});
        row("kiro", ".kiro/", {QStringLiteral(".kiro/settings/mcp.json")});
        row("continue", ".continue/config.yaml", {QStringLiteral(".continue/config.yaml")});
    }
    void eachClientIsFound()
    {
        QFETCH(QByteArray, shows);
        QFETCH(QStringList, expected);
        shows.endsWith('/') ? makeFolder(shows) : makeFile(shows);
        const char *id = QTest::currentDataTag();
        QVERIFY(found(id).isInstalled());
        QVERIFY(found(id).evidence.startsWith(m_machine.home));
        QCOMPARE(files(id), expected);
        QStringList installed;
        for (const FoundClient &client : lookForAll(m_catalog, m_machine))
            if (client.isInstalled())
                installed.append(client.kind);
        QCOMPARE(installed, QStringList{QLatin1String(id)});
    }
    void eachClientIsFoundByItsProgramAlone_data()
    {
        QTest::addColumn<QString>("id");
        for (const ClientKind &kind : m_catalog.kinds)
            for (const QString &program : kind.programs)
                QTest::newRow(qPrintable(program)) << kind.id;
    }
    void eachClientIsFoundByItsProgramAlone()
    {
        QFETCH(QString, id);
        makeFile((QByteArray("bin/") + QTest::currentDataTag()).constData(), "#!/bin/sh\ntouch \"$HOME/was-run\"\n", true);
        QVERIFY(found(id.toLatin1().constData()).isInstalled());
        QVERIFY(!QFile::exists(home("was-run")));
    }
    void aFileThatCannotRunIsNoProgram()
    {
        makeFile("bin/codex");
        makeFolder("bin/claude");
        QVERIFY(!found("codex").isInstalled());
        QVERIFY(!found("claude-code").isInstalled());
    }
    void variablesMoveFiles()
    {
        const QString other = m_folder->path() + QStringLiteral("/other");
        QVERIFY(QDir().mkpath(other));
        m_machine.variables[QStringLiteral("CLAUDE_CONFIG_DIR")] = other;
        QCOMPARE(files("claude-code"), QStringList{other + QStringLiteral("/.claude.json")});
        m_machine.variables[QStringLiteral("CODEX_HOME")] = other;
        QCOMPARE(files("codex"), QStringList{other + QStringLiteral("/config.toml")});
        QCOMPARE(found("codex").evidence, other);
        m_machine.variables[QStringLiteral("GEMINI_CLI_HOME")] = other;
        QCOMPARE(files("gemini-cli"), QStringList{other + QStringLiteral("/.gemini/settings.json")});
        m_machine.variables[QStringLiteral("XDG_CONFIG_HOME")] = other;
        QCOMPARE(files("opencode"), QStringList{other + QStringLiteral("/opencode/opencode.json")});
        m_machine.variables[QStringLiteral("OPENCODE_CONFIG")] = other + QStringLiteral("/mine.json");
        QCOMPARE(files("opencode"), QStringList{other + QStringLiteral("/mine.json")});
    }
    void aVariableThatIsNoPlaceCountsAsNotSet()
    {
        for (const char *value : {"", "relative/folder", "~"}) {
            m_machine.variables[QStringLiteral("XDG_CONFIG_HOME")] = QString::fromLatin1(value);
            m_machine.variables[QStringLiteral("OPENCODE_CONFIG")] = QString::fromLatin1(value);
            QCOMPARE(files("opencode"), QStringList{QStringLiteral(".config/opencode/opencode.json")});
        }
    }
    void theValueOfAVariableIsNoPattern()
    {
        const QString odd = m_folder->path() + QStringLiteral("/a*b");
        QVERIFY(QDir().mkpath(odd + QStringLiteral("/zed")) && QDir().mkpath(m_folder->path() + QStringLiteral("/aXb/zed")));
        m_machine.variables[QStringLiteral("XDG_CONFIG_HOME")] = odd;
        QCOMPARE(files("zed"), QStringList{odd + QStringLiteral("/zed/settings.json")});
    }
    void everyEditorOfTheFamilyAndItsProfilesAreFound()
    {
        makeFolder(".config/Code/User/profiles/-4f2a");
        makeFolder(".config/Code/User/profiles/7c11");
        makeFile(".config/Code - Insiders/User/mcp.json");
        makeFolder(".config/VSCodium/User");
        const FoundClient code = found("vscode");
        QCOMPARE(files("vscode"),
                 (QStringList{QStringLiteral(".config/Code/User/mcp.json"), QStringLiteral(".config/Code - Insiders/User/mcp.json"),
                              QStringLiteral(".config/VSCodium/User/mcp.json"), QStringLiteral(".config/Code/User/profiles/-4f2a/mcp.json"),
                              QStringLiteral(".config/Code/User/profiles/7c11/mcp.json")}));
        QVERIFY(!code.files[0].isThere && code.files[1].isThere);
        QCOMPARE(code.files[3].scope, ClientFileKind::Scope::Profile);
    }
    void theFileThatIsThereIsTaken()
    {
        makeFile(".config/opencode/opencode.jsonc");
        QCOMPARE(files("opencode"), QStringList{QStringLiteral(".config/opencode/opencode.jsonc")});
        makeFile(".config/opencode/opencode.json");
        QCOMPARE(files("opencode"), QStringList{QStringLiteral(".config/opencode/opencode.json")});
    }
    void aFileIsNotOfferedWhereItsClientWouldNotLookForIt()
    {
        makeFolder(".continue");
        QVERIFY(found("continue").isInstalled() && files("continue").isEmpty());
        makeFolder(".cline");
        QVERIFY(files("cline").isEmpty());
        makeFolder(".config/VSCodium/User/globalStorage/saoudrizwan.claude-dev/settings");
        QCOMPARE(files("cline"), QStringList{QStringLiteral(
                                     ".config/VSCodium/User/globalStorage/saoudrizwan.claude-dev/settings/cline_mcp_settings.json")});
        QVERIFY(QDir(home(".config")).removeRecursively());
        makeFolder(".cline/data/settings");
        QCOMPARE(files("cline"), QStringList{QStringLiteral(".cline/data/settings/cline_mcp_settings.json")});
    }
    void aLinkToNothingIsThere()
    {
        makeFolder(".codex");
        QVERIFY(QFile::link(QStringLiteral("/nowhere/at/all"), home(".codex/config.toml")));
        QVERIFY(found("codex").files[0].isThere);
    }
    void aWorkspaceAddsItsOwnFiles()
    {
        const QString workspace = m_folder->path() + QStringLiteral("/project");
        makeFolder(".cursor");
        QCOMPARE(files("cursor", workspace),
                 (QStringList{QStringLiteral(".cursor/mcp.json"), workspace + QStringLiteral("/.cursor/mcp.json")}));
        QCOMPARE(files("claude-code", workspace).last(), workspace + QStringLiteral("/.mcp.json"));
        QCOMPARE(files("vscode", workspace), QStringList{workspace + QStringLiteral("/.vscode/mcp.json")});
        QCOMPARE(files("goose", workspace), QStringList());
    }
    void theVersionIsReadBesideTheProgram()
    {
        makeFile("lib/node_modules/@openai/codex/package.json", "{\"name\": \"@openai/codex\", \"version\": \"0.169.0\"}");
        makeFile("lib/node_modules/@openai/codex/bin/codex.js", "#!/usr/bin/env node\n", true);
        QVERIFY(QFile::link(home("lib/node_modules/@openai/codex/bin/codex.js"), home("bin/codex")));
        QCOMPARE(found("codex").version, QStringLiteral("0.169.0"));
        makeFile("share/claude/versions/2.1.328",
                 "\x7f"
                 "ELF",
                 true);
        QVERIFY(QFile::link(home("share/claude/versions/2.1.328"), home("bin/claude")));
        QCOMPARE(found("claude-code").version, QStringLiteral("2.1.328"));
        makeFile("share/code/resources/app/package.json", "{\"name\": \"Code\", \"version\": \"1.127.0\"}");
        makeFile("share/code/bin/code", "#!/bin/sh\n", true);
        QVERIFY(QFile::link(home("share/code/bin/code"), home("bin/code")));
        QCOMPARE(found("vscode").version, QStringLiteral("1.127.0"));
    }
    void aVersionOfAnotherPackageIsNotTold()
    {
        makeFile("package.json", "{\"name\": \"my-project\", \"version\": \"7.0.0\"}");
        makeFile("bin/gemini", "#!/bin/sh\n", true);
        QVERIFY(found("gemini-cli").isInstalled());
        QCOMPARE(found("gemini-cli").version, QString());
        makeFile("package.json", "{\"name\": \"@google/gemini-cli\", \"version\": \"<b>1</b>\"}");
        QCOMPARE(found("gemini-cli").version, QString());
    }
    void placesOnAMac()
    {
        m_machine.system = OperatingSystem::Mac;
        makeFolder("Library/Application Support/Claude");
        makeFolder("Library/Application Support/Code/User/profiles/p1");
        makeFolder("Library/Application Support/Cursor/User/globalStorage/saoudrizwan.claude-dev/settings");
        makeFolder(".config/zed");
        QCOMPARE(files("claude-desktop"), QStringList{QStringLiteral("Library/Application Support/Claude/claude_desktop_config.json")});
        QCOMPARE(files("vscode"), (QStringList{QStringLiteral("Library/Application Support/Code/User/mcp.json"),
                                               QStringLiteral("Library/Application Support/Code/User/profiles/p1/mcp.json")}));
        QCOMPARE(files("cline"), QStringList{QStringLiteral("Library/Application Support/Cursor/User/globalStorage/saoudrizwan.claude-dev/"
                                                            "settings/cline_mcp_settings.json")});
        QCOMPARE(files("zed"), QStringList{QStringLiteral(".config/zed/settings.json")});
        QCOMPARE(files("claude-code"), QStringList{QStringLiteral(".claude.json")});
    }
    void placesOnWindows()
    {
        m_machine.system = OperatingSystem::Windows;
        m_machine.variables = {{QStringLiteral("AppData"), QStringLiteral("C:\\Users\\U\\AppData\\Roaming")},
                               {QStringLiteral("LOCALAPPDATA"), home("AppData/Local")},
                               {QStringLiteral("Path"), home("bin") + QStringLiteral(";C:\\Windows")}};
        const auto placed = [this](const char *place) { return m_machine.expanded(QLatin1String(place)); };
        QCOMPARE(placed("${APPDATA:-~/AppData/Roaming}/Code/User/mcp.json"),
                 QStringList{QStringLiteral("C:/Users/U/AppData/Roaming/Code/User/mcp.json")});
        QCOMPARE(placed("~/.claude.json"), QStringList{home(".claude.json")});
        makeFolder("AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude");
        QCOMPARE(files("claude-desktop"),
                 QStringList{QStringLiteral("AppData/Local/Packages/Claude_pzs8sxrjxfjjc/LocalCache/Roaming/Claude/"
                                            "claude_desktop_config.json")});
        m_machine.variables.remove(QStringLiteral("AppData"));
        makeFolder("AppData/Roaming/Claude");
        QCOMPARE(files("claude-desktop").size(), 2);
        QCOMPARE(files("goose"), QStringList());
        makeFolder("AppData/Roaming/Block/goose/config");
        QCOMPARE(files("goose"), QStringList{QStringLiteral("AppData/Roaming/Block/goose/config/config.yaml")});
        makeFile("bin/codex.cmd", "@echo off", true);
        QVERIFY(m_machine.program(QStringLiteral("codex")).endsWith(QStringLiteral("codex.cmd")));
    }
    void thisComputerHasAHomeAndAPath()
    {
        const Machine here = Machine::current();
        QVERIFY(QDir(here.home).exists());
        QVERIFY(!here.program(QStringLiteral("sh")).isEmpty());
        QVERIFY(here.program(QStringLiteral("no-such-program-anywhere")).isEmpty());
    }
};

COUNTERSIGN_TEST(tst_ClientFiles)
#include "tst_ClientFiles.moc"
