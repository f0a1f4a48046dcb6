// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionsBench.h"
#include "support/Runner.h"
#include <QClipboard>
#include <QGuiApplication>
#include <QSignalSpy>

using namespace ui;
using mcpcore::Error;
using mcpcore::failure;
using Kind = mcpcore::SignInState::Kind;

namespace {

const QString kPage = QStringLiteral("https://auth.acme.example/authorize?response_type=code&client_id=<b>x</b>&state=8sKd2Qv&")
                      + QString(900, QLatin1Char('s'));

struct Bench : ConnectionsBench {
    Bench()
    {
        page.resize(1180, 700);
        page.show();
        [&] { QVERIFY(QTest::qWaitForWindowExposed(&page)); }();
    }
    template <typename Widget = QWidget> Widget *the(const char *name) { return page.findChild<Widget *>(QLatin1String(name)); }
    void open(const char *connection, const mcpcore::EnvironmentId &environment)
    {
        page.findChild<ConnectionGrid *>()->select({{QLatin1String(connection)}, environment});
    }
    void click(const char *name) { QTest::mouseClick(the<QAbstractButton>(name), Qt::LeftButton); }
    bool shows(const char *name) { return the(name) && the(name)->isVisibleTo(&page); }
    QString text(const char *name) { return the<QLabel>(name)->text(); }
    QString trouble()
    {
        QStringList texts;
        for (const QLabel *label : the("connections.account.trouble")->findChildren<QLabel *>())
            if (!label->text().isEmpty())
                texts.append(label->text());
        return shows("connections.account.trouble") ? texts.join(QLatin1Char(' ')) : QString();
    }

    Theme theme;
    ConnectionsPage page{desk, theme, clock};
};

} // namespace

// The top of the detail, and what its buttons send.
class tst_SignInPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void signingInGoesFromTheQuestionToTheBrowserToTheAccount()
    {
        Bench bench;
        bench.open("acme", bench.staging);
        QCOMPARE(bench.text("connections.account.title"), QStringLiteral("Not signed in"));
        bench.click("connections.sign-in");
        QCOMPARE(bench.desk.signIns.size(), size_t(1));
        QCOMPARE(bench.desk.signIns[0].connection.text, QStringLiteral("acme"));
        QCOMPARE(bench.desk.signIns[0].environment, bench.staging);
        QCOMPARE(bench.text("connections.account.title"), QStringLiteral("Asking where to sign in"));
        QVERIFY(!bench.shows("connections.sign-in"));
        QVERIFY(bench.shows("connections.cancel-sign-in"));
        // The focus of the button that went chooses no other cell.
        QCOMPARE(bench.page.findChild<ConnectionGrid *>()->selected().environment, bench.staging);
        QVERIFY(bench.the("connections.account")->hasFocus());

        bench.desk.signIns[0].page(kPage);
        QCOMPARE(bench.text("connections.account.title"), QStringLiteral("Waiting for the browser"));
        QVERIFY(bench.text("connections.account.text").contains(QStringLiteral("opened at https://auth.acme.example.")));
        QVERIFY(bench.shows("connections.account.address"));

        QSignalSpy said(&bench.page, &Page::said);
        bench.state("acme", bench.staging).signIn =
            mcpcore::SignInState{Kind::SignedIn, QStringLiteral("ada@example.com"), QStringLiteral("auth.acme.example"), {}, {}, false, {}};
        bench.desk.signIns[0].ended({});
        Q_EMIT bench.desk.connectionsChanged();
        QCOMPARE(said.last().first().toString(), QStringLiteral("Signed in to acme in staging."));
        QCOMPARE(bench.text("connections.account.title"), QStringLiteral("ada@example.com"));
        QVERIFY(!bench.shows("connections.account.address"));
        QVERIFY(bench.shows("connections.sign-out"));
    }
    void theAddressIsShownWholeAsPlainTextAndCopied()
    {
        Bench bench;
        bench.open("acme", bench.staging);
        bench.click("connections.sign-in");
        bench.desk.signIns[0].page(kPage);
        const auto *label = bench.the<QLabel>("connections.account.address");
        QCOMPARE(label->text(), kPage);
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QCOMPARE(label->openExternalLinks(), false);
        // All of it is on the screen: as many lines as it needs.
        QTRY_VERIFY(label->height() >= label->heightForWidth(label->width()));
        QVERIFY(label->height() > 10 * QFontMetrics(label->font()).height());
        bench.click("connections.copy-address");
        QCOMPARE(QGuiApplication::clipboard()->text(), kPage);
    }
    void whatWentWrongIsASentenceAndCanBeTriedAgain()
    {
        Bench bench;
        bench.open("acme", bench.staging);
        bench.click("connections.sign-in");
        bench.desk.signIns[0].page(failure(Error::Kind::UpstreamFailed, QStringLiteral("acme does not say where to sign in.")));
        bench.desk.signIns[0].ended(failure(Error::Kind::UpstreamFailed, QStringLiteral("acme does not say where to sign in.")));
        QCOMPARE(bench.trouble(), QStringLiteral("acme does not say where to sign in."));
        QVERIFY(bench.shows("connections.sign-in"));
        bench.click("connections.sign-in");
        QCOMPARE(bench.desk.signIns.size(), size_t(2));
        QCOMPARE(bench.trouble(), QString());
    }
    void cancellingSendsTheIntentAndSaysNothingMore()
    {
        Bench bench;
        bench.open("acme", bench.staging);
        bench.click("connections.sign-in");
        bench.desk.signIns[0].page(kPage);
        bench.click("connections.cancel-sign-in");
        QCOMPARE(bench.desk.cancelled, (QList<FakeDesk::ConnectionPlace>{{{QStringLiteral("acme")}, bench.staging}}));
        bench.desk.signIns[0].ended(failure(Error::Kind::Cancelled, QStringLiteral("The sign-in was cancelled.")));
        QCOMPARE(bench.text("connections.account.title"), QStringLiteral("Not signed in"));
        QCOMPARE(bench.trouble(), QString());
    }
    void aSecondSignInIsNotEndedByWhatTheFirstStillSays()
    {
        Bench bench;
        bench.open("acme", bench.staging);
        bench.click("connections.sign-in");
        bench.click("connections.cancel-sign-in");
        bench.desk.signIns[0].ended(failure(Error::Kind::Cancelled, QStringLiteral("The sign-in was cancelled.")));
        bench.click("connections.sign-in");
        bench.desk.signIns[1].page(kPage);
        bench.desk.signIns[0].page(QStringLiteral("https://old.example/"));
        QCOMPARE(bench.text("connections.account.address"), kPage);
    }
    void aSignInFromATerminalIsSaidAndCanBeCancelled()
    {
        Bench bench;
        bench.state("acme", bench.staging).signIn->kind = Kind::Waiting;
        Q_EMIT bench.desk.connectionsChanged();
        bench.open("acme", bench.staging);
        QVERIFY(bench.text("connections.account.text").contains(QStringLiteral("started at a terminal")));
        QVERIFY(!bench.shows("connections.account.address"));
        bench.click("connections.cancel-sign-in");
        QCOMPARE(bench.desk.cancelled.size(), 1);
    }
    void signingOutSaysWhenTheServerCouldNotBeTold()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.open("acme", bench.sandbox);
        bench.click("connections.sign-out");
        QCOMPARE(bench.desk.signedOut, (QList<FakeDesk::ConnectionPlace>{{{QStringLiteral("acme")}, bench.sandbox}}));
        QCOMPARE(said.last().first().toString(), QStringLiteral("Signed out of acme in sandbox."));
        bench.desk.revoked = Desk::Revoked::No;
        bench.click("connections.sign-out");
        QVERIFY(said.last().first().toString().contains(QStringLiteral("could not be told")));
        bench.desk.refusal = QStringLiteral("The keychain is locked.");
        bench.click("connections.sign-out");
        QCOMPARE(bench.trouble(), QStringLiteral("The keychain is locked."));
    }
    void thePageOfSessionsIsOpenedThroughTheDesk()
    {
        Bench bench;
        bench.open("acme", bench.sandbox);
        QVERIFY(!bench.shows("connections.page"));
        bench.state("acme", bench.sandbox).sessionsPage = QStringLiteral("https://dashboard.acme.example/sessions");
        Q_EMIT bench.desk.connectionsChanged();
        QVERIFY(bench.shows("connections.page"));
        QCOMPARE(bench.the<Button>("connections.page")->accessibleName(), QStringLiteral("See or end sign-ins at dashboard.acme.example"));
        bench.click("connections.page");
        QCOMPARE(bench.desk.opened, QStringList{QStringLiteral("https://dashboard.acme.example/sessions")});
    }
    void hostileAccountsStayPlainText()
    {
        Bench bench;
        const QString hostile = QStringLiteral("<img src=x>\u202Eada\u00A0@example.com") + QString(300, QLatin1Char('W'));
        bench.state("acme", bench.sandbox).signIn->account = hostile;
        bench.state("acme", bench.sandbox).error = hostile;
        bench.state("acme", bench.sandbox).link = ConnectionsBench::State::Link::Failed;
        Q_EMIT bench.desk.connectionsChanged();
        bench.open("acme", bench.sandbox);
        QCOMPARE(bench.text("connections.account.title"), hostile); // painted with marks, kept as it is
        for (const QLabel *label : bench.page.findChildren<QLabel *>())
            QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(bench.the<QLabel>("connections.account.title")->accessibleName().contains(QStringLiteral("override")));
        QVERIFY(bench.the("connections.detail")->width() <= 400);
    }
};

COUNTERSIGN_TEST(tst_SignInPanel)
#include "tst_SignInPanel.moc"
