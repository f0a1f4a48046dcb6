// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/OneLine.h"
#include <algorithm>

namespace mcpcore {

RawJson onOneLine(const RawJson &json)
{
    const std::string_view text = json.view();
    if (text.find('\n') == std::string_view::npos && text.find('\r') == std::string_view::npos)
        return json;
    QByteArray line;
    line.reserve(json.size() + 64);
    line.append(text.data(), json.size());
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    padForReading(line);
    return RawJson(line);
}

} // namespace mcpcore
