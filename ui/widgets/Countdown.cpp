// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Countdown.h"
#include <QEvent>

namespace ui {

using mcpcore::Milliseconds;

void SecondTicker::follow(QWidget *widget)
{
    if (m_followers.contains(widget))
        return;
    m_followers.append(widget);
    widget->installEventFilter(this);
    connect(widget, &QObject::destroyed, this, [this, widget] { m_followers.removeAll(widget); });
    update();
}

bool SecondTicker::wanted() const
{
    return std::any_of(m_followers.begin(), m_followers.end(), [](const QWidget *widget) { return widget->isVisible(); });
}

bool SecondTicker::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Show)
        update();
    return QObject::eventFilter(watched, event);
}

// While hidden nothing was told: who comes back is told at once.
void SecondTicker::update()
{
    if (m_running || !wanted())
        return;
    m_running = true;
    next();
    Q_EMIT ticked();
}

void SecondTicker::next()
{
    // On the second of the wall clock, so that all countdowns change together.
    const Milliseconds rest(1000 - m_clock.wall().count() % 1000);
    m_clock.after(rest, this, [this] {
        m_running = wanted();
        if (!m_running)
            return;
        next();
        Q_EMIT ticked();
    });
}

QString countdownText(Milliseconds left)
{
    const qint64 seconds = std::max<qint64>(0, (left.count() + 999) / 1000);
    if (seconds >= 3600)
        return Countdown::tr("%1 h %2 min").arg(seconds / 3600).arg(seconds % 3600 / 60, 2, 10, QLatin1Char('0'));
    return QStringLiteral("%1:%2").arg(seconds / 60).arg(seconds % 60, 2, 10, QLatin1Char('0'));
}

Countdown::Countdown(const Theme &theme, SecondTicker &ticker, QWidget *parent) : PlainLabel(theme, parent), m_ticker(ticker)
{
    m_ticker.follow(this);
    connect(&m_ticker, &SecondTicker::ticked, this, &Countdown::refresh);
}

void Countdown::setDeadline(Milliseconds wall)
{
    m_deadline = wall;
    m_stopped = Milliseconds(-1);
    refresh();
}

void Countdown::stopAt(Milliseconds left)
{
    m_stopped = std::max(Milliseconds(0), left);
    refresh();
}

void Countdown::setWording(std::function<QString(const QString &)> wording)
{
    m_wording = std::move(wording);
    refresh();
}

void Countdown::refresh()
{
    if (m_deadline.count() == 0 && m_stopped.count() < 0)
        return;
    const Milliseconds left = m_stopped.count() >= 0 ? m_stopped : m_deadline - m_ticker.now();
    const QString time = countdownText(left);
    setText(m_wording ? m_wording(time) : time);
    // setText() has said each second; a reader hears whole minutes, and the last half.
    const qint64 seconds = std::max<qint64>(0, (left.count() + 999) / 1000);
    const int minutes = int((seconds + 59) / 60);
    setAccessibleName(seconds <= 30  ? tr("less than 30 seconds left")
                      : minutes == 1 ? tr("1 minute left")
                                     : tr("%n minutes left", nullptr, minutes));
}

} // namespace ui
