// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include "ui/connections/PassphraseDialog.h"
#include <QSignalSpy>

using namespace ui;
using mcpcore::Error;
using mcpcore::failure;

namespace {

struct Bench : KeysPage {
    void keepInFile()
    {
        desk.shownStatus.keyStore = {true, false, {}};
        Q_EMIT desk.statusChanged();
        settle();
    }
    PassphraseDialog *dialog() { return page.findChild<PassphraseDialog *>(); }
    void give(const char *passphrase)
    {
        for (const char *field : {"passphrase.field", "passphrase.again"})
            QTest::keyClicks(the(field), QLatin1String(passphrase));
        click("passphrase.open");
    }
    void answer(mcpcore::Result<QString> moved)
    {
        desk.keysMoved.back().done(std::move(moved));
        settle();
    }
};

} // namespace

// Where keys are kept, and moving them.
class tst_KeyStoreLine : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void itSaysWhichStoreIsInUse()
    {
        Bench bench;
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Keys and sign-ins are in the system keychain"));
        bench.keepInFile();
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Keys and sign-ins are in the encrypted file of this profile"));
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
    }
    void toAFileTheyMoveUnderANewPassphrase()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.the("connections.store.move")->setFocus();
        bench.click("connections.store.move");
        QVERIFY(bench.dialog() && bench.dialog()->isVisible());
        QVERIFY(bench.desk.keysMoved.empty());
        bench.give("a good passphrase");
        QCOMPARE(bench.desk.keysMoved.size(), size_t(1));
        QCOMPARE(bench.desk.keysMoved[0].passphrase, QByteArray("a good passphrase"));
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Moving keys and sign-ins"));
        QVERIFY(!bench.the("connections.store.move")->isEnabled());
        bench.desk.shownStatus.keyStore.inFile = true; // as the core does
        bench.answer(QString());
        QCOMPARE(said.last().first().toString(), QStringLiteral("Moved keys and sign-ins to the encrypted file."));
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Keys and sign-ins are in the encrypted file of this profile"));
        QTRY_VERIFY(!bench.dialog());
        QVERIFY(bench.the("connections.store.move")->isEnabled());
        QVERIFY(!qobject_cast<QAbstractButton *>(bench.page.window()->focusWidget())); // no other button got its focus
    }
    void whatTheKeychainKeptIsSaid()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.click("connections.store.move");
        bench.give("a good passphrase");
        bench.answer(QStringLiteral("2 copies are still in the keychain."));
        QCOMPARE(said.last().first().toString(),
                 QStringLiteral("Moved keys and sign-ins to the encrypted file. 2 copies are still in the keychain."));
    }
    void aRefusedPassphraseIsAskedForAgain()
    {
        Bench bench;
        bench.click("connections.store.move");
        bench.give("short");
        bench.answer(failure(Error::Kind::InvalidArgument, QStringLiteral("A passphrase needs at least 8 characters.")));
        QVERIFY(bench.dialog()->isVisible());
        QCOMPARE(bench.text("passphrase.message"), QStringLiteral("A passphrase needs at least 8 characters."));
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Keys and sign-ins are in the system keychain"));
        bench.click("passphrase.later");
        QTRY_VERIFY(!bench.dialog());
        QCOMPARE(bench.desk.keysMoved.size(), size_t(1));
    }
    void toTheKeychainTheyMoveAfterAnArmedConfirmation()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.keepInFile();
        QVERIFY(!bench.shows("connections.store.panel"));
        bench.click("connections.store.move");
        QVERIFY(bench.shows("connections.store.panel"));
        QVERIFY(!bench.dialog());
        bench.click("connections.store.panel.confirm"); // not armed
        QVERIFY(bench.desk.keysMoved.empty());
        bench.clickArmed("connections.store.panel.confirm");
        QCOMPARE(bench.desk.keysMoved.size(), size_t(1));
        QCOMPARE(bench.desk.keysMoved[0].passphrase, QByteArray());
        bench.desk.shownStatus.keyStore.inFile = false;
        bench.answer(QString());
        QCOMPARE(said.last().first().toString(), QStringLiteral("Moved keys and sign-ins to the system keychain."));
        QCOMPARE(bench.text("connections.store"), QStringLiteral("Keys and sign-ins are in the system keychain"));
    }
    void aKeychainThatTakesNothingIsSaidWhereItWasAsked()
    {
        Bench bench;
        bench.keepInFile();
        bench.click("connections.store.move");
        bench.clickArmed("connections.store.panel.confirm");
        bench.answer(failure(Error::Kind::SecretUnavailable, QStringLiteral("No keychain answers. Nothing was moved.")));
        QCOMPARE(bench.note("connections.store.panel.note"), QStringLiteral("No keychain answers. Nothing was moved."));
        bench.click("connections.store.panel.keep");
        QVERIFY(!bench.shows("connections.store.panel"));
        QCOMPARE(bench.desk.keysMoved.size(), size_t(1));
    }
};

COUNTERSIGN_TEST(tst_KeyStoreLine)
#include "tst_KeyStoreLine.moc"
