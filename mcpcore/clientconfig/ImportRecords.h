// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "clientconfig/EntryRecords.h"
#include "clientconfig/MaskedText.h"

namespace mcpcore {

// What one import did to one file, and what puts it back together with the keys. No key is in it.
struct ImportRecord {
    QString id;
    QString client;
    QString kind;
    QString file;
    Milliseconds time{};
    QStringList taken;         // names of the entries that were taken over
    EntryPlace ours;           // the entry in their place
    bool hasConnected = false; // the import put it there
    QByteArray before;         // state of the file: SHA-256
    QByteArray after;
    MaskedText kept; // the file as it was, masked

    // The names of the keys that undoing takes.
    QStringList keys() const;
};

// The imports of a profile, a file each (0600, whole or not there). A plain value.
class ImportRecords
{
public:
    explicit ImportRecords(QString folder) : m_folder(std::move(folder)) {}

    static QString idOf(const ImportRecord &record);
    Result<ImportRecord> find(const QString &id) const;
    QList<ImportRecord> all() const; // those that can be read, the newest first
    Result<> save(const ImportRecord &record) const;
    void forget(const ImportRecord &record) const;

private:
    QString fileOf(const QString &id) const;

    QString m_folder;
};

} // namespace mcpcore
