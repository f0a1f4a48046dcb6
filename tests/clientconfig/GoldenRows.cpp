// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GoldenRows.h"
#include <QFile>

using namespace mcpcore;

namespace {

QByteArray withoutMarks(const QStringList &lines)
{
    QString text = lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
    text.replace(QStringLiteral("∎\n"), QString());
    const std::pair<QString, QString> marks[] = {{QStringLiteral("→"), QStringLiteral("\t")},
                                                 {QStringLiteral("␍"), QStringLiteral("\r")},
                                                 {QStringLiteral("·"), QStringLiteral(" ")},
                                                 {QStringLiteral("⌂"), QString(QChar(0xFEFF))}};
    for (const auto &[mark, meant] : marks)
        text.replace(mark, meant);
    return text.toUtf8();
}

bool readOption(GoldenRow &row, const QString &line)
{
    const QString key = line.section(QStringLiteral(": "), 0, 0), value = line.section(QStringLiteral(": "), 1);
    if (key == QLatin1String("path"))
        row.place.path = value.split(QStringLiteral(" > "));
    else if (key == QLatin1String("holder") && value == QLatin1String("list"))
        row.place.holder = EntryPlace::Holder::List;
    else if (key == QLatin1String("created"))
        row.created = value.toInt();
    else if (key != QLatin1String("reads"))
        return false;
    const QStringList read = key == QLatin1String("reads") ? value.split(QStringLiteral(", ")) : QStringList();
    for (const QString &what : read) {
        bool *flag = what == QLatin1String("comments")          ? &row.dialect.comments
                     : what == QLatin1String("trailing commas") ? &row.dialect.trailingCommas
                     : what == QLatin1String("byte order mark") ? &row.dialect.byteOrderMark
                     : what == QLatin1String("empty file")      ? &row.dialect.emptyFile
                                                                : nullptr;
        if (!flag)
            return false;
        *flag = true;
    }
    return true;
}

} // namespace

std::vector<GoldenRow> goldenRows(const QString &name, ConfigDialect::Format format)
{
    QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/clientconfig/golden/") + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    std::vector<GoldenRow> rows;
    QString content = QString::fromUtf8(file.readAll());
    content.chop(1); // the last line end
    const QStringList parts = content.split(QStringLiteral("\n\n==== ")).mid(1);
    for (const QString &part : parts) {
        const QStringList lines = part.split(QLatin1Char('\n'));
        const auto before = lines.indexOf(QStringLiteral("---- before")), after = lines.indexOf(QStringLiteral("---- after"));
        if (before < 1 || after < before)
            return {};
        GoldenRow row{lines[0].toUtf8(), {}, {{QStringLiteral("mcpServers")}, QStringLiteral("countersign")}};
        row.dialect.format = format;
        for (qsizetype i = 1; i < before; ++i)
            if (!readOption(row, lines[i]))
                return {};
        row.before = withoutMarks(lines.mid(before + 1, after - before - 1));
        row.after = withoutMarks(lines.mid(after + 1));
        rows.push_back(row);
    }
    return rows;
}
