// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QList>
#include <QString>

namespace ui {

// A stretch of text as a person should see it: as written, or a mark that stands for one character that would not be seen.
struct MarkedPiece {
    QString text; // as written; for a mark what is drawn: "U+200B", "↵" before a line break
    bool mark = false;
    QString spoken;                  // for a mark: "zero width space"
    qsizetype start = 0, length = 0; // where it is in the source
};

// Labels hold our own sentences, which use no-break spaces in numbers; what others wrote gets every mark.
enum class Spaces { Marked, Kept };

// Splits `text` so that control, format, bidi, tag, unassigned and blank characters become marks. A line break becomes the
// mark "↵" and a piece "\n". The third and later combining marks on one letter become marks too. Pure.
QList<MarkedPiece> visibleMarks(QStringView text, Spaces spaces = Spaces::Marked);
// The same as one plain text with marks in brackets, "yearly[U+200B]", for places that paint no pieces: titles, tooltips.
QString visibleText(QStringView text, Spaces spaces = Spaces::Marked);
// The same for a screen reader: "yearly zero width space ".
QString spokenText(QStringView text);
// How many characters would become marks, line breaks and tabs not counted.
qsizetype hiddenCharacters(QStringView text);
// Words that mix letters of look-alike scripts (Latin, Greek, Cyrillic, Armenian, Cherokee).
QStringList mixedScriptWords(QStringView text);
// For menus and buttons: '&' is a letter, not a mnemonic.
QString withoutMnemonics(QString text);

} // namespace ui
