// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: any value survives the way through a header field, and a field never holds what would end it.
#include "protocol/HeaderValue.h"
#include <algorithm>
#include <cstdlib>

using namespace mcpcore;

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    const std::string_view bytes(reinterpret_cast<const char *>(data), size);
    const QByteArray field = encodedHeaderValue(bytes);
    const auto back = decodedHeaderValue({field.constData(), size_t(field.size())});
    const bool clean = std::all_of(field.begin(), field.end(), [](char c) { return c >= 0x20 && c <= 0x7e; });
    if (!back || std::string_view(back->constData(), size_t(back->size())) != bytes || !clean)
        std::abort();
    decodedHeaderValue(bytes); // what others send
    return 0;
}
