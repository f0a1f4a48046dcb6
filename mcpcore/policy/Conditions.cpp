// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Conditions.h"
#include "policy/Decimal.h"

namespace mcpcore {

namespace {

enum class Type { Text, Number, Flag, Null, Other };

Type typeOf(const RawJson &value)
{
    const std::string_view view = value.view();
    if (view == "true" || view == "false")
        return Type::Flag;
    if (view == "null")
        return Type::Null;
    if (view.empty() || view.front() == '{' || view.front() == '[')
        return Type::Other;
    if (view.front() == '"')
        return Type::Text;
    return compareNumbers(view, view) ? Type::Number : Type::Other;
}

struct Found {
    enum class Kind { Value, Nothing, Unclear };
    Kind kind = Kind::Unclear;
    RawJson value;
};

Found memberNamed(const RawJson &object, const QString &key)
{
    const auto members = membersOf(object);
    if (!members)
        return {};
    Found found{Found::Kind::Nothing, {}};
    for (const RawMember &member : *members) {
        const auto name = textOf(RawJson('"' + QByteArray(member.key.data(), qsizetype(member.key.size())) + '"'));
        if (!name)
            return {};
        if (*name != key)
            continue;
        if (found.kind == Found::Kind::Value)
            return {};
        found = {Found::Kind::Value, member.value};
    }
    return found;
}

Found elementAt(const RawJson &array, const QString &index)
{
    const auto elements = elementsOf(array);
    bool isNumber = false;
    const uint at = index.toUInt(&isNumber);
    if (!elements || !isNumber || QString::number(at) != index)
        return {};
    if (at >= elements->size())
        return {Found::Kind::Nothing, {}};
    return {Found::Kind::Value, (*elements)[at]};
}

// JSON Pointer, RFC 6901.
Found resolve(const QString &pointer, const RawJson &root)
{
    if (root.isEmpty())
        return {Found::Kind::Nothing, {}};
    Found found{Found::Kind::Value, root};
    if (pointer.isEmpty())
        return found;
    if (!pointer.startsWith(QLatin1Char('/')))
        return {};
    for (QString step : pointer.mid(1).split(QLatin1Char('/'))) {
        step.replace(QLatin1String("~1"), QLatin1String("/")).replace(QLatin1String("~0"), QLatin1String("~"));
        const RawJson here = found.value;
        const char first = here.view().empty() ? ' ' : here.view().front();
        found = first == '{' ? memberNamed(here, step) : first == '[' ? elementAt(here, step) : Found();
        if (found.kind != Found::Kind::Value)
            return found;
    }
    return found;
}

// Unclear when the two are not plain values of one type.
Truth equal(const RawJson &left, const RawJson &right)
{
    const auto truth = [](bool is) { return is ? Truth::True : Truth::False; };
    const Type type = typeOf(left);
    if (type != typeOf(right))
        return Truth::Unclear;
    switch (type) {
    case Type::Text: {
        const auto a = textOf(left);
        const auto b = textOf(right);
        return a && b ? truth(*a == *b) : Truth::Unclear;
    }
    case Type::Number: return truth(compareNumbers(left.view(), right.view()) == 0);
    case Type::Flag: return truth(left.view() == right.view());
    case Type::Null: return Truth::True;
    case Type::Other: return Truth::Unclear;
    }
    return Truth::Unclear;
}

Truth isOneOf(const RawJson &value, const RawJson &list)
{
    const auto elements = elementsOf(list);
    Truth answer = Truth::Unclear;
    if (!elements)
        return answer;
    for (const RawJson &element : *elements) {
        const Truth same = equal(value, element);
        if (same == Truth::True)
            return same;
        if (same == Truth::False)
            answer = same;
    }
    return answer;
}

Truth startsWith(const RawJson &value, const RawJson &prefix)
{
    if (typeOf(value) != Type::Text || typeOf(prefix) != Type::Text)
        return Truth::Unclear;
    const auto text = textOf(value);
    const auto start = textOf(prefix);
    if (!text || !start)
        return Truth::Unclear;
    return text->startsWith(*start) ? Truth::True : Truth::False;
}

Truth inverted(Truth truth)
{
    switch (truth) {
    case Truth::False: return Truth::True;
    case Truth::True: return Truth::False;
    case Truth::Unclear: return Truth::Unclear;
    }
    return Truth::Unclear;
}

Truth ordered(const QString &op, const RawJson &left, const RawJson &right)
{
    const auto order = compareNumbers(left.view(), right.view());
    if (!order)
        return Truth::Unclear;
    const auto truth = [](bool is) { return is ? Truth::True : Truth::False; };
    if (op == QLatin1String("<"))
        return truth(*order < 0);
    if (op == QLatin1String("<="))
        return truth(*order <= 0);
    if (op == QLatin1String(">"))
        return truth(*order > 0);
    if (op == QLatin1String(">="))
        return truth(*order >= 0);
    return Truth::Unclear;
}

} // namespace

Truth evaluate(const Condition &condition, const RawJson &arguments)
{
    const Found found = resolve(condition.pointer, arguments);
    if (condition.op == QLatin1String("absent")) {
        // Some servers take null for absent and some do not.
        if (found.kind == Found::Kind::Unclear || (found.kind == Found::Kind::Value && typeOf(found.value) == Type::Null))
            return Truth::Unclear;
        return found.kind == Found::Kind::Nothing ? Truth::True : Truth::False;
    }
    if (found.kind != Found::Kind::Value)
        return Truth::Unclear;
    const RawJson value(condition.value);
    if (condition.op == QLatin1String("="))
        return equal(found.value, value);
    if (condition.op == QLatin1String("!="))
        return inverted(equal(found.value, value));
    if (condition.op == QLatin1String("in"))
        return isOneOf(found.value, value);
    if (condition.op == QLatin1String("prefix"))
        return startsWith(found.value, value);
    return ordered(condition.op, found.value, value);
}

} // namespace mcpcore
