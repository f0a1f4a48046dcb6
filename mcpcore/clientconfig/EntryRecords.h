// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "clientconfig/ClientKind.h"
#include <optional>

namespace mcpcore {

// What we did to one file for one client: enough to put it back exactly, and to notice that others have changed it. No secrets.
struct EntryRecord {
    // The state of a file: not there (an empty digest), or its SHA-256.
    struct Change {
        QByteArray before;
        QByteArray after;
        bool wasConnected = false;
        QByteArray writtenBefore; // `written` before this change
        Milliseconds time{};      // wall
    };
    QString client;
    QString kind;
    QString path;
    EntryPlace place; // with the name of the entry
    Way way = Way::Bridge;
    int created = 0; // keys that we made above the entry
    bool isConnected = false;
    QByteArray original = {};        // the state before we connected
    bool isExact = true;             // nothing but what we did is between the original and the state that we left
    QByteArray written = {};         // the state that we left
    std::optional<Change> last = {}; // what undo takes back
    QString connection = {};         // that the entry reaches alone; empty: all of them
    QString environment = {};        // of the connection
};

// The records of a profile, in a folder of their own, with the bytes that they go back to beside them. A file each, 0600, whole or not there.
// A plain value.
class EntryRecords
{
public:
    explicit EntryRecords(QString folder) : m_folder(std::move(folder)) {}

    // None when there is no record; FileFailed when it cannot be read.
    Result<std::optional<EntryRecord>> find(const QString &client, const QString &path, const QString &name) const;
    QList<EntryRecord> all() const; // those that can be read
    Result<> save(const EntryRecord &record) const;
    Result<> keep(const EntryRecord &record, const QByteArray &bytes) const;
    // The bytes of that digest, as they were kept; an error when they are not there any more.
    Result<QByteArray> kept(const EntryRecord &record, const QByteArray &digest) const;
    // Forgets the bytes that a record does not go back to any more.
    void tidy(const EntryRecord &record) const;
    void forget(const EntryRecord &record) const;

private:
    QString stemOf(const QString &client, const QString &path, const QString &name) const;
    QString stemOf(const EntryRecord &record) const;
    QString keptFile(const EntryRecord &record, const QByteArray &digest) const;
    void removeKept(const EntryRecord &record, const QStringList &except) const;

    QString m_folder;
};

} // namespace mcpcore
