// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/YamlText.h"
#include <optional>

namespace mcpcore {

// Reads one file from begin to end, for scanYaml(). Every step returns false once a fault is found. `parent` is the column of the map or
// list a node stands in (-1 at the root): its further lines are indented more.
class YamlScanner
{
public:
    explicit YamlScanner(const QByteArray &file) : m_file(file), m_at(byteOrderMarkLength(file)) {}

    ConfigResult<YamlText> scan();

private:
    enum class Within { Map, List };

    // Block structure (YamlText.cpp). m_at stands on the first byte of a node, and at the begin of a line behind it.
    bool onOwnLine(YamlNode &out, int column, int parent, int depth);
    bool map(YamlNode &out, int column, int depth);
    bool list(YamlNode &out, int column, int depth);
    bool value(YamlNode &out, int parent, Within within, int depth);
    bool properties(YamlNode &out);
    bool belowKey(YamlNode &out, int parent, Within within, int depth);
    bool isDash() const;
    std::optional<qsizetype> keyColon(); // where the key that begins here ends, if one does
    int nextContent();                   // to the next line with content: its column, -1 at the end or at a marker of documents
    bool finishLine();
    bool isMarker(qsizetype at) const;
    bool checkCharacters();

    // What holds no lines of structure (YamlScalars.cpp).
    bool leaf(YamlNode &out, int parent);
    bool name();
    bool plain(int parent);
    bool plainLine(qsizetype &end);
    bool quoted(int parent);
    bool flow(YamlNode &out, int parent);
    bool block(YamlNode &out, int parent);
    bool blockHeader(YamlNode &out, int &indent);
    bool continuation(int parent, const QByteArray &closers = {}); // over a line end inside of a leaf

    bool spaces();
    char at(qsizetype place) const { return place < m_file.size() ? m_file[place] : '\n'; }
    char peek(qsizetype ahead = 0) const { return at(m_at + ahead); }
    bool atEnd() const { return m_at >= m_file.size(); }
    bool isLineEnd(qsizetype place) const { return at(place) == '\n' || at(place) == '\r'; }
    bool isSpaceOrEnd(qsizetype place) const { return isLineEnd(place) || at(place) == ' ' || at(place) == '\t'; }
    int columnOf(qsizetype place) const;
    bool fault(qsizetype place, const char *reason, ConfigFault::Kind kind = ConfigFault::Kind::Syntax);
    bool unsupported(qsizetype place, const char *reason) { return fault(place, reason, ConfigFault::Kind::Unsupported); }

    const QByteArray &m_file;
    qsizetype m_at;
    std::optional<ConfigFault> m_fault;
};

} // namespace mcpcore
