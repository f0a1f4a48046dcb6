// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include "ui/connections/RevealedKey.h"
#include <QAction>
#include <QClipboard>
#include <QGuiApplication>
#include <QMimeData>
#include <QScrollArea>
#include <QSignalSpy>

using namespace ui;
using mcpcore::Error;
using mcpcore::failure;
using mcpcore::Secret;
using std::chrono::hours;
using std::chrono::seconds;

namespace {

const std::string kKey = "rk_live_51MZq4kLkdIwHu7ixCANARY7Qm2";

struct Bench : KeysPage {
    bool showsKey() { return the<RevealedKey>("key.revealed")->isShowing(); }
    void answerReveal(mcpcore::Result<Secret> secret)
    {
        desk.keysShown.back().done(std::move(secret));
        settle();
    }
    static tl::unexpected<Error> cannotAsk()
    {
        return failure(Error::Kind::NeedsPerson, QStringLiteral("This system cannot ask for your login: polkit does not run."));
    }
    // All text that any widget would give away.
    QString allText()
    {
        QString all;
        for (QWidget *widget : page.findChildren<QWidget *>()) {
            all += widget->accessibleName() + widget->accessibleDescription() + widget->toolTip() + widget->windowTitle();
            for (int at = 0; at < widget->metaObject()->propertyCount(); ++at) {
                const QVariant value = widget->metaObject()->property(at).read(widget);
                if (value.typeId() == QMetaType::QString)
                    all += value.toString();
            }
        }
        return all;
    }
};

} // namespace

// The card of a key, and what its acts send.
class tst_KeyCard : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theCardSaysWhichKeyItIs()
    {
        Bench bench;
        bench.open("stripe", bench.production);
        QVERIFY(bench.shows("key.card"));
        QVERIFY(!bench.shows("connections.account"));
        QCOMPARE(bench.text("key.title"), QStringLiteral("rk_live_ ··· 7Qm2"));
        QCOMPARE(bench.text("key.text"), QStringLiteral("Key, restricted, for all clients"));
        QCOMPARE(bench.text("key.label-text"), QStringLiteral("Restricted key for agents"));
        QVERIFY(bench.shows("connections.page"));
        QCOMPARE(bench.text("connections.page.address"), QStringLiteral("https://dashboard.stripe.com/apikeys"));
        bench.click("connections.page");
        QCOMPARE(bench.desk.opened, QStringList{QStringLiteral("https://dashboard.stripe.com/apikeys")});
        bench.open("statsig", bench.production);
        QCOMPARE(bench.note("key.trouble"), QStringLiteral("Rotate: 94 days old."));
    }
    void aKeyThatStoodInAFileIsToBeReplaced()
    {
        Bench bench;
        for (mcpcore::KeyRecord &key : bench.desk.space.keys)
            if (key.lastFour == QLatin1String("7Qm2"))
                key.foundIn = QStringLiteral("/home/ada/.cursor/<b>mcp.json");
        bench.open("stripe", bench.production);
        QCOMPARE(bench.note("key.trouble"),
                 QStringLiteral("Was in plain text. It stood in /home/ada/.cursor/<b>mcp.json, where others may have read it. Make a "
                                "new one, replace this one, and revoke it at Stripe."));
    }
    void verifyingAsksTheVendorAndSaysWhatItSaid()
    {
        Bench bench;
        bench.open("stripe", bench.sandbox);
        bench.click("key.verify");
        QCOMPARE(bench.desk.keysTested.size(), size_t(1));
        QCOMPARE(bench.desk.keysTested[0].wish.connection.text, QStringLiteral("stripe"));
        QCOMPARE(bench.desk.keysTested[0].wish.environment, bench.sandbox);
        QCOMPARE(bench.text("key.said"), QStringLiteral("Asking Stripe"));
        QVERIFY(!bench.the("key.verify")->isEnabled());
        QCOMPARE(bench.grid()->selected(), (Place{{QStringLiteral("stripe")}, bench.sandbox})); // not where the focus fell
        bench.desk.keysTested[0].done(failure(Error::Kind::Unauthorized, QStringLiteral("Key refused: Stripe does not accept it (401).")));
        QCOMPARE(bench.note("key.trouble"), QStringLiteral("Refused by Stripe. Key refused: Stripe does not accept it (401)."));
        bench.click("key.verify");
        bench.desk.keysTested[1].done(failure(Error::Kind::UpstreamFailed, QStringLiteral("Stripe does not answer.")));
        QCOMPARE(bench.note("key.trouble"), QStringLiteral("Stripe does not answer."));
        bench.click("key.verify");
        bench.desk.keysTested[2].done(QStringLiteral("Stripe accepts it."));
        QVERIFY(!bench.shows("key.trouble"));
        QCOMPARE(bench.text("key.said"), QStringLiteral("Stripe accepts it."));
    }
    void allKeysAreVerifiedOnceEach()
    {
        Bench bench;
        bench.click("connections.verify-all");
        QCOMPARE(bench.desk.keysTested.size(), size_t(bench.desk.space.keys.size()));
        bench.click("connections.verify-all");
        QCOMPARE(bench.desk.keysTested.size(), size_t(bench.desk.space.keys.size()));
    }
    void theGridHasItsKeys()
    {
        Bench bench;
        bench.open("stripe", bench.sandbox);
        bench.grid()->setFocus();
        QTest::keyClick(bench.grid(), Qt::Key_V);
        QCOMPARE(bench.desk.keysTested.size(), size_t(1));
        QTest::keyClick(bench.grid(), Qt::Key_Delete);
        QVERIFY(bench.shows("key.delete-panel"));
        QVERIFY(bench.desk.keysDeleted.isEmpty());
        QTest::keyClick(bench.grid(), Qt::Key_T);
        QVERIFY(bench.shows("tools"));
        QCOMPARE(bench.desk.toolsAsked, 1);
        bench.open("stack", bench.sandbox); // which it does not have
        QTest::keyClick(bench.grid(), Qt::Key_T);
        QTest::keyClick(bench.grid(), Qt::Key_V);
        QCOMPARE(bench.desk.toolsAsked, 1);
        QCOMPARE(bench.desk.keysTested.size(), size_t(1));
    }
    void deletingIsAskedInItsPlaceAndArmed()
    {
        Bench bench;
        bench.open("stripe", bench.sandbox);
        bench.choose("key.delete");
        QCOMPARE(bench.note("key.delete-panel.note"), QStringLiteral("Calls to stripe in sandbox are not sent any more."));
        QVERIFY(bench.the("key.delete-panel.keep")->hasFocus());
        bench.click("key.delete-panel.confirm");
        QVERIFY(bench.desk.keysDeleted.isEmpty()); // not armed yet
        bench.click("key.delete-panel.keep");
        QVERIFY(!bench.shows("key.delete-panel"));
        bench.choose("key.delete");
        bench.clickArmed("key.delete-panel.confirm");
        QCOMPARE(bench.desk.keysDeleted, QList<mcpcore::KeyId>{bench.key("stripe", bench.sandbox).id});
        // Another place is another question.
        bench.choose("key.delete");
        bench.open("stripe", bench.production);
        QVERIFY(!bench.shows("key.delete-panel"));
    }
    void aKeyIsShownForHalfAMinuteOnce()
    {
        Bench bench;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        QCOMPARE(bench.desk.keysShown.size(), size_t(1));
        QCOMPARE(bench.desk.keysShown[0].key, bench.key("stripe", bench.production).id);
        QCOMPARE(bench.desk.keysShown[0].sight, Desk::Sight::Shown);
        QCOMPARE(bench.desk.keysShown[0].confirmed, Desk::Confirmed::No);
        QVERIFY(bench.text("key.sight.words").startsWith(QStringLiteral("Asking for your login.")));
        QVERIFY(!bench.showsKey());
        bench.answerReveal(Secret(kKey));
        QVERIFY(bench.showsKey());
        QVERIFY(!bench.allText().contains(QStringLiteral("CANARY")));
        QVERIFY(bench.text("key.sight.words").contains(QStringLiteral("0:30")));
        bench.clock.advance(seconds(10));
        QVERIFY(bench.text("key.sight.words").contains(QStringLiteral("0:20")));
        bench.clock.advance(seconds(21));
        QVERIFY(!bench.showsKey());
        QVERIFY(!bench.shows("key.sight"));
    }
    void whatIsShownIsHiddenWhenThePersonTurnsAway_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("the window loses focus") << 0;
        QTest::newRow("something is locked") << 1;
        QTest::newRow("another page") << 2;
        QTest::newRow("another place") << 3;
        QTest::newRow("Hide") << 4;
        QTest::newRow("the detail is closed") << 5;
    }
    void whatIsShownIsHiddenWhenThePersonTurnsAway()
    {
        QFETCH(int, how);
        Bench bench;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        bench.answerReveal(Secret(kKey));
        QVERIFY(bench.showsKey());
        if (how == 0) {
            QEvent away(QEvent::WindowDeactivate);
            QCoreApplication::sendEvent(&bench.page, &away);
        } else if (how == 1) {
            Q_EMIT bench.desk.locksChanged();
        } else if (how == 2) {
            bench.page.hide();
        } else if (how == 3) {
            bench.open("stripe", bench.sandbox);
        } else if (how == 4) {
            bench.click("key.sight.close");
        } else {
            QVERIFY(bench.page.leave());
        }
        QVERIFY(!bench.showsKey());
    }
    void anAnswerForAPersonWhoLeftShowsNothing()
    {
        Bench bench;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        bench.open("stripe", bench.sandbox);
        bench.answerReveal(Secret(kKey));
        QVERIFY(!bench.showsKey());
        bench.open("stripe", bench.production);
        QVERIFY(!bench.showsKey());
    }
    void whereTheSystemCannotAskTheWindowDoesSoEachTime()
    {
        Bench bench;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        bench.answerReveal(Bench::cannotAsk());
        QCOMPARE(bench.note("key.sight.note"), QStringLiteral("This system cannot ask for your login: polkit does not run."));
        bench.click("key.sight.confirm");
        QCOMPARE(bench.desk.keysShown.size(), size_t(1)); // not armed
        bench.clickArmed("key.sight.confirm");
        QCOMPARE(bench.desk.keysShown.size(), size_t(2));
        QCOMPARE(bench.desk.keysShown[1].confirmed, Desk::Confirmed::Here);
        bench.answerReveal(Secret(kKey));
        QVERIFY(bench.showsKey());
        bench.click("key.sight.close");
        bench.choose("key.reveal");
        QCOMPARE(bench.desk.keysShown.back().confirmed, Desk::Confirmed::No); // one reveal each
    }
    void withKeysInTheFileItAsksForThePassphraseToo()
    {
        Bench bench;
        bench.desk.shownStatus.keyStore.inFile = true;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        QVERIFY(!bench.shows("key.sight.passphrase"));
        bench.answerReveal(Bench::cannotAsk());
        QVERIFY(bench.the("key.sight.passphrase")->hasFocus());
        for (int step = 0; step < 30; ++step)
            bench.clock.advance(std::chrono::milliseconds(100));
        bench.click("key.sight.confirm"); // without a passphrase it does not arm
        QTest::keyClick(bench.the("key.sight.passphrase"), Qt::Key_Return);
        QCOMPARE(bench.desk.keysShown.size(), size_t(1));
        QTest::keyClicks(bench.the("key.sight.passphrase"), QStringLiteral("not the CANARY"));
        QVERIFY(!bench.allText().contains(QStringLiteral("CANARY")));
        QTest::keyClick(bench.the("key.sight.passphrase"), Qt::Key_Return);
        QCOMPARE(bench.desk.keysShown.back().confirmed, Desk::Confirmed::Here);
        QCOMPARE(bench.desk.keysShown.back().passphrase, QByteArray("not the CANARY"));
        QCOMPARE(bench.text("key.sight.words"), QStringLiteral("Reading the key."));
        bench.answerReveal(failure(Error::Kind::InvalidArgument, QStringLiteral("This is not the passphrase of the key file.")));
        QCOMPARE(bench.note("key.sight.note"), QStringLiteral("This is not the passphrase of the key file."));
        QVERIFY(!bench.showsKey());
        QTest::keyClicks(bench.the("key.sight.passphrase"), QStringLiteral("the right one"));
        bench.clickArmed("key.sight.confirm");
        QCOMPARE(bench.desk.keysShown.back().passphrase, QByteArray("the right one"));
        bench.answerReveal(Secret(kKey));
        QVERIFY(bench.showsKey());
        QVERIFY(!bench.shows("key.sight.passphrase"));
    }
    void aLoginThatWasNotGivenIsSaid()
    {
        Bench bench;
        bench.open("stripe", bench.production);
        bench.choose("key.reveal");
        bench.answerReveal(failure(Error::Kind::Denied, QStringLiteral("Not shown: the login was not given.")));
        QCOMPARE(bench.note("key.sight.note"), QStringLiteral("Not shown: the login was not given."));
        QVERIFY(!bench.shows("key.sight.confirm"));
        QVERIFY(!bench.showsKey());
    }
    void aCopyIsMarkedAsASecretAndTakenOffAgain()
    {
        Bench bench;
        QClipboard &clipboard = *QGuiApplication::clipboard();
        bench.open("stripe", bench.production);
        bench.choose("key.copy");
        QCOMPARE(bench.desk.keysShown[0].sight, Desk::Sight::Copied);
        bench.answerReveal(Secret(kKey));
        QVERIFY(!bench.showsKey());
        QCOMPARE(clipboard.text(), QString::fromStdString(kKey));
        QCOMPARE(clipboard.mimeData()->data(QStringLiteral("x-kde-passwordManagerHint")), QByteArray("secret"));
        QCOMPARE(bench.text("key.copied"), QStringLiteral("Copied. The clipboard is cleared in 0:30."));
        bench.clock.advance(seconds(12));
        QCOMPARE(bench.text("key.copied"), QStringLiteral("Copied. The clipboard is cleared in 0:18."));
        bench.clock.advance(seconds(19));
        QCOMPARE(clipboard.text(), QString());
        QVERIFY(!bench.shows("key.copied"));
    }
    void whatAnotherPutOnTheClipboardStaysThere()
    {
        Bench bench;
        QClipboard &clipboard = *QGuiApplication::clipboard();
        bench.open("stripe", bench.production);
        bench.choose("key.copy");
        bench.answerReveal(Secret(kKey));
        clipboard.setText(QStringLiteral("something else"));
        bench.clock.advance(seconds(31));
        QCOMPARE(clipboard.text(), QStringLiteral("something else"));
    }
    void aCopyDoesNotOutliveTheWindow()
    {
        QClipboard &clipboard = *QGuiApplication::clipboard();
        {
            Bench bench;
            bench.open("stripe", bench.production);
            bench.choose("key.copy");
            bench.answerReveal(Secret(kKey));
            QCOMPARE(clipboard.text(), QString::fromStdString(kKey));
        }
        QCOMPARE(clipboard.text(), QString());
    }
    void severalKeysOfAPlaceAreAListToChooseFrom()
    {
        Bench bench;
        bench.addKey("stripe", bench.sandbox, "rk_test_", "aaaa", hours(1)).client = mcpcore::ClientId{QStringLiteral("cursor")};
        bench.open("stripe", bench.sandbox);
        QCOMPARE(bench.the<QAbstractButton>("key.pick.0")->accessibleName(), QStringLiteral("for all clients  rk_test_ ··· c0Rz"));
        QVERIFY(bench.the<QAbstractButton>("key.pick.0")->isChecked());
        bench.click("key.pick.1");
        QCOMPARE(bench.text("key.title"), QStringLiteral("rk_test_ ··· aaaa"));
        QCOMPARE(bench.text("key.text"), QStringLiteral("Key, for Cursor only"));
        QVERIFY(bench.the<QAbstractButton>("key.pick.1")->isChecked());
        bench.click("key.verify");
        QCOMPARE(bench.desk.keysTested[0].wish.client.text, QStringLiteral("cursor"));
        bench.desk.space.keys.removeLast();
        Q_EMIT bench.desk.workspaceChanged();
        QCOMPARE(bench.text("key.title"), QStringLiteral("rk_test_ ··· c0Rz"));
    }
    void theBannerOfAnAlarmLeadsToItsCell()
    {
        KeysBench bench;
        bench.raiseAlarm();
        ThemeSource themes{ThemeSource::Choice::Light};
        SecondTicker ticker{bench.clock};
        MainWindow window{bench.desk, themes.theme(), bench.clock, ticker};
        window.addPage(new BlankPage(QStringLiteral("approvals"), QStringLiteral("Approvals"), Page::CountLook::Hot));
        auto *page = new ConnectionsPage(bench.desk, themes.theme(), bench.clock);
        window.addPage(page);
        window.resize(1180, 760);
        window.show();
        QTest::mouseClick(window.findChild<QAbstractButton *>(QStringLiteral("alarm.look")), Qt::LeftButton);
        QCOMPARE(window.currentPage(), page);
        QCOMPARE(page->findChild<ConnectionGrid *>()->selected(), (Place{{QStringLiteral("stripe")}, bench.sandbox}));
        QVERIFY(page->findChild<QWidget *>(QStringLiteral("connections.alarm"))->isVisible());
        // The newest of several, also when another cell is looked at.
        bench.desk.space.alarms.append({{QStringLiteral("stack")}, bench.production, QStringLiteral("It answered from elsewhere."), {}});
        Q_EMIT bench.desk.workspaceChanged();
        QTest::mouseClick(window.findChild<QAbstractButton *>(QStringLiteral("alarm.look")), Qt::LeftButton);
        QCOMPARE(page->findChild<ConnectionGrid *>()->selected(), (Place{{QStringLiteral("stack")}, bench.production}));
        // A connection that is gone has no cell: the page stays as it is.
        bench.desk.space.alarms.append({{QStringLiteral("gone")}, bench.production, QStringLiteral("It answered from elsewhere."), {}});
        Q_EMIT bench.desk.workspaceChanged();
        QTest::mouseClick(window.findChild<QAbstractButton *>(QStringLiteral("alarm.look")), Qt::LeftButton);
        QCOMPARE(page->findChild<ConnectionGrid *>()->selected(), (Place{{QStringLiteral("stack")}, bench.production}));
    }
    void anAlarmIsLookedAtAndEndedByAnArmedButton()
    {
        Bench bench;
        bench.raiseAlarm();
        Q_EMIT bench.desk.workspaceChanged();
        bench.settle();
        bench.click("connections.act.stripe.sandbox");
        QVERIFY(bench.note("connections.alarm.note")
                    .startsWith(QStringLiteral("Stopped: Stripe answered livemode true to a sandbox call. That was at ")));
        QSignalSpy wanted(&bench.page, &Page::pageWanted);
        bench.click("connections.alarm.log");
        QCOMPARE(wanted.last().first().toString(), QStringLiteral("activity"));
        bench.click("connections.alarm.resume");
        QVERIFY(bench.desk.resumed.isEmpty());
        bench.clickArmed("connections.alarm.resume");
        QCOMPARE(bench.desk.resumed, (QList<FakeDesk::ConnectionPlace>{{{QStringLiteral("stripe")}, bench.sandbox}}));
        bench.desk.space.alarms.clear();
        Q_EMIT bench.desk.workspaceChanged();
        QVERIFY(!bench.shows("connections.alarm"));
    }
    void removingAConnectionIsAskedInItsPlace()
    {
        Bench bench;
        bench.open("stripe", bench.sandbox);
        bench.click("connections.remove");
        bench.the<QScrollArea>("connections.detail.scroll")->ensureWidgetVisible(bench.the("connections.remove-panel.confirm"));
        bench.clickArmed("connections.remove-panel.confirm");
        QCOMPARE(bench.desk.removed, QList<mcpcore::ConnectionId>{{QStringLiteral("stripe")}});
    }
    void hostileNamesStayPlain()
    {
        Bench bench;
        auto &key = bench.key("stripe", bench.sandbox);
        key.label = QStringLiteral("<img src=x>\u202E") + QString(400, QLatin1Char('W'));
        key.verified->accountName = key.verified->account = key.label;
        bench.desk.space.clients[0].label = key.label;
        Q_EMIT bench.desk.workspaceChanged();
        bench.open("stripe", bench.sandbox);
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
        QVERIFY(bench.the("connections.detail")->width() <= 400);
    }
};

COUNTERSIGN_TEST(tst_KeyCard)
#include "tst_KeyCard.moc"
