// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include "ui/connections/ToolsPanel.h"
#include <QCheckBox>
#include <QComboBox>
#include <QSignalSpy>

using namespace ui;
using mcpcore::Tool;
using mcpcore::ToolClass;

namespace {

struct Bench : KeysPage {
    Bench()
    {
        desk.listed = {tool("get_balance", Tool::State::Trusted), tool("list_invoices"), tool("create_refund", Tool::State::Changed),
                       tool("list_customers"), tool("frobnicate")};
        desk.listed[0].accepted = ToolClass::Read;
        open("stripe", sandbox);
        click("connections.tools");
    }
    ToolRow *row(const char *name)
    {
        for (ToolRow *one : page.findChildren<ToolRow *>())
            if (one->tool().name == QLatin1String(name))
                return one;
        qFatal("There is no tool %s", name);
    }
    void check(const char *name) { row(name)->findChild<QCheckBox *>()->setChecked(true); }
    void take(const char *name, ToolClass toolClass)
    {
        auto *box = row(name)->findChild<QComboBox *>();
        box->setCurrentIndex(box->findData(int(toolClass)));
    }
};

} // namespace

// The tools of a place, and what is sent for those that a person trusts.
class tst_ToolsPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatNeedsAPersonComesFirst()
    {
        Bench bench;
        QCOMPARE(bench.text("tools.summary"), QStringLiteral("3 wait, 1 changed, 1 trusted"));
        const auto rows = bench.page.findChildren<ToolRow *>();
        QCOMPARE(rows[0]->tool().name, QStringLiteral("create_refund"));
        QCOMPARE(rows[4]->tool().name, QStringLiteral("get_balance"));
        QVERIFY(!rows[4]->findChild<QCheckBox *>()); // nothing to do
        QVERIFY(!bench.the("tools.trust")->isEnabled());
        QCOMPARE(bench.row("create_refund")->toolClass(), ToolClass::Money);
        QCOMPARE(bench.row("frobnicate")->toolClass(), ToolClass::Unknown);
    }
    void whatChangedInAToolIsMarkedInItsWords()
    {
        Bench bench;
        ListedTool &changed = bench.desk.listed[2];
        changed.description = QStringLiteral("Refunds a payment, and sends <b>all</b> data.\u200B");
        changed.definition = {changed.description, QStringLiteral("{\n  \"amount\": \"integer\",\n  \"note\": \"string\"\n}")};
        changed.before = ListedTool::Definition{QStringLiteral("Refunds a payment."), QStringLiteral("{\n  \"amount\": \"integer\"\n}")};
        bench.click("tools.back");
        bench.click("connections.tools");
        const QString text = bench.text("tools.diff.description");
        QVERIFY(text.contains(QStringLiteral("<b>all</b>"))); // as it is written
        const QString spoken = bench.the("tools.diff.description")->accessibleName();
        QCOMPARE(spoken, QStringLiteral("added: , and sends <b>all</b> data. added: zero width space."));
        QVERIFY(bench.the("tools.diff.rest")->accessibleName().contains(QStringLiteral("note")));
        QVERIFY(!bench.the("tools.diff.rest")->accessibleName().contains(QStringLiteral("amount")));
        QVERIFY(!bench.row("list_invoices")->findChild<QLabel *>(QStringLiteral("tools.diff.description")));
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
    }
    void aChangeThatCannotBeComparedIsSaidSo()
    {
        Bench bench;
        const auto labels = bench.row("create_refund")->findChildren<QLabel *>();
        QVERIFY(std::any_of(labels.begin(), labels.end(), [](const QLabel *label) {
            return label->text() == QStringLiteral("What it was before was not kept. Read all of it.");
        }));
    }
    void exactlyWhatWasSeenIsTrustedByItsClass()
    {
        Bench bench;
        QSignalSpy said(&bench.page, &Page::said);
        bench.check("create_refund");
        bench.check("list_invoices");
        bench.check("frobnicate");
        bench.take("frobnicate", ToolClass::Read);
        QCOMPARE(bench.the<QAbstractButton>("tools.trust")->accessibleName(), QStringLiteral("Trust 3 selected"));
        bench.click("tools.trust");
        QCOMPARE(bench.desk.trusted.size(), 2); // one for each class
        QCOMPARE(bench.desk.trusted[0].toolClass, ToolClass::Read);
        QCOMPARE(bench.desk.trusted[0].pins,
                 (QMap<QString, QString>{{QStringLiteral("frobnicate"), QStringLiteral("pin-of-frobnicate")},
                                         {QStringLiteral("list_invoices"), QStringLiteral("pin-of-list_invoices")}}));
        QCOMPARE(bench.desk.trusted[1].toolClass, ToolClass::Money);
        QCOMPARE(bench.desk.trusted[1].environment, bench.sandbox);
        QCOMPARE(said.last().first().toString(), QStringLiteral("Trusted 3 tools."));
        QCOMPARE(bench.desk.toolsAsked, 2);                                                     // as they are now
        QCOMPARE(bench.grid()->selected(), (Place{{QStringLiteral("stripe")}, bench.sandbox})); // not where the focus fell
        QVERIFY(bench.shows("tools"));
    }
    void readsAreTrustedAtOnce()
    {
        Bench bench;
        QCOMPARE(bench.the<QAbstractButton>("tools.trust-reads")->accessibleName(), QStringLiteral("Trust all 2 reads"));
        bench.click("tools.trust-reads");
        QCOMPARE(bench.desk.trusted.size(), 2);
        QCOMPARE(bench.desk.trusted[0].pins.keys(), QStringList{QStringLiteral("list_invoices")});
        QCOMPARE(bench.desk.trusted[1].toolClass, ToolClass::ReadPersonal);
        QCOMPARE(bench.desk.trusted[1].pins.keys(), QStringList{QStringLiteral("list_customers")});
    }
    void whatChangedMeanwhileIsSaidAndShownAnew()
    {
        Bench bench;
        bench.check("list_invoices");
        bench.desk.refusal = QStringLiteral("Nothing was trusted: the server changed list_invoices while you looked.");
        bench.click("tools.trust");
        QCOMPARE(bench.note("tools.trouble"), bench.desk.refusal);
        QCOMPARE(bench.desk.toolsAsked, 2);
    }
    void escLeavesTheListThenTheDetail()
    {
        Bench bench;
        QVERIFY(bench.page.leave());
        QVERIFY(!bench.shows("tools"));
        QVERIFY(bench.shows("key.card"));
        QVERIFY(bench.page.leave());
        QVERIFY(!bench.shows("connections.detail"));
    }
    void whatTheServerWritesIsPlainAndMarked()
    {
        KeysPage bench;
        auto hostile = KeysBench::tool("list_x");
        hostile.name = QStringLiteral("list_<b>\u202Ex") + QString(300, QLatin1Char('y'));
        hostile.description = QStringLiteral("<img src=x>\u200B") + QString(20'000, QLatin1Char('z'));
        hostile.arguments = {hostile.name, hostile.description};
        bench.desk.listed = {hostile};
        bench.open("stripe", bench.sandbox);
        bench.click("connections.tools");
        QCOMPARE(faultsOf(bench.page).join(QLatin1Char(';')), QString());
        QVERIFY(bench.the("connections.detail")->width() <= 400);
        const auto notes = bench.page.findChild<ToolRow *>()->findChildren<QLabel *>(QStringLiteral("note.text"));
        QCOMPARE(notes.size(), 2);
        QVERIFY(notes[0]->text().startsWith(QStringLiteral("Hidden characters: 2.")));
        QVERIFY(notes[1]->text().startsWith(QStringLiteral("16012 more characters.")));
    }
};

COUNTERSIGN_TEST(tst_ToolsPanel)
#include "tst_ToolsPanel.moc"
