// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/UnlockPanel.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/FormLine.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>
#include <array>

namespace ui {

namespace {

constexpr std::array<int, 3> minutes{5, 15, 60};
constexpr int usual = 1, leastReason = 3;

} // namespace

UnlockPanel::UnlockPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_theme(theme),
      m_title(new PlainLabel(theme, {}, Type::BodyStrong, Role::Text)),
      m_minutes(new Segmented(theme, QStringLiteral("env.unlock.minutes"), {tr("5 minutes"), tr("15 minutes"), tr("60 minutes")})),
      m_reason(new QLineEdit),
      m_words(new PlainLabel(theme, {}, Type::Small, Role::TextMuted)),
      m_error(new Note(theme, Note::Kind::Caution)),
      m_keep(new Button(theme, {})),
      m_confirm(new ArmedButton(theme, clock))
{
    setObjectName(QStringLiteral("env.unlock"));
    m_title->setObjectName(QStringLiteral("env.unlock.title"));
    m_minutes->setAccessibleName(tr("Unlock for how long"));
    m_reason->setObjectName(QStringLiteral("env.unlock.reason"));
    m_reason->setAccessibleName(tr("Reason, at least %1 characters").arg(leastReason));
    m_reason->setMaxLength(200);
    m_words->setObjectName(QStringLiteral("env.unlock.words"));
    m_words->setMaxLines(0);
    m_error->setObjectName(QStringLiteral("env.unlock.error"));
    m_keep->setObjectName(QStringLiteral("env.unlock.keep"));
    m_keep->setKeyHint(tr("Esc"));
    m_confirm->setObjectName(QStringLiteral("env.unlock.confirm"));
    m_confirm->setIconName(QStringLiteral("unlock"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_keep, 0, Qt::AlignVCenter);
    buttons->addStretch();
    buttons->addWidget(m_confirm);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, metric::strip + 14, 16, 14);
    column->setSpacing(metric::gap);
    column->addWidget(m_title);
    column->addLayout(formLine(theme, QStringLiteral("env.unlock.for"), tr("For"), m_minutes));
    column->addLayout(formLine(theme, QStringLiteral("env.unlock.why"), tr("Reason"), m_reason));
    column->addWidget(m_words);
    column->addWidget(m_error);
    column->addLayout(buttons);

    connect(m_minutes, &Segmented::currentChanged, this, &UnlockPanel::refresh);
    connect(m_reason, &QLineEdit::textChanged, this, &UnlockPanel::refresh);
    connect(m_keep, &QAbstractButton::clicked, this, &UnlockPanel::kept);
    connect(m_confirm, &QAbstractButton::clicked, this, &UnlockPanel::confirm);
}

void UnlockPanel::ask(const mcpcore::EnvironmentId &environment)
{
    m_environment = environment;
    m_title->setText(tr("Unlock %1").arg(environment.text));
    m_minutes->setCurrent(usual);
    m_reason->clear();
    m_error->hide();
    m_confirm->setLook(lookOf(m_desk.workspace(), environment));
    const mcpcore::EnvironmentId &active = m_desk.workspace().activeEnvironment;
    m_keep->setText(active == environment ? tr("Keep it locked") : tr("Keep %1").arg(active.text));
    refresh();
    m_confirm->rearm();
    m_reason->setFocus(Qt::OtherFocusReason);
}

std::chrono::minutes UnlockPanel::span() const
{
    return std::chrono::minutes(minutes[size_t(std::max(0, m_minutes->current()))]);
}

void UnlockPanel::refresh()
{
    m_confirm->setText(tr("Unlock for %n minutes", nullptr, int(span().count())));
    const int missing = leastReason - int(m_reason->text().trimmed().size());
    QString blocked;
    if (missing > 0)
        blocked = missing == 1 ? tr("Type a reason: 1 more character") : tr("Type a reason: %n more characters", nullptr, missing);
    m_confirm->setBlocked(blocked);
    const mcpcore::EnvironmentId &active = m_desk.workspace().activeEnvironment;
    const QList<mcpcore::Approval> waiting = m_desk.approvals();
    const auto cancelled =
        std::count_if(waiting.begin(), waiting.end(), [&](const mcpcore::Approval &a) { return a.call->environment == active; });
    Runs runs{{tr("The reason goes on the log. Every call still asks you. Locks again by itself, on screen lock, suspend and quit."),
               Role::TextMuted,
               {}}};
    if (cancelled > 0 && active != m_environment) {
        const QString lost = cancelled == 1 ? tr("1 call waiting for %1 is cancelled.")
                                            : tr("%n calls waiting for %1 are cancelled.", nullptr, int(cancelled));
        runs.append({QLatin1Char(' ') + lost.arg(active.text), Role::Text, Run::Style::Strong});
    }
    m_words->setRuns(runs);
}

void UnlockPanel::confirm()
{
    const mcpcore::EnvironmentId environment = m_environment;
    m_desk.unlock(environment, span(), m_reason->text().trimmed(), {this, [this, environment](const mcpcore::Result<> &result) {
                                                                        if (!result) {
                                                                            failed(result.error().message);
                                                                            return;
                                                                        }
                                                                        if (m_desk.workspace().activeEnvironment == environment) {
                                                                            Q_EMIT unlocked();
                                                                            return;
                                                                        }
                                                                        m_desk.useEnvironment(environment,
                                                                                              {this, [this](const mcpcore::Result<> &used) {
                                                                                                   if (used)
                                                                                                       Q_EMIT unlocked();
                                                                                                   else
                                                                                                       failed(used.error().message);
                                                                                               }});
                                                                    }});
}

void UnlockPanel::failed(const QString &message)
{
    m_error->setText({}, message);
    m_error->show();
    m_confirm->rearm();
}

void UnlockPanel::keyPressEvent(QKeyEvent *event)
{
    // Enter ends here: nothing in this panel has a default.
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        event->accept();
    else
        QWidget::keyPressEvent(event);
}

void UnlockPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const EnvLook look = lookOf(m_desk.workspace(), m_environment);
    painter.fillRect(rect(), m_theme.color(look, EnvPart::Tint));
    paintPattern(painter, QRect(0, 0, width(), metric::strip), m_theme, look, metric::strip);
}

} // namespace ui
