// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/ConnectionWishes.h"
#include <QCoreApplication>

namespace ui {

// The words about a tool that waits to be trusted. Pure.
class ToolText
{
    Q_DECLARE_TR_FUNCTIONS(ToolText)
public:
    // What its name and its annotations claim it to be, the worse of both; unknown when neither says anything. A claim of the
    // server: to be accepted by a person, not believed.
    static mcpcore::ToolClass claimed(const ListedTool &tool);
    // "The server says: only reads. Its name says: read."
    static QString claims(const ListedTool &tool);
    static QString className(mcpcore::ToolClass toolClass);
    static QString state(const ListedTool &tool);
    static bool isRead(mcpcore::ToolClass toolClass);
    // How many of its characters would not be seen.
    static int hiddenIn(const ListedTool &tool);
};

} // namespace ui
