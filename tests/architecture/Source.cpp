// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/Source.h"
#include <QDir>
#include <QFile>
#include <algorithm>

namespace {

void collect(const QString &top, const QString &folder, std::vector<Source> &sources)
{
    const QDir dir(top + QLatin1Char('/') + folder);
    for (const QFileInfo &entry : dir.entryInfoList(QDir::Files | QDir::Dirs | QDir::Hidden | QDir::NoDotAndDotDot | QDir::NoSymLinks)) {
        const QString name = entry.fileName();
        const QString path = folder.isEmpty() ? name : folder + QLatin1Char('/') + name;
        if (entry.isDir()) {
            const bool ours = name != QLatin1String(".git") && name != QLatin1String("node_modules") && name != QLatin1String(".cache")
                              && !(folder.isEmpty() && name.startsWith(QLatin1String("build")));
            if (ours)
                collect(top, path, sources);
            continue;
        }
        QFile file(entry.filePath());
        if (entry.size() > 4 * 1024 * 1024 || !file.open(QIODevice::ReadOnly))
            continue;
        const QByteArray bytes = file.readAll();
        if (!bytes.contains('\0'))
            sources.emplace_back(path, QString::fromUtf8(bytes));
    }
}

// What the scan is inside of.
enum class In { Code, LineComment, BlockComment, Text, Character, RawText };

} // namespace

Source::Source(QString filePath, const QString &fileText) : path(std::move(filePath)), lines(fileText.split(QLatin1Char('\n')))
{
    if (isCpp())
        code = withoutCommentsAndLiterals(fileText).split(QLatin1Char('\n'));
}

std::vector<Source> readSources(const QString &top)
{
    std::vector<Source> sources;
    collect(top, {}, sources);
    return sources;
}

QString withoutCommentsAndLiterals(const QString &text)
{
    QString code = text;
    QString rawEnd;
    In in = In::Code;
    const auto at = [&](qsizetype i) { return i >= 0 && i < text.size() ? text[i] : QChar(); };
    const auto isWord = [](QChar c) { return c.isLetterOrNumber() || c == QLatin1Char('_'); };
    for (qsizetype i = 0; i < text.size(); ++i) {
        const QChar c = text[i];
        const QChar next = at(i + 1);
        if (in == In::Code) {
            if (c == QLatin1Char('/') && next == QLatin1Char('/')) {
                in = In::LineComment;
            } else if (c == QLatin1Char('/') && next == QLatin1Char('*')) {
                in = In::BlockComment;
                code[i++] = QLatin1Char(' ');
            } else if (c == QLatin1Char('"') && at(i - 1) == QLatin1Char('R')) {
                const qsizetype open = text.indexOf(QLatin1Char('('), i);
                rawEnd = QLatin1Char(')') + text.mid(i + 1, open - i - 1) + QLatin1Char('"');
                in = In::RawText;
                continue;
            } else if (c == QLatin1Char('"')) {
                in = In::Text;
                continue;
            } else if (c == QLatin1Char('\'') && !isWord(at(i - 1))) { // else a digit separator
                in = In::Character;
                continue;
            } else {
                continue;
            }
            code[i] = QLatin1Char(' ');
            continue;
        }
        if (c == QLatin1Char('\n')) {
            if (in == In::LineComment)
                in = In::Code;
            continue;
        }
        if (in == In::RawText && QStringView(text).mid(i).startsWith(rawEnd)) {
            i += rawEnd.size() - 1;
            in = In::Code;
            continue;
        }
        const bool quoted = in == In::Text || in == In::Character;
        if (quoted && c == (in == In::Text ? QLatin1Char('"') : QLatin1Char('\''))) {
            in = In::Code;
            continue;
        }
        code[i] = QLatin1Char(' ');
        if (quoted && c == QLatin1Char('\\') && next != QLatin1Char('\n')) {
            code[++i] = QLatin1Char(' ');
        } else if (in == In::BlockComment && c == QLatin1Char('*') && next == QLatin1Char('/')) {
            code[++i] = QLatin1Char(' ');
            in = In::Code;
        }
    }
    return code;
}
