// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LineEdits.h"
#include "EditProof.h"
#include "clientconfig/ConfigValue.h"

using namespace mcpcore;

ConfigDialect LineEdits::dialect() const
{
    ConfigDialect out;
    out.format = m_format;
    out.byteOrderMark = true;
    out.emptyFile = true;
    return out;
}

ConfigResult<EditedFile> LineEdits::inserted(const QByteArray &file) const
{
    return changedFile(file, dialect(), m_place, EntryChange::Insert, m_entry, 0);
}

QByteArray LineEdits::told(const ConfigResult<EditedFile> &file)
{
    return file ? file->bytes : "refused: " + file.error().reason.toUtf8();
}

void LineEdits::addRows(const char *which) const
{
    QTest::addColumn<GoldenRow>("row");
    for (const GoldenRow &row : goldenRows(QStringLiteral("%1-%2.txt").arg(m_name, QLatin1String(which)), m_format))
        QTest::newRow(row.name.constData()) << row;
}

void LineEdits::addFaultColumns()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<EntryChange>("change");
    QTest::addColumn<Kind>("kind");
    QTest::addColumn<QPair<int, int>>("at");
}

void LineEdits::addFault(const char *name, const QByteArray &file, Kind kind, int line, int column, EntryChange change)
{
    QTest::newRow(name) << file << change << kind << qMakePair(line, column);
}

void LineEdits::addMeaningColumns()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<QByteArray>("json");
}

void LineEdits::connectGivesTheFileAfter()
{
    QFETCH(GoldenRow, row);
    const auto connected = changedFile(row.before, row.dialect, row.place, EntryChange::Insert, m_entry, 0);
    QCOMPARE(told(connected), row.after);
    const auto disconnected = changedFile(row.after, row.dialect, row.place, EntryChange::Remove, {}, connected->created);
    QCOMPARE(told(disconnected), row.before);
}

void LineEdits::everyEntryLeavesWithoutATrace()
{
    QFETCH(GoldenRow, row);
    EditProof proof{row.dialect, row.place};
    QCOMPARE(proof.wrong(row.before), QByteArray());
    QCOMPARE(proof.edited, 1);
}

void LineEdits::disconnectLeavesWhatIsOfOthers()
{
    QFETCH(GoldenRow, row);
    QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Remove, {}, row.created)), row.after);
}

void LineEdits::writingAnewChangesTheValueOnly()
{
    QFETCH(GoldenRow, row);
    QCOMPARE(told(changedFile(row.before, row.dialect, row.place, EntryChange::Replace, m_entry, 0)), row.after);
}

void LineEdits::whatStandsInTheFileIsUnderstood()
{
    QFETCH(QByteArray, file);
    const auto meaning = meaningOf(file, dialect());
    QVERIFY2(meaning, meaning ? "" : qPrintable(meaning.error().reason));
    QTEST(QByteArray(canonicalBytes(toJson(*meaning))), "json");
}

void LineEdits::whatIsNotEditedSaysWhere()
{
    QFETCH(QByteArray, file);
    QFETCH(EntryChange, change);
    const auto edited = changedFile(file, dialect(), m_place, change, m_entry, 0);
    QVERIFY2(!edited, told(edited).constData());
    QTEST(edited.error().kind, "kind");
    QTEST(qMakePair(edited.error().line, edited.error().column), "at");
    QVERIFY(edited.error().reason.endsWith(QLatin1Char('.')));
}
