// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/HintsView.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"

namespace ui {

HintsView::HintsView(const Theme &theme, const QString &objectName, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(objectName);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 6, 0, 0);
    column->setSpacing(8);
    m_command = addRow(objectName, QStringLiteral("command"), QStringLiteral("copy"));
    m_link = addRow(objectName, QStringLiteral("link"), QStringLiteral("open"));
    m_command.button->setText(tr("Copy"));
    m_command.button->setAccessibleName(tr("Copy the command"));
    m_command.button->setIconName(QStringLiteral("copy"));
    m_link.button->setText(tr("Open"));
    m_link.button->setIconName(QStringLiteral("external"));
    connect(m_command.button, &QAbstractButton::clicked, this, &HintsView::copyWanted);
    connect(m_link.button, &QAbstractButton::clicked, this, &HintsView::openWanted);
    hide();
}

HintsView::Row HintsView::addRow(const QString &objectName, const QString &part, const QString &buttonPart)
{
    Row row;
    row.caption = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    row.caption->setMaxLines(3);
    row.text = new PlainLabel(m_theme, {}, Type::Code, Role::Text, this);
    row.text->setObjectName(objectName + QLatin1Char('.') + part);
    row.text->setMaxLines(0);
    row.button = new Button(m_theme, {}, Button::Kind::Normal, this);
    row.button->setObjectName(objectName + QLatin1Char('.') + buttonPart);
    row.button->setEnterPresses();
    auto *line = new QHBoxLayout;
    line->setSpacing(10);
    line->addWidget(row.text, 1);
    line->addWidget(row.button, 0, Qt::AlignTop);
    auto *column = static_cast<QVBoxLayout *>(layout());
    column->addWidget(row.caption);
    column->addLayout(line);
    return row;
}

void HintsView::Row::setVisible(bool visible) const
{
    for (QWidget *part : QList<QWidget *>{caption, text, button})
        part->setVisible(visible);
}

void HintsView::setHints(const QString &client, const ClientHints &hints)
{
    m_hints = hints;
    for (Button *button : {m_command.button, m_link.button})
        if (hints.isEmpty())
            keepFocusBeside(button);
    m_command.caption->setText(tr("Or run this in a terminal: %1 then writes its file itself, and may leave out comments.").arg(client));
    m_command.text->setForeignText(hints.command);
    m_command.setVisible(!hints.command.isEmpty());
    m_link.caption->setText(tr("Or open this link: %1 asks, and writes its file itself.").arg(client));
    m_link.text->setForeignText(hints.link);
    m_link.button->setText(tr("Open %1").arg(client));
    m_link.setVisible(!hints.link.isEmpty());
    setVisible(!hints.isEmpty());
}

void HintsView::setButtonsUsable(bool usable)
{
    for (Button *button : {m_command.button, m_link.button})
        setUsable(button, usable);
}

} // namespace ui
