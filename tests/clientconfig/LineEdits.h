// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "GoldenRows.h"
#include "base/Json.h"
#include <QTest>

Q_DECLARE_METATYPE(GoldenRow)
Q_DECLARE_METATYPE(mcpcore::EntryChange)
Q_DECLARE_METATYPE(mcpcore::ConfigFault::Kind)

// What holds for edits of every format that goes by lines: the golden rows of <format>-insert.txt, -remove.txt and -replace.txt, and
// tables of faults and of meanings, whose rows the test of a format adds. Base of these tests.
class LineEdits : public QObject
{
    Q_OBJECT
protected:
    LineEdits(mcpcore::ConfigDialect::Format format, QString name, mcpcore::Json entry, mcpcore::EntryPlace place)
        : m_format(format), m_name(std::move(name)), m_entry(std::move(entry)), m_place(std::move(place))
    {}

    mcpcore::ConfigDialect dialect() const;
    mcpcore::ConfigResult<mcpcore::EditedFile> inserted(const QByteArray &file) const;
    static QByteArray told(const mcpcore::ConfigResult<mcpcore::EditedFile> &file);
    using Kind = mcpcore::ConfigFault::Kind;
    static void addFaultColumns();
    static void addFault(const char *name, const QByteArray &file, Kind kind, int line, int column,
                         mcpcore::EntryChange change = mcpcore::EntryChange::Insert);
    static void addMeaningColumns();
    static void addMeaning(const char *name, const QByteArray &file, const QByteArray &json) { QTest::newRow(name) << file << json; }

    const mcpcore::ConfigDialect::Format m_format;
    const QString m_name;
    const mcpcore::Json m_entry;
    const mcpcore::EntryPlace m_place;

private Q_SLOTS:
    void connectGivesTheFileAfter_data() { addRows("insert"); }
    void connectGivesTheFileAfter();
    void everyEntryLeavesWithoutATrace_data() { addRows("insert"); }
    void everyEntryLeavesWithoutATrace();
    void disconnectLeavesWhatIsOfOthers_data() { addRows("remove"); }
    void disconnectLeavesWhatIsOfOthers();
    void writingAnewChangesTheValueOnly_data() { addRows("replace"); }
    void writingAnewChangesTheValueOnly();
    void whatStandsInTheFileIsUnderstood();
    void whatIsNotEditedSaysWhere();

private:
    void addRows(const char *which) const;
};
