// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: whatever comes, a head is refused or read, in pieces as well as whole, and what is accepted keeps its promises.
#include "server/Admission.h"
#include "server/ChunkScanner.h"
#include <algorithm>
#include <cstdlib>

using namespace mcpcore;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

void checkAccepted(const RequestHead &head)
{
    require(head.contentLength >= 0 && !(head.chunked && head.field("content-length")));
    require(!head.target.empty() && head.target.front() == '/');
    require(!head.bytes.contains('\0'));
    for (const auto &[name, value] : head.fields)
        require(!name.empty() && value.find('\n') == std::string_view::npos && value.find('\r') == std::string_view::npos);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const Limits limits;
    if (size < 1)
        return 0;
    const size_t cut = std::min<size_t>(data[0], size - 1);
    const std::string_view bytes(reinterpret_cast<const char *>(data + 1), size - 1);

    HeadReader reader(limits);
    auto taken = reader.take(bytes.substr(0, cut));
    size_t at = taken ? size_t(*taken) : size;
    if (taken && !reader.isComplete()) {
        taken = reader.take(bytes.substr(cut));
        at = taken ? cut + size_t(*taken) : size;
    }
    if (!reader.isComplete() || !taken)
        return 0;
    const QByteArray collected = reader.finish();
    require(std::string_view(collected.constData(), size_t(collected.size())) == bytes.substr(0, at));
    const auto head = parseHead(collected, limits);
    if (!head)
        return 0;
    checkAccepted(*head);
    const auto admitted = admit(*head, 7345, limits, [](std::string_view token) {
        return token == "t" ? std::optional(ClientId{QStringLiteral("a")}) : std::nullopt;
    });
    if (admitted)
        require(head->field("authorization").has_value() && head->field("host").has_value() && head->contentLength <= limits.body);
    ChunkScanner scanner(limits.body);
    if (const auto body = scanner.take(bytes.substr(at)))
        require(size_t(*body) <= bytes.size() - at);
    return 0;
}
