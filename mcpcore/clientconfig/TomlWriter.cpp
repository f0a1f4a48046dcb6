// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlWriter.h"
#include "base/Json.h"
#include <QUtf8StringView>
#include <algorithm>
#include <cmath>

namespace mcpcore {

namespace {

tl::unexpected<ConfigFault> noWord(const char *reason)
{
    return tl::unexpected(ConfigFault{ConfigFault::Kind::Unsupported, 0, 0, QString::fromLatin1(reason)});
}

QByteArray quoted(const QByteArray &text)
{
    static const QByteArray special = "\b\t\n\f\r\"\\";
    static const QByteArray letters = "btnfr\"\\";
    QByteArray out = "\"";
    for (const char c : text) {
        const qsizetype found = c ? special.indexOf(c) : -1;
        if (found >= 0)
            out.append('\\').append(letters[found]);
        else if (uchar(c) < 0x20 || c == 0x7F)
            out.append("\\u").append(QByteArray::number(int(c), 16).rightJustified(4, '0'));
        else
            out.append(c);
    }
    return out.append('"');
}

ConfigResult<QByteArray> quotedText(const std::string &text)
{
    const QByteArray bytes = QByteArray::fromStdString(text);
    if (!QUtf8StringView(bytes).isValidUtf8())
        return noWord("A text of the entry is not UTF-8.");
    return quoted(bytes);
}

ConfigResult<QByteArray> joined(const QList<QByteArray> &items, const char *open, const char *close)
{
    return items.isEmpty() ? QByteArray(open).trimmed() + QByteArray(close).trimmed() : open + items.join(", ") + close;
}

ConfigResult<QByteArray> number(const Json &json)
{
    if (json.is_number_unsigned() && json.get<quint64>() > quint64(std::numeric_limits<qint64>::max()))
        return noWord("A number of the entry is too large for TOML.");
    if (json.is_number_float() && !std::isfinite(json.get<double>()))
        return noWord("A number of the entry is not finite.");
    return QByteArray::fromStdString(json.dump());
}

} // namespace

QByteArray tomlKey(const TomlPath &names)
{
    QList<QByteArray> parts;
    for (const QByteArray &name : names) {
        const bool isBare = !name.isEmpty() && std::all_of(name.begin(), name.end(), [](char c) {
            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
        });
        parts.append(isBare ? name : quoted(name));
    }
    return parts.join('.');
}

ConfigResult<QByteArray> tomlValue(const Json &json)
{
    switch (json.type()) {
    case Json::value_t::boolean: return QByteArray::fromStdString(json.dump());
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: return number(json);
    case Json::value_t::string: return quotedText(json.get_ref<const std::string &>());
    case Json::value_t::object: {
        const auto members = tomlMembers(json, {}, " = ");
        return members ? joined(*members, "{ ", " }") : tl::unexpected(members.error());
    }
    case Json::value_t::array: {
        QList<QByteArray> items;
        for (const Json &item : json) {
            const auto text = tomlValue(item);
            if (!text)
                return text;
            items.append(*text);
        }
        return joined(items, "[", "]");
    }
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
    }
    return noWord("A member of the entry has no value, and TOML has no word for that.");
}

ConfigResult<QList<QByteArray>> tomlMembers(const Json &object, const QByteArray &prefix, const QByteArray &assign)
{
    QList<QByteArray> out;
    for (const auto &[key, item] : object.items()) {
        const QByteArray name = QByteArray::fromStdString(key);
        const auto text = tomlValue(item);
        if (!text)
            return tl::unexpected(text.error());
        if (!QUtf8StringView(name).isValidUtf8())
            return noWord("A name in the entry is not UTF-8.");
        out.append(prefix + tomlKey({name}) + assign + *text);
    }
    return out;
}

} // namespace mcpcore
