// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/KeyEnd.h"
#include "base/Json.h"
#include "base/Secret.h"

namespace mcpcore {

namespace {

constexpr double kLatest = 253'402'300'799; // the year 9999

} // namespace

std::chrono::milliseconds endOf(std::string_view key)
{
    using namespace std::chrono_literals;
    const size_t first = key.find('.');
    const size_t second = first == std::string_view::npos ? first : key.find('.', first + 1);
    if (!key.starts_with("eyJ") || second == std::string_view::npos || key.find('.', second + 1) != std::string_view::npos)
        return 0ms;
    const std::string_view middle = key.substr(first + 1, second - first - 1);
    QByteArray claims = QByteArray::fromBase64(QByteArray::fromRawData(middle.data(), qsizetype(middle.size())),
                                               QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    const auto json = parseJson({claims.constData(), size_t(claims.size())});
    wipe(claims);
    const Json *end = json ? memberAt(*json, "exp") : nullptr;
    if (!end || !end->is_number())
        return 0ms;
    const double seconds = end->get<double>();
    return seconds > 0 && seconds <= kLatest ? std::chrono::milliseconds(qint64(seconds * 1000)) : 0ms;
}

} // namespace mcpcore
