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

Notice Notice::of(const mcpcore::ToolCall &call)
{
    const QString connection = call.connection.text.left(1).toUpper() + call.connection.text.mid(1);
    return {tr("%1, %2").arg(harmless(connection), harmless(wordOf(call.environment))),
            tr("%1 waits for you").arg(harmless(call.operation.isEmpty() ? call.tool : call.operation))};
}

} // namespace ui
