// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Environments of one's own in the window, and what the menu shows while it is open.
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/shell/EnvMenu.h"
#include "ui/shell/TrayIcon.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include <QLineEdit>
#include <QMenu>

using namespace mcpcore;
using namespace ui;
using std::chrono::milliseconds;

namespace {
const EnvironmentId production{QStringLiteral("production")};
}

class tst_EnvMenu : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anEnvironmentOfOnesOwnIsAddedInPlace()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        bench.click("env.add");
        auto *name = bench.find<QLineEdit>("env.add.name");
        auto *add = bench.find<Button>("env.add.confirm");
        QTRY_VERIFY(name->hasFocus());
        QVERIFY(!add->isEnabled());
        for (const char *bad : {"live", "Eu", "1a", "a_b", "sandbox"}) {
            name->setText(QLatin1String(bad));
            QVERIFY2(!add->isEnabled(), bad);
            QVERIFY(!add->accessibleDescription().isEmpty());
        }
        name->setText(QStringLiteral("eu-prod"));
        bench.find<Segmented>("env.add.kind")->setCurrent(2);
        QTest::keyClick(name, Qt::Key_Return); // adds nothing
        QCOMPARE(bench.desk.space.environments.size(), 3);
        QCOMPARE(bench.find<EnvWord>("env.add.look")->accessibleName(), QStringLiteral("EU-PROD"));
        bench.click("env.add.confirm");
        QCOMPARE(bench.desk.space.environments.size(), 4);
        QCOMPARE(bench.desk.space.environments.last().kind, EnvironmentKind::Production);
        QVERIFY(!bench.find<QWidget>("env.form")->isVisible());
        QVERIFY(bench.find<QWidget>("env.menu.eu-prod")->isVisible());
        QVERIFY(bench.find<QWidget>("env.menu.eu-prod")->accessibleName().startsWith(QStringLiteral("EU-PROD, 0 connections · locked")));
    }
    void anEnvironmentOfOnesOwnIsRemovedUnlessItIsInUse()
    {
        WindowBench bench;
        bench.desk.space.environments.append({{QStringLiteral("eu-prod")}, EnvironmentKind::Production});
        bench.show();
        bench.click("env.switch");
        QVERIFY(!bench.window.findChild<QWidget *>(QStringLiteral("env.remove.production")));
        bench.desk.refusal = QStringLiteral("Connections or clients use eu-prod. Remove or move them first.");
        bench.click("env.remove.eu-prod");
        QCOMPARE(bench.find<Note>("env.menu.error")->text(), bench.desk.refusal);
        bench.desk.refusal.clear();
        bench.click("env.remove.eu-prod");
        QCOMPARE(bench.desk.space.environments.size(), 3);
        QVERIFY(!bench.window.findChild<QWidget *>(QStringLiteral("env.menu.eu-prod")));
        QVERIFY(bench.desk.uses.isEmpty());
    }
    void anEnvironmentOfOnesOwnShowsItsNameAndTheLooksOfItsKind()
    {
        WindowBench bench;
        const EnvironmentId own{QStringLiteral("eu-prod")};
        bench.desk.space.environments.append({own, EnvironmentKind::Production});
        bench.desk.space.activeEnvironment = own;
        bench.desk.unlocks[own] = bench.clock.wall() + milliseconds(761'000);
        bench.show();
        Q_EMIT bench.desk.workspaceChanged();
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("EU-PROD: Approvals - Countersign"));
        QCOMPARE(bench.find<EnvStrip>("env.strip")->look(), EnvLook::Production);
        QCOMPARE(bench.find<QWidget>("env.switch")->accessibleName(), QStringLiteral("Environment EU-PROD, locks in 13 minutes"));
        const auto *state = bench.window.tray()->menu()->findChild<QAction *>(QStringLiteral("tray.state"));
        QCOMPARE(state->text(), QStringLiteral("EU-PROD, locks in 12:41"));
        QVERIFY(bench.window.tray()->menu()->findChild<QAction *>(QStringLiteral("tray.lock.eu-prod")));
        QTest::keyClick(&bench.window, Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(bench.desk.locked, QList<EnvironmentId>{own});
    }
    void theMenuCountsDownWhileItIsOpen()
    {
        WindowBench bench;
        bench.desk.unlocks[production] = bench.clock.wall() + milliseconds(61'000);
        bench.show();
        bench.click("env.switch");
        auto *row = bench.find<QWidget>("env.menu.production");
        QVERIFY(row->accessibleName().contains(QStringLiteral("unlocked")));
        const QImage before = row->grab().toImage();
        bench.clock.advance(milliseconds(2'000));
        QVERIFY(row->grab().toImage() != before);
        bench.clock.advance(milliseconds(60'000));
        QCOMPARE(row->accessibleName(), QStringLiteral("PRODUCTION, 0 connections · locked"));
    }
    void afterTheScreenWasLockedWhatWasArmedArmsAnew()
    {
        WindowBench bench;
        bench.show();
        QTest::keyClick(&bench.window, Qt::Key_3, Qt::AltModifier);
        QTRY_VERIFY(bench.find<QWidget>("env.menu")->isVisible());
        QTest::keyClicks(bench.find<QLineEdit>("env.unlock.reason"), QStringLiteral("because"));
        bench.settle();
        bench.clock.advance(milliseconds(2000));
        auto *confirm = bench.find<ArmedButton>("env.unlock.confirm");
        QVERIFY(confirm->isArmed());
        bench.window.rearm();
        QVERIFY(!confirm->isArmed());
        bench.clock.advance(milliseconds(2000));
        QVERIFY(confirm->isArmed());
    }
    void everyWidgetOfMenuAndFormIsNamedAndPlain()
    {
        WindowBench bench;
        bench.desk.space.environments.append({{QStringLiteral("eu-prod")}, EnvironmentKind::Production});
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production"); // the panel has its words then
        bench.click("env.add");
        const QStringList faults = faultsOf(bench.window);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    }
};

COUNTERSIGN_TEST(tst_EnvMenu)
#include "tst_EnvMenu.moc"
