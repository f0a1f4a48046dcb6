// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QByteArray>
#include <QString>

namespace mcpcore {

// Reads a file that only we may have written: a regular one (never through a link), ours, closed to others, not larger than a key
// file can be. NotFound when there is none, else SecretUnavailable with what is wrong and what to do.
Result<QByteArray> readPrivateFile(const QString &path);
// Durable, and only when nothing has the new name yet.
Result<> putInPlace(const QString &from, const QString &to);
// What is not there is no error.
Result<> removeDurably(const QString &path);

// Keeps other programs of ours from writing in the same folder; nothing waits. Released when destroyed.
class FolderLock
{
public:
    static Result<FolderLock> take(const QString &folder);
    FolderLock(FolderLock &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    FolderLock &operator=(FolderLock &&) = delete;
    ~FolderLock();

private:
    explicit FolderLock(int fd) : m_fd(fd) {}
    int m_fd;
};

} // namespace mcpcore
