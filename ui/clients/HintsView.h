// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/ClientWishes.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class Button;
class PlainLabel;

// What a person may type or open so that a client writes its entry by itself, shown whole before it is copied or opened. Hidden where the
// client has no such thing. Owned by the panel that shows it.
class HintsView final : public QWidget
{
    Q_OBJECT
public:
    // The parts are named `objectName`.command, .copy, .link and .open.
    HintsView(const Theme &theme, const QString &objectName, QWidget *parent);
    void setHints(const QString &client, const ClientHints &hints);
    const ClientHints &hints() const { return m_hints; }
    void setButtonsUsable(bool usable);

Q_SIGNALS:
    void copyWanted();
    void openWanted();

private:
    struct Row {
        PlainLabel *caption = nullptr, *text = nullptr;
        Button *button = nullptr;
        void setVisible(bool visible) const;
    };
    Row addRow(const QString &objectName, const QString &part, const QString &buttonPart);

    const Theme &m_theme;
    ClientHints m_hints;
    Row m_command, m_link;
};

} // namespace ui
