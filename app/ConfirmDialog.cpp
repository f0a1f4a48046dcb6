// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ConfirmDialog.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/PlainLabel.h"
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace app {

using namespace mcpcore;

ConfirmDialog::ConfirmDialog(const ui::Theme &theme, const Clock &clock, const QString &sentence, const QString &detail, Completion<> done,
                             QWidget *parent)
    : QDialog(parent), m_done(std::move(done))
{
    setObjectName(QStringLiteral("confirm"));
    setWindowTitle(tr("Confirm - Countersign"));
    setAttribute(Qt::WA_DeleteOnClose);
    setAttribute(Qt::WA_ShowWithoutActivating);
    resize(620, 420);

    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(20, 20, 20, 20);
    layout->setSpacing(12);
    auto *title = new ui::PlainLabel(theme, sentence, ui::Type::Title, ui::Role::Text, this);
    title->setObjectName(QStringLiteral("confirm.sentence"));
    title->setMaxLines(0);
    title->setFocusPolicy(Qt::TabFocus);
    layout->addWidget(title);
    auto *from = new ui::PlainLabel(theme, tr("Asked by countersignctl, by a program of this user. If you did not ask for it, refuse."),
                                    ui::Type::Body, ui::Role::TextMuted, this);
    from->setMaxLines(0);
    layout->addWidget(from);
    auto *bytes = new ui::BytesView(theme, this);
    bytes->setObjectName(QStringLiteral("confirm.detail"));
    bytes->setBytes(detail.toUtf8());
    layout->addWidget(bytes, 1);

    auto *buttons = new QHBoxLayout;
    buttons->addStretch();
    auto *refuse = new ui::Button(theme, tr("Refuse"), ui::Button::Kind::Normal, this);
    refuse->setObjectName(QStringLiteral("confirm.refuse"));
    connect(refuse, &QAbstractButton::clicked, this, [this] { decide(false); });
    buttons->addWidget(refuse);
    auto *allow = new ui::ArmedButton(theme, clock, this);
    allow->setObjectName(QStringLiteral("confirm.allow"));
    allow->setText(tr("Do it"));
    connect(allow, &QAbstractButton::clicked, this, [this] { decide(true); });
    buttons->addWidget(allow);
    layout->addLayout(buttons);
    title->setFocus();
    connect(this, &QDialog::rejected, this, [this] { decide(false); });
}

void ConfirmDialog::decide(bool allowed)
{
    m_done(allowed ? Result<>() : failure(Error::Kind::Denied, tr("Refused by the person at the window.")));
    close();
}

} // namespace app
