// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "KeysBench.h"
#include "support/Runner.h"
#include "ui/connections/ConnectionFacts.h"
#include "ui/connections/KeyText.h"
#include "ui/connections/ToolText.h"

using namespace ui;
using mcpcore::EnvironmentId;
using mcpcore::KeyRecord;
using mcpcore::ToolClass;
using std::chrono::hours;
using std::chrono::minutes;
using Act = ConnectionText::Act;
using Cell = ConnectionText::Cell;

namespace {

struct Bench : KeysBench {
    ConnectionText::Known known(const char *connection, const EnvironmentId &environment)
    {
        ConnectionText::Known about{
            desk.space, *mcpcore::find(desk.space, mcpcore::ConnectionId{QLatin1String(connection)}), environment, nullptr, nullptr, now()};
        for (const Vendor &vendor : desk.packs)
            if (vendor.id == QLatin1String(connection))
                about.vendor = &vendor;
        about.keyProgress = progress;
        return about;
    }
    Cell cell(const char *connection, const EnvironmentId &environment) { return ConnectionText::cell(known(connection, environment)); }
    QString fact(const ConnectionText::Known &about, const char *label)
    {
        for (const ConnectionFacts &section : factsOf(about))
            for (const ConnectionFact &fact : section.facts)
                if (fact.label == QLatin1String(label))
                    return fact.value;
        return {};
    }
    const KeyProgress *progress = nullptr;
};

} // namespace

// The words about keys and tools.
class tst_KeyText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCellSaysStateThenKeyThenAccount()
    {
        Bench bench;
        const Cell cell = bench.cell("stripe", bench.production);
        QCOMPARE(cell.title, QStringLiteral("Verified ") + ConnectionText::time(bench.now() - minutes(20), bench.now()));
        QCOMPARE(cell.icon, QStringLiteral("check"));
        QCOMPARE(cell.code, QStringLiteral("rk_live_ ··· 7Qm2"));
        QCOMPARE(cell.account, QStringLiteral("Acme Inc"));
        QVERIFY(cell.sentence.endsWith(QStringLiteral(", key rk_live_ ··· 7Qm2, Acme Inc")));
        QCOMPARE(bench.cell("statsig", bench.sandbox).title, QStringLiteral("Not verified"));
    }
    void theMostUrgentOfAKeyIsWhatIsSaid()
    {
        Bench bench;
        KeyRecord &key = bench.key("stripe", bench.sandbox);
        const auto title = [&] { return bench.cell("stripe", bench.sandbox).title; };
        key.created = bench.now() - hours(24 * 94);
        QCOMPARE(title(), QStringLiteral("Rotate: 94 days old"));
        key.rotationDays = 120;
        QVERIFY(title().startsWith(QStringLiteral("Verified ")));
        key.rotationDays = 90;
        key.foundIn = QStringLiteral("/home/ada/.cursor/mcp.json");
        QCOMPARE(title(), QStringLiteral("Was in plain text"));
        key.expires = bench.now() + minutes(40);
        QCOMPARE(title(), QStringLiteral("Ends in 40 minutes"));
        KeyProgress progress{KeyProgress::Phase::Refused, QStringLiteral("Stripe does not accept it.")};
        bench.progress = &progress;
        QCOMPARE(title(), QStringLiteral("Refused by Stripe"));
        key.expires = bench.now() - minutes(1);
        QCOMPARE(title(), QStringLiteral("Key ended"));
        QCOMPARE(bench.cell("stripe", bench.sandbox).tone, Cell::Tone::Caution);
        progress.phase = KeyProgress::Phase::Asking;
        QCOMPARE(title(), QStringLiteral("Asking Stripe"));
        bench.progress = nullptr;
        bench.raiseAlarm();
        const Cell alarm = bench.cell("stripe", bench.sandbox);
        QCOMPARE(alarm.title, QStringLiteral("Stopped: Stripe answered livemode true to a sandbox call."));
        QCOMPARE(alarm.act, Act::LookAtAlarm);
        QCOMPARE(alarm.actText, QStringLiteral("Look at it"));
        QVERIFY(bench.cell("stripe", bench.production).title.startsWith(QStringLiteral("Verified")));
    }
    void aLinkThatFailedComesAfterWhatTheKeyCannotDo()
    {
        Bench bench;
        mcpcore::ConnectionState state;
        state.link = mcpcore::ConnectionState::Link::Failed;
        state.error = QStringLiteral("It does not answer.");
        auto known = bench.known("stripe", bench.sandbox);
        known.state = &state;
        QCOMPARE(ConnectionText::cell(known).title, QStringLiteral("Does not connect"));
        bench.key("stripe", bench.sandbox).created = bench.now() - hours(24 * 94);
        QCOMPARE(ConnectionText::cell(known).title, QStringLiteral("Does not connect"));
        known.store = {false, true, QStringLiteral("The keychain is locked.")};
        QCOMPARE(ConnectionText::cell(known).title, QStringLiteral("Keychain locked"));
        known.store.inFile = true;
        QCOMPARE(ConnectionText::cell(known).title, QStringLiteral("Key file locked"));
    }
    void whatAVendorDoesNotHaveHasAReasonAndNoButton()
    {
        Bench bench;
        const Cell cell = bench.cell("stack", bench.sandbox);
        QCOMPARE(cell.title, QStringLiteral("STACK has no sandbox: every key of it acts on real data."));
        QCOMPARE(cell.act, Act::None);
        QCOMPARE(cell.tone, Cell::Tone::Muted);
    }
    void lockedProductionIsAPadlockAndAWord()
    {
        Bench bench;
        auto known = bench.known("stripe", bench.production);
        known.locked = true;
        const Cell cell = ConnectionText::cell(known);
        QCOMPARE(cell.icon, QStringLiteral("lock"));
        QVERIFY(cell.sentence.endsWith(QStringLiteral(", locked")));
        QVERIFY(bench.fact(known, "PRODUCTION").startsWith(QStringLiteral("locked")));
    }
    void theFactsAreTheVendorsWordItsLifeAndWhereItIsKept()
    {
        Bench bench;
        auto known = bench.known("stripe", bench.production);
        QCOMPARE(bench.fact(known, "Account"), QStringLiteral("Acme Inc"));
        QCOMPARE(bench.fact(known, "Live mode"), QStringLiteral("live, agrees with the slot"));
        QCOMPARE(bench.fact(known, "May do"), QStringLiteral("It may read the balance. It may not read payouts."));
        QVERIFY(bench.fact(known, "Added").endsWith(QStringLiteral("78 days ago")));
        QVERIFY(bench.fact(known, "Rotate by").endsWith(QStringLiteral("in 12 days")));
        QCOMPARE(bench.fact(known, "Where"), QStringLiteral("the system keychain"));
        QCOMPARE(bench.fact(known, "May go to"), QStringLiteral("https://mcp.stripe.com:443"));
        QCOMPARE(bench.fact(known, "Given to"), QStringLiteral("for all clients"));
        QCOMPARE(bench.fact(known, "Last used"), QString());
        KeyUse use;
        known.use = &use;
        QCOMPARE(bench.fact(known, "Last used"), QStringLiteral("never, as far as the log says"));
        use = {bench.now() - minutes(1), QStringLiteral("claude-code"), {QStringLiteral("claude-code"), QStringLiteral("cursor")}};
        QVERIFY(bench.fact(known, "Last used").endsWith(QStringLiteral("by Claude Code")));
        QCOMPARE(bench.fact(known, "Used by"), QStringLiteral("Claude Code, Cursor"));
        bench.key("stripe", bench.production).store = QStringLiteral("file");
        QCOMPARE(bench.fact(known, "Where"), QStringLiteral("the encrypted file of this profile"));
        QVERIFY(bench.fact(bench.known("statsig", bench.production), "Rotate by").endsWith(QStringLiteral("4 days over")));
        QVERIFY(bench.fact(bench.known("stack", bench.production), "Ends").endsWith(QStringLiteral("in 40 minutes")));
    }
    void aModeThatIsNotOfTheSlotIsSaid()
    {
        Bench bench;
        KeyRecord &key = bench.key("stripe", bench.sandbox);
        key.verified->mode = KeysBench::Mode::Live;
        QCOMPARE(bench.fact(bench.known("stripe", bench.sandbox), "Live mode"), QStringLiteral("live, which is not this slot"));
        key.verified->mode = KeysBench::Mode::NotSaid;
        QCOMPARE(bench.fact(bench.known("stripe", bench.sandbox), "Live mode"), QStringLiteral("not said"));
    }
    void deletingSaysWhatStopsWorking()
    {
        Bench bench;
        const KeyRecord common = bench.key("stripe", bench.sandbox);
        QCOMPARE(KeyText::lostWith(common, bench.desk.space), QStringLiteral("Calls to stripe in sandbox are not sent any more."));
        KeyRecord own = bench.addKey("stripe", bench.sandbox, "rk_test_", "aaaa", hours(1));
        bench.desk.space.keys.last().client = own.client = mcpcore::ClientId{QStringLiteral("cursor")};
        QCOMPARE(KeyText::lostWith(common, bench.desk.space),
                 QStringLiteral("Calls to stripe in sandbox are not sent any more, but for those of Cursor."));
        QCOMPARE(KeyText::lostWith(own, bench.desk.space),
                 QStringLiteral("Cursor gets the key for all clients of stripe in sandbox then, which may open more."));
    }
    void theNextChangeOfAKeyIsFoundWithoutAsking()
    {
        Bench bench;
        KeyRecord key = bench.key("stripe", bench.sandbox);
        const auto now = bench.now();
        QCOMPARE(KeyText::nextChange(key, now).count(), (key.created + hours(24 * 90)).count());
        key.expires = now + hours(3);
        QCOMPARE(KeyText::nextChange(key, now).count(), (now + hours(2)).count());
        key.expires = now + minutes(40);
        QCOMPARE(KeyText::nextChange(key, now).count(), (now + minutes(1)).count());
        key.expires = now - minutes(1);
        key.rotationDays = 0;
        QCOMPARE(KeyText::nextChange(key, now).count(), std::chrono::milliseconds::rep(0));
    }
    void aToolIsClaimedToBeTheWorseOfItsNameAndItsAnnotations_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<int>("readOnly"); // -1: silent
        QTest::addColumn<int>("destructive");
        QTest::addColumn<int>("claimed");
        const auto row = [](const char *name, int readOnly, int destructive, ToolClass claimed) {
            QTest::addRow("%s %d %d", name, readOnly, destructive) << QString::fromLatin1(name) << readOnly << destructive << int(claimed);
        };
        row("list_invoices", -1, -1, ToolClass::Read);
        row("list_customers", 1, -1, ToolClass::ReadPersonal);
        row("listPayments", -1, -1, ToolClass::Read);
        row("get_secret", 1, -1, ToolClass::Secret);
        row("create_refund", -1, -1, ToolClass::Money);
        row("create_product", -1, -1, ToolClass::Write);
        row("updateGate", -1, -1, ToolClass::Change);
        row("delete_gate", 1, -1, ToolClass::Destructive); // it says that it only reads
        row("get_balance", -1, 1, ToolClass::Destructive);
        row("get_balance", 0, -1, ToolClass::Change);
        row("frobnicate", 1, -1, ToolClass::Read);
        row("frobnicate", 1, 1, ToolClass::Destructive);
        row("frobnicate", -1, -1, ToolClass::Unknown);
    }
    void aToolIsClaimedToBeTheWorseOfItsNameAndItsAnnotations()
    {
        QFETCH(QString, name);
        QFETCH(int, readOnly);
        QFETCH(int, destructive);
        QFETCH(int, claimed);
        ListedTool tool;
        tool.name = name;
        if (readOnly >= 0)
            tool.readOnly = readOnly == 1;
        if (destructive >= 0)
            tool.destructive = destructive == 1;
        QCOMPARE(mcpcore::toText(ToolText::claimed(tool)), mcpcore::toText(ToolClass(claimed)));
        if (readOnly < 0 && destructive < 0)
            QVERIFY(ToolText::claims(tool).startsWith(QStringLiteral("The server claims nothing of it.")));
        else
            QVERIFY(ToolText::claims(tool).startsWith(QStringLiteral("The server claims: ")));
    }
};

COUNTERSIGN_TEST(tst_KeyText)
#include "tst_KeyText.moc"
