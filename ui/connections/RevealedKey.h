// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

// A key in plain sight, painted letter by letter from guarded memory: no string of it is made, nothing can be selected, and
// screen readers hear that it is shown, not what. What the window system keeps of the picture cannot be wiped.
class RevealedKey final : public QWidget
{
    Q_OBJECT
public:
    RevealedKey(const Theme &theme, QWidget *parent);

    void uncover(mcpcore::Secret key);
    void forget();
    bool isShowing() const { return !m_key.isEmpty(); }

    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int columnsIn(int width) const;

    const Theme &m_theme;
    mcpcore::Secret m_key;
};

} // namespace ui
