// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/Message.h"
#include "protocol/StrictJson.h"
#include <algorithm>

namespace mcpcore {

namespace {

bool isId(const RawJson &id)
{
    const std::string_view text = id.view();
    if (text.empty())
        return false;
    if (text.front() == '"')
        return true;
    const size_t digits = text.front() == '-' ? 1 : 0;
    return text.size() > digits && text.size() <= 20
           && std::all_of(text.begin() + qptrdiff(digits), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool equalIgnoringCase(std::string_view left, std::string_view right)
{
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + 32 : a) == (b >= 'A' && b <= 'Z' ? b + 32 : b); });
}

// A member that another parser might take for one of the protocol's own.
std::string_view lookAlike(const std::vector<RawMember> &members, std::initializer_list<std::string_view> names)
{
    for (const RawMember &member : members) {
        const bool plain = std::all_of(member.key.begin(), member.key.end(), [](char c) { return c != '\\' && uchar(c) < 0x80; });
        const bool known = std::find(names.begin(), names.end(), member.key) != names.end();
        const bool alike =
            std::any_of(names.begin(), names.end(), [&](std::string_view name) { return equalIgnoringCase(name, member.key); });
        if (!plain || (alike && !known))
            return member.key;
    }
    return {};
}

tl::unexpected<Error> invalid(const QString &why)
{
    return failure(Error::Kind::InvalidRequest, why);
}

Result<Message> messageFrom(const std::vector<RawMember> &members)
{
    if (memberOf(members, "jsonrpc").view() != "\"2.0\"")
        return invalid(QStringLiteral("Not a JSON-RPC 2.0 message: \"jsonrpc\" must be \"2.0\"."));
    Message message{};
    message.id = memberOf(members, "id");
    message.params = memberOf(members, "params");
    message.result = memberOf(members, "result");
    message.error = memberOf(members, "error");
    const RawJson method = memberOf(members, "method");
    if (!message.id.isEmpty() && !isId(message.id))
        return invalid(QStringLiteral("\"id\" must be a string or an integer."));
    if (!message.params.isEmpty() && message.params.view().front() != '{')
        return invalid(QStringLiteral("\"params\" must be an object."));
    if (!method.isEmpty()) {
        const auto text = textOf(method);
        if (!text || text->isEmpty())
            return invalid(QStringLiteral("\"method\" must be a string."));
        if (!message.result.isEmpty() || !message.error.isEmpty())
            return invalid(QStringLiteral("A message has either \"method\" or \"result\" or \"error\"."));
        message.method = *text;
        message.kind = message.id.isEmpty() ? Message::Kind::Notification : Message::Kind::Request;
        return message;
    }
    if (message.result.isEmpty() == message.error.isEmpty())
        return invalid(QStringLiteral("A message has either \"method\" or \"result\" or \"error\"."));
    if (message.id.isEmpty())
        return invalid(QStringLiteral("A response needs the \"id\" of its request."));
    message.kind = Message::Kind::Response;
    return message;
}

} // namespace

Result<Message> readMessage(const RawJson &bytes)
{
    const auto members = membersOf(bytes);
    return members ? messageFrom(*members) : failure(members.error());
}

Result<Message> readClientMessage(const RawJson &bytes)
{
    if (const auto strict = checkStrictJson(bytes.view()); !strict)
        return failure(strict.error());
    const auto members = membersOf(bytes);
    if (!members)
        return failure(members.error());
    std::string_view alike = lookAlike(*members, {"jsonrpc", "id", "method", "params", "result", "error"});
    const RawJson params = memberOf(*members, "params");
    if (alike.empty() && !params.isEmpty() && params.view().front() == '{')
        if (const auto inner = membersOf(params))
            alike = lookAlike(*inner, {"name", "arguments", "_meta", "uri", "cursor", "ref", "argument", "level", "requestId",
                                       "protocolVersion", "capabilities", "clientInfo", "progressToken"});
    if (!alike.empty())
        return invalid(
            QStringLiteral("The member \"%1\" can be mistaken for one of the protocol. Spell it as the protocol does, or leave it out.")
                .arg(QString::fromUtf8(alike.data(), qsizetype(std::min<size_t>(alike.size(), 40)))));
    return messageFrom(*members);
}

QByteArray idOfUnreadable(const RawJson &bytes)
{
    const RawJson id = memberOf(bytes, "id");
    return isId(id) && checkStrictJson(id.view()) ? id.bytes() : QByteArray();
}

QByteArray requestMessage(const QByteArray &id, const QString &method, std::string_view params)
{
    QByteArray out;
    out.reserve(64 + method.size() + id.size() + qsizetype(params.size()));
    out += "{\"jsonrpc\":\"2.0\",";
    if (!id.isEmpty()) {
        out += "\"id\":";
        out += id;
        out += ',';
    }
    out += "\"method\":";
    out += quoted(method);
    if (!params.empty()) {
        out += ",\"params\":";
        out.append(params.data(), qsizetype(params.size()));
    }
    out += '}';
    return out;
}

QByteArray withMembers(const RawJson &params, const std::vector<Replacement> &replacements)
{
    std::vector<RawMember> members;
    if (!params.isEmpty())
        if (auto read = membersOf(params))
            members = std::move(*read);
    QByteArray out;
    out.reserve(params.size() + 128);
    out += '{';
    const auto add = [&out](std::string_view key, std::string_view value) {
        if (out.size() > 1)
            out += ',';
        out += '"';
        out.append(key.data(), qsizetype(key.size()));
        out += "\":";
        out.append(value.data(), qsizetype(value.size()));
    };
    for (const RawMember &member : members) {
        const auto replaced =
            std::find_if(replacements.begin(), replacements.end(), [&](const Replacement &r) { return r.key == member.key; });
        if (replaced == replacements.end())
            add(member.key, member.value.view());
        else if (!replaced->value.isEmpty())
            add(member.key, {replaced->value.constData(), size_t(replaced->value.size())});
    }
    for (const Replacement &replacement : replacements)
        if (!replacement.value.isEmpty() && memberOf(members, replacement.key).isEmpty())
            add(replacement.key, {replacement.value.constData(), size_t(replacement.value.size())});
    out += '}';
    return out;
}

} // namespace mcpcore
