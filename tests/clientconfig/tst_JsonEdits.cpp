// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GoldenRows.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{{"command", "/opt/cs"}, {"args", {"--stdio", "x"}}};
const Json kOther{{"url", "http://127.0.0.1:7345/mcp"}, {"headers", {{"A", "b"}}}, {"timeout", 3600000}};
constexpr ConfigDialect kStrict{};
constexpr ConfigDialect kTolerant{ConfigDialect::Format::Jsonc, true, true, true, true};

const EntryPlace kPlace{{QStringLiteral("mcpServers")}, QStringLiteral("countersign")};

void addRows(const char *file)
{
    QTest::addColumn<GoldenRow>("row");
    for (const GoldenRow &row : goldenRows(QLatin1String(file), ConfigDialect::Format::Jsonc))
        QTest::newRow(row.name.constData()) << row;
}

QByteArray told(const ConfigResult<EditedFile> &file)
{
    return file ? file->bytes : "fault: " + file.error().reason.toUtf8();
}

// A file of `size` bytes at least, of members that hold what files of clients hold.
QByteArray hugeFile(qsizetype size)
{
    QByteArray file = "{\n";
    for (int i = 0; file.size() < size; ++i)
        file += "  \"project " + QByteArray::number(i)
                + "\": {\"history\": [\"{}, // \\\"\", 1.50, null], \"n\": 12345678901234567890}, // " + QByteArray::number(i) + "\n";
    return file + "  \"last\": {}\n}\n";
}

} // namespace

Q_DECLARE_METATYPE(GoldenRow)
Q_DECLARE_METATYPE(mcpcore::EntryChange)
Q_DECLARE_METATYPE(mcpcore::ConfigFault::Kind)

class tst_JsonEdits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectGivesTheFileAfter_data() { addRows("json-insert.txt"); }
    void connectGivesTheFileAfter()
    {
        QFETCH(GoldenRow, row);
        const auto connected = changedFile(row.before, row.dialect, row.place, EntryChange::Insert, kEntry, 0);
        QCOMPARE(told(connected), row.after);
        const auto disconnected = changedFile(row.after, row.dialect, row.place, EntryChange::Remove, {}, connected->created);
        QCOMPARE(told(disconnected), row.before);
    }
    void aClientThatReadsMoreGetsTheSame_data() { addRows("json-insert.txt"); }
    void aClientThatReadsMoreGetsTheSame()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, kTolerant, row.place, EntryChange::Insert, kEntry, 0)), row.after);
    }
    void anEntryWrittenAnewStillLeavesWithoutATrace_data() { addRows("json-insert.txt"); }
    void anEntryWrittenAnewStillLeavesWithoutATrace()
    {
        QFETCH(GoldenRow, row);
        const auto connected = changedFile(row.before, row.dialect, row.place, EntryChange::Insert, kEntry, 0);
        QVERIFY(connected);
        const auto rotated = changedFile(connected->bytes, row.dialect, row.place, EntryChange::Replace, kOther, connected->created);
        QVERIFY2(rotated, told(rotated).constData());
        QCOMPARE(rotated->created, connected->created);
        const auto disconnected = changedFile(rotated->bytes, row.dialect, row.place, EntryChange::Remove, {}, rotated->created);
        QCOMPARE(told(disconnected), row.before);
    }
    void disconnectLeavesWhatIsOfOthers_data() { addRows("json-remove.txt"); }
    void disconnectLeavesWhatIsOfOthers()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Remove, {}, row.created)), row.after);
    }
    void writingAnewChangesTheValueOnly_data() { addRows("json-replace.txt"); }
    void writingAnewChangesTheValueOnly()
    {
        QFETCH(GoldenRow, row);
        QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Replace, kEntry, 0)), row.after);
    }

    void whatIsNotEditedSaysWhere_data()
    {
        using Kind = ConfigFault::Kind;
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<EntryChange>("change");
        QTest::addColumn<Kind>("kind");
        QTest::addColumn<QPair<int, int>>("at");
        const auto row = [](const char *name, QByteArray file, EntryChange change, Kind kind, int line, int column) {
            QTest::newRow(name) << file << change << kind << qMakePair(line, column);
        };
        row("a list for a holder", "{\n  \"mcpServers\": []\n}", EntryChange::Insert, Kind::WrongType, 2, 17);
        row("a text for a holder", "{\"mcpServers\": \"x\"}", EntryChange::Insert, Kind::WrongType, 1, 16);
        row("null for a holder", "{\"mcpServers\": null}", EntryChange::Insert, Kind::WrongType, 1, 16);
        row("a list for a file", "// a\n[]", EntryChange::Insert, Kind::WrongType, 2, 1);
        row("a number for a file", "1", EntryChange::Remove, Kind::WrongType, 1, 1);
        row("the later of two holders", "{\"mcpServers\": {},\n \"mcpServers\": 1}", EntryChange::Insert, Kind::WrongType, 2, 16);
        row("an entry of somebody else", "{\"mcpServers\": {\n  \"countersign\": {}}}", EntryChange::Insert, Kind::Exists, 2, 3);
        row("an entry with an escape", "{\"mcpServers\": {\"\\u0063ountersign\": {}}}", EntryChange::Insert, Kind::Exists, 1, 17);
        row("an entry that stands twice", "{\"mcpServers\": {\"countersign\": {},\n\"countersign\": {}}}", EntryChange::Insert,
            Kind::Exists, 2, 1);
        row("two to exchange", "{\"mcpServers\": {\"countersign\": {},\n\"countersign\": {}}}", EntryChange::Replace, Kind::Unsupported, 2,
            1);
        row("two to take out", "{\"mcpServers\": {\"countersign\": {},\n\"countersign\": {}}}", EntryChange::Remove, Kind::Unsupported, 2,
            1);
        row("none to take out", "{\"mcpServers\": {\"Countersign\": {}}}", EntryChange::Remove, Kind::Absent, 0, 0);
        row("no holder to take it out of", "{}", EntryChange::Remove, Kind::Absent, 0, 0);
        row("an empty file to take it out of", "", EntryChange::Remove, Kind::Absent, 0, 0);
        row("none to exchange", "{\"mcpServers\": {}}", EntryChange::Replace, Kind::Absent, 0, 0);
        row("broken", "{\n  \"a\": 1\n  \"mcpServers\": {}}", EntryChange::Insert, Kind::Syntax, 3, 3);
    }
    void whatIsNotEditedSaysWhere()
    {
        QFETCH(QByteArray, file);
        QFETCH(EntryChange, change);
        const auto edited = changedFile(file, kTolerant, kPlace, change, kEntry, 0);
        QVERIFY(!edited);
        QTEST(edited.error().kind, "kind");
        QTEST(qMakePair(edited.error().line, edited.error().column), "at");
        QVERIFY(edited.error().reason.endsWith(QLatin1Char('.')));
    }
    void aFaultTellsNoValue()
    {
        const auto edited = changedFile("{\"mcpServers\": \"sk_live_x\"}", kStrict, kPlace, EntryChange::Insert, kEntry, 0);
        QVERIFY(!edited && !edited.error().reason.contains(QLatin1String("sk_live")));
    }
    void onlyBytesAreAdded()
    {
        for (const GoldenRow &row : goldenRows(QStringLiteral("json-insert.txt"), ConfigDialect::Format::Jsonc)) {
            const auto edit = insertEntry(row.before, row.dialect, row.place, kEntry);
            QVERIFY(edit);
            for (const TextEdit &one : edit->edits)
                QVERIFY2(one.length == 0 || (edit->created & kHeldSpace), row.name.constData());
        }
    }
    void theProofRefusesAnEntryThatIsNotTheOneAskedFor()
    {
        EntryPlace list = kPlace;
        list.holder = EntryPlace::Holder::List;
        const auto edited = changedFile("{}", kStrict, list, EntryChange::Insert, {{"name", "another"}}, 0);
        QVERIFY(!edited);
        QCOMPARE(edited.error().kind, ConfigFault::Kind::Changed);
    }
    void aHugeFileKeepsEveryByte()
    {
        const QByteArray file = hugeFile(10'000'000);
        const auto connected = changedFile(file, kTolerant, kPlace, EntryChange::Insert, kEntry, 0);
        QVERIFY2(connected, told(connected).constData());
        QVERIFY(connected->bytes.startsWith(file.chopped(3)));
        const auto disconnected = changedFile(connected->bytes, kTolerant, kPlace, EntryChange::Remove, {}, connected->created);
        QVERIFY(disconnected && disconnected->bytes == file);
    }
    void everyKindOfValueIsWrittenAsItIs()
    {
        const Json entry{{"text", "a\"\\\n\u00e9"},
                         {"none", nullptr},
                         {"flag", true},
                         {"number", -1.5},
                         {"empty", Json::object()},
                         {"list", Json::array()},
                         {"objects", Json::array({{{"deep", {1, 2}}}})}};
        const auto connected = changedFile("{\n}\n", kStrict, kPlace, EntryChange::Insert, entry, 0);
        QCOMPARE(told(connected), QByteArray("{\n  \"mcpServers\": {\n    \"countersign\": {\n      \"text\": \"a\\\"\\\\\\n\u00e9\",\n"
                                             "      \"none\": null,\n      \"flag\": true,\n      \"number\": -1.5,\n      \"empty\": {},\n"
                                             "      \"list\": [],\n      \"objects\": [\n        {\n          \"deep\": [1, 2]\n        }\n"
                                             "      ]\n    }\n  }\n}\n"));
    }
};

COUNTERSIGN_TEST(tst_JsonEdits)
#include "tst_JsonEdits.moc"
