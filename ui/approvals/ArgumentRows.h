// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include <QList>
#include <QString>

namespace ui {

// One leaf of a call's arguments, as the Fields view lists it. Path and value are the agent's words: whoever draws them
// shows them as plain text with marks for hidden characters.
struct ArgumentRow {
    enum class Kind { Text, Number, Boolean, Null, EmptyObject, EmptyList, Unreadable };
    QString path;  // rules[1].conditions[0].type; names that are not plain words as ["a b"]
    QString value; // a text with its escapes resolved; everything else, numbers too, as its source text
    Kind kind = Kind::Text;
    bool risky = false; // named like money, an object or a deletion: listed first, in bold
};

// The leaves of one value: those with risky names first, then the others, each in the order of the bytes.
struct ArgumentRows {
    QList<ArgumentRow> rows;
    qsizetype total = 0; // leaves in all; `rows` holds at most the limit
};

inline constexpr qsizetype kFirstRows = 500;
// What "show all" shows; beyond it Exact bytes is the place to look.
inline constexpr qsizetype kMostRows = 5'000;

// One pass over the bytes. Never fails: what is not JSON becomes one Unreadable row with the bytes from there on.
ArgumentRows flatten(const mcpcore::RawJson &arguments, qsizetype limit = kFirstRows);

// True for the name of a member that says how much, for whom, or that something goes away.
bool isRiskyName(const QString &name);

// "integer", "18 characters", "1 204 characters, 31 lines".
QString measureOf(const ArgumentRow &row);

// 48 213, with no-break spaces.
QString grouped(qint64 number);

} // namespace ui
