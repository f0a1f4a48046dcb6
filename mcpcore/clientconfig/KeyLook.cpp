// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/KeyLook.h"
#include <algorithm>
#include <array>

namespace mcpcore {

namespace {

constexpr size_t kShortestSecret = 8; // a shorter one would be found in the middle of words
constexpr size_t kShortestKey = 20;
constexpr size_t kLongestCount = 15; // digits alone, up to so many, are a number

bool isUpper(char c)
{
    return c >= 'A' && c <= 'Z';
}

bool isDigit(char c)
{
    return c >= '0' && c <= '9';
}

bool isWord(char c)
{
    return isUpper(c) || (c >= 'a' && c <= 'z') || isDigit(c) || c == '_';
}

std::string upper(std::string_view text)
{
    std::string result(text);
    std::transform(result.begin(), result.end(), result.begin(), [](char c) { return c >= 'a' && c <= 'z' ? char(c - 32) : c; });
    return result;
}

// "clientSecret", "api-key", "API_KEY" as words in capitals.
std::vector<std::string> wordsOf(std::string_view name)
{
    std::vector<std::string> words(1);
    for (size_t i = 0; i < name.size(); ++i) {
        const bool begins = isUpper(name[i]) && i > 0 && !isUpper(name[i - 1]);
        if ((begins || !isWord(name[i]) || name[i] == '_') && !words.back().empty())
            words.emplace_back();
        if (isWord(name[i]) && name[i] != '_')
            words.back() += upper(name.substr(i, 1));
    }
    const auto isCount = [](const std::string &word) { return std::all_of(word.begin(), word.end(), isDigit); };
    while (!words.empty() && isCount(words.back())) // API_KEY_2
        words.pop_back();
    return words;
}

template <size_t N> bool isAmong(const std::array<std::string_view, N> &words, std::string_view word)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

bool startsLike(std::string_view key, const QString &prefix)
{
    return key.starts_with(prefix.toStdString());
}

// Prefixes such as "console-" or "eyJ" begin ordinary words, too.
bool saysEnough(const QString &prefix)
{
    return prefix.count(QLatin1Char('_')) > 1;
}

} // namespace

bool namesSecret(std::string_view name)
{
    static constexpr std::array<std::string_view, 18> last{"KEY",  "APIKEY",     "TOKEN",       "SECRET",        "PASSWORD",  "PASSWD",
                                                           "PASS", "PASSPHRASE", "PAT",         "CREDENTIAL",    "AUTH",      "COOKIE",
                                                           "JWT",  "BEARER",     "CREDENTIALS", "AUTHORIZATION", "ACCESSKEY", "SECRETKEY"};
    static constexpr std::array<std::string_view, 4> open{"PUBLIC", "PUBLISHABLE", "PRIMARY", "CACHE"};
    const std::vector<std::string> words = wordsOf(name);
    if (words.empty() || (words.size() > 1 && isAmong(open, words[words.size() - 2])))
        return false;
    return isAmong(last, words.back());
}

std::string_view withoutScheme(std::string_view value)
{
    while (!value.empty() && value.front() == ' ')
        value.remove_prefix(1);
    while (!value.empty() && value.back() == ' ')
        value.remove_suffix(1);
    for (const std::string_view scheme : {"BEARER ", "BASIC ", "TOKEN "})
        if (value.size() > scheme.size() && upper(value.substr(0, scheme.size())) == scheme)
            return withoutScheme(value.substr(scheme.size()));
    return value;
}

bool isBearer(std::string_view value)
{
    const size_t start = value.find_first_not_of(' ');
    return start != std::string_view::npos && upper(value.substr(start, 7)) == "BEARER ";
}

bool isReference(std::string_view value)
{
    const bool isPercent = value.size() > 2 && value.front() == '%' && value.back() == '%';
    const auto holds = [&](std::string_view part) { return value.find(part) != std::string_view::npos; };
    return isPercent || value.starts_with('$') || value.starts_with("op://") || holds("${") || holds("$(") || holds("{{") || holds("{env:")
           || holds("{file:");
}

bool looksSecret(std::string_view value)
{
    if (value.size() < kShortestSecret || isReference(value))
        return false;
    if (!std::all_of(value.begin(), value.end(), [](char c) { return uchar(c) > 0x20 && uchar(c) != 0x7f; }))
        return false;
    if (value.size() <= kLongestCount && std::all_of(value.begin(), value.end(), isDigit))
        return false;
    const std::string capitals = upper(value);
    const auto holds = [&](std::string_view part) { return capitals.find(part) != std::string::npos; };
    const bool isPath = value.starts_with('/') || value.starts_with("~/") || value.starts_with("./") || holds(":\\");
    const bool isFiller = value.starts_with('<') || capitals.starts_with("YOUR") || holds("***") || holds("...") || holds("XXXXXX");
    return !isPath && !isFiller && !holds("://");
}

KeyLook lookOf(std::string_view key, const QList<Pack> &packs, const QString &vendor)
{
    KeyLook best;
    const auto fits = [&](const QString &prefix, const Pack &pack) {
        const bool isNearer = pack.id == vendor && best.vendor != vendor;
        const bool isFarther = best.vendor == vendor && !vendor.isEmpty() && pack.id != vendor;
        return startsLike(key, prefix) && !isFarther && (isNearer || prefix.size() > best.prefix.size());
    };
    for (const Pack &pack : packs) {
        // Of no other vendor is what begins like an ordinary word.
        const auto counts = [&](const QString &prefix) { return pack.id == vendor || saysEnough(prefix); };
        for (const KeyForm &form : pack.accepted)
            if (counts(form.prefix) && (form.question.isEmpty() || pack.id == vendor) && fits(form.prefix, pack))
                best = {pack.id, form.prefix, form.kind, {}, form.environments};
        for (const RefusedForm &form : pack.refused)
            if (pack.id == vendor && fits(form.prefix, pack))
                best = {pack.id, form.prefix, {}, form.what, {}};
    }
    return best;
}

std::vector<std::string_view> keysIn(std::string_view text, const QList<Pack> &packs)
{
    std::vector<std::string_view> found;
    for (size_t start = 0; start < text.size();) {
        size_t end = start;
        while (end < text.size() && isWord(text[end]))
            ++end;
        const std::string_view word = text.substr(start, end - start);
        const bool isKey =
            word.size() >= kShortestKey && looksSecret(word) && std::any_of(packs.begin(), packs.end(), [&](const Pack &pack) {
                return std::any_of(pack.accepted.begin(), pack.accepted.end(),
                                   [&](const KeyForm &form) { return saysEnough(form.prefix) && startsLike(word, form.prefix); });
            });
        if (isKey)
            found.push_back(word);
        start = end + 1;
    }
    return found;
}

} // namespace mcpcore
