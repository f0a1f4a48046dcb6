// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/JsonEdits.h"
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include "clientconfig/JsonLayout.h"

namespace mcpcore {

namespace {

using Fault = ConfigFault::Kind;
using Kind = JsonNode::Kind;

QString nounOf(Kind kind)
{
    switch (kind) {
    case Kind::Object: return QStringLiteral("an object");
    case Kind::Array: return QStringLiteral("a list");
    case Kind::Text: return QStringLiteral("a text");
    case Kind::Number: return QStringLiteral("a number");
    case Kind::Word: return QStringLiteral("true, false or null");
    }
    Q_UNREACHABLE();
}

ConfigFault wrongType(const JsonText &text, const JsonNode &node, const QString &key, Kind wanted)
{
    const QString holder = key.isEmpty() ? QStringLiteral("The file") : QStringLiteral("\"%1\"").arg(key);
    return text.fault(
        node.start, Fault::WrongType,
        QStringLiteral("%1 holds %2 where %3 belongs: correct it, then try again.").arg(holder, nounOf(node.kind), nounOf(wanted)));
}

// The last member of this name.
std::optional<size_t> memberOf(const JsonText &text, size_t object, const QString &name)
{
    const QByteArray key = name.toUtf8();
    std::optional<size_t> found;
    for (const size_t i : text.children(object))
        if (text.key(text[i]) == key)
            found = i;
    return found;
}

bool isEntry(const JsonText &text, size_t index, const EntryPlace &place)
{
    if (place.holder == EntryPlace::Holder::Map)
        return text.key(text[index]) == place.name.toUtf8();
    if (text[index].kind != Kind::Object)
        return false;
    const auto name = memberOf(text, index, QStringLiteral("name"));
    return name && text[*name].kind == Kind::Text && text.text(text[*name]) == place.name.toUtf8();
}

} // namespace

ConfigResult<JsonSpot> jsonSpot(const JsonText &text, const EntryPlace &place)
{
    JsonSpot spot;
    size_t at = 0;
    QString key;
    for (qsizetype i = 0;; ++i) {
        const bool isLast = i == place.path.size();
        const Kind wanted = isLast && place.holder == EntryPlace::Holder::List ? Kind::Array : Kind::Object;
        if (text[at].kind != wanted)
            return tl::unexpected(wrongType(text, text[at], key, wanted));
        spot.holders.push_back(at);
        if (isLast)
            break;
        key = place.path[i];
        const auto member = memberOf(text, at, key);
        if (!member) {
            spot.missing = place.path.size() - i;
            return spot;
        }
        at = *member;
    }
    for (const size_t child : text.children(at))
        if (isEntry(text, child, place))
            spot.entries.push_back(child);
    return spot;
}

ConfigResult<JsonSpot> jsonSpotOfEntry(const JsonText &text, const EntryPlace &place)
{
    auto spot = text.isEmpty() ? ConfigResult<JsonSpot>(JsonSpot{}) : jsonSpot(text, place);
    if (!spot)
        return spot;
    if (spot->entries.empty())
        return tl::unexpected(ConfigFault{Fault::Absent, 0, 0, QStringLiteral("The file has no entry \"%1\".").arg(place.name)});
    if (spot->entries.size() > 1)
        return tl::unexpected(
            text.fault(text[spot->entries.back()].first(), Fault::Unsupported,
                       QStringLiteral("The file has \"%1\" more than once: take out all but one by hand.").arg(place.name)));
    return spot;
}

bool hasComment(const JsonText &text, qsizetype from, qsizetype to)
{
    while (from < to) {
        const JsonTrivia piece = jsonTriviaAt(text.bytes(), from);
        if (piece.kind == JsonTrivia::Kind::LineComment || piece.kind == JsonTrivia::Kind::BlockComment)
            return true;
        from = qMax(piece.end, from + 1);
    }
    return false;
}

bool hasLineEnd(const JsonText &text, qsizetype from, qsizetype to)
{
    const auto part = QByteArrayView(text.bytes()).sliced(from, to - from);
    return part.contains('\n') || part.contains('\r');
}

bool startsLine(const JsonText &text, qsizetype at)
{
    while (at > 0 && (text.bytes()[at - 1] == ' ' || text.bytes()[at - 1] == '\t'))
        --at;
    return at > 0 && (text.bytes()[at - 1] == '\n' || text.bytes()[at - 1] == '\r');
}

QByteArray indentAt(const JsonText &text, qsizetype at)
{
    const QByteArrayView before = QByteArrayView(text.bytes()).first(at);
    const qsizetype line = qMax(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
    return text.bytes().mid(line, behindBlanks(text, line) - line);
}

JsonTrivia::Kind kindBehindBlanks(const JsonText &text, qsizetype at)
{
    return jsonTriviaAt(text.bytes(), behindBlanks(text, at)).kind;
}

qsizetype behindBlanks(const JsonText &text, qsizetype at)
{
    const JsonTrivia piece = jsonTriviaAt(text.bytes(), at);
    return piece.kind == JsonTrivia::Kind::Blank ? piece.end : at;
}

ConfigResult<EntryEdit> jsonReplace(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    const auto text = JsonText::read(file, dialect);
    if (!text)
        return tl::unexpected(text.error());
    const auto spot = jsonSpotOfEntry(*text, place);
    if (!spot)
        return tl::unexpected(spot.error());
    const JsonNode &old = (*text)[spot->entries.front()];
    const JsonLayout layout = layoutOfValue(*text, spot->holders, old);
    return EntryEdit{{{old.start, old.end - old.start, rendered(jsonEntry(place, entry), layout)}}};
}

} // namespace mcpcore
