// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "secrets/KeyFileForm.h"
#include <QStringList>
#include <functional>

namespace mcpcore {

// One key file on the disk. Every read opens the file again, so that no key stays in memory, and every write begins with what is
// there: a file that is gone, damaged, exchanged or turned back is refused and never written over. Blocks (Argon2id takes most of
// a second); EncryptedFile is the same for the core thread. One thread at a time.
class KeyFile
{
public:
    explicit KeyFile(QString path) : m_path(std::move(path)) {}

    static bool existsAt(const QString &path);
    // Makes the file, with these items, where there is none. It is open then.
    Result<> make(const Secret &passphrase, std::map<QString, Secret> items, KeyFileCost cost = {});
    // InvalidArgument for a wrong passphrase.
    Result<> open(const Secret &passphrase);
    // Of a file that is open: whether this is its passphrase. InvalidArgument when it is not.
    Result<> check(const Secret &passphrase) const;
    bool isOpen() const { return !m_key.isEmpty(); }
    // All change at once or not at all; InvalidArgument when `old` is wrong or `fresh` cannot be one.
    Result<> changePassphrase(const Secret &old, const Secret &fresh, KeyFileCost cost = {});

    Result<Secret> read(const QString &name) const;
    Result<> write(const QString &name, Secret secret);
    Result<> remove(const QString &name);
    Result<QStringList> names() const;
    // True when the file holds these items, all of them, and can be read with this passphrase.
    Result<bool> holds(const Secret &passphrase, const std::map<QString, Secret> &items);
    // Durable. Conflict when there is something of that name.
    Result<> moveTo(const QString &path);
    // Durable. Only the file that was opened.
    Result<> erase();

private:
    struct Found {
        QByteArray bytes;
        KeyFileHeader header;
        KeyFileContent content;
    };
    Result<QByteArray> bytes() const;
    Result<Found> load(const Secret &key) const;
    // The file as it is now, when it is a later state of the one that was opened.
    Result<Found> current() const;
    Result<> change(const std::function<bool(std::map<QString, Secret> &)> &edit);
    Result<> store(const KeyFileContent &content, const KeyFileHeader &header, const Secret &key);
    void keep(const Found &found) const;

    QString m_path;
    Secret m_key;
    // What was seen last: a file is trusted when it is the same one, and not an older state of it.
    mutable QByteArray m_id, m_digest;
    mutable quint64 m_generation = 0;
};

} // namespace mcpcore
