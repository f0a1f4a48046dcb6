// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/Notice.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"

namespace ui {

QString Notice::harmless(const QString &text)
{
    QString out = visibleText(text).simplified();
    // Look-alikes and not entities: not every server knows markup, and then &lt; would be shown as it is.
    out.replace(QLatin1Char('<'), QChar(0x2039)).replace(QLatin1Char('>'), QChar(0x203A)).replace(QLatin1Char('&'), QChar(0xFF06));
    if (out.size() > 60)
        out = out.left(59) + QChar(0x2026);
    return out;
}

static QString place(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment)
{
    const QString name = connection.text.left(1).toUpper() + connection.text.mid(1);
    return Notice::tr("%1, %2").arg(Notice::harmless(name), Notice::harmless(wordOf(environment)));
}

Notice Notice::of(const mcpcore::Question &question)
{
    return {place(question.connection, question.environment), tr("A server asks you something")};
}

Notice Notice::of(const mcpcore::Alarm &alarm)
{
    return {place(alarm.connection, alarm.environment), tr("Stopped: it answered from another environment")};
}

Notice Notice::of(const mcpcore::ToolCall &call)
{
    return {place(call.connection, call.environment),
            tr("%1 waits for you").arg(harmless(call.operation.isEmpty() ? call.tool : call.operation))};
}

} // namespace ui
