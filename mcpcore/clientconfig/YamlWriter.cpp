// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/YamlWriter.h"
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

bool isValid(const std::string &text)
{
    return QUtf8StringView(text.data(), qsizetype(text.size())).isValidUtf8();
}

// Escapes that JSON has too, for everything that is not printable in YAML.
QByteArray quoted(const std::string &text)
{
    QByteArray out = "\"";
    for (const char32_t c : QString::fromStdString(text).toUcs4()) {
        if (c == '"' || c == '\\')
            out.append('\\').append(char(c));
        else if (c == '\n' || c == '\r' || c == '\t')
            out.append('\\').append(c == '\n' ? 'n' : c == '\r' ? 'r' : 't');
        else if (c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x2028 || c == 0x2029 || c == 0xFEFF || (c & 0xFFFE) == 0xFFFE)
            out.append(c > 0xFFFF ? "\\U" : "\\u").append(QByteArray::number(uint(c), 16).rightJustified(c > 0xFFFF ? 8 : 4, '0'));
        else
            out.append(QString::fromUcs4(&c, 1).toUtf8());
    }
    return out.append('"');
}

// On one line; in braces and brackets where there is anything in it.
ConfigResult<QByteArray> onOneLine(const Json &json)
{
    switch (json.type()) {
    case Json::value_t::number_float:
        if (!std::isfinite(json.get<double>()))
            return noWord("A number of the entry is not finite.");
        [[fallthrough]];
    case Json::value_t::null:
    case Json::value_t::boolean:
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned: return QByteArray::fromStdString(json.dump());
    case Json::value_t::string:
        if (!isValid(json.get_ref<const std::string &>()))
            return noWord("A text of the entry is not UTF-8.");
        return quoted(json.get_ref<const std::string &>());
    case Json::value_t::array:
    case Json::value_t::object: {
        QList<QByteArray> items;
        for (const auto &[key, item] : json.items()) {
            const auto text = onOneLine(item);
            if (!text || !isValid(key))
                return text ? noWord("A name in the entry is not UTF-8.") : text;
            items.append(json.is_object() ? quoted(key) + ": " + *text : *text);
        }
        return json.is_object() ? '{' + items.join(", ") + '}' : '[' + items.join(", ") + ']';
    }
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
    }
    return noWord("A member of the entry has no value.");
}

QByteArray indent(int column)
{
    return QByteArray(column, ' ');
}

ConfigResult<YamlLines> members(const Json &object, int column, const YamlStyle &style)
{
    YamlLines out;
    for (const auto &[key, item] : object.items()) {
        if (!isValid(key))
            return noWord("A name in the entry is not UTF-8.");
        const auto lines = yamlMember(yamlKey(QByteArray::fromStdString(key)), item, column, style);
        if (!lines)
            return lines;
        out += *lines;
    }
    return out;
}

} // namespace

QByteArray yamlKey(const QByteArray &name)
{
    // Words that readers of YAML 1.1 take for something else than text.
    static const QList<QByteArray> words{"y", "n", "yes", "no", "on", "off", "true", "false", "null"};
    const auto isLetter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; };
    const bool isPlain =
        !name.isEmpty() && isLetter(name[0]) && !words.contains(name.toLower())
        && std::all_of(name.begin(), name.end(), [&](char c) { return isLetter(c) || c == '-' || (c >= '0' && c <= '9'); });
    return isPlain ? name : quoted(name.toStdString());
}

ConfigResult<YamlLines> yamlMember(const QByteArray &key, const Json &value, int column, const YamlStyle &style)
{
    const QByteArray head = indent(column) + key + ':';
    if (value.is_object() && !value.empty()) {
        const auto lines = members(value, column + style.step, style);
        return lines ? YamlLines{head} + *lines : lines;
    }
    if (value.is_array() && !value.empty()) {
        YamlLines out{head};
        for (const Json &item : value) {
            const auto text = onOneLine(item);
            if (!text)
                return tl::unexpected(text.error());
            out.append(indent(column + style.listStep) + "- " + *text);
        }
        return out;
    }
    const auto text = onOneLine(value);
    if (!text)
        return tl::unexpected(text.error());
    return YamlLines{head + ' ' + *text};
}

ConfigResult<YamlLines> yamlItem(const QByteArray &name, const Json &entry, int column, const YamlStyle &style)
{
    Json rest = entry;
    rest.erase("name");
    const auto lines = members(rest, column + style.dashWidth, style);
    if (!lines)
        return lines;
    const QByteArray dash = indent(column) + '-' + indent(style.dashWidth - 1);
    return YamlLines{dash + "name: " + quoted(name.toStdString())} + *lines;
}

} // namespace mcpcore
