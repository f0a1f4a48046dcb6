// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/JsonText.h"

namespace mcpcore {

// Where the path leads in a text that is not empty. Of names that stand twice the last counts, as it does for every reader.
struct JsonSpot {
    std::vector<size_t> holders; // from the root to the last that is there
    std::vector<size_t> entries; // those of the entry's name, where the whole path is there
    qsizetype missing = 0;       // how many keys of the path are not there

    size_t holder() const { return holders.back(); }
};
ConfigResult<JsonSpot> jsonSpot(const JsonText &text, const EntryPlace &place); // WrongType
// The one entry, for changing it: Absent, or Unsupported where the name stands twice.
ConfigResult<JsonSpot> jsonSpotOfEntry(const JsonText &text, const EntryPlace &place);

bool hasComment(const JsonText &text, qsizetype from, qsizetype to);   // between two tokens
bool hasLineEnd(const JsonText &text, qsizetype from, qsizetype to);   // anywhere
bool startsLine(const JsonText &text, qsizetype at);                   // only blanks before it on its line, which is not the first
QByteArray indentAt(const JsonText &text, qsizetype at);               // the blanks its line begins with
JsonTrivia::Kind kindBehindBlanks(const JsonText &text, qsizetype at); // what follows the blanks, if any
qsizetype behindBlanks(const JsonText &text, qsizetype at);

} // namespace mcpcore
