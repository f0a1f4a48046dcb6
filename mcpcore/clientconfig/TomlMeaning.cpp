// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/TomlText.h"
#include <algorithm>
#include <toml++/toml.h>

// toml++ reads; the edits are made by a scanner of ours, so each of the two finds the mistakes of the other.
namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;

// Lines and columns (in characters) of toml++ as bytes of the file. A line is counted out once, so that one long line stays cheap.
class Places
{
public:
    explicit Places(std::string_view file) : m_file(file)
    {
        for (size_t at = 0; at < file.size(); ++at)
            if (file[at] == '\n')
                m_lines.push_back(at + 1);
    }

    size_t offset(toml::source_position place) const
    {
        if (place.line == 0 || place.line > m_lines.size() || place.column == 0)
            return m_file.size();
        count(place.line);
        return m_columns[std::min<size_t>(place.column, m_columns.size()) - 1];
    }

    // As it is written.
    QByteArray literal(const toml::node &node) const
    {
        const size_t begin = offset(node.source().begin), end = offset(node.source().end);
        return begin < end ? QByteArray(m_file.data() + begin, qsizetype(end - begin)).trimmed() : QByteArray();
    }

private:
    void count(size_t line) const
    {
        if (line == m_counted)
            return;
        m_counted = line;
        m_columns.clear();
        const size_t end = line < m_lines.size() ? m_lines[line] : m_file.size();
        for (size_t at = m_lines[line - 1]; at < end; ++at)
            if ((uchar(m_file[at]) & 0xC0) != 0x80)
                m_columns.push_back(at);
        m_columns.push_back(end);
    }

    std::string_view m_file;
    std::vector<size_t> m_lines{0};
    mutable size_t m_counted = 0;
    mutable std::vector<size_t> m_columns; // of the line counted last
};

QByteArray bytesOf(std::string_view text)
{
    return QByteArray(text.data(), qsizetype(text.size()));
}

ConfigValue valueOf(const toml::node &node, const Places &places)
{
    ConfigValue out;
    switch (node.type()) {
    case toml::node_type::none: break;
    case toml::node_type::table:
        out.kind = Kind::Map;
        for (const auto &[key, member] : *node.as_table())
            out.members.emplace_back(bytesOf(key.str()), valueOf(member, places));
        break;
    case toml::node_type::array:
        out.kind = Kind::List;
        for (const toml::node &item : *node.as_array())
            out.items.push_back(valueOf(item, places));
        break;
    case toml::node_type::string: out = {Kind::Text, bytesOf(node.as_string()->get())}; break;
    case toml::node_type::boolean: out = {Kind::Boolean, node.as_boolean()->get() ? QByteArray("true") : QByteArray("false")}; break;
    case toml::node_type::integer:
    case toml::node_type::floating_point: out = {Kind::Number, places.literal(node)}; break;
    case toml::node_type::date:
    case toml::node_type::time:
    case toml::node_type::date_time: out = {Kind::Moment, places.literal(node)}; break;
    }
    return out;
}

// Its sentences quote the file: only their kind and place are used.
ConfigFault syntaxFault(const QByteArray &file, const TomlText &text, qsizetype at, const toml::parse_error &error)
{
    const auto isThere = [at](const TomlStatement &one) { return one.lines.begin <= at && at < one.lines.end; };
    const auto statement = std::find_if(text.statements.begin(), text.statements.end(), isThere);
    const bool isHeader = statement != text.statements.end() && statement->kind != TomlStatement::Kind::Member;
    const bool isTwice = error.description().find("redefine") != std::string_view::npos;
    const char *reason = isTwice    ? "A key or table is defined a second time here; delete or rename one of the two."
                         : isHeader ? "This table does not go with what is defined above it; delete or rename one of the two."
                                    : "This is no text in quotes, number, date, true or false; correct it.";
    return faultAt(file, at, ConfigFault::Kind::Syntax, QString::fromLatin1(reason));
}

} // namespace

ConfigResult<ConfigValue> tomlMeaning(const QByteArray &file, const ConfigDialect &dialect)
{
    if (const auto fault = encodingFault(file))
        return tl::unexpected(*fault);
    const qsizetype start = byteOrderMarkLength(file);
    if (start > 0 && !dialect.byteOrderMark)
        return tl::unexpected(ConfigFault{ConfigFault::Kind::Encoding, 1, 1,
                                          QStringLiteral("The file begins with a byte order mark, which this client does not read; "
                                                         "save it as UTF-8 without one.")});
    // Stricter than toml++ in places, with better sentences, and it keeps what nests without end away from a reader that recurses.
    const auto text = scanToml(file);
    if (!text)
        return tl::unexpected(text.error());
    const std::string_view bytes(file.constData() + start, size_t(file.size() - start));
    const Places places(bytes);
    try {
        return valueOf(toml::parse(bytes), places);
    } catch (const toml::parse_error &error) {
        return tl::unexpected(syntaxFault(file, *text, start + qsizetype(places.offset(error.source().begin)), error));
    }
}

} // namespace mcpcore
