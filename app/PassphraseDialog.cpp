// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/PassphraseDialog.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/SecretField.h"
#include <QHBoxLayout>
#include <QPointer>
#include <QVBoxLayout>

namespace app {

using namespace mcpcore;

PassphraseDialog::PassphraseDialog(const ui::Theme &theme, Unlock unlock, QWidget *parent)
    : QDialog(parent),
      m_unlock(std::move(unlock)),
      m_field(new ui::SecretField(theme, tr("Passphrase of the key file"), this)),
      m_message(new ui::PlainLabel(theme, {}, ui::Type::Body, ui::Role::Caution, this)),
      m_open(new ui::Button(theme, tr("Open"), ui::Button::Kind::Primary, this))
{
    setObjectName(QStringLiteral("passphrase"));
    setWindowTitle(tr("Key file - Countersign"));
    setAttribute(Qt::WA_DeleteOnClose);
    resize(480, 260);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 20);
    layout->setSpacing(12);
    layout->addWidget(new ui::PlainLabel(theme, tr("Passphrase of the key file"), ui::Type::Title, ui::Role::Text, this));
    auto *why =
        new ui::PlainLabel(theme,
                           tr("The keys of this profile are in an encrypted file. Nothing that needs one is sent until the file is open; "
                              "it stays so until Countersign ends."),
                           ui::Type::Body, ui::Role::TextMuted, this);
    why->setMaxLines(0);
    layout->addWidget(why);
    m_field->setObjectName(QStringLiteral("passphrase.field"));
    layout->addWidget(m_field);
    m_message->setObjectName(QStringLiteral("passphrase.message"));
    m_message->setMaxLines(0);
    m_message->hide();
    layout->addWidget(m_message);

    layout->addStretch();
    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    auto *later = new ui::Button(theme, tr("Later"), ui::Button::Kind::Normal, this);
    later->setObjectName(QStringLiteral("passphrase.later"));
    connect(later, &QAbstractButton::clicked, this, &QDialog::reject);
    buttons->addWidget(later);
    m_open->setObjectName(QStringLiteral("passphrase.open"));
    m_open->setEnabled(false);
    connect(m_open, &QAbstractButton::clicked, this, &PassphraseDialog::submit);
    buttons->addWidget(m_open);
    layout->addLayout(buttons);

    connect(m_field, &ui::SecretField::changed, this, [this] { m_open->setEnabled(!m_field->isEmpty()); });
    connect(m_field, &ui::SecretField::submitted, this, &PassphraseDialog::submit);
    connect(m_field, &ui::SecretField::refused, this,
            [this](const QString &reason) { take(failure(Error::Kind::InvalidArgument, reason)); });
    m_field->setFocus();
}

void PassphraseDialog::submit()
{
    if (m_field->isEmpty())
        return;
    m_field->setEnabled(false);
    m_message->setRole(ui::Role::TextMuted);
    m_message->setText(tr("Opening it takes a moment."));
    m_message->show();
    m_unlock(m_field->take(), [self = QPointer(this)](const Result<> &unlocked) {
        if (self)
            self->take(unlocked);
    });
}

void PassphraseDialog::take(const Result<> &unlocked)
{
    if (unlocked)
        return accept();
    m_message->setRole(ui::Role::Caution);
    m_message->setText(unlocked.error().message);
    m_message->show();
    m_field->setEnabled(true);
    m_field->setFocus();
}

} // namespace app
