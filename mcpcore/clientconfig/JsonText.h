// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include <optional>
#include <vector>

namespace mcpcore {

// What stands between two tokens, one piece at a time.
struct JsonTrivia {
    enum class Kind { None, Blank, LineEnd, LineComment, BlockComment };
    Kind kind = Kind::None;
    qsizetype end = 0; // a line comment ends before its line end; a block comment that is never closed at -1
};
JsonTrivia jsonTriviaAt(const QByteArray &bytes, qsizetype at);

// A value and where it stands, with its name and the comma behind it.
struct JsonNode {
    enum class Kind { Object, Array, Text, Number, Word };
    Kind kind = Kind::Word;
    qsizetype keyStart = -1; // -1 where it has no name: the root, and items of arrays
    qsizetype keyEnd = -1;
    qsizetype start = 0;
    qsizetype end = 0;
    qsizetype comma = -1; // -1 where none follows
    size_t next = 0;      // the first node that is not inside this one

    bool isHolder() const { return kind == Kind::Object || kind == Kind::Array; }
    qsizetype first() const { return keyStart < 0 ? start : keyStart; }
};

// A JSON text as one client reads it, by the bytes: nodes in the order of the text, node 0 is the root. A plain value.
// What the client would refuse is a fault; nothing is repaired.
class JsonText
{
public:
    static ConfigResult<JsonText> read(const QByteArray &file, const ConfigDialect &dialect);

    const QByteArray &bytes() const { return m_bytes; }
    bool isEmpty() const { return m_nodes.empty(); } // nothing but white space, where the client takes that
    const JsonNode &operator[](size_t index) const { return m_nodes[index]; }
    std::vector<size_t> children(size_t holder) const;

    // With escapes resolved; a half of a surrogate pair becomes U+FFFD.
    QByteArray key(const JsonNode &node) const;
    QByteArray text(const JsonNode &node) const;

    ConfigFault fault(qsizetype offset, ConfigFault::Kind kind, const QString &reason) const;

private:
    QByteArray m_bytes;
    std::vector<JsonNode> m_nodes;
};

} // namespace mcpcore
