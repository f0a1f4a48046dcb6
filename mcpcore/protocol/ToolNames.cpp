// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ToolNames.h"
#include "base/Secret.h"

namespace mcpcore {

QString exposedToolName(const ConnectionId &connection, const EnvironmentId &environment, const QString &tool)
{
    constexpr qsizetype longest = 64;
    QString prefix = connection.text;
    if (environment.text == QLatin1String("production"))
        prefix += QStringLiteral("_live");
    else if (environment.text != QLatin1String("sandbox"))
        prefix += QLatin1Char('_') + environment.text;
    const QString whole = prefix + QStringLiteral("__") + tool;
    if (whole.size() <= longest)
        return whole;
    const QByteArray utf8 = whole.toUtf8();
    return whole.left(longest - 9) + QLatin1Char('_')
           + QString::fromLatin1(sha256({utf8.constData(), size_t(utf8.size())}).toHex().left(8));
}

std::optional<ToolPrefix> prefixOf(const QString &exposedName)
{
    const qsizetype border = exposedName.indexOf(QLatin1String("__"));
    if (border <= 0)
        return std::nullopt;
    const QString prefix = exposedName.left(border);
    const qsizetype underscore = prefix.indexOf(QLatin1Char('_'));
    const QString connection = underscore < 0 ? prefix : prefix.left(underscore);
    const QString environment = underscore < 0 ? QStringLiteral("sandbox") : prefix.mid(underscore + 1);
    if (environment == QLatin1String("live"))
        return ToolPrefix{{connection}, {QStringLiteral("production")}};
    if (!isValidName(connection) || !isValidName(environment) || (underscore >= 0 && environment == QLatin1String("sandbox"))
        || environment == QLatin1String("production"))
        return std::nullopt;
    return ToolPrefix{{connection}, {environment}};
}

} // namespace mcpcore
