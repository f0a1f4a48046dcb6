// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/Button.h"
#include <QHBoxLayout>
#include <QMenu>

namespace ui {

DenyButton::DenyButton(const Theme &theme, const QString &objectName, QWidget *parent) : QWidget(parent), m_menu(new QMenu(this))
{
    auto *main = new Button(theme, tr("Deny"), Button::Kind::Normal, this);
    main->setObjectName(objectName);
    main->setLarge();
    main->setKeyHint(tr("Esc"));
    main->setEnterPresses();
    m_main = main;
    auto *more = new Button(theme, {}, Button::Kind::Normal, this);
    more->setObjectName(objectName + QStringLiteral(".menu"));
    more->setLarge();
    more->setIconName(QStringLiteral("chevron-down"));
    more->setAccessibleName(tr("More ways to deny"));
    more->setEnterPresses();
    main->setJoin(Button::Join::Right);
    more->setJoin(Button::Join::Left);
    m_more = more;

    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(m_main);
    layout->addWidget(m_more);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);

    m_menu->setObjectName(objectName + QStringLiteral(".menu.list"));
    QAction *tell = m_menu->addAction(tr("Deny and tell why …"));
    tell->setObjectName(objectName + QStringLiteral(".tell"));
    m_denyAll = m_menu->addAction(tr("Deny all of this client"));
    m_denyAll->setObjectName(objectName + QStringLiteral(".all"));
    connect(tell, &QAction::triggered, this, &DenyButton::denyAndTellChosen);
    connect(m_denyAll, &QAction::triggered, this, &DenyButton::denyAllChosen);
    connect(m_main, &QAbstractButton::clicked, this, &DenyButton::denied);
    connect(m_more, &QAbstractButton::clicked, this, [this] {
        const QPoint above = m_more->mapToGlobal(QPoint(m_more->width(), 0));
        const QSize size = m_menu->sizeHint();
        m_menu->popup(above - QPoint(size.width(), size.height() + 4));
    });
}

void DenyButton::setDenyAllShown(bool shown)
{
    m_denyAll->setVisible(shown);
}

} // namespace ui
