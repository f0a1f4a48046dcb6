// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigValue.h"
#include "base/Json.h"
#include <algorithm>
#include <cmath>
#include <numeric>

namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;

QByteArray bytesOf(const std::string &text)
{
    return QByteArray::fromStdString(text);
}

std::string textOf(const QByteArray &bytes)
{
    return bytes.toStdString();
}

// Every reader keeps integers below 2^53 and fractions of 15 digits as they are.
Json numberOf(const QByteArray &literal)
{
    const Json number = Json::parse(literal.begin(), literal.end(), nullptr, false);
    const bool isWhole = number.is_number_integer() && std::abs(number.get<double>()) < double(1LL << 53) && !literal.startsWith("-0");
    const auto digits = std::count_if(literal.begin(), literal.end(), [](char c) { return c >= '0' && c <= '9'; });
    return isWhole || (number.is_number_float() && digits <= 15) ? number : Json(textOf(literal));
}

// The members' indices, by name; those of one name stay in their order.
std::vector<size_t> byName(const ConfigValue &map)
{
    std::vector<size_t> order(map.members.size());
    std::iota(order.begin(), order.end(), size_t(0));
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return map.members[a].first < map.members[b].first; });
    return order;
}

bool sameMembers(const ConfigValue &left, const ConfigValue &right)
{
    if (left.members.size() != right.members.size())
        return false;
    const auto ofLeft = byName(left), ofRight = byName(right);
    return std::equal(ofLeft.begin(), ofLeft.end(), ofRight.begin(), [&](size_t l, size_t r) {
        return left.members[l].first == right.members[r].first && sameMeaning(left.members[l].second, right.members[r].second);
    });
}

} // namespace

const ConfigValue *ConfigValue::member(const QByteArray &name) const
{
    const auto last = std::find_if(members.rbegin(), members.rend(), [&](const auto &member) { return member.first == name; });
    return last == members.rend() ? nullptr : &last->second;
}

const ConfigValue *ConfigValue::at(const QStringList &path) const
{
    const ConfigValue *value = this;
    for (const QString &key : path)
        if (!(value = value->member(key.toUtf8())))
            return nullptr;
    return value;
}

ConfigValue configValue(const Json &json)
{
    ConfigValue value;
    switch (json.type()) {
    case Json::value_t::null:
    case Json::value_t::binary:
    case Json::value_t::discarded: break;
    case Json::value_t::boolean: value = {Kind::Boolean, bytesOf(json.dump())}; break;
    case Json::value_t::number_integer:
    case Json::value_t::number_unsigned:
    case Json::value_t::number_float: value = {Kind::Number, bytesOf(json.dump())}; break;
    case Json::value_t::string: value = {Kind::Text, bytesOf(json.get<std::string>())}; break;
    case Json::value_t::array:
        value.kind = Kind::List;
        for (const Json &item : json)
            value.items.push_back(configValue(item));
        break;
    case Json::value_t::object:
        value.kind = Kind::Map;
        for (const auto &[key, item] : json.items())
            value.members.emplace_back(bytesOf(key), configValue(item));
        break;
    }
    return value;
}

Json toJson(const ConfigValue &value)
{
    switch (value.kind) {
    case Kind::Null: return nullptr;
    case Kind::Boolean: return value.text == "true";
    case Kind::Number: return numberOf(value.text);
    case Kind::Text:
    case Kind::Moment: return textOf(value.text);
    case Kind::List: {
        Json list = Json::array();
        for (const ConfigValue &item : value.items)
            list.push_back(toJson(item));
        return list;
    }
    case Kind::Map: {
        Json map = Json::object();
        for (const auto &[name, member] : value.members)
            map[textOf(name)] = toJson(member);
        return map;
    }
    }
    return nullptr;
}

bool sameMeaning(const ConfigValue &left, const ConfigValue &right)
{
    return left.kind == right.kind && left.text == right.text && sameMembers(left, right)
           && std::equal(left.items.begin(), left.items.end(), right.items.begin(), right.items.end(), sameMeaning);
}

} // namespace mcpcore
