// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyCard.h"
#include "ui/connections/KeySight.h"
#include "ui/connections/KeyText.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/ConfirmPanel.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include <QHBoxLayout>
#include <QMenu>

namespace ui {

using mcpcore::KeyRecord;
using mcpcore::Result;

KeyCard::KeyCard(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme)
{
    setObjectName(QStringLiteral("key.card"));
    build(theme, clock);
    connect(m_set, &QAbstractButton::clicked, this, [this] { Q_EMIT setWanted(m_client); });
    connect(m_replace, &QAbstractButton::clicked, this, [this] { Q_EMIT setWanted(m_client); });
    connect(m_verify, &QAbstractButton::clicked, this, &KeyCard::verifyWanted);
    connect(m_more, &QAbstractButton::clicked, this, &KeyCard::popUp);
    connect(m_delete, &ConfirmPanel::confirmed, this, &KeyCard::deleteKey);
}

void KeyCard::build(const Theme &theme, const mcpcore::Clock &clock)
{
    m_icon = new IconView(theme, QStringLiteral("key"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(theme, {}, Type::BodyStrong, Role::Text, this);
    m_title->setObjectName(QStringLiteral("key.title"));
    m_text = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_text->setObjectName(QStringLiteral("key.text"));
    m_text->setMaxLines(2);
    m_label = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_label->setObjectName(QStringLiteral("key.label-text"));
    m_label->setMaxLines(3);
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("key.trouble"));
    m_note = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_note->setObjectName(QStringLiteral("key.said"));
    m_note->setMaxLines(0);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    const auto button = [&](const char *id, const QString &text) {
        auto *made = new Button(theme, text, Button::Kind::Normal, this);
        made->setObjectName(QLatin1String(id));
        made->setEnterPresses();
        buttons->addWidget(made);
        return made;
    };
    m_set = button("key.set", tr("Set key …"));
    m_verify = button("key.verify", tr("Verify now"));
    m_verify->setIconName(QStringLiteral("refresh"));
    m_replace = button("key.replace", tr("Replace …"));
    m_more = button("key.more", {});
    m_more->setIconName(QStringLiteral("more"));
    m_more->setAccessibleName(tr("More actions for this key"));
    buttons->addStretch(1);

    m_menu = new QMenu(this);
    m_menu->setObjectName(QStringLiteral("key.menu"));
    const auto action = [this](const char *id, const QString &text, auto &&done) {
        QAction *made = m_menu->addAction(text);
        made->setObjectName(QLatin1String(id));
        connect(made, &QAction::triggered, this, done);
        return made;
    };
    action("key.reveal", tr("Show the key …"), [this] { m_sight->begin(m_key, Desk::Sight::Shown); });
    action("key.copy", tr("Copy the key …"), [this] { m_sight->begin(m_key, Desk::Sight::Copied); });
    m_own = action("key.own", tr("Give a client its own key …"), [this] { Q_EMIT setWanted(m_withoutOwn); });
    m_menu->addSeparator();
    action("key.delete", tr("Delete the key …"), [this] { askDelete(); });
    m_delete = new ConfirmPanel(theme, clock, QStringLiteral("key.delete-panel"), this);
    m_sight = new KeySight(m_desk, theme, clock, this);
    m_picks = new QWidget(this);
    m_pickColumn = new QVBoxLayout(m_picks);
    m_pickColumn->setContentsMargins(0, 0, 0, 0);
    m_pickColumn->setSpacing(2);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    words->addWidget(m_label);
    auto *head = new QHBoxLayout;
    head->setSpacing(9);
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addLayout(words, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 12);
    column->setSpacing(10);
    column->addLayout(head);
    column->addWidget(m_trouble);
    column->addWidget(m_note);
    column->addLayout(buttons);
    column->addWidget(m_delete);
    column->addWidget(m_sight);
    column->addWidget(m_picks);
}

void KeyCard::popUp()
{
    m_menu->popup(m_more->mapToGlobal(QPoint(0, m_more->height() + 2)));
}

void KeyCard::setKnown(const ConnectionText::Known &known)
{
    const KeyRecord *key = known.key();
    const mcpcore::KeyId id = key ? key->id : mcpcore::KeyId();
    // What was asked or shown was about another key.
    if (id != m_key || known.client != m_client) {
        m_sight->end();
        m_delete->drop();
    }
    m_key = id;
    m_client = known.client;
    // Focus that would leave with its button stays here.
    const QWidget *focus = window()->focusWidget();
    if (focus && ((key && focus == m_set) || (!key && (focus == m_verify || focus == m_replace || focus == m_more))))
        setFocus(Qt::OtherFocusReason);
    for (Button *button : {m_verify, m_replace, m_more})
        button->setVisible(key);
    m_set->setVisible(!key);
    if (key)
        showKey(*key, known);
    else
        showMissing(known);
    setPicks(known);
}

void KeyCard::showKey(const KeyRecord &key, const ConnectionText::Known &known)
{
    const QString text = ConnectionText::keyText(key);
    m_title->setType(text.isEmpty() ? Type::BodyStrong : Type::Code);
    m_title->setText(text.isEmpty() ? tr("Key set, too short to show a part of") : text);
    m_text->setText(tr("%1, %2", "kind of key, for whom").arg(KeyText::kind(key), KeyText::forWhom(key, known.workspace)));
    m_label->setForeignText(key.label);
    m_label->setVisible(!key.label.isEmpty());
    m_lost = KeyText::lostWith(key, known.workspace);

    const KeyText::State state = KeyText::stateOf(key, known);
    const QString sentence = KeyText::stateText(state, key, known);
    const KeyProgress *progress = known.keyProgress;
    const bool failed = progress && (progress->phase == KeyProgress::Phase::Refused || progress->phase == KeyProgress::Phase::Failed);
    const QString more = state == KeyText::State::StoreShut ? known.store.trouble
                         : failed                           ? progress->text
                         : state == KeyText::State::Exposed ? KeyText::exposed(key, known)
                                                            : QString();
    m_trouble->setText(KeyText::needsCare(state) ? sentence + QLatin1Char('.') : QString(), more);
    m_trouble->setVisible(KeyText::needsCare(state) || failed);
    const bool asking = state == KeyText::State::Asking;
    m_note->setText(asking                                                    ? sentence
                    : progress && progress->phase == KeyProgress::Phase::Said ? progress->text
                    : state == KeyText::State::NotVerified || state == KeyText::State::Set
                        ? tr("Not verified: %1 was not asked about it.").arg(KeyText::vendorName(known))
                        : QString());
    m_note->setVisible(!m_note->text().isEmpty() && !m_trouble->isVisibleTo(this));
    setUsable(m_verify, !asking);
    m_withoutOwn = {};
    for (const mcpcore::Client &client : known.workspace.clients)
        if (m_withoutOwn.isEmpty() && !client.revoked && !keyOf(known.workspace, {key.connection, key.environment}, client.id))
            m_withoutOwn = client.id;
    m_own->setVisible(!m_withoutOwn.isEmpty());
}

void KeyCard::showMissing(const ConnectionText::Known &known)
{
    m_title->setType(Type::BodyStrong);
    m_title->setText(known.client.isEmpty() ? tr("No key") : tr("No key for %1").arg(KeyText::clientName(known.workspace, known.client)));
    m_text->setText(tr("Calls are not sent without one."));
    m_label->hide();
    m_trouble->hide();
    m_note->hide();
}

void KeyCard::setPicks(const ConnectionText::Known &known)
{
    const QList<KeyRecord> keys = keysAt(known.workspace, {known.connection.id, known.environment});
    const bool many = keys.size() > 1 || (keys.size() == 1 && keys.first().client);
    QStringList texts;
    for (const KeyRecord &key : keys)
        texts.append(tr("%1  %2", "for whom, the key").arg(KeyText::forWhom(key, known.workspace), ConnectionText::keyText(key)));
    m_picks->setVisible(many);
    const auto mark = [&] {
        const auto buttons = m_picks->findChildren<Button *>();
        for (qsizetype at = 0; at < buttons.size() && at < keys.size(); ++at)
            buttons[at]->setChecked(keys[at].client.value_or(mcpcore::ClientId()) == known.client);
    };
    if (texts == m_pickTexts)
        return mark();
    m_pickTexts = texts;
    if (m_picks->isAncestorOf(window()->focusWidget()))
        setFocus(Qt::OtherFocusReason);
    while (QLayoutItem *old = m_pickColumn->takeAt(0)) {
        old->widget()->hide();
        old->widget()->setParent(nullptr);
        old->widget()->deleteLater();
        delete old;
    }
    m_pickColumn->addWidget(new PlainLabel(m_theme, tr("Keys of this place"), Type::CaptionStrong, Role::TextFaint, m_picks));
    for (qsizetype at = 0; at < keys.size(); ++at) {
        auto *pick = new Button(m_theme, texts[at], Button::Kind::Flat, m_picks);
        pick->setObjectName(QStringLiteral("key.pick.%1").arg(at));
        pick->setCheckable(true);
        pick->setEnterPresses();
        connect(pick, &QAbstractButton::clicked, this,
                [this, client = keys[at].client.value_or(mcpcore::ClientId())] { Q_EMIT picked(client); });
        m_pickColumn->addWidget(pick, 0, Qt::AlignLeft);
    }
    mark();
}

void KeyCard::askDelete()
{
    if (m_key.isEmpty())
        return;
    m_sight->end();
    m_delete->ask(m_lost, tr("Delete the key"), tr("Keep it"));
}

void KeyCard::deleteKey()
{
    m_desk.deleteKey(m_key, mcpcore::Completion<>(this, [this](Result<> deleted) {
                         Q_EMIT said(deleted ? tr("Deleted the key. Revoke it at its vendor, too.") : deleted.error().message);
                     }));
}

} // namespace ui
