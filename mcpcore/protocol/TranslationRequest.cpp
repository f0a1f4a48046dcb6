// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/TranslationRequest.h"
#include "protocol/Message.h"
#include <algorithm>
#include <array>

namespace mcpcore {

namespace {

constexpr std::string_view reserved = "io.modelcontextprotocol/";
constexpr std::array<std::string_view, 4> names{"io.modelcontextprotocol/protocolVersion", "io.modelcontextprotocol/clientInfo",
                                                "io.modelcontextprotocol/clientCapabilities", "io.modelcontextprotocol/logLevel"};
constexpr std::array<std::string_view, 8> levels{"\"debug\"", "\"info\"",     "\"notice\"", "\"warning\"",
                                                 "\"error\"", "\"critical\"", "\"alert\"",  "\"emergency\""};

RawJson metaOf(const RawJson &params)
{
    const RawJson meta = params.isEmpty() ? RawJson() : memberOf(params, "_meta");
    return !meta.isEmpty() && meta.view().front() == '{' ? meta : RawJson();
}

} // namespace

std::optional<LogLevel> logLevelFrom(const RawJson &text)
{
    const auto found = std::find(levels.begin(), levels.end(), text.view());
    return found == levels.end() ? std::nullopt : std::optional(LogLevel(found - levels.begin()));
}

QByteArray textOf(LogLevel level)
{
    const std::string_view text = levels[size_t(level)];
    return {text.data(), qsizetype(text.size())};
}

bool isWanted(const RawJson &params, LogLevel wanted)
{
    const auto level = logLevelFrom(params.isEmpty() ? RawJson() : memberOf(params, "level"));
    return level && *level >= wanted;
}

std::optional<LogLevel> logLevelOf(const RawJson &params)
{
    if (params.view().find(names[3]) == std::string_view::npos)
        return std::nullopt;
    const RawJson meta = metaOf(params);
    return meta.isEmpty() ? std::nullopt : logLevelFrom(memberOf(meta, names[3]));
}

bool namesUnknownLogLevel(const RawJson &params)
{
    const RawJson meta = metaOf(params);
    const RawJson level = meta.isEmpty() ? RawJson() : memberOf(meta, names[3]);
    return !level.isEmpty() && !logLevelFrom(level);
}

QByteArray paramsForModern(const RawJson &params, const RequestMeta &meta)
{
    const QByteArray merged = withMembers(metaOf(params), {{names[0], '"' + meta.version + '"'},
                                                           {names[1], meta.clientInfo},
                                                           {names[2], meta.capabilities},
                                                           {names[3], meta.logLevel ? textOf(*meta.logLevel) : QByteArray()}});
    return withMembers(params, {{"_meta", merged}});
}

RawJson paramsForLegacy(const RawJson &params)
{
    if (params.view().find(reserved) == std::string_view::npos)
        return params;
    const RawJson meta = metaOf(params);
    const auto members = meta.isEmpty() ? Result<std::vector<RawMember>>() : membersOf(meta);
    if (!members)
        return params;
    const bool others = std::any_of(members->begin(), members->end(), [](const RawMember &member) {
        return std::find(names.begin(), names.end(), member.key) == names.end();
    });
    const QByteArray stripped = others ? withMembers(meta, {{names[0], {}}, {names[1], {}}, {names[2], {}}, {names[3], {}}}) : QByteArray();
    return RawJson(withMembers(params, {{"_meta", stripped}}));
}

QByteArray capabilitiesForModern(const RawJson &capabilities)
{
    const RawJson roots = memberOf(capabilities, "roots");
    return withMembers(capabilities, {{"roots", roots.isEmpty() ? QByteArray() : QByteArrayLiteral("{}")}, {"tasks", {}}});
}

} // namespace mcpcore
