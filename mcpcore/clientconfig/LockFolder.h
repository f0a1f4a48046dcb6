// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "clientconfig/FileSteps.h"
#include <memory>

namespace mcpcore {

// A lock that other programs know, too: a folder, made by who holds it and older than `stale` only when its maker has died. Held for less
// than a second, so its time is not refreshed. Owned by the function that holds it; gives it back at the end.
class LockFolder
{
public:
    // Conflict when somebody else holds it. `wall` is the time now.
    static Result<std::unique_ptr<LockFolder>> take(FileSteps &steps, const QString &path, std::chrono::seconds stale,
                                                    std::chrono::milliseconds wall);
    LockFolder(FileSteps &steps, QString path, FileMark mark) : m_steps(steps), m_path(std::move(path)), m_mark(mark) {}
    LockFolder(const LockFolder &) = delete;
    LockFolder &operator=(const LockFolder &) = delete;
    ~LockFolder();

private:
    FileSteps &m_steps;
    QString m_path;
    FileMark m_mark;
};

} // namespace mcpcore
