// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>

using namespace ui;

namespace {

struct Bench : KeysPage {
    Bench() { click("connections.add"); }
    void source(const char *text)
    {
        auto *box = the<QComboBox>("add.source");
        box->setCurrentIndex(box->findText(QLatin1String(text)));
        settle();
    }
    void add() { clickArmed("add.add"); }
    QString missing() { return text("add.missing"); }
};

} // namespace

// The form that adds a connection.
class tst_AddPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aVendorIsAddedToSandboxWithItsUsualWay()
    {
        Bench bench;
        bench.source("Stripe");
        QCOMPARE(bench.the<QLineEdit>("add.id")->text(), QStringLiteral("stripe"));
        QCOMPARE(bench.text("add.what"), QStringLiteral("https://mcp.stripe.com"));
        bench.click("add.add");
        QVERIFY(bench.desk.added.isEmpty()); // not armed
        bench.add();
        QCOMPARE(bench.desk.added.size(), 1);
        const ConnectionWish wish = bench.desk.added[0];
        QCOMPARE(wish.vendor, QStringLiteral("stripe"));
        QCOMPARE(wish.environments, QList<mcpcore::EnvironmentId>{bench.sandbox});
        QCOMPARE(wish.way, QStringLiteral("bearer"));
        QVERIFY(wish.url.isEmpty() && wish.command.isEmpty());
        QVERIFY(!bench.shows("add"));
    }
    void whatAVendorDoesNotHaveIsGreyWithItsReason()
    {
        Bench bench;
        bench.source("STACK");
        QVERIFY(!bench.the("add.in.sandbox")->isEnabled());
        QCOMPARE(bench.the("add.in.sandbox")->accessibleDescription(),
                 QStringLiteral("STACK has no sandbox: every key of it acts on real data."));
        QCOMPARE(bench.missing(), QStringLiteral("Choose where it is to be."));
        bench.the<QCheckBox>("add.in.production")->setChecked(true);
        bench.add();
        QCOMPARE(bench.desk.added[0].environments, QList<mcpcore::EnvironmentId>{bench.production});
    }
    void aProgramIsShownWholeWithWhomItTells()
    {
        Bench bench;
        bench.source("Stripe, its program on this computer");
        QCOMPARE(bench.text("add.what"), QStringLiteral("npx -y @stripe/mcp@0.3.3"));
        QCOMPARE(bench.note("add.discloses"),
                 QStringLiteral("Others get data, too. The tool execute sends its code to https://api.example.com."));
        bench.add();
        QCOMPARE(bench.desk.added[0].command,
                 (QStringList{QStringLiteral("npx"), QStringLiteral("-y"), QStringLiteral("@stripe/mcp@0.3.3")}));
        QCOMPARE(bench.desk.added[0].secretVariable, QStringLiteral("STRIPE_SECRET_KEY"));
    }
    void anAddressIsShownInLettersThatCannotLookLikeOthers()
    {
        Bench bench;
        bench.source("Another server, by its address");
        QCOMPARE(bench.missing(), QStringLiteral("Give it a name of small letters, digits and -."));
        bench.the<QLineEdit>("add.id")->setText(QStringLiteral("acme"));
        QCOMPARE(bench.missing(), QStringLiteral("Give the address of its server, with https://."));
        bench.the<QLineEdit>("add.address")->setText(QStringLiteral("https://mcp.\u0430cme.example/mcp"));
        QVERIFY(bench.text("add.what").startsWith(QStringLiteral("https://mcp.xn--")));
        bench.the<QComboBox>("add.way")->setCurrentIndex(2);
        bench.add();
        QCOMPARE(bench.desk.added[0].url, QStringLiteral("https://mcp.\u0430cme.example/mcp"));
        QCOMPARE(bench.desk.added[0].way, QStringLiteral("none"));
        QVERIFY(bench.desk.added[0].vendor.isEmpty());
    }
    void aCommandIsAProgramAndArgumentsNeverAShellLine()
    {
        Bench bench;
        bench.source("Another server, by a command");
        bench.the<QLineEdit>("add.id")->setText(QStringLiteral("mine"));
        bench.the<QPlainTextEdit>("add.command")->setPlainText(QStringLiteral("/usr/bin/mine\n--name=a b; rm\n"));
        bench.the<QLineEdit>("add.variable")->setText(QStringLiteral("MINE_KEY"));
        QCOMPARE(bench.text("add.what"), QStringLiteral("/usr/bin/mine '--name=a b; rm'"));
        bench.add();
        QCOMPARE(bench.desk.added[0].command, (QStringList{QStringLiteral("/usr/bin/mine"), QStringLiteral("--name=a b; rm")}));
        QCOMPARE(bench.desk.added[0].secretVariable, QStringLiteral("MINE_KEY"));
    }
    void practiceComesWithItsTools()
    {
        Bench bench;
        bench.source("Practice: made-up data, no key");
        QVERIFY(!bench.the("add.in.production")->isEnabled());
        bench.add();
        QCOMPARE(bench.desk.practices, 1);
        QVERIFY(bench.desk.added.isEmpty());
    }
    void aRefusalStaysInTheForm()
    {
        Bench bench;
        bench.source("Stripe");
        bench.desk.refusal = QStringLiteral("There is a connection stripe already.");
        bench.add();
        QCOMPARE(bench.note("add.trouble"), bench.desk.refusal);
        QVERIFY(bench.shows("add"));
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
        bench.click("add.cancel");
        QVERIFY(!bench.shows("connections.detail"));
    }
};

COUNTERSIGN_TEST(tst_AddPanel)
#include "tst_AddPanel.moc"
