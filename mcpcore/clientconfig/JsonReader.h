// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/JsonText.h"

namespace mcpcore {

// Reads one JSON text into nodes, once, from the first byte to the last. Lives for the call of JsonText::read().
class JsonReader
{
public:
    JsonReader(const QByteArray &bytes, const ConfigDialect &dialect, std::vector<JsonNode> &nodes)
        : m_bytes(bytes), m_dialect(dialect), m_nodes(nodes)
    {}
    // The first thing this client would refuse.
    std::optional<ConfigFault> read();

private:
    // Each returns whether to go on; where not, m_fault says why.
    bool readDocument();
    bool readValue(int depth);
    bool readHolder(size_t index, int depth);
    bool readMember(JsonNode::Kind holder, int depth);
    bool readComma(size_t member, char close);
    bool readText();
    bool skipEscape();
    bool readNumber();
    bool readWord();
    bool skipTrivia();
    bool isCommentRead(const JsonTrivia &piece);

    bool refuse(qsizetype at, const QString &reason, ConfigFault::Kind kind = ConfigFault::Kind::Syntax);
    bool refuseForeignQuote(const QString &otherwise);
    char peek() const { return m_at < m_bytes.size() ? m_bytes[m_at] : '\0'; }
    bool isAtEnd() const { return m_at == m_bytes.size(); }
    bool skipDigits();

    const QByteArray &m_bytes;
    const ConfigDialect &m_dialect;
    std::vector<JsonNode> &m_nodes;
    qsizetype m_at = 0;
    std::optional<ConfigFault> m_fault;
};

} // namespace mcpcore
