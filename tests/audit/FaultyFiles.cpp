// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "FaultyFiles.h"
#include <map>
#include <mutex>
#include <sqlite3.h>

namespace faulty {

namespace {

sqlite3_vfs *systemFiles = nullptr;
sqlite3_vfs files;
std::map<const sqlite3_io_methods *, sqlite3_io_methods> faultyMethods; // files with and without locks differ
std::mutex faultyMethodsMutex;
const sqlite3_io_methods *anyMethods = nullptr; // they write and sync alike

int write(sqlite3_file *file, const void *bytes, int count, sqlite3_int64 offset)
{
    return diskIsFull ? SQLITE_FULL : anyMethods->xWrite(file, bytes, count, offset);
}

int sync(sqlite3_file *file, int flags)
{
    if (failingSyncs > 0 && failingSyncs-- > 0)
        return SQLITE_IOERR_FSYNC;
    return anyMethods->xSync(file, flags);
}

int open(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    const int code = systemFiles->xOpen(systemFiles, name, file, flags, outFlags);
    if (code != SQLITE_OK || !file->pMethods)
        return code;
    const std::lock_guard lock(faultyMethodsMutex);
    anyMethods = file->pMethods;
    const auto [found, isNew] = faultyMethods.try_emplace(file->pMethods, *file->pMethods);
    if (isNew) {
        found->second.xWrite = write;
        found->second.xSync = sync;
    }
    file->pMethods = &found->second;
    return code;
}

} // namespace

void install()
{
    if (systemFiles)
        return;
    systemFiles = sqlite3_vfs_find(nullptr);
    files = *systemFiles;
    files.zName = "faulty";
    files.pNext = nullptr;
    files.xOpen = open;
    sqlite3_vfs_register(&files, 1);
}

} // namespace faulty
