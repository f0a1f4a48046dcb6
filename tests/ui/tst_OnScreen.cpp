// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/shell/TrayIcon.h"
#include "ui/widgets/ArmedButton.h"
#include <QLineEdit>
#include <QProcess>
#include <QSignalSpy>
#include <QSystemTrayIcon>

using namespace mcpcore;
using namespace ui;
using std::chrono::milliseconds;

// What only a real X server with a window manager shows: who has the focus. Run by tests/support/with-display.
class tst_OnScreen : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { QVERIFY2(QGuiApplication::platformName() == QLatin1String("xcb"), "Run this with tests/support/with-display."); }
    void aWaitingCallTakesNoFocusAndNoKeys()
    {
        WindowBench bench;
        QLineEdit work;
        work.show();
        work.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&work));
        bench.desk.add(bench.desk.sampleApproval(QStringLiteral("production")));
        QVERIFY(QTest::qWaitForWindowExposed(&bench.window));
        bench.desk.add(bench.desk.sampleApproval(QStringLiteral("production")));
        QTest::qWait(300); // nothing to wait for: the point is that no activation comes
        QVERIFY(work.isActiveWindow());
        QVERIFY(!bench.window.isActiveWindow());
        QVERIFY(work.hasFocus());
    }
    void aPersonsWishBringsItToTheFront()
    {
        WindowBench bench;
        QLineEdit work;
        work.show();
        work.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&work));
        bench.desk.add(bench.desk.sampleApproval());
        QVERIFY(QTest::qWaitForWindowExposed(&bench.window));
        bench.window.openForPerson(QStringLiteral("activity"));
        QVERIFY(QTest::qWaitForWindowActive(&bench.window));
        QCOMPARE(bench.window.currentPage()->entry().id, QStringLiteral("activity"));
    }
    void allowArmsInTheFrontAndStartsAgainBehind()
    {
        FakeClock clock;
        Theme theme;
        QWidget window;
        ArmedButton button(theme, clock, &window);
        button.setText(QStringLiteral("Allow in SANDBOX"));
        button.adjustSize();
        window.resize(400, 200);
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        QTest::qWait(100); // the window manager's frame moves the window once
        button.rearm();
        clock.advance(milliseconds(1000));
        QVERIFY(button.isEnabled());
        QLineEdit work;
        work.show();
        work.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&work));
        QTRY_VERIFY(!button.isEnabled());
        clock.advance(milliseconds(10'000));
        QVERIFY(!button.isEnabled());
        work.hide();
        window.activateWindow();
        QTRY_VERIFY(window.isActiveWindow());
        QVERIFY(!button.isEnabled());
        clock.advance(milliseconds(1000));
        QVERIFY(button.isEnabled());
        window.move(window.pos() + QPoint(60, 60));
        QTRY_VERIFY(!button.isEnabled());
    }
    void withATrayTheWindowHidesAndACallBringsItBack()
    {
        QProcess panel;
        panel.start(QStringLiteral("trayer"), {QStringLiteral("--SetDockType"), QStringLiteral("true")});
        QVERIFY(panel.waitForStarted());
        QTRY_VERIFY_WITH_TIMEOUT(QSystemTrayIcon::isSystemTrayAvailable(), 20'000);
        WindowBench bench;
        bench.show();
        QTRY_VERIFY(bench.window.tray()->isReachable());
        QSignalSpy quit(&bench.window, &MainWindow::quitWanted);
        bench.window.close();
        QVERIFY(!bench.window.isVisible());
        QCOMPARE(quit.size(), 0);
        bench.desk.add(bench.desk.sampleApproval());
        QVERIFY(bench.window.isVisible());
        panel.kill();
        QVERIFY(panel.waitForFinished());
        // The panel is gone: hiding now would lose the window.
        QTRY_VERIFY_WITH_TIMEOUT(!bench.window.tray()->isReachable(), 20'000);
        bench.window.close();
        QVERIFY(bench.window.isVisible());
        QCOMPARE(quit.size(), 1);
    }
    void unlockArmsInItsPopup()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        QTest::keyClicks(bench.find<QLineEdit>("env.unlock.reason"), QStringLiteral("Refund"));
        QTest::qWait(100);
        bench.clock.advance(milliseconds(3000));
        auto *confirm = bench.find<ArmedButton>("env.unlock.confirm");
        QVERIFY(confirm->isEnabled());
        bench.click("env.unlock.confirm");
        QCOMPARE(bench.desk.unlocked.size(), 1);
    }
};

COUNTERSIGN_TEST(tst_OnScreen)
#include "tst_OnScreen.moc"
