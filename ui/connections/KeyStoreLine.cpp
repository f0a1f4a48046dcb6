// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyStoreLine.h"
#include "ui/connections/PassphraseDialog.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/ConfirmPanel.h"
#include "ui/widgets/FormParts.h"
#include <QHBoxLayout>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using mcpcore::Secret;

KeyStoreLine::KeyStoreLine(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme)
{
    m_where = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_where->setObjectName(QStringLiteral("connections.store"));
    m_move = new Button(theme, tr("Move keys …"), Button::Kind::Flat, this);
    m_move->setObjectName(QStringLiteral("connections.store.move"));
    m_move->setEnterPresses();
    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(4);
    row->addWidget(m_where);
    row->addWidget(m_move);
    row->addStretch(1);
    m_confirm = new ConfirmPanel(theme, clock, QStringLiteral("connections.store.panel"), parent);
    m_confirm->setContentsMargins(metric::pageEdge, 10, metric::pageEdge, 10);
    connect(m_move, &QAbstractButton::clicked, this, &KeyStoreLine::begin);
    connect(m_confirm, &ConfirmPanel::confirmed, this, &KeyStoreLine::moveToKeychain);
    connect(&desk, &Desk::statusChanged, this, &KeyStoreLine::refresh);
    refresh();
}

QWidget *KeyStoreLine::panel() const
{
    return m_confirm;
}

void KeyStoreLine::refresh()
{
    const KeyStore store = m_desk.status().keyStore;
    m_where->setText(m_moving       ? tr("Moving keys and sign-ins")
                     : store.inFile ? tr("Keys and sign-ins are in the encrypted file of this profile")
                                    : tr("Keys and sign-ins are in the system keychain"));
    m_move->setAccessibleDescription(store.inFile ? tr("To the system keychain") : tr("To an encrypted file of this profile"));
    if (!store.inFile)
        m_confirm->drop();
}

void KeyStoreLine::begin()
{
    if (m_desk.status().keyStore.inFile)
        return m_confirm->ask(tr("Keys and sign-ins move from the encrypted file to the system keychain, which opens with your login. "
                                 "The file is removed, and its passphrase is not asked for any more."),
                              tr("Move them to the keychain"), tr("Leave them in the file"));
    auto *dialog = new PassphraseDialog(
        m_theme, PassphraseDialog::For::NewFile,
        [this](Secret given, const std::function<void(Result<>)> &tell) { moveToFile(std::move(given), tell); }, // we own the dialog
        this);
    dialog->open();
}

void KeyStoreLine::moveToFile(Secret passphrase, const std::function<void(Result<>)> &tell)
{
    setMoving(true);
    m_desk.moveKeysToFile(
        std::move(passphrase), Completion<QString>(this, [this, tell](const Result<QString> &moved) {
            setMoving(false);
            if (moved)
                Q_EMIT said(tr("Moved keys and sign-ins to the encrypted file. %1", "what is left to know").arg(*moved).trimmed());
            tell(moved ? Result<>() : mcpcore::failure(moved.error()));
        }));
}

void KeyStoreLine::moveToKeychain()
{
    setMoving(true);
    m_desk.moveKeysToKeychain(Completion<QString>(this, [this](const Result<QString> &moved) {
        setMoving(false);
        if (!moved)
            return m_confirm->ask(moved.error().message, tr("Try again"), tr("Leave them in the file"));
        Q_EMIT said(tr("Moved keys and sign-ins to the system keychain. %1", "what is left to know").arg(*moved).trimmed());
    }));
}

void KeyStoreLine::setMoving(bool moving)
{
    m_moving = moving;
    setUsable(m_move, !moving);
    refresh();
}

} // namespace ui
