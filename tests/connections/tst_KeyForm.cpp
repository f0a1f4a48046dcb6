// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include <QComboBox>
#include <QLineEdit>
#include <QSignalSpy>

using namespace ui;
using mcpcore::Error;
using mcpcore::failure;

namespace {

const QByteArray kKey("rk_test_51MZq4kLkdIwHu7ixCANARY7Qm2");

struct Bench : KeysPage {
    void openForm(const char *connection, const mcpcore::EnvironmentId &environment, const char *button = "key.set")
    {
        open(connection, environment);
        click(button);
    }
    void give(const QByteArray &key) { QTest::keyClicks(the("key.secret"), QString::fromLatin1(key)); }
    void answer(mcpcore::Result<QString> done)
    {
        desk.keysSet.back().done(std::move(done));
        settle();
    }
    QComboBox *box(const char *name) { return the<QComboBox>(name); }
};

} // namespace

// The form that sets and replaces a key.
class tst_KeyForm : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsSavedAfterTheVendorWasAsked()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.openForm("stripe", bench.staging);
        QVERIFY(bench.the("key.secret")->hasFocus());
        QCOMPARE(bench.text("key.form.title"), QStringLiteral("Set the key of stripe in staging"));
        QVERIFY(!bench.the("key.save")->isEnabled());
        bench.give(kKey);
        bench.the<QLineEdit>("key.label")->setText(QStringLiteral("For agents"));
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet.size(), size_t(1));
        QCOMPARE(bench.desk.keysSet[0].secret, kKey);
        QCOMPARE(bench.desk.keysSet[0].wish.environment, bench.staging);
        QCOMPARE(bench.desk.keysSet[0].wish.label, QStringLiteral("For agents"));
        QVERIFY(bench.desk.keysSet[0].wish.check == KeyWish::Check::WithVendor);
        QVERIFY(bench.desk.keysSet[0].wish.client.isEmpty());
        QCOMPARE(bench.text("key.form.state"), QStringLiteral("Asking Stripe about the key. Nothing is saved until it answers."));
        QVERIFY(!bench.the("key.secret")->isEnabled());
        QVERIFY(!bench.shows("key.unverified"));
        bench.addKey("stripe", bench.staging, "rk_test_", "7Qm2", {}); // as the core does before it answers
        Q_EMIT bench.desk.workspaceChanged();
        bench.answer(QStringLiteral("Stripe accepts it."));
        QVERIFY(!bench.shows("key.form"));
        QCOMPARE(bench.grid()->selected(), (Place{{QStringLiteral("stripe")}, bench.staging})); // not where the focus fell
        QCOMPARE(bench.text("key.title"), QStringLiteral("rk_test_ ··· 7Qm2"));
        QCOMPARE(said.last().first().toString(), QStringLiteral("Saved the key of stripe in staging. Stripe accepts it."));
    }
    void aReminderToReplaceItIsPartOfTheKey()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        auto *days = bench.the<QLineEdit>("key.rotation");
        QCOMPARE(days->text(), QStringLiteral("90"));
        bench.give(kKey);
        days->clear();
        QTest::keyClicks(days, QStringLiteral("x30"));
        QCOMPARE(days->text(), QStringLiteral("30"));
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet[0].wish.rotationDays, 30);
    }
    void anotherKeyHasTheReminderOfTheOneBefore()
    {
        Bench bench;
        bench.key("stripe", bench.production).rotationDays = 14;
        bench.openForm("stripe", bench.production, "key.replace");
        QCOMPARE(bench.the<QLineEdit>("key.rotation")->text(), QStringLiteral("14"));
    }
    void withoutANumberOfDaysNothingIsSaved_data()
    {
        QTest::addColumn<QString>("days");
        QTest::newRow("none") << QString();
        QTest::newRow("ten years and more") << QStringLiteral("9999");
    }
    void withoutANumberOfDaysNothingIsSaved()
    {
        QFETCH(QString, days);
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        bench.the<QLineEdit>("key.rotation")->setText(days);
        QVERIFY(!bench.the("key.save")->isEnabled());
        QTest::keyClick(bench.the("key.secret"), Qt::Key_Return);
        QVERIFY(bench.desk.keysSet.empty());
        bench.the<QLineEdit>("key.rotation")->setText(QStringLiteral("0"));
        QVERIFY(bench.the("key.save")->isEnabled());
    }
    void enterSavesToo()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        QTest::keyClick(bench.the("key.secret"), Qt::Key_Return);
        QVERIFY(bench.desk.keysSet.empty());
        bench.give(kKey);
        QTest::keyClick(bench.the("key.secret"), Qt::Key_Return);
        QCOMPARE(bench.desk.keysSet.size(), size_t(1));
    }
    void aQuestionOnItsWayCanBeTakenBack()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        bench.click("key.save");
        bench.click("key.cancel");
        QCOMPARE(bench.desk.keysCancelled.size(), 1);
        QCOMPARE(bench.desk.keysCancelled[0].environment, bench.staging);
        QVERIFY(!bench.shows("key.form"));
        bench.answer(failure(Error::Kind::UpstreamFailed, QStringLiteral("Too late.")));
        bench.click("key.set");
        QVERIFY(!bench.shows("key.form.trouble"));
        QVERIFY(!bench.the("key.save")->isEnabled()); // nothing of the key is left
    }
    void leavingAlsoTakesItBack_data()
    {
        QTest::addColumn<int>("how");
        QTest::newRow("Esc") << 0;
        QTest::newRow("another place") << 1;
    }
    void leavingAlsoTakesItBack()
    {
        QFETCH(int, how);
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        bench.click("key.save");
        if (how == 0)
            QVERIFY(bench.page.leave());
        else
            bench.open("stripe", bench.sandbox);
        QCOMPARE(bench.desk.keysCancelled.size(), 1);
    }
    void withoutTheVendorsWordItIsSavedOnlyByAnArmedButton()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        QVERIFY(!bench.shows("key.unverified"));
        bench.click("key.save");
        bench.answer(failure(Error::Kind::UpstreamFailed, QStringLiteral("Not saved: Stripe does not answer.")));
        QCOMPARE(bench.note("key.form.trouble"), QStringLiteral("Not saved: Stripe does not answer."));
        QVERIFY(bench.shows("key.kept"));
        QCOMPARE(bench.the<QAbstractButton>("key.save")->accessibleName(), QStringLiteral("Ask again"));
        bench.click("key.unverified");
        QCOMPARE(bench.desk.keysSet.size(), size_t(1)); // not armed
        bench.clickArmed("key.unverified");
        QCOMPARE(bench.desk.keysSet.size(), size_t(2));
        QVERIFY(bench.desk.keysSet[1].wish.check == KeyWish::Check::NotAtAll);
        QCOMPARE(bench.desk.keysSet[1].secret, kKey);
    }
    void aKeyThatIsNotForTheSlotCannotBeSavedAtAll_data()
    {
        QTest::addColumn<int>("kind");
        QTest::newRow("by its form") << int(Error::Kind::InvalidArgument);
        QTest::newRow("by the vendor's word") << int(Error::Kind::Conflict);
    }
    void aKeyThatIsNotForTheSlotCannotBeSavedAtAll()
    {
        QFETCH(int, kind);
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        bench.click("key.save");
        bench.answer(failure(Error::Kind(kind), QStringLiteral("Key refused: this is a live key.")));
        QCOMPARE(bench.note("key.form.trouble"), QStringLiteral("Key refused: this is a live key."));
        QVERIFY(!bench.shows("key.unverified"));
        QVERIFY(!bench.shows("key.kept"));
        QVERIFY(!bench.the("key.save")->isEnabled());
        QVERIFY(bench.the("key.secret")->hasFocus());
        bench.give(kKey);
        QVERIFY(!bench.shows("key.form.trouble"));
        QVERIFY(bench.the("key.save")->isEnabled());
    }
    void anotherKeyInTheFieldForgetsTheOneBefore()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        bench.click("key.save");
        bench.answer(failure(Error::Kind::Unauthorized, QStringLiteral("Key refused: Stripe does not accept it.")));
        QVERIFY(bench.shows("key.unverified"));
        bench.give("rk_test_another");
        QVERIFY(!bench.shows("key.unverified"));
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet[1].secret, QByteArray("rk_test_another"));
    }
    void whoMadeItIsAskedWhereKeysLookAlike()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        QVERIFY(!bench.shows("key.question"));
        bench.openForm("stack", bench.production, "key.replace");
        QCOMPARE(bench.text("key.question"), QStringLiteral("Is this key from getstack.run, or from Stripe?"));
        QCOMPARE(bench.box("key.madeBy")->currentData().toString(), QString()); // nothing is chosen for the person
        bench.box("key.madeBy")->setCurrentIndex(bench.box("key.madeBy")->findData(QStringLiteral("stack")));
        bench.give("sk_live_abcdefghijklmnopqrst");
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet[0].wish.madeBy, QStringLiteral("stack"));
    }
    void aClientCanGetItsOwnKey()
    {
        Bench bench;
        bench.open("stripe", bench.sandbox);
        bench.choose("key.own");
        QCOMPARE(bench.box("key.client")->currentData().toString(), QStringLiteral("claude-code"));
        bench.box("key.client")->setCurrentIndex(bench.box("key.client")->findData(QStringLiteral("cursor")));
        bench.give(kKey);
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet[0].wish.client.text, QStringLiteral("cursor"));
    }
    void theFormStaysWhenTheStateOfThingsChanges()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        Q_EMIT bench.desk.workspaceChanged();
        Q_EMIT bench.desk.connectionsChanged();
        QVERIFY(bench.shows("key.form"));
        bench.click("key.save");
        QCOMPARE(bench.desk.keysSet[0].secret, kKey);
    }
    void noWidgetGivesTheKeyAway()
    {
        Bench bench;
        bench.openForm("stripe", bench.staging);
        bench.give(kKey);
        for (QWidget *widget : bench.page.findChildren<QWidget *>())
            for (int at = 0; at < widget->metaObject()->propertyCount(); ++at)
                QVERIFY(!widget->metaObject()->property(at).read(widget).toString().contains(QStringLiteral("CANARY")));
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
    }
};

COUNTERSIGN_TEST(tst_KeyForm)
#include "tst_KeyForm.moc"
