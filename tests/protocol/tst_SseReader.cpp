// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/SseReader.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

struct Read {
    QByteArrayList data;
    QByteArrayList names;
    QByteArray lastEventId;
    std::optional<std::chrono::milliseconds> retry;

    friend bool operator==(const Read &, const Read &) = default;
};

Read readInChunks(const QByteArrayList &chunks)
{
    SseReader reader;
    std::vector<SseEvent> events;
    for (const QByteArray &chunk : chunks)
        if (!reader.read({chunk.constData(), size_t(chunk.size())}, events))
            return {};
    reader.finish(events);
    Read read{{}, {}, reader.lastEventId(), reader.retry()};
    for (const SseEvent &event : events) {
        read.data += QByteArray(event.data.view().data(), event.data.size());
        read.names += event.name;
    }
    return read;
}

} // namespace

class tst_SseReader : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsTheSameFromChunksSplitAnywhere_data()
    {
        QTest::addColumn<QByteArray>("stream");
        QTest::addColumn<QByteArrayList>("data");
        const auto row = [](const char *name, QByteArray stream, QByteArrayList data) { QTest::newRow(name) << stream << data; };
        row("line feeds", "event: message\ndata: {\"a\":1}\n\ndata: {\"b\":2}\n\n", {"{\"a\":1}", "{\"b\":2}"});
        row("carriage returns", "data: 1\r\rdata: 2\r\r", {"1", "2"});
        row("both", "data: 1\r\n\r\ndata: 2\r\n\r\n", {"1", "2"});
        row("mixed", "data: 1\n\r\ndata: 2\r\rdata: 3\r\n\n", {"1", "2", "3"});
        row("byte order mark",
            "\xEF\xBB\xBF"
            "data: 1\n\n",
            {"1"});
        row("half a byte order mark is text",
            "\xEF\xBB"
            "data: 1\n\ndata: 2\n\n",
            {"2"});
        row("a mark later is text",
            "data: 1\n\n\xEF\xBB\xBF"
            "data: 2\n\n",
            {"1"});
        row("several data lines", "data: {\"a\":\ndata: 1,\ndata\ndata: \"b\":2}\n\n", {"{\"a\":\n1,\n\n\"b\":2}"});
        row("only one space is cut", "data:  x \n\ndata:y\n\n", {" x ", "y"});
        row("empty data is no event", "id: 7\ndata: \n\ndata: 1\n\n", {"1"});
        row("a missing last blank line", "data: 1\n\ndata: 2\n", {"1", "2"});
        row("a missing last line end", "data: 1\n\ndata: 2", {"1", "2"});
        row("comments and unknown fields", ": ping\n:\n\nfoo: bar\nfoo\ndata: 1\n: in between\nDATA: no\n\n", {"1"});
        row("letters of several bytes", "data: \"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\x89\"\n\n", {"\"\xC3\xA4\xE2\x82\xAC\xF0\x9F\x8E\x89\""});
        row("colons in the data", "data: {\"a\":\"b:c\"}\n\n", {"{\"a\":\"b:c\"}"});
        row("nothing", "", {});
        row("blank lines only", "\n\r\n\r\r\n\n", {});
    }
    void readsTheSameFromChunksSplitAnywhere()
    {
        QFETCH(QByteArray, stream);
        QFETCH(QByteArrayList, data);
        const Read whole = readInChunks({stream});
        QCOMPARE(whole.data, data);
        for (qsizetype at = 0; at <= stream.size(); ++at)
            QVERIFY2(readInChunks({stream.left(at), stream.mid(at)}) == whole, qPrintable(QString::number(at)));
        QByteArrayList single;
        for (const char byte : stream)
            single += QByteArray(1, byte);
        QVERIFY(readInChunks(single) == whole);
    }
    void keepsTheNameOfAnEventAndNotForTheNext()
    {
        const Read read = readInChunks({"event: endpoint\ndata: 1\n\ndata: 2\n\nevent: x\n\ndata: 3\n\n"});
        QCOMPARE(read.data, (QByteArrayList{"1", "2", "3"}));
        QCOMPARE(read.names, (QByteArrayList{"endpoint", "", ""}));
    }
    void remembersTheLastIdOfACompleteEvent()
    {
        SseReader reader;
        std::vector<SseEvent> events;
        QVERIFY(reader.read("id: 1\ndata: \n\n", events));
        QCOMPARE(reader.lastEventId(), QByteArray("1"));
        QVERIFY(reader.read("data: x\n\nid: 2\ndata: half", events));
        QCOMPARE(reader.lastEventId(), QByteArray("1"));
        QVERIFY(reader.read("\n\n", events));
        QCOMPARE(reader.lastEventId(), QByteArray("2"));
        QVERIFY(reader.read(std::string_view("id: 3\0\ndata: x\n\n", 16), events));
        QCOMPARE(reader.lastEventId(), QByteArray("2"));
        QVERIFY(reader.read("id\ndata: x\n\n", events));
        QCOMPARE(reader.lastEventId(), QByteArray(""));
    }
    void takesAWaitOnlyInDigits_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("milliseconds");
        QTest::newRow("digits") << QByteArray("500") << 500;
        QTest::newRow("nought") << QByteArray("0") << 0;
        QTest::newRow("a word") << QByteArray("soon") << -1;
        QTest::newRow("a fraction") << QByteArray("1.5") << -1;
        QTest::newRow("a sign") << QByteArray("-5") << -1;
        QTest::newRow("nothing") << QByteArray("") << -1;
        QTest::newRow("too many digits") << QByteArray("99999999999999999999") << -1;
    }
    void takesAWaitOnlyInDigits()
    {
        QFETCH(QByteArray, value);
        QFETCH(int, milliseconds);
        QCOMPARE(int(readInChunks({"retry: " + value + "\n\n"}).retry.value_or(std::chrono::milliseconds(-1)).count()), milliseconds);
    }
    void stopsAtAnEventThatIsTooLong_data()
    {
        QTest::addColumn<QByteArray>("piece");
        QTest::newRow("one line without end") << QByteArray("data: " + QByteArray(600, 'x'));
        QTest::newRow("many lines") << QByteArray("data: 0123456789\n");
        QTest::newRow("a long id") << QByteArray("id: " + QByteArray(1100, 'x') + '\n');
        QTest::newRow("a long comment") << QByteArray(":" + QByteArray(600, 'x'));
    }
    void stopsAtAnEventThatIsTooLong()
    {
        QFETCH(QByteArray, piece);
        SseReader reader(1024);
        std::vector<SseEvent> events;
        int pieces = 0;
        while (pieces < 1000 && reader.read({piece.constData(), size_t(piece.size())}, events))
            ++pieces;
        QVERIFY(pieces * piece.size() <= 2048);
        QVERIFY(events.empty());
    }
    void manyEventsOfAllowedLengthPass()
    {
        SseReader reader(1024);
        std::vector<SseEvent> events;
        const QByteArray event = "data: " + QByteArray(1000, 'x') + "\n\n";
        for (int i = 0; i < 100; ++i)
            QVERIFY(reader.read({event.constData(), size_t(event.size())}, events));
        QCOMPARE(events.size(), size_t(100));
    }
    void aLineInManyChunksIsNotCopiedAgain()
    {
        SseReader reader;
        std::vector<SseEvent> events;
        QVERIFY(reader.read("data: {\"a\":", events));
        QVERIFY(reader.read("1}\n\n", events));
        QCOMPARE(events.size(), size_t(1));
        QCOMPARE(events[0].data.owner(), QByteArray("data: {\"a\":1}"));
        QVERIFY(events[0].data.owner().capacity() >= events[0].data.owner().size() + 32);
        QCOMPARE(memberOf(events[0].data, "a").bytes(), QByteArray("1"));
    }
};

COUNTERSIGN_TEST(tst_SseReader)
#include "tst_SseReader.moc"
