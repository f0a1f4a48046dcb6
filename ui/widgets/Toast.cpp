// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Toast.h"
#include "ui/widgets/Button.h"
#include <QEvent>
#include <QHBoxLayout>
#include <QPainter>

namespace ui {

static constexpr mcpcore::Milliseconds shownFor{8000};

Toast::Toast(const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_clock(clock), m_label(new PlainLabel(theme, {}, Type::Body, Role::Text))
{
    setObjectName(QStringLiteral("toast"));
    m_label->setObjectName(QStringLiteral("toast.text"));
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(14, 8, 14, 8);
    layout->addWidget(m_label);
    parent->installEventFilter(this);
    hide();
}

void Toast::say(const QString &text)
{
    m_label->setText(text);
    setAccessibleName(text);
    place();
    show();
    raise();
    const int round = ++m_round;
    m_clock.after(shownFor, this, [this, round] { expire(round); });
}

void Toast::expire(int round)
{
    if (round != m_round)
        return;
    if (underMouse() || isAncestorOf(focusWidget()))
        m_clock.after(shownFor, this, [this, round] { expire(round); });
    else
        hide();
}

void Toast::place()
{
    const QSize size = sizeHint().boundedTo(parentWidget()->size() - QSize(32, 0));
    setGeometry((parentWidget()->width() - size.width()) / 2, parentWidget()->height() - size.height() - 16, size.width(), size.height());
}

bool Toast::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::Resize && isVisible())
        place();
    return QWidget::eventFilter(watched, event);
}

void Toast::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintPanel(painter, rect(), m_theme.color(Role::Popup), m_theme.color(Role::BorderStrong));
}

} // namespace ui
