// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QLockFile>
#include <memory>

namespace app {

// The folder with all state of one set-up (DESIGN 2). Holding its lock makes this process the owner: the only writer.
class Profile
{
public:
    // `folder` empty = the standard place. Makes the folder (0700) when it is missing; refuses one that others may write to.
    static mcpcore::Result<Profile> at(const QString &folder);

    const QString &folder() const { return m_folder; }
    // Where it is without being said, for every program whatever its surroundings.
    bool isUsual() const;
    // Names the profile where several share a place, as in the keychain.
    QString id() const;
    // Where its items are in the keychain.
    QString keychainService() const { return QStringLiteral("io.countersign/") + id(); }
    QString workspace() const { return m_folder + QStringLiteral("/workspace.json"); }
    QString tools() const { return m_folder + QStringLiteral("/tools.json"); }
    // The key file, where the profile has one (secrets/ProfileStore.h).
    QString keys() const { return m_folder + QStringLiteral("/keys"); }
    QString activity() const { return m_folder + QStringLiteral("/activity.db"); }

    // Conflict, with the owner's process, when another one holds it for longer than a command of countersignctl takes.
    // Released when the lock is destroyed.
    mcpcore::Result<std::unique_ptr<QLockFile>> takeLock() const;

private:
    explicit Profile(QString folder) : m_folder(std::move(folder)) {}
    QString m_folder;
};

// Removes the lock of a program that was killed before it had written into it whose it is: nobody else would ever. False where it is owned.
bool removeOwnerlessLock(const QString &path);

// A program of ours that is installed beside this one.
QString siblingProgram(const QString &name);

} // namespace app
