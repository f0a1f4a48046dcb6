// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/EntryRecords.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "clientconfig/ConfigFile.h"
#include <QDir>
#include <QFile>

namespace mcpcore {

namespace {

constexpr qsizetype kMaximumRecordSize = 64 * 1024;

QString hex(const QByteArray &digest)
{
    return QString::fromLatin1(digest.toHex());
}

QByteArray digestAt(const Json &object, const char *key)
{
    return QByteArray::fromHex(stringAt(object, key, {}).toLatin1());
}

Json toJson(const EntryRecord &record)
{
    Json path = Json::array();
    for (const QString &key : record.place.path)
        path.push_back(key);
    Json json{{"format", 1},
              {"client", record.client},
              {"kind", record.kind},
              {"file", record.path},
              {"name", record.place.name},
              {"path", path},
              {"list", record.place.holder == EntryPlace::Holder::List},
              {"way", record.way == Way::Http ? "http" : "bridge"},
              {"created", record.created},
              {"connected", record.isConnected},
              {"original", hex(record.original)},
              {"exact", record.isExact},
              {"written", hex(record.written)}};
    if (!record.connection.isEmpty()) {
        json["connection"] = record.connection;
        json["environment"] = record.environment;
    }
    if (record.last)
        json["last"] = {{"before", hex(record.last->before)},
                        {"after", hex(record.last->after)},
                        {"wasConnected", record.last->wasConnected},
                        {"writtenBefore", hex(record.last->writtenBefore)},
                        {"time", record.last->time.count()}};
    return json;
}

EntryRecord fromJson(const Json &json)
{
    EntryRecord record;
    record.client = stringAt(json, "client", {});
    record.kind = stringAt(json, "kind", {});
    record.path = stringAt(json, "file", {});
    record.place.name = stringAt(json, "name", {});
    if (const Json *path = memberAt(json, "path"); path && path->is_array())
        for (const Json &key : *path)
            record.place.path.append(key.is_string() ? key.get<QString>() : QString());
    record.place.holder = boolAt(json, "list", false) ? EntryPlace::Holder::List : EntryPlace::Holder::Map;
    record.way = stringAt(json, "way", {}) == QLatin1String("http") ? Way::Http : Way::Bridge;
    record.created = int(integerAt(json, "created", 0));
    record.isConnected = boolAt(json, "connected", false);
    record.original = digestAt(json, "original");
    record.isExact = boolAt(json, "exact", false);
    record.written = digestAt(json, "written");
    record.connection = stringAt(json, "connection", {});
    record.environment = stringAt(json, "environment", {});
    if (const Json *last = memberAt(json, "last"))
        record.last = EntryRecord::Change{digestAt(*last, "before"), digestAt(*last, "after"), boolAt(*last, "wasConnected", false),
                                          digestAt(*last, "writtenBefore"), Milliseconds(integerAt(*last, "time", 0))};
    return record;
}

Result<EntryRecord> readRecord(const QString &file)
{
    const auto bytes = readFile(file, kMaximumRecordSize);
    if (!bytes)
        return failure(bytes.error());
    const auto json = parseJson({bytes->constData(), size_t(bytes->size())});
    if (!json || integerAt(*json, "format", 0) != 1 || stringAt(*json, "name", {}).isEmpty())
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("%1 is damaged. Take the entry out of the client's file by hand, then delete it.").arg(file));
    return fromJson(*json);
}

} // namespace

QString EntryRecords::stemOf(const QString &client, const QString &path, const QString &name) const
{
    const QByteArray id = digestOf(QFile::encodeName(path) + '\0' + name.toUtf8()).toHex().left(16);
    return QStringLiteral("%1/%2-%3").arg(m_folder, client, QString::fromLatin1(id));
}

QString EntryRecords::stemOf(const EntryRecord &record) const
{
    return stemOf(record.client, record.path, record.place.name);
}

QString EntryRecords::keptFile(const EntryRecord &record, const QByteArray &digest) const
{
    return stemOf(record) + QLatin1Char('.') + hex(digest).left(16);
}

Result<std::optional<EntryRecord>> EntryRecords::find(const QString &client, const QString &path, const QString &name) const
{
    const QString file = stemOf(client, path, name) + QStringLiteral(".json");
    if (!QFile::exists(file))
        return std::optional<EntryRecord>();
    const auto record = readRecord(file);
    if (!record)
        return failure(record.error());
    return std::optional<EntryRecord>(*record);
}

QList<EntryRecord> EntryRecords::all() const
{
    QList<EntryRecord> records;
    for (const QString &name : QDir(m_folder).entryList({QStringLiteral("*.json")}, QDir::Files, QDir::Name))
        if (const auto record = readRecord(m_folder + QLatin1Char('/') + name))
            records.append(*record);
    return records;
}

Result<> EntryRecords::save(const EntryRecord &record) const
{
    if (const auto made = makePrivateFolder(m_folder); !made)
        return made;
    return writeFile(stemOf(record) + QStringLiteral(".json"), toIndentedBytes(toJson(record)));
}

Result<> EntryRecords::keep(const EntryRecord &record, const QByteArray &bytes) const
{
    if (const auto made = makePrivateFolder(m_folder); !made)
        return made;
    return writeFile(keptFile(record, digestOf(bytes)), bytes);
}

Result<QByteArray> EntryRecords::kept(const EntryRecord &record, const QByteArray &digest) const
{
    auto bytes = readFile(keptFile(record, digest), kMaximumConfigSize);
    if (bytes && digestOf(*bytes) != digest)
        return failure(Error::Kind::Conflict, QStringLiteral("What was kept of %1 is not what was in it.").arg(record.path));
    return bytes;
}

void EntryRecords::removeKept(const EntryRecord &record, const QStringList &except) const
{
    const QFileInfo stem(stemOf(record));
    for (const QFileInfo &file : QDir(m_folder).entryInfoList({stem.fileName() + QStringLiteral(".*")}, QDir::Files))
        if (!except.contains(file.filePath()))
            QFile::remove(file.filePath());
}

void EntryRecords::tidy(const EntryRecord &record) const
{
    QStringList needed{stemOf(record) + QStringLiteral(".json"), keptFile(record, record.original)};
    if (record.last)
        needed.append(keptFile(record, record.last->before));
    removeKept(record, needed);
}

void EntryRecords::forget(const EntryRecord &record) const
{
    removeKept(record, {});
}

} // namespace mcpcore
