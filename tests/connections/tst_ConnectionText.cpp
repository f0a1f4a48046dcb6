// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ConnectionsBench.h"
#include "support/Runner.h"
#include "ui/connections/ConnectionFacts.h"

using namespace ui;
using mcpcore::EnvironmentId;
using std::chrono::hours;
using std::chrono::minutes;
using Act = ConnectionText::Act;
using Cell = ConnectionText::Cell;
using Kind = mcpcore::SignInState::Kind;
using Link = mcpcore::ConnectionState::Link;

namespace {

struct Bench : ConnectionsBench {
    // What the grid says of a place; the state is left out when `asked` is not yet.
    enum class Core { Answered, NotYet };
    ConnectionText::Known known(const char *connection, const EnvironmentId &environment, const SignInProgress *progress = nullptr,
                                Core core = Core::Answered)
    {
        const mcpcore::Connection *found = mcpcore::find(desk.space, mcpcore::ConnectionId{QLatin1String(connection)});
        const bool set = core == Core::Answered && found->environments.contains(environment);
        return {desk.space, *found, environment, set ? &state(connection, environment) : nullptr, progress, clock.wall()};
    }
    Cell cell(const char *connection, const EnvironmentId &environment, const SignInProgress *progress = nullptr)
    {
        return ConnectionText::cell(known(connection, environment, progress));
    }
    QString fact(const ConnectionText::Known &about, const char *label)
    {
        for (const ConnectionFacts &section : factsOf(about))
            for (const ConnectionFact &fact : section.facts)
                if (fact.label == QLatin1String(label))
                    return fact.value;
        return {};
    }
};

} // namespace

class tst_ConnectionText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aSignInSaysWhoAndUntilWhen()
    {
        Bench bench;
        auto &signIn = *bench.state("acme", bench.sandbox).signIn;
        signIn.renews = false;
        Cell cell = bench.cell("acme", bench.sandbox);
        const QString until = ConnectionText::time(signIn.expires, bench.clock.wall());
        QCOMPARE(cell.title, QStringLiteral("Signed in"));
        QCOMPARE(cell.account, QStringLiteral("ada@example.com"));
        QCOMPARE(cell.caption, QStringLiteral("until ") + until);
        QCOMPARE(cell.act, Act::None);
        QCOMPARE(cell.sentence, QStringLiteral("acme, sandbox, Signed in, signed in as ada@example.com, until ") + until);
        signIn.renews = true;
        QCOMPARE(bench.cell("acme", bench.sandbox).caption, QStringLiteral("until %1, renewed by itself").arg(until));
        signIn.expires = bench.clock.wall() - minutes(1);
        QCOMPARE(bench.cell("acme", bench.sandbox).caption, QStringLiteral("renewed by itself when used next"));
        signIn.expires = {};
        QCOMPARE(bench.cell("acme", bench.sandbox).caption, QStringLiteral("renewed by itself"));
        signIn.renews = false;
        signIn.account.clear();
        cell = bench.cell("acme", bench.sandbox);
        QCOMPARE(cell.caption, QStringLiteral("the server does not say until when"));
        QCOMPARE(cell.account, QStringLiteral("at auth.acme.example"));
    }
    void everyStateOfASignInHasItsWordsAndItsButton_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<QString>("title");
        QTest::addColumn<QString>("button");
        QTest::newRow("out") << int(Kind::SignedOut) << "Not signed in"
                             << "Sign in";
        QTest::newRow("in") << int(Kind::SignedIn) << "Signed in"
                            << "";
        QTest::newRow("ended") << int(Kind::SignInAgain) << "The sign-in ended"
                               << "Sign in again";
        QTest::newRow("more") << int(Kind::MoreAccess) << "Wants more access"
                              << "Sign in again";
        QTest::newRow("waiting") << int(Kind::Waiting) << "Waiting for the browser"
                                 << "";
        QTest::newRow("unknown") << int(Kind::Unknown) << "Keychain not readable"
                                 << "";
    }
    void everyStateOfASignInHasItsWordsAndItsButton()
    {
        QFETCH(int, kind);
        Bench bench;
        bench.state("acme", bench.sandbox).signIn->kind = Kind(kind);
        const Cell cell = bench.cell("acme", bench.sandbox);
        QTEST(cell.title, "title");
        QTEST(cell.actText, "button");
        QCOMPARE(cell.act, cell.actText.isEmpty() ? Act::None : Act::SignIn);
    }
    void untilTheCoreAnswersNothingIsClaimed()
    {
        Bench bench;
        const Cell cell = ConnectionText::cell(bench.known("acme", bench.sandbox, nullptr, Bench::Core::NotYet));
        QCOMPARE(cell.title, QStringLiteral("Asking the keychain"));
        QCOMPARE(cell.act, Act::None);
    }
    void whereKeysAreInAFileNothingIsSaidOfAKeychain()
    {
        Bench bench;
        auto known = bench.known("acme", bench.sandbox, nullptr, Bench::Core::NotYet);
        known.store.inFile = true;
        QCOMPARE(ConnectionText::cell(known).title, QStringLiteral("Asking the key file"));
        bench.state("acme", bench.sandbox).signIn->kind = Kind::Unknown;
        auto answered = bench.known("acme", bench.sandbox);
        answered.store.inFile = true;
        QCOMPARE(ConnectionText::cell(answered).title, QStringLiteral("Key file not readable"));
        answered.store.locked = true;
        QCOMPARE(ConnectionText::cell(answered).title, QStringLiteral("Key file locked"));
    }
    void whatWasBegunHereIsShownBeforeTheCoreSaysIt()
    {
        Bench bench;
        SignInProgress progress;
        QCOMPARE(bench.cell("acme", bench.staging, &progress).title, QStringLiteral("Asking where to sign in"));
        progress.phase = SignInProgress::Phase::Browser;
        QCOMPARE(bench.cell("acme", bench.staging, &progress).title, QStringLiteral("Waiting for the browser"));
        QCOMPARE(bench.cell("acme", bench.staging, &progress).act, Act::None);
        progress.phase = SignInProgress::Phase::Over;
        QCOMPARE(bench.cell("acme", bench.staging, &progress).title, QStringLiteral("Not signed in"));
    }
    void aKeyIsItsPrefixAndItsLastFour()
    {
        Bench bench;
        const Cell cell = bench.cell("stripe", bench.sandbox);
        QCOMPARE(cell.title, QStringLiteral("Connected"));
        QCOMPARE(cell.code, QStringLiteral("sk_test_ ··· c0Rz"));
        QCOMPARE(cell.account, QStringLiteral("Acme test"));
        QCOMPARE(cell.sentence, QStringLiteral("stripe, sandbox, Connected, key sk_test_ ··· c0Rz, Acme test"));
        bench.desk.space.keys[0].prefix.clear();
        bench.desk.space.keys[0].lastFour.clear();
        QCOMPARE(bench.cell("stripe", bench.sandbox).code, QString());
        QCOMPARE(bench.cell("stripe", bench.sandbox).caption, QStringLiteral("Key set"));
    }
    void aMissingKeySaysSo()
    {
        Bench bench;
        Cell cell = bench.cell("stripe", bench.staging);
        QCOMPARE(cell.title, QStringLiteral("No key"));
        QCOMPARE(cell.act, Act::SetKey);
        bench.addKey("stripe", bench.staging, "", "", "");
        bench.desk.space.keys.last().client = mcpcore::ClientId{QStringLiteral("cursor")};
        cell = bench.cell("stripe", bench.staging);
        QCOMPARE(cell.title, QStringLiteral("One client has a key"));
        QCOMPARE(cell.act, Act::SetKey);
    }
    void whereAConnectionIsNotSetUpItCanBeUnlessNothingIsThere()
    {
        Bench bench;
        QCOMPARE(bench.cell("billing", bench.staging).title, QStringLiteral("Not set up for staging"));
        QCOMPARE(bench.cell("billing", bench.staging).act, Act::Place);
        QCOMPARE(bench.cell("billing", bench.staging).actText, QStringLiteral("Add …"));
        QCOMPARE(bench.cell("practice", bench.production).title, QStringLiteral("Practice is for sandbox only"));
        QCOMPARE(bench.cell("practice", bench.production).act, Act::None);
    }
    void theWorstOfALinkIsWhatIsSaid_data()
    {
        QTest::addColumn<int>("link");
        QTest::addColumn<QString>("error");
        QTest::addColumn<int>("waiting");
        QTest::addColumn<int>("changed");
        QTest::addColumn<QString>("title");
        QTest::newRow("idle") << int(Link::Idle) << "" << 0 << 0 << "Not used yet";
        QTest::newRow("starting") << int(Link::Starting) << "" << 0 << 0 << "Connecting";
        QTest::newRow("running") << int(Link::Running) << "" << 0 << 0 << "Connected";
        QTest::newRow("one waits") << int(Link::Running) << "" << 1 << 0 << "1 tool waits";
        QTest::newRow("some wait") << int(Link::Running) << "" << 9 << 0 << "9 tools wait";
        QTest::newRow("changed") << int(Link::Running) << "" << 9 << 1 << "Tools changed";
        QTest::newRow("failed") << int(Link::Failed) << "It ended." << 9 << 1 << "Does not connect";
        QTest::newRow("failed, forgotten") << int(Link::Failed) << "" << 0 << 0 << "Not used yet";
    }
    void theWorstOfALinkIsWhatIsSaid()
    {
        QFETCH(int, link);
        QFETCH(QString, error);
        QFETCH(int, waiting);
        QFETCH(int, changed);
        Bench bench;
        auto &state = bench.state("billing", bench.sandbox);
        state.link = Link(link);
        state.error = error;
        state.tools = mcpcore::ConnectionState::Tools{1, waiting, changed};
        QTEST(bench.cell("billing", bench.sandbox).title, "title");
        // Beside it stays who is signed in.
        auto &signedIn = bench.state("acme", bench.sandbox);
        signedIn.link = state.link;
        signedIn.error = state.error;
        signedIn.tools = state.tools;
        QCOMPARE(bench.cell("acme", bench.sandbox).account, QStringLiteral("ada@example.com"));
    }
    void rowsSayWhereTheyAreAndHowManyToolsAreTrusted()
    {
        Bench bench;
        const auto caption = [&](int row) { return ConnectionText::rowCaption(bench.desk.space, bench.desk.space.connections[row]); };
        QCOMPARE(caption(0), QStringLiteral("hosted · 18 tools"));
        QCOMPARE(caption(2), QStringLiteral("local · 0 tools"));
        QCOMPARE(caption(3), QStringLiteral("program · 0 tools"));
        bench.desk.space.trusts.append(
            {{QStringLiteral("practice")}, bench.sandbox, QStringLiteral("refund"), {}, mcpcore::ToolClass::Money});
        QCOMPARE(caption(3), QStringLiteral("program · 1 tool"));
    }
    void theDetailSaysAllThatIsKnown()
    {
        Bench bench;
        const auto acme = bench.known("acme", bench.sandbox);
        QCOMPARE(bench.fact(acme, "Account"), QStringLiteral("ada@example.com"));
        QCOMPARE(bench.fact(acme, "Issuer"), QStringLiteral("auth.acme.example"));
        QCOMPARE(bench.fact(acme, "Scopes"), QStringLiteral("tools:read tools:call"));
        QCOMPARE(bench.fact(acme, "Endpoint"), QStringLiteral("https://mcp.acme.example/mcp"));
        QCOMPARE(bench.fact(acme, "Server"), QStringLiteral("acme-mcp 3.1, MCP 2025-11-25"));
        QCOMPARE(bench.fact(acme, "Tools"), QStringLiteral("18 trusted, 0 waiting"));
        QCOMPARE(bench.fact(bench.known("billing", bench.production), "Tools"), QStringLiteral("2 trusted, 0 waiting, 1 changed"));
        QCOMPARE(bench.fact(bench.known("stripe", bench.production), "Last error"),
                 QStringLiteral("Not sent: mcp.stripe.com does not answer."));
        QCOMPARE(bench.fact(bench.known("stripe", bench.sandbox), "May go to"), QStringLiteral("https://mcp.stripe.com:443"));
        QCOMPARE(bench.fact(bench.known("practice", bench.sandbox), "Command"), QStringLiteral("/usr/bin/countersign-practice --database"));
        QCOMPARE(bench.fact(bench.known("practice", bench.sandbox), "Vendor"), QStringLiteral("practice"));
        QCOMPARE(bench.fact(bench.known("acme", bench.sandbox, nullptr, Bench::Core::NotYet), "Tools"), QStringLiteral("18 trusted"));
        QVERIFY(bench.fact(bench.known("acme", bench.staging), "Account").isEmpty());
    }
    void withoutASignInTheLinkIsNotCalledBroken()
    {
        Bench bench;
        auto &state = bench.state("acme", bench.staging);
        state.link = Link::Failed;
        state.error = QStringLiteral("Not sent: nobody is signed in.");
        QCOMPARE(bench.fact(bench.known("acme", bench.staging), "State"), QStringLiteral("Connects once you are signed in"));
        QVERIFY(bench.fact(bench.known("acme", bench.staging), "Last error").isEmpty());
        QCOMPARE(bench.cell("acme", bench.staging).title, QStringLiteral("Not signed in"));
        state.signIn->kind = Kind::SignedIn;
        QCOMPARE(bench.fact(bench.known("acme", bench.staging), "Last error"), state.error);
        QCOMPARE(bench.cell("acme", bench.staging).title, QStringLiteral("Does not connect"));
    }
    void namesOfOthersAreMarked()
    {
        Bench bench;
        auto &signIn = *bench.state("acme", bench.sandbox).signIn;
        signIn.account = QStringLiteral("<b>ada</b>\u202E@evil.example\n") + QString(500, QLatin1Char('x'));
        const QString shown = bench.cell("acme", bench.sandbox).account;
        QVERIFY(shown.startsWith(QStringLiteral("<b>ada</b>[U+202E]@evil.example")));
        QVERIFY(!shown.contains(QLatin1Char('\n')));
        QVERIFY(shown.size() < 160);
        QVERIFY(!shown.contains(QChar(0x202E)));
    }
    void aPageIsNamedByLettersThatCannotLookLikeOthers()
    {
        QCOMPARE(ConnectionText::originOfPage(QStringLiteral("https://auth.example.com/authorize?client_id=1")),
                 QStringLiteral("https://auth.example.com"));
        QCOMPARE(ConnectionText::originOfPage(QStringLiteral("http://127.0.0.1:8080/authorize")), QStringLiteral("http://127.0.0.1:8080"));
        QVERIFY(ConnectionText::originOfPage(QStringLiteral("https://\u0430uth.example.com/")).startsWith(QStringLiteral("https://xn--")));
    }
};

COUNTERSIGN_TEST(tst_ConnectionText)
#include "tst_ConnectionText.moc"
