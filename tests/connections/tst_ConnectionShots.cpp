// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionsBench.h"
#include "support/Runner.h"
#include "support/Shots.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/ThemeSource.h"
#include "ui/widgets/Countdown.h"

using namespace ui;

// Pictures of the page in the window, to be looked at beside the design's: COUNTERSIGN_SHOTS=DIR tests_ui_pages tst_ConnectionShots.
class tst_ConnectionShots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shoot_data() { Shots::addThemes(); }
    void shoot()
    {
        ConnectionsBench bench;
        ThemeSource themes{Shots::choice()};
        SecondTicker ticker{bench.clock};
        MainWindow window{bench.desk, themes.theme(), bench.clock, ticker};
        auto *page = new ConnectionsPage(bench.desk, themes.theme(), bench.clock);
        window.addPage(page);
        window.resize(1180, 730);
        window.show();
        const auto save = [&](const char *name) { Shots::save(window, QLatin1String(name)); };
        auto *grid = window.findChild<ConnectionGrid *>();
        const auto open = [&](const char *connection, const mcpcore::EnvironmentId &environment) {
            grid->select({{QLatin1String(connection)}, environment});
            grid->setFocus();
        };
        save("connections-grid");
        open("acme", bench.sandbox);
        save("connections-signed-in");
        open("stripe", bench.production);
        save("connections-key");
        open("stripe", bench.staging);
        save("connections-no-key");
        open("acme", bench.staging);
        save("connections-signed-out");
        window.findChild<QAbstractButton *>(QStringLiteral("connections.act.acme.staging"))->click();
        bench.desk.signIns.back().page(QStringLiteral("https://auth.acme.example/authorize?response_type=code&client_id=client-8sKd2Qv&"
                                                      "redirect_uri=http%3A%2F%2F127.0.0.1%3A45123%2Fcallback&scope=tools%3Aread%20tools"
                                                      "%3Acall&state=8sKd2QvNffrFeUfNV2Hib&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8U"
                                                      "RWbuGJSstw-cM&code_challenge_method=S256"));
        save("connections-browser");
        bench.desk.signIns.back().ended(mcpcore::failure(mcpcore::Error::Kind::Expired,
                                                         QStringLiteral("Nobody signed in within five minutes. Start the sign-in again.")));
        save("connections-failed");
        window.resize(900, 600);
        save("connections-small-detail");
        page->leave();
        save("connections-small");
        window.resize(1180, 730);
        bench.desk.space.connections.clear();
        Q_EMIT bench.desk.workspaceChanged();
        save("empty-connections");
    }
};

COUNTERSIGN_TEST(tst_ConnectionShots)
#include "tst_ConnectionShots.moc"
