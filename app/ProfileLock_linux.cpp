// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Profile.h"
#include <QFile>
#include <ctime>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

namespace app {

// QLockFile makes the file, locks it with flock(2), and writes the owner into it: one that is empty and not locked after so long is nobody's.
bool removeOwnerlessLock(const QString &path)
{
    constexpr time_t surely = 2; // seconds
    const int fd = ::open(QFile::encodeName(path).constData(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return false;
    struct stat look = {};
    const bool isEmpty = ::fstat(fd, &look) == 0 && S_ISREG(look.st_mode) && look.st_size == 0 && look.st_uid == ::getuid()
                         && ::time(nullptr) - look.st_mtime >= surely;
    const bool removed = isEmpty && ::flock(fd, LOCK_EX | LOCK_NB) == 0 && ::unlink(QFile::encodeName(path).constData()) == 0;
    ::close(fd);
    return removed;
}

} // namespace app
