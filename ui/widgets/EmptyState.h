// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/Button.h"
#include "ui/widgets/PlainLabel.h"
#include <QWidget>

class QHBoxLayout;

namespace ui {

// An icon, what is so, why or since when, one or two actions.
class EmptyState : public QWidget
{
    Q_OBJECT
public:
    EmptyState(const Theme &theme, const QString &icon, const QString &title, const QString &text, QWidget *parent = nullptr);
    void setContent(const QString &icon, const QString &title, const QString &text);
    Button *addButton(const QString &objectName, const QString &text, Button::Kind kind = Button::Kind::Normal);
    QString title() const { return m_title->text(); }

private:
    class Picture;
    const Theme &m_theme;
    Picture *m_picture;
    PlainLabel *m_title;
    PlainLabel *m_text;
    QHBoxLayout *m_buttons;
};

} // namespace ui
