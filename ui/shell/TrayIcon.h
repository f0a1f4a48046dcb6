// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include "ui/theme/Theme.h"
#include <QObject>
#include <memory>

class QActionGroup;
class QMenu;
class QSystemTrayIcon;

namespace ui {

class Desk;
struct Notice;

// The icon in the desktop's panel: how many calls and questions wait and where, a menu of what other programs can draw. It shows and asks; it never
// unlocks and never answers a call. Owned by MainWindow.
class TrayIcon : public QObject
{
    Q_OBJECT
public:
    TrayIcon(Desk &desk, const Theme &theme, QObject *parent = nullptr);
    ~TrayIcon() override;
    // A panel shows it now: only then may the window hide.
    bool isReachable() const;
    void tell(const Notice &notice);
    QMenu *menu() const { return m_menu.get(); }
    // The glyph with its badge, for one size; what the panel shows.
    static QPixmap picture(const Theme &theme, int size, const QColor &glyph, EnvLook look, int waiting, bool paused);

Q_SIGNALS:
    void openWanted(const QString &pageId); // empty = as it was
    void environmentWanted(const mcpcore::EnvironmentId &environment);
    void quitWanted();

private:
    void refresh();
    void fillMenu();
    void fillEnvironments();
    QColor panelColor() const;

    Desk &m_desk;
    const Theme &m_theme;
    std::unique_ptr<QMenu> m_menu;
    QActionGroup *m_environments = nullptr;
    QSystemTrayIcon *m_icon;
};

} // namespace ui
