// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/RawJson.h"
#include <simdjson.h>

namespace mcpcore {

namespace {

namespace ondemand = simdjson::ondemand;

ondemand::parser &parserOfThisThread()
{
    thread_local ondemand::parser parser;
    return parser;
}

// simdjson reads up to SIMDJSON_PADDING bytes past the end. A slice in the middle of a buffer has them; one at the end
// has them when the buffer was padded on arrival; else a padded copy is read and the slices are mapped back.
struct Readable {
    explicit Readable(const RawJson &value) : origin(value.view().data())
    {
        const std::string_view view = value.view();
        const qsizetype spare = value.owner().constData() + value.owner().capacity() - (view.data() + view.size());
        if (!view.empty() && spare >= qsizetype(simdjson::SIMDJSON_PADDING)) {
            padded = simdjson::padded_string_view(view.data(), view.size(), view.size() + size_t(spare));
        } else {
            copy = simdjson::padded_string(view);
            padded = copy;
        }
    }
    // The slice of the original buffer that `part` of the read text stands for.
    std::string_view inOrigin(std::string_view part) const
    {
        while (!part.empty() && (part.back() == ' ' || part.back() == '\n' || part.back() == '\r' || part.back() == '\t'))
            part.remove_suffix(1);
        return {origin + (part.data() - padded.data()), part.size()};
    }
    const char *origin;
    simdjson::padded_string copy;
    simdjson::padded_string_view padded;
};

tl::unexpected<Error> notJson(simdjson::error_code code)
{
    return failure(Error::Kind::InvalidRequest, QStringLiteral("Not valid JSON: %1").arg(QLatin1String(simdjson::error_message(code))));
}

} // namespace

Result<std::vector<RawMember>> membersOf(const RawJson &object)
{
    const Readable text(object);
    ondemand::document document;
    ondemand::object root;
    if (auto error = parserOfThisThread().iterate(text.padded).get(document))
        return notJson(error);
    if (auto error = document.get_object().get(root))
        return notJson(error);
    std::vector<RawMember> members;
    for (auto entry : root) {
        ondemand::field field;
        if (auto error = std::move(entry).get(field))
            return notJson(error);
        const ondemand::raw_json_string key = field.key();
        const char *keyStart = key.raw();
        const char *keyEnd = keyStart;
        while (*keyEnd != '"')
            keyEnd += *keyEnd == '\\' ? 2 : 1;
        std::string_view value;
        if (auto error = simdjson::to_json_string(field.value()).get(value))
            return notJson(error);
        members.push_back({text.inOrigin({keyStart, size_t(keyEnd - keyStart)}), RawJson(object.owner(), text.inOrigin(value))});
    }
    const char *rest = nullptr;
    if (!document.current_location().get(rest))
        return failure(Error::Kind::InvalidRequest, QStringLiteral("Not valid JSON: there is text after the value."));
    return members;
}

RawJson memberOf(const std::vector<RawMember> &members, std::string_view key)
{
    for (const RawMember &member : members)
        if (member.key == key)
            return member.value;
    return {};
}

RawJson memberOf(const RawJson &object, std::string_view key)
{
    const auto members = membersOf(object);
    return members ? memberOf(*members, key) : RawJson();
}

Result<std::vector<RawJson>> elementsOf(const RawJson &array)
{
    const Readable text(array);
    ondemand::document document;
    ondemand::array root;
    if (auto error = parserOfThisThread().iterate(text.padded).get(document))
        return notJson(error);
    if (auto error = document.get_array().get(root))
        return notJson(error);
    std::vector<RawJson> elements;
    for (auto entry : root) {
        ondemand::value element;
        std::string_view value;
        // NOLINTNEXTLINE(performance-move-const-arg): get() is only there for rvalues
        if (auto error = std::move(entry).get(element))
            return notJson(error);
        if (auto error = simdjson::to_json_string(element).get(value))
            return notJson(error);
        elements.emplace_back(array.owner(), text.inOrigin(value));
    }
    return elements;
}

Result<QString> textOf(const RawJson &string)
{
    const std::string_view view = string.view();
    if (view.size() >= 2 && view.front() == '"' && view.find('\\') == std::string_view::npos)
        return QString::fromUtf8(view.data() + 1, qsizetype(view.size()) - 2);
    const Readable text(string);
    ondemand::document document;
    std::string_view unescaped;
    if (auto error = parserOfThisThread().iterate(text.padded).get(document))
        return notJson(error);
    if (auto error = document.get_string().get(unescaped))
        return notJson(error);
    return QString::fromUtf8(unescaped.data(), qsizetype(unescaped.size()));
}

QByteArray quoted(const QString &text)
{
    static constexpr char hex[] = "0123456789abcdef";
    const QByteArray utf8 = text.toUtf8();
    QByteArray out;
    out.reserve(utf8.size() + 2);
    out += '"';
    for (const char c : utf8) {
        switch (c) {
        case '"': out += "\\\""; break;
        case '\\': out += "\\\\"; break;
        case '\n': out += "\\n"; break;
        case '\r': out += "\\r"; break;
        case '\t': out += "\\t"; break;
        default:
            if (uchar(c) < 0x20) {
                out += "\\u00";
                out += hex[uchar(c) >> 4];
                out += hex[uchar(c) & 15];
            } else {
                out += c;
            }
        }
    }
    out += '"';
    return out;
}

void padForReading(QByteArray &bytes)
{
    bytes.reserve(bytes.size() + qsizetype(simdjson::SIMDJSON_PADDING));
}

} // namespace mcpcore
