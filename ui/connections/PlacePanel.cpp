// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/PlacePanel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include <QLineEdit>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;

PlacePanel::PlacePanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent) : QWidget(parent), m_desk(desk)
{
    setObjectName(QStringLiteral("place"));
    build(theme, clock);
    connect(m_address, &QLineEdit::textChanged, this, [this] {
        m_trouble->hide();
        m_add->rearm();
        refresh();
    });
    connect(m_add, &QAbstractButton::clicked, this, &PlacePanel::add);
    hide();
}

void PlacePanel::build(const Theme &theme, const mcpcore::Clock &clock)
{
    m_address = new QLineEdit(this);
    m_address->setObjectName(QStringLiteral("place.address"));
    m_address->setAccessibleName(tr("Address of its MCP server there"));
    m_address->setPlaceholderText(QStringLiteral("https://"));
    m_addressRow = new QWidget(this);
    QVBoxLayout *lines = formRow(theme, tr("Address of its MCP server there"), m_address);
    lines->setContentsMargins(0, 0, 0, 0);
    m_addressRow->setLayout(lines);
    m_whatHead = new PlainLabel(theme, {}, Type::CaptionStrong, Role::TextFaint, this);
    m_what = new PlainLabel(theme, {}, Type::Code, Role::Text, this);
    m_what->setObjectName(QStringLiteral("place.what"));
    m_what->setMaxLines(0);
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("place.trouble"));
    m_add = new ArmedButton(theme, clock, this);
    m_add->setObjectName(QStringLiteral("place.add"));
    m_add->setIconName(QStringLiteral("plus"));
    m_add->setText(tr("Use it here"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 4, metric::pageEdge, 14);
    column->setSpacing(10);
    column->addWidget(m_addressRow);
    column->addWidget(m_whatHead);
    column->addWidget(m_what);
    column->addWidget(m_trouble);
    column->addWidget(m_add, 0, Qt::AlignLeft);
}

void PlacePanel::setKnown(const ConnectionText::Known &known, EnvLook look)
{
    const bool possible = ConnectionText::canComeHere(known);
    if (!possible)
        keepFocusBeside(this);
    const Place place{known.connection.id, known.environment};
    if (m_place != place) {
        m_trouble->hide();
        m_adding = false;
        const auto *program = std::get_if<mcpcore::StdioTarget>(&known.connection.target);
        m_command = program ? ConnectionText::commandLine(QStringList(program->program) + program->arguments) : QString();
        m_address->setText(known.vendor && !program ? known.vendor->places.value(known.kind()).server : QString());
        m_add->rearm();
    }
    m_place = place;
    m_addressRow->setVisible(m_command.isEmpty());
    m_add->setLook(look);
    m_add->setText(tr("Use it in %1").arg(wordOf(place.environment)));
    setVisible(possible);
    refresh();
}

void PlacePanel::begin()
{
    if (!isHidden() && m_command.isEmpty())
        m_address->setFocus(Qt::OtherFocusReason);
}

void PlacePanel::rearm()
{
    m_add->rearm();
}

void PlacePanel::refresh()
{
    const QString origin = mcpcore::originOf(m_address->text().trimmed());
    const bool runs = !m_command.isEmpty();
    m_whatHead->setText(runs ? tr("This will be run on this computer, as you:") : tr("This will be contacted:"));
    m_what->setForeignText(runs ? m_command : origin.isEmpty() ? QString() : ConnectionText::originOfPage(m_address->text().trimmed()));
    const bool says = !m_what->text().isEmpty();
    m_whatHead->setVisible(says);
    m_what->setVisible(says);
    setUsable(m_address, !m_adding);
    m_add->setBlocked(m_adding                    ? tr("It is being added")
                      : runs || !origin.isEmpty() ? QString()
                                                  : tr("Give the address of its server, with https://"));
}

void PlacePanel::add()
{
    m_adding = true;
    refresh();
    m_desk.placeConnection(m_place.connection, m_place.environment, m_command.isEmpty() ? m_address->text().trimmed() : QString(),
                           Completion<>(this, [this, place = m_place](Result<> added) {
                               if (added)
                                   Q_EMIT said(tr("%1 can be used in %2 now.", "connection, environment")
                                                   .arg(ConnectionText::name(place.connection.text), wordOf(place.environment)));
                               if (place != m_place)
                                   return;
                               m_adding = false;
                               m_trouble->setText({}, added ? QString() : added.error().message);
                               m_trouble->setVisible(!added);
                               refresh();
                           }));
}

} // namespace ui
