// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImportBench.h"
#include "support/Runner.h"
#include "support/Shots.h"
#include "ui/shell/MainWindow.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Countdown.h"
#include <QAbstractButton>
#include <QComboBox>
#include <QListView>
#include <QScrollArea>
#include <QScrollBar>
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
        ImportBench bench;
        ThemeSource themes{Shots::choice()};
        SecondTicker ticker{bench.clock};
        MainWindow window{bench.desk, themes.theme(), bench.clock, ticker};
        auto *page = new ClientsPage(bench.desk, themes.theme(), bench.clock);
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
        bench.desk.previews[QStringLiteral("opencode")].hints = {
            QStringLiteral("opencode mcp add countersign-stripe -- /usr/bin/countersign-bridge --client opencode --connection stripe "
                           "--environment sandbox"),
            QStringLiteral(
                "vscode:mcp/install?%7B%22name%22%3A%22countersign%22%2C%22type%22%3A%22stdio%22%2C%22command%22%3A%22%2Fusr%2Fbin%2F"
                "countersign-bridge%22%2C%22args%22%3A%5B%22--client%22%2C%22vscode%22%5D%7D")};
        open("OpenCode");
        save("clients-hints");
        open("Gemini CLI");
        save("clients");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.edit.whole.1"))->click();
        save("clients-whole");
        window.resize(900, 600);
        save("clients-small");
        window.resize(1180, 730);
        open("Zed");
        save("clients-import");
        window.findChild<QAbstractButton *>(QStringLiteral("clients.import"))->click();
        save("import");
        auto *environment = window.findChild<QComboBox *>(QStringLiteral("clients.import.server.1.environment"));
        environment->setCurrentIndex(2);
        save("import-chosen");
        auto *scroll = window.findChild<QScrollArea *>(QStringLiteral("clients.import.scroll"))->verticalScrollBar();
        scroll->setValue(scroll->maximum());
        save("import-below");
        auto *take = window.findChild<ArmedButton *>(QStringLiteral("clients.import.take"));
        const auto import = [&] {
            QTRY_VERIFY((bench.clock.advance(std::chrono::milliseconds(100)), take->isArmed()));
            take->click();
        };
        import();
        save("import-busy");
        auto asked = std::move(bench.desk.imports.back().done);
        asked(
            mcpcore::failure(mcpcore::Error::Kind::UpstreamFailed, QStringLiteral("Stripe did not answer within 10 seconds. Ask again, or "
                                                                                  "save the key unverified.")));
        save("import-unasked");
        window.resize(720, 600);
        save("import-small");
        window.resize(1180, 730);
        import();
        auto again = std::move(bench.desk.imports.back().done);
        again(bench.outcome());
        save("import-done");
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
