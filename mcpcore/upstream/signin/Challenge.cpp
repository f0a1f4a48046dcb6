// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/Challenge.h"
#include <QByteArray>
#include <algorithm>

namespace mcpcore {

namespace {

constexpr qsizetype maximumScopes = 200;

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r';
}

// Reads one field value: challenges after each other, each a scheme with its parameters.
class ChallengeReader
{
public:
    explicit ChallengeReader(std::string_view text) : m_rest(text) {}

    std::optional<Challenge> firstBearer()
    {
        std::optional<Challenge> found;
        bool inBearer = false;
        while (skipBetween()) {
            const QByteArray word = takeWord("=, \t\r");
            if (word.isEmpty()) { // nothing that can begin a name: a stray "=" or quotation mark
                m_rest.remove_prefix(1);
                continue;
            }
            skipSpaces();
            if (m_rest.empty() || m_rest.front() != '=') {
                if (found)
                    return found;
                inBearer = word.compare("bearer", Qt::CaseInsensitive) == 0;
                if (inBearer)
                    found.emplace();
                continue;
            }
            m_rest.remove_prefix(1);
            skipSpaces();
            const QByteArray value = takeValue();
            if (inBearer)
                setParameter(*found, word.toLower(), value);
        }
        return found;
    }

private:
    bool skipBetween()
    {
        while (!m_rest.empty() && (isSpace(m_rest.front()) || m_rest.front() == ','))
            m_rest.remove_prefix(1);
        return !m_rest.empty();
    }
    void skipSpaces()
    {
        while (!m_rest.empty() && isSpace(m_rest.front()))
            m_rest.remove_prefix(1);
    }
    QByteArray takeWord(std::string_view ends)
    {
        const size_t size = std::min(m_rest.find_first_of(ends), m_rest.size());
        const QByteArray word(m_rest.data(), qsizetype(size));
        m_rest.remove_prefix(size);
        return word;
    }
    // Quoted, or bare as some servers write even addresses.
    QByteArray takeValue()
    {
        if (m_rest.empty() || m_rest.front() != '"')
            return takeWord(", \t\r");
        QByteArray value;
        size_t at = 1;
        for (; at < m_rest.size() && m_rest[at] != '"'; ++at) {
            if (m_rest[at] == '\\' && at + 1 < m_rest.size())
                ++at;
            value += m_rest[at];
        }
        m_rest.remove_prefix(std::min(at + 1, m_rest.size()));
        return value;
    }
    static void setParameter(Challenge &challenge, const QByteArray &name, const QByteArray &value)
    {
        if (name == "resource_metadata" && challenge.resourceMetadata.isEmpty())
            challenge.resourceMetadata = value;
        else if (name == "scope" && !challenge.scopes)
            challenge.scopes = scopesIn({value.constData(), size_t(value.size())});
        else if (name == "error" && challenge.error.isEmpty())
            challenge.error = value;
    }

    std::string_view m_rest;
};

} // namespace

std::optional<Challenge> challengeIn(std::string_view head)
{
    static constexpr std::string_view name = "www-authenticate:";
    while (!head.empty()) {
        const size_t end = std::min(head.find('\n'), head.size());
        std::string_view line = head.substr(0, end);
        head.remove_prefix(std::min(end + 1, head.size()));
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        if (line.size() < name.size() || qstrnicmp(line.data(), name.data(), name.size()) != 0)
            continue;
        if (auto challenge = ChallengeReader(line.substr(name.size())).firstBearer())
            return challenge;
    }
    return std::nullopt;
}

QByteArrayList scopesIn(std::string_view text)
{
    const auto allowed = [](char c) { return c > 0x20 && c < 0x7f && c != '"' && c != '\\'; };
    QByteArrayList scopes;
    while (!text.empty() && scopes.size() < maximumScopes) {
        const size_t size = std::min(text.find(' '), text.size());
        const QByteArray scope(text.data(), qsizetype(size));
        text.remove_prefix(std::min(size + 1, text.size()));
        if (!scope.isEmpty() && !scopes.contains(scope) && std::all_of(scope.begin(), scope.end(), allowed))
            scopes += scope;
    }
    return scopes;
}

} // namespace mcpcore
