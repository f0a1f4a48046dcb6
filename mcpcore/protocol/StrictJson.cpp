// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/StrictJson.h"
#include <algorithm>
#include <deque>
#include <string>
#include <vector>

namespace mcpcore {

namespace {

constexpr int kMaximumDepth = 64;

class Checker
{
public:
    explicit Checker(std::string_view bytes) : m_at(bytes.data()), m_begin(bytes.data()), m_end(bytes.data() + bytes.size()) {}

    Result<> run()
    {
        skipSpace();
        if (value(0)) {
            skipSpace();
            if (m_at != m_end)
                fault("there is text after the value");
        }
        if (!m_fault)
            return {};
        return failure(Error::Kind::InvalidRequest,
                       QStringLiteral("The JSON is refused at byte %1: %2.").arg(m_at - m_begin).arg(QLatin1String(m_fault)));
    }

private:
    bool fault(const char *what)
    {
        if (!m_fault)
            m_fault = what;
        return false;
    }
    void skipSpace()
    {
        while (m_at != m_end && (*m_at == ' ' || *m_at == '\n' || *m_at == '\r' || *m_at == '\t'))
            ++m_at;
    }
    bool literal(std::string_view word)
    {
        if (size_t(m_end - m_at) < word.size() || std::string_view(m_at, word.size()) != word)
            return fault("this is no JSON value");
        m_at += word.size();
        return true;
    }
    static bool isDigit(char c) { return c >= '0' && c <= '9'; }
    bool digits()
    {
        if (m_at == m_end || !isDigit(*m_at))
            return fault("a digit is missing in a number");
        while (m_at != m_end && isDigit(*m_at))
            ++m_at;
        return true;
    }
    bool number()
    {
        if (*m_at == '-')
            ++m_at;
        if (m_at != m_end && *m_at == '0') {
            ++m_at;
            if (m_at != m_end && isDigit(*m_at))
                return fault("a number starts with 0");
        } else if (!digits()) {
            return false;
        }
        if (m_at != m_end && *m_at == '.') {
            ++m_at;
            if (!digits())
                return false;
        }
        if (m_at != m_end && (*m_at == 'e' || *m_at == 'E')) {
            ++m_at;
            if (m_at != m_end && (*m_at == '+' || *m_at == '-'))
                ++m_at;
            return digits();
        }
        return true;
    }

    // Four hexadecimal digits after "\u", or -1.
    int hexadecimal()
    {
        if (m_end - m_at < 4)
            return -1;
        int unit = 0;
        for (int i = 0; i < 4; ++i) {
            const char c = *m_at++;
            const int digit = isDigit(c) ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
            if (digit < 0)
                return -1;
            unit = unit * 16 + digit;
        }
        return unit;
    }
    static void appendUtf8(std::string *out, int point)
    {
        if (!out)
            return;
        if (point < 0x80) {
            *out += char(point);
        } else if (point < 0x800) {
            *out += char(0xc0 | point >> 6);
            *out += char(0x80 | (point & 0x3f));
        } else if (point < 0x10000) {
            *out += char(0xe0 | point >> 12);
            *out += char(0x80 | (point >> 6 & 0x3f));
            *out += char(0x80 | (point & 0x3f));
        } else {
            *out += char(0xf0 | point >> 18);
            *out += char(0x80 | (point >> 12 & 0x3f));
            *out += char(0x80 | (point >> 6 & 0x3f));
            *out += char(0x80 | (point & 0x3f));
        }
    }
    bool escape(std::string *out)
    {
        ++m_at; // the backslash
        if (m_at == m_end)
            return fault("a string does not end");
        static constexpr std::string_view from = "\"\\/bfnrt", to = "\"\\/\b\f\n\r\t";
        const char c = *m_at++;
        if (const size_t simple = from.find(c); simple != std::string_view::npos) {
            if (out)
                *out += to[simple];
            return true;
        }
        if (c != 'u')
            return fault("an unknown escape in a string");
        int point = hexadecimal();
        if (point < 0)
            return fault("a \\u escape without four hexadecimal digits");
        if (point >= 0xdc00 && point <= 0xdfff)
            return fault("a lone surrogate");
        if (point >= 0xd800 && point <= 0xdbff) {
            if (m_end - m_at < 6 || m_at[0] != '\\' || m_at[1] != 'u')
                return fault("a lone surrogate");
            m_at += 2;
            const int low = hexadecimal();
            if (low < 0xdc00 || low > 0xdfff)
                return fault("a lone surrogate");
            point = 0x10000 + ((point - 0xd800) << 10) + (low - 0xdc00);
        }
        appendUtf8(out, point);
        return true;
    }
    // One character above ASCII: well-formed UTF-8 (RFC 3629), no surrogates, no overlong forms.
    bool multibyte(std::string *out)
    {
        const auto byte = [this](int i) { return m_end - m_at > i ? uchar(m_at[i]) : uchar(0); };
        const uchar lead = byte(0);
        const int length = lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
        bool valid = length > 0;
        for (int i = 1; i < length; ++i)
            valid = valid && (byte(i) & 0xc0) == 0x80;
        valid = valid && !(lead == 0xe0 && byte(1) < 0xa0) && !(lead == 0xed && byte(1) > 0x9f) && !(lead == 0xf0 && byte(1) < 0x90)
                && !(lead == 0xf4 && byte(1) > 0x8f);
        if (!valid)
            return fault("the text is not valid UTF-8");
        if (out)
            out->append(m_at, size_t(length));
        m_at += length;
        return true;
    }
    bool string(std::string *out)
    {
        ++m_at; // the quote
        while (m_at != m_end) {
            const uchar c = uchar(*m_at);
            if (c == '"') {
                ++m_at;
                return true;
            }
            if (c == '\\') {
                if (!escape(out))
                    return false;
            } else if (c >= 0x80) {
                if (!multibyte(out))
                    return false;
            } else if (c < 0x20) {
                return fault("a control character in a string");
            } else {
                if (out)
                    *out += char(c);
                ++m_at;
            }
        }
        return fault("a string does not end");
    }

    // Reads a key and remembers it as a view: of the input when it has no escape, else of a resolved copy.
    bool key()
    {
        if (m_at == m_end || *m_at != '"')
            return fault("a key in quotes is missing");
        const char *start = m_at + 1;
        if (!string(nullptr))
            return false;
        std::string_view text(start, size_t(m_at - 1 - start));
        if (text.find('\\') != std::string_view::npos) {
            std::string &resolved = m_resolved.emplace_back();
            m_at = start - 1;
            string(&resolved);
            text = resolved;
        }
        m_keys.push_back(text);
        return true;
    }
    bool hasDuplicate(size_t first)
    {
        const auto begin = m_keys.begin() + qptrdiff(first);
        if (m_keys.size() - first <= 16) {
            for (auto key = begin; key != m_keys.end(); ++key)
                if (std::find(begin, key, *key) != key)
                    return true;
            return false;
        }
        std::sort(begin, m_keys.end());
        return std::adjacent_find(begin, m_keys.end()) != m_keys.end();
    }
    bool object(int depth)
    {
        const size_t firstKey = m_keys.size();
        ++m_at;
        skipSpace();
        if (m_at != m_end && *m_at == '}') {
            ++m_at;
            return true;
        }
        for (;;) {
            skipSpace();
            if (!key())
                return false;
            skipSpace();
            if (m_at == m_end || *m_at != ':')
                return fault("a colon is missing");
            ++m_at;
            skipSpace();
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (m_at != m_end && *m_at == ',') {
                ++m_at;
                continue;
            }
            if (m_at == m_end || *m_at != '}')
                return fault("an object does not end");
            ++m_at;
            break;
        }
        if (hasDuplicate(firstKey))
            return fault("an object that ends here has the same key twice");
        m_keys.resize(firstKey);
        return true;
    }
    bool array(int depth)
    {
        ++m_at;
        skipSpace();
        if (m_at != m_end && *m_at == ']') {
            ++m_at;
            return true;
        }
        for (;;) {
            skipSpace();
            if (!value(depth + 1))
                return false;
            skipSpace();
            if (m_at != m_end && *m_at == ',') {
                ++m_at;
                continue;
            }
            if (m_at == m_end || *m_at != ']')
                return fault("an array does not end");
            ++m_at;
            return true;
        }
    }
    bool value(int depth)
    {
        if (m_at == m_end)
            return fault("a value is missing");
        switch (*m_at) {
        case '{': return depth < kMaximumDepth ? object(depth) : fault("it nests deeper than 64 levels");
        case '[': return depth < kMaximumDepth ? array(depth) : fault("it nests deeper than 64 levels");
        case '"': return string(nullptr);
        case 't': return literal("true");
        case 'f': return literal("false");
        case 'n': return literal("null");
        default: return *m_at == '-' || isDigit(*m_at) ? number() : fault("this is no JSON value");
        }
    }

    const char *m_at;
    const char *m_begin;
    const char *m_end;
    const char *m_fault = nullptr;
    std::vector<std::string_view> m_keys; // of all open objects
    std::deque<std::string> m_resolved;   // keys that had escapes
};

} // namespace

Result<> checkStrictJson(std::string_view bytes)
{
    return Checker(bytes).run();
}

} // namespace mcpcore
