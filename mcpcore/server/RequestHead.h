// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "server/Limits.h"
#include <QByteArray>
#include <optional>
#include <string_view>
#include <tl/expected.hpp>
#include <vector>

namespace mcpcore {

// Why a request is refused before anyone handles it. `why` holds no bytes of the request. The connection closes.
struct Refusal {
    int status;
    QString why;
};

// The head of one HTTP/1.1 request. Views point into `bytes`.
struct RequestHead {
    enum class Method { Get, Post, Delete, Other };
    struct Field {
        std::string_view name; // as sent: compare with field()
        std::string_view value;
    };
    QByteArray bytes;
    Method method = Method::Other;
    std::string_view target;
    std::vector<Field> fields;
    qint64 contentLength = 0;
    bool chunked = false;
    bool keepAlive = true;
    bool expectsContinue = false;

    // The first field of this name (lower case); nothing when it was not sent.
    std::optional<std::string_view> field(std::string_view lowerCaseName) const;
};

// Parses one head, from its first byte to its empty line. Strict where parsers could disagree about what a request is or
// where it ends (RFC 9112): no folding, no bare CR or LF, no NUL, one length, nothing twice that may be sent once.
tl::expected<RequestHead, Refusal> parseHead(const QByteArray &bytes, const Limits &limits);

enum class Acceptance { Named, ByWildcard, No };
// What the Accept fields of a head say about a media type. No Accept field = everything, by wildcard.
Acceptance acceptanceOf(const RequestHead &head, std::string_view mediaType);

// Collects a head from the pieces it arrives in, and refuses early what cannot become one.
class HeadReader
{
public:
    explicit HeadReader(const Limits &limits) : m_limits(limits) {}
    // Takes from `bytes` what belongs to the head: the number of bytes taken.
    tl::expected<qsizetype, Refusal> take(std::string_view bytes);
    bool isEmpty() const { return m_bytes.isEmpty(); }
    bool isComplete() const { return m_complete; }
    // The whole head; ready for the next one.
    QByteArray finish();

private:
    tl::expected<void, Refusal> checkPart() const;
    const Limits &m_limits;
    QByteArray m_bytes;
    bool m_complete = false;
};

} // namespace mcpcore
