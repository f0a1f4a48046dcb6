// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/CardNotes.h"
#include "ui/widgets/Button.h"
#include <QVBoxLayout>

namespace ui {

namespace {
constexpr qsizetype kMost = 3;
}

CardNotes::CardNotes(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(6);
    hide();
}

void CardNotes::setItems(const QList<Item> &items)
{
    if (items == m_items)
        return;
    m_items = items;
    build(kMost);
}

void CardNotes::build(qsizetype most)
{
    while (QLayoutItem *old = m_column->takeAt(0)) {
        old->widget()->hide();
        old->widget()->deleteLater();
        delete old;
    }
    for (const Item &item : m_items.first(std::min(most, m_items.size()))) {
        auto *note = new Note(m_theme, item.kind, this);
        note->setIcon(item.icon);
        note->setText(item.strong, item.rest);
        // As high as its words at this width.
        QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
        policy.setHeightForWidth(true);
        note->setSizePolicy(policy);
        m_column->addWidget(note);
    }
    if (m_items.size() > most) {
        auto *more = new Button(m_theme, tr("%1 more").arg(m_items.size() - most), Button::Kind::Flat, this);
        more->setObjectName(objectName() + QStringLiteral(".more"));
        m_column->addWidget(more, 0, Qt::AlignLeft);
        connect(more, &QAbstractButton::clicked, this, [this] { build(m_items.size()); });
    }
    setVisible(!m_items.isEmpty());
}

QString CardNotes::text() const
{
    QStringList lines;
    for (const Item &item : m_items)
        lines.append(item.rest.isEmpty() ? item.strong : item.strong + QLatin1Char(' ') + item.rest);
    return lines.join(QLatin1Char('\n'));
}

} // namespace ui
