// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionFacts.h"
#include <QDateTime>
#include <QLocale>

namespace ui {

using mcpcore::ConnectionState;
using mcpcore::KeyRecord;
using mcpcore::SignInState;
using Look = ConnectionFact::Look;

namespace {

// The facts of one cell, section by section. A value that is empty is not a line.
class FactWriter
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionText)
public:
    explicit FactWriter(const ConnectionText::Known &known) : m_known(known) {}

    QList<ConnectionFacts> write() const
    {
        QList<ConnectionFacts> all{signIn(), key(), link()};
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

    ConnectionFacts key() const
    {
        ConnectionFacts section{tr("Key"), {}};
        if (!mcpcore::needsKey(m_known.connection))
            return section;
        int owned = 0;
        for (const KeyRecord &key : m_known.workspace.keys) {
            if (key.connection != m_known.connection.id || key.environment != m_known.environment)
                continue;
            if (key.client) {
                ++owned;
                continue;
            }
            const QString text = ConnectionText::keyText(key);
            add(section, tr("Key"), text.isEmpty() ? tr("set, too short to show a part of") : text,
                text.isEmpty() ? Look::Text : Look::Code);
            add(section, tr("Label"), key.label);
            add(section, tr("Added"),
                QLocale().toString(QDateTime::fromMSecsSinceEpoch(key.created.count()), QStringLiteral("d MMMM yyyy")));
            add(section, tr("May go to"), key.destination.startsWith(QLatin1String("command:")) ? tr("this command only") : key.destination,
                key.destination.startsWith(QLatin1String("command:")) ? Look::Text : Look::Code);
        }
        if (owned > 0)
            add(section, tr("Own key for"), owned == 1 ? tr("1 client") : tr("%1 clients").arg(owned));
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
            add(section, tr("Command"), (QStringList(stdio.program) + stdio.arguments).join(QLatin1Char(' ')), Look::Code);
        }
        add(section, tr("Vendor"), connection.vendor.isEmpty() ? tr("not known, added by you") : connection.vendor);
        if (!connection.environments.contains(m_known.environment))
            return section;
        const ConnectionState *state = m_known.state;
        add(section, tr("State"), stateText());
        add(section, tr("Server"),
            state && !state->server.isEmpty() ? tr("%1, MCP %2", "server, version of the protocol").arg(state->server, state->protocol)
                                              : QString());
        add(section, tr("Tools"), toolsText());
        if (state && state->tools && state->tools->waiting + state->tools->changed > 0)
            add(section, tr("Look at them"), ConnectionText::toolsCommand({connection.id, m_known.environment}), Look::Code);
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
