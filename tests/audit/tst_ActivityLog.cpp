// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "audit/HashChain.h"
#include "audit/Record.h"
#include "base/Json.h"
#include "base/RawJson.h"
#include "support/Runner.h"
#include <QFile>
#include <QSignalSpy>

using namespace mcpcore;

class tst_ActivityLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aNewLogBeginsWithGenesis();
    void aCallLeavesItsFourRowsInOrder();
    void theRecordHoldsEveryFact();
    void argumentsAreRecordedByteForByte();
    void secretsAreNotRecorded();
    void eachRowIsChainedToTheOneBefore();
    void aDenialIsRecordedAndClosesTheCall();
    void anAuthorisationOfADenialIsRefused();
    void rowsNobodyWaitsForAreWrittenToo();
    void theDestructorCommitsWhatIsQueued();
    void twoHundredCallsShareAFewCommits();
    void answersComeInOrderAndInTheirThread();
    void anotherOpenFindsTheWorkspaceDigestAndTheOwner();
    void rowsBeforeOpenAreKept();
    void aDetailThatIsNoObjectIsKeptAsText();
    void appendedIsAnnouncedAfterTheAnswers();
};

void tst_ActivityLog::aNewLogBeginsWithGenesis()
{
    TestLog t;
    const auto opened = t.open();
    QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
    QCOMPARE(opened->rows, 1);
    QVERIFY(opened->outcomeUnknown.isEmpty());
    QVERIFY(opened->lastWorkspaceDigest.isEmpty());
    QVERIFY(!opened->ownedByApp);
    const auto rows = t.reader()->rowsAfter(0, 10);
    QCOMPARE(rows->size(), 1);
    QCOMPARE(rows->first().kind, QStringLiteral("genesis"));
    QCOMPARE(rows->first().time, t.clock.wall());
    const auto record = parseJson(rows->first().record.toStdString());
    QCOMPARE(stringAt(*memberAt(*record, "detail"), "log", {}).size(), 32);
    QCOMPARE(QFile::permissions(t.path()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
}

void tst_ActivityLog::aCallLeavesItsFourRowsInOrder()
{
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.wholeCall();
    QVERIFY(call);
    const auto reader = t.reader();
    const auto story = reader->story(call->id.text);
    QVERIFY(story);
    QCOMPARE(TestLog::kinds(*story), QByteArray("received decision intent outcome"));
    for (const LogEntry &entry : *story) {
        QCOMPARE(entry.call, call->id.text);
        QCOMPARE(entry.client, QStringLiteral("cursor"));
        QCOMPARE(entry.connection, QStringLiteral("stripe"));
        QCOMPARE(entry.environment, QStringLiteral("production"));
        QCOMPARE(entry.environmentKind, QStringLiteral("production"));
        QCOMPARE(entry.tool, QStringLiteral("create_refund"));
        QVERIFY(!entry.title.isEmpty());
    }
    const auto calls = reader->calls({}, 0, 10);
    QCOMPARE(calls->size(), 1);
    QCOMPARE(calls->first().decision, QStringLiteral("allowed"));
    QCOMPARE(calls->first().decidedBy, QStringLiteral("person"));
    QCOMPARE(calls->first().outcome, QStringLiteral("succeeded"));
    QCOMPARE(calls->first().tookMilliseconds, 40);
    QCOMPARE(calls->first().sequence, story->last().sequence);
}

void tst_ActivityLog::theRecordHoldsEveryFact()
{
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.call();
    t.clock.advance(Milliseconds(1'234));
    QVERIFY(t.authorise(call));
    t.log->finish(call, {CallOutcome::Kind::ToolError, QStringLiteral("no such charge"), 77, QByteArray(32, '\x02'), Milliseconds(9)}, {});
    QVERIFY(t.settle());
    const auto story = t.reader()->story(call->id.text);
    const auto record = [&](int row) { return *parseJson(story->at(row).record.toStdString()); };
    const Json received = record(0);
    const Json expected = *parseJson(R"({"kind":"received","time":1795255201234,"monotonic":1234,"app":")" COUNTERSIGN_VERSION
                                     R"(","call":"00000000-0000-7000-8000-000000000002",
        "client":"cursor","connection":"stripe","environment":"production","environmentKind":"production","tool":"create_refund","clientLabel":"Cursor",
        "way":"bridge","pid":4711,"program":"/usr/bin/cursor","vendor":"stripe","received":1795255200000,"operation":"PostRefunds","class":"money",
        "pin":"7070707070707070707070707070707070707070707070707070707070707070","destination":"https://mcp.stripe.com:443",
        "argumentsDigest":"b20caae1bd7dbcda8bc2a5fd68a82ff5f1ebbb66cd7fd1acb7d3cde23a84e7cb","arguments":"{\"amount\":50}"})");
    Json withoutDigest = received;
    withoutDigest["argumentsDigest"] = expected["argumentsDigest"];
    QCOMPARE(toBytes(withoutDigest), toBytes(expected));
    QCOMPARE(stringAt(received, "argumentsDigest", {}).toLatin1(), call->argumentsDigest.toHex());
    const Json decision = record(1);
    QCOMPARE(stringAt(decision, "decision", {}), QStringLiteral("allowed"));
    QCOMPARE(stringAt(decision, "by", {}), QStringLiteral("person"));
    QCOMPARE(stringAt(decision, "reason", {}), QStringLiteral("looks right"));
    QCOMPARE(stringAt(decision, "where", {}), QStringLiteral("window"));
    QCOMPARE(integerAt(decision, "waited", 0), 2'500);
    const Json intent = record(2);
    QCOMPARE(stringAt(intent, "destination", {}), call->destination);
    QCOMPARE(stringAt(intent, "argumentsDigest", {}).toLatin1(), call->argumentsDigest.toHex());
    const Json outcome = record(3);
    QCOMPARE(stringAt(outcome, "outcome", {}), QStringLiteral("tool-error"));
    QCOMPARE(stringAt(outcome, "outcomeDetail", {}), QStringLiteral("no such charge"));
    QCOMPARE(integerAt(outcome, "resultSize", 0), 77);
    QCOMPARE(stringAt(outcome, "resultDigest", {}), QStringLiteral("02").repeated(32));
    QCOMPARE(integerAt(outcome, "took", 0), 9);
}

void tst_ActivityLog::argumentsAreRecordedByteForByte()
{
    TestLog t;
    QVERIFY(t.open());
    const QByteArray arguments = "{ \"b\" : 1e2,\n\t\"a\":1234567890123456789, \"x\":\"\\u00e9\\\"\xc3\xa9\" }";
    const auto call = t.wholeCall(arguments);
    const auto story = t.reader()->story(call->id.text);
    QVERIFY(!story->first().record.contains('\n'));
    const QString recorded = stringAt(*parseJson(story->first().record.toStdString()), "arguments", {});
    QCOMPARE(recorded.toUtf8(), arguments);
    QCOMPARE(sha256(recorded.toStdString()), call->argumentsDigest);
}

void tst_ActivityLog::secretsAreNotRecorded()
{
    const QByteArray key = QByteArray("sk_li") + "ve_51AbCdEf0123456789";
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.call("{\"key\":\"" + key + "\"}", QString::fromLatin1(key));
    QVERIFY(t.authorise(call));
    t.log->finish(call, {CallOutcome::Kind::Failed, QStringLiteral("bad key ") + QString::fromLatin1(key), 0, {}, {}}, {});
    Decision denied{Decision::Outcome::Denied, Decision::By::Person, {}, QString::fromLatin1(key), {}, {}};
    t.log->deny(t.call(), denied);
    t.log->append({LogRow::Kind::Key, {}, QStringLiteral("set ") + QString::fromLatin1(key), "{\"x\":\"" + key + "\"}"});
    QVERIFY(t.settle());
    t.close();
    QFile file(t.path());
    QVERIFY(file.open(QIODevice::ReadOnly));
    const QByteArray all = file.readAll();
    QVERIFY(all.contains("create_refund"));
    QVERIFY(!all.contains("51AbCdEf"));
    QVERIFY(all.count("[redacted:stripe-secret:") >= 6);
}

void tst_ActivityLog::eachRowIsChainedToTheOneBefore()
{
    TestLog t;
    QVERIFY(t.open());
    for (int i = 0; i < 3; ++i)
        QVERIFY(t.wholeCall());
    const auto rows = t.reader()->rowsAfter(0, 100);
    QCOMPARE(rows->size(), 16); // genesis, and four of each call and one to settle
    QByteArray previous = hashBeforeFirstRow();
    qint64 sequence = 0;
    for (const LogEntry &row : *rows) {
        QCOMPARE(row.sequence, ++sequence);
        QCOMPARE(row.hash, chainHash(sequence, previous.toStdString(), row.record.toStdString()));
        previous = row.hash;
    }
}

void tst_ActivityLog::aDenialIsRecordedAndClosesTheCall()
{
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.call();
    t.log->append({LogRow::Kind::Received, call, {}, {}});
    t.log->deny(call, {Decision::Outcome::Denied, Decision::By::Rule, {QStringLiteral("r1")}, QStringLiteral("never refunds"), {}, {}});
    QVERIFY(t.settle());
    const auto calls = t.reader()->calls({}, 0, 10);
    QCOMPARE(calls->first().decision, QStringLiteral("denied"));
    QCOMPARE(calls->first().decidedBy, QStringLiteral("rule"));
    QCOMPARE(calls->first().detail, QStringLiteral("never refunds"));
    QCOMPARE(calls->first().outcome, QString());
    QCOMPARE(t.reader()->story(call->id.text)->last().title, QStringLiteral("Denied by rule r1: never refunds"));
    t.close();
    QVERIFY(t.open()->outcomeUnknown.isEmpty());
}

void tst_ActivityLog::anAuthorisationOfADenialIsRefused()
{
    TestLog t;
    QVERIFY(t.open());
    Decision denied = TestLog::allowed();
    denied.outcome = Decision::Outcome::Denied;
    std::optional<Error::Kind> kind;
    t.log->authorise(t.call(), denied,
                     {&t.guard, [&](auto approved) { kind = approved ? Error::Kind::FileFailed : approved.error().kind; }});
    QCOMPARE(kind, Error::Kind::Denied);
    QVERIFY(t.settle());
    QVERIFY(t.reader()->calls({}, 0, 10)->isEmpty());
}

void tst_ActivityLog::rowsNobodyWaitsForAreWrittenToo()
{
    TestLog t;
    QVERIFY(t.open());
    QSignalSpy appended(t.log.get(), &ActivityLog::appended);
    t.log->append({LogRow::Kind::Refused, {}, QStringLiteral("A request without a token."), {}});
    QVERIFY(appended.wait());
    QCOMPARE(appended.last().first().toLongLong(), 2);
    QCOMPARE(t.reader()->rowsAfter(1, 10)->first().title, QStringLiteral("A request without a token."));
}

void tst_ActivityLog::theDestructorCommitsWhatIsQueued()
{
    TestLog t;
    QVERIFY(t.open());
    for (int i = 0; i < 5; ++i)
        t.log->append({LogRow::Kind::Received, t.call(), {}, {}});
    t.close();
    QVERIFY(!QFile::exists(t.path() + QStringLiteral("-wal")));
    QCOMPARE(*t.reader()->rowCount(), 6);
}

void tst_ActivityLog::twoHundredCallsShareAFewCommits()
{
    TestLog t;
    QVERIFY(t.open());
    int approved = 0;
    for (int i = 0; i < 200; ++i) {
        const auto call = t.call();
        t.log->append({LogRow::Kind::Received, call, {}, {}});
        t.log->authorise(call, TestLog::allowed(),
                         {&t.guard, [&, id = call->id](Result<ApprovedCall> answer) { approved += answer && answer->call().id == id; }});
    }
    QVERIFY(QTest::qWaitFor([&] { return approved == 200; }));
    QVERIFY2(t.log->commits() <= 3, QByteArray::number(t.log->commits()).constData());
    QCOMPARE(*t.reader()->rowCount(), 601);
}

void tst_ActivityLog::answersComeInOrderAndInTheirThread()
{
    TestLog t;
    QVERIFY(t.open());
    QList<int> order;
    for (int i = 0; i < 50; ++i)
        t.log->append({LogRow::Kind::Trust, {}, QStringLiteral("t"), {}}, {&t.guard, [&, i](Result<> durable) {
                                                                               QVERIFY(durable);
                                                                               QCOMPARE(QThread::currentThread(), t.guard.thread());
                                                                               order << i;
                                                                           }});
    QVERIFY(QTest::qWaitFor([&] { return order.size() == 50; }));
    QVERIFY(std::is_sorted(order.begin(), order.end()));
}

void tst_ActivityLog::anotherOpenFindsTheWorkspaceDigestAndTheOwner()
{
    TestLog t;
    QVERIFY(t.open());
    t.log->append({LogRow::Kind::Workspace, {}, QStringLiteral("one"), "{\"before\":\"\",\"after\":\"aa\"}"});
    t.log->append({LogRow::Kind::Workspace, {}, QStringLiteral("two"), "{\"before\":\"aa\",\"after\":\"bb01\"}"});
    t.log->append({LogRow::Kind::Owner, {}, QStringLiteral("The app opened this profile."), {}});
    t.close();
    const auto opened = t.open();
    QCOMPARE(opened->lastWorkspaceDigest, QByteArray("\xbb\x01"));
    QVERIFY(opened->ownedByApp);
    QCOMPARE(opened->rows, 4);
}

void tst_ActivityLog::rowsBeforeOpenAreKept()
{
    TestLog t;
    t.log = std::make_unique<ActivityLog>(t.path(), t.clock, t.ids);
    std::optional<bool> durable;
    t.log->append({LogRow::Kind::Received, t.call(), {}, {}});
    t.log->append({LogRow::Kind::Key, {}, QStringLiteral("k"), {}}, {&t.guard, [&](Result<> r) { durable = r.has_value(); }});
    QVERIFY(QTest::qWaitFor([&] { return durable.has_value(); }));
    QVERIFY(!*durable);
    QVERIFY(t.log->isBroken());
    QVERIFY(t.open());
    QVERIFY(!t.log->isBroken());
    QVERIFY(t.settle());
    QCOMPARE(TestLog::kinds(t.rows()), QByteArray("genesis received pause"));
}

void tst_ActivityLog::aDetailThatIsNoObjectIsKeptAsText()
{
    TestLog t;
    QVERIFY(t.open());
    t.log->append({LogRow::Kind::Refused, {}, QStringLiteral("a\nb\"\\\x01"), "not \n json"});
    t.log->append({LogRow::Kind::Refused, {}, {}, "{\n \"a\": 1 }"});
    QVERIFY(t.settle());
    const auto rows = t.reader()->rowsAfter(1, 2);
    const auto first = parseJson(rows->at(0).record.toStdString());
    QVERIFY(first);
    QCOMPARE(stringAt(*first, "detail", {}), QStringLiteral("not \n json"));
    QCOMPARE(rows->at(0).title, QStringLiteral("a\nb\"\\\x01"));
    QVERIFY(rows->at(1).record.endsWith("\"detail\":{\"a\":1}}"));
    QCOMPARE(rows->at(1).title, QStringLiteral("refused"));
}

void tst_ActivityLog::appendedIsAnnouncedAfterTheAnswers()
{
    TestLog t;
    QVERIFY(t.open());
    bool answered = false;
    bool answeredFirst = false;
    connect(t.log.get(), &ActivityLog::appended, &t.guard, [&] { answeredFirst = answered; });
    t.log->append({LogRow::Kind::Trust, {}, QStringLiteral("t"), {}}, {&t.guard, [&](Result<>) { answered = true; }});
    QVERIFY(QTest::qWaitFor([&] { return answeredFirst; }));
}

COUNTERSIGN_TEST(tst_ActivityLog)
#include "tst_ActivityLog.moc"
