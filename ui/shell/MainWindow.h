// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/Page.h"
#include "ui/theme/Theme.h"
#include "ui/widgets/Countdown.h"
#include <QMainWindow>

class QStackedWidget;

namespace ui {

class Button;
class Desk;
class EnvStrip;
class Note;
class Sidebar;
class Toast;
class Toolbar;
class TrayIcon;
struct Notice;

// The one window: toolbar, strip, sidebar, pages. Comes by itself when a call waits, but never in front of what the person does; hides
// to the tray when there is one. Owned by main(); everything it is given outlives it. Main thread.
class MainWindow : public QMainWindow
{
    Q_OBJECT
public:
    MainWindow(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker);
    ~MainWindow() override;

    // Pages in the order of the sidebar; the window owns them. The first one is shown.
    void addPage(Page *page);
    void showPage(const QString &id);
    Page *currentPage() const;
    // The person asked for the window: shown, raised and activated. An empty id leaves the page.
    void openForPerson(const QString &pageId = {});
    // The person was away: the screen was locked, or the computer slept. What was armed before arms anew.
    void rearm();
    // A button in the banner of what keeps calls from being served. Whoever adds it shows and hides it.
    Button *addProblemButton(const QString &objectName, const QString &text);
    TrayIcon *tray() const { return m_tray; }

Q_SIGNALS:
    // Quit was chosen, or the window was closed with no tray to hide in.
    void quitWanted();

protected:
    void closeEvent(QCloseEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    void build(const mcpcore::Clock &clock);
    void addShortcuts();
    void askAttention(const Notice &notice);
    void onPausePressed();
    void refresh();
    void refreshBanners();
    void refreshAlarm();
    void openNewestAlarm();
    void refreshCount(Page *page);
    void walkParts(int by);

    Desk &m_desk;
    const Theme &m_theme;
    SecondTicker &m_ticker;
    Toolbar *m_toolbar;
    EnvStrip *m_strip;
    Sidebar *m_sidebar;
    Note *m_paused;
    Note *m_problem;
    Note *m_alarm;
    QStackedWidget *m_stack;
    Toast *m_toast;
    TrayIcon *m_tray;
    QList<Page *> m_pages;
    mcpcore::Milliseconds m_pausedSince{0}; // when this window saw it; 0 = it was so before
    bool m_wasPaused = false;
    qsizetype m_alarms = 0; // that were told of
};

} // namespace ui
