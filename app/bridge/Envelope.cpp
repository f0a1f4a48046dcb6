// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/Envelope.h"

namespace app {

namespace {

constexpr size_t longestId = 1024;
constexpr size_t longestWord = 64; // of a key or method that means something to us

bool isSpace(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

} // namespace

void Envelope::feed(const char *bytes, size_t count)
{
    const char *const end = bytes + count;
    for (const char *at = bytes; at != end && m_state != State::Enough && m_state != State::Bad; ++at) {
        at = skipFast(at, end);
        if (at == end)
            return;
        take(*at);
    }
}

Envelope::Kind Envelope::kind() const
{
    if (m_state == State::Start)
        return Kind::Blank;
    if (m_state != State::End && m_state != State::Enough)
        return Kind::Unreadable;
    if (!m_method.empty())
        return m_id.empty() ? Kind::Notification : Kind::Request;
    return m_hasResult || m_hasError || m_hasOk ? Kind::Response : Kind::Unreadable;
}

// Most bytes of a large message are inside values we do not keep.
const char *Envelope::skipFast(const char *at, const char *end)
{
    if (m_escaped || m_hexLeft > 0 || m_keep != Keep::Nothing)
        return at;
    if (m_state == State::NestedString || m_state == State::String) {
        while (at != end && *at != '"' && *at != '\\')
            ++at;
    } else if (m_state == State::Nested) {
        while (at != end && *at != '"' && *at != '{' && *at != '}' && *at != '[' && *at != ']')
            ++at;
    }
    return at;
}

void Envelope::take(char c)
{
    const bool endsString = c == '"' && !m_escaped && m_hexLeft == 0;
    switch (m_state) {
    case State::Start:
        if (!isSpace(c))
            m_state = c == '{' ? State::Member : State::Bad;
        break;
    case State::Member:
        if (c == '"') {
            m_key.clear();
            m_state = State::Key;
        } else if (!isSpace(c)) {
            m_state = c == '}' ? State::End : State::Bad;
        }
        break;
    case State::Key:
        if (endsString)
            endKey();
        else
            takeStringByte(c, &m_key);
        break;
    case State::Colon:
        if (!isSpace(c))
            m_state = c == ':' ? State::Value : State::Bad;
        break;
    case State::Value:
        if (!isSpace(c))
            startValue(c);
        break;
    case State::String:
        if (m_keep == Keep::Id)
            keepId(c);
        if (endsString)
            endValue();
        else
            takeStringByte(c, m_keep == Keep::Method ? &m_method : nullptr);
        break;
    case State::Scalar:
        if (isSpace(c) || c == ',' || c == '}') {
            endValue();
            if (m_state == State::AfterValue)
                take(c);
        } else if (m_keep == Keep::Id) {
            keepId(c);
        }
        break;
    case State::Nested:
        if (c == '"')
            m_state = State::NestedString;
        else if (c == '{' || c == '[')
            ++m_depth;
        else if ((c == '}' || c == ']') && --m_depth == 0)
            endValue();
        break;
    case State::NestedString:
        if (endsString)
            m_state = State::Nested;
        else
            takeStringByte(c, nullptr);
        break;
    case State::AfterValue:
        if (!isSpace(c))
            m_state = c == ',' ? State::Member : c == '}' ? State::End : State::Bad;
        break;
    case State::End:
        if (!isSpace(c))
            m_state = State::Bad;
        break;
    case State::Enough:
    case State::Bad: break;
    }
}

// Names may be written with escapes ("tools\/call", "\u0069d"): what counts is what the app will read.
void Envelope::takeStringByte(char c, std::string *text)
{
    char meant = c;
    if (m_hexLeft > 0) {
        const unsigned digit = c >= '0' && c <= '9' ? unsigned(c - '0') : (unsigned(c) | 0x20) - 'a' + 10;
        m_hex = m_hex * 16 + (digit & 15);
        if (--m_hexLeft > 0)
            return;
        meant = m_hex < 0x80 ? char(m_hex) : '?';
    } else if (m_escaped) {
        m_escaped = false;
        if (c == 'u') {
            m_hexLeft = 4;
            m_hex = 0;
            return;
        }
        if (c != '"' && c != '\\' && c != '/')
            meant = '?';
    } else if (c == '\\') {
        m_escaped = true;
        return;
    }
    if (text && text->size() < longestWord)
        *text += meant;
}

void Envelope::keepId(char c)
{
    if (m_id.size() == longestId)
        m_state = State::Bad;
    else
        m_id += c;
}

void Envelope::endKey()
{
    m_state = State::Colon;
    m_keep = Keep::Nothing;
    if (m_key == "id") {
        m_keep = Keep::Id;
        m_id.clear();
    } else if (m_key == "method") {
        m_keep = Keep::Method;
        m_method.clear();
    } else if (m_key == "result") {
        m_hasResult = true;
    } else if (m_key == "error") {
        m_hasError = true;
    } else if (m_key == "ok") {
        m_hasOk = true;
    }
    if (!m_id.empty() && (m_hasResult || m_hasError))
        m_state = State::Enough;
}

void Envelope::startValue(char c)
{
    if (c == '"') {
        m_state = State::String;
        if (m_keep == Keep::Id)
            keepId(c);
    } else if (m_keep == Keep::Method || ((c == '{' || c == '[') && m_keep == Keep::Id) || c == ',' || c == '}' || c == ']') {
        m_state = State::Bad;
    } else if (c == '{' || c == '[') {
        m_state = State::Nested;
        m_depth = 1;
    } else {
        m_state = State::Scalar;
        if (m_keep == Keep::Id)
            keepId(c);
    }
}

void Envelope::endValue()
{
    if (m_state == State::Bad)
        return;
    m_keep = Keep::Nothing;
    m_state = !m_id.empty() && !m_method.empty() ? State::Enough : State::AfterValue;
}

} // namespace app
