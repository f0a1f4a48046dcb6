// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: whatever a client posts is refused or read as one message, and as a request of 2026-07-28 only with what
// that needs.
#include "protocol/StrictJson.h"
#include "server/ModernRequest.h"
#include <cstdlib>

using namespace mcpcore;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const Limits limits;
    static const auto head = parseHead("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:1\r\nMCP-Protocol-Version: 2026-07-28\r\n"
                                       "Mcp-Method: tools/call\r\nMcp-Name: =?base64?ZWNobw==?=\r\nContent-Length: 0\r\n\r\n",
                                       limits);
    require(head.has_value());
    QByteArray bytes(reinterpret_cast<const char *>(data), qsizetype(size));
    padForReading(bytes);
    const RawJson body(bytes);
    const auto message = readClientMessage(body);
    if (message)
        require(checkStrictJson(body.view()).has_value() && (message->kind == Message::Kind::Response) == message->method.isEmpty());
    else
        require(!message.error().message.isEmpty());
    const auto request = readModernRequest(*head, body);
    if (!request) {
        require(request.error().status >= 400 && request.error().message.startsWith('{'));
    } else if (request->message.kind == Message::Kind::Request) {
        require(message && request->message.method == QLatin1String("tools/call") && !request->capabilities.isEmpty());
        require(checkStrictJson(request->params.view()).has_value());
        require(memberOf(request->params, "requestState").isEmpty() && memberOf(request->params, "inputResponses").isEmpty());
    }
    return 0;
}
