// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "ImportRows.h"
#include "JsonDocuments.h"
#include "SetupBench.h"
#include "TomlDocuments.h"
#include "YamlDocuments.h"
#include "base/Json.h"
#include "clientconfig/ClientImport.h"
#include "clientconfig/ImportScan.h"
#include "support/Runner.h"
#include <QDirIterator>

using namespace mcpcore;
using Status = SetupResult::Status;
using What = ImportWarning::What;

namespace {

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

} // namespace

class tst_ClientImport : public QObject
{
    Q_OBJECT

    std::unique_ptr<SetupBench> m_bench;

    QString path() const { return m_bench->path; }
    ClientImport importer() { return ClientImport(m_bench->surroundings()); }
    ImportScan scan(const char *id) const
    {
        auto found = scanForImport(get(path()), m_bench->client(id), builtInPacks().value_or(QList<Pack>()), {});
        return found ? std::move(*found) : ImportScan();
    }
    // Of the entries with these names, or all, and the keys of all.
    ImportOrder order(const char *id, const QStringList &names = {}, Way way = Way::Bridge) const
    {
        ImportScan found = scan(id);
        ImportOrder order{m_bench->order(m_bench->client(id), way), {}, {}};
        QList<qsizetype> keys;
        for (const FoundServer &server : found.servers) {
            if (!names.isEmpty() && !names.contains(server.place.name))
                continue;
            order.entries.append(server.place);
            for (const KeyPlace &place : server.keys)
                if (!keys.contains(place.key))
                    keys.append(place.key);
        }
        for (const qsizetype key : keys) {
            Secret &secret = found.keys[size_t(key)].secret;
            order.keys.push_back({QString::fromLatin1(sha256(secret.reveal()).toHex().left(12)), std::move(secret)});
        }
        return order;
    }
    static std::vector<ImportedKey> keysOf(const ImportOrder &order)
    {
        std::vector<ImportedKey> keys;
        for (const ImportedKey &key : order.keys)
            keys.push_back({key.name, key.secret.duplicate()});
        return keys;
    }
    // The files with such a word in them, the kept text of imports read out.
    QStringList filesWith(const QByteArray &word, const QString &folder) const
    {
        QStringList found;
        QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString file = files.next();
            QByteArray bytes = get(file);
            if (const auto json = parseJson(viewOf(bytes)); json && memberAt(*json, "kept"))
                bytes += QByteArray::fromBase64(stringAt(*json, "kept", {}).toLatin1());
            if (bytes.contains(word))
                found.append(file);
        }
        return found;
    }
    QStringList filesWithCanary() const { return filesWith("CANARY", m_bench->folder.path()); }
    static bool warns(const ImportResult &result, What what)
    {
        return std::any_of(result.warnings.begin(), result.warnings.end(), [what](const auto &one) { return one.what == what; });
    }
    static bool says(const ImportResult &result, const QByteArray &word)
    {
        QString all = result.result.reason + result.record;
        for (const DiffLine &line : result.result.diff)
            all += line.text;
        for (const ImportWarning &warning : result.warnings)
            all += warning.text;
        return all.contains(QString::fromUtf8(word));
    }

    // Why the keys of this document do not go and come back as they should; empty where they do, or where it may not be edited.
    QByteArray wrong(const QByteArray &document, const ConfigDialect &dialect, EntryPlace place, int &imported)
    {
        place.name = QStringLiteral("theirs");
        const Json entry{{"command", "npx"},
                         {"args", {"-y", "@stripe/mcp", "--api-key=" + kStripeTest.toStdString()}},
                         {"env", {{"A_KEY", kStatsig.toStdString()}}}};
        const auto with = changedFile(document, dialect, place, EntryChange::Insert, entry, 0);
        if (!with)
            return {};
        ClientKind kind = m_bench->client("cursor");
        kind.dialect = dialect;
        kind.shapes.front().path = place.path;
        kind.shapes.front().holder = place.holder;
        put(path(), with->bytes);
        ImportOrder order{m_bench->order(kind, Way::Bridge), {place}, {}};
        order.setup.values.name = QStringLiteral("countersign");
        order.setup.existing = SetupOrder::Existing::Overwrite;
        order.keys.push_back({QStringLiteral("one"), Secret(viewOf(kStripeTest))});
        order.keys.push_back({QStringLiteral("two"), Secret(viewOf(kStatsig))});
        const ImportResult done = importer().takeOver(kind, order);
        if (done.result.status != Status::Written)
            return get(path()) == with->bytes && filesWith("CANARY", m_bench->profile()).isEmpty() ? QByteArray()
                                                                                                   : QByteArray("refused, and changed");
        ++imported;
        if (!filesWithCanary().isEmpty())
            return "a key was left";
        const auto record = importer().records().find(done.record);
        if (!record || importer().undo(kind, *record, order.keys).result.status != Status::Written)
            return "not undone";
        return get(path()) == with->bytes ? QByteArray() : QByteArray("not the same again");
    }

private Q_SLOTS:
    void init()
    {
        m_bench = std::make_unique<SetupBench>();
        m_bench->setClock({});
    }
    void anImportMovesTheKeysAndUndoPutsEveryByteBack_data()
    {
        QTest::addColumn<qsizetype>("row");
        const QList<ImportRow> rows = importRows();
        for (qsizetype i = 0; i < rows.size(); ++i)
            QTest::newRow(rows[i].name) << i;
    }
    void anImportMovesTheKeysAndUndoPutsEveryByteBack()
    {
        QFETCH(qsizetype, row);
        const ImportRow file = importRows()[row];
        const ClientKind &kind = m_bench->client(file.client);
        put(path(), file.file);
        const ImportOrder all = order(file.client);
        QCOMPARE(qsizetype(all.keys.size()), file.keys);
        const ImportResult preview = importer().preview(kind, all);
        QVERIFY2(preview.result.status == Status::Written, qPrintable(preview.result.reason));
        QVERIFY(!preview.result.diff.isEmpty() && !says(preview, "CANARY"));
        QCOMPARE(get(path()), file.file);
        QVERIFY(!QFile::exists(m_bench->profile()));

        const ImportResult done = importer().takeOver(kind, all);
        QVERIFY2(done.result.status == Status::Written, qPrintable(done.result.reason));
        QVERIFY(!says(done, "CANARY") && done.warnings.isEmpty());
        QCOMPARE(filesWithCanary(), QStringList());
        QVERIFY(get(path()).contains("countersign-bridge"));
        QCOMPARE(scan(file.client).servers.size(), 0);
        const auto connected = m_bench->setup().records().find(kind.id, path(), QStringLiteral("countersign"));
        QVERIFY(connected && *connected && (*connected)->isConnected && (*connected)->written == digestOf(get(path())));

        const auto record = importer().records().find(done.record);
        QVERIFY(record);
        QCOMPARE(record->keys().size(), file.keys);
        const ImportResult undone = importer().undo(kind, *record, keysOf(all));
        QVERIFY2(undone.result.status == Status::Written, qPrintable(undone.result.reason));
        QCOMPARE(get(path()), file.file);
        QCOMPARE(filesWithCanary(), file.keys > 0 ? QStringList{path()} : QStringList());
        QVERIFY(importer().records().all().isEmpty() && m_bench->setup().records().all().isEmpty());
        QCOMPARE(m_bench->beside(), QStringList{QStringLiteral("settings.json")});
    }
    void anyDocumentComesBackAsItWas()
    {
        const quint32 count = documentCount() / 20;
        int json = 0, toml = 0, yaml = 0;
        for (quint32 seed = kFirstDocument; seed < kFirstDocument + count; ++seed) {
            JsonDocuments ofJson(seed);
            TomlDocuments ofToml(seed);
            YamlDocuments ofYaml(seed);
            const QByteArrayList documents{ofJson.next(), ofToml.next(), ofYaml.next()};
            const EntryPlace servers{{QStringLiteral("mcp_servers")}, {}};
            const QByteArrayList faults{wrong(documents[0], ofJson.dialect(), ofJson.place(), json),
                                        wrong(documents[1], {ConfigDialect::Format::Toml, false, false, true, true}, servers, toml),
                                        wrong(documents[2], {ConfigDialect::Format::Yaml, false, false, true, true}, ofYaml.place(), yaml)};
            for (qsizetype i = 0; i < faults.size(); ++i)
                QVERIFY2(faults[i].isEmpty(), toldWith(seed, faults[i], documents[i]).constData());
        }
        for (const int imported : {json, toml, yaml})
            QVERIFY2(imported > int(count) / 2, qPrintable(QStringLiteral("%1 %2 %3 of %4").arg(json).arg(toml).arg(yaml).arg(count)));
    }
    void earlierCopiesOfTheFileAreMaskedToo()
    {
        const QByteArray before = importRows()[1].file;
        const ClientKind &kind = m_bench->client("claude-desktop");
        put(path(), before);
        QCOMPARE(m_bench->setup().connect(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        const QByteArray connected = get(path());
        QVERIFY(filesWithCanary().size() >= 3); // the file, a backup, and what undo goes back to
        const ImportOrder all = order("claude-desktop");
        const ImportResult done = importer().takeOver(kind, all);
        QCOMPARE(done.result.status, Status::Written);
        QCOMPARE(filesWithCanary(), QStringList());
        QVERIFY(!filesWith(kMovedMark, m_bench->profile() + QStringLiteral("/backups")).isEmpty());
        // Disconnecting takes our entry out, and does not bring the key back.
        QCOMPARE(m_bench->setup().disconnect(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        QCOMPARE(get(path()), QByteArray("{\"mcpServers\":{}}"));
        QCOMPARE(m_bench->setup().undo(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        const ImportResult undone = importer().undo(kind, *importer().records().find(done.record), keysOf(all));
        QVERIFY2(undone.result.status == Status::Written, qPrintable(undone.result.reason));
        QCOMPARE(get(path()), connected);
        QCOMPARE(filesWithCanary(), QStringList{path()});
        // Our entry is known still, and goes alone.
        QCOMPARE(m_bench->setup().disconnect(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        QCOMPARE(get(path()), before);
    }
    void importsOneAfterTheOtherAreUndoneInTurn()
    {
        const QByteArray before("[mcp_servers.a]\nurl = \"https://mcp.stripe.com\"\nhttp_headers = { Authorization = \"Bearer "
                                + kStripeLive + "\" }\n\n# between\n[mcp_servers.b]\ncommand = \"b\"\nenv = { B_KEY = \"" + kStripeLive
                                + "\", C_KEY = \"" + kStatsig + "\" }\n");
        const ClientKind &kind = m_bench->client("codex");
        put(path(), before);
        const ImportOrder first = order("codex", {QStringLiteral("a")});
        QCOMPARE(first.keys.size(), size_t(1));
        const ImportResult one = importer().takeOver(kind, first);
        QCOMPARE(one.result.status, Status::Written);
        QVERIFY(warns(one, What::StaysInFile)); // in the other entry
        const QByteArray between = get(path());
        const ImportOrder second = order("codex", {QStringLiteral("b")});
        QCOMPARE(second.keys.size(), size_t(2));
        const ImportResult two = importer().takeOver(kind, second);
        QCOMPARE(two.result.status, Status::Written);
        QVERIFY(two.warnings.isEmpty());
        QCOMPARE(filesWithCanary(), QStringList());
        QCOMPARE(importer().records().all().size(), 2);
        const auto keys = keysOf(second);
        const auto tooEarly = importer().undo(kind, *importer().records().find(one.record), keys);
        QCOMPARE(tooEarly.result.status, Status::Refused);
        QVERIFY(!tooEarly.result.diff.isEmpty() && !says(tooEarly, "CANARY"));
        QCOMPARE(importer().undo(kind, *importer().records().find(two.record), keys).result.status, Status::Written);
        QCOMPARE(get(path()), between);
        QCOMPARE(importer().undo(kind, *importer().records().find(one.record), keys).result.status, Status::Written);
        QCOMPARE(get(path()), before);
        QCOMPARE(filesWithCanary(), QStringList{path()});
    }
    void whatAKilledImportLeftBesideTheFileIsNotKept()
    {
        const QByteArray before = importRows()[4].file;
        const ClientKind &kind = m_bench->client("cursor");
        const QString left = QFileInfo(path()).path() + QStringLiteral("/.settings.json.countersign-a1b2c3");
        const QString other = QFileInfo(path()).path() + QStringLiteral("/.settings.json.countersign-d4e5f6");
        put(path(), before);
        const ImportOrder all = order("cursor");
        const ImportResult done = importer().takeOver(kind, all);
        QCOMPARE(done.result.status, Status::Written);
        put(left, before);
        put(other, "{}");
        m_bench->setClock(std::chrono::minutes(2));
        QCOMPARE(m_bench->setup().disconnect(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        QVERIFY(!QFile::exists(left));
        QCOMPARE(filesWithCanary(), QStringList());
        QVERIFY(!QFile::exists(other)); // what nobody knows is a backup now
        QCOMPARE(filesWith("{}", m_bench->profile() + QStringLiteral("/backups")).size(), 1);
        QCOMPARE(m_bench->setup().undo(kind, m_bench->order(kind, Way::Bridge)).status, Status::Written);
        QCOMPARE(importer().undo(kind, *importer().records().find(done.record), keysOf(all)).result.status, Status::Written);
        QCOMPARE(get(path()), before);
    }
    void thePreviewShowsDotsWhereKeysAre()
    {
        put(path(), importRows()[4].file);
        const ImportResult preview = importer().preview(m_bench->client("cursor"), order("cursor", {QStringLiteral("a")}));
        QVERIFY(says(preview, kHidden.toUtf8()));
        QVERIFY(!says(preview, "CANARY") && !says(preview, "moved to the keychain"));
    }
    void aKeyOutsideOfTheEntryIsToldWithItsLine()
    {
        put(path(), "{\n  // the old one: " + kStripeTest + "\n  \"mcpServers\": {\n    \"s\": {\"command\": \"x\", \"env\": {\"A_KEY\": \""
                        + kStripeTest + "\"}}\n  }\n}\n");
        const ImportOrder all = order("cursor");
        for (const ImportResult &result :
             {importer().preview(m_bench->client("cursor"), all), importer().takeOver(m_bench->client("cursor"), all)}) {
            QCOMPARE(result.result.status, Status::Written);
            QCOMPARE(result.warnings.size(), 1);
            QCOMPARE(result.warnings.front().what, What::StaysInFile);
            QCOMPARE(result.warnings.front().line, 2);
            QVERIFY(!says(result, "CANARY"));
        }
        QCOMPARE(filesWithCanary(), QStringList{path()}); // theirs, and none of ours
    }
    void versionControlKeepsAKey()
    {
        QDir().mkpath(m_bench->home() + QStringLiteral("/shop/.git"));
        m_bench->path = m_bench->home() + QStringLiteral("/shop/mcp.json");
        put(path(), importRows()[4].file);
        const ImportResult done = importer().takeOver(m_bench->client("cursor"), order("cursor"));
        QCOMPARE(done.result.status, Status::Written);
        QVERIFY(warns(done, What::Versioned) && says(done, "Make a new key"));
        // A token would be shared there.
        put(path(), importRows()[4].file);
        QCOMPARE(importer().takeOver(m_bench->client("cursor"), order("cursor", {}, Way::Http)).result.status, Status::Refused);
        QCOMPARE(get(path()), importRows()[4].file);
    }
    void theTokenOfOurEntryIsShownAsDots()
    {
        put(path(), importRows()[4].file);
        const ImportOrder all = order("cursor", {}, Way::Http);
        const ImportResult preview = importer().preview(m_bench->client("cursor"), all);
        QVERIFY(preview.result.status == Status::Written && !says(preview, "cst_"));
        QCOMPARE(importer().takeOver(m_bench->client("cursor"), all).result.status, Status::Written);
        QVERIFY(get(path()).contains(SetupBench::token()));
    }
    void whatWouldLoseOrLeaveAKeyIsRefused()
    {
        const ClientKind &kind = m_bench->client("cursor");
        const QByteArray before = importRows()[4].file;
        put(path(), before);
        const auto refused = [&](const ImportOrder &order, const char *word) {
            const ImportResult result = importer().takeOver(kind, order);
            return result.result.status == Status::Refused && says(result, word) && !says(result, "CANARY") && get(path()) == before
                   && !QFile::exists(m_bench->profile());
        };
        ImportOrder without = order("cursor");
        without.keys.clear();
        QVERIFY(refused(without, "not moved to the keychain"));
        ImportOrder other = order("cursor");
        other.keys.front().secret = Secret("another_key_of_this_person");
        QVERIFY(refused(other, "not moved to the keychain"));
        ImportOrder gone = order("cursor");
        gone.entries.front().name = QStringLiteral("gone");
        QVERIFY(refused(gone, "no entry \"gone\""));
        ImportOrder none = order("cursor");
        none.entries.clear();
        QVERIFY(refused(none, "No entry"));
        ImportOrder tiny = order("cursor");
        tiny.keys.push_back({QStringLiteral("t"), Secret("the")});
        QVERIFY(refused(tiny, "fewer than 8"));
        ImportOrder nameless = order("cursor");
        nameless.keys.front().name.clear();
        QVERIFY(refused(nameless, "without a name"));
    }
    void aKeyThatIsWrittenWithEscapesIsNotTaken()
    {
        const QByteArray before("{\"mcpServers\": {\"s\": {\"command\": \"x\", \"env\": {\"A_KEY\": \"\\u0043ANARY0123456789\", \"B_KEY\": "
                                "\"CANARY0123456789\"}}}}\n");
        put(path(), before);
        const ImportResult result = importer().takeOver(m_bench->client("cursor"), order("cursor"));
        QCOMPARE(result.result.status, Status::Refused);
        QVERIFY(says(result, "escapes"));
        QCOMPARE(get(path()), before);
    }
    void anEntryOfOursNamedLikeTheirsTakesItsPlace()
    {
        const QByteArray before = importRows()[0].file;
        put(path(), before);
        ImportOrder all = order("claude-desktop", {QStringLiteral("stripe")});
        all.setup.values.name = QStringLiteral("files");
        QCOMPARE(importer().takeOver(m_bench->client("claude-desktop"), all).result.status, Status::Refused);
        QCOMPARE(get(path()), before);
        all.setup.values.name = QStringLiteral("stripe");
        const ImportResult done = importer().takeOver(m_bench->client("claude-desktop"), all);
        QCOMPARE(done.result.status, Status::Written);
        QVERIFY(get(path()).contains("\"stripe\": {\n      \"command\": \"/usr/bin/countersign-bridge\""));
        QVERIFY(get(path()).contains("\"files\": { \"command\": \"npx\""));
        QCOMPARE(importer().undo(m_bench->client("claude-desktop"), *importer().records().find(done.record), keysOf(all)).result.status,
                 Status::Written);
        QCOMPARE(get(path()), before);
    }
    void undoTakesTheRightKeyAndAFileThatNobodyChanged()
    {
        put(path(), importRows()[4].file);
        const ClientKind &kind = m_bench->client("cursor");
        const ImportOrder all = order("cursor");
        const ImportResult done = importer().takeOver(kind, all);
        const QByteArray after = get(path());
        const auto record = importer().records().find(done.record);
        QVERIFY(record);
        const auto refused = [&](const std::vector<ImportedKey> &keys, const char *word) {
            const ImportResult result = importer().undo(kind, *record, keys);
            return result.result.status == Status::Refused && says(result, word) && !says(result, "CANARY");
        };
        QVERIFY(refused({}, "not in the keychain"));
        std::vector<ImportedKey> others = keysOf(all);
        others.front().secret = Secret("rk_test_of_somebody_else");
        QVERIFY(refused(others, "another one"));
        put(path(), after + "\n");
        QVERIFY(refused(keysOf(all), "changed since"));
        QCOMPARE(get(path()), after + "\n");
        QCOMPARE(filesWithCanary(), QStringList());
        put(path(), after);
        QCOMPARE(importer().undo(kind, *record, keysOf(all)).result.status, Status::Written);
        QVERIFY(importer().records().save(*record)); // as after a kill before the file was written
        QCOMPARE(importer().undo(kind, *record, keysOf(all)).result.status, Status::Unchanged);
        QVERIFY(!importer().records().find(done.record));
        QVERIFY(!importer().records().find(QStringLiteral("../connected/x")));
    }
    void aRunningClientIsQuitFirst()
    {
        put(path(), importRows()[0].file);
        m_bench->running = {QStringLiteral("claude-desktop")};
        const ImportOrder all = order("claude-desktop");
        const ImportResult preview = importer().preview(m_bench->client("claude-desktop"), all);
        QVERIFY(preview.result.status == Status::Written && warns(preview, What::MustQuit));
        QCOMPARE(importer().takeOver(m_bench->client("claude-desktop"), all).result.status, Status::Refused);
        QCOMPARE(get(path()), importRows()[0].file);
    }
    void anErrorAtAnyStepLeavesTheFileAndNoCopyOfAKey()
    {
        const QByteArray before = importRows()[8].file;
        put(path(), before);
        const ImportOrder all = order("goose");
        int failed = 0;
        for (int at = 0; at < 200; ++at) {
            put(path(), before);
            m_bench->steps.count = 0;
            m_bench->steps.onBefore = [at](int step, FileSteps::Step) { return step == at ? ENOSPC : 0; };
            const ImportResult result = importer().takeOver(m_bench->client("goose"), all);
            m_bench->steps.onBefore = {};
            QCOMPARE(filesWith("CANARY", m_bench->profile()), QStringList());
            if (result.result.status == Status::Written) {
                QVERIFY(get(path()).contains("countersign-bridge") && !get(path()).contains("CANARY"));
                const auto keys = keysOf(all);
                QCOMPARE(importer().undo(m_bench->client("goose"), *importer().records().find(result.record), keys).result.status,
                         Status::Written);
                if (m_bench->steps.count <= at)
                    break;
                continue;
            }
            ++failed;
            QVERIFY(!says(result, "CANARY"));
            // Whoever would delete the keys now is told where they are out of the file all the same.
            const bool isOut = !get(path()).contains("CANARY");
            QVERIFY2(get(path()) == before || isOut, "neither the old file nor the new one");
            QCOMPARE(result.mayBeOut, isOut);
            QCOMPARE(importer().records().all().size(), isOut ? 1 : 0);
            QCOMPARE(m_bench->setup().records().all().size(), isOut ? 1 : 0);
        }
        QVERIFY(failed > 5);
    }
};

COUNTERSIGN_TEST(tst_ClientImport)
#include "tst_ClientImport.moc"
