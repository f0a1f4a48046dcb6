// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TextLines.h"
#include <algorithm>

namespace mcpcore {

qsizetype lineBegin(const QByteArray &file, qsizetype at)
{
    return at == 0 ? 0 : file.lastIndexOf('\n', at - 1) + 1;
}

qsizetype lineEnd(const QByteArray &file, qsizetype at)
{
    const qsizetype found = file.indexOf('\n', at);
    return found < 0 ? file.size() : found + 1;
}

QByteArray indentation(const QByteArray &file, qsizetype at)
{
    qsizetype begin = lineBegin(file, at);
    if (begin == 0)
        begin = byteOrderMarkLength(file);
    qsizetype end = begin;
    while (end < file.size() && (file[end] == ' ' || file[end] == '\t'))
        ++end;
    return file.mid(begin, end - begin);
}

LineKind lineKind(const QByteArray &file, qsizetype begin)
{
    if (begin == 0)
        begin = byteOrderMarkLength(file);
    while (begin < file.size() && (file[begin] == ' ' || file[begin] == '\t' || file[begin] == '\r'))
        ++begin;
    if (begin >= file.size() || file[begin] == '\n')
        return LineKind::Blank;
    return file[begin] == '#' ? LineKind::Comment : LineKind::Content;
}

bool endsWithoutEol(const QByteArray &file)
{
    return file.size() > byteOrderMarkLength(file) && !file.endsWith('\n');
}

qsizetype blankLineBefore(const QByteArray &file, qsizetype at)
{
    if (at <= byteOrderMarkLength(file))
        return at;
    const qsizetype begin = std::max(lineBegin(file, at - 1), byteOrderMarkLength(file));
    return lineKind(file, begin) == LineKind::Blank ? begin : at;
}

TextSpan withLineEnd(const QByteArray &file, TextSpan lines)
{
    if (lines.end < file.size() || !endsWithoutEol(file))
        return lines;
    if (lines.begin > 0 && file[lines.begin - 1] == '\n')
        --lines.begin;
    if (lines.begin > 0 && file[lines.begin - 1] == '\r')
        --lines.begin;
    return lines;
}

QList<TextSpan> merged(QList<TextSpan> spans)
{
    std::sort(spans.begin(), spans.end(), [](TextSpan left, TextSpan right) { return left.begin < right.begin; });
    QList<TextSpan> out;
    for (const TextSpan span : spans) {
        if (!out.isEmpty() && span.begin <= out.last().end)
            out.last().end = std::max(out.last().end, span.end);
        else
            out.append(span);
    }
    return out;
}

} // namespace mcpcore
