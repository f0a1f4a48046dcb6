// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "JsonDocuments.h"
#include "base/Json.h"
#include "clientconfig/ConfigValue.h"
#include "clientconfig/JsonText.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kEntry{{"command", "/opt/cs"}, {"args", {"--stdio", "x"}}, {"env", Json::object()}};
const Json kOther{{"url", "http://127.0.0.1:7345/mcp"}, {"timeout", 3600000}};

// COUNTERSIGN_LONG is set by `./dev test --long`.
const quint32 kDocuments = qEnvironmentVariableIsSet("COUNTERSIGN_LONG") ? 10'000 : 500;
constexpr quint32 kFirstSeed = 20261121;

QByteArray told(quint32 seed, const char *what, const QByteArray &document)
{
    return "seed " + QByteArray::number(seed) + ": " + what + ":\n" + document;
}

bool isRefusedRightly(ConfigFault::Kind kind)
{
    return kind == ConfigFault::Kind::WrongType || kind == ConfigFault::Kind::Exists;
}

// The document without the entry and without what was made for it, by the values alone.
void takeOut(ConfigValue &document, const EntryPlace &place, int created)
{
    QStringList path = place.path;
    auto *holder = const_cast<ConfigValue *>(document.at(path));
    (place.holder == EntryPlace::Holder::Map) ? holder->members.pop_back() : holder->items.pop_back();
    for (int i = 0; i < created && !path.isEmpty(); ++i) {
        path.removeLast();
        const_cast<ConfigValue *>(document.at(path))->members.pop_back();
    }
}

// Why the document is not edited as it should be; empty where it is. What may not be edited is counted.
QByteArray wrong(JsonDocuments &documents, const QByteArray &before, int &refused)
{
    const ConfigDialect &dialect = documents.dialect();
    const EntryPlace &place = documents.place();
    const auto connected = changedFile(before, dialect, place, EntryChange::Insert, kEntry, 0);
    if (!connected) {
        ++refused;
        return isRefusedRightly(connected.error().kind) ? QByteArray() : "not connected, " + connected.error().reason.toUtf8();
    }
    auto meaning = meaningOf(connected->bytes, dialect);
    const auto meant = meaningOf(before, dialect);
    if (!meaning || !meant)
        return "not read";
    takeOut(*meaning, place, connected->created & kCreatedKeys);
    if (!sameMeaning(*meaning, *meant))
        return "it means something else than before: " + connected->bytes;
    const auto disconnected = changedFile(connected->bytes, dialect, place, EntryChange::Remove, {}, connected->created);
    if (!disconnected || disconnected->bytes != before)
        return "not the same again: " + connected->bytes
               + "\nafter: " + (disconnected ? disconnected->bytes : disconnected.error().reason.toUtf8());
    const auto rotated = changedFile(connected->bytes, dialect, place, EntryChange::Replace, kOther, connected->created);
    const auto gone =
        rotated ? changedFile(rotated->bytes, dialect, place, EntryChange::Remove, {}, rotated->created) : tl::unexpected(rotated.error());
    return gone && gone->bytes == before ? QByteArray() : "not the same after the entry was written anew: " + connected->bytes;
}

} // namespace

class tst_ConfigProperties : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void connectThenDisconnectIsTheIdentity()
    {
        int refused = 0;
        for (quint32 seed = kFirstSeed; seed < kFirstSeed + kDocuments; ++seed) {
            JsonDocuments documents(seed);
            const QByteArray before = documents.next();
            const QByteArray fault = wrong(documents, before, refused);
            QVERIFY2(fault.isEmpty(), told(seed, fault, before).constData());
        }
        QVERIFY2(quint32(refused) < kDocuments / 5, qPrintable(QString::number(refused)));
    }
    // Entries of others, added and taken out by the same means, leave the bytes of each other alone.
    void connectionsComeAndGoInAnyOrder()
    {
        for (quint32 seed = kFirstSeed; seed < kFirstSeed + kDocuments; ++seed) {
            JsonDocuments documents(seed);
            const QByteArray before = documents.next();
            EntryPlace second = documents.place();
            second.name = QStringLiteral("second");
            const auto one = changedFile(before, documents.dialect(), documents.place(), EntryChange::Insert, kEntry, 0);
            if (!one)
                continue;
            const auto two = changedFile(one->bytes, documents.dialect(), second, EntryChange::Insert, kOther, 0);
            QVERIFY2(two, told(seed, "no second", one->bytes).constData());
            const auto last = changedFile(two->bytes, documents.dialect(), documents.place(), EntryChange::Remove, {}, one->created);
            QVERIFY2(last, told(seed, "the first does not leave", two->bytes).constData());
            const auto back = changedFile(two->bytes, documents.dialect(), second, EntryChange::Remove, {}, two->created);
            QVERIFY2(back && back->bytes == one->bytes, told(seed, "the second does not leave", two->bytes).constData());
        }
    }
    void damageIsRefusedOrEditedRightly()
    {
        int edited = 0;
        for (quint32 seed = kFirstSeed; seed < kFirstSeed + 4 * kDocuments; ++seed) {
            JsonDocuments documents(seed);
            const QByteArray damaged = documents.damaged(documents.next());
            const auto text = JsonText::read(damaged, documents.dialect());
            const auto meaning = meaningOf(damaged, documents.dialect());
            const bool isUnsupported = !text && text.error().kind == ConfigFault::Kind::Unsupported;
            QVERIFY2(text.has_value() == meaning.has_value() || isUnsupported, told(seed, "two readers disagree", damaged).constData());
            if (!text)
                continue;
            int refused = 0;
            const QByteArray fault = wrong(documents, damaged, refused);
            QVERIFY2(fault.isEmpty(), told(seed, fault, damaged).constData());
            edited += 1 - refused;
        }
        QVERIFY2(edited > int(kDocuments) / 10, qPrintable(QString::number(edited)));
    }
};

COUNTERSIGN_TEST(tst_ConfigProperties)
#include "tst_ConfigProperties.moc"
