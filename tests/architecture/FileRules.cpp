// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/Rules.h"
#include <QRegularExpression>

namespace {

QString breach(qsizetype line, const QString &what)
{
    return QStringLiteral("%1: %2").arg(line).arg(what);
}

QStringList tooLong(const Source &source)
{
    const qsizetype lines = source.lines.size() - (source.lines.last().isEmpty() ? 1 : 0);
    return source.isCpp() && lines > 500 ? QStringList{breach(lines, QStringLiteral("over 500 lines: split it"))} : QStringList{};
}

QStringList longLines(const Source &source)
{
    QStringList found;
    if (source.isCpp())
        for (qsizetype i = 0; i < source.lines.size(); ++i)
            if (source.lines[i].size() > 160) // 140 is the format's; what it cannot break may be a little longer
                found.append(breach(i + 1, QStringLiteral("over 160 columns")));
    return found;
}

QStringList noLicence(const Source &source)
{
    const QString name = source.path.section(QLatin1Char('/'), -1);
    const bool code = source.isCpp() || name == QLatin1String("CMakeLists.txt") || name.endsWith(QLatin1String(".cmake"))
                      || name.endsWith(QLatin1String(".sql")) || name.endsWith(QLatin1String(".mjs"))
                      || name.endsWith(QLatin1String(".inc")) || source.lines.first().startsWith(QLatin1String("#!"));
    const QString head = source.lines.mid(0, 4).join(QLatin1Char('\n'));
    const bool licensed = head.contains(QLatin1String("SPDX-FileCopyrightText: 2026 The Countersign authors"))
                          && head.contains(QLatin1String("SPDX-License-Identifier: GPL-3.0-or-later"));
    return code && !licensed ? QStringList{breach(1, QStringLiteral("the two SPDX lines are missing"))} : QStringList{};
}

QStringList unguardedHeader(const Source &source)
{
    return source.isHeader() && !source.lines.mid(0, 5).contains(QLatin1String("#pragma once"))
               ? QStringList{breach(3, QStringLiteral("#pragma once is missing under the SPDX lines"))}
               : QStringList{};
}

// Literals are written in pieces here so that this file obeys its own rule.
QStringList foreignPlaces(const Source &source)
{
    static const QRegularExpression places(QStringLiteral("(^|[\\s\"'`(=:,])/(wor"
                                                          "k|roo"
                                                          "t|tmp/w)/"));
    static const QRegularExpression hosts(QStringLiteral("(registry|deb|proxy|security|files|snapshot)\\.(np"
                                                         "mjs|deb"
                                                         "ian|go"
                                                         "lang|pyt"
                                                         "honhosted)\\.|"
                                                         "\"resol"
                                                         "ved\": \"http"));
    QStringList found;
    for (qsizetype i = 0; i < source.lines.size(); ++i)
        if (places.match(source.lines[i]).hasMatch() || hosts.match(source.lines[i]).hasMatch())
            found.append(breach(i + 1, QStringLiteral("names a place of one machine, or a registry's host")));
    return found;
}

QStringList undocumentedClass(const Source &source)
{
    static const QRegularExpression definition(QStringLiteral("^(template <.*> )?class \\w+( final)?( :.*)?( \\{)?$"));
    static const QRegularExpression above(QStringLiteral("^(//|template <)"));
    QStringList found;
    if (!source.isHeader() || source.isIn("tests"))
        return found;
    for (qsizetype i = 1; i < source.lines.size(); ++i)
        if (definition.match(source.lines[i]).hasMatch() && !above.match(source.lines[i - 1]).hasMatch())
            found.append(breach(i + 1, QStringLiteral("say above the class what it is for, who owns it, on which thread")));
    return found;
}

QStringList unformattedText(const Source &source)
{
    QStringList found;
    if (!source.isCpp())
        return found;
    for (qsizetype i = 0; i < source.lines.size(); ++i)
        if (source.lines[i].contains(QLatin1Char('\t')) || source.lines[i].endsWith(QLatin1Char(' '))
            || source.lines[i].endsWith(QLatin1Char('\r')))
            found.append(breach(i + 1, QStringLiteral("tab, or space or carriage return at the end")));
    return found;
}

} // namespace

std::vector<Rule> fileRules()
{
    static const QByteArray tooLongText = QByteArray("int i;\n").repeated(501);
    static const QByteArray longEnoughText = QByteArray("int i;\n").repeated(500);
    static const QByteArray longLine = QByteArray(161, 'x');
    constexpr const char *machinePath = "const char *path = \"/wor"
                                        "k/main\";";
    constexpr const char *host = "see https://registry.np"
                                 "mjs.org/x";
    constexpr const char *lock = "      \"resol"
                                 "ved\": \"https://example.com/a.tgz\",";
    constexpr const char *licence =
        "// SPDX-FileCopyrightText: 2026 The Countersign authors\n// SPDX-License-Identifier: GPL-3.0-or-later\n#pragma once\n";
    return {
        {"no source has over 500 lines",
         tooLong,
         {{"ui/shell/A.cpp", tooLongText.constData()}},
         {{"ui/shell/A.cpp", longEnoughText.constData()}}},
        {"lines fit the window", longLines, {{"ui/shell/A.cpp", longLine.constData()}}, {{"ui/shell/A.cpp", "// short"}}},
        {"every source names its licence",
         noLicence,
         {{"ui/A.cpp", "int i;"}, {"dev", "#!/usr/bin/env bash\nset -eu"}, {"resources/migrations/001_a.sql", "create table a(b);"}},
         {{"ui/A.h", licence}, {"README.md", "# Countersign"}}},
        {"headers are guarded", unguardedHeader, {{"ui/A.h", "int i;"}}, {{"ui/A.h", licence}}},
        {"no text names the machine it was written on",
         foreignPlaces,
         {{"README.md", host}, {"app/A.cpp", machinePath}, {"tests/peers/package-lock.json", lock}},
         {{"README.md", "https://example.com/work/ and ./work/x"}}},
        {"every class says what it is for",
         undocumentedClass,
         {{"ui/shell/A.h", "namespace ui {\n\nclass A : public QObject\n{"}, {"mcpcore/model/A.h", "\nclass A final\n{"}},
         {{"ui/shell/A.h", "class B;\n// Shows a.\nclass A : public QObject\n{"}}},
        {"text is tidy", unformattedText, {{"ui/A.cpp", "int i; "}, {"ui/A.cpp", "\tint i;"}}, {{"ui/A.cpp", "int i;"}}},
    };
}
