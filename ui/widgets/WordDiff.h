// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/Runs.h"

namespace ui {

// A stretch of two texts that differ: in both of them, only in the new one, or only in the old one.
struct DiffPiece {
    QString text;
    Run::Change change = Run::Change::None;

    friend bool operator==(const DiffPiece &, const DiffPiece &) = default;
};

// What changed from one text to the other, word by word; every character that belongs to no word is one of its own, so that an
// invisible one shows. Texts too long to be compared are one old and one new piece. Pure.
QList<DiffPiece> wordDiff(QStringView before, QStringView after);
// For a PlainLabel: what is gone is struck out, what is new underlined, both on a ground of their own. Of stretches without a change
// only so many characters beside one are left (0: all).
Runs diffRuns(const QList<DiffPiece> &pieces, Role role, Run::Style style, qsizetype beside = 0);
// For a screen reader: "removed: read. added: delete."
QString spokenDiff(const QList<DiffPiece> &pieces);

} // namespace ui
