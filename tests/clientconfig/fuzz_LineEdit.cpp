// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer target: a file in TOML or YAML, whatever it holds, is refused with a reason or takes the entry and gives it back byte for byte.
// The first byte chooses the format and the place.
#include "base/Json.h"
#include "clientconfig/ConfigDocument.h"
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
    static const Json entry{{"command", "/opt/cs"}, {"args", {"--stdio"}}, {"env", {{"A", "b"}}}}, other{{"url", "x"}};
    const unsigned char choice = size > 0 ? data[0] : 0;
    ConfigDialect dialect;
    dialect.format = choice & 1 ? ConfigDialect::Format::Toml : ConfigDialect::Format::Yaml;
    dialect.byteOrderMark = dialect.emptyFile = true;
    EntryPlace place{{QStringLiteral("a")}, QStringLiteral("c"), choice & 2 ? EntryPlace::Holder::List : EntryPlace::Holder::Map};
    if (choice & 4)
        place.path.append(QStringLiteral("b"));
    const QByteArray file = size > 0 ? QByteArray(reinterpret_cast<const char *>(data + 1), qsizetype(size - 1)) : QByteArray();

    const auto inserted = changedFile(file, dialect, place, EntryChange::Insert, entry, 0);
    if (inserted) {
        const auto removed = changedFile(inserted->bytes, dialect, place, EntryChange::Remove, {}, inserted->created);
        require(removed && removed->bytes == file);
        const auto replaced = changedFile(inserted->bytes, dialect, place, EntryChange::Replace, other, inserted->created);
        require(replaced.has_value());
    }
    const auto replaced = changedFile(file, dialect, place, EntryChange::Replace, other, 0);
    const auto removed = changedFile(file, dialect, place, EntryChange::Remove, {}, int(choice >> 6));
    for (const auto *result : {&inserted, &replaced, &removed})
        require(result->has_value() || (result->error().kind != ConfigFault::Kind::Changed && !result->error().reason.isEmpty()));
    return 0;
}
