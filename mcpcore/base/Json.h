// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Result.h"
#include <QByteArray>
#include <nlohmann/json.hpp>
#include <string_view>

// The tree form of JSON, for everything that is not on the path of a call: workspace, policy, display. Included by
// .cpp files only (it is slow to compile); headers include base/JsonFwd.h.

template <> struct nlohmann::adl_serializer<QString> {
    template <typename BasicJson> static void to_json(BasicJson &json, const QString &text) { json = text.toStdString(); }
    template <typename BasicJson> static void from_json(const BasicJson &json, QString &text)
    {
        text = QString::fromStdString(json.template get<std::string>());
    }
};

namespace mcpcore {

inline constexpr int kMaximumJsonDepth = 64;

// Parses without exceptions. InvalidRequest with line and column when the bytes are not JSON or nest deeper than 64.
Result<Json> parseJson(std::string_view bytes);
// Compact bytes; invalid UTF-8 in strings becomes U+FFFD.
QByteArray toBytes(const Json &json);
QByteArray toIndentedBytes(const Json &json);
// Equality that ignores the order of keys.
bool sameJson(const Json &left, const Json &right);
// Keys sorted at every depth, compact: the form that is fingerprinted.
QByteArray canonicalBytes(const Json &json);

// Typed access to members: the error names the missing or mistyped member by its path.
Result<QString> stringAt(const Json &object, std::string_view key);
QString stringAt(const Json &object, std::string_view key, const QString &otherwise);
qint64 integerAt(const Json &object, std::string_view key, qint64 otherwise);
bool boolAt(const Json &object, std::string_view key, bool otherwise);
// The member, or null when absent or when `object` is not an object.
const Json *memberAt(const Json &object, std::string_view key);

} // namespace mcpcore
