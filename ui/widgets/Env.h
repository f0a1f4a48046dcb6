// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

// Dots, vertical bars or diagonal stripes in the banner colours, with the origin at the rectangle's corner.
void paintPattern(QPainter &painter, const QRect &rect, const Theme &theme, EnvLook look, int dotTile = 8);
// Shape and word in a row, e.g. in lists; returns the width used. `word` is the environment's name in capitals.
int paintEnvWord(QPainter &painter, const QRect &rect, const Theme &theme, EnvLook look, const QString &word, bool withShape = true);

// Decoration without an accessible name: the word beside it says it.
class EnvShape : public QWidget
{
    Q_OBJECT
public:
    EnvShape(const Theme &theme, EnvLook look, int size = metric::icon, QWidget *parent = nullptr);
    void setLook(EnvLook look);
    QSize sizeHint() const override { return {m_size, m_size}; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    EnvLook m_look;
    int m_size;
};

// Shape and word, small, for rows.
class EnvWord : public QWidget
{
    Q_OBJECT
public:
    EnvWord(const Theme &theme, EnvLook look, const QString &word, QWidget *parent = nullptr);
    void setEnvironment(EnvLook look, const QString &word);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    EnvLook m_look;
    QString m_word;
};

// The pattern of the active environment over the whole width of the window.
class EnvStrip : public QWidget
{
    Q_OBJECT
public:
    explicit EnvStrip(const Theme &theme, QWidget *parent = nullptr);
    void setLook(EnvLook look);
    EnvLook look() const { return m_look; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    EnvLook m_look = EnvLook::Sandbox;
};

// The top of a card: shape, word, pattern, account, key. Words stand on plain plates, never on the pattern.
class EnvBanner : public QWidget
{
    Q_OBJECT
public:
    explicit EnvBanner(const Theme &theme, QWidget *parent = nullptr);
    // `account` and `key` ("rk_live_ ··· 7Qm2") may be empty.
    void setEnvironment(EnvLook look, const QString &word, const QString &account = {}, const QString &key = {});
    // 32 pixels high with a smaller word, for detail panels.
    void setCompact(bool compact);
    EnvLook look() const { return m_look; }
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    int height() const;

    const Theme &m_theme;
    EnvLook m_look = EnvLook::Sandbox;
    QString m_word, m_account, m_key;
    bool m_compact = false;
};

} // namespace ui
