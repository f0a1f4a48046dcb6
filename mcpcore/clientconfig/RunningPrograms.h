// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStringList>

namespace mcpcore {

// Which of these programs this user runs now, by the names of their files. Reads what the system lists; starts nothing.
QStringList runningPrograms(const QStringList &names);

} // namespace mcpcore
