// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/JsonLayout.h"
#include "base/Json.h"
#include "clientconfig/ConfigBytes.h"
#include "clientconfig/JsonEdits.h"

namespace mcpcore {

namespace {

using Shape = JsonLayout::Shape;

QByteArray between(const JsonText &text, qsizetype from, qsizetype to)
{
    return text.bytes().mid(from, to - from);
}

std::optional<size_t> lastOnOwnLine(const JsonText &text, size_t holder)
{
    const auto children = text.children(holder);
    const auto last = std::find_if(children.rbegin(), children.rend(), [&](size_t i) { return startsLine(text, text[i].first()); });
    return last == children.rend() ? std::nullopt : std::optional(*last);
}

// The nearest holder whose members stand on lines of their own tells how far one level is indented.
QByteArray unitOf(const JsonText &text, const std::vector<size_t> &holders)
{
    for (auto holder = holders.rbegin(); holder != holders.rend(); ++holder) {
        const QByteArray outer = indentAt(text, text[*holder].first());
        if (const auto member = lastOnOwnLine(text, *holder))
            if (const QByteArray inner = indentAt(text, text[*member].first()); inner.startsWith(outer))
                return inner.mid(outer.size());
    }
    return JsonLayout().unit;
}

QByteArray colonOf(const JsonText &text, const std::vector<size_t> &holders)
{
    for (auto holder = holders.rbegin(); holder != holders.rend(); ++holder) {
        const auto children = text.children(*holder);
        const JsonNode &witness = text[children.empty() ? *holder : children.back()];
        if (witness.keyStart < 0)
            continue;
        const QByteArray colon = between(text, witness.keyEnd, witness.start);
        static const QList<QByteArray> usual{":", ": ", " : ", " :", ":\t"};
        return usual.contains(colon) ? colon : JsonLayout().colon;
    }
    return JsonLayout().colon;
}

// On one line: what stands between two members, where there are two, and otherwise a blank as behind the colon.
QByteArray commaOf(const JsonText &text, const std::vector<size_t> &children, const QByteArray &colon)
{
    if (children.size() > 1) {
        const QByteArray gap = between(text, text[children[children.size() - 2]].comma + 1, text[children.back()].first());
        if (gap.trimmed().isEmpty() && !hasLineEnd(text, text[children.back()].first() - gap.size(), text[children.back()].first()))
            return ',' + gap;
    }
    return colon.size() > 1 ? ", " : ",";
}

QByteArray renderedMembers(const Json &value, const JsonLayout &layout, Shape shape)
{
    JsonLayout inner = layout;
    inner.indent += layout.unit;
    const bool isObject = value.is_object();
    const QByteArray lead = shape == Shape::Lines ? layout.lineEnd + inner.indent : QByteArray();
    const QByteArray padding = isObject ? layout.padding : QByteArray();
    QByteArray members;
    for (const auto &[key, member] : value.items())
        members += (members.isEmpty()       ? QByteArray()
                    : shape == Shape::Lines ? QByteArray(",")
                                            : layout.comma)
                   + lead + (isObject ? renderedKey(QString::fromStdString(key), layout) : QByteArray()) + rendered(member, inner);
    const QByteArray tail = shape == Shape::Lines ? layout.lineEnd + layout.indent : padding;
    return (isObject ? '{' : '[') + (shape == Shape::Lines ? QByteArray() : padding) + members + tail + (isObject ? '}' : ']');
}

} // namespace

JsonLayout layoutOfMembers(const JsonText &text, const std::vector<size_t> &holders)
{
    const size_t index = holders.back();
    const JsonNode &holder = text[index];
    const auto children = text.children(index);
    JsonLayout layout;
    layout.lineEnd = lineEndOf(text.bytes());
    layout.unit = unitOf(text, holders);
    layout.colon = colonOf(text, holders);
    layout.comma = commaOf(text, children, layout.colon);
    layout.indent = indentAt(text, holder.first()) + layout.unit;
    const qsizetype inside = holder.start + 1;
    const qsizetype firstThing = children.empty() ? holder.end - 1 : text[children.front()].first();
    if (between(text, inside, firstThing) == " ")
        layout.padding = " ";
    if (children.empty()) {
        const bool isOpen = index == 0 || startsLine(text, holder.first()) || hasLineEnd(text, inside, holder.end - 1);
        layout.shape = isOpen ? Shape::Lines : Shape::OneLine;
    } else if (const auto member = lastOnOwnLine(text, index)) {
        layout.indent = indentAt(text, text[*member].first());
    } else {
        layout.shape = Shape::OneLine;
    }
    return layout;
}

JsonLayout layoutOfValue(const JsonText &text, const std::vector<size_t> &holders, const JsonNode &old)
{
    JsonLayout layout = layoutOfMembers(text, holders);
    const bool isFilled = old.isHolder() && old.end - old.start > 2;
    const bool isOpen = isFilled ? hasLineEnd(text, old.start, old.end) : startsLine(text, old.first());
    layout.shape = isOpen ? Shape::Lines : Shape::OneLine;
    layout.indent = indentAt(text, old.first());
    layout.padding = between(text, old.start + 1, old.start + 2) == " " ? " " : "";
    return layout;
}

QByteArray rendered(const Json &value, const JsonLayout &layout)
{
    const bool isHolder = value.is_structured() && !value.empty();
    if (!isHolder)
        return toBytes(value);
    const bool isPlainList =
        value.is_array() && std::none_of(value.begin(), value.end(), [](const Json &item) { return item.is_structured(); });
    return renderedMembers(value, layout, isPlainList ? Shape::OneLine : layout.shape);
}

QByteArray renderedKey(const QString &key, const JsonLayout &layout)
{
    return toBytes(key) + layout.colon;
}

Json jsonEntry(const EntryPlace &place, const Json &entry)
{
    if (place.holder == EntryPlace::Holder::Map || entry.contains("name"))
        return entry;
    Json named{{"name", place.name}};
    named.update(entry);
    return named;
}

} // namespace mcpcore
