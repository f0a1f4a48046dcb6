// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Decimal.h"
#include <QtGlobal>
#include <charconv>
#include <string>

namespace mcpcore {

namespace {

// 0.digits x 10^power; digits without zeros at either end, empty for zero.
struct Decimal {
    bool negative = false;
    std::string digits;
    qint64 power = 0;
};

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

size_t takeDigits(std::string_view &text, std::string &digits)
{
    size_t count = 0;
    while (count < text.size() && isDigit(text[count]))
        ++count;
    digits.append(text.substr(0, count));
    text.remove_prefix(count);
    return count;
}

// The grammar of RFC 8259, no more: no leading zeros, no plus sign, digits on both sides of the point.
std::optional<Decimal> decimalFrom(std::string_view text)
{
    Decimal decimal;
    if (!text.empty() && text.front() == '-') {
        decimal.negative = true;
        text.remove_prefix(1);
    }
    const bool zeroFirst = !text.empty() && text.front() == '0';
    const size_t whole = takeDigits(text, decimal.digits);
    if (whole == 0 || (zeroFirst && whole > 1))
        return std::nullopt;
    if (!text.empty() && text.front() == '.') {
        text.remove_prefix(1);
        if (takeDigits(text, decimal.digits) == 0)
            return std::nullopt;
    }
    qint64 exponent = 0;
    if (!text.empty() && (text.front() == 'e' || text.front() == 'E')) {
        text.remove_prefix(1);
        if (text.size() > 1 && text.front() == '+' && isDigit(text[1]))
            text.remove_prefix(1);
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), exponent);
        if (error != std::errc() || end != text.data() + text.size() || qAbs(exponent) > 1'000'000'000)
            return std::nullopt;
        text = {};
    }
    if (!text.empty())
        return std::nullopt;
    const size_t first = decimal.digits.find_first_not_of('0');
    if (first == std::string::npos)
        return Decimal();
    decimal.power = qint64(whole) - qint64(first) + exponent;
    decimal.digits.erase(decimal.digits.find_last_not_of('0') + 1);
    decimal.digits.erase(0, first);
    return decimal;
}

int compareSizes(const Decimal &left, const Decimal &right)
{
    if (left.digits.empty() || right.digits.empty())
        return int(!left.digits.empty()) - int(!right.digits.empty());
    if (left.power != right.power)
        return left.power < right.power ? -1 : 1;
    return left.digits.compare(right.digits);
}

} // namespace

std::optional<int> compareNumbers(std::string_view left, std::string_view right)
{
    const auto a = decimalFrom(left);
    const auto b = decimalFrom(right);
    if (!a || !b)
        return std::nullopt;
    if (a->negative != b->negative)
        return a->negative ? -1 : 1;
    return a->negative ? compareSizes(*b, *a) : compareSizes(*a, *b);
}

} // namespace mcpcore
