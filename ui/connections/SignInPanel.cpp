// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/SignInPanel.h"
#include "ui/connections/KeyText.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace ui {

using mcpcore::SignInState;
using Phase = SignInProgress::Phase;

namespace {

// A sunken box around what is to be copied.
class Box final : public QWidget
{
public:
    Box(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme) {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintPanel(painter, rect(), m_theme.color(Role::Sunken), m_theme.color(Role::Border));
    }

private:
    const Theme &m_theme;
};

} // namespace

SignInPanel::SignInPanel(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    setObjectName(QStringLiteral("connections.account"));
    m_icon = new IconView(theme, QStringLiteral("key"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(theme, {}, Type::BodyStrong, Role::Text, this);
    m_title->setObjectName(QStringLiteral("connections.account.title"));
    m_title->setMaxLines(3);
    m_text = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_text->setObjectName(QStringLiteral("connections.account.text"));
    m_text->setMaxLines(0);
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("connections.account.trouble"));
    m_addressBox = new Box(theme, this);
    m_address = new PlainLabel(theme, {}, Type::Code, Role::Text, m_addressBox);
    m_address->setObjectName(QStringLiteral("connections.account.address"));
    m_address->setMaxLines(0);
    auto *boxed = new QVBoxLayout(m_addressBox);
    boxed->setContentsMargins(8, 6, 8, 6);
    boxed->addWidget(m_address);

    m_buttons = new QWidget(this);
    auto *row = new QHBoxLayout(m_buttons);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(8);
    const auto button = [&](const QString &id, const QString &text) {
        auto *made = new Button(theme, text, Button::Kind::Normal, m_buttons);
        made->setObjectName(QStringLiteral("connections.") + id);
        made->setEnterPresses();
        row->addWidget(made);
        return made;
    };
    m_signIn = button(QStringLiteral("sign-in"), tr("Sign in"));
    m_copyAddress = button(QStringLiteral("copy-address"), tr("Copy address"));
    m_cancel = button(QStringLiteral("cancel-sign-in"), tr("Cancel"));
    m_signOut = button(QStringLiteral("sign-out"), tr("Sign out"));
    m_copyAddress->setIconName(QStringLiteral("copy"));
    row->addStretch(1);

    auto *words = new QVBoxLayout;
    words->setSpacing(2);
    words->addWidget(m_title);
    words->addWidget(m_text);
    auto *head = new QHBoxLayout;
    head->setSpacing(9);
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addLayout(words, 1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 12);
    column->setSpacing(10);
    column->addLayout(head);
    column->addWidget(m_trouble);
    column->addWidget(m_addressBox);
    column->addWidget(m_buttons);

    connect(m_signIn, &QAbstractButton::clicked, this, &SignInPanel::signInWanted);
    connect(m_cancel, &QAbstractButton::clicked, this, &SignInPanel::cancelWanted);
    connect(m_signOut, &QAbstractButton::clicked, this, &SignInPanel::signOutWanted);
    connect(m_copyAddress, &QAbstractButton::clicked, this, [this] { copy(m_address->text(), tr("Copied the address.")); });
}

void SignInPanel::copy(const QString &text, const QString &sentence)
{
    QGuiApplication::clipboard()->setText(text);
    Q_EMIT said(sentence);
}

void SignInPanel::setKnown(const ConnectionText::Known &known)
{
    m_trouble->hide();
    m_addressBox->hide();
    // Focus that would leave with its button stays here: elsewhere it would press, or choose, something else.
    if (m_buttons->isAncestorOf(window()->focusWidget()))
        setFocus(Qt::OtherFocusReason);
    for (Button *button : {m_signIn, m_signOut, m_cancel, m_copyAddress})
        button->hide();
    m_title->setType(Type::BodyStrong);
    if (!known.connection.environments.contains(known.environment)) {
        m_icon->setIcon(QStringLiteral("connections"), Role::TextMuted);
        const bool never = known.vendor && !known.vendor->places.value(known.kind()).impossible.isEmpty();
        m_title->setText(never ? tr("Not possible here") : ConnectionText::cell(known).title);
        m_text->setText(never ? ConnectionText::cell(known).title : tr("This connection has no endpoint here."));
    } else if (mcpcore::needsSignIn(known.connection)) {
        showSignIn(known);
    } else {
        m_icon->setIcon(QStringLiteral("key"), Role::TextMuted);
        m_text->show();
        m_title->setText(tr("Needs no key"));
        m_text->setText(tr("Nothing secret is given to this server."));
    }
    const auto children = m_buttons->findChildren<Button *>();
    m_buttons->setVisible(std::any_of(children.begin(), children.end(), [](const Button *button) { return !button->isHidden(); }));
}

void SignInPanel::showSignIn(const ConnectionText::Known &known)
{
    const SignInState none{SignInState::Kind::Unknown, {}, {}, {}, {}, false, {}};
    const SignInState &signIn = known.state && known.state->signIn ? *known.state->signIn : none;
    m_icon->setIcon(QStringLiteral("person"), Role::TextMuted);
    const SignInProgress *progress = known.progress;
    const bool elsewhere = signIn.kind == SignInState::Kind::Waiting && !(progress && progress->runs());
    if ((progress && progress->runs()) || elsewhere)
        return showProgress(progress, elsewhere);

    QString trouble = signIn.trouble;
    const bool in = signIn.kind == SignInState::Kind::SignedIn || signIn.kind == SignInState::Kind::MoreAccess;
    const QString account = signIn.account.isEmpty() ? tr("Signed in at %1").arg(ConnectionText::name(signIn.at)) : signIn.account;
    switch (signIn.kind) {
    case SignInState::Kind::SignedOut:
        m_title->setText(tr("Not signed in"));
        m_text->setText(known.store.inFile ? tr("The page to sign in opens in your browser. What you give there is kept in the encrypted "
                                                "file of this profile, for this place only.")
                                           : tr("The page to sign in opens in your browser. What you give there is kept in the keychain, "
                                                "for this place only."));
        break;
    case SignInState::Kind::SignedIn:
        m_title->setForeignText(account);
        m_text->setText(tr("Signed in, %1", "until when").arg(ConnectionText::lasts(signIn, known.now)));
        break;
    case SignInState::Kind::SignInAgain:
        m_title->setForeignText(signIn.account.isEmpty() ? tr("The sign-in ended") : signIn.account);
        m_text->setText(tr("The sign-in ended. Calls are not sent until you sign in again."));
        break;
    case SignInState::Kind::MoreAccess:
        m_title->setForeignText(account);
        m_text->setText(tr("The server wants more access than you gave. Sign in again to give it."));
        break;
    case SignInState::Kind::Waiting:
    case SignInState::Kind::Unknown:
        m_title->setText(known.state ? tr("Nobody knows whether you are signed in") : KeyText::asking(known.store));
        m_text->setText(known.state ? KeyText::shut(known.store) + QLatin1Char('.') : QString());
        break;
    }
    m_text->setVisible(!m_text->text().isEmpty());
    m_signIn->setText(signIn.kind == SignInState::Kind::SignedOut ? tr("Sign in") : tr("Sign in again"));
    m_signIn->setVisible(signIn.kind != SignInState::Kind::Unknown);
    m_signOut->setVisible(in || signIn.kind == SignInState::Kind::SignInAgain);
    if (progress && !progress->trouble.isEmpty())
        trouble = progress->trouble;
    m_trouble->setText({}, trouble);
    m_trouble->setVisible(!trouble.isEmpty());
}

void SignInPanel::showProgress(const SignInProgress *progress, bool elsewhere)
{
    m_icon->setIcon(QStringLiteral("spinner"), Role::TextMuted);
    const Phase phase = elsewhere ? Phase::Browser : progress->phase;
    m_cancel->setVisible(phase != Phase::SigningOut);
    m_text->show();
    switch (phase) {
    case Phase::Asking:
        m_title->setText(tr("Asking where to sign in"));
        m_text->setText(tr("The server says it; then the page opens in your browser."));
        return;
    case Phase::Browser:
        m_title->setText(tr("Waiting for the browser"));
        if (elsewhere) {
            m_text->setText(tr("This sign-in was started at a terminal, which shows the address of its page."));
            return;
        }
        m_text->setText(tr("The page opened at %1. Answer there within five minutes. If no page came, open this address yourself:")
                            .arg(ConnectionText::originOfPage(progress->address)));
        m_address->setForeignText(progress->address);
        m_addressBox->show();
        m_copyAddress->show();
        return;
    case Phase::SigningOut:
        m_title->setText(tr("Signing out"));
        m_text->setText(tr("The server is told, where it can be told."));
        return;
    case Phase::Over: return;
    }
}

} // namespace ui
