// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include "model/Question.h"
#include "model/Workspace.h"
#include <QCoreApplication>

namespace ui {

// What the desktop's notification says of a waiting call, a question or an alarm: vendor, environment and tool, nothing of its arguments or of
// what a server wrote. Notification servers read markup, so nothing that could be markup is left in it.
struct Notice {
    Q_DECLARE_TR_FUNCTIONS(Notice)
public:
    QString title, body;

    static Notice of(const mcpcore::ToolCall &call);
    static Notice of(const mcpcore::Question &question);
    static Notice of(const mcpcore::Alarm &alarm);
    // One line without markup or hidden characters, at most 60 characters.
    static QString harmless(const QString &text);
};

} // namespace ui
