// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

// One fact in a word or two, with an icon or without.
class Tag : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Fact, Caution };
    Tag(const Theme &theme, const QString &text, const QString &icon = {}, Kind kind = Kind::Fact, QWidget *parent = nullptr);
    QString text() const { return m_text; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QString m_text, m_icon;
    Kind m_kind;
};

} // namespace ui
