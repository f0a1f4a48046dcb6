// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: the file of a client, whatever it holds, is refused with a reason or takes the entry and gives it back byte for byte;
// no edit is one that the second reader takes for a change of something else. The first byte is the client's dialect.
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "clientconfig/JsonText.h"
#include <cstdlib>

using namespace mcpcore;

namespace {

void require(bool promise)
{
    if (!promise)
        std::abort();
}

EntryPlace placeOf(unsigned char choice)
{
    EntryPlace place{{QStringLiteral("a")}, QStringLiteral("c"), choice & 0x20 ? EntryPlace::Holder::List : EntryPlace::Holder::Map};
    if (choice & 0x10)
        place.path.append(QStringLiteral("b"));
    return place;
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, size_t size)
{
    static const Json entry{{"command", "/opt/cs"}, {"args", {"--stdio"}}}, other{{"url", "x"}};
    const unsigned char choice = size > 0 ? data[0] : 0;
    const ConfigDialect dialect{ConfigDialect::Format::Jsonc, bool(choice & 1), bool(choice & 2), bool(choice & 4), bool(choice & 8)};
    const EntryPlace place = placeOf(choice);
    const QByteArray file = size > 0 ? QByteArray(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1)) : QByteArray();

    const auto text = JsonText::read(file, dialect);
    const auto meaning = meaningOf(file, dialect);
    require(text.has_value() == meaning.has_value() || (!text && text.error().kind == ConfigFault::Kind::Unsupported));

    const auto inserted = changedFile(file, dialect, place, EntryChange::Insert, entry, 0);
    if (inserted) {
        const auto removed = changedFile(inserted->bytes, dialect, place, EntryChange::Remove, {}, inserted->created);
        require(removed && removed->bytes == file);
    }
    const auto replaced = changedFile(file, dialect, place, EntryChange::Replace, other, 0);
    const auto removed = changedFile(file, dialect, place, EntryChange::Remove, {}, int(choice >> 6));
    require(replaced.has_value() == removed.has_value());
    for (const auto *result : {&inserted, &replaced, &removed})
        require(result->has_value() || (result->error().kind != ConfigFault::Kind::Changed && !result->error().reason.isEmpty()));
    return 0;
}
