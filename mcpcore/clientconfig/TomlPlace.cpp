// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlPlace.h"
#include <algorithm>

namespace mcpcore {

namespace {

qsizetype commonNames(const TomlPath &left, const TomlPath &right)
{
    return std::mismatch(left.begin(), left.end(), right.begin(), right.end()).first - left.begin();
}

ConfigFault wrongType(const QByteArray &file, qsizetype at, const TomlPath &path)
{
    const QByteArray name = path.isEmpty() ? QByteArray() : path.last();
    return faultAt(file, at, ConfigFault::Kind::WrongType,
                   QStringLiteral("\"%1\" should be a table here and is something else; change it to a table, or rename it.")
                       .arg(QString::fromUtf8(name)));
}

// Follows an inline table that stands at a part of the way to the entry: `rest` leads from it to the entry.
std::optional<ConfigFault> descend(const QByteArray &file, const TomlValue &table, const TomlPath &rest, TomlPlace &out)
{
    out.inlineTable = &table;
    out.rest = rest;
    const qsizetype above = out.entry.size() - rest.size();
    for (const TomlMember &member : table.members) {
        const qsizetype common = commonNames(member.key.names, rest);
        if (common == rest.size()) {
            out.inlined.push_back({&member.key, &member.value, rest.size()});
        } else if (common == member.key.names.size()) {
            if (member.value.kind != TomlValue::Kind::Table)
                return wrongType(file, member.key.span.begin, member.key.names);
            out.known = above + common;
            return descend(file, member.value, rest.mid(common), out);
        }
        out.known = std::max(out.known, above + std::min(common, rest.size() - 1));
    }
    return {};
}

} // namespace

ConfigResult<TomlPlace> findPlace(const QByteArray &file, const TomlText &text, const EntryPlace &place)
{
    TomlPlace out;
    for (const QString &name : place.path)
        out.path.append(name.toUtf8());
    out.entry = out.path + TomlPath{place.name.toUtf8()};
    bool isOurTable = false;
    for (size_t i = 0; i < text.statements.size(); ++i) {
        const TomlStatement &statement = text.statements[i];
        const qsizetype common = commonNames(statement.path, out.entry);
        out.known = std::max(out.known, std::min(common, out.path.size()));
        const bool isEntry = common == out.entry.size();
        if (statement.kind == TomlStatement::Kind::Member) {
            if (isOurTable)
                continue;
            if (isEntry) {
                const qsizetype above = statement.path.size() - statement.key.names.size();
                out.lines.push_back({&statement.key, &statement.value, out.entry.size() - above, statement.lines});
            } else if (common == statement.path.size()) {
                if (statement.value.kind != TomlValue::Kind::Table)
                    return tl::unexpected(wrongType(file, statement.key.span.begin, statement.path));
                if (const auto fault = descend(file, statement.value, out.entry.mid(common), out))
                    return tl::unexpected(*fault);
            }
            continue;
        }
        isOurTable = isEntry;
        if (isEntry) {
            const size_t end = text.tableEnd(i);
            if (!out.tables.empty() && out.tables.back().end == i)
                out.tables.back().end = end;
            else
                out.tables.push_back({i, end});
        } else if (statement.kind == TomlStatement::Kind::TableArray && common == statement.path.size()) {
            return tl::unexpected(wrongType(file, statement.key.span.begin, statement.path));
        }
        if (startsWith(statement.path, out.path))
            out.lastTable = i;
    }
    return out;
}

} // namespace mcpcore
