// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/PassphraseDialog.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/SecretField.h"
#include <QHBoxLayout>
#include <QPointer>

namespace ui {

using mcpcore::Error;
using mcpcore::failure;
using mcpcore::Result;
using mcpcore::Secret;

PassphraseDialog::PassphraseDialog(const Theme &theme, For what, Use use, QWidget *parent)
    : QDialog(parent), m_for(what), m_use(std::move(use))
{
    setObjectName(QStringLiteral("passphrase"));
    setWindowTitle(tr("Key file - Countersign"));
    setAttribute(Qt::WA_DeleteOnClose);
    build(theme);
    for (SecretField *field : {m_field, m_again}) {
        if (!field)
            continue;
        connect(field, &SecretField::changed, this, [this] { m_do->setEnabled(isFilled()); });
        connect(field, &SecretField::refused, this, [this](const QString &reason) { take(failure(Error::Kind::InvalidArgument, reason)); });
    }
    // Enter in the first of two goes on to the second.
    connect(m_field, &SecretField::submitted, this, [this] { m_again ? m_again->setFocus(Qt::TabFocusReason) : submit(); });
    if (m_again)
        connect(m_again, &SecretField::submitted, this, &PassphraseDialog::submit);
    connect(m_leave, &QAbstractButton::clicked, this, &QDialog::reject);
    connect(m_do, &QAbstractButton::clicked, this, &PassphraseDialog::submit);
    m_field->setFocus();
}

void PassphraseDialog::build(const Theme &theme)
{
    const bool opens = m_for == For::OpenFile;
    auto *title = new PlainLabel(theme, opens ? tr("Passphrase of the key file") : tr("Passphrase for a new key file"), Type::Title,
                                 Role::Text, this);
    title->setObjectName(QStringLiteral("passphrase.title"));
    auto *why = new PlainLabel(theme,
                               opens ? tr("The keys of this profile are in an encrypted file. Nothing that needs one is sent until the "
                                          "file is open; it stays so until Countersign ends.")
                                     : tr("Keys and sign-ins move from the system keychain to an encrypted file of this profile. It is "
                                          "opened with this passphrase, once at each start. Nobody can recover it: without it the keys "
                                          "are lost."),
                               Type::Body, Role::TextMuted, this);
    why->setObjectName(QStringLiteral("passphrase.why"));
    why->setMaxLines(0);
    m_field = new SecretField(theme, title->text(), this);
    m_field->setObjectName(QStringLiteral("passphrase.field"));
    m_again = opens ? nullptr : new SecretField(theme, tr("The same passphrase again"), this);
    m_message = new PlainLabel(theme, {}, Type::Body, Role::Caution, this);
    m_message->setObjectName(QStringLiteral("passphrase.message"));
    m_message->setMaxLines(0);
    m_message->hide();
    m_leave = new Button(theme, opens ? tr("Later") : tr("Leave them in the keychain"), Button::Kind::Normal, this);
    m_leave->setObjectName(QStringLiteral("passphrase.later"));
    m_leave->setEnterPresses();
    m_do = new Button(theme, opens ? tr("Open") : tr("Move the keys"), Button::Kind::Primary, this);
    m_do->setObjectName(QStringLiteral("passphrase.open"));
    m_do->setEnterPresses();
    m_do->setEnabled(false);

    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    buttons->addWidget(m_leave);
    buttons->addWidget(m_do);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 20);
    layout->setSpacing(12);
    layout->addWidget(title);
    layout->addWidget(why);
    if (m_again) {
        m_again->setObjectName(QStringLiteral("passphrase.again"));
        layout->addLayout(formRow(theme, tr("Passphrase: 8 characters or more"), m_field));
        layout->addLayout(formRow(theme, m_again->accessibleName(), m_again));
    } else {
        layout->addWidget(m_field);
    }
    layout->addWidget(m_message);
    layout->addStretch();
    layout->addLayout(buttons);
    resize(480, m_again ? 340 : 260);
}

bool PassphraseDialog::isFilled() const
{
    return !m_field->isEmpty() && (!m_again || !m_again->isEmpty());
}

void PassphraseDialog::submit()
{
    if (!isFilled() || !m_field->isEnabled())
        return;
    Secret given = m_field->take();
    const bool same = !m_again || mcpcore::equalInConstantTime(given, m_again->take());
    if (!same)
        return take(failure(Error::Kind::InvalidArgument, tr("The two are not the same. Give the passphrase twice again.")));
    setBusy(true);
    m_message->setRole(Role::TextMuted);
    m_message->setText(m_for == For::OpenFile ? tr("Opening it takes a moment.") : tr("Moving the keys takes a moment."));
    m_message->show();
    m_use(std::move(given), [self = QPointer(this)](const Result<> &used) {
        if (self)
            self->take(used);
    });
}

void PassphraseDialog::take(const Result<> &used)
{
    if (used)
        return accept();
    m_message->setRole(Role::Caution);
    m_message->setText(used.error().message);
    m_message->show();
    setBusy(false);
    m_field->setFocus();
}

void PassphraseDialog::setBusy(bool busy)
{
    for (SecretField *field : {m_field, m_again})
        if (field)
            field->setEnabled(!busy);
    m_leave->setEnabled(!busy);
    m_do->setEnabled(!busy && isFilled());
}

} // namespace ui
