// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "clientconfig/ClientKind.h"
#include "clientconfig/ConfigFile.h"
#include "clientconfig/LockFolder.h"

namespace mcpcore {

// Writes clients' files so that nothing of others is lost: compare, exchange, look at what came out.
//
// Another program may write at any moment. Until the new file is in place and proved, a lease keeps everybody from opening the old one for
// writing unseen: who has it open, or waits to, makes a Conflict. A program that puts a new file over the old one is noticed because the two files
// change places at one moment, and what came out is looked at: if it is not what was read, it goes back. After a Conflict the file is as the other
// program left it, and the caller may read it again. On file systems without leases or exchange (some of networks) it is compared right before.
//
// A kill at any point leaves the old file or the new one, whole; a file ".NAME.countersign-XXXXXX" may be left beside it.
// Stateless; any thread, blocks for some fsyncs.
class ConfigWriter
{
public:
    // `backups` is a folder of the profile.
    ConfigWriter(FileSteps &steps, const Clock &clock, QString backups) : m_steps(steps), m_clock(clock), m_backups(std::move(backups)) {}

    // Puts `bytes` in the place of what was read, with a backup of it first. Returns the file as it is now. `kept` is what the backup holds where
    // the old text must not lie about.
    Result<ConfigFile> write(const ClientKind &kind, const ConfigFile &old, const QByteArray &bytes,
                             const std::optional<QByteArray> &kept = {});
    // Takes a file away that is exactly as read.
    Result<> remove(const ClientKind &kind, const ConfigFile &old);

private:
    struct Temporary;
    Result<> keep(const ClientKind &kind, const ConfigFile &old, const QByteArray &bytes);
    Result<> prepare(const ConfigFile &old, const QByteArray &bytes, Temporary &temporary);
    Result<> guard(const ConfigFile &old, OpenFile &guarded, Temporary &temporary);
    Result<> exchange(const ConfigFile &old, Temporary &temporary);
    Result<> settle(const ConfigFile &old, const QByteArray &bytes, int guarded, Temporary &temporary);
    Result<> proveWritten(const ConfigFile &old, const QByteArray &bytes, const Temporary &temporary);
    bool isUntouched(const ConfigFile &old, int guarded, const Temporary &temporary);
    Result<> putBack(const ConfigFile &old, Temporary &temporary);
    Result<std::unique_ptr<LockFolder>> lock(const ClientKind &kind, const QString &path);

    FileSteps &m_steps;
    const Clock &m_clock;
    QString m_backups;
};

} // namespace mcpcore
