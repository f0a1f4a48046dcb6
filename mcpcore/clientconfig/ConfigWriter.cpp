// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigWriter.h"
#include "base/AtomicFile.h"
#include "clientconfig/Backups.h"
#include <QFileInfo>
#include <cerrno>

namespace mcpcore {

namespace {

constexpr int kMostExchanges = 1000;

QString folderOf(const ConfigFile &file)
{
    return QFileInfo(file.resolved).path();
}

tl::unexpected<Error> changed(const ConfigFile &file)
{
    return failure(Error::Kind::Conflict,
                   QStringLiteral("Another program wrote to %1 meanwhile. Its text was kept. Try again.").arg(file.path));
}

tl::unexpected<Error> failed(const ConfigFile &file, int error)
{
    return failure(Error::Kind::FileFailed,
                   QStringLiteral("%1 cannot be written: %2. It is as it was.").arg(file.path, systemWords(error)));
}

// Removed, or a link now.
bool isGone(int error)
{
    return error == ENOENT || error == ELOOP;
}

bool cannotExchange(int error)
{
    return error == EINVAL || error == ENOSYS || error == ENOTSUP;
}

} // namespace

// The file beside the client's. Before the exchange it holds what is to be written, after it what was there.
struct ConfigWriter::Temporary {
    FileSteps &steps;
    OpenFile file = {};
    QString path = {}; // empty: there is none to be removed
    FileMark mark = {};
    bool isLeased = false;
    bool holdsOld = false;

    ~Temporary()
    {
        file.close();
        if (!path.isEmpty())
            steps.remove(path);
    }
};

Result<ConfigFile> ConfigWriter::write(const ClientKind &kind, const ConfigFile &old, const QByteArray &bytes,
                                       const std::optional<QByteArray> &kept)
{
    if (const auto backed = keep(kind, old, kept.value_or(old.bytes)); !backed)
        return failure(backed.error());
    Temporary temporary{m_steps};
    if (const auto prepared = prepare(old, bytes, temporary); !prepared)
        return failure(prepared.error());
    auto locked = lock(kind, old.path);
    if (!locked)
        return failure(locked.error());
    OpenFile guarded;
    Result<> done = old.isThere ? guard(old, guarded, temporary) : Result<>();
    if (done)
        done = exchange(old, temporary);
    if (done)
        done = settle(old, bytes, guarded.fd, temporary);
    if (!done)
        return failure(done.error());
    guarded.close();
    ConfigFile now{old.path, old.resolved, true, bytes, digestOf(bytes), old.look};
    now.look.mark = temporary.mark;
    return now;
}

Result<> ConfigWriter::keep(const ClientKind &kind, const ConfigFile &old, const QByteArray &bytes)
{
    if (!old.isThere)
        if (const auto made = makePrivateFolder(folderOf(old)); !made)
            return made;
    const Backups backups(m_backups + QLatin1Char('/') + kind.id, old.resolved);
    if (const auto swept = backups.takeLeftOvers(m_steps, m_clock.wall()); !swept)
        return swept;
    if (!old.isThere)
        return {};
    return backups.add(bytes, m_clock.wall());
}

Result<> ConfigWriter::prepare(const ConfigFile &old, const QByteArray &bytes, Temporary &temporary)
{
    QString path = folderOf(old) + QLatin1Char('/') + Backups::leftOverName(old.resolved) + QStringLiteral("XXXXXX");
    if (const int error = m_steps.create(path, temporary.file.fd); error != 0)
        return failed(old, error);
    temporary.path = path;
    const int fd = temporary.file.fd;
    FileLook made;
    int error = m_steps.look(fd, made);
    if (error == 0 && old.isThere) {
        OpenFile source;
        error = m_steps.openToRead(old.resolved, source.fd);
        if (isGone(error))
            return changed(old);
        if (error == 0 && (made.owner != old.look.owner || made.group != old.look.group))
            error = m_steps.setOwner(fd, old.look.owner, old.look.group);
        if (error == 0)
            error = m_steps.setMode(fd, old.look.mode);
        if (error == 0)
            error = m_steps.copyAttributes(source.fd, fd);
    }
    if (error == 0)
        error = m_steps.write(fd, bytes);
    if (error == 0)
        error = m_steps.sync(fd);
    if (error == 0)
        error = m_steps.look(fd, made);
    if (error != 0)
        return failed(old, error);
    temporary.mark = made.mark;
    temporary.file.close();
    return {};
}

Result<std::unique_ptr<LockFolder>> ConfigWriter::lock(const ClientKind &kind, const QString &path)
{
    if (!kind.lock)
        return std::unique_ptr<LockFolder>();
    return LockFolder::take(m_steps, path + kind.lock->suffix, kind.lock->stale, m_clock.wall());
}

Result<> ConfigWriter::guard(const ConfigFile &old, OpenFile &guarded, Temporary &temporary)
{
    if (const int error = m_steps.openToRead(old.resolved, guarded.fd); error != 0)
        return isGone(error) ? changed(old) : failed(old, error);
    const int leased = m_steps.lease(guarded.fd);
    if (leased == EAGAIN)
        return changed(old);
    temporary.isLeased = leased == 0;
    FileLook now;
    QByteArray bytes;
    if (const int error = m_steps.look(guarded.fd, now); error != 0)
        return failed(old, error);
    if (const int error = m_steps.read(guarded.fd, kMaximumConfigSize + 1, bytes); error != 0)
        return failed(old, error);
    if (now.mark != old.look.mark || now.mode != old.look.mode || now.owner != old.look.owner || digestOf(bytes) != old.digest)
        return changed(old);
    return {};
}

Result<> ConfigWriter::exchange(const ConfigFile &old, Temporary &temporary)
{
    if (!old.isThere) {
        const int error = m_steps.place(temporary.path, old.resolved);
        if (error == 0)
            temporary.path.clear();
        return error == 0 ? Result<>() : error == EEXIST ? Result<>(changed(old)) : Result<>(failed(old, error));
    }
    FileLook there;
    int error = m_steps.look(old.resolved, there);
    if (error == 0 && there.mark != old.look.mark)
        return changed(old);
    if (error == 0)
        error = m_steps.exchange(temporary.path, old.resolved);
    if (cannotExchange(error)) {
        error = m_steps.replace(temporary.path, old.resolved);
        if (error == 0)
            temporary.path.clear();
        return error == 0 ? Result<>() : Result<>(failed(old, error));
    }
    if (error != 0)
        return error == ENOENT ? changed(old) : failed(old, error);
    temporary.holdsOld = true;
    FileLook out;
    if (m_steps.look(temporary.path, out) == 0 && out.mark.isSameFile(old.look.mark))
        return {};
    const auto back = putBack(old, temporary);
    return back ? changed(old) : back;
}

// Puts what came out back to its place. What comes out then should be ours; if it is newer than that, another program wrote once more, and what
// was just put back is older than it: again.
Result<> ConfigWriter::putBack(const ConfigFile &old, Temporary &temporary)
{
    FileMark expected = temporary.mark;
    int error = 0;
    for (int i = 0; i < kMostExchanges && error == 0; ++i) {
        FileLook put;
        FileLook out;
        error = m_steps.look(temporary.path, put);
        if (error == 0)
            error = m_steps.exchange(temporary.path, old.resolved);
        if (error == ENOENT && m_steps.place(temporary.path, old.resolved) == 0) {
            temporary.path.clear(); // somebody removed ours
            return {};
        }
        if (error == 0)
            error = m_steps.look(temporary.path, out);
        if (error == 0 && out.mark.isSameFile(expected))
            return {};
        expected = put.mark;
    }
    const QString left = std::exchange(temporary.path, QString());
    return failure(Error::Kind::FileFailed, QStringLiteral("%1 could not be put back: %2. What was in it is in %3: copy it back by hand.")
                                                .arg(old.path, systemWords(error), left));
}

// Makes it last, and proves that it is what was meant and that nobody wrote to the old file after all.
Result<> ConfigWriter::settle(const ConfigFile &old, const QByteArray &bytes, int guarded, Temporary &temporary)
{
    OpenFile folder;
    int error = m_steps.openFolder(folderOf(old), folder.fd);
    if (error == 0)
        error = m_steps.sync(folder.fd);
    // Who looked the name up before the exchange and opens the old file only now is seen as long as the lease is held.
    if (temporary.isLeased && temporary.holdsOld)
        FileSteps::letOpen();
    Result<> done = error == 0 ? proveWritten(old, bytes, temporary) : Result<>(failed(old, error));
    if (done && !isUntouched(old, guarded, temporary))
        done = changed(old);
    else if (done || done.error().kind == Error::Kind::Conflict)
        return done;
    if (temporary.holdsOld) {
        const auto back = putBack(old, temporary);
        return back ? done : back;
    }
    FileLook there;
    const bool made = !old.isThere && m_steps.look(old.resolved, there) == 0 && there.mark == temporary.mark;
    if (made && m_steps.remove(old.resolved) == 0)
        return done;
    return failure(Error::Kind::FileFailed,
                   QStringLiteral("%1 was written, and may not last: %2. Look at it and at the disk.").arg(old.path, systemWords(error)));
}

Result<> ConfigWriter::proveWritten(const ConfigFile &old, const QByteArray &bytes, const Temporary &temporary)
{
    OpenFile written;
    FileLook now;
    QByteArray there;
    int error = m_steps.openToRead(old.resolved, written.fd);
    if (isGone(error))
        return changed(old);
    if (error == 0)
        error = m_steps.look(written.fd, now);
    if (error == 0)
        error = m_steps.read(written.fd, bytes.size() + 1, there);
    if (error != 0)
        return failed(old, error);
    return now.mark.isSameFile(temporary.mark) && there == bytes ? Result<>() : Result<>(changed(old));
}

bool ConfigWriter::isUntouched(const ConfigFile &old, int guarded, const Temporary &temporary)
{
    QByteArray bytes;
    if (!temporary.holdsOld)
        return true;
    if (temporary.isLeased && !m_steps.isLeased(guarded))
        return false;
    return m_steps.read(guarded, kMaximumConfigSize + 1, bytes) == 0 && digestOf(bytes) == old.digest;
}

Result<> ConfigWriter::remove(const ClientKind &kind, const ConfigFile &old)
{
    if (const auto kept = keep(kind, old, old.bytes); !kept)
        return kept;
    auto locked = lock(kind, old.path);
    if (!locked)
        return failure(locked.error());
    OpenFile guarded;
    Temporary temporary{m_steps};
    if (const auto guarding = guard(old, guarded, temporary); !guarding)
        return guarding;
    const QString aside =
        folderOf(old) + QLatin1Char('/') + Backups::leftOverName(old.resolved) + QStringLiteral("away-%1").arg(m_clock.wall().count());
    if (const int error = m_steps.place(old.resolved, aside); error != 0)
        return error == ENOENT ? changed(old) : failed(old, error);
    temporary.path = aside;
    temporary.holdsOld = true;
    FileLook out;
    OpenFile folder;
    int error = m_steps.look(aside, out);
    if (error == 0)
        error = m_steps.openFolder(folderOf(old), folder.fd);
    if (error == 0)
        error = m_steps.sync(folder.fd);
    const bool ours = out.mark.isSameFile(old.look.mark) && isUntouched(old, guarded.fd, temporary);
    if (error == 0 && ours)
        return {};
    if (m_steps.place(aside, old.resolved) == 0)
        temporary.path.clear();
    return error == 0 ? changed(old) : failed(old, error);
}

} // namespace mcpcore
