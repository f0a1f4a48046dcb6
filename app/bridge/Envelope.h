// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstddef>
#include <string>

namespace app {

// Finds out what one line of JSON-RPC is, reading it piece by piece and keeping only its id and method. It looks no further
// than that: what is wrong deeper inside is for the app to say.
class Envelope
{
public:
    enum class Kind { Blank, Request, Notification, Response, Unreadable };

    void reset() { *this = Envelope(); }
    void feed(const char *bytes, size_t count);
    // After the whole line, without its line break, was fed.
    Kind kind() const;
    // As written, with the quotes of a string. Empty if there is none.
    const std::string &id() const { return m_id; }
    const std::string &method() const { return m_method; }
    // A response with an error, or the app's refusal of our greeting.
    bool isError() const { return m_hasError; }
    bool isWelcome() const { return m_hasOk && !m_hasError; }

private:
    enum class State { Start, Member, Key, Colon, Value, String, Scalar, Nested, NestedString, AfterValue, End, Enough, Bad };
    enum class Keep { Nothing, Id, Method };

    void take(char c);
    void takeStringByte(char c, std::string *text);
    void keepId(char c);
    void startValue(char c);
    void endKey();
    void endValue();
    const char *skipFast(const char *at, const char *end);

    State m_state = State::Start;
    Keep m_keep = Keep::Nothing;
    int m_depth = 0;
    int m_hexLeft = 0; // digits of \uXXXX still to come
    unsigned m_hex = 0;
    bool m_escaped = false;
    bool m_hasResult = false;
    bool m_hasError = false;
    bool m_hasOk = false;
    std::string m_key;
    std::string m_id;
    std::string m_method;
};

} // namespace app
