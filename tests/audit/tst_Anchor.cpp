// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "TestLog.h"
#include "audit/Anchor.h"
#include "base/AtomicFile.h"
#include "support/Runner.h"
#include <QFile>

using namespace mcpcore;

class tst_Anchor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anAnchorComesBackAsItWasWritten();
    void theSignatureCoversEveryPart();
    void sixtyFourRowsAreAnchored();
    void fewRowsAreAnchoredAfterAMinute();
    void manyRowsDoNotAnchorAllTheTime();
    void nothingIsAnchoredTwice();
    void theEndIsAnchored();
    void aKeyThatComesLaterSignsAtOnce();
    void aStartTellsWhatTheAnchorSaysOfTheKey();
    void withoutItsKeyASignedAnchorIsLeftAlone();
};

void tst_Anchor::anAnchorComesBackAsItWasWritten()
{
    Anchor anchor{QStringLiteral("abc"), 17, QByteArray(32, '\x05'), Milliseconds(99), {}};
    anchor.sign(Secret(std::string(32, 'k')));
    const auto read = Anchor::fromBytes(anchor.toBytes());
    QVERIFY(read);
    QCOMPARE(read->log, anchor.log);
    QCOMPARE(read->sequence, anchor.sequence);
    QCOMPARE(read->head, anchor.head);
    QCOMPARE(read->time, anchor.time);
    QCOMPARE(read->code, anchor.code);
    for (const char *bad : {"", "{}", "[]", "{\"log\":\"a\",\"sequence\":1,\"head\":\"00\"}"})
        QVERIFY(!Anchor::fromBytes(bad));
}

void tst_Anchor::theSignatureCoversEveryPart()
{
    const Secret key(std::string(32, 'k'));
    Anchor anchor{QStringLiteral("abc"), 17, QByteArray(32, '\x05'), Milliseconds(99), {}};
    QVERIFY(!anchor.isSignedWith(key));
    anchor.sign(key);
    QVERIFY(anchor.isSignedWith(key));
    QVERIFY(!anchor.isSignedWith(Secret(std::string(32, 'l'))));
    const auto changed = [&](auto change) {
        Anchor other = anchor;
        change(other);
        return other.isSignedWith(key);
    };
    QVERIFY(!changed([](Anchor &a) { a.log += QLatin1Char('x'); }));
    QVERIFY(!changed([](Anchor &a) { ++a.sequence; }));
    QVERIFY(!changed([](Anchor &a) { a.head[0] = '\x06'; }));
    QVERIFY(!changed([](Anchor &a) { a.time += Milliseconds(1); }));
    QVERIFY(!changed([](Anchor &a) { a.code[0] = char(a.code[0] ^ 1); }));
}

static qint64 anchored(const TestLog &t)
{
    const auto anchor = Anchor::read(t.anchorPath());
    return anchor ? anchor->sequence : 0;
}

void tst_Anchor::sixtyFourRowsAreAnchored()
{
    TestLog t;
    QVERIFY(t.open());
    for (int i = 0; i < 62; ++i)
        QVERIFY(t.settle());
    QCOMPARE(anchored(t), 0);
    QVERIFY(t.settle());
    QVERIFY(QTest::qWaitFor([&] { return anchored(t) == 64; }));
    QCOMPARE(Anchor::read(t.anchorPath())->head, t.rows().last().hash);
    QCOMPARE(QFile::permissions(t.anchorPath()) & (QFileDevice::ReadGroup | QFileDevice::ReadOther), QFileDevice::Permissions());
}

void tst_Anchor::fewRowsAreAnchoredAfterAMinute()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.settle());
    t.clock.advance(Milliseconds(59'999));
    QVERIFY(t.settle());
    QCOMPARE(anchored(t), 0);
    t.clock.advance(Milliseconds(1));
    QVERIFY(QTest::qWaitFor([&] { return anchored(t) == 3; }));
}

void tst_Anchor::manyRowsDoNotAnchorAllTheTime()
{
    TestLog t;
    QVERIFY(t.open());
    t.clock.advance(Milliseconds(1));
    for (int i = 0; i < 63; ++i)
        QVERIFY(t.settle());
    QVERIFY(QTest::qWaitFor([&] { return anchored(t) == 64; }));
    for (int i = 0; i < 100; ++i)
        QVERIFY(t.settle());
    QCOMPARE(anchored(t), 64);
    t.clock.advance(Milliseconds(100));
    QVERIFY(QTest::qWaitFor([&] { return anchored(t) == 164; }));
}

void tst_Anchor::nothingIsAnchoredTwice()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.settle());
    t.clock.advance(Milliseconds(60'000));
    QVERIFY(QTest::qWaitFor([&] { return anchored(t) == 2; }));
    QVERIFY(QFile::remove(t.anchorPath()));
    t.clock.advance(Milliseconds(600'000));
    QVERIFY(t.settle()); // the writer has seen whatever the time brought about
    QVERIFY(!QFile::exists(t.anchorPath()));
}

void tst_Anchor::theEndIsAnchored()
{
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.settle());
    t.close();
    QCOMPARE(anchored(t), 2);
}

void tst_Anchor::aKeyThatComesLaterSignsAtOnce()
{
    const Secret key(std::string(32, 'k'));
    TestLog t;
    QVERIFY(t.open());
    QCOMPARE(t.useKey(key), Anchor::Found::Missing);
    const auto anchor = Anchor::read(t.anchorPath());
    QVERIFY(anchor && anchor->isSignedWith(key));
    QCOMPARE(anchor->sequence, 1);
    QVERIFY(t.settle());
    t.close();
    QCOMPARE(anchored(t), 2);
    QVERIFY(Anchor::read(t.anchorPath())->isSignedWith(key));
}

void tst_Anchor::aStartTellsWhatTheAnchorSaysOfTheKey()
{
    const Secret key(std::string(32, 'k'));
    TestLog t;
    QVERIFY(t.open());
    t.close();
    QVERIFY(t.open());
    QCOMPARE(t.useKey(key), Anchor::Found::Unsigned);
    t.close();
    QVERIFY(t.open());
    QCOMPARE(t.useKey(key), Anchor::Found::Signed);
    t.close();
    QVERIFY(t.open());
    const Secret other(std::string(32, 'l'));
    QCOMPARE(t.useKey(other), Anchor::Found::SignedByOther);
    QVERIFY(Anchor::read(t.anchorPath())->isSignedWith(other));
}

void tst_Anchor::withoutItsKeyASignedAnchorIsLeftAlone()
{
    const Secret key(std::string(32, 'k'));
    TestLog t;
    QVERIFY(t.open());
    QVERIFY(t.useKey(key));
    t.close();
    QVERIFY(t.open());
    for (int i = 0; i < 70; ++i)
        QVERIFY(t.settle());
    t.close();
    QCOMPARE(anchored(t), 1);
    QVERIFY(Anchor::read(t.anchorPath())->isSignedWith(key));
    QVERIFY(t.open());
    QCOMPARE(t.useKey(key), Anchor::Found::Signed);
    t.close();
    QCOMPARE(anchored(t), 71);
}

COUNTERSIGN_TEST(tst_Anchor)
#include "tst_Anchor.moc"
