// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include <QByteArrayList>

namespace mcpcore {

// An argument that the tool's definition wants repeated in a header field: "x-mcp-header" of 2026-07-28.
struct ToolHeader {
    enum class Type { String, Integer, Boolean };
    QByteArrayList path; // names of properties, from the outermost
    QByteArray name;     // of the field, after "Mcp-Param-"
    Type type = Type::String;
};

// InvalidArgument when one annotation is not valid: then the tool may not be used over HTTP, says the protocol.
Result<QList<ToolHeader>> toolHeadersOf(const RawJson &definition);
// "Mcp-Param-Region: us-west1", one for each that has a value. An empty value is told by a name with a colon alone.
QByteArrayList toolHeaderFields(const QList<ToolHeader> &headers, const RawJson &arguments);
// The definition without its annotations, as it is where it has none: for clients, whose headers we do not ask for.
RawJson withoutToolHeaders(const RawJson &definition);

} // namespace mcpcore
