// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/Runner.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/DenyButton.h"
#include <QAccessible>
#include <QApplication>
#include <QMenu>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace ui;
using std::chrono::milliseconds;

// A window with an Allow button and another thing to focus, shown and active.
struct Bench {
    Bench()
    {
        button.setObjectName(QStringLiteral("approval.allow"));
        button.setText(QStringLiteral("Allow in SANDBOX"));
        auto *layout = new QVBoxLayout(&window);
        layout->addWidget(&other);
        layout->addWidget(&button);
        QObject::connect(&button, &QAbstractButton::clicked, &button, [this] { ++clicks; });
        window.show();
        window.activateWindow();
        active = QTest::qWaitForWindowActive(&window);
        settle();
    }
    void settle()
    {
        QCoreApplication::sendPostedEvents();
        QTest::qWait(0);
        button.rearm();
    }
    void arm() { clock.advance(milliseconds(1000)); }

    FakeClock clock;
    Theme theme;
    QWidget window;
    Button other{theme, QStringLiteral("Other")};
    ArmedButton button{theme, clock};
    int clicks = 0;
    bool active = false;
};

class tst_ArmedButton : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void itArmsAfterItsTimeInAnActiveWindow()
    {
        Bench bench;
        QVERIFY(bench.active);
        QVERIFY(!bench.button.isEnabled());
        bench.clock.advance(milliseconds(999));
        QVERIFY(!bench.button.isEnabled());
        bench.clock.advance(milliseconds(1));
        QVERIFY(bench.button.isEnabled());
        QVERIFY(bench.button.isArmed());
        QTest::mouseClick(&bench.button, Qt::LeftButton);
        QCOMPARE(bench.clicks, 1);
    }
    void twoSecondsAreTwoSeconds()
    {
        Bench bench;
        bench.button.setArmingTime(milliseconds(2000));
        bench.clock.advance(milliseconds(1999));
        QVERIFY(!bench.button.isEnabled());
        bench.clock.advance(milliseconds(1));
        QVERIFY(bench.button.isEnabled());
    }
    void everyDisturbanceStartsItAgain_data()
    {
        QTest::addColumn<int>("what");
        QTest::newRow("new content") << 0;
        QTest::newRow("another text") << 1;
        QTest::newRow("window moves") << 2;
        QTest::newRow("window is resized") << 3;
        QTest::newRow("button moves") << 4;
        QTest::newRow("hidden and shown") << 5;
        QTest::newRow("window loses focus") << 6;
        QTest::newRow("window is hidden and shown") << 7;
    }
    void everyDisturbanceStartsItAgain()
    {
        QFETCH(int, what);
        Bench bench;
        QWidget elsewhere;
        bench.arm();
        QVERIFY(bench.button.isEnabled());
        switch (what) {
        case 0: bench.button.rearm(); break;
        case 1: bench.button.setText(QStringLiteral("Allow in PRODUCTION")); break;
        case 2: bench.window.move(bench.window.pos() + QPoint(20, 20)); break;
        case 3: bench.window.resize(bench.window.size() + QSize(40, 40)); break;
        case 4: bench.button.move(bench.button.pos() + QPoint(1, 0)); break;
        case 5:
            bench.button.hide();
            bench.button.show();
            break;
        case 6:
            elsewhere.show();
            elsewhere.activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(&elsewhere));
            break;
        case 7:
            bench.window.hide();
            elsewhere.show();
            elsewhere.activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(&elsewhere));
            bench.window.show();
            bench.window.activateWindow();
            QTRY_VERIFY(bench.window.isActiveWindow());
            break;
        }
        QTRY_VERIFY(!bench.button.isEnabled());
        if (what == 6) {
            bench.clock.advance(milliseconds(5000));
            QVERIFY(!bench.button.isEnabled());
            elsewhere.hide();
            bench.window.activateWindow();
            QVERIFY(QTest::qWaitForWindowActive(&bench.window));
            QVERIFY(!bench.button.isEnabled());
        }
        QTest::qWait(0);
        bench.clock.advance(milliseconds(900));
        QVERIFY(!bench.button.isEnabled());
        bench.clock.advance(milliseconds(1100));
        QVERIFY(bench.button.isEnabled());
    }
    void aBlockKeepsItDisabledAndSaysWhy()
    {
        Bench bench;
        bench.button.setBlocked(QStringLiteral("Type 2 more characters"));
        bench.clock.advance(milliseconds(5000));
        QVERIFY(!bench.button.isEnabled());
        QCOMPARE(bench.button.accessibleDescription(), QStringLiteral("Type 2 more characters"));
        bench.button.pressByKey();
        bench.button.click();
        QCOMPARE(bench.clicks, 0);
        bench.button.setBlocked({});
        QVERIFY(bench.button.isEnabled());
    }
    void whoPressedBeforeArmingHasNotPressed()
    {
        Bench bench;
        QTest::mousePress(&bench.button, Qt::LeftButton);
        bench.arm();
        QTest::mouseRelease(&bench.button, Qt::LeftButton);
        QCOMPARE(bench.clicks, 0);
        QVERIFY(bench.button.isEnabled());
    }
    void aPressThatSpansANewArmingDoesNotCount()
    {
        Bench bench;
        bench.arm();
        QTest::mousePress(&bench.button, Qt::LeftButton);
        bench.button.rearm();
        bench.arm();
        QTest::mouseMove(&bench.button, bench.button.rect().center() + QPoint(2, 0));
        QTest::mouseRelease(&bench.button, Qt::LeftButton);
        QCOMPARE(bench.clicks, 0);
        bench.button.setFocus();
        QTest::keyPress(&bench.button, Qt::Key_Space);
        bench.button.rearm();
        bench.arm();
        bench.button.setFocus();
        QTest::keyRelease(&bench.button, Qt::Key_Space);
        QCOMPARE(bench.clicks, 0);
    }
    void spacePressesAndEnterNever()
    {
        Bench bench;
        bench.arm();
        bench.button.setFocus();
        QTest::keyClick(&bench.button, Qt::Key_Return);
        QTest::keyClick(&bench.button, Qt::Key_Enter);
        QTest::keyClick(&bench.button, Qt::Key_Select);
        QCOMPARE(bench.clicks, 0);
        QTest::keyClick(&bench.button, Qt::Key_Space);
        QCOMPARE(bench.clicks, 1);
    }
    void autoRepeatIsIgnored()
    {
        Bench bench;
        bench.arm();
        bench.button.setFocus();
        QKeyEvent press(QEvent::KeyPress, Qt::Key_Space, Qt::NoModifier, QStringLiteral(" "), true);
        QKeyEvent release(QEvent::KeyRelease, Qt::Key_Space, Qt::NoModifier, QStringLiteral(" "), false);
        QApplication::sendEvent(&bench.button, &press);
        QApplication::sendEvent(&bench.button, &release);
        QCOMPARE(bench.clicks, 0);
    }
    void theShortcutPressesOnlyWhenArmed()
    {
        Bench bench;
        bench.button.pressByKey();
        QCOMPARE(bench.clicks, 0);
        bench.arm();
        bench.button.pressByKey();
        QCOMPARE(bench.clicks, 1);
    }
    void assistiveTechnologyCannotPressItEarly()
    {
        Bench bench;
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(&bench.button);
        QVERIFY(interface && interface->actionInterface());
        interface->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QCOMPARE(bench.clicks, 0);
        QVERIFY(interface->state().disabled);
        bench.arm();
        interface->actionInterface()->doAction(QAccessibleActionInterface::pressAction());
        QTRY_COMPARE(bench.clicks, 1);
    }
    void theRightButtonDoesNothing()
    {
        Bench bench;
        bench.arm();
        QTest::mouseClick(&bench.button, Qt::RightButton);
        QTest::mouseClick(&bench.button, Qt::MiddleButton);
        QCOMPARE(bench.clicks, 0);
    }
    void aHiddenButtonDoesNotTick()
    {
        Bench bench;
        bench.window.hide();
        bench.clock.advance(milliseconds(60'000));
        QVERIFY(!bench.button.isArmed());
    }
    void itsSizeStaysWhenItArms()
    {
        Bench bench;
        const QSize before = bench.button.sizeHint();
        bench.arm();
        QCOMPARE(bench.button.sizeHint(), before);
    }
    void denyWorksAtOnceAlsoWithEnter()
    {
        Theme theme;
        DenyButton deny(theme, QStringLiteral("approval.deny"));
        deny.show();
        QSignalSpy denied(&deny, &DenyButton::denied);
        QTest::mouseClick(deny.button(), Qt::LeftButton);
        QCOMPARE(denied.size(), 1);
        QTest::keyClick(deny.button(), Qt::Key_Return);
        QTest::keyClick(deny.button(), Qt::Key_Space);
        QCOMPARE(denied.size(), 3);
        QSignalSpy tell(&deny, &DenyButton::denyAndTellChosen);
        QSignalSpy all(&deny, &DenyButton::denyAllChosen);
        for (QAction *action : deny.menu()->actions())
            action->trigger();
        QCOMPARE(tell.size(), 1);
        QCOMPARE(all.size(), 1);
        QVERIFY(deny.findChild<QAbstractButton *>(QStringLiteral("approval.deny.menu")));
    }
    void ordinaryButtonsIgnoreEnter()
    {
        Theme theme;
        Button button(theme, QStringLiteral("Pause"));
        button.show();
        QSignalSpy clicked(&button, &QAbstractButton::clicked);
        QTest::keyClick(&button, Qt::Key_Return);
        QCOMPARE(clicked.size(), 0);
        QTest::keyClick(&button, Qt::Key_Space);
        QCOMPARE(clicked.size(), 1);
    }
};

COUNTERSIGN_TEST(tst_ArmedButton)
#include "tst_ArmedButton.moc"
