// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QAbstractButton>

namespace ui {

// A push button that is never a default button. Its text has no mnemonics; without a text it is a square with an icon and needs an
// accessible name. Space presses it; Enter does nothing unless setEnterPresses().
class Button : public QAbstractButton
{
    Q_OBJECT
public:
    enum class Kind { Normal, Primary, Flat, Caution };
    Button(const Theme &theme, const QString &text, Kind kind = Kind::Normal, QWidget *parent = nullptr);

    void setKind(Kind kind);
    void setIconName(const QString &name);
    // Shown in a small frame after the text: "Esc".
    void setKeyHint(const QString &keys);
    // Two buttons in one frame: this one's right or left side lies against the other.
    enum class Join { None, Right, Left };
    void setJoin(Join join);
    void setLarge(); // 36 pixels, strong text: the footer of the card
    void setEnterPresses() { m_enterPresses = true; }
    void setText(const QString &text); // plain; '&' is a letter

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    QFont textFont() const;

    const Theme &m_theme;
    Kind m_kind;
    QString m_label, m_icon, m_keys;
    Join m_join = Join::None;
    bool m_large = false;
    bool m_enterPresses = false;
};

// Paints what is inside a button: icon, text and key hint in a row, centred. Used by every kind of button.
struct ButtonFace {
    QString icon, text, keys;
    QFont font;
    QColor color;
    int iconSize = metric::icon;
    int width() const;
    void paint(QPainter &painter, const QRect &rect) const;
};
void paintPanel(QPainter &painter, const QRect &rect, const QColor &fill, const QColor &edge, qreal radius = metric::radius);

} // namespace ui
