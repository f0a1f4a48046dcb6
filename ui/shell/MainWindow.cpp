// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/MainWindow.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/EnvSwitch.h"
#include "ui/shell/Notice.h"
#include "ui/shell/Sidebar.h"
#include "ui/shell/Toolbar.h"
#include "ui/shell/TrayIcon.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Toast.h"
#include <QApplication>
#include <QCloseEvent>
#include <QDateTime>
#include <QListView>
#include <QShortcut>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace ui {

static constexpr int narrowBelow = 960;

MainWindow::MainWindow(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker)
    : m_desk(desk),
      m_theme(theme),
      m_ticker(ticker),
      m_toolbar(new Toolbar(desk, theme, clock, ticker)),
      m_strip(new EnvStrip(theme)),
      m_sidebar(new Sidebar(theme)),
      m_paused(new Note(theme, Note::Kind::Caution)),
      m_problem(new Note(theme, Note::Kind::Caution)),
      m_alarm(new Note(theme, Note::Kind::Caution)),
      m_stack(new QStackedWidget),
      m_tray(new TrayIcon(desk, theme, this)),
      m_wasPaused(desk.workspace().paused)
{
    setObjectName(QStringLiteral("window"));
    setWindowIcon(exportedIcon(QStringLiteral("countersign"), Qt::black));
    setMinimumSize(900, 600);
    resize(1180, 760);
    build(clock);
    addShortcuts();
    connect(&desk, &Desk::workspaceChanged, this, &MainWindow::refresh);
    connect(&desk, &Desk::statusChanged, this, &MainWindow::refresh);
    connect(&desk, &Desk::approvalAdded, this, [this](const mcpcore::Approval &approval) { askAttention(Notice::of(*approval.call)); });
    connect(&desk, &Desk::approvalRemoved, this, &MainWindow::refresh);
    connect(&desk, &Desk::questionAdded, this, [this](const mcpcore::Question &question) { askAttention(Notice::of(question)); });
    connect(&desk, &Desk::questionRemoved, this, &MainWindow::refresh);
    connect(m_toolbar, &Toolbar::pausePressed, this, &MainWindow::onPausePressed);
    connect(m_toolbar->environment(), &EnvSwitch::said, m_toast, &Toast::say);
    connect(m_tray, &TrayIcon::openWanted, this, &MainWindow::openForPerson);
    connect(m_tray, &TrayIcon::quitWanted, this, &MainWindow::quitWanted);
    connect(m_tray, &TrayIcon::environmentWanted, this, [this](const mcpcore::EnvironmentId &environment) {
        if (lookOf(m_desk.workspace(), environment) == EnvLook::Production)
            openForPerson();
        m_toolbar->environment()->choose(environment);
    });
    connect(m_sidebar, &Sidebar::chosen, this, [this](int row) {
        m_stack->setCurrentIndex(row);
        refresh();
    });
    refresh();
}

MainWindow::~MainWindow() = default;

void MainWindow::build(const mcpcore::Clock &clock)
{
    m_strip->setObjectName(QStringLiteral("env.strip"));
    m_stack->setObjectName(QStringLiteral("pages"));
    m_paused->setObjectName(QStringLiteral("pause.banner"));
    m_paused->setLarge();
    m_paused->setIcon(QStringLiteral("pause"));
    Button *resume = m_paused->addButton(QStringLiteral("pause.resume"), tr("Resume"));
    resume->setKind(Button::Kind::Primary);
    resume->setIconName(QStringLiteral("play"));
    connect(resume, &QAbstractButton::clicked, this, [this] { m_desk.setPaused(false); });
    m_alarm->setObjectName(QStringLiteral("alarm.banner"));
    m_alarm->setLarge();
    m_alarm->setIcon(QStringLiteral("caution"));
    Button *look = m_alarm->addButton(QStringLiteral("alarm.look"), tr("Look at it"));
    connect(look, &QAbstractButton::clicked, this, [this] { openNewestAlarm(); });
    m_problem->setObjectName(QStringLiteral("status.problem"));
    m_problem->setLarge();

    auto *middle = new QWidget;
    middle->setObjectName(QStringLiteral("window.page"));
    auto *column = new QVBoxLayout(middle);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_problem);
    column->addWidget(m_alarm);
    column->addWidget(m_paused);
    column->addWidget(m_stack, 1);
    m_toast = new Toast(m_theme, clock, middle);

    auto *body = new QHBoxLayout;
    body->setSpacing(0);
    body->addWidget(m_sidebar);
    body->addWidget(middle, 1);
    auto *whole = new QWidget;
    whole->setObjectName(QStringLiteral("window.content"));
    auto *layout = new QVBoxLayout(whole);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_toolbar);
    layout->addWidget(m_strip);
    layout->addLayout(body, 1);
    setCentralWidget(whole);
    m_sidebar->list()->setFocus();
}

void MainWindow::addShortcuts()
{
    const auto on = [this](const QKeySequence &keys, auto act) {
        auto *shortcut = new QShortcut(keys, this);
        shortcut->setAutoRepeat(false);
        connect(shortcut, &QShortcut::activated, this, act);
    };
    for (int number = 1; number <= 6; ++number) {
        on(QKeySequence(Qt::CTRL | Qt::Key(Qt::Key_0 + number)),
           [this, number] { m_sidebar->setCurrent(std::min(number, int(m_pages.size())) - 1); });
    }
    for (int number = 1; number <= 3; ++number) {
        on(QKeySequence(Qt::ALT | Qt::Key(Qt::Key_0 + number)), [this, number] {
            if (const auto &all = m_desk.workspace().environments; number <= all.size())
                m_toolbar->environment()->choose(all[number - 1].id);
        });
    }
    on(QKeySequence(Qt::CTRL | Qt::Key_L), [this] { m_toolbar->lockNow(); });
    on(QKeySequence(Qt::CTRL | Qt::ALT | Qt::SHIFT | Qt::Key_P), [this] { m_desk.setPaused(true); });
    on(QKeySequence::Find, [this] {
        if (Page *page = currentPage())
            page->openFind();
    });
    on(QKeySequence(Qt::Key_Escape), [this] {
        if (Page *page = currentPage())
            page->leave();
    });
    on(QKeySequence(Qt::Key_F6), [this] { walkParts(1); });
    on(QKeySequence(Qt::SHIFT | Qt::Key_F6), [this] { walkParts(-1); });
}

void MainWindow::addPage(Page *page)
{
    m_pages.append(page);
    m_stack->addWidget(page);
    m_sidebar->addEntry(page->entry());
    connect(page, &Page::countChanged, this, [this, page] { refreshCount(page); });
    connect(page, &Page::pageWanted, this, &MainWindow::showPage);
    connect(page, &Page::said, m_toast, &Toast::say);
    refreshCount(page);
    if (m_pages.size() == 1)
        m_sidebar->setCurrent(0);
}

void MainWindow::showPage(const QString &id)
{
    for (int row = 0; row < m_pages.size(); ++row) {
        if (m_pages[row]->entry().id == id)
            m_sidebar->setCurrent(row);
    }
}

Page *MainWindow::currentPage() const
{
    return qobject_cast<Page *>(m_stack->currentWidget());
}

void MainWindow::openForPerson(const QString &pageId)
{
    showPage(pageId);
    setAttribute(Qt::WA_ShowWithoutActivating, false);
    setWindowState(windowState() & ~Qt::WindowMinimized);
    show();
    raise();
    activateWindow();
}

// A call or a question asks for attention, it does not take it: the window appears behind what the person works in, or its entry in the task bar lights up.
void MainWindow::askAttention(const Notice &notice)
{
    refresh();
    if (isActiveWindow())
        return;
    if (!isVisible()) {
        setAttribute(Qt::WA_ShowWithoutActivating);
        show();
    }
    QApplication::alert(this);
    m_tray->tell(notice);
}

void MainWindow::rearm()
{
    const auto armed = findChildren<ArmedButton *>(); // dialogs over the window are among its children
    for (ArmedButton *button : armed)
        button->rearm();
}

void MainWindow::onPausePressed()
{
    if (!m_desk.workspace().paused)
        m_desk.setPaused(true);
    else if (auto *resume = m_paused->findChild<QWidget *>(QStringLiteral("pause.resume")))
        resume->setFocus(Qt::OtherFocusReason);
}

void MainWindow::refresh()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    m_strip->setLook(lookOf(space, space.activeEnvironment));
    const Desk::Status status = m_desk.status();
    m_sidebar->setFoot(status.endpoint, status.logState);
    refreshBanners();
    const QString page = currentPage() ? currentPage()->entry().title : QString();
    const int waiting = int(m_desk.approvals().size() + m_desk.questions().size());
    const QString word = wordOf(space.activeEnvironment);
    setWindowTitle(waiting > 0 ? tr("(%1) %2: %3 - Countersign").arg(waiting).arg(word, page) : tr("%1: %2 - Countersign").arg(word, page));
}

void MainWindow::refreshBanners()
{
    const bool paused = m_desk.workspace().paused;
    if (paused != m_wasPaused)
        m_pausedSince = paused ? m_desk.now() : mcpcore::Milliseconds(0);
    m_wasPaused = paused;
    const QString since = QDateTime::fromMSecsSinceEpoch(m_pausedSince.count()).toString(QStringLiteral("HH:mm:ss"));
    m_paused->setText(m_pausedSince.count() > 0 ? tr("Everything is paused since %1.").arg(since) : tr("Everything is paused."),
                      tr("Waiting calls were denied, new ones are refused, production is locked. Stays so after a restart."));
    m_paused->setVisible(paused);
    const QString problem = m_desk.status().problem;
    m_problem->setText({}, problem);
    m_problem->setVisible(!problem.isEmpty());
    refreshAlarm();
}

Button *MainWindow::addProblemButton(const QString &objectName, const QString &text)
{
    return m_problem->addButton(objectName, text);
}

void MainWindow::refreshAlarm()
{
    const QList<mcpcore::Alarm> &alarms = m_desk.workspace().alarms;
    m_alarm->setVisible(!alarms.isEmpty());
    if (alarms.isEmpty()) {
        m_alarms = 0;
        return;
    }
    const mcpcore::Alarm &newest = alarms.last();
    const int more = int(alarms.size()) - 1;
    const QString others = more == 0 ? QString() : more == 1 ? tr(" One more is stopped.") : tr(" %n more are stopped.", nullptr, more);
    m_alarm->setText(tr("Stopped: %1 in %2.").arg(newest.connection.text, wordOf(newest.environment)), newest.what + others);
    if (std::exchange(m_alarms, alarms.size()) < alarms.size())
        askAttention(Notice::of(newest));
}

void MainWindow::openNewestAlarm()
{
    const QList<mcpcore::Alarm> alarms = m_desk.workspace().alarms;
    showPage(QStringLiteral("connections"));
    if (!alarms.isEmpty() && currentPage())
        currentPage()->openPlace(alarms.last().connection, alarms.last().environment);
}

void MainWindow::refreshCount(Page *page)
{
    m_sidebar->setCount(int(m_pages.indexOf(page)), page->count(), page->countLook());
    refresh();
}

void MainWindow::walkParts(int by)
{
    QList<QWidget *> parts{m_toolbar->environment(), m_sidebar->list()};
    if (Page *page = currentPage())
        parts += page->parts();
    parts.removeIf([](const QWidget *part) { return !part->isVisible() || !part->isEnabled(); });
    const QWidget *focus = focusWidget();
    qsizetype at = -1;
    for (qsizetype index = 0; index < parts.size(); ++index) {
        if (parts[index] == focus || (focus && parts[index]->isAncestorOf(focus)))
            at = index;
    }
    const qsizetype next = at < 0 ? 0 : (at + by + parts.size()) % parts.size();
    parts[next]->setFocus(by > 0 ? Qt::TabFocusReason : Qt::BacktabFocusReason);
}

void MainWindow::closeEvent(QCloseEvent *event)
{
    event->ignore();
    if (m_tray->isReachable())
        hide();
    else
        Q_EMIT quitWanted();
}

void MainWindow::resizeEvent(QResizeEvent *event)
{
    QMainWindow::resizeEvent(event);
    m_sidebar->setNarrow(width() < narrowBelow);
}

void MainWindow::changeEvent(QEvent *event)
{
    if (event->type() == QEvent::PaletteChange)
        m_strip->update();
    QMainWindow::changeEvent(event);
}

} // namespace ui
