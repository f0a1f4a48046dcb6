// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "base/Secret.h"
#include "support/Runner.h"
#include "ui/approvals/ArgumentRows.h"
#include "ui/approvals/CardText.h"
#include <QTest>

using namespace mcpcore;
using namespace ui;

namespace {

RawJson raw(const char *text)
{
    return RawJson(QByteArray(text));
}

ToolCall sample()
{
    ToolCall call;
    call.clientLabel = QStringLiteral("Claude Code");
    call.connection = {QStringLiteral("stripe")};
    call.vendor = QStringLiteral("stripe");
    call.environment = {QStringLiteral("production")};
    call.environmentKind = EnvironmentKind::Production;
    call.tool = QStringLiteral("create_refund");
    call.operation = QStringLiteral("PostRefunds");
    return call;
}

QStringList paths(const ArgumentRows &rows)
{
    QStringList out;
    for (const ArgumentRow &row : rows.rows)
        out.append(row.path);
    return out;
}

} // namespace

// The words of the card and the rows of its arguments, without widgets.
class tst_ApprovalText : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void leavesAreListedByPath();
    void riskyNamesComeFirstInTheOrderOfTheBytes();
    void numbersStayTheirSourceText_data();
    void numbersStayTheirSourceText();
    void namesThatAreNoWordsAreQuoted();
    void duplicateNamesAreBothShown();
    void theLimitKeepsRiskyRowsAndCountsAll();
    void aMillionLeavesAreCountedNotKept();
    void whatIsNotJsonIsShownAsItIs_data();
    void whatIsNotJsonIsShownAsItIs();
    void aLongNameDoesNotRepeatOnEveryRow();
    void measures_data();
    void measures();
    void riskyNames_data();
    void riskyNames();
    void theSentenceOfAnUnknownToolSaysSo();
    void everyClassHasASentenceATagAndAnIcon();
    void foreignNamesAreMarkedCutAndNotReadAsPlaceholders();
    void theDigestLineNamesCountAndDigest();
    void whoSaysWayProgramAndPid_data();
    void whoSaysWayProgramAndPid();
    void hiddenCharactersAreCountedInNamesAndEscapes();
    void theTypedHintCountsDown();
    void theEndOfAQuestionSaysThatNothingWasSent();
    void gravestCallsArmLonger();
    void readersHearVendorOperationAndEnvironment();
};

void tst_ApprovalText::leavesAreListedByPath()
{
    const ArgumentRows rows =
        flatten(raw(R"( {"rules":[{"conditions":[{"kind":"public"}]},7],"note":"a\"b\n", "empty":{}, "list":[], "no":null,"yes":true} )"));
    QCOMPARE(paths(rows), QStringList({QStringLiteral("rules[0].conditions[0].kind"), QStringLiteral("rules[1]"), QStringLiteral("note"),
                                       QStringLiteral("empty"), QStringLiteral("list"), QStringLiteral("no"), QStringLiteral("yes")}));
    QCOMPARE(rows.rows.at(2).value, QStringLiteral("a\"b\n"));
    QCOMPARE(rows.rows.at(3).kind, ArgumentRow::Kind::EmptyObject);
    QCOMPARE(rows.rows.at(4).value, QStringLiteral("[]"));
    QCOMPARE(rows.total, 7);
    QCOMPARE(flatten(RawJson()).total, 0);
}

void tst_ApprovalText::riskyNamesComeFirstInTheOrderOfTheBytes()
{
    const ArgumentRows rows = flatten(raw(R"({"note":"x","customer":"cus_1","mode":"fast","amount":5000})"));
    QCOMPARE(paths(rows),
             QStringList({QStringLiteral("customer"), QStringLiteral("amount"), QStringLiteral("note"), QStringLiteral("mode")}));
    QVERIFY(rows.rows.at(1).risky);
    QVERIFY(!rows.rows.at(2).risky);
}

void tst_ApprovalText::numbersStayTheirSourceText_data()
{
    QTest::addColumn<QString>("number");
    for (const char *number : {"1e2", "9223372036854775808", "-0", "0.10", "1234567890123456789", "1E+400"})
        QTest::newRow(number) << QString::fromLatin1(number);
}

void tst_ApprovalText::numbersStayTheirSourceText()
{
    QFETCH(QString, number);
    const ArgumentRows rows = flatten(RawJson("{\"n\": " + number.toLatin1() + " }"));
    QCOMPARE(rows.rows.size(), 1);
    QCOMPARE(rows.rows.first().value, number);
    QCOMPARE(rows.rows.first().kind, ArgumentRow::Kind::Number);
}

void tst_ApprovalText::namesThatAreNoWordsAreQuoted()
{
    const ArgumentRows rows = flatten(raw("{\"a.b\":{\"c[0]\":1},\"\":2,\"q\\\"\":3}"));
    QCOMPARE(paths(rows), QStringList({QStringLiteral("[\"a.b\"][\"c[0]\"]"), QStringLiteral("[\"\"]"), QStringLiteral("[\"q\\\"\"]")}));
}

void tst_ApprovalText::duplicateNamesAreBothShown()
{
    QCOMPARE(flatten(raw(R"({"a":1,"a":2})")).total, 2);
}

void tst_ApprovalText::theLimitKeepsRiskyRowsAndCountsAll()
{
    QByteArray bytes = "{\"list\":[0";
    for (int i = 1; i < 2139; ++i)
        bytes += ',' + QByteArray::number(i);
    bytes += "],\"amount\":1}";
    const ArgumentRows rows = flatten(RawJson(bytes));
    QCOMPARE(rows.total, 2140);
    QCOMPARE(rows.rows.size(), kFirstRows);
    QCOMPARE(rows.rows.first().path, QStringLiteral("amount"));
    QCOMPARE(flatten(RawJson(bytes), kMostRows).rows.size(), 2140);
}

void tst_ApprovalText::aMillionLeavesAreCountedNotKept()
{
    QByteArray bytes = "[1";
    for (int i = 1; i < 1'000'000; ++i)
        bytes += ",1";
    bytes += ']';
    const ArgumentRows rows = flatten(RawJson(bytes), kMostRows);
    QCOMPARE(rows.total, 1'000'000);
    QCOMPARE(rows.rows.size(), kMostRows);
}

void tst_ApprovalText::whatIsNotJsonIsShownAsItIs_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("word") << QByteArray("{\"a\":hello}");
    QTest::newRow("open string") << QByteArray("{\"a\":\"b");
    QTest::newRow("no colon") << QByteArray("{\"a\" 1}");
    QTest::newRow("open object") << QByteArray("{\"a\":1");
    QTest::newRow("two values") << QByteArray("{} {}");
    QTest::newRow("nothing after comma") << QByteArray("{\"a\":1,}");
    QTest::newRow("escape at the end") << QByteArray("\"\\");
    QTest::newRow("deep") << QByteArray(QByteArray(100'000, '['));
    QTest::newRow("only a comma") << QByteArray(",");
}

void tst_ApprovalText::whatIsNotJsonIsShownAsItIs()
{
    QFETCH(QByteArray, bytes);
    const ArgumentRows rows = flatten(RawJson(bytes));
    QCOMPARE(rows.rows.first().kind, ArgumentRow::Kind::Unreadable);
    QVERIFY(!measureOf(rows.rows.first()).isEmpty());
}

void tst_ApprovalText::aLongNameDoesNotRepeatOnEveryRow()
{
    QByteArray bytes = "{\"" + QByteArray(1'000'000, 'k') + "\":[1";
    for (int i = 1; i < 1000; ++i)
        bytes += ",1";
    bytes += "]}";
    const ArgumentRows rows = flatten(RawJson(bytes), kMostRows);
    QCOMPARE(rows.total, 1000);
    QVERIFY(rows.rows.last().path.size() < 200);
}

void tst_ApprovalText::measures_data()
{
    QTest::addColumn<QByteArray>("value");
    QTest::addColumn<QString>("measure");
    QTest::newRow("integer") << QByteArray("5000") << QStringLiteral("integer");
    QTest::newRow("number") << QByteArray("1e2") << QStringLiteral("number");
    QTest::newRow("boolean") << QByteArray("true") << QStringLiteral("true or false");
    QTest::newRow("null") << QByteArray("null") << QStringLiteral("null");
    QTest::newRow("text") << QByteArray("\"cus_NffrFeUfNV2Hib\"") << QStringLiteral("18 characters");
    QTest::newRow("one") << QByteArray("\"x\"") << QStringLiteral("1 character");
    QTest::newRow("none") << QByteArray("\"\"") << QStringLiteral("empty text");
    QTest::newRow("emoji counts once") << QByteArray("\"\xf0\x9f\x99\x82\"") << QStringLiteral("1 character");
    QTest::newRow("lines") << QByteArray("\"a\\nb\\nc\"") << QStringLiteral("5 characters, 3 lines");
    QTest::newRow("many") << QByteArray("\"" + QByteArray(1204, 'x') + "\"") << QStringLiteral("1\u00a0204 characters");
}

void tst_ApprovalText::measures()
{
    QFETCH(QByteArray, value);
    QTEST(measureOf(flatten(RawJson("[" + value + "]")).rows.first()), "measure");
}

void tst_ApprovalText::riskyNames_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("risky");
    const std::pair<const char *, bool> names[] = {{"amount", true},        {"customer_id", true},  {"customerId", true},
                                                   {"Customer ID", true},   {"delete", true},       {"email", true},
                                                   {"paymentAmount", true}, {"description", false}, {"identity", false},
                                                   {"format", false},       {"deleted_at", true},   {"forced", false}};
    for (const auto &[name, risky] : names)
        QTest::newRow(name) << QString::fromLatin1(name) << risky;
}

void tst_ApprovalText::riskyNames()
{
    QFETCH(QString, name);
    QTEST(isRiskyName(name), "risky");
}

void tst_ApprovalText::theSentenceOfAnUnknownToolSaysSo()
{
    QCOMPARE(CardText::sentence(sample()), QStringLiteral("Call tool “create_refund” of Stripe. What it does is not known"));
    ToolCall call = sample();
    call.connection = {QStringLiteral("billing")};
    call.vendor.clear();
    QCOMPARE(CardText::sentence(call), QStringLiteral("Call tool “create_refund” of billing. What it does is not known"));
    // A connection may be called like a vendor it is not.
    call.connection = {QStringLiteral("stripe")};
    QCOMPARE(CardText::connectionName(call), QStringLiteral("stripe"));
    QCOMPARE(CardText::facts(sample()), QStringLiteral("Stripe · PostRefunds"));
}

void tst_ApprovalText::everyClassHasASentenceATagAndAnIcon()
{
    QSet<QString> sentences, tags, icons;
    for (int i = 0; i <= int(ToolClass::Unknown); ++i) {
        ToolCall call = sample();
        call.toolClass = ToolClass(i);
        QVERIFY(CardText::sentence(call).contains(QStringLiteral("create_refund")));
        QVERIFY(CardText::title(call).contains(QStringLiteral("create_refund")));
        sentences.insert(CardText::sentence(call));
        tags.insert(CardText::tag(call.toolClass));
        icons.insert(CardText::tagIcon(call.toolClass));
    }
    QCOMPARE(sentences.size(), 9);
    QCOMPARE(tags.size(), 9);
    QCOMPARE(icons.size(), 9);
}

void tst_ApprovalText::foreignNamesAreMarkedCutAndNotReadAsPlaceholders()
{
    ToolCall call = sample();
    call.tool = QStringLiteral("x\u202Egnp %1 %2\nSafe");
    const QString sentence = CardText::sentence(call);
    QVERIFY(!sentence.contains(QChar(0x202E)));
    QVERIFY(!sentence.contains(QLatin1Char('\n')));
    QVERIFY(sentence.contains(QStringLiteral("U+202E")));
    QVERIFY(sentence.contains(QStringLiteral("%1 %2")));
    call.tool = QString(100'000, QLatin1Char('a'));
    QVERIFY(CardText::sentence(call).size() < 200);
    call.peer = {Peer::Way::Bridge, 7, QStringLiteral("/tmp/%3/%1"), true};
    QVERIFY(CardText::who(call.peer).contains(QStringLiteral("/tmp/%3/%1, pid 7")));
}

void tst_ApprovalText::theDigestLineNamesCountAndDigest()
{
    ToolCall call = sample();
    QCOMPARE(CardText::digestLine(call), QStringLiteral("This call has no arguments."));
    call.arguments = raw("{}");
    call.argumentsDigest = sha256(call.arguments.view());
    QCOMPARE(CardText::digestLine(call), QStringLiteral("These 2 bytes are sent as they are. sha256 4413 6fa3 … ff8a"));
}

void tst_ApprovalText::whoSaysWayProgramAndPid_data()
{
    QTest::addColumn<int>("way");
    QTest::addColumn<qint64>("pid");
    QTest::addColumn<QString>("program");
    QTest::addColumn<QString>("expected");
    QTest::newRow("all") << int(Peer::Way::Bridge) << qint64(48121) << QStringLiteral("/usr/bin/claude")
                         << QStringLiteral("through the bridge · program /usr/bin/claude, pid 48121 (not verified)");
    QTest::newRow("pid") << int(Peer::Way::Http) << qint64(9120) << QString() << QStringLiteral("over HTTP · pid 9120 (not verified)");
    QTest::newRow("nothing") << int(Peer::Way::Terminal) << qint64(0) << QString()
                             << QStringLiteral("from the terminal · program not known");
}

void tst_ApprovalText::whoSaysWayProgramAndPid()
{
    QFETCH(int, way);
    QFETCH(qint64, pid);
    QFETCH(QString, program);
    QTEST(CardText::who({Peer::Way(way), pid, program, false}), "expected");
}

void tst_ApprovalText::hiddenCharactersAreCountedInNamesAndEscapes()
{
    ToolCall call = sample();
    call.arguments = raw(R"({"note":"plain\ntext"})");
    QVERIFY(CardText::hiddenCharacters(call).isEmpty());
    call.arguments = raw("{\"note\":\"year\\u200bly\"}");
    QVERIFY(CardText::hiddenCharacters(call).contains(QStringLiteral("a character")));
    call.tool = QStringLiteral("get\u2060refund");
    QVERIFY(CardText::hiddenCharacters(call).contains(QStringLiteral("name and the arguments")));
}

void tst_ApprovalText::theTypedHintCountsDown()
{
    const QString word = QStringLiteral("PRODUCTION");
    QCOMPARE(CardText::typedHint(word, {}), QStringLiteral("10 characters to go."));
    QCOMPARE(CardText::typedHint(word, QStringLiteral("PRODUCTIO")), QStringLiteral("1 character to go."));
    QCOMPARE(CardText::typedHint(word, QStringLiteral("prod")), QStringLiteral("Capital and small letters count."));
    QCOMPARE(CardText::typedHint(word, QStringLiteral("PX")), QStringLiteral("It does not match."));
    QCOMPARE(CardText::typedHint(word, word), QStringLiteral("It matches."));
}

void tst_ApprovalText::theEndOfAQuestionSaysThatNothingWasSent()
{
    Approval approval;
    approval.call = std::make_shared<ToolCall>(sample());
    approval.deadline = std::chrono::minutes(5);
    QCOMPARE(CardText::ended(approval, ApprovalEnd::Withdrawn), QStringLiteral("Claude Code no longer waits. Nothing was sent."));
    QCOMPARE(CardText::ended(approval, ApprovalEnd::Expired), QStringLiteral("Nobody answered in 5 minutes. Nothing was sent."));
    QCOMPARE(CardText::state(Desk::CallState::Done, *approval.call, {}, Milliseconds(412)), QStringLiteral("Done in 412 ms"));
    QCOMPARE(CardText::state(Desk::CallState::Failed, *approval.call, QStringLiteral("No\u202Ewon"), {}),
             QStringLiteral("Failed: “No[U+202E]won”"));
}

void tst_ApprovalText::gravestCallsArmLonger()
{
    ToolCall call = sample();
    QCOMPARE(CardText::armingTime(call), Milliseconds(1000));
    call.toolClass = ToolClass::Money;
    QCOMPARE(CardText::armingTime(call), Milliseconds(2000));
    call.environmentKind = EnvironmentKind::Sandbox;
    QCOMPARE(CardText::armingTime(call), Milliseconds(1000));
}

void tst_ApprovalText::readersHearVendorOperationAndEnvironment()
{
    QCOMPARE(CardText::accessibleName(sample()), QStringLiteral("Allow Stripe PostRefunds in PRODUCTION"));
}

COUNTERSIGN_TEST(tst_ApprovalText)
#include "tst_ApprovalText.moc"
