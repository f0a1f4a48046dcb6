// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SetupBench.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

QDir goldenFolder(const QString &id)
{
    return QDir(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/clientconfig/") + id);
}

} // namespace

// tests/clientconfig/<client>/before[-what].<ext>: a file as that client may have it. connected[-http][-what].<ext> is what it has to be after
// connecting, to the byte, and disconnected[-what].<ext> after disconnecting. COUNTERSIGN_GOLDEN=write writes what is missing, to be read.
class tst_Golden : public QObject
{
    Q_OBJECT

    SetupBench m_bench;

    static void compare(const QString &name, const QByteArray &is, const QDir &folder)
    {
        const QString file = folder.filePath(name);
        if (!QFile::exists(file) && qgetenv("COUNTERSIGN_GOLDEN") == "write")
            put(file, is);
        QVERIFY2(QFile::exists(file), qPrintable(name + QStringLiteral(" is missing")));
        QCOMPARE(is, get(file));
    }

private Q_SLOTS:
    void everyClientWithFilesHasGoldenFiles()
    {
        QVERIFY(!m_bench.catalog.kinds.isEmpty());
        for (const ClientKind &kind : m_bench.catalog.kinds)
            if (!kind.files.isEmpty())
                QVERIFY2(!goldenFolder(kind.id).entryList({QStringLiteral("before*")}).isEmpty(), qPrintable(kind.id));
    }
    void connectingAndDisconnectingChangesTheEntryOnly_data()
    {
        QTest::addColumn<QString>("id");
        QTest::addColumn<QString>("before");
        QTest::addColumn<Way>("way");
        for (const ClientKind &kind : m_bench.catalog.kinds)
            for (const QString &name : goldenFolder(kind.id).entryList({QStringLiteral("before*")}))
                for (const Way way : {Way::Bridge, Way::Http})
                    if (kind.has(way))
                        QTest::newRow(qPrintable(kind.id + QLatin1Char(' ') + name + QLatin1String(way == Way::Http ? " http" : "")))
                            << kind.id << name << way;
    }
    void connectingAndDisconnectingChangesTheEntryOnly()
    {
        QFETCH(QString, id);
        QFETCH(QString, before);
        QFETCH(Way, way);
        const QDir folder = goldenFolder(id);
        const ClientKind &kind = *m_bench.catalog.find(id);
        const QString what = before.mid(6);
        m_bench.path = m_bench.home() + QLatin1Char('/') + id + what;
        const QByteArray bytes = get(folder.filePath(before));
        put(m_bench.path, bytes);
        const SetupOrder order = m_bench.order(kind, way);
        const ClientSetup setup = m_bench.setup();
        const SetupResult connected = setup.connect(kind, order);
        QVERIFY2(connected.status == SetupResult::Status::Written,
                 qPrintable(QStringLiteral("%1:%2 %3").arg(connected.line).arg(connected.column).arg(connected.reason)));
        compare(QLatin1String(way == Way::Http ? "connected-http" : "connected") + what, get(m_bench.path), folder);
        QCOMPARE(setup.connect(kind, order).status, SetupResult::Status::Unchanged);
        // Without the original: what was put in is found and taken out.
        const auto record = setup.records().find(id, m_bench.path, order.values.name);
        QVERIFY(record && *record);
        const auto taken = changedFile(get(m_bench.path), kind.dialect, (*record)->place, EntryChange::Remove, Json(), (*record)->created);
        QVERIFY2(taken || bytes.isEmpty(), taken ? "" : qPrintable(taken.error().reason));
        if (taken)
            QCOMPARE(taken->bytes, bytes);
        const SetupResult disconnected = setup.disconnect(kind, order);
        QVERIFY2(disconnected.status == SetupResult::Status::Written, qPrintable(disconnected.reason));
        QCOMPARE(get(m_bench.path), bytes);
        compare(QStringLiteral("disconnected") + what, get(m_bench.path), folder);
    }
    // The entry that a client reads, said once more by hand: golden files that were written by the program prove nothing about the shape.
    void theEntryIsInThePlaceAndShapeThatTheClientReads_data()
    {
        QTest::addColumn<QByteArray>("where");
        QTest::addColumn<QByteArray>("bridge");
        QTest::addColumn<QByteArray>("http");
        const QByteArray start = R"("command":"/usr/bin/countersign-bridge","args":["--client","ID"])";
        const QByteArray headers = R"("headers":{"Authorization":"Bearer TOKEN"})";
        const auto row = [](const char *id, const char *where, const QByteArray &bridge, const QByteArray &http) {
            QTest::newRow(id) << QByteArray(where) << bridge << http;
        };
        row("claude-desktop", "mcpServers", "{" + start + "}", "");
        row("claude-code", "mcpServers", R"({"type":"stdio",)" + start + R"(,"timeout":3600000})",
            R"({"type":"http","url":"URL",)" + headers + R"(,"timeout":3600000})");
        row("cursor", "mcpServers", "{" + start + "}", R"({"url":"URL",)" + headers + "}");
        row("vscode", "servers", R"({"type":"stdio",)" + start + "}", R"({"type":"http","url":"URL",)" + headers + "}");
        row("windsurf", "mcpServers", "{" + start + "}", R"({"serverUrl":"URL",)" + headers + "}");
        row("devin", "mcpServers", "{" + start + "}", R"({"url":"URL","transport":"http",)" + headers + "}");
        row("codex", "mcp_servers", "{" + start + R"(,"tool_timeout_sec":3600})",
            R"({"url":"URL","http_headers":{"Authorization":"Bearer TOKEN"},"tool_timeout_sec":3600})");
        row("gemini-cli", "mcpServers", "{" + start + R"(,"timeout":3600000})",
            R"({"httpUrl":"URL",)" + headers + R"(,"timeout":3600000})");
        row("antigravity", "mcpServers", "{" + start + "}", R"({"serverUrl":"URL",)" + headers + "}");
        row("copilot-cli", "mcpServers", R"({"type":"local",)" + start + R"(,"tools":["*"],"timeout":3600000})",
            R"({"type":"http","url":"URL",)" + headers + R"(,"tools":["*"],"timeout":3600000})");
        row("opencode", "mcp",
            R"({"type":"local","command":["/usr/bin/countersign-bridge","--client","ID"],"enabled":true,"timeout":3600000})",
            R"({"type":"remote","url":"URL",)" + headers + R"(,"enabled":true,"timeout":3600000})");
        row("amp", "amp.mcpServers", "{" + start + "}", R"({"url":"URL",)" + headers + "}");
        row("cline", "mcpServers", "{" + start + R"(,"timeout":3600,"disabled":false,"autoApprove":[]})",
            R"({"type":"streamableHttp","url":"URL",)" + headers + R"(,"timeout":3600,"disabled":false,"autoApprove":[]})");
        row("zed", "context_servers", "{" + start + R"(,"env":{},"timeout":600})", R"({"url":"URL",)" + headers + R"(,"timeout":600})");
        row("junie", "mcpServers", "{" + start + "}", "");
        row("goose", "extensions",
            R"({"type":"stdio","name":"countersign","enabled":true,"cmd":"/usr/bin/countersign-bridge",)"
            R"("args":["--client","ID"],"envs":{},"env_keys":[],"timeout":3600})",
            R"({"type":"streamable_http","name":"countersign","enabled":true,"uri":"URL",)" + headers
                + R"(,"envs":{},"env_keys":[],"timeout":3600})");
        row("warp", "mcpServers", "{" + start + "}", R"({"url":"URL",)" + headers + "}");
        row("lm-studio", "mcpServers", "{" + start + R"(,"timeout":3600000})", R"({"url":"URL",)" + headers + R"(,"timeout":3600000})");
        row("kiro", "mcpServers", "{" + start + R"(,"disabled":false,"autoApprove":[]})",
            R"({"url":"URL",)" + headers + R"(,"disabled":false,"autoApprove":[]})");
        row("continue", "mcpServers", R"({"name":"countersign","type":"stdio",)" + start + "}",
            R"({"name":"countersign","type":"streamable-http","url":"URL","requestOptions":{)" + headers + "}}");
    }
    void theEntryIsInThePlaceAndShapeThatTheClientReads()
    {
        QFETCH(QByteArray, where);
        QFETCH(QByteArray, bridge);
        QFETCH(QByteArray, http);
        const QByteArray id = QTest::currentDataTag();
        const ClientKind &kind = m_bench.client(id);
        QCOMPARE(kind.has(Way::Http), !http.isEmpty());
        for (const auto &[way, form] : {std::pair{Way::Bridge, bridge}, std::pair{Way::Http, http}}) {
            if (form.isEmpty())
                continue;
            const auto file = ClientSetup::snippet(kind, way, m_bench.order(kind, way).values);
            QVERIFY2(file, file ? "" : qPrintable(file.error().message));
            const auto document = meaningOf(*file, kind.dialect);
            QVERIFY(document);
            QByteArray expected = form;
            expected.replace("ID", id).replace("URL", "http://127.0.0.1:7345/mcp").replace("TOKEN", SetupBench::token());
            const auto entry = parseJson(expected.toStdString());
            QVERIFY2(entry, expected);
            const ConfigValue *holder = document->at({QString::fromUtf8(where)});
            QVERIFY(holder && document->members.size() == 1);
            const ConfigValue *is = holder->kind == ConfigValue::Kind::List ? &holder->items.at(0) : holder->member("countersign");
            QVERIFY(is);
            QVERIFY2(sameMeaning(*is, configValue(*entry)), *file);
        }
    }
};

COUNTERSIGN_TEST(tst_Golden)
#include "tst_Golden.moc"
