// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeySight.h"
#include "ui/connections/RevealedKey.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/SecretField.h"
#include <QHBoxLayout>

namespace ui {

using mcpcore::Completion;
using mcpcore::Error;
using mcpcore::Milliseconds;
using mcpcore::Result;
using mcpcore::Secret;

namespace {

constexpr Milliseconds kShownFor = std::chrono::seconds(30);

} // namespace

KeySight::KeySight(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_clock(clock), m_clipboard(clock, nullptr)
{
    setObjectName(QStringLiteral("key.sight"));
    m_words = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_words->setObjectName(QStringLiteral("key.sight.words"));
    m_words->setMaxLines(0);
    m_note = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_note->setObjectName(QStringLiteral("key.sight.note"));
    m_shown = new RevealedKey(theme, this);
    m_shown->setObjectName(QStringLiteral("key.revealed"));
    m_passphraseRow = new QWidget(this);
    m_passphrase = new SecretField(theme, tr("Passphrase of the key file"), m_passphraseRow);
    m_passphrase->setObjectName(QStringLiteral("key.sight.passphrase"));
    QVBoxLayout *lines = formRow(theme, m_passphrase->accessibleName(), m_passphrase);
    lines->setContentsMargins(0, 0, 0, 0);
    m_passphraseRow->setLayout(lines);
    m_confirm = new ArmedButton(theme, clock, this);
    m_confirm->setObjectName(QStringLiteral("key.sight.confirm"));
    m_confirm->setPlain();
    m_close = new Button(theme, {}, Button::Kind::Normal, this);
    m_close->setObjectName(QStringLiteral("key.sight.close"));
    m_close->setEnterPresses();
    m_copied = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_copied->setObjectName(QStringLiteral("key.copied"));
    m_copied->setMaxLines(0);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_close, 0, Qt::AlignVCenter);
    buttons->addWidget(m_confirm);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    for (QWidget *part : QList<QWidget *>{m_note, m_passphraseRow, m_shown, m_words})
        column->addWidget(part);
    column->addLayout(buttons);
    column->addWidget(m_copied);

    connect(m_close, &QAbstractButton::clicked, this, &KeySight::end);
    connect(m_confirm, &QAbstractButton::clicked, this, &KeySight::confirm);
    connect(m_passphrase, &SecretField::submitted, this, &KeySight::confirm);
    connect(m_passphrase, &SecretField::changed, this, &KeySight::refreshConfirm);
    connect(m_passphrase, &SecretField::refused, this, [this](const QString &why) { go(Stage::Confirming, why); });
    connect(&m_clipboard, &KeyClipboard::changed, this, &KeySight::showClipboard);
    connect(&desk, &Desk::locksChanged, this, [this] {
        if (m_stage == Stage::Shown)
            end();
    });
    go(Stage::Idle);
}

void KeySight::begin(const mcpcore::KeyId &key, Desk::Sight sight)
{
    end();
    m_key = key;
    m_sight = sight;
    ask(Desk::Confirmed::No);
}

// With keys in the file, what opens the file is what shows one of them.
void KeySight::confirm()
{
    const bool inFile = !m_passphraseRow->isHidden();
    if (inFile && m_passphrase->isEmpty())
        return;
    ask(Desk::Confirmed::Here, m_passphrase->take());
}

void KeySight::refreshConfirm()
{
    const bool missing = !m_passphraseRow->isHidden() && m_passphrase->isEmpty();
    m_confirm->setBlocked(missing ? tr("Give the passphrase of the key file") : QString());
}

void KeySight::ask(Desk::Confirmed confirmed, Secret passphrase)
{
    go(Stage::Asking, confirmed == Desk::Confirmed::No ? tr("Asking for your login. Answer in the window that the system opens.")
                                                       : tr("Reading the key."));
    m_desk.revealKey(m_key, m_sight, confirmed, std::move(passphrase),
                     Completion<Secret>(this, [this, round = m_round](Result<Secret> secret) {
                         if (round == m_round)
                             take(std::move(secret));
                     }));
}

void KeySight::take(Result<Secret> secret)
{
    const bool wrong = !secret && m_desk.status().keyStore.inFile && secret.error().kind == Error::Kind::InvalidArgument;
    if (wrong || (!secret && secret.error().kind == Error::Kind::NeedsPerson))
        return go(Stage::Confirming, secret.error().message);
    if (!secret)
        return go(Stage::Failed, secret.error().message);
    if (m_sight == Desk::Sight::Copied) {
        go(Stage::Idle);
        return m_clipboard.put(std::move(*secret));
    }
    m_shown->uncover(std::move(*secret));
    m_until = m_clock.monotonic() + kShownFor;
    go(Stage::Shown);
    window()->installEventFilter(this);
    tick(m_round);
}

void KeySight::end()
{
    m_shown->forget();
    go(Stage::Idle);
}

// One place for every change: what was on its way is void, and nothing of a key stays behind a stage that does not show it.
void KeySight::go(Stage stage, const QString &text)
{
    ++m_round;
    m_stage = stage;
    if (stage != Stage::Shown)
        m_shown->forget();
    const bool troubled = stage == Stage::Confirming || stage == Stage::Failed;
    if (stage == Stage::Idle)
        keepFocusBeside(this);
    m_note->setText({}, text);
    m_note->setVisible(troubled);
    m_words->setText(stage == Stage::Asking ? text : QString());
    m_words->setVisible(stage == Stage::Asking || stage == Stage::Shown);
    m_shown->setVisible(stage == Stage::Shown);
    m_passphrase->clear();
    m_passphraseRow->setVisible(stage == Stage::Confirming && m_desk.status().keyStore.inFile);
    if (!m_passphraseRow->isHidden())
        m_passphrase->setFocus(Qt::OtherFocusReason);
    refreshConfirm();
    m_confirm->setText(m_sight == Desk::Sight::Shown ? tr("Show the key") : tr("Copy the key"));
    m_confirm->setVisible(stage == Stage::Confirming);
    m_close->setText(stage == Stage::Shown ? tr("Hide") : stage == Stage::Failed ? tr("Close") : tr("Cancel"));
    m_close->setVisible(stage != Stage::Idle);
    showClipboard();
}

void KeySight::tick(int round)
{
    if (round != m_round)
        return;
    const Milliseconds left = m_until - m_clock.monotonic();
    if (left.count() <= 0)
        return end();
    m_words->setText(tr("Hidden again in %1, or when this window loses focus.").arg(countdownText(left)));
    m_clock.after(std::min(left, Milliseconds(1000)), this, [this, round] { tick(round); });
}

void KeySight::showClipboard()
{
    const bool there = m_clipboard.holds();
    m_copied->setText(there ? tr("Copied. The clipboard is cleared in %1.").arg(countdownText(m_clipboard.left())) : QString());
    m_copied->setVisible(there);
    setVisible(there || m_stage != Stage::Idle);
}

void KeySight::hideEvent(QHideEvent *event)
{
    QWidget::hideEvent(event);
    if (m_stage != Stage::Idle)
        end();
}

bool KeySight::eventFilter(QObject *watched, QEvent *event)
{
    const bool left = event->type() == QEvent::WindowDeactivate || event->type() == QEvent::Hide;
    if (left && watched == window() && m_stage == Stage::Shown)
        end();
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
