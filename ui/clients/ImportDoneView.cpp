// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ImportDoneView.h"
#include "ui/clients/ClientText.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include <QUrl>

namespace ui {

namespace {

QString keyText(const mcpcore::Workspace &workspace, const mcpcore::KeyId &id)
{
    for (const mcpcore::KeyRecord &key : workspace.keys)
        if (key.id == id)
            return ConnectionText::keyText(key);
    return {};
}

} // namespace

ImportDoneView::ImportDoneView(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("clients.import.done"));
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(8);
}

void ImportDoneView::setOutcome(const ImportOutcome &outcome, const mcpcore::Workspace &workspace)
{
    while (QLayoutItem *old = m_column->takeAt(0)) {
        if (QWidget *part = old->widget()) {
            keepFocusBeside(part);
            part->hide();
            part->deleteLater();
        }
        delete old;
    }
    for (int at = 0; at < outcome.connections.size(); ++at)
        add(outcome.connections[at], workspace, ClientText::path(outcome.edit.file), at);
}

void ImportDoneView::add(const ImportOutcome::Connection &connection, const mcpcore::Workspace &workspace, const QString &file, int at)
{
    const QString name = QStringLiteral("clients.import.done.%1").arg(at);
    auto *row = new QWidget(this);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto *words = new PlainLabel(m_theme, {}, Type::Body, Role::Text, row);
    words->setObjectName(name);
    words->setMaxLines(0);
    const EnvLook look = lookOf(workspace, connection.environment);
    const QString key = keyText(workspace, connection.key);
    Runs runs = foreignRuns(connection.connection.text, Role::Text, Run::Style::Strong);
    runs += ownRuns(tr(" in ", "connection in environment"));
    runs += foreignRuns(wordOf(connection.environment), Theme::role(look, EnvPart::Text), Run::Style::EnvWord);
    runs += connection.key.isEmpty() ? ownRuns(tr(" is there, without a key"))
                                     : ownRuns(key.isEmpty() ? tr(" has its key") : tr(" has the key "));
    runs += foreignRuns(key, Role::Text, Run::Style::Mono);
    words->setRuns(runs);
    auto *texts = new QVBoxLayout;
    texts->setSpacing(2);
    texts->addWidget(words);
    if (!connection.note.isEmpty()) {
        auto *note = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, row);
        note->setObjectName(name + QStringLiteral(".note"));
        note->setMaxLines(0);
        note->setForeignText(connection.note);
        texts->addWidget(note);
    }
    line->addWidget(new IconView(m_theme, QStringLiteral("check"), Role::Text, metric::icon, row), 0, Qt::AlignTop);
    line->addLayout(texts, 1);
    m_column->addWidget(row);
    row->show();
    if (connection.key.isEmpty())
        return;
    auto *renew = wrapping(new Note(m_theme, Note::Kind::Caution, this));
    renew->setObjectName(name + QStringLiteral(".renew"));
    renew->setIcon(QStringLiteral("key"));
    renew->setText(tr("This key stood in plain text in %1.").arg(file),
                   tr("Others may have read it. Make a new one, replace this one in Connections, and revoke it at its vendor."));
    if (const QUrl page(connection.makeKeys); !connection.makeKeys.isEmpty()) {
        Button *make = renew->addButton(name + QStringLiteral(".make"), tr("Make a key …"));
        make->setAccessibleDescription(tr("Opens %1").arg(page.host(QUrl::FullyEncoded)));
        make->setToolTip(plainToolTip(tr("Opens %1").arg(page.host(QUrl::FullyEncoded))));
        make->setIconName(QStringLiteral("external"));
        make->setEnterPresses();
        connect(make, &QAbstractButton::clicked, this, [this, address = connection.makeKeys] { Q_EMIT pageWanted(address); });
    }
    m_column->addWidget(renew);
    renew->show();
}

} // namespace ui
