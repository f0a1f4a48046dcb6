// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/LineDiff.h"
#include <QRegularExpression>
#include <vector>

namespace mcpcore {

namespace {

constexpr qsizetype kMostCells = 4'000'000; // above, the middle is shown as taken out and put in
constexpr qsizetype kLongLine = 400;
constexpr qsizetype kBeforeChange = 80;

const QString kDots = QStringLiteral("\u2022\u2022\u2022\u2022\u2022\u2022\u2022\u2022");

QList<QByteArray> linesOf(const QByteArray &bytes)
{
    QList<QByteArray> lines = bytes.split('\n');
    if (lines.last().isEmpty())
        lines.removeLast();
    return lines;
}

QByteArray bare(const QByteArray &line)
{
    return line.endsWith('\r') ? line.chopped(1) : line;
}

// As it may be seen: others' keys stand in such files, too.
QString shown(const QByteArray &line, const QByteArray &token, qsizetype focus)
{
    static const QRegularExpression secret(QStringLiteral("((?:key|token|secret|passw|authorization|bearer|credential)[\\w-]*[\"']?\\s*[:=]"
                                                          "\\s*[\"']?(?:Bearer |Basic )?)([^\"',}\\s]{6,})"),
                                           QRegularExpression::CaseInsensitiveOption);
    QByteArray text = bare(line);
    if (!token.isEmpty())
        text.replace(token, kDots.toUtf8());
    QString seen = QString::fromUtf8(text);
    seen.replace(secret, QStringLiteral("\\1") + kDots);
    seen.replace(QLatin1Char('\t'), QLatin1String("    "));
    if (seen.size() <= kLongLine)
        return seen;
    const qsizetype from = std::clamp<qsizetype>(focus - kBeforeChange, 0, std::max<qsizetype>(seen.size() - kLongLine, 0));
    return (from > 0 ? QStringLiteral("\u2026") : QString()) + seen.mid(from, kLongLine)
           + (from + kLongLine < seen.size() ? QStringLiteral("\u2026") : QString());
}

struct Middle {
    const QList<QByteArray> &before;
    const QList<QByteArray> &after;
    qsizetype start;     // lines that are the same in front
    qsizetype beforeEnd; // behind the last that differs
    qsizetype afterEnd;

    // Which lines of the middle are kept: pairs in order, of the longest common subsequence.
    std::vector<std::pair<qsizetype, qsizetype>> common() const
    {
        const qsizetype rows = beforeEnd - start;
        const qsizetype columns = afterEnd - start;
        std::vector<std::pair<qsizetype, qsizetype>> pairs;
        if (rows == 0 || columns == 0 || rows > kMostCells / columns)
            return pairs;
        std::vector<int> lengths(size_t((rows + 1) * (columns + 1)));
        const auto at = [&](qsizetype row, qsizetype column) -> int & { return lengths[size_t(row * (columns + 1) + column)]; };
        for (qsizetype row = rows - 1; row >= 0; --row)
            for (qsizetype column = columns - 1; column >= 0; --column)
                at(row, column) = before[start + row] == after[start + column] ? at(row + 1, column + 1) + 1
                                                                               : std::max(at(row + 1, column), at(row, column + 1));
        for (qsizetype row = 0, column = 0; row < rows && column < columns;) {
            if (before[start + row] == after[start + column])
                pairs.emplace_back(start + row++, start + column++);
            else
                at(row + 1, column) >= at(row, column + 1) ? ++row : ++column;
        }
        return pairs;
    }
};

// Where two lines begin to differ.
qsizetype firstDifference(const QByteArray &left, const QByteArray &right)
{
    return std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first - left.begin();
}

} // namespace

QList<DiffLine> diffLines(const QByteArray &before, const QByteArray &after, int around, const QByteArray &token)
{
    const QList<QByteArray> olds = linesOf(before);
    const QList<QByteArray> news = linesOf(after);
    Middle middle{olds, news, 0, olds.size(), news.size()};
    while (middle.start < std::min(olds.size(), news.size()) && olds[middle.start] == news[middle.start])
        ++middle.start;
    while (middle.beforeEnd > middle.start && middle.afterEnd > middle.start && olds[middle.beforeEnd - 1] == news[middle.afterEnd - 1])
        --middle.beforeEnd, --middle.afterEnd;
    if (middle.start == middle.beforeEnd && middle.start == middle.afterEnd)
        return {};
    const bool bothDiffer = middle.start < middle.beforeEnd && middle.start < middle.afterEnd;
    const qsizetype focus = bothDiffer ? firstDifference(olds[middle.start], news[middle.start]) : 0;
    QList<DiffLine> lines;
    const auto same = [&](qsizetype old, qsizetype fresh) {
        lines.append({DiffLine::Kind::Same, int(old) + 1, int(fresh) + 1, shown(olds[old], token, 0)});
    };
    for (qsizetype i = std::max<qsizetype>(0, middle.start - around); i < middle.start; ++i)
        same(i, i);
    auto pairs = middle.common();
    pairs.emplace_back(middle.beforeEnd, middle.afterEnd);
    qsizetype old = middle.start;
    qsizetype fresh = middle.start;
    for (const auto &[nextOld, nextFresh] : pairs) {
        for (; old < nextOld; ++old)
            lines.append({DiffLine::Kind::Removed, int(old) + 1, 0, shown(olds[old], token, focus)});
        for (; fresh < nextFresh; ++fresh)
            lines.append({DiffLine::Kind::Added, 0, int(fresh) + 1, shown(news[fresh], token, focus)});
        if (nextOld < middle.beforeEnd)
            same(old++, fresh++);
    }
    for (qsizetype i = 0; i < around && middle.beforeEnd + i < olds.size(); ++i)
        same(middle.beforeEnd + i, middle.afterEnd + i);
    return lines;
}

} // namespace mcpcore
