// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/LockFolder.h"
#include <cerrno>
#include <cstring>

namespace mcpcore {

namespace {

// Takes away a lock whose maker has died. Moved aside first and looked at again: another program may have taken it over meanwhile.
bool clearStale(FileSteps &steps, const QString &path, std::chrono::seconds stale, std::chrono::milliseconds wall)
{
    FileLook old;
    if (steps.look(path, old) != 0 || old.what != FileLook::What::Folder || wall - old.mark.modified <= stale)
        return false;
    const QString aside = path + QStringLiteral(".old");
    if (steps.place(path, aside) != 0)
        return false;
    FileLook moved;
    if (steps.look(aside, moved) == 0 && moved.mark == old.mark && steps.removeFolder(aside) == 0)
        return true;
    steps.place(aside, path);
    return false;
}

} // namespace

Result<std::unique_ptr<LockFolder>> LockFolder::take(FileSteps &steps, const QString &path, std::chrono::seconds stale,
                                                     std::chrono::milliseconds wall)
{
    int error = steps.makeFolder(path);
    if (error == EEXIST && clearStale(steps, path, stale, wall))
        error = steps.makeFolder(path);
    if (error == EEXIST)
        return failure(Error::Kind::Conflict, QStringLiteral("The client is writing its file at this moment. Try again in a few seconds."));
    if (error != 0)
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("The client's lock %1 cannot be made: %2.").arg(path, QString::fromLocal8Bit(std::strerror(error))));
    FileLook made;
    if (const int unseen = steps.look(path, made); unseen != 0) {
        steps.removeFolder(path);
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("The client's lock %1 cannot be read: %2.").arg(path, QString::fromLocal8Bit(std::strerror(unseen))));
    }
    return std::make_unique<LockFolder>(steps, path, made.mark);
}

LockFolder::~LockFolder()
{
    FileLook now;
    if (m_steps.look(m_path, now) != 0 || now.mark.isSameFile(m_mark))
        m_steps.removeFolder(m_path);
}

} // namespace mcpcore
