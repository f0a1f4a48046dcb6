// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/EnvMenu.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvForm.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/UnlockPanel.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/Note.h"
#include <QFontInfo>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QVBoxLayout>

namespace ui {

namespace {
constexpr int menuWidth = 404, startingOnes = 3;
}

// One environment: shape, word, what choosing it means, and on the right a check, a padlock or the keys.
class EnvRow final : public QAbstractButton
{
public:
    EnvRow(const Theme &theme, EnvLook look, const QString &word, QWidget *parent)
        : QAbstractButton(parent), m_theme(theme), m_look(look), m_word(word)
    {
        setAttribute(Qt::WA_Hover);
        setFocusPolicy(Qt::StrongFocus);
        setCheckable(true);
    }
    QString below, keys, sign;
    mcpcore::EnvironmentId id;
    bool urgent = false; // less than a minute unlocked

    QSize sizeHint() const override
    {
        return {menuWidth - 12,
                std::max(52, QFontMetrics(Theme::font(Type::EnvWord)).height() + QFontMetrics(Theme::font(Type::Small)).height() + 16)};
    }

protected:
    void nextCheckState() override {} // checked = active, which only the desk changes
    void keyPressEvent(QKeyEvent *event) override
    {
        const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
        if (enter && !event->isAutoRepeat())
            click();
        else
            QAbstractButton::keyPressEvent(event);
    }
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        const Role fill = isChecked() ? Role::Selected : underMouse() || hasFocus() ? Role::Hover : Role::Popup;
        paintPanel(painter, rect(), m_theme.color(fill), m_theme.color(fill));
        paintEnvShape(painter, QRect(12, (height() - 20) / 2, 20, 20), m_look, m_theme.color(m_look, EnvPart::Edge), m_theme.color(fill));
        QFont font = Theme::font(Type::Body);
        font.setWeight(QFont::Bold);
        font.setLetterSpacing(QFont::AbsoluteSpacing, 0.05 * QFontInfo(font).pixelSize());
        const QFont small = Theme::font(Type::Small);
        const int wordHeight = QFontMetrics(font).height();
        const int top = (height() - wordHeight - QFontMetrics(small).height()) / 2;
        painter.setFont(font);
        painter.setPen(m_theme.color(m_look, EnvPart::Text));
        painter.drawText(QRect(44, top, width() - 100, wordHeight), int(Qt::AlignLeft | Qt::AlignVCenter), m_word);
        QFont state = small;
        if (urgent)
            state.setWeight(QFont::Bold);
        painter.setFont(state);
        painter.setPen(m_theme.color(urgent ? Role::Text : Role::TextMuted));
        painter.drawText(QRect(44, top + wordHeight, width() - 100, QFontMetrics(small).height()), int(Qt::AlignLeft | Qt::AlignVCenter),
                         below);
        const QRect right(width() - 12 - 60, 0, 60, height());
        if (!sign.isEmpty())
            paintIcon(painter, QRect(right.right() - 15, (height() - 16) / 2, 16, 16), sign, m_theme.color(Role::Text));
        else if (!keys.isEmpty()) {
            ButtonFace face{{}, {}, keys, Theme::font(Type::Caption), m_theme.color(Role::TextMuted)};
            face.paint(painter, QRect(right.right() - face.width() + 1, 0, face.width(), height()));
        }
    }

private:
    const Theme &m_theme;
    EnvLook m_look;
    QString m_word;
};

EnvMenu::EnvMenu(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, SecondTicker &ticker, QWidget *parent)
    : QFrame(parent, Qt::Popup),
      m_desk(desk),
      m_theme(theme),
      m_rows(new QVBoxLayout),
      m_add(new Button(theme, tr("Add an environment …"), Button::Kind::Flat)),
      m_form(new EnvForm(desk, theme)),
      m_error(new Note(theme, Note::Kind::Caution)),
      m_panel(new UnlockPanel(desk, theme, clock))
{
    setObjectName(QStringLiteral("env.menu"));
    setAccessibleName(tr("Environments"));
    m_error->setObjectName(QStringLiteral("env.menu.error"));
    m_rows->setContentsMargins(6, 6, 6, 6);
    m_rows->setSpacing(0);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(1, 1, 1, 1);
    column->setSpacing(0);
    m_add->setObjectName(QStringLiteral("env.add"));
    m_add->setIconName(QStringLiteral("plus"));
    m_add->setEnterPresses();
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(8, 6, 8, 6);
    foot->addWidget(m_add);
    foot->addStretch();
    column->addLayout(m_rows);
    column->addWidget(m_error);
    column->addWidget(m_panel);
    column->addWidget(m_form);
    column->addLayout(foot);
    ticker.follow(this);
    connect(&ticker, &SecondTicker::ticked, this, &EnvMenu::refresh);
    connect(&desk, &Desk::locksChanged, this, &EnvMenu::refresh);
    connect(m_add, &QAbstractButton::clicked, this, [this] {
        m_error->hide();
        m_panel->hide();
        m_add->hide();
        m_form->show();
        m_form->ask();
        fit();
    });
    connect(m_form, &EnvForm::closed, this, &EnvMenu::closeForm);
    connect(m_panel, &UnlockPanel::kept, this, &QWidget::close);
    connect(m_panel, &UnlockPanel::unlocked, this, &QWidget::close);
}

void EnvMenu::fill()
{
    for (EnvRow *row : std::exchange(m_buttons, {})) {
        row->hide();
        row->setParent(nullptr);
        row->deleteLater(); // its button may be what was pressed
    }
    const mcpcore::Workspace &space = m_desk.workspace();
    for (const mcpcore::Environment &environment : space.environments) {
        const EnvLook look = lookOf(environment.kind);
        auto *row = new EnvRow(m_theme, look, wordOf(environment.id), this);
        row->setObjectName(QStringLiteral("env.menu.") + environment.id.text);
        row->id = environment.id;
        const int index = int(m_buttons.size());
        row->keys = index < 3 ? tr("Alt %1").arg(index + 1) : QString();
        row->setText(wordOf(environment.id));
        connect(row, &QAbstractButton::clicked, this, [this, id = environment.id] { choose(id); });
        if (index >= startingOnes) {
            auto *remove = new Button(m_theme, {}, Button::Kind::Flat, row);
            remove->setObjectName(QStringLiteral("env.remove.") + environment.id.text);
            remove->setIconName(QStringLiteral("trash"));
            remove->setAccessibleName(tr("Remove %1").arg(environment.id.text));
            remove->setToolTip(remove->accessibleName());
            remove->setEnterPresses();
            auto *across = new QHBoxLayout(row);
            across->setContentsMargins(0, 0, 36, 0);
            across->addStretch();
            across->addWidget(remove, 0, Qt::AlignVCenter);
            connect(remove, &QAbstractButton::clicked, this, [this, id = environment.id] { this->remove(id); });
        }
        m_rows->addWidget(row);
        m_buttons.append(row);
    }
    refresh();
}

// What changes while the menu is open: the countdowns.
void EnvMenu::refresh()
{
    const mcpcore::Workspace &space = m_desk.workspace();
    for (EnvRow *row : std::as_const(m_buttons)) {
        const auto count = std::count_if(space.connections.begin(), space.connections.end(),
                                         [&](const mcpcore::Connection &connection) { return connection.environments.contains(row->id); });
        const QString connections = count == 1 ? tr("1 connection") : tr("%n connections", nullptr, int(count));
        const bool active = space.activeEnvironment == row->id;
        const bool production = lookOf(space, row->id) == EnvLook::Production;
        const auto left = m_desk.unlockedUntil(row->id) - m_desk.now();
        QString state = active ? tr("active now") : tr("switches at once");
        QString spoken = state;
        if (production) {
            state = left.count() > 0 ? tr("unlocked, locks in %1").arg(countdownText(left)) : tr("locked");
            spoken = left.count() > 0 ? tr("unlocked") : state;
        }
        row->urgent = production && left.count() > 0 && left < std::chrono::minutes(1);
        row->below = tr("%1 · %2").arg(connections, state);
        row->setChecked(active);
        row->sign = active ? QStringLiteral("check") : !production ? QString() : QLatin1String(left.count() > 0 ? "unlock" : "lock");
        const QString name = tr("%1, %2 · %3").arg(wordOf(row->id), connections, spoken);
        if (row->accessibleName() != name)
            row->setAccessibleName(name);
        row->update();
    }
}

void EnvMenu::remove(const mcpcore::EnvironmentId &environment)
{
    m_desk.removeEnvironment(environment, {this, [this](const mcpcore::Result<> &removed) {
                                               if (!removed)
                                                   return fail(removed.error().message);
                                               closeForm();
                                           }});
}

// What was asked for is done, or was taken back: the list as it is now.
void EnvMenu::closeForm()
{
    m_form->hide();
    m_add->show();
    m_error->hide();
    fill();
    fit();
    m_add->setFocus(Qt::OtherFocusReason);
}

void EnvMenu::fail(const QString &message)
{
    m_error->setText({}, message);
    m_error->show();
    fit();
}

void EnvMenu::openAt(const QPoint &corner)
{
    fill();
    m_panel->hide();
    m_form->hide();
    m_add->show();
    m_error->hide();
    fit();
    move(corner);
    show();
    for (EnvRow *row : std::as_const(m_buttons)) {
        if (row->isChecked())
            row->setFocus(Qt::PopupFocusReason);
    }
}

void EnvMenu::openPanelAt(const QPoint &corner, const mcpcore::EnvironmentId &environment)
{
    openAt(corner);
    openPanel(environment);
}

void EnvMenu::choose(const mcpcore::EnvironmentId &environment)
{
    const mcpcore::Workspace &space = m_desk.workspace();
    const bool active = space.activeEnvironment == environment;
    const bool unlocked = m_desk.unlockedUntil(environment) > m_desk.now();
    if (lookOf(space, environment) == EnvLook::Production && !(active && unlocked)) {
        openPanel(environment);
        return;
    }
    if (active) {
        close();
        return;
    }
    m_desk.useEnvironment(environment, {this, [this](const mcpcore::Result<> &result) {
                                            if (result) {
                                                close();
                                                return;
                                            }
                                            fail(result.error().message);
                                        }});
}

void EnvMenu::openPanel(const mcpcore::EnvironmentId &environment)
{
    m_error->hide();
    m_form->hide();
    m_add->show();
    m_panel->show();
    m_panel->ask(environment);
    fit();
}

void EnvMenu::fit()
{
    layout()->activate();
    const int height = layout()->hasHeightForWidth() ? layout()->totalHeightForWidth(menuWidth) : layout()->totalSizeHint().height();
    setFixedSize(std::max(menuWidth, layout()->totalMinimumSize().width()), height);
}

void EnvMenu::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Down)
        focusNextChild();
    else if (event->key() == Qt::Key_Up)
        focusPreviousChild();
    else
        QFrame::keyPressEvent(event);
}

void EnvMenu::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Popup));
    painter.setPen(m_theme.color(Role::BorderStrong));
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

} // namespace ui
