// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeDesk.h"
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/shell/EnvMenu.h"
#include "ui/shell/EnvSwitch.h"
#include "ui/shell/Notice.h"
#include "ui/shell/TrayIcon.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>

using namespace mcpcore;
using namespace ui;
using std::chrono::milliseconds;

namespace {

const EnvironmentId sandbox{QStringLiteral("sandbox")}, staging{QStringLiteral("staging")}, production{QStringLiteral("production")};

} // namespace

class tst_MainWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theTitleSaysCountEnvironmentAndPage()
    {
        WindowBench bench;
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("SANDBOX: Approvals - Countersign"));
        bench.desk.add(bench.desk.sampleApproval());
        bench.desk.add(bench.desk.sampleApproval());
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("(2) SANDBOX: Approvals - Countersign"));
        bench.window.showPage(QStringLiteral("activity"));
        bench.desk.space.activeEnvironment = production;
        Q_EMIT bench.desk.workspaceChanged();
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("(2) PRODUCTION: Activity - Countersign"));
        QCOMPARE(bench.find<EnvStrip>("env.strip")->look(), EnvLook::Production);
    }
    void downAndSidewaysTakesOneClick()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        auto *menu = bench.find<EnvMenu>("env.menu");
        QTRY_VERIFY(menu->isVisible());
        bench.click("env.menu.staging");
        QCOMPARE(bench.desk.uses, QList<EnvironmentId>{staging});
        QVERIFY(!menu->isVisible());
        QVERIFY(bench.find<QWidget>("env.switch")->accessibleName().startsWith(QStringLiteral("Environment STAGING")));
    }
    void aRefusedSwitchSaysWhy()
    {
        WindowBench bench;
        bench.show();
        bench.desk.refusal = QStringLiteral("The workspace file cannot be written.");
        bench.click("env.switch");
        bench.click("env.menu.staging");
        QVERIFY(bench.find<EnvMenu>("env.menu")->isVisible());
        auto *error = bench.find<Note>("env.menu.error");
        QVERIFY(error->isVisible());
        QCOMPARE(error->text(), bench.desk.refusal);
    }
    void productionOpensThePanelAndNothingElse()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        QVERIFY(bench.desk.uses.isEmpty());
        QVERIFY(bench.desk.unlocked.isEmpty());
        QVERIFY(bench.find<QWidget>("env.unlock")->isVisible());
        QCOMPARE(bench.find<Segmented>("env.unlock.minutes")->current(), 1);
        QTRY_VERIFY(bench.find<QLineEdit>("env.unlock.reason")->hasFocus());
        auto *confirm = bench.find<ArmedButton>("env.unlock.confirm");
        bench.clock.advance(milliseconds(5000));
        QVERIFY(!confirm->isEnabled());
        QTest::keyClicks(bench.find<QLineEdit>("env.unlock.reason"), QStringLiteral("  a  "));
        bench.clock.advance(milliseconds(5000));
        QVERIFY(!confirm->isEnabled());
        QVERIFY(confirm->accessibleDescription().contains(QStringLiteral("more character")));
    }
    void theReasonUnlocksAfterArmingAndSwitches()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        auto *reason = bench.find<QLineEdit>("env.unlock.reason");
        QTest::keyClicks(reason, QStringLiteral("Refund for SUP-4471"));
        bench.find<Segmented>("env.unlock.minutes")->setCurrent(0);
        auto *confirm = bench.find<ArmedButton>("env.unlock.confirm");
        QCOMPARE(confirm->accessibleName(), QStringLiteral("Unlock for 5 minutes"));
        bench.settle();
        bench.clock.advance(milliseconds(1000));
        QVERIFY(confirm->isEnabled());
        bench.click("env.unlock.confirm");
        QCOMPARE(bench.desk.unlocked.size(), 1);
        QCOMPARE(bench.desk.unlocked.first().span, std::chrono::minutes(5));
        QCOMPARE(bench.desk.unlocked.first().reason, QStringLiteral("Refund for SUP-4471"));
        QCOMPARE(bench.desk.uses, QList<EnvironmentId>{production});
        QVERIFY(!bench.find<QWidget>("env.menu")->isVisible());
        QVERIFY(bench.find<QWidget>("env.lock")->isVisible());
    }
    void enterNeverUnlocks()
    {
        WindowBench bench;
        bench.show();
        QTest::keyClick(&bench.window, Qt::Key_3, Qt::AltModifier);
        auto *menu = bench.find<QWidget>("env.menu");
        QTRY_VERIFY(menu->isVisible());
        auto *reason = bench.find<QLineEdit>("env.unlock.reason");
        auto *confirm = bench.find<ArmedButton>("env.unlock.confirm");
        QTest::keyClicks(reason, QStringLiteral("because"));
        bench.settle();
        bench.clock.advance(milliseconds(2000));
        QVERIFY(confirm->isEnabled());
        const QList<QWidget *> everywhere{reason, confirm, bench.find<QWidget>("env.unlock.minutes.1"), menu,
                                          bench.find<QWidget>("env.unlock")};
        for (QWidget *widget : everywhere) {
            widget->setFocus();
            QTest::keyClick(widget, Qt::Key_Return);
            QTest::keyClick(widget, Qt::Key_Enter);
        }
        QVERIFY(bench.desk.unlocked.isEmpty());
        QVERIFY(bench.desk.uses.isEmpty());
        QVERIFY(menu->isVisible());
    }
    void escKeepsTheEnvironment()
    {
        WindowBench bench;
        bench.show();
        QTest::keyClick(&bench.window, Qt::Key_3, Qt::AltModifier);
        QTRY_VERIFY(bench.find<QWidget>("env.menu")->isVisible());
        QTest::keyClick(bench.find<QLineEdit>("env.unlock.reason"), Qt::Key_Escape);
        QVERIFY(!bench.find<QWidget>("env.menu")->isVisible());
        QVERIFY(bench.desk.unlocked.isEmpty());
        QCOMPARE(bench.desk.space.activeEnvironment, sandbox);
    }
    void thePanelSaysWhatWillBeCancelled()
    {
        WindowBench bench;
        bench.desk.add(bench.desk.sampleApproval());
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        QVERIFY(bench.find<QLabel>("env.unlock.words")->text().contains(QStringLiteral("1 call waiting for sandbox is cancelled.")));
    }
    void aRefusedUnlockSaysWhyAndArmsAgain()
    {
        WindowBench bench;
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        bench.desk.refusal = QStringLiteral("The screen is locked.");
        QTest::keyClicks(bench.find<QLineEdit>("env.unlock.reason"), QStringLiteral("because"));
        bench.settle();
        bench.clock.advance(milliseconds(2000));
        bench.click("env.unlock.confirm");
        QVERIFY(bench.find<Note>("env.unlock.error")->isVisible());
        QVERIFY(!bench.find<ArmedButton>("env.unlock.confirm")->isArmed());
        QVERIFY(bench.find<QWidget>("env.menu")->isVisible());
    }
    void lockNowIsThereOnlyWhileUnlocked()
    {
        WindowBench bench;
        bench.show();
        auto *lock = bench.find<QWidget>("env.lock");
        QVERIFY(!lock->isVisible());
        bench.desk.unlocks[production] = bench.clock.wall() + std::chrono::minutes(15);
        Q_EMIT bench.desk.locksChanged();
        QVERIFY(lock->isVisible());
        QTest::keyClick(&bench.window, Qt::Key_L, Qt::ControlModifier);
        QCOMPARE(bench.desk.locked, QList<EnvironmentId>{production});
        QVERIFY(!lock->isVisible());
    }
    void theSwitchCountsDown()
    {
        WindowBench bench;
        bench.desk.space.activeEnvironment = production;
        bench.desk.unlocks[production] = bench.clock.wall() + milliseconds(761'000);
        bench.show();
        auto *button = bench.find<QWidget>("env.switch");
        QCOMPARE(button->accessibleName(), QStringLiteral("Environment PRODUCTION, locks in 13 minutes"));
        bench.clock.advance(milliseconds(762'000));
        QCOMPARE(button->accessibleName(), QStringLiteral("Environment PRODUCTION, locked"));
        QVERIFY(!bench.find<QWidget>("env.lock")->isVisible());
    }
    void pauseIsOneClickAndResumeStandsOnEveryPage()
    {
        WindowBench bench;
        bench.show();
        auto *banner = bench.find<Note>("pause.banner");
        QVERIFY(!banner->isVisible());
        bench.click("pause");
        QVERIFY(bench.desk.space.paused);
        QVERIFY(banner->isVisible());
        QVERIFY(banner->text().startsWith(QStringLiteral("Everything is paused since ")));
        bench.window.showPage(QStringLiteral("activity"));
        QVERIFY(banner->isVisible());
        // A second click on the violet button does not resume: it leads to Resume.
        bench.click("pause");
        QVERIFY(bench.desk.space.paused);
        QVERIFY(bench.find<QWidget>("pause.resume")->hasFocus());
        bench.click("pause.resume");
        QVERIFY(!bench.desk.space.paused);
        QVERIFY(!banner->isVisible());
    }
    void anAlarmStandsOnEveryPageAndAsksForAttentionOnce()
    {
        WindowBench bench;
        auto *banner = bench.find<Note>("alarm.banner");
        mcpcore::Alarm alarm{{QStringLiteral("stripe")}, {QStringLiteral("sandbox")}, QStringLiteral("Stripe answered livemode true."), {}};
        bench.desk.space.alarms = {alarm};
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(bench.window.isVisible()); // it was hidden
        QVERIFY(banner->isVisible());
        QCOMPARE(banner->text(), QStringLiteral("Stopped: stripe in SANDBOX. Stripe answered livemode true."));
        bench.window.hide();
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(!bench.window.isVisible());
        alarm.connection = {QStringLiteral("other")};
        bench.desk.space.alarms.append(alarm);
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(bench.window.isVisible());
        QVERIFY(banner->text().startsWith(QStringLiteral("Stopped: other in SANDBOX.")));
        QVERIFY(banner->text().endsWith(QStringLiteral("One more is stopped.")));
        bench.desk.space.alarms.clear();
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(!banner->isVisible());
    }
    void aWaitingCallShowsTheWindowWithoutActivatingIt()
    {
        WindowBench bench;
        QVERIFY(!bench.window.isVisible());
        QWidget work;
        work.show();
        work.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&work));
        bench.desk.add(bench.desk.sampleApproval());
        QVERIFY(bench.window.isVisible());
        QVERIFY(bench.window.testAttribute(Qt::WA_ShowWithoutActivating));
        bench.window.openForPerson(QStringLiteral("activity"));
        QVERIFY(!bench.window.testAttribute(Qt::WA_ShowWithoutActivating));
        QCOMPARE(bench.window.currentPage()->entry().id, QStringLiteral("activity"));
    }
    void aServersQuestionShowsTheWindowAndIsCounted()
    {
        WindowBench bench;
        QWidget work;
        work.show();
        work.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&work));
        const Question question = bench.desk.sampleQuestion();
        bench.desk.add(question);
        QVERIFY(bench.window.isVisible());
        QVERIFY(bench.window.testAttribute(Qt::WA_ShowWithoutActivating));
        bench.clock.advance(std::chrono::seconds(65));
        bench.desk.add(bench.desk.sampleApproval());
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("(2) SANDBOX: Approvals - Countersign"));
        const auto waiting = [&bench] { return bench.window.tray()->menu()->findChild<QAction *>(QStringLiteral("tray.waiting"))->text(); };
        QCOMPARE(waiting(), QStringLiteral("2 waiting, oldest 1:05"));
        bench.desk.end(question.id, QuestionEnd::Declined);
        QCOMPARE(bench.window.windowTitle(), QStringLiteral("(1) SANDBOX: Approvals - Countersign"));
        QCOMPARE(waiting(), QStringLiteral("1 waiting, oldest 0:00"));
    }
    void theNoticeOfAQuestionHoldsNoWordOfTheServer()
    {
        WindowBench bench;
        Question question = bench.desk.sampleQuestion();
        question.message = question.asker = question.tool = QStringLiteral("<b>Approve at once</b>");
        const Notice notice = Notice::of(question);
        QCOMPARE(notice.title, QStringLiteral("Stack, SANDBOX"));
        QCOMPARE(notice.body, QStringLiteral("A server asks you something"));
    }
    void withoutATrayTheWindowNeverHides()
    {
        WindowBench bench;
        bench.show();
        QVERIFY(!bench.window.tray()->isReachable());
        QSignalSpy quit(&bench.window, &MainWindow::quitWanted);
        bench.window.close();
        QVERIFY(bench.window.isVisible());
        QCOMPARE(quit.size(), 1);
    }
    void theTrayMenuChoosesButNeverUnlocks()
    {
        WindowBench bench;
        bench.desk.add(bench.desk.sampleApproval());
        bench.show();
        const auto action = [&bench](const char *name) { return bench.window.tray()->menu()->findChild<QAction *>(QLatin1String(name)); };
        QVERIFY(!action("tray.state")->isEnabled());
        QVERIFY(action("tray.waiting")->text().startsWith(QStringLiteral("1 waiting, oldest ")));
        QVERIFY(action("tray.environment.sandbox")->isChecked());
        action("tray.environment.staging")->trigger();
        QCOMPARE(bench.desk.uses, QList<EnvironmentId>{staging});
        QTest::qWait(0);
        action("tray.environment.production")->trigger();
        QVERIFY(bench.desk.unlocked.isEmpty());
        QCOMPARE(bench.desk.uses.size(), 1);
        QVERIFY(bench.find<QWidget>("env.unlock")->isVisible());
        QTest::qWait(0);
        QVERIFY(action("tray.environment.staging")->isChecked());
        action("tray.pause")->trigger();
        QVERIFY(bench.desk.space.paused);
        QVERIFY(action("tray.resume"));
        QSignalSpy quit(&bench.window, &MainWindow::quitWanted);
        action("tray.quit")->trigger();
        QCOMPARE(quit.size(), 1);
    }
    void theBadgeShowsCountAndEnvironment()
    {
        const Theme theme;
        const QImage none = TrayIcon::picture(theme, 32, Qt::white, EnvLook::Production, 0, false).toImage();
        const QImage five = TrayIcon::picture(theme, 32, Qt::white, EnvLook::Production, 5, false).toImage();
        const QImage paused = TrayIcon::picture(theme, 32, Qt::white, EnvLook::Production, 5, true).toImage();
        QVERIFY(five.pixelColor(16, 30) != none.pixelColor(16, 30));
        QCOMPARE(five.pixelColor(16, 30), theme.color(Role::ProductionSolid));
        QVERIFY(paused != five);
    }
    void noticesCarryNoMarkupAndNoArguments()
    {
        ToolCall call;
        call.connection = {QStringLiteral("stripe")};
        call.environment = production;
        call.tool = QStringLiteral("create_refund");
        call.operation = QStringLiteral("<a href='x'>Post</a>\u202E&amp;") + QString(200, QLatin1Char('x'));
        call.arguments = RawJson(QByteArray("{\"amount\":5000}"));
        const Notice notice = Notice::of(call);
        QCOMPARE(notice.title, QStringLiteral("Stripe, PRODUCTION"));
        for (const QChar forbidden : {QLatin1Char('<'), QLatin1Char('>'), QLatin1Char('&')})
            QVERIFY(!notice.body.contains(forbidden));
        QVERIFY(!notice.body.contains(QChar(0x202E)));
        QVERIFY(!notice.body.contains(QStringLiteral("5000")));
        QVERIFY(notice.body.size() < 90);
    }
    void keysReachThePages()
    {
        WindowBench bench;
        bench.show();
        QTest::keyClick(&bench.window, Qt::Key_2, Qt::ControlModifier);
        QCOMPARE(bench.window.currentPage()->entry().id, QStringLiteral("activity"));
        QTest::keyClick(&bench.window, Qt::Key_F, Qt::ControlModifier);
        QCOMPARE(bench.second->finds, 1);
        QTest::keyClick(&bench.window, Qt::Key_Escape);
        QCOMPARE(bench.second->leaves, 1);
        QVERIFY(bench.window.isVisible());
        QTest::keyClick(&bench.window, Qt::Key_2, Qt::AltModifier);
        QCOMPARE(bench.desk.uses, QList<EnvironmentId>{staging});
        QTest::keyClick(&bench.window, Qt::Key_1, Qt::AltModifier);
        QCOMPARE(bench.desk.uses.last(), sandbox);
        QTest::keyClick(&bench.window, Qt::Key_P, Qt::ControlModifier | Qt::AltModifier | Qt::ShiftModifier);
        QVERIFY(bench.desk.space.paused);
    }
    void f6WalksThroughTheParts()
    {
        WindowBench bench;
        bench.show();
        bench.find<QWidget>("env.switch")->setFocus();
        QTest::keyClick(&bench.window, Qt::Key_F6);
        QVERIFY(bench.find<QWidget>("nav")->hasFocus());
        QTest::keyClick(&bench.window, Qt::Key_F6);
        QVERIFY(bench.first->part->hasFocus());
        QTest::keyClick(&bench.window, Qt::Key_F6);
        QVERIFY(bench.find<QWidget>("env.switch")->hasFocus());
        QTest::keyClick(&bench.window, Qt::Key_F6, Qt::ShiftModifier);
        QVERIFY(bench.first->part->hasFocus());
    }
    void theSidebarShowsCountsAndNarrows()
    {
        WindowBench bench;
        bench.show();
        bench.first->setCount(5);
        auto *nav = bench.find<QListView>("nav");
        QCOMPARE(nav->model()->index(0, 0).data(Qt::AccessibleTextRole).toString(), QStringLiteral("Approvals, 5 waiting"));
        const int wide = nav->width();
        bench.window.resize(930, 700);
        QTRY_VERIFY(nav->width() < wide / 2);
        QCOMPARE(nav->model()->index(0, 0).data(Qt::ToolTipRole).toString(), QStringLiteral("Approvals"));
    }
    void aProblemOfTheGatewayStandsOnEveryPage()
    {
        WindowBench bench;
        bench.show();
        QVERIFY(!bench.find<Note>("status.problem")->isVisible());
        bench.desk.shownStatus.problem = QStringLiteral("Port 7345 is taken by node (pid 2210). Clients cannot reach Countersign.");
        bench.desk.shownStatus.endpoint.clear();
        Q_EMIT bench.desk.statusChanged();
        QVERIFY(bench.find<Note>("status.problem")->isVisible());
        QCOMPARE(bench.find<QLabel>("nav.endpoint")->text(), QStringLiteral("Not listening"));
    }
    void everyWidgetIsNamedAndPlain()
    {
        WindowBench bench;
        bench.desk.unlocks[production] = bench.clock.wall() + std::chrono::minutes(15);
        bench.show();
        bench.click("pause");
        bench.click("env.switch");
        bench.click("env.menu.staging");
        QTest::keyClick(&bench.window, Qt::Key_3, Qt::AltModifier);
        const QStringList faults = faultsOf(bench.window);
        QVERIFY2(faults.isEmpty(), qPrintable(faults.join(QLatin1Char('\n'))));
    }
    void partsHaveTheDesignsNames_data()
    {
        QTest::addColumn<QString>("name");
        for (const char *name : {"toolbar", "env.switch", "env.strip", "env.menu", "env.unlock.minutes", "env.unlock.reason",
                                 "env.unlock.confirm", "env.lock", "pause", "pause.banner", "pause.resume", "nav"})
            QTest::newRow(name) << QString(QLatin1String(name));
    }
    void partsHaveTheDesignsNames()
    {
        QFETCH(QString, name);
        WindowBench bench;
        QCOMPARE(bench.window.objectName(), QStringLiteral("window"));
        QCOMPARE(bench.window.findChildren<QWidget *>(name).size(), 1);
    }
};

COUNTERSIGN_TEST(tst_MainWindow)
#include "tst_MainWindow.moc"
