// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EditProof.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"

using namespace mcpcore;

namespace {

const Json kOther{{"url", "http://127.0.0.1:7345/mcp"}, {"headers", {{"Authorization", "Bearer x"}}}};

// The document without its last entry and without what was made for it.
void takeOut(ConfigValue &document, const EntryPlace &place, int created)
{
    QStringList path = place.path;
    auto *holder = const_cast<ConfigValue *>(document.at(path));
    if (place.holder == EntryPlace::Holder::List)
        holder->items.pop_back();
    else
        std::erase_if(holder->members, [&](const auto &member) { return member.first == place.name.toUtf8(); });
    for (int i = 0; i < (created & kCreatedKeys) && !path.isEmpty(); ++i) {
        const QByteArray key = path.takeLast().toUtf8();
        std::erase_if(const_cast<ConfigValue *>(document.at(path))->members, [&](const auto &member) { return member.first == key; });
    }
    if (created & kHeldNothing)
        const_cast<ConfigValue *>(document.at(path))->kind = ConfigValue::Kind::Null;
}

QByteArray told(const ConfigResult<EditedFile> &file)
{
    return file ? file->bytes : "refused: " + file.error().reason.toUtf8();
}

} // namespace

QByteArray EditProof::wrong(const QByteArray &before)
{
    const auto connected = changedFile(before, dialect, place, EntryChange::Insert, entryWithEverything(), 0);
    if (!connected) {
        ++refused[connected.error().kind];
        return connected.error().kind == ConfigFault::Kind::Changed ? "the edit was not proved" : "";
    }
    ++edited;
    const auto meant = meaningOf(before, dialect);
    auto means = meaningOf(connected->bytes, dialect);
    if (!meant || !means)
        return "not read";
    takeOut(*means, place, connected->created);
    if (!sameMeaning(*means, *meant))
        return "it means something else:\n" + connected->bytes;
    const auto disconnected = changedFile(connected->bytes, dialect, place, EntryChange::Remove, {}, connected->created);
    if (!disconnected || disconnected->bytes != before)
        return "not the same again:\n" + connected->bytes + "\nafter:\n" + told(disconnected);
    const auto rotated = changedFile(connected->bytes, dialect, place, EntryChange::Replace, kOther, connected->created);
    if (!rotated)
        return "not written anew:\n" + connected->bytes + "\n" + told(rotated);
    const auto gone = changedFile(rotated->bytes, dialect, place, EntryChange::Remove, {}, rotated->created);
    return gone && gone->bytes == before ? QByteArray() : "not the same after it was written anew:\n" + rotated->bytes;
}

QByteArray damaged(QByteArray document, QRandomGenerator &random, const QByteArray &alphabet)
{
    const int count = 1 + random.bounded(3);
    for (int i = 0; i < count && !document.isEmpty(); ++i) {
        const qsizetype at = random.bounded(int(document.size()));
        const char byte = random.bounded(8) == 0 ? char(random.bounded(256)) : alphabet[random.bounded(int(alphabet.size()))];
        switch (random.bounded(4)) {
        case 0: document[at] = byte; break;
        case 1: document.remove(at, 1 + random.bounded(4)); break;
        case 2: document.insert(at, byte); break;
        case 3: document.insert(at, document.mid(at, 1 + random.bounded(12))); break;
        }
    }
    return document;
}

QByteArray toldWith(quint32 seed, const QByteArray &what, const QByteArray &document)
{
    return "seed " + QByteArray::number(seed) + ": " + what + "\nof:\n" + document;
}

quint32 documentCount()
{
    return qEnvironmentVariableIsSet("COUNTERSIGN_LONG") ? 10'000 : 500;
}

const Json &entryWithEverything()
{
    static const Json entry{{"command", "/opt/c s/cs"},
                            {"args", {"--stdio", "no", "1.0", "", "a: b # c", "\"'\\"}},
                            {"env", Json::object()},
                            {"http_headers", {{"Authorization", "Bearer \u00e9\u2028\U0001F600"}, {"x y", "\n\t\r\x01\x7f"}}},
                            {"list", Json::array()},
                            {"enabled", true},
                            {"ratio", 1.5},
                            {"timeout", 3600}};
    return entry;
}
