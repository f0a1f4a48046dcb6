// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QList>
#include <QString>

namespace mcpcore {

// One line of what changes in a file, as it is shown: keys that look secret as dots, long lines cut around the change.
struct DiffLine {
    enum class Kind { Same, Added, Removed };
    Kind kind = Kind::Same;
    int oldLine = 0; // from 1; 0 where there is none
    int newLine = 0;
    QString text;
};

// The lines that differ, and so many around them. `token` is shown as dots wherever it stands.
QList<DiffLine> diffLines(const QByteArray &before, const QByteArray &after, int around, const QByteArray &token = {});

} // namespace mcpcore
