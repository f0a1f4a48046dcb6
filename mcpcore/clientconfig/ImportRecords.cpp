// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ImportRecords.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "clientconfig/ConfigFile.h"
#include <QDir>
#include <QFile>
#include <algorithm>

namespace mcpcore {

namespace {

constexpr qsizetype kMaximumRecordSize = 2 * kMaximumConfigSize;

Json listOf(const QStringList &texts)
{
    Json list = Json::array();
    for (const QString &text : texts)
        list.push_back(text);
    return list;
}

QStringList listAt(const Json &object, const char *key)
{
    QStringList texts;
    if (const Json *list = memberAt(object, key); list && list->is_array())
        for (const Json &item : *list)
            texts.append(item.is_string() ? item.get<QString>() : QString());
    return texts;
}

QByteArray bytesAt(const Json &object, const char *key)
{
    return QByteArray::fromBase64(stringAt(object, key, {}).toLatin1());
}

QString base64(const QByteArray &bytes)
{
    return QString::fromLatin1(bytes.toBase64());
}

Json toJson(const ImportRecord &record)
{
    Json holes = Json::array();
    for (const MaskedText::Hole &hole : record.kept.holes)
        holes.push_back({{"at", hole.offset}, {"key", hole.key}});
    return {{"format", 1},
            {"client", record.client},
            {"kind", record.kind},
            {"file", record.file},
            {"time", record.time.count()},
            {"taken", listOf(record.taken)},
            {"path", listOf(record.ours.path)},
            {"name", record.ours.name},
            {"list", record.ours.holder == EntryPlace::Holder::List},
            {"connected", record.hasConnected},
            {"before", base64(record.before)},
            {"after", base64(record.after)},
            {"holes", holes},
            {"kept", base64(record.kept.bytes)}};
}

// Holes that are not where marks are would put a key anywhere.
bool hasItsMarks(const MaskedText &text)
{
    qsizetype at = 0;
    return std::all_of(text.holes.begin(), text.holes.end(), [&](const MaskedText::Hole &hole) {
        const bool isThere = hole.offset >= at && hole.offset <= text.bytes.size() && !hole.key.isEmpty()
                             && text.bytes.mid(hole.offset, kMovedMark.size()) == kMovedMark;
        at = hole.offset + kMovedMark.size();
        return isThere;
    });
}

ImportRecord fromJson(const Json &json)
{
    ImportRecord record;
    record.client = stringAt(json, "client", {});
    record.kind = stringAt(json, "kind", {});
    record.file = stringAt(json, "file", {});
    record.time = Milliseconds(integerAt(json, "time", 0));
    record.taken = listAt(json, "taken");
    record.ours.path = listAt(json, "path");
    record.ours.name = stringAt(json, "name", {});
    record.ours.holder = boolAt(json, "list", false) ? EntryPlace::Holder::List : EntryPlace::Holder::Map;
    record.hasConnected = boolAt(json, "connected", false);
    record.before = bytesAt(json, "before");
    record.after = bytesAt(json, "after");
    record.kept.bytes = bytesAt(json, "kept");
    if (const Json *holes = memberAt(json, "holes"); holes && holes->is_array())
        for (const Json &hole : *holes)
            record.kept.holes.append({qsizetype(integerAt(hole, "at", -1)), stringAt(hole, "key", {})});
    return record;
}

} // namespace

QStringList ImportRecord::keys() const
{
    QStringList names;
    for (const MaskedText::Hole &hole : kept.holes)
        if (!names.contains(hole.key))
            names.append(hole.key);
    return names;
}

QString ImportRecords::idOf(const ImportRecord &record)
{
    const QByteArray hash = digestOf(QFile::encodeName(record.file) + '\0' + record.after).toHex().left(16);
    return QStringLiteral("%1-%2").arg(record.client, QString::fromLatin1(hash));
}

QString ImportRecords::fileOf(const QString &id) const
{
    return QStringLiteral("%1/%2.json").arg(m_folder, id);
}

Result<ImportRecord> ImportRecords::find(const QString &id) const
{
    const QString file = fileOf(id);
    if (id.contains(QLatin1Char('/')) || !QFile::exists(file))
        return failure(Error::Kind::NotFound, QStringLiteral("There is no import %1 to undo.").arg(id));
    const auto bytes = readFile(file, kMaximumRecordSize);
    if (!bytes)
        return failure(bytes.error());
    const auto json = parseJson({bytes->constData(), size_t(bytes->size())});
    ImportRecord record = json ? fromJson(*json) : ImportRecord();
    record.id = id;
    if (!json || integerAt(*json, "format", 0) != 1 || record.file.isEmpty() || !hasItsMarks(record.kept))
        return failure(Error::Kind::FileFailed, QStringLiteral("%1 is damaged. Put the entry back by hand, then delete it.").arg(file));
    return record;
}

QList<ImportRecord> ImportRecords::all() const
{
    QList<ImportRecord> records;
    for (const QString &name : QDir(m_folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        if (const auto record = find(name.chopped(5)))
            records.append(*record);
    std::stable_sort(records.begin(), records.end(), [](const auto &left, const auto &right) { return left.time > right.time; });
    return records;
}

Result<> ImportRecords::save(const ImportRecord &record) const
{
    if (const auto made = makePrivateFolder(m_folder); !made)
        return made;
    return writeFile(fileOf(record.id), toIndentedBytes(toJson(record)));
}

void ImportRecords::forget(const ImportRecord &record) const
{
    QFile::remove(fileOf(record.id));
}

} // namespace mcpcore
