// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/YamlPlace.h"
#include "clientconfig/YamlWriter.h"
#include <memory>

namespace mcpcore {

// One file on its way to an edit, with what has been found in it.
struct YamlOriginal {
    const QByteArray &file;
    std::unique_ptr<const YamlText> text; // the place points into it
    YamlPlace place;
};

ConfigResult<YamlOriginal> readYaml(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place);

// As maps and lists near the place are indented, or else in the file.
YamlStyle styleOf(const YamlOriginal &original);
// The lines of the entry with the keys above it that are missing.
ConfigResult<YamlLines> newLines(const YamlOriginal &original, const EntryPlace &place, const Json &entry);

// Where they go: behind the last neighbour and the comments that are indented more than its holder.
qsizetype newLinesPlace(const YamlOriginal &original);
// Whether they get a blank line above, as most neighbours have one between them.
bool takesBlankLine(const YamlOriginal &original, qsizetype at);

// Behind the comments that follow `from` and are indented more than `column`.
qsizetype behindComments(const QByteArray &file, qsizetype from, int column);
// A text block whose own line ends go up to this place: what is added or taken there becomes part of the text.
bool isTextUpTo(const YamlNode &leaf, qsizetype at, YamlNode::Chomping chomping);

} // namespace mcpcore
