// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/FormatEdits.h"

namespace mcpcore {

namespace {

ConfigFault notEdited()
{
    return {ConfigFault::Kind::Unsupported, 0, 0, QStringLiteral("Files in JSON are not edited by this version.")};
}

} // namespace

ConfigResult<EntryEdit> jsonInsert(const QByteArray &, const ConfigDialect &, const EntryPlace &, const Json &)
{
    return tl::unexpected(notEdited());
}

ConfigResult<EntryEdit> jsonReplace(const QByteArray &, const ConfigDialect &, const EntryPlace &, const Json &)
{
    return tl::unexpected(notEdited());
}

ConfigResult<EntryEdit> jsonRemove(const QByteArray &, const ConfigDialect &, const EntryPlace &, int)
{
    return tl::unexpected(notEdited());
}

ConfigResult<ConfigValue> jsonMeaning(const QByteArray &, const ConfigDialect &)
{
    return tl::unexpected(notEdited());
}

} // namespace mcpcore
