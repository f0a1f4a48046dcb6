// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: a stream of events reads the same in two pieces as in one, and never longer events than allowed.
#include "protocol/SseReader.h"
#include <algorithm>
#include <cstdlib>

using namespace mcpcore;

namespace {

constexpr qsizetype maximumEvent = 512;

void require(bool promise)
{
    if (!promise)
        std::abort();
}

struct Outcome {
    std::vector<SseEvent> events;
    QByteArray lastId;
    bool ended = false;
};

Outcome readIn(std::initializer_list<std::string_view> pieces)
{
    Outcome outcome;
    SseReader reader(maximumEvent);
    for (const std::string_view piece : pieces)
        if (!reader.read(piece, outcome.events))
            return outcome;
    reader.finish(outcome.events);
    outcome.lastId = reader.lastEventId();
    outcome.ended = true;
    return outcome;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    if (size < 1)
        return 0;
    const std::string_view bytes(reinterpret_cast<const char *>(data + 1), size - 1);
    const size_t cut = std::min<size_t>(data[0], bytes.size());
    const Outcome whole = readIn({bytes});
    const Outcome pieces = readIn({bytes.substr(0, cut), bytes.substr(cut)});
    for (const SseEvent &event : whole.events)
        require(event.data.size() <= maximumEvent);
    if (!whole.ended || !pieces.ended)
        return 0; // too long: where that is noticed depends on the pieces
    require(whole.events.size() == pieces.events.size() && whole.lastId == pieces.lastId);
    for (size_t i = 0; i < whole.events.size(); ++i)
        require(whole.events[i].data.view() == pieces.events[i].data.view() && whole.events[i].name == pieces.events[i].name);
    return 0;
}
