// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "SetupBench.h"
#include "clientconfig/Backups.h"
#include "clientconfig/RunningPrograms.h"
#include "support/Runner.h"
#include <QProcess>
#include <sys/stat.h>

using namespace mcpcore;
using Status = SetupResult::Status;
using What = SetupWarning::What;

class tst_ClientSetup : public QObject
{
    Q_OBJECT

    std::unique_ptr<SetupBench> m_bench;

    QString path() const { return m_bench->path; }
    ClientSetup setup() { return m_bench->setup(); }
    SetupOrder order(const char *id, Way way = Way::Bridge) { return m_bench->order(m_bench->client(id), way); }
    static QString textOf(const QList<DiffLine> &lines)
    {
        QString text;
        for (const DiffLine &line : lines)
            text += QLatin1Char(line.kind == DiffLine::Kind::Added     ? '+'
                                : line.kind == DiffLine::Kind::Removed ? '-'
                                                                       : ' ')
                    + line.text + QLatin1Char('\n');
        return text;
    }
    static bool warns(const SetupPreview &preview, What what)
    {
        return std::any_of(preview.warnings.begin(), preview.warnings.end(), [what](const auto &one) { return one.what == what; });
    }
    // No file of the profile holds the token, but copies of the client's file.
    QByteArray recordBytes() const
    {
        QByteArray all;
        const QDir folder(m_bench->profile() + QStringLiteral("/connected"));
        for (const QString &name : folder.entryList({QStringLiteral("*.json")}))
            all += get(folder.filePath(name));
        return all;
    }

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<SetupBench>();
        m_bench->setClock({});
        QVERIFY(!m_bench->catalog.kinds.isEmpty());
    }
    void aPreviewShowsWhatWouldBeWrittenAndWritesNothing()
    {
        const QByteArray before =
            "{\n  // servers I use at work\n  \"mcpServers\": {\n    \"filesystem\": { \"command\": \"npx\" }\n  },\n  \"ui\": {}\n}\n";
        put(path(), before);
        const SetupPreview preview = setup().preview(m_bench->client("gemini-cli"), order("gemini-cli"));
        QCOMPARE(preview.result.status, Status::Written);
        QCOMPARE(preview.result.client, QStringLiteral("gemini-cli"));
        QCOMPARE(preview.result.file, path());
        QCOMPARE(textOf(preview.result.diff), QStringLiteral(" {\n   // servers I use at work\n   \"mcpServers\": {\n"
                                                             "-    \"filesystem\": { \"command\": \"npx\" }\n"
                                                             "+    \"filesystem\": { \"command\": \"npx\" },\n"
                                                             "+    \"countersign\": {\n"
                                                             "+      \"command\": \"/usr/bin/countersign-bridge\",\n"
                                                             "+      \"args\": [\"--client\", \"gemini-cli\"],\n"
                                                             "+      \"timeout\": 3600000\n"
                                                             "+    }\n"
                                                             "   },\n   \"ui\": {}\n }\n"));
        QCOMPARE(preview.result.diff[4].newLine, 4);
        QCOMPARE(preview.result.diff[4].oldLine, 0);
        QVERIFY(preview.bytesAdded > 100 && preview.warnings.isEmpty() && !preview.replaces);
        QCOMPARE(preview.checked.size(), 3);
        QVERIFY(preview.checked[0].contains(QStringLiteral("Gemini CLI's own rules")));
        QCOMPARE(preview.timeout, QStringLiteral("Timeout raised from 10 minutes to 1 hour, so that you have time to decide"));
        QVERIFY(preview.restart.contains(QStringLiteral("next start")));
        QCOMPARE(get(path()), before);
        QVERIFY(!QFile::exists(m_bench->profile()));
        const SetupResult written = setup().connect(m_bench->client("gemini-cli"), order("gemini-cli"));
        QCOMPARE(written.status, Status::Written);
        QCOMPARE(get(path()).size() - before.size(), preview.bytesAdded);
    }
    void theTokenIsDotsInAPreviewAndInNoRecord()
    {
        put(path(), "{\"mcpServers\": {\"a\": {\"url\": \"https://a.example.com\", \"headers\": {\"Authorization\": \"Bearer "
                    "sk_live_12345678\"}}}}\n");
        const SetupOrder http = order("cursor", Way::Http);
        const SetupPreview preview = setup().preview(m_bench->client("cursor"), http);
        const QString diff = textOf(preview.result.diff);
        QVERIFY2(diff.contains(QStringLiteral("\u2022\u2022\u2022\u2022")) && !diff.contains(QStringLiteral("cst_x")), qPrintable(diff));
        QVERIFY2(!diff.contains(QStringLiteral("sk_live")), qPrintable(diff)); // a neighbour's key, on the line that changes
        QCOMPARE(setup().connect(m_bench->client("cursor"), http).status, Status::Written);
        QVERIFY(get(path()).contains(SetupBench::token()));
        QVERIFY(!recordBytes().isEmpty() && !recordBytes().contains("cst_") && !recordBytes().contains("sk_live"));
    }
    void aFileThatTheClientCannotReadIsLeftWithItsPlace_data()
    {
        QTest::addColumn<QByteArray>("id");
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<int>("line");
        QTest::addColumn<int>("column");
        const auto row = [](const char *name, const char *id, const QByteArray &bytes, int line, int column) {
            QTest::newRow(name) << QByteArray(id) << bytes << line << column;
        };
        row("comment where none is read", "claude-code", "{\n  \"a\": 1 // one\n}\n", 2, 10);
        row("comma at the end", "gemini-cli", "{\n  \"a\": 1,\n}\n", 2, 9);
        row("byte order mark", "gemini-cli", "\xef\xbb\xbf{}", 1, 1);
        row("holder is a list", "claude-code", "{\n  \"mcpServers\": []\n}\n", 2, 17);
        row("unclosed", "cursor", "{\"mcpServers\": {", 1, 16);
        row("empty", "copilot-cli", "", 0, 0);
        row("UTF-16", "zed", QByteArray("\xff\xfe{\0}\0", 6), 0, 0);
        row("broken TOML", "codex", "model = \n", 1, 0);
        row("broken YAML", "goose", "extensions: {a\nb: c\n", 0, 0);
    }
    void aFileThatTheClientCannotReadIsLeftWithItsPlace()
    {
        QFETCH(QByteArray, id);
        QFETCH(QByteArray, bytes);
        QFETCH(int, line);
        QFETCH(int, column);
        put(path(), bytes);
        const ClientKind &kind = m_bench->client(id);
        for (const SetupResult &result : {setup().preview(kind, order(id)).result, setup().connect(kind, order(id))}) {
            QCOMPARE(result.status, Status::Refused);
            QVERIFY(!result.reason.isEmpty());
            QVERIFY2((line == 0 || result.line == line) && (column == 0 || result.column == column),
                     qPrintable(QStringLiteral("%1:%2 %3").arg(result.line).arg(result.column).arg(result.reason)));
        }
        QCOMPARE(get(path()), bytes);
        QVERIFY(!QFile::exists(m_bench->profile()));
    }
    void aNewFileIsMadeAndTakenAwayAgain()
    {
        for (const char *id : {"gemini-cli", "codex", "goose", "claude-code"}) {
            m_bench->path = m_bench->home() + QStringLiteral("/new/") + QLatin1String(id);
            const SetupPreview preview = setup().preview(m_bench->client(id), order(id));
            QCOMPARE(preview.result.status, Status::Written);
            QVERIFY(preview.checked[1].startsWith(QStringLiteral("A new file")));
            QVERIFY(!QFile::exists(path()));
            QCOMPARE(setup().connect(m_bench->client(id), order(id)).status, Status::Written);
            QVERIFY(get(path()).contains("countersign-bridge"));
            QCOMPARE(setup().disconnect(m_bench->client(id), order(id)).status, Status::Written);
            QVERIFY(!QFile::exists(path()));
            QCOMPARE(setup().undo(m_bench->client(id), order(id)).status, Status::Written);
            QVERIFY(get(path()).contains("countersign-bridge"));
        }
    }
    void aClientThatMakesItsFileItselfIsWaitedFor()
    {
        const SetupResult result = setup().connect(m_bench->client("continue"), order("continue"));
        QCOMPARE(result.status, Status::Refused);
        QVERIFY(result.reason.contains(QStringLiteral("Start Continue once")));
    }
    void clientsThatCannotBeWrittenSayWhatToDo()
    {
        QVERIFY(setup()
                    .connect(m_bench->client("chatgpt-web"), order("chatgpt-web"))
                    .reason.contains(QStringLiteral("Use the ChatGPT desktop app")));
        QVERIFY(setup().connect(m_bench->client("jetbrains-ai"), order("jetbrains-ai")).reason.contains(QStringLiteral("choose As JSON")));
        QVERIFY(setup()
                    .connect(m_bench->client("claude-desktop"), order("claude-desktop", Way::Http))
                    .reason.contains(QStringLiteral("Choose Bridge")));
        QVERIFY(!ClientSetup::snippet(m_bench->client("chatgpt-web"), Way::Bridge, order("chatgpt-web").values));
        QCOMPARE(*ClientSetup::snippet(m_bench->client("other"), Way::Bridge, order("other").values),
                 QByteArray("{\n  \"mcpServers\": {\n    \"countersign\": {\n      \"type\": \"stdio\",\n      \"command\": "
                            "\"/usr/bin/countersign-bridge\",\n"
                            "      \"args\": [\"--client\", \"other\"]\n    }\n  }\n}\n"));
    }
    void anEntryOfSomebodyElseIsKeptUnlessThePersonSaysSo()
    {
        const QByteArray before = "{\"mcpServers\": {\"countersign\": {\"command\": \"their-own\"}}}\n";
        put(path(), before);
        const ClientKind &kind = m_bench->client("cursor");
        SetupOrder over = order("cursor");
        const SetupResult refused = setup().connect(kind, over);
        QCOMPARE(refused.status, Status::Conflict);
        QVERIFY(refused.reason.contains(QStringLiteral("of somebody else")));
        QCOMPARE(setup().disconnect(kind, over).status, Status::Refused); // not ours to take out
        QCOMPARE(get(path()), before);
        over.existing = SetupOrder::Existing::Overwrite;
        QVERIFY(setup().preview(kind, over).replaces);
        QCOMPARE(setup().connect(kind, over).status, Status::Written);
        QVERIFY(!get(path()).contains("their-own"));
        QCOMPARE(setup().disconnect(kind, over).status, Status::Written);
        QCOMPARE(get(path()), before);
    }
    void anEntryOfOursFromElsewhereIsTakenOver()
    {
        put(path(), "{\"mcpServers\": {\"countersign\": {\"command\": \"/old/place/countersign-bridge\"}, \"a\": {}}}\n");
        const ClientKind &kind = m_bench->client("cursor");
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        QVERIFY(!get(path()).contains("/old/place"));
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Unchanged);
        // Another profile knows nothing of it, and may take it out.
        QVERIFY(QDir(m_bench->profile()).removeRecursively());
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{\"mcpServers\": {\"a\": {}}}\n"));
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Unchanged);
    }
    void oneEntryForEachNameIsPossible()
    {
        const QByteArray before = "{\"mcpServers\": {}}\n";
        put(path(), before);
        const ClientKind &kind = m_bench->client("cursor");
        SetupOrder stripe = order("cursor");
        stripe.values.name = QStringLiteral("stripe");
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(setup().connect(kind, stripe).status, Status::Written);
        QCOMPARE(setup().records().all().size(), 2);
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Written);
        QVERIFY(get(path()).contains("\"stripe\"") && !get(path()).contains("\"countersign\""));
        QCOMPARE(setup().disconnect(kind, stripe).status, Status::Written);
        QCOMPARE(get(path()), before);
    }
    void disconnectKeepsWhatOthersWroteMeanwhile()
    {
        put(path(), "{\n  \"a\": 1\n}\n");
        const ClientKind &kind = m_bench->client("cursor");
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        put(path(), get(path()).replace("\"a\": 1", "\"a\": 12345678901234567890"));
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{\n  \"a\": 12345678901234567890\n}\n"));
    }
    void aRotatedTokenKeepsWhatOthersWroteBetween()
    {
        put(path(), "{\n  \"a\": 1\n}\n");
        const ClientKind &kind = m_bench->client("cursor");
        SetupOrder http = order("cursor", Way::Http);
        QCOMPARE(setup().connect(kind, http).status, Status::Written);
        put(path(), get(path()).replace("\"a\": 1", "\"a\": 2"));
        http.values.token = SetupBench::token('y');
        QCOMPARE(setup().connect(kind, http).status, Status::Written);
        QVERIFY(get(path()).contains(SetupBench::token('y')) && !get(path()).contains(SetupBench::token('x')));
        QCOMPARE(setup().disconnect(kind, http).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{\n  \"a\": 2\n}\n"));
    }
    void anEntryThatIsGoneIsDisconnectedAlready()
    {
        put(path(), "{}\n");
        const ClientKind &kind = m_bench->client("claude-code");
        QCOMPARE(setup().connect(kind, order("claude-code")).status, Status::Written);
        put(path(), "{\"numStartups\": 2}"); // the client wrote its file from memory
        QCOMPARE(setup().disconnect(kind, order("claude-code")).status, Status::Unchanged);
        QCOMPARE(get(path()), QByteArray("{\"numStartups\": 2}"));
        QVERIFY(setup().records().all().isEmpty());
        QVERIFY(QFile::remove(path()));
        QCOMPARE(setup().disconnect(kind, order("claude-code")).status, Status::Unchanged);
    }
    void undoTakesTheLastChangeBackOnce()
    {
        const QByteArray before = "{\n  \"a\": 1\n}\n";
        put(path(), before);
        const ClientKind &kind = m_bench->client("cursor");
        QCOMPARE(setup().undo(kind, order("cursor")).status, Status::Refused);
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        const QByteArray connected = get(path());
        QCOMPARE(setup().undo(kind, order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), before);
        QVERIFY(setup().records().all().isEmpty());
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), before);
        QCOMPARE(setup().undo(kind, order("cursor")).status, Status::Written); // connected again
        QCOMPARE(get(path()), connected);
        const SetupResult nothing = setup().undo(kind, order("cursor"));
        QVERIFY(nothing.status == Status::Refused && nothing.reason.contains(QStringLiteral("nothing to undo")));
        QCOMPARE(setup().disconnect(kind, order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), before);
    }
    void undoRefusesAFileThatChangedAndShowsHow()
    {
        put(path(), "{\n  \"a\": 1\n}\n");
        const ClientKind &kind = m_bench->client("cursor");
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        const QByteArray theirs = get(path()).replace("\"a\": 1", "\"a\": 2");
        put(path(), theirs);
        const SetupResult refused = setup().undo(kind, order("cursor"));
        QCOMPARE(refused.status, Status::Refused);
        QVERIFY2(textOf(refused.diff).contains(QStringLiteral("-  \"a\": 1\n+  \"a\": 2")), qPrintable(textOf(refused.diff)));
        QCOMPARE(get(path()), theirs);
    }
    void noTokenGoesWhereFilesAreShared()
    {
        QVERIFY(QDir().mkpath(m_bench->home() + QStringLiteral("/src/.git")));
        m_bench->path = m_bench->home() + QStringLiteral("/src/.cursor/mcp.json");
        const ClientKind &kind = m_bench->client("cursor");
        const SetupResult refused = setup().connect(kind, order("cursor", Way::Http));
        QCOMPARE(refused.status, Status::Refused);
        QVERIFY2(refused.reason.contains(QStringLiteral("version control")) && refused.reason.contains(QStringLiteral("Choose Bridge")),
                 qPrintable(refused.reason));
        QVERIFY(!QFile::exists(path()));
        QVERIFY(warns(setup().preview(kind, order("cursor")), What::Versioned));
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
    }
    void whatElseIsInTheFileIsSaid()
    {
        put(path(), "{\"mcp\": {\"allowed\": [\"other\"], \"excluded\": [\"countersign\"]},\n"
                    " \"mcpServers\": {\"stripe\": {\"url\": \"https://mcp.stripe.com\"}, \"local\": {\"command\": \"npx\", \"args\": "
                    "[\"-y\", \"@stripe/mcp@0.9.0\"]},\n"
                    "  \"fine\": {\"command\": \"npx\"}}}\n");
        const ClientKind &kind = m_bench->client("gemini-cli");
        SetupPreview preview = setup().preview(kind, order("gemini-cli"));
        QStringList around;
        for (const SetupWarning &warning : preview.warnings)
            if (warning.what == What::Bypass)
                around.append(warning.entry + QLatin1Char('/') + warning.vendor);
        QCOMPARE(around, (QStringList{QStringLiteral("stripe/Stripe"), QStringLiteral("local/Stripe")}));
        QVERIFY(warns(preview, What::LeftOut));
        put(path(), "{\"mcp\": {\"excluded\": [\"countersign\"]}}\n");
        QVERIFY(warns(setup().preview(kind, order("gemini-cli")), What::LeftOut));
        put(path(), "{\"mcp\": {\"allowed\": [\"countersign\"]}}\n");
        QVERIFY(!warns(setup().preview(kind, order("gemini-cli")), What::LeftOut));
        QCOMPARE(::chmod(QFile::encodeName(path()).constData(), 0644), 0);
        QVERIFY(warns(setup().preview(kind, order("gemini-cli", Way::Http)), What::OthersMayRead));
        QVERIFY(!warns(setup().preview(kind, order("gemini-cli")), What::OthersMayRead));
    }
    void aClientThatWouldWriteOverUsIsQuitFirst()
    {
        put(path(), "{}");
        m_bench->running = {QStringLiteral("claude-desktop")};
        const ClientKind &kind = m_bench->client("claude-desktop");
        QVERIFY(warns(setup().preview(kind, order("claude-desktop")), What::MustQuit));
        for (const SetupResult &result : {setup().connect(kind, order("claude-desktop")), setup().disconnect(kind, order("claude-desktop")),
                                          setup().undo(kind, order("claude-desktop"))}) {
            QCOMPARE(result.status, Status::Refused);
            QVERIFY(result.reason.contains(QStringLiteral("Claude Desktop is running")));
        }
        QCOMPARE(get(path()), QByteArray("{}"));
        m_bench->running.clear();
        QCOMPARE(setup().connect(kind, order("claude-desktop")).status, Status::Written);
    }
    void runningProgramsAreFound()
    {
        const QString name = QStringLiteral("acme-desktop");
        QVERIFY(QFile::copy(QStringLiteral("/bin/sleep"), m_bench->home() + QLatin1Char('/') + name));
        QCOMPARE(runningPrograms({name}), QStringList());
        QProcess process;
        process.start(m_bench->home() + QLatin1Char('/') + name, {QStringLiteral("60")});
        QVERIFY(process.waitForStarted());
        QCOMPARE(runningPrograms({name, QStringLiteral("nobody")}), QStringList{name});
        process.kill();
        QVERIFY(process.waitForFinished());
        QCOMPARE(runningPrograms({name}), QStringList());
    }
    void aRaceIsRunAgain()
    {
        put(path(), "{\"n\": 1}\n");
        int left = 2; // the first two attempts
        m_bench->steps.onBefore = [&](int, FileSteps::Step step) {
            if (step == FileSteps::Step::Exchange && left-- > 0)
                put(path() + QStringLiteral("~"), "{\"n\": 2}\n"),
                    (void)::rename(QFile::encodeName(path() + QLatin1Char('~')), QFile::encodeName(path()));
            return 0;
        };
        QCOMPARE(setup().connect(m_bench->client("cursor"), order("cursor")).status, Status::Written);
        QVERIFY(get(path()).contains("\"n\": 2") && get(path()).contains("countersign"));
        QCOMPARE(setup().disconnect(m_bench->client("cursor"), order("cursor")).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{\"n\": 2}\n"));
    }
    void aClientThatKeepsItsLockIsAConflict()
    {
        put(path(), "{}");
        QVERIFY(QDir().mkdir(path() + QStringLiteral(".lock")));
        const SetupResult busy = setup().connect(m_bench->client("claude-code"), order("claude-code"));
        QCOMPARE(busy.status, Status::Conflict);
        QCOMPARE(get(path()), QByteArray("{}"));
        QVERIFY(setup().records().all().isEmpty());
    }
    void whateverFailsWhatIsSaidIsSo()
    {
        for (int failing = 0;; ++failing) {
            init();
            const QByteArray before = "{\n  \"a\": 1\n}\n";
            put(path(), before);
            m_bench->steps.onBefore = [&](int number, FileSteps::Step) { return number == failing ? EIO : 0; };
            const SetupResult result = setup().connect(m_bench->client("claude-code"), order("claude-code"));
            const bool reached = m_bench->steps.count > failing;
            m_bench->steps.onBefore = nullptr;
            QVERIFY2((result.status == Status::Written) == (get(path()) != before), qPrintable(result.reason));
            QCOMPARE(setup().records().all().size(), result.status == Status::Written ? 1 : 0);
            if (result.status == Status::Written) {
                QVERIFY(QDir(path() + QStringLiteral(".lock")).exists() ? QDir().rmdir(path() + QStringLiteral(".lock")) : true);
                QCOMPARE(setup().disconnect(m_bench->client("claude-code"), order("claude-code")).status, Status::Written);
                QCOMPARE(get(path()), before);
            }
            if (!reached)
                break;
        }
    }
    void recordsAreForThisUserOnlyAndKeepNoMoreThanNeeded()
    {
        put(path(), "{}");
        const ClientKind &kind = m_bench->client("cursor");
        SetupOrder http = order("cursor", Way::Http);
        for (char with = 'a'; with < 'f'; ++with) {
            http.values.token = SetupBench::token(with);
            QCOMPARE(setup().connect(kind, http).status, Status::Written);
        }
        const QFileInfoList files = QDir(m_bench->profile() + QStringLiteral("/connected")).entryInfoList(QDir::Files | QDir::Hidden);
        QCOMPARE(files.size(), 3); // the record, the original, and what was before the last change
        for (const QFileInfo &file : files)
            QCOMPARE(file.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther),
                     QFile::Permissions());
        QCOMPARE(setup().undo(kind, http).status, Status::Written);
        QVERIFY(get(path()).contains(SetupBench::token('d')));
        QCOMPARE(setup().disconnect(kind, http).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{}"));
    }
    void aDamagedRecordIsSaidAndNothingWritten()
    {
        put(path(), "{}");
        const ClientKind &kind = m_bench->client("cursor");
        QCOMPARE(setup().connect(kind, order("cursor")).status, Status::Written);
        const QByteArray connected = get(path());
        const QDir folder(m_bench->profile() + QStringLiteral("/connected"));
        put(folder.filePath(folder.entryList({QStringLiteral("*.json")}).first()), "{\"format\": 1");
        const SetupResult refused = setup().disconnect(kind, order("cursor"));
        QVERIFY(refused.status == Status::Refused && refused.reason.contains(QStringLiteral("is damaged")));
        QCOMPARE(get(path()), connected);
    }
};

COUNTERSIGN_TEST(tst_ClientSetup)
#include "tst_ClientSetup.moc"
