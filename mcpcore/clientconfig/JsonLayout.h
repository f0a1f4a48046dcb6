// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/JsonText.h"

namespace mcpcore {

// How people have laid out a file where something is to be put. A plain value.
struct JsonLayout {
    enum class Shape { Lines, OneLine };
    Shape shape = Shape::Lines;
    QByteArray lineEnd = "\n";
    QByteArray indent = {}; // of the line that the value begins on
    QByteArray unit = "  "; // one level more
    QByteArray colon = ": ";
    QByteArray comma = ", "; // on one line
    QByteArray padding = {}; // on one line, inside braces
};

// Of new members of the innermost of these holders.
JsonLayout layoutOfMembers(const JsonText &text, const std::vector<size_t> &holders);
// Of a value that takes the place of another.
JsonLayout layoutOfValue(const JsonText &text, const std::vector<size_t> &holders, const JsonNode &old);

QByteArray rendered(const Json &value, const JsonLayout &layout);
QByteArray renderedKey(const QString &key, const JsonLayout &layout); // with its colon

// As it stands in the file: in a list with its name.
Json jsonEntry(const EntryPlace &place, const Json &entry);

} // namespace mcpcore
