// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TextLines.h"
#include <vector>

namespace mcpcore {

// The block structure of a YAML file as it stands: maps, lists and which lines each member covers. Plain values that count bytes in the
// file they were read from. What readers of YAML disagree on (tabs, complex keys, several documents) is refused, not interpreted.

inline constexpr int kMaximumYamlDepth = 64;

struct YamlChild;

struct YamlNode {
    enum class Kind { Absent, Scalar, Block, Flow, Alias, Map, List }; // Block: a text behind | or >
    enum class Chomping { Clip, Strip, Keep };                         // of Block: what becomes of the line ends behind it
    Kind kind = Kind::Absent;
    qsizetype begin = 0;
    qsizetype end = 0; // of Scalar, Flow and Alias: behind the last byte
    int column = 0;    // of Map and List: where keys or dashes stand
    Chomping chomping = Chomping::Clip;
    bool hasProperties = false;      // an anchor or a tag of its own
    bool hasAnchors = false;         // in it or below it
    std::vector<YamlChild> children; // of Map and List
};

// A member of a map or an item of a list.
struct YamlChild {
    qsizetype begin = 0; // its key or dash
    qsizetype end = 0;   // the line behind it
    TextSpan key;        // as written, with quotes
    qsizetype colon = 0; // behind it
    YamlNode value;
};

struct YamlText {
    YamlNode root;
    qsizetype begin = 0; // behind the byte order mark and the line of "---"
};

ConfigResult<YamlText> scanYaml(const QByteArray &file);

// What the lines of a node end with.
const YamlNode &lastLeaf(const YamlNode &node);

} // namespace mcpcore
