// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ConnectionsBench.h"
#include "support/WindowBench.h"
#include "ui/widgets/ArmedButton.h"
#include <QAction>

// Vendors with packs, and keys of theirs in every state.
struct KeysBench {
    using Mode = mcpcore::KeyVerification::Mode;

    KeysBench()
    {
        using namespace mcpcore;
        using std::chrono::hours;
        addPacks();
        desk.space.clients = {{{QStringLiteral("claude-code")}, QStringLiteral("Claude Code"), {}, {}, {}, {}},
                              {{QStringLiteral("cursor")}, QStringLiteral("Cursor"), {}, {}, {}, {}}};
        addConnection("stripe", "https://mcp.stripe.com");
        addConnection("statsig", "https://api.statsig.com/v1/mcp");
        addConnection("stack", "https://mcp.getstack.run/mcp").environments = {production};
        KeyRecord &test = addKey("stripe", sandbox, "rk_test_", "c0Rz", hours(24 * 10));
        test.verified =
            KeyVerification{now() - hours(1), Mode::Test, QStringLiteral("acct_1MZq4kLkdIwHu7ix"), QStringLiteral("Acme test"), {}};
        KeyRecord &live = addKey("stripe", production, "rk_live_", "7Qm2", hours(24 * 78));
        live.kind = QStringLiteral("restricted");
        live.label = QStringLiteral("Restricted key for agents");
        live.verified = KeyVerification{now() - std::chrono::minutes(20),
                                        Mode::Live,
                                        QStringLiteral("acct_1MZq4kLkdIwHu7ix"),
                                        QStringLiteral("Acme Inc"),
                                        {QStringLiteral("It may read the balance."), QStringLiteral("It may not read payouts.")}};
        addKey("statsig", sandbox, "console-", "77e0", hours(2));
        addKey("statsig", production, "console-", "d41b", hours(24 * 94));
        addKey("stack", production, "eyJ", "3HxA", hours(1)).expires = now() + std::chrono::minutes(40);
    }
    std::chrono::milliseconds now() const { return clock.wall(); }
    mcpcore::Connection &addConnection(const char *id, const char *url)
    {
        mcpcore::HttpTarget target{{}, {mcpcore::HttpAuth::Kind::Bearer, {}}, {}};
        for (const auto &environment : {sandbox, staging, production})
            target.urls[environment] = QLatin1String(url);
        desk.space.connections.append({{QLatin1String(id)}, QLatin1String(id), {sandbox, staging, production}, target, {}});
        return desk.space.connections.last();
    }
    mcpcore::KeyRecord &addKey(const char *connection, const mcpcore::EnvironmentId &environment, const char *prefix, const char *lastFour,
                               std::chrono::milliseconds age)
    {
        mcpcore::KeyRecord key;
        key.id = {QStringLiteral("key-%1").arg(desk.space.keys.size())};
        key.connection = {QLatin1String(connection)};
        key.environment = environment;
        key.prefix = QLatin1String(prefix);
        key.lastFour = QLatin1String(lastFour);
        key.destination = QStringLiteral("https://mcp.%1.com:443").arg(QLatin1String(connection));
        key.store = QStringLiteral("keychain");
        key.created = now() - age;
        desk.space.keys.append(key);
        return desk.space.keys.last();
    }
    mcpcore::KeyRecord &key(const char *connection, const mcpcore::EnvironmentId &environment)
    {
        for (mcpcore::KeyRecord &one : desk.space.keys)
            if (one.connection.text == QLatin1String(connection) && one.environment == environment && !one.client)
                return one;
        qFatal("There is no such key");
    }
    void addPacks()
    {
        using Kind = mcpcore::EnvironmentKind;
        ui::Vendor stripe{
            QStringLiteral("stripe"), QStringLiteral("Stripe"), {}, {}, {QStringLiteral("bearer"), QStringLiteral("oauth")}, {}};
        for (const Kind kind : {Kind::Sandbox, Kind::Staging, Kind::Production})
            stripe.places[kind] = {{},
                                   kind == Kind::Production ? QStringLiteral("https://dashboard.stripe.com/apikeys")
                                                            : QStringLiteral("https://dashboard.stripe.com/test/apikeys"),
                                   QStringLiteral("API keys, Create restricted key, purpose \"Authorizing agent access\""),
                                   QStringLiteral("https://mcp.stripe.com")};
        ui::Vendor statsig{
            QStringLiteral("statsig"), QStringLiteral("Statsig"), stripe.places, {}, {QStringLiteral("header:statsig-api-key")}, {}};
        ui::Vendor stack{QStringLiteral("stack"), QStringLiteral("STACK"), stripe.places, {}, {QStringLiteral("bearer")}, {}};
        stack.questions = {QStringLiteral("Is this key from getstack.run, or from Stripe?")};
        stack.places[Kind::Sandbox] = {QStringLiteral("STACK has no sandbox: every key of it acts on real data."), {}, {}, {}};
        stack.places[Kind::Staging] = {QStringLiteral("STACK has no staging: every key of it acts on real data."), {}, {}, {}};
        stripe.programs = {{{QStringLiteral("npx"), QStringLiteral("-y"), QStringLiteral("@stripe/mcp@0.3.3")},
                            QStringLiteral("STRIPE_SECRET_KEY"),
                            QStringLiteral("The tool execute sends its code to https://api.example.com."),
                            {Kind::Sandbox, Kind::Staging, Kind::Production}}};
        desk.packs = {stack, statsig, stripe};
    }
    static ui::ListedTool tool(const char *name, mcpcore::Tool::State state = mcpcore::Tool::State::Quarantined)
    {
        ui::ListedTool made;
        made.name = QLatin1String(name);
        made.description = QStringLiteral("Does what %1 says.").arg(made.name);
        made.pin = QStringLiteral("pin-of-%1").arg(made.name);
        made.state = state;
        return made;
    }
    void raiseAlarm()
    {
        desk.space.alarms = {{{QStringLiteral("stripe")},
                              sandbox,
                              QStringLiteral("Stopped: Stripe answered livemode true to a sandbox call."),
                              now() - std::chrono::minutes(3)}};
    }

    const mcpcore::EnvironmentId sandbox{QStringLiteral("sandbox")}, staging{QStringLiteral("staging")},
        production{QStringLiteral("production")};
    FakeClock clock;
    FakeDesk desk{clock};
};

// The page over it, in a window that is in front: what arms has to see that.
struct KeysPage : KeysBench {
    explicit KeysPage(int width = 1180)
    {
        page.resize(width, 800);
        page.show();
        page.activateWindow();
        [&] { QVERIFY(QTest::qWaitForWindowActive(&page)); }();
    }
    template <typename Widget = QWidget> Widget *the(const char *name)
    {
        auto *found = page.findChild<Widget *>(QLatin1String(name));
        if (!found)
            qFatal("There is no %s", name);
        return found;
    }
    ui::ConnectionGrid *grid() { return page.findChild<ui::ConnectionGrid *>(); }
    void open(const char *connection, const mcpcore::EnvironmentId &environment)
    {
        grid()->select({{QLatin1String(connection)}, environment});
        settle();
    }
    void settle()
    {
        for (int turn = 0; turn < 3; ++turn)
            QTest::qWait(0);
    }
    void click(const char *name)
    {
        QTest::mouseClick(the<QAbstractButton>(name), Qt::LeftButton);
        settle();
    }
    void choose(const char *action) { the<QAction>(action)->trigger(), settle(); }
    // Waits with the clock of the test until the button is armed.
    void arm(const char *name)
    {
        settle();
        for (int step = 0; step < 30 && !the<ui::ArmedButton>(name)->isArmed(); ++step) {
            clock.advance(std::chrono::milliseconds(100));
            QTest::qWait(0);
        }
        QVERIFY2(the<ui::ArmedButton>(name)->isArmed(), name);
    }
    void clickArmed(const char *name)
    {
        arm(name);
        click(name);
    }
    bool shows(const char *name) { return the(name)->isVisibleTo(&page); }
    QString text(const char *name) { return the<QLabel>(name)->text(); }
    QString note(const char *name) { return shows(name) ? the(name)->findChild<QLabel *>(QStringLiteral("note.text"))->text() : QString(); }

    ui::Theme theme;
    ui::ConnectionsPage page{desk, theme, clock};
};
