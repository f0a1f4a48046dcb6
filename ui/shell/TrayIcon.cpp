// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/TrayIcon.h"
#include "base/Post.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/Notice.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/VisibleMarks.h"
#include <QActionGroup>
#include <QMenu>
#include <QPainter>
#include <QSystemTrayIcon>

namespace ui {

TrayIcon::TrayIcon(Desk &desk, const Theme &theme, QObject *parent)
    : QObject(parent), m_desk(desk), m_theme(theme), m_menu(std::make_unique<QMenu>()), m_icon(new QSystemTrayIcon(this))
{
    m_menu->setObjectName(QStringLiteral("tray.menu"));
    m_icon->setContextMenu(m_menu.get());
    connect(m_menu.get(), &QMenu::aboutToShow, this, &TrayIcon::fillMenu);
    connect(m_icon, &QSystemTrayIcon::activated, this, [this](QSystemTrayIcon::ActivationReason reason) {
        if (reason == QSystemTrayIcon::Trigger || reason == QSystemTrayIcon::DoubleClick)
            Q_EMIT openWanted({});
    });
    connect(m_icon, &QSystemTrayIcon::messageClicked, this, [this] { Q_EMIT openWanted(QStringLiteral("approvals")); });
    connect(&desk, &Desk::workspaceChanged, this, &TrayIcon::refresh);
    connect(&desk, &Desk::locksChanged, this, &TrayIcon::refresh);
    connect(&desk, &Desk::approvalAdded, this, &TrayIcon::refresh);
    connect(&desk, &Desk::approvalRemoved, this, &TrayIcon::refresh);
    connect(&desk, &Desk::questionAdded, this, &TrayIcon::refresh);
    connect(&desk, &Desk::questionRemoved, this, &TrayIcon::refresh);
    refresh();
    m_icon->show();
}

TrayIcon::~TrayIcon()
{
    m_icon->hide();
}

bool TrayIcon::isReachable() const
{
    return QSystemTrayIcon::isSystemTrayAvailable() && m_icon->isVisible();
}

void TrayIcon::tell(const Notice &notice)
{
    m_icon->showMessage(notice.title, notice.body, m_icon->icon());
}

QPixmap TrayIcon::picture(const Theme &theme, int size, const QColor &glyph, EnvLook look, int waiting, bool paused)
{
    QPixmap pixmap(size, size);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.drawPixmap(0, 0, iconPixmap(QStringLiteral("tray"), size, 1.0, glyph));
    const int badge = size * 9 / 16;
    const QRect corner(size - badge, size - badge, badge, badge);
    painter.setPen(Qt::NoPen);
    if (paused) {
        painter.setBrush(theme.color(Role::Caution));
        const int bar = std::max(2, badge / 4);
        painter.drawRect(QRect(corner.left() + bar / 2, corner.top(), bar, badge));
        painter.drawRect(QRect(corner.right() - bar - bar / 2 + 1, corner.top(), bar, badge));
    } else if (waiting > 0) {
        painter.setBrush(theme.color(look, EnvPart::Solid));
        painter.drawRoundedRect(corner, 2, 2);
        QFont font = Theme::font(Type::CaptionStrong);
        font.setPixelSize(std::max(7, badge * 8 / 10));
        painter.setFont(font);
        painter.setPen(theme.color(look, EnvPart::On));
        painter.drawText(corner, int(Qt::AlignCenter), waiting > 9 ? QStringLiteral("+") : QString::number(waiting));
    }
    return pixmap;
}

// Gnome's panel is dark whatever the theme; the others follow it.
QColor TrayIcon::panelColor() const
{
    const bool dark = m_theme.kind() != Theme::Kind::Light || qEnvironmentVariable("XDG_CURRENT_DESKTOP").contains(QLatin1String("GNOME"));
    return Theme(dark ? Theme::Kind::Dark : Theme::Kind::Light).color(Role::Text);
}

void TrayIcon::refresh()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    const int waiting = int(m_desk.approvals().size() + m_desk.questions().size());
    const QString word = wordOf(space.activeEnvironment);
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48})
        icon.addPixmap(picture(m_theme, size, panelColor(), lookOf(space, space.activeEnvironment), waiting, space.paused));
    m_icon->setIcon(icon);
    m_icon->setToolTip(space.paused  ? tr("Countersign, paused")
                       : waiting > 0 ? tr("Countersign, %1: %n waiting", nullptr, waiting).arg(word)
                                     : tr("Countersign, %1").arg(word));
    fillMenu();
}

void TrayIcon::fillMenu()
{
    if (m_menu->isVisible())
        return; // nothing changes under the pointer
    m_menu->clear();
    delete m_environments;
    m_environments = new QActionGroup(this);
    const mcpcore::Workspace &space = m_desk.workspace();
    const QColor ink = m_theme.color(Role::Text);
    const auto add = [&](const QString &name, const QString &icon, const QString &text) {
        QAction *action = m_menu->addAction(icon.isEmpty() ? QIcon() : exportedIcon(icon, ink), withoutMnemonics(text));
        action->setObjectName(QStringLiteral("tray.") + name);
        return action;
    };

    const EnvLook look = lookOf(space, space.activeEnvironment);
    const auto left = m_desk.unlockedUntil(space.activeEnvironment) - m_desk.now();
    QString state = wordOf(space.activeEnvironment);
    if (look == EnvLook::Production)
        state = left.count() > 0 ? tr("%1, locks in %2").arg(state, countdownText(left)) : tr("%1, locked").arg(state);
    QAction *head = add(QStringLiteral("state"), {}, space.paused ? tr("%1, paused").arg(state) : state);
    head->setIcon(exportedIcon(envIconName(look), m_theme.color(look, EnvPart::Edge)));
    head->setEnabled(false);

    const QList<mcpcore::Approval> approvals = m_desk.approvals();
    const QList<mcpcore::Question> questions = m_desk.questions();
    if (const int waiting = int(approvals.size() + questions.size()); waiting > 0) {
        mcpcore::Milliseconds oldest = m_desk.now();
        if (!approvals.isEmpty())
            oldest = std::min(oldest, approvals.first().asked);
        if (!questions.isEmpty())
            oldest = std::min(oldest, questions.first().asked);
        const QString age = countdownText(m_desk.now() - oldest);
        QAction *action =
            add(QStringLiteral("waiting"), QStringLiteral("approvals"), tr("%n waiting, oldest %1", nullptr, waiting).arg(age));
        connect(action, &QAction::triggered, this, [this] { Q_EMIT openWanted(QStringLiteral("approvals")); });
    }
    connect(add(QStringLiteral("open"), QStringLiteral("external"), tr("Open Countersign")), &QAction::triggered, this,
            [this] { Q_EMIT openWanted({}); });
    m_menu->addSeparator();
    fillEnvironments();
    m_menu->addSeparator();
    const bool paused = space.paused;
    QAction *pause = paused ? add(QStringLiteral("resume"), QStringLiteral("play"), tr("Resume"))
                            : add(QStringLiteral("pause"), QStringLiteral("pause"), tr("Pause everything"));
    connect(pause, &QAction::triggered, this, [this, paused] { m_desk.setPaused(!paused); });
    connect(add(QStringLiteral("activity"), QStringLiteral("activity"), tr("Activity")), &QAction::triggered, this,
            [this] { Q_EMIT openWanted(QStringLiteral("activity")); });
    m_menu->addSeparator();
    connect(add(QStringLiteral("quit"), {}, tr("Quit, clients lose their tools")), &QAction::triggered, this, &TrayIcon::quitWanted);
}

void TrayIcon::fillEnvironments()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    for (const mcpcore::Environment &environment : space.environments) {
        const EnvLook look = lookOf(environment.kind);
        const QString name = environment.id.text.left(1).toUpper() + environment.id.text.mid(1);
        QAction *action = m_menu->addAction(exportedIcon(envIconName(look), m_theme.color(look, EnvPart::Edge)), name);
        action->setObjectName(QStringLiteral("tray.environment.") + environment.id.text);
        action->setCheckable(true);
        action->setActionGroup(m_environments);
        action->setChecked(environment.id == space.activeEnvironment);
        connect(action, &QAction::triggered, this, [this, id = environment.id] {
            Q_EMIT environmentWanted(id);
            mcpcore::post(this, [this] { fillMenu(); }); // the mark stands at what is active, not at what was wished for
        });
        if (look == EnvLook::Production && m_desk.unlockedUntil(environment.id) > m_desk.now()) {
            QAction *lock = m_menu->addAction(exportedIcon(QStringLiteral("lock"), m_theme.color(Role::Text)),
                                              tr("Lock %1 now").arg(environment.id.text));
            lock->setObjectName(QStringLiteral("tray.lock.") + environment.id.text);
            connect(lock, &QAction::triggered, this, [this, id = environment.id] { m_desk.lock(id); });
        }
    }
}

} // namespace ui
