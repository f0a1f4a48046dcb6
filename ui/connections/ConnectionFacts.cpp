// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionFacts.h"
#include "ui/connections/KeyText.h"
#include "ui/shell/EnvLooks.h"

namespace ui {

using mcpcore::ConnectionState;
using mcpcore::KeyRecord;
using mcpcore::SignInState;
using std::chrono::milliseconds;
using Look = ConnectionFact::Look;
using Mode = mcpcore::KeyVerification::Mode;

namespace {

// The facts of one cell, section by section. A value that is empty is not a line.
class FactWriter
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionText)
public:
    explicit FactWriter(const ConnectionText::Known &known) : m_known(known) {}

    QList<ConnectionFacts> write() const
    {
        QList<ConnectionFacts> all{signIn(), verified(), life(), keeping(), link()};
        all.removeIf([](const ConnectionFacts &section) { return section.facts.isEmpty(); });
        return all;
    }

private:
    static void add(ConnectionFacts &section, const QString &label, const QString &value, Look look = Look::Text)
    {
        if (!value.isEmpty())
            section.facts.append({label, value, look});
    }

    ConnectionFacts signIn() const
    {
        ConnectionFacts section{tr("Sign-in"), {}};
        const SignInState *signIn = m_known.state && m_known.state->signIn ? &*m_known.state->signIn : nullptr;
        if (!signIn || signIn->at.isEmpty())
            return section;
        add(section, tr("Account"), signIn->account.isEmpty() ? tr("the server did not say") : signIn->account, Look::Strong);
        add(section, tr("Issuer"), signIn->at, Look::Code);
        add(section, tr("Scopes"), signIn->scopes.isEmpty() ? tr("none asked for") : QString::fromUtf8(signIn->scopes.join(' ')));
        add(section, tr("Access"), ConnectionText::lasts(*signIn, m_known.now));
        return section;
    }

    // What the vendor said of the key when it was asked last.
    ConnectionFacts verified() const
    {
        const KeyRecord *key = m_known.key();
        if (!key || !key->verified)
            return {};
        const mcpcore::KeyVerification &said = *key->verified;
        ConnectionFacts section{
            tr("%1 said at %2", "vendor, when").arg(KeyText::vendorName(m_known), ConnectionText::time(said.at, m_known.now)), {}};
        add(section, tr("Account"), said.accountName.isEmpty() && said.account.isEmpty() ? tr("not said") : said.accountName, Look::Strong);
        add(section, said.accountName.isEmpty() ? tr("Account") : QString(), said.account, Look::Code);
        const bool wrong = said.mode == (m_known.kind() == mcpcore::EnvironmentKind::Production ? Mode::Test : Mode::Live);
        add(section, tr("Live mode"), KeyText::mode(said, m_known.kind()), wrong ? Look::Caution : Look::Text);
        add(section, tr("May do"), said.abilities.join(QLatin1Char(' ')));
        return section;
    }

    ConnectionFacts life() const
    {
        const KeyRecord *key = m_known.key();
        if (!key)
            return {};
        const milliseconds now = m_known.now;
        const KeyText::State state = KeyText::stateOf(*key, m_known);
        ConnectionFacts section{tr("Life"), {}};
        add(section, tr("Added"), KeyText::dayAndAge(key->created, now));
        add(section, tr("Rotate by"), KeyText::rotateBy(*key, now), state == KeyText::State::Due ? Look::Caution : Look::Text);
        const bool ending = state == KeyText::State::Ended || state == KeyText::State::EndsSoon;
        add(section, tr("Ends"), KeyText::ends(*key, now), ending ? Look::Caution : Look::Text);
        if (m_known.use && m_known.use->last.count() > 0) {
            add(section, tr("Last used"),
                tr("%1 by %2", "when, client")
                    .arg(ConnectionText::time(m_known.use->last, now), KeyText::clientName(m_known.workspace, {m_known.use->by})));
            QStringList clients;
            for (const QString &client : m_known.use->clients)
                clients.append(KeyText::clientName(m_known.workspace, {client}));
            add(section, tr("Used by"), clients.join(QStringLiteral(", ")));
        } else if (m_known.use) {
            add(section, tr("Last used"), tr("never, as far as the log says"));
        }
        return section;
    }

    ConnectionFacts keeping() const
    {
        const KeyRecord *key = m_known.key();
        if (!key)
            return {};
        ConnectionFacts section{tr("Kept"), {}};
        add(section, tr("Where"), KeyText::store(*key));
        const bool program = key->destination.startsWith(QLatin1String("command:"));
        add(section, tr("May go to"), program ? tr("this command only") : key->destination, program ? Look::Text : Look::Code);
        add(section, tr("Given to"), KeyText::forWhom(*key, m_known.workspace));
        return section;
    }

    ConnectionFacts link() const
    {
        ConnectionFacts section{tr("Link"), {}};
        const mcpcore::Connection &connection = m_known.connection;
        if (const auto *http = std::get_if<mcpcore::HttpTarget>(&connection.target)) {
            add(section, tr("Endpoint"), http->urls.value(m_known.environment), Look::Code);
        } else {
            const auto &stdio = std::get<mcpcore::StdioTarget>(connection.target);
            add(section, tr("Command"), ConnectionText::commandLine(QStringList(stdio.program) + stdio.arguments), Look::Code);
        }
        add(section, tr("Vendor"), connection.vendor.isEmpty() ? tr("not known, added by you") : connection.vendor);
        if (!connection.environments.contains(m_known.environment))
            return section;
        const ConnectionState *state = m_known.state;
        add(section, tr("State"), stateText());
        if (m_known.locked)
            add(section, wordOf(m_known.environment), tr("locked: calls are answered that a person has locked it"));
        add(section, tr("Server"),
            state && !state->server.isEmpty() ? tr("%1, MCP %2", "server, version of the protocol").arg(state->server, state->protocol)
                                              : QString());
        add(section, tr("Tools"), toolsText());
        if (state && state->link == ConnectionState::Link::Failed && !waitsForPerson())
            add(section, tr("Last error"), state->error, Look::Caution);
        return section;
    }

    // Without a sign-in it cannot connect: that is said above, and is no error of the link.
    bool waitsForPerson() const
    {
        if (!m_known.state || !m_known.state->signIn)
            return false;
        switch (m_known.state->signIn->kind) {
        case SignInState::Kind::SignedOut:
        case SignInState::Kind::SignInAgain:
        case SignInState::Kind::Waiting: return true;
        case SignInState::Kind::SignedIn:
        case SignInState::Kind::MoreAccess:
        case SignInState::Kind::Unknown: return false;
        }
        Q_UNREACHABLE();
    }

    QString stateText() const
    {
        if (!m_known.state)
            return tr("Not known yet");
        if (waitsForPerson() && m_known.state->link != ConnectionState::Link::Running)
            return tr("Connects once you are signed in");
        switch (m_known.state->link) {
        case ConnectionState::Link::Idle: return tr("Connects when a client asks for it");
        case ConnectionState::Link::Starting: return tr("Connecting");
        case ConnectionState::Link::Running: return tr("Connected");
        case ConnectionState::Link::Failed: return m_known.state->error.isEmpty() ? tr("Not connected") : tr("Does not connect");
        }
        Q_UNREACHABLE();
    }

    // What was accepted is in the workspace; what waits only the server's own list says.
    QString toolsText() const
    {
        if (m_known.state && m_known.state->tools) {
            const ConnectionState::Tools &tools = *m_known.state->tools;
            const QString text = tr("%1 trusted, %2 waiting").arg(tools.trusted).arg(tools.waiting);
            return tools.changed == 0 ? text : tr("%1, %2 changed", "the others, how many").arg(text).arg(tools.changed);
        }
        const auto trusted = std::count_if(m_known.workspace.trusts.begin(), m_known.workspace.trusts.end(), [this](const auto &trust) {
            return trust.connection == m_known.connection.id && trust.environment == m_known.environment;
        });
        return tr("%1 trusted").arg(trusted);
    }

    const ConnectionText::Known &m_known;
};

} // namespace

QList<ConnectionFacts> factsOf(const ConnectionText::Known &known)
{
    return FactWriter(known).write();
}

} // namespace ui
