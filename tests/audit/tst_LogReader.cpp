// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_LogReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void callsComeNewestFirstInPages();
    void aCallStaysInItsPlaceWhenItsRowsComeLate();
    void filtersNarrowTheCalls_data();
    void filtersNarrowTheCalls();
    void aStoryIsFoundByAPrefix();
    void aPrefixOfSeveralCallsIsAConflict();
    void rowsComeInOrderAfterASequence();
    void readingWhatIsNotThereIsNotFound();
    void aReaderSeesWhatIsAppendedLater();
    void whatOthersWroteCannotBreakTheQuery();
    void theLastUseOfAKeyIsFoundInTheNewestRows();
};

void tst_LogReader::callsComeNewestFirstInPages()
{
    TestLog t;
    QVERIFY(t.open());
    QStringList ids;
    for (int i = 0; i < 25; ++i) {
        const auto call = t.call();
        ids.prepend(call->id.text);
        t.log->append({LogRow::Kind::Received, call, {}, {}});
    }
    QVERIFY(t.settle());
    const auto reader = t.reader();
    QStringList read;
    qint64 before = 0;
    QList<qsizetype> pages;
    for (;;) {
        const auto page = reader->calls({}, before, 10);
        QVERIFY(page);
        if (page->isEmpty())
            break;
        pages << page->size();
        for (const CallSummary &call : *page)
            read << call.call;
        before = page->last().sequence;
    }
    QCOMPARE(read, ids);
    QCOMPARE(pages, (QList<qsizetype>{10, 10, 5}));
}

void tst_LogReader::aCallStaysInItsPlaceWhenItsRowsComeLate()
{
    TestLog t;
    QVERIFY(t.open());
    const auto slow = t.call();
    QVERIFY(t.authorise(slow));
    const auto quick = t.wholeCall();
    t.log->finish(slow, TestLog::succeeded(), {});
    QVERIFY(t.settle());
    const auto reader = t.reader();
    const auto calls = reader->calls({}, 0, 10);
    QCOMPARE(calls->at(0).call, quick->id.text);
    QCOMPARE(calls->at(1).call, slow->id.text);
    QVERIFY(calls->at(1).sequence > calls->at(0).sequence);
    // The page below the quick one begins with the slow one, also when told by a row of the slow one's later life.
    QCOMPARE(reader->calls({}, calls->at(0).sequence, 10)->first().call, slow->id.text);
    QVERIFY(reader->calls({}, calls->at(1).sequence, 10)->isEmpty());
}

void tst_LogReader::filtersNarrowTheCalls_data()
{
    QTest::addColumn<QString>("client");
    QTest::addColumn<QString>("tool");
    QTest::addColumn<QString>("decision");
    QTest::addColumn<qint64>("since");
    QTest::addColumn<int>("count");
    QTest::newRow("everything") << QString() << QString() << QString() << qint64(-1) << 3;
    QTest::newRow("client") << QStringLiteral("cursor") << QString() << QString() << qint64(-1) << 3;
    QTest::newRow("no such client") << QStringLiteral("Cursor") << QString() << QString() << qint64(-1) << 0;
    QTest::newRow("tool") << QString() << QStringLiteral("list_customers") << QString() << qint64(-1) << 1;
    QTest::newRow("allowed") << QString() << QString() << QStringLiteral("allowed") << qint64(-1) << 1;
    QTest::newRow("denied") << QString() << QString() << QStringLiteral("denied") << qint64(-1) << 1;
    QTest::newRow("since the last") << QString() << QString() << QString() << qint64(2'000) << 1;
    QTest::newRow("since after it") << QString() << QString() << QString() << qint64(2'001) << 0;
    QTest::newRow("two at once") << QStringLiteral("cursor") << QStringLiteral("list_customers") << QStringLiteral("allowed") << qint64(-1)
                                 << 0;
}

void tst_LogReader::filtersNarrowTheCalls()
{
    QFETCH(QString, client);
    QFETCH(QString, tool);
    QFETCH(QString, decision);
    QFETCH(qint64, since);
    QFETCH(int, count);
    TestLog t;
    QVERIFY(t.open());
    const auto start = t.clock.wall();
    QVERIFY(t.wholeCall());
    t.clock.advance(Milliseconds(1'000));
    const auto denied = t.call();
    t.log->append({LogRow::Kind::Received, denied, {}, {}});
    t.log->deny(denied, {Decision::Outcome::Denied, Decision::By::Floor, {}, {}, {}, {}});
    t.clock.advance(Milliseconds(1'000));
    t.log->append({LogRow::Kind::Received, t.call("{}", QStringLiteral("list_customers")), {}, {}});
    QVERIFY(t.settle());
    LogReader::Filter filter;
    filter.client = client;
    filter.tool = tool;
    filter.decision = decision;
    if (since >= 0)
        filter.since = start + Milliseconds(since);
    QCOMPARE(t.reader()->calls(filter, 0, 10)->size(), count);
}

void tst_LogReader::aStoryIsFoundByAPrefix()
{
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.wholeCall();
    const auto reader = t.reader();
    QCOMPARE(reader->story(call->id.text.left(4))->size(), 4);
    QCOMPARE(reader->story(call->id.text)->size(), 4);
    for (const QString &none : {QStringLiteral("1"), call->id.text + QLatin1Char('0'), QString(), QStringLiteral("%")}) {
        const auto story = reader->story(none);
        QVERIFY(!story);
        QCOMPARE(story.error().kind, Error::Kind::NotFound);
    }
}

void tst_LogReader::aPrefixOfSeveralCallsIsAConflict()
{
    TestLog t;
    QVERIFY(t.open());
    const auto call = t.wholeCall();
    QVERIFY(t.wholeCall());
    const auto reader = t.reader();
    const auto story = reader->story(call->id.text.left(8));
    QVERIFY(!story);
    QCOMPARE(story.error().kind, Error::Kind::Conflict);
    QCOMPARE(reader->story(call->id.text)->first().call, call->id.text);
}

void tst_LogReader::rowsComeInOrderAfterASequence()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.wholeCall());
    const auto reader = t.reader();
    QCOMPARE(*reader->rowCount(), 6);
    const auto rows = reader->rowsAfter(2, 3);
    QCOMPARE(rows->size(), 3);
    QCOMPARE(rows->first().sequence, 3);
    QCOMPARE(rows->last().sequence, 5);
    QVERIFY(reader->rowsAfter(6, 3)->isEmpty());
}

void tst_LogReader::readingWhatIsNotThereIsNotFound()
{
    TestLog t;
    const auto reader = LogReader::open(t.path());
    QVERIFY(!reader);
    QCOMPARE(reader.error().kind, Error::Kind::NotFound);
    QVERIFY(!QFileInfo::exists(t.path()));
}

void tst_LogReader::aReaderSeesWhatIsAppendedLater()
{
    TestLog t;
    QVERIFY(t.open());
    const auto reader = t.reader();
    QCOMPARE(*reader->rowCount(), 1);
    QVERIFY(t.wholeCall());
    QCOMPARE(*reader->rowCount(), 6);
    QCOMPARE(reader->calls({}, 0, 10)->size(), 1);
}

void tst_LogReader::whatOthersWroteCannotBreakTheQuery()
{
    TestLog t;
    QVERIFY(t.open());
    const QString tool = QStringLiteral("x'; DROP TABLE rows; --\"\\\n\u202e");
    const auto call = t.call("{}", tool);
    t.log->append({LogRow::Kind::Received, call, {}, {}});
    QVERIFY(t.settle());
    LogReader::Filter filter;
    filter.tool = tool;
    const auto reader = t.reader();
    QCOMPARE(reader->calls(filter, 0, 10)->first().tool, tool);
    QCOMPARE(reader->story(call->id.text)->first().tool, tool);
}

void tst_LogReader::theLastUseOfAKeyIsFoundInTheNewestRows()
{
    TestLog t;
    QVERIFY(t.open());
    const auto send = [&t](const char *key, const char *client) {
        t.clock.advance(std::chrono::minutes(1));
        auto call = std::make_shared<ToolCall>(*t.call());
        call->key = {QString::fromLatin1(key)};
        call->client = {QString::fromLatin1(client)};
        return t.authorise(call);
    };
    QVERIFY(send("key-1", "cursor") && send("key-2", "zed") && send("key-1", "zed") && send("key-1", "cursor") && send("", "cursor"));
    // Asked for only: it did not go out.
    auto waiting = std::make_shared<ToolCall>(*t.call());
    waiting->key = {QStringLiteral("key-3")};
    t.log->append({LogRow::Kind::Received, waiting, {}, {}});
    QVERIFY(t.settle());
    const auto uses = t.reader()->keyUses(1000);
    QVERIFY(uses);
    QStringList told;
    for (const KeyUse &use : *uses)
        told.append(QStringLiteral("%1 %2 %3").arg(use.key, use.client, toIsoText(use.last)));
    QCOMPARE(told,
             (QStringList{QStringLiteral("key-1 cursor 2026-11-21T10:04:00.000Z"), QStringLiteral("key-1 zed 2026-11-21T10:03:00.000Z"),
                          QStringLiteral("key-2 zed 2026-11-21T10:02:00.000Z")}));
    QVERIFY(t.reader()->keyUses(2)->isEmpty()); // the newest two rows are of the call without a key and of the one that waits
}

COUNTERSIGN_TEST(tst_LogReader)
#include "tst_LogReader.moc"
