// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/WordDiff.h"
#include <QCoreApplication>

namespace ui {

namespace {

using Change = Run::Change;

constexpr qint64 kMostCells = 4'000'000; // of the table that is filled: some megabytes and a moment

bool isWord(QChar c)
{
    return c.isLetterOrNumber() || c.isSurrogate() || c == QLatin1Char('_');
}

QList<QStringView> wordsOf(QStringView text)
{
    QList<QStringView> words;
    for (qsizetype at = 0; at < text.size();) {
        qsizetype end = at + 1;
        while (end < text.size() && isWord(text[at]) && isWord(text[end]))
            ++end;
        words.append(text.mid(at, end - at));
        at = end;
    }
    return words;
}

void add(QList<DiffPiece> &pieces, Change change, QStringView text)
{
    if (text.isEmpty())
        return;
    if (!pieces.isEmpty() && pieces.last().change == change)
        pieces.last().text += text;
    else
        pieces.append({text.toString(), change});
}

// The longest common row of words, by the usual table.
void compare(QList<DiffPiece> &pieces, const QList<QStringView> &before, const QList<QStringView> &after)
{
    const qsizetype rows = before.size(), columns = after.size();
    std::vector<int> table(size_t(rows + 1) * size_t(columns + 1), 0);
    const auto cell = [&](qsizetype row, qsizetype column) -> int & { return table[size_t(row * (columns + 1) + column)]; };
    for (qsizetype row = rows - 1; row >= 0; --row)
        for (qsizetype column = columns - 1; column >= 0; --column)
            cell(row, column) =
                before[row] == after[column] ? cell(row + 1, column + 1) + 1 : std::max(cell(row + 1, column), cell(row, column + 1));
    qsizetype row = 0, column = 0;
    while (row < rows || column < columns) {
        if (row < rows && column < columns && before[row] == after[column]) {
            add(pieces, Change::None, before[row]);
            ++row;
            ++column;
        } else if (column == columns || (row < rows && cell(row + 1, column) >= cell(row, column + 1))) {
            add(pieces, Change::Removed, before[row++]);
        } else {
            add(pieces, Change::Added, after[column++]);
        }
    }
}

} // namespace

QList<DiffPiece> wordDiff(QStringView before, QStringView after)
{
    QList<QStringView> was = wordsOf(before), is = wordsOf(after);
    qsizetype head = 0, tail = 0;
    while (head < was.size() && head < is.size() && was[head] == is[head])
        ++head;
    while (tail < was.size() - head && tail < is.size() - head && was[was.size() - 1 - tail] == is[is.size() - 1 - tail])
        ++tail;
    QList<DiffPiece> pieces;
    for (qsizetype at = 0; at < head; ++at)
        add(pieces, Change::None, was[at]);
    const QList<QStringView> oldWords = was.mid(head, was.size() - head - tail), newWords = is.mid(head, is.size() - head - tail);
    if (qint64(oldWords.size()) * newWords.size() <= kMostCells) {
        compare(pieces, oldWords, newWords);
    } else {
        for (const QStringView word : oldWords)
            add(pieces, Change::Removed, word);
        for (const QStringView word : newWords)
            add(pieces, Change::Added, word);
    }
    for (qsizetype at = was.size() - tail; at < was.size(); ++at)
        add(pieces, Change::None, was[at]);
    return pieces;
}

Runs diffRuns(const QList<DiffPiece> &pieces, Role role, Run::Style style, qsizetype beside)
{
    Runs runs;
    for (qsizetype at = 0; at < pieces.size(); ++at) {
        const DiffPiece &piece = pieces[at];
        const qsizetype left = at == 0 ? 0 : beside, right = at + 1 == pieces.size() ? 0 : beside;
        if (beside == 0 || piece.change != Change::None || piece.text.size() <= left + right + 3) {
            runs.append({piece.text, role, style, piece.change});
            continue;
        }
        runs.append({piece.text.left(left), role, style});
        runs.append({QStringLiteral(" … "), Role::TextFaint, style});
        runs.append({piece.text.right(right), role, style});
    }
    return runs;
}

QString spokenDiff(const QList<DiffPiece> &pieces)
{
    QStringList said;
    for (const DiffPiece &piece : pieces) {
        if (piece.change == Change::Removed)
            said.append(QCoreApplication::translate("WordDiff", "removed: %1.").arg(spokenText(piece.text)));
        else if (piece.change == Change::Added)
            said.append(QCoreApplication::translate("WordDiff", "added: %1.").arg(spokenText(piece.text)));
    }
    return said.join(QLatin1Char(' '));
}

} // namespace ui
