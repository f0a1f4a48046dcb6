// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/FreshId.h"
#include "model/Names.h"

namespace mcpcore {

QString freshId(const QString &name, const QString &otherwise, const std::function<bool(const QString &id)> &isTaken)
{
    QString slug;
    for (const QChar c : name.toLower()) {
        const bool usable = (c >= QLatin1Char('a') && c <= QLatin1Char('z')) || (c >= QLatin1Char('0') && c <= QLatin1Char('9'));
        if (usable)
            slug += c;
        else if (!slug.isEmpty() && !slug.endsWith(QLatin1Char('-')))
            slug += QLatin1Char('-');
    }
    while (slug.endsWith(QLatin1Char('-')))
        slug.chop(1);
    if (slug.isEmpty() || slug[0].isDigit())
        slug.prepend(otherwise);
    slug = slug.left(16);
    QString id = slug;
    for (int n = 2; !isValidName(id) || isTaken(id); ++n)
        id = slug + QLatin1Char('-') + QString::number(n);
    return id;
}

} // namespace mcpcore
