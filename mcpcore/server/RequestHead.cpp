// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/RequestHead.h"
#include <algorithm>
#include <array>

namespace mcpcore {

namespace {

tl::unexpected<Refusal> refused(int status, const char *why)
{
    return tl::unexpected<Refusal>(Refusal{status, QString::fromLatin1(why)});
}

char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? char(c + 32) : c;
}

bool isSame(std::string_view text, std::string_view lowerCase)
{
    return std::equal(text.begin(), text.end(), lowerCase.begin(), lowerCase.end(), [](char a, char b) { return lower(a) == b; });
}

// RFC 9110 token characters.
bool isTokenCharacter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
           || std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

bool isToken(std::string_view text)
{
    return !text.empty() && std::all_of(text.begin(), text.end(), isTokenCharacter);
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t'))
        text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t'))
        text.remove_suffix(1);
    return text;
}

// Calls `use` with each element of a comma-separated list.
template <typename Use> void forEachElement(std::string_view list, Use use)
{
    while (!list.empty()) {
        const size_t comma = list.find(',');
        use(trimmed(list.substr(0, comma)));
        list = comma == std::string_view::npos ? std::string_view() : list.substr(comma + 1);
    }
}

tl::expected<void, Refusal> readRequestLine(RequestHead &head, std::string_view line, const Limits &limits)
{
    const size_t first = line.find(' ');
    const size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last)
        return refused(400, "The request line is malformed.");
    const std::string_view method = line.substr(0, first);
    const std::string_view version = line.substr(last + 1);
    head.target = line.substr(first + 1, last - first - 1);
    if (!isToken(method))
        return refused(400, "The method is malformed.");
    if (version != "HTTP/1.1") {
        const bool wellFormed = version.size() == 8 && version.substr(0, 5) == "HTTP/" && version[6] == '.';
        return wellFormed ? refused(505, "Only HTTP/1.1 is served.") : refused(400, "The request line is malformed.");
    }
    if (qsizetype(head.target.size()) > limits.url)
        return refused(414, "The address is too long.");
    if (head.target.empty() || head.target.front() != '/' || head.target.substr(0, 2) == "//")
        return refused(400, "The address must be a path.");
    if (std::any_of(head.target.begin(), head.target.end(), [](char c) { return uchar(c) <= 0x20 || uchar(c) >= 0x7f || c == '#'; }))
        return refused(400, "The address has characters that must be escaped.");
    if (method == "POST")
        head.method = RequestHead::Method::Post;
    else if (method == "GET")
        head.method = RequestHead::Method::Get;
    else if (method == "DELETE")
        head.method = RequestHead::Method::Delete;
    return {};
}

tl::expected<void, Refusal> readField(RequestHead &head, std::string_view line)
{
    if (line.front() == ' ' || line.front() == '\t')
        return refused(400, "A header field is folded over lines.");
    const size_t colon = line.find(':');
    if (colon == std::string_view::npos || !isToken(line.substr(0, colon)))
        return refused(400, "A header field is malformed.");
    const std::string_view value = trimmed(line.substr(colon + 1));
    if (std::any_of(value.begin(), value.end(), [](char c) { return (uchar(c) < 0x20 && c != '\t') || c == 0x7f; }))
        return refused(400, "A header field has control characters.");
    head.fields.push_back({line.substr(0, colon), value});
    return {};
}

tl::expected<void, Refusal> readLength(RequestHead &head, std::string_view value)
{
    if (value.empty() || value.size() > 18 || !std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return refused(400, "Content-Length is not a number.");
    for (const char c : value)
        head.contentLength = head.contentLength * 10 + (c - '0');
    return {};
}

// The fields that decide where the request ends and what happens to the connection after it.
tl::expected<void, Refusal> readFraming(RequestHead &head)
{
    static constexpr std::array<std::string_view, 10> once{"host",          "content-length",      "transfer-encoding", "authorization",
                                                           "origin",        "content-type",        "sec-fetch-site",    "mcp-session-id",
                                                           "last-event-id", "mcp-protocol-version"};
    unsigned seen = 0;
    for (const auto &[name, value] : head.fields) {
        const auto known = std::find_if(once.begin(), once.end(), [&name = name](std::string_view one) { return isSame(name, one); });
        if (known != once.end()) {
            const unsigned bit = 1u << (known - once.begin());
            if (seen & bit)
                return refused(400, "A header field that may be sent once was sent twice.");
            seen |= bit;
        }
        if (isSame(name, "content-length")) {
            if (const auto read = readLength(head, value); !read)
                return read;
        } else if (isSame(name, "transfer-encoding")) {
            if (!isSame(value, "chunked"))
                return refused(400, "This Transfer-Encoding is not served.");
            head.chunked = true;
        } else if (isSame(name, "expect")) {
            if (!isSame(value, "100-continue"))
                return refused(417, "This Expect is not served.");
            head.expectsContinue = true;
        } else if (isSame(name, "upgrade")) {
            return refused(400, "Nothing can be upgraded here.");
        } else if (isSame(name, "connection")) {
            bool upgrade = false;
            forEachElement(value, [&](std::string_view element) {
                upgrade = upgrade || isSame(element, "upgrade");
                head.keepAlive = head.keepAlive && !isSame(element, "close");
            });
            if (upgrade)
                return refused(400, "Nothing can be upgraded here.");
        }
    }
    if (head.chunked && head.field("content-length"))
        return refused(400, "Content-Length and Transfer-Encoding were both sent.");
    return {};
}

} // namespace

std::optional<std::string_view> RequestHead::field(std::string_view lowerCaseName) const
{
    for (const Field &field : fields)
        if (isSame(field.name, lowerCaseName))
            return field.value;
    return std::nullopt;
}

tl::expected<RequestHead, Refusal> parseHead(const QByteArray &bytes, const Limits &limits)
{
    RequestHead head;
    head.bytes = bytes;
    std::string_view rest(bytes.constData(), size_t(bytes.size()));
    if (rest.size() < 4 || rest.substr(rest.size() - 4) != "\r\n\r\n")
        return refused(400, "The header is not complete.");
    const auto nextLine = [&rest] {
        const size_t end = rest.find("\r\n");
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(end + 2);
        return line;
    };
    for (size_t i = 0; i < rest.size(); ++i)
        if (rest[i] == 0 || (rest[i] == '\n' && (i == 0 || rest[i - 1] != '\r')) || (rest[i] == '\r' && rest[i + 1] != '\n'))
            return refused(400, "Lines must end in CR LF, and NUL is not text.");
    if (const auto read = readRequestLine(head, nextLine(), limits); !read)
        return tl::unexpected<Refusal>(read.error());
    if (qsizetype(rest.size()) > limits.header)
        return refused(431, "The header is too long.");
    head.fields.reserve(16);
    for (std::string_view line = nextLine(); !line.empty(); line = nextLine()) {
        if (int(head.fields.size()) == limits.headerFields)
            return refused(431, "The header has too many fields.");
        if (const auto read = readField(head, line); !read)
            return tl::unexpected<Refusal>(read.error());
    }
    if (!rest.empty())
        return refused(400, "The header ends before its end.");
    if (const auto read = readFraming(head); !read)
        return tl::unexpected<Refusal>(read.error());
    return head;
}

Acceptance acceptanceOf(const RequestHead &head, std::string_view mediaType)
{
    const std::string_view kind = mediaType.substr(0, mediaType.find('/'));
    Acceptance acceptance = Acceptance::No;
    bool sent = false;
    for (const RequestHead::Field &field : head.fields) {
        if (!isSame(field.name, "accept"))
            continue;
        sent = true;
        forEachElement(field.value, [&](std::string_view element) {
            const std::string_view range = trimmed(element.substr(0, element.find(';')));
            if (isSame(range, mediaType))
                acceptance = Acceptance::Named;
            else if (acceptance == Acceptance::No && range.size() > 1 && range.substr(range.size() - 2) == "/*"
                     && (range == "*/*" || isSame(range.substr(0, range.size() - 2), kind)))
                acceptance = Acceptance::ByWildcard;
        });
    }
    return sent ? acceptance : Acceptance::ByWildcard;
}

tl::expected<qsizetype, Refusal> HeadReader::take(std::string_view bytes)
{
    const qsizetype before = m_bytes.size();
    // The end can begin in the three bytes that came before.
    const qsizetype from = std::max<qsizetype>(0, before - 3);
    const qsizetype most = m_limits.url + m_limits.header + 64;
    m_bytes.append(bytes.data(), qsizetype(std::min<size_t>(bytes.size(), size_t(most))));
    const qsizetype end = m_bytes.indexOf("\r\n\r\n", from);
    if (end >= 0) {
        m_bytes.truncate(end + 4);
        m_complete = true;
        return m_bytes.size() - before;
    }
    if (const auto checked = checkPart(); !checked)
        return tl::unexpected<Refusal>(checked.error());
    return m_bytes.size() - before;
}

tl::expected<void, Refusal> HeadReader::checkPart() const
{
    for (qsizetype i = 0; i < m_bytes.size(); ++i)
        if (m_bytes[i] == 0 || (m_bytes[i] == '\n' && (i == 0 || m_bytes[i - 1] != '\r')))
            return refused(400, "Lines must end in CR LF, and NUL is not text.");
    const qsizetype lineEnd = m_bytes.indexOf('\r');
    if ((lineEnd < 0 ? m_bytes.size() : lineEnd) > m_limits.url + 32)
        return refused(414, "The address is too long.");
    if (lineEnd >= 0 && m_bytes.size() - lineEnd > m_limits.header + 2)
        return refused(431, "The header is too long.");
    return {};
}

QByteArray HeadReader::finish()
{
    m_complete = false;
    return std::exchange(m_bytes, {});
}

} // namespace mcpcore
