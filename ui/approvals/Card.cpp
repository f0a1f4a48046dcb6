// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/Card.h"
#include "ui/approvals/CardFooter.h"
#include "ui/approvals/CardText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/Env.h"
#include <QAccessibleWidget>
#include <QApplication>
#include <QPainter>

namespace ui {

namespace {

QAccessibleInterface *accessibleCard(const QString &className, QObject *object)
{
    if (className != QLatin1String(Card::staticMetaObject.className()))
        return nullptr;
    return new QAccessibleWidget(static_cast<QWidget *>(object), QAccessible::AlertMessage);
}

} // namespace

Card::Card(Desk &desk, const Theme &theme, SecondTicker &ticker, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_ticker(ticker)
{
    static const bool installed = (QAccessible::installFactory(accessibleCard), true);
    Q_UNUSED(installed)
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) {
        if (!now || !isAncestorOf(now)) {
            m_keyed = false;
            updateReading();
        }
    });
    connect(&ticker, &SecondTicker::ticked, this, &Card::updateReading);
}

// Parts that are deleted give up the focus: by then there is no card to tell.
Card::~Card()
{
    disconnect(qApp, nullptr, this, nullptr);
}

void Card::setFooter(CardFooter *footer)
{
    m_footer = footer;
    connect(footer->next(), &QAbstractButton::clicked, this, &Card::nextWanted);
}

void Card::setNextText(const QString &text)
{
    m_footer->setNextText(text);
}

void Card::watchKeys(QWidget *parent)
{
    for (QWidget *part : parent->findChildren<QWidget *>())
        if (part->focusPolicy() != Qt::NoFocus)
            part->installEventFilter(this);
}

void Card::fillBanner(EnvBanner &banner, const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                      mcpcore::EnvironmentKind kind, const mcpcore::ClientId &client) const
{
    const mcpcore::KeyRecord *key = mcpcore::findKey(m_desk.workspace(), connection, environment, client);
    const QString keyText = key ? tr("%1 ··· %2", "prefix and last four of a key").arg(key->prefix, key->lastFour) : QString();
    banner.setEnvironment(lookOf(kind), wordOf(environment), key ? CardText::account(*key) : QString(), keyText);
}

// A pointer that was left where the card appeared is nobody who reads.
bool Card::isPointerReading() const
{
    return underMouse() && QCursor::pos() != m_resting;
}

void Card::stopReading()
{
    m_keyed = false;
    m_resting = QCursor::pos();
    if (!m_reading)
        return;
    m_reading = false;
    m_desk.setReading(id(), false);
    Q_EMIT readingChanged(false);
}

void Card::updateReading()
{
    const bool reading = isAnswerable() && isVisible() && (m_keyed || isPointerReading());
    if (reading == m_reading || id().isEmpty())
        return;
    m_reading = reading;
    if (reading)
        m_footer->stopClock(deadline() - m_ticker.now());
    m_desk.setReading(id(), reading);
    Q_EMIT readingChanged(reading);
}

bool Card::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::KeyPress && !m_keyed) {
        m_keyed = true;
        updateReading();
    }
    return QWidget::eventFilter(watched, event);
}

bool Card::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::Enter:
    case QEvent::Leave:
    case QEvent::MouseMove: updateReading(); break;
    case QEvent::Hide:
    case QEvent::WindowDeactivate:
        m_keyed = false;
        updateReading();
        break;
    case QEvent::Show: updateReading(); break;
    default: break;
    }
    return QWidget::event(event);
}

void Card::paintEvent(QPaintEvent *)
{
    QPainter(this).fillRect(rect(), m_theme.color(Role::Surface));
}

} // namespace ui
