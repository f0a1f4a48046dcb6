// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"

namespace mcpcore {

namespace {

nlohmann::json sorted(const Json &json)
{
    if (json.is_object()) {
        nlohmann::json out = nlohmann::json::object();
        for (const auto &[key, value] : json.items())
            out[key] = sorted(value);
        return out;
    }
    if (json.is_array()) {
        nlohmann::json out = nlohmann::json::array();
        for (const auto &value : json)
            out.push_back(sorted(value));
        return out;
    }
    return nlohmann::json::parse(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

// nlohmann parses any depth, but dump() and copies recurse: 100,000 nested arrays overflow the stack.
bool isTooDeep(std::string_view bytes)
{
    int depth = 0;
    bool inString = false;
    for (size_t i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > kMaximumJsonDepth)
                return true;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return false;
}

} // namespace

Result<Json> parseJson(std::string_view bytes)
{
    if (isTooDeep(bytes))
        return failure(Error::Kind::InvalidRequest, QStringLiteral("The JSON nests deeper than %1 levels.").arg(kMaximumJsonDepth));
    try {
        return Json::parse(bytes.begin(), bytes.end());
    } catch (const Json::parse_error &error) {
        const size_t at = std::min(error.byte > 0 ? error.byte - 1 : 0, bytes.size());
        const auto before = bytes.substr(0, at);
        const auto line = std::count(before.begin(), before.end(), '\n') + 1;
        const size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
        return failure(Error::Kind::InvalidRequest,
                       QStringLiteral("Not valid JSON at line %1, column %2.").arg(line).arg(at - lineStart + 1));
    } catch (const Json::exception &) {
        return failure(Error::Kind::InvalidRequest, QStringLiteral("Not valid JSON: a number is out of range."));
    }
}

QByteArray toBytes(const Json &json)
{
    return QByteArray::fromStdString(json.dump(-1, ' ', false, Json::error_handler_t::replace));
}

QByteArray toIndentedBytes(const Json &json)
{
    return QByteArray::fromStdString(json.dump(2, ' ', false, Json::error_handler_t::replace)) + '\n';
}

bool sameJson(const Json &left, const Json &right)
{
    return sorted(left) == sorted(right);
}

QByteArray canonicalBytes(const Json &json)
{
    return QByteArray::fromStdString(sorted(json).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
}

const Json *memberAt(const Json &object, std::string_view key)
{
    if (!object.is_object())
        return nullptr;
    const auto it = object.find(std::string(key));
    return it == object.end() ? nullptr : &*it;
}

Result<QString> stringAt(const Json &object, std::string_view key)
{
    const Json *member = memberAt(object, key);
    if (!member || !member->is_string())
        return failure(Error::Kind::InvalidArgument,
                       QStringLiteral("\"%1\" is missing or not a string.").arg(QString::fromUtf8(key.data(), qsizetype(key.size()))));
    return member->get<QString>();
}

QString stringAt(const Json &object, std::string_view key, const QString &otherwise)
{
    const Json *member = memberAt(object, key);
    return member && member->is_string() ? member->get<QString>() : otherwise;
}

qint64 integerAt(const Json &object, std::string_view key, qint64 otherwise)
{
    const Json *member = memberAt(object, key);
    return member && member->is_number_integer() ? member->get<qint64>() : otherwise;
}

bool boolAt(const Json &object, std::string_view key, bool otherwise)
{
    const Json *member = memberAt(object, key);
    return member && member->is_boolean() ? member->get<bool>() : otherwise;
}

} // namespace mcpcore
