// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/HeaderValue.h"
#include <algorithm>

namespace mcpcore {

namespace {

constexpr std::string_view opening = "=?base64?";
constexpr std::string_view closing = "?=";

bool isWrapped(std::string_view text)
{
    return text.size() >= opening.size() + closing.size() && text.substr(0, opening.size()) == opening
           && text.substr(text.size() - closing.size()) == closing;
}

bool isPlain(std::string_view text)
{
    return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c <= 0x7e; })
           && (text.empty() || (text.front() != ' ' && text.back() != ' ')) && !isWrapped(text);
}

} // namespace

QByteArray encodedHeaderValue(std::string_view value)
{
    const QByteArray bytes(value.data(), qsizetype(value.size()));
    return isPlain(value) ? bytes : QByteArray(opening.data()) + bytes.toBase64() + closing.data();
}

std::optional<QByteArray> decodedHeaderValue(std::string_view field)
{
    if (!isWrapped(field))
        return QByteArray(field.data(), qsizetype(field.size()));
    const std::string_view inner = field.substr(opening.size(), field.size() - opening.size() - closing.size());
    const auto decoded = QByteArray::fromBase64Encoding(QByteArray(inner.data(), qsizetype(inner.size())),
                                                        QByteArray::Base64Encoding | QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(decoded.decoded) : std::nullopt;
}

} // namespace mcpcore
