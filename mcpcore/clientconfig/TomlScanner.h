// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/TomlText.h"
#include <optional>

namespace mcpcore {

// Reads one file from begin to end, for scanToml(). Every step returns false once a fault is found.
class TomlScanner
{
public:
    explicit TomlScanner(const QByteArray &file) : m_file(file), m_at(byteOrderMarkLength(file)) {}

    ConfigResult<TomlText> scan();

private:
    bool statement(TomlStatement &out);
    bool header(TomlStatement &out);
    bool endOfLine();
    bool key(TomlKey &out, int depth);
    bool value(TomlValue &out, int depth);
    bool literal();
    bool array(int depth);
    bool inlineTable(TomlValue &out, int depth);
    // A string of any of the four kinds; `decoded` where the text is wanted (keys).
    enum class Lines { One, Many };
    bool text(QByteArray *decoded, Lines lines);
    bool escape(QByteArray *decoded);
    bool unicodeEscape(QByteArray *decoded, int digits);
    bool comment();
    bool newline(); // false without a fault where there is none
    void spaces();
    bool spacesLinesAndComments();

    char peek(qsizetype ahead = 0) const { return m_at + ahead < m_file.size() ? m_file[m_at + ahead] : '\0'; }
    bool atEnd() const { return m_at >= m_file.size(); }
    bool fault(qsizetype at, const char *reason, ConfigFault::Kind kind = ConfigFault::Kind::Syntax);
    bool tooDeep(int depth);

    const QByteArray &m_file;
    qsizetype m_at;
    std::optional<ConfigFault> m_fault;
};

} // namespace mcpcore
