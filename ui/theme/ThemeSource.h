// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QObject>
#include <QPointer>

class QDBusVariant;
class QFocusFrame;

namespace ui {

// Owns the theme that every widget refers to, and gives it to the application: style, palette, focus ring. Follows the desktop
// (settings portal, else the palette the program started with) or what the person chose. Made once, before the first widget, in
// the main thread; outlives every widget.
class ThemeSource : public QObject
{
    Q_OBJECT
public:
    enum class Choice { System, Light, Dark, Contrast };

    explicit ThemeSource(Choice choice = Choice::System, QObject *parent = nullptr);
    ~ThemeSource() override;
    const Theme &theme() const { return m_theme; }
    Choice choice() const { return m_choice; }
    void choose(Choice choice);
    // What the desktop wants, as the portal says it: color-scheme 0 no preference, 1 dark, 2 light; contrast 1 = high.
    static Theme::Kind wanted(uint colorScheme, uint contrast, bool startedDark);

Q_SIGNALS:
    void changed();

private:
    void askPortal();
    void apply();
    void moveRing(QWidget *now);
private Q_SLOTS:
    // A slot by name: D-Bus signals cannot be connected otherwise.
    void onSettingChanged(const QString &space, const QString &key, const QDBusVariant &value);

private:
    Theme m_theme;
    Choice m_choice;
    bool m_startedDark;
    uint m_colorScheme = 0, m_contrast = 0;
    QPointer<QFocusFrame> m_ring;
};

} // namespace ui
