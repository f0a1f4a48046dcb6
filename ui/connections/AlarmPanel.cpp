// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/AlarmPanel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include <QVBoxLayout>

namespace ui {

AlarmPanel::AlarmPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent) : QWidget(parent), m_desk(desk)
{
    setObjectName(QStringLiteral("connections.alarm"));
    m_note = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_note->setObjectName(QStringLiteral("connections.alarm.note"));
    m_advice = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_advice->setObjectName(QStringLiteral("connections.alarm.advice"));
    m_advice->setMaxLines(0);
    auto *log = new Button(theme, tr("See its calls"), Button::Kind::Normal, this);
    log->setObjectName(QStringLiteral("connections.alarm.log"));
    log->setIconName(QStringLiteral("activity"));
    log->setEnterPresses();
    m_resume = new ArmedButton(theme, clock, this);
    m_resume->setObjectName(QStringLiteral("connections.alarm.resume"));
    m_resume->setText(tr("Start again"));
    m_resume->setIconName(QStringLiteral("play"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 4);
    column->setSpacing(8);
    column->addWidget(m_note);
    column->addWidget(m_advice);
    column->addWidget(log, 0, Qt::AlignLeft);
    column->addWidget(m_resume, 0, Qt::AlignLeft);
    connect(log, &QAbstractButton::clicked, this, &AlarmPanel::logWanted);
    connect(m_resume, &QAbstractButton::clicked, this, &AlarmPanel::resume);
    hide();
}

void AlarmPanel::setKnown(const ConnectionText::Known &known, EnvLook look)
{
    const Place place{known.connection.id, known.environment};
    const mcpcore::Alarm *alarm = mcpcore::findAlarm(known.workspace, place.connection, place.environment);
    if (!alarm)
        keepFocusBeside(this);
    setVisible(alarm);
    if (!alarm)
        return;
    if (m_place != place)
        m_resume->rearm();
    m_place = place;
    m_note->setText(ConnectionText::alarmText(*alarm),
                    tr("That was at %1. Nothing is sent to it here since.").arg(ConnectionText::time(alarm->since, known.now)));
    m_advice->setText(tr("Look at the call, replace the key or the endpoint if it is the wrong one, then start it again."));
    m_resume->setLook(look);
    m_resume->setText(tr("Start again in %1").arg(wordOf(place.environment)));
}

void AlarmPanel::rearm()
{
    m_resume->rearm();
}

void AlarmPanel::resume()
{
    m_desk.resumeConnection(m_place.connection, m_place.environment, mcpcore::Completion<>(this, [this](mcpcore::Result<> done) {
                                Q_EMIT said(done ? tr("Calls go to %1 again.").arg(ConnectionText::name(m_place.connection.text))
                                                 : done.error().message);
                            }));
}

} // namespace ui
