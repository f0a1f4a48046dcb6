// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientsBench.h"
#include "support/Runner.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/ThemeSource.h"
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
    void shoot_data()
    {
        if (qEnvironmentVariableIsEmpty("COUNTERSIGN_SHOTS"))
            QSKIP("Set COUNTERSIGN_SHOTS to a folder.");
        QTest::addColumn<int>("choice");
        QTest::newRow("light") << int(ThemeSource::Choice::Light);
        QTest::newRow("dark") << int(ThemeSource::Choice::Dark);
        QTest::newRow("contrast") << int(ThemeSource::Choice::Contrast);
    }
    void shoot()
    {
        QFETCH(int, choice);
        const QString folder = qEnvironmentVariable("COUNTERSIGN_SHOTS");
        const QString theme = QLatin1String(QTest::currentDataTag());
        ClientsBench bench;
        ThemeSource themes{ThemeSource::Choice(choice)};
        SecondTicker ticker{bench.clock};
        MainWindow window{bench.desk, themes.theme(), bench.clock, ticker};
        auto *page = new ClientsPage(bench.desk, themes.theme(), bench.clock);
        QObject::connect(page, &ClientsPage::importFrom, page, [] {});
        window.addPage(page);
        window.resize(1180, 730);
        window.show();
        const auto save = [&](const char *name) {
            QTest::qWait(150);
            QVERIFY(window.grab().save(QStringLiteral("%1/%2-%3.png").arg(folder, QLatin1String(name), theme)));
        };
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
