// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/FakeDesk.h"
#include "ui/connections/ConnectionGrid.h"
#include "ui/connections/ConnectionModel.h"
#include "ui/connections/ConnectionsPage.h"
#include "ui/widgets/Button.h"
#include <QLabel>
#include <QTest>

// Connections as a person may have them: keys, sign-ins in every state, a program, and what is missing or wrong.
struct ConnectionsBench {
    using State = mcpcore::ConnectionState;
    using SignIn = mcpcore::SignInState;

    ConnectionsBench()
    {
        using namespace mcpcore;
        using std::chrono::hours;
        addHttp("acme", "https://mcp.acme.example/mcp", HttpAuth::Kind::OAuth, {sandbox, staging, production});
        addHttp("stripe", "https://mcp.stripe.com/", HttpAuth::Kind::Bearer, {sandbox, staging, production});
        addHttp("billing", "http://127.0.0.1:8080/mcp", HttpAuth::Kind::None, {sandbox, production});
        desk.space.connections.append({{QStringLiteral("practice")},
                                       QStringLiteral("practice"),
                                       {sandbox},
                                       StdioTarget{QStringLiteral("/usr/bin/countersign-practice"), {QStringLiteral("--database")}, {}},
                                       {}});
        addKey("stripe", sandbox, "sk_test_", "c0Rz", "Acme test");
        addKey("stripe", production, "rk_live_", "7Qm2", "Restricted key for agents");
        for (int tool = 0; tool < 18; ++tool)
            desk.space.trusts.append({{QStringLiteral("acme")}, sandbox, QStringLiteral("tool_%1").arg(tool), {}, ToolClass::Read});
        State &in = state("acme", sandbox);
        in.link = State::Link::Running;
        in.server = QStringLiteral("acme-mcp 3.1");
        in.protocol = QStringLiteral("2025-11-25");
        in.tools = State::Tools{18, 0, 0};
        in.signIn = SignIn{SignIn::Kind::SignedIn,
                           QStringLiteral("ada@example.com"),
                           QStringLiteral("auth.acme.example"),
                           {"tools:read", "tools:call"},
                           clock.wall() + hours(1),
                           true,
                           {}};
        state("acme", staging).signIn = SignIn{};
        state("acme", production).signIn =
            SignIn{SignIn::Kind::SignInAgain, QStringLiteral("ada@example.com"), QStringLiteral("auth.acme.example"), {}, {}, false, {}};
        state("stripe", sandbox).link = State::Link::Running;
        state("stripe", staging);
        State &broken = state("stripe", production);
        broken.link = State::Link::Failed;
        broken.error = QStringLiteral("Not sent: mcp.stripe.com does not answer.");
        state("billing", sandbox).tools = State::Tools{3, 9, 0};
        state("billing", production).tools = State::Tools{2, 0, 1};
        state("practice", sandbox).link = State::Link::Starting;
    }
    State &state(const char *connection, const mcpcore::EnvironmentId &environment)
    {
        const mcpcore::ConnectionId id{QLatin1String(connection)};
        for (State &known : desk.states)
            if (known.connection == id && known.environment == environment)
                return known;
        State fresh;
        fresh.connection = id;
        fresh.environment = environment;
        desk.states.append(fresh);
        return desk.states.last();
    }
    void addHttp(const char *id, const char *url, mcpcore::HttpAuth::Kind kind, const QList<mcpcore::EnvironmentId> &environments)
    {
        mcpcore::HttpTarget target{{}, {kind, {}}, {}};
        for (const auto &environment : environments)
            target.urls[environment] = QLatin1String(url);
        desk.space.connections.append({{QLatin1String(id)}, {}, environments, target, {}});
    }
    void addKey(const char *connection, const mcpcore::EnvironmentId &environment, const char *prefix, const char *lastFour,
                const char *label)
    {
        mcpcore::KeyRecord key;
        key.id = {QStringLiteral("key-%1").arg(desk.space.keys.size())};
        key.connection = {QLatin1String(connection)};
        key.environment = environment;
        key.prefix = QLatin1String(prefix);
        key.lastFour = QLatin1String(lastFour);
        key.label = QLatin1String(label);
        key.destination = QStringLiteral("https://mcp.stripe.com:443");
        key.created = clock.wall();
        desk.space.keys.append(key);
    }

    const mcpcore::EnvironmentId sandbox{QStringLiteral("sandbox")}, staging{QStringLiteral("staging")},
        production{QStringLiteral("production")};
    FakeClock clock;
    FakeDesk desk{clock};
};
