// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/ConfirmPanel.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include <QHBoxLayout>

namespace ui {

ConfirmPanel::ConfirmPanel(const Theme &theme, const mcpcore::Clock &clock, const QString &objectName, QWidget *parent) : QWidget(parent)
{
    setObjectName(objectName);
    m_note = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_note->setObjectName(objectName + QStringLiteral(".note"));
    m_confirm = new ArmedButton(theme, clock, this);
    m_confirm->setObjectName(objectName + QStringLiteral(".confirm"));
    m_confirm->setPlain();
    m_confirm->setText(tr("Do it"));
    m_keep = new Button(theme, tr("Keep it"), Button::Kind::Normal, this);
    m_keep->setObjectName(objectName + QStringLiteral(".keep"));
    m_keep->setEnterPresses();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_keep, 0, Qt::AlignVCenter);
    buttons->addWidget(m_confirm);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_note);
    column->addLayout(buttons);
    connect(m_keep, &QAbstractButton::clicked, this, &ConfirmPanel::drop);
    connect(m_confirm, &QAbstractButton::clicked, this, [this] {
        drop();
        Q_EMIT confirmed();
    });
    hide();
}

void ConfirmPanel::ask(const QString &text, const QString &act, const QString &keep)
{
    m_note->setText({}, text);
    m_confirm->setText(act);
    m_keep->setText(keep);
    show();
    m_keep->setFocus(Qt::OtherFocusReason);
}

void ConfirmPanel::drop()
{
    keepFocusBeside(this);
    hide();
}

} // namespace ui
