// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientsBench.h"
#include "support/Runner.h"
#include "support/Shots.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/Countdown.h"
#include <QAbstractButton>
#include <QListView>
#include <QTest>

using namespace ui;

// Pictures of the page in the window, to be looked at beside the design's: COUNTERSIGN_SHOTS=DIR tests_clients tst_ClientShots.
class tst_ClientShots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shoot_data() { Shots::addThemes(); }
    void shoot()
    {
        ClientsBench bench;
        ThemeSource themes{Shots::choice()};
        SecondTicker ticker{bench.clock};
        MainWindow window{bench.desk, themes.theme(), bench.clock, ticker};
        auto *page = new ClientsPage(bench.desk, themes.theme(), bench.clock);
        QObject::connect(page, &ClientsPage::importFrom, page, [] {});
        window.addPage(page);
        window.resize(1180, 730);
        window.show();
        const auto save = [&](const char *name) { Shots::save(window, QLatin1String(name)); };
        auto *list = window.findChild<QListView *>(QStringLiteral("clients.list"));
        const auto open = [&](const char *name) {
            for (int row = 0; row < list->model()->rowCount(); ++row)
                if (list->model()->index(row, 0).data().toString() == QLatin1String(name))
                    list->setCurrentIndex(list->model()->index(row, 0));
        };
        open("Gemini CLI");
        save("clients");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.edit.whole.1"))->click();
        save("clients-whole");
        window.resize(900, 600);
        save("clients-small");
        window.resize(1180, 730);
        open("Zed");
        save("clients-import");
        open("ChatGPT on the web");
        save("clients-unreachable");
        open("Cursor");
        save("clients-connected");
        open("Claude Desktop");
        save("clients-repair");
        bench.client("codex").stranger = QStringLiteral("/usr/bin/bash");
        bench.client("claude-code").wrongToken = bench.clock.wall();
        Q_EMIT bench.desk.clientsChanged();
        open("Codex");
        save("clients-stranger");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.disconnect"))->click();
        save("clients-disconnect");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.other"))->click();
        save("clients-other");
        open("Other");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.snippet.way.1"))->click();
        save("clients-snippet");
    }
};

COUNTERSIGN_TEST(tst_ClientShots)
#include "tst_ClientShots.moc"
