// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "server/Response.h"
#include <algorithm>

namespace mcpcore {

namespace {

const char *reasonOf(int status)
{
    switch (status) {
    case 200: return "OK";
    case 202: return "Accepted";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 406: return "Not Acceptable";
    case 408: return "Request Timeout";
    case 409: return "Conflict";
    case 413: return "Content Too Large";
    case 414: return "URI Too Long";
    case 415: return "Unsupported Media Type";
    case 417: return "Expectation Failed";
    case 429: return "Too Many Requests";
    case 431: return "Request Header Fields Too Large";
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    case 505: return "HTTP Version Not Supported";
    }
    return "Status";
}

void addCommon(QByteArray &out, AfterResponse after, const std::vector<HeaderField> &fields)
{
    out += "\r\nX-Content-Type-Options: nosniff\r\n";
    for (const auto &[name, value] : fields) {
        out += name;
        out += ": ";
        out += value;
        out += "\r\n";
    }
    if (after == AfterResponse::CloseConnection)
        out += "Connection: close\r\n";
}

} // namespace

QByteArray responseHead(int status, const QByteArray &contentType, const QByteArray &body, AfterResponse after,
                        const std::vector<HeaderField> &fields)
{
    QByteArray out;
    out.reserve(320);
    out += "HTTP/1.1 ";
    out += QByteArray::number(status);
    out += ' ';
    out += reasonOf(status);
    out += "\r\nCache-Control: no-store";
    addCommon(out, after, fields);
    if (!body.isEmpty()) {
        out += "Content-Type: ";
        out += contentType;
        out += "\r\n";
    }
    out += "Content-Length: ";
    out += QByteArray::number(body.size());
    out += "\r\n\r\n";
    return out;
}

QByteArray streamHead(AfterResponse after)
{
    QByteArray out;
    out.reserve(320);
    out += "HTTP/1.1 200 OK\r\nCache-Control: no-cache, no-store";
    addCommon(out, after, {});
    out += "Content-Type: text/event-stream\r\nX-Accel-Buffering: no\r\nTransfer-Encoding: chunked\r\n\r\n";
    return out;
}

void addEvent(std::vector<QByteArray> &pieces, const QByteArray &message, const QByteArray &id)
{
    static const QByteArray plain = QByteArrayLiteral("event: message\ndata: ");
    const QByteArray before = id.isEmpty() ? plain : "event: message\nid: " + id + "\ndata: ";
    const QByteArray line = onOneLine(message);
    pieces.push_back(QByteArray::number(before.size() + line.size() + 2, 16) + "\r\n" + before);
    pieces.push_back(line);
    pieces.push_back(QByteArrayLiteral("\n\n\r\n"));
}

QByteArray primingChunk(const QByteArray &id)
{
    const QByteArray event = "id: " + id + "\ndata: \n\n";
    return QByteArray::number(event.size(), 16) + "\r\n" + event + "\r\n";
}

QByteArray commentChunk()
{
    return QByteArrayLiteral("3\r\n:\n\n\r\n");
}

QByteArray lastChunk()
{
    return QByteArrayLiteral("0\r\n\r\n");
}

QByteArray onOneLine(const QByteArray &message)
{
    if (!message.contains('\n') && !message.contains('\r'))
        return message;
    QByteArray line = message;
    std::replace_if(
        line.begin(), line.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
    return line;
}

} // namespace mcpcore
