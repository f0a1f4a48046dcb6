// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QString>
#include <QStringList>
#include <vector>

// One text file of the project, as the rules look at it.
struct Source {
    Source(QString filePath, const QString &fileText);

    QString path;      // from the top of the project, with slashes
    QStringList lines; // as written
    QStringList code;  // C++ only: the same lines without comments and without what is between quotes

    bool isHeader() const { return path.endsWith(QLatin1String(".h")); }
    bool isCpp() const { return isHeader() || path.endsWith(QLatin1String(".cpp")); }
    bool isIn(const char *folder) const { return path.startsWith(QLatin1String(folder) + QLatin1Char('/')); }
};

// Every text file under `top`, without build folders, installed packages and what git keeps for itself.
std::vector<Source> readSources(const QString &top);
// C++ with comments and the contents of string and character literals blanked; line breaks stay.
QString withoutCommentsAndLiterals(const QString &text);
