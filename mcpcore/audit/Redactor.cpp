// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Redactor.h"
#include "base/RawJson.h"
#include <array>
#include <cmath>

namespace mcpcore {

namespace {

bool isAlnum(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool isWord(char c)
{
    return isAlnum(c) || c == '_';
}

bool isWordOrDash(char c)
{
    return isWord(c) || c == '-';
}

bool isCredential(char c)
{
    return isWordOrDash(c) || c == '.' || c == '~' || c == '+' || c == '/' || c == '=';
}

size_t runLength(std::string_view text, bool (*accepts)(char))
{
    size_t length = 0;
    while (length < text.size() && accepts(text[length]))
        ++length;
    return length;
}

// Where a secret was found: `kept` bytes are public ("Bearer "), then `length` bytes are not.
struct Finding {
    const char *type = nullptr;
    size_t kept = 0;
    size_t length = 0;
};

struct Prefix {
    std::string_view start;
    const char *type;
    size_t shortestRest;
    bool (*accepts)(char);
};

constexpr std::array prefixes{Prefix{"sk_test_", "stripe-secret", 4, isWord},
                              Prefix{"sk_live_", "stripe-secret", 4, isWord},
                              Prefix{"rk_test_", "stripe-restricted", 4, isWord},
                              Prefix{"rk_live_", "stripe-restricted", 4, isWord},
                              Prefix{"sk_", "secret-key", 12, isWord},
                              Prefix{"rk_", "restricted-key", 12, isWord},
                              Prefix{"whsec_", "webhook-secret", 8, isWord},
                              Prefix{"cst_", "countersign-token", 20, isWordOrDash},
                              Prefix{"console-", "statsig-console", 16, isAlnum},
                              Prefix{"secret-", "statsig-secret", 16, isAlnum},
                              Prefix{"sk-", "secret-key", 20, isWordOrDash},
                              Prefix{"ghp_", "github-token", 20, isWord},
                              Prefix{"gho_", "github-token", 20, isWord},
                              Prefix{"ghs_", "github-token", 20, isWord},
                              Prefix{"github_pat_", "github-token", 20, isWord}};

bool startsWithIgnoringCase(std::string_view text, std::string_view lowerCase)
{
    if (text.size() < lowerCase.size())
        return false;
    for (size_t i = 0; i < lowerCase.size(); ++i)
        if ((text[i] | 0x20) != lowerCase[i])
            return false;
    return true;
}

Finding credentialAt(std::string_view text, std::string_view scheme, size_t shortest)
{
    if (!startsWithIgnoringCase(text, scheme) || text.size() <= scheme.size() || text[scheme.size()] != ' ')
        return {};
    const size_t length = runLength(text.substr(scheme.size() + 1), isCredential);
    return length >= shortest ? Finding{"credential", scheme.size() + 1, length} : Finding{};
}

Finding tokenAt(std::string_view text)
{
    if (!text.starts_with("eyJ"))
        return {};
    const size_t header = runLength(text, isWordOrDash);
    if (header < 10 || header >= text.size() || text[header] != '.')
        return {};
    const size_t claims = runLength(text.substr(header + 1), isWordOrDash);
    const size_t signature = header + 1 + claims;
    if (claims < 4 || signature >= text.size() || text[signature] != '.')
        return {};
    return {"jwt", 0, signature + 1 + runLength(text.substr(signature + 1), isWordOrDash)};
}

// The secret that starts right here, at the start of a word.
Finding findingAt(std::string_view text)
{
    switch (text.front()) {
    case 'B':
    case 'b':
        if (const Finding bearer = credentialAt(text, "bearer", 8); bearer.type)
            return bearer;
        return credentialAt(text, "basic", 12);
    case 'e': return tokenAt(text);
    case 's':
    case 'r':
    case 'w':
    case 'c':
    case 'g':
        for (const Prefix &prefix : prefixes) {
            if (!text.starts_with(prefix.start))
                continue;
            const size_t rest = runLength(text.substr(prefix.start.size()), prefix.accepts);
            if (rest >= prefix.shortestRest)
                return {prefix.type, 0, prefix.start.size() + rest};
        }
        return {};
    default: return {};
    }
}

// api_key, apiKey and API-KEY are one name.
QByteArray plainName(std::string_view name)
{
    QByteArray plain;
    for (const char c : name)
        if (isAlnum(c))
            plain += char(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
    return plain;
}

enum class NameSays { Nothing, Secret, Password };

NameSays whatNameSays(std::string_view name)
{
    constexpr std::array passwords{"password", "passwd", "passphrase", "pwd"};
    constexpr std::array endings{"secret",     "apikey",    "accesstoken", "refreshtoken", "authtoken",  "bearertoken", "sessiontoken",
                                 "privatekey", "secretkey", "signingkey",  "idtoken",      "credential", "credentials", "authorization"};
    if (name.size() < 3 || name.size() > 64)
        return NameSays::Nothing;
    const QByteArray plain = plainName(name);
    for (const char *password : passwords)
        if (plain.endsWith(password))
            return NameSays::Password;
    if (plain == "token")
        return NameSays::Secret;
    for (const char *ending : endings)
        if (plain.endsWith(ending))
            return NameSays::Secret;
    return NameSays::Nothing;
}

bool looksRandom(std::string_view value)
{
    if (value.size() < 12)
        return false;
    std::array<int, 256> counts{};
    for (const char c : value) {
        if (uchar(c) <= ' ')
            return false;
        ++counts[uchar(c)];
    }
    double bits = 0;
    for (const int count : counts)
        if (count > 0)
            bits -= count * std::log2(double(count) / double(value.size()));
    return bits / double(value.size()) >= 3.0;
}

// The end of the string that starts at `start` (a quote): the index of its closing quote, or npos.
size_t endOfString(std::string_view json, size_t start, bool &hasEscapes)
{
    for (size_t i = start + 1; i < json.size(); ++i) {
        if (json[i] == '"')
            return i;
        if (json[i] == '\\') {
            hasEscapes = true;
            ++i;
        }
    }
    return std::string_view::npos;
}

bool isFollowedByColon(std::string_view json, size_t at)
{
    while (at < json.size() && (json[at] == ' ' || json[at] == '\n' || json[at] == '\t' || json[at] == '\r'))
        ++at;
    return at < json.size() && json[at] == ':';
}

} // namespace

QByteArray Redactor::mark(const char *type, std::string_view secret) const
{
    if (m_key.isEmpty())
        return QByteArrayLiteral("[redacted:") + type + ']';
    return QByteArrayLiteral("[redacted:") + type + ':' + authenticationCode(secret, m_key).left(4).toHex() + ']';
}

std::optional<QByteArray> Redactor::text(std::string_view utf8) const
{
    std::optional<QByteArray> out;
    size_t copied = 0;
    for (size_t i = 0; i < utf8.size(); ++i) {
        if (i > 0 && isWord(utf8[i - 1]))
            continue;
        const Finding finding = findingAt(utf8.substr(i));
        if (!finding.type)
            continue;
        if (!out)
            out.emplace();
        out->append(utf8.data() + copied, qsizetype(i + finding.kept - copied));
        out->append(mark(finding.type, utf8.substr(i + finding.kept, finding.length)));
        copied = i + finding.kept + finding.length;
        i = copied - 1;
    }
    if (out)
        out->append(utf8.data() + copied, qsizetype(utf8.size() - copied));
    return out;
}

std::optional<QByteArray> Redactor::json(std::string_view json) const
{
    std::optional<QByteArray> out;
    size_t copied = 0;
    NameSays name = NameSays::Nothing;
    for (size_t i = 0; i < json.size(); ++i) {
        if (json[i] == '}')
            name = NameSays::Nothing;
        if (json[i] != '"')
            continue;
        bool hasEscapes = false;
        const size_t end = endOfString(json, i, hasEscapes);
        if (end == std::string_view::npos) {
            // Cut off inside a string: not JSON any more, but no secret passes.
            if (const auto rest = text(json.substr(i))) {
                out = out.value_or(QByteArray()).append(json.data() + copied, qsizetype(i - copied)).append(*rest);
                copied = json.size();
            }
            break;
        }
        const std::string_view raw = json.substr(i + 1, end - i - 1);
        QByteArray unescaped;
        std::string_view value = raw;
        if (hasEscapes) {
            const auto decoded = textOf(RawJson(QByteArray(json.data() + i, qsizetype(end - i + 1))));
            unescaped = decoded ? decoded->toUtf8() : QByteArray(raw.data(), qsizetype(raw.size()));
            value = {unescaped.constData(), size_t(unescaped.size())};
        }
        const bool isName = isFollowedByColon(json, end + 1);
        if (isName)
            name = whatNameSays(value);
        std::optional<QByteArray> replaced = text(value);
        if (!replaced && !isName && name == NameSays::Password && !value.empty())
            replaced = mark("password", value);
        if (!replaced && !isName && name == NameSays::Secret && looksRandom(value))
            replaced = mark("named-secret", value);
        if (replaced) {
            if (!out)
                out.emplace();
            out->append(json.data() + copied, qsizetype(i - copied));
            out->append(hasEscapes ? quoted(QString::fromUtf8(*replaced)) : '"' + *replaced + '"');
            copied = end + 1;
        }
        i = end;
    }
    if (out)
        out->append(json.data() + copied, qsizetype(json.size() - copied));
    return out;
}

QByteArray Redactor::apply(const QString &text) const
{
    QByteArray utf8 = text.toUtf8();
    if (auto redacted = this->text({utf8.constData(), size_t(utf8.size())}))
        return *redacted;
    return utf8;
}

} // namespace mcpcore
