// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include "ui/shell/ClientWishes.h"

// What the core's commands about clients answer, as the windows' plain values. Included by .cpp files only.

namespace app {

// What a person is to read of a list, in order; what is no text is left out.
QStringList textsFrom(const mcpcore::Json &json, const char *member);

template <typename Value> QList<Value> listFrom(const mcpcore::Json &json, const char *member, Value (*read)(const mcpcore::Json &))
{
    QList<Value> values;
    if (const mcpcore::Json *list = mcpcore::memberAt(json, member); list && list->is_array())
        for (const mcpcore::Json &value : *list)
            values.append(read(value));
    return values;
}

QString toText(ui::ClientWay way);
ui::ClientHints hintsFrom(const mcpcore::Json &json);

// An answer of a status that this program does not know counts as refused.
ui::ClientEdit editFrom(const mcpcore::Json &json);

} // namespace app
