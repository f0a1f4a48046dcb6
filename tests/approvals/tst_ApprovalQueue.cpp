// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "approvals/ApprovalQueue.h"
#include "support/FakeClock.h"
#include "support/Runner.h"
#include <QSignalSpy>

using namespace mcpcore;
using namespace std::chrono_literals;

namespace {

// A queue on a clock that stands still, and what it answered.
struct Desk {
    explicit Desk(ApprovalQueue::Limits limits = {}) : queue(std::make_unique<ApprovalQueue>(clock, limits))
    {
        QObject::connect(queue.get(), &ApprovalQueue::removed, queue.get(),
                         [this](const CallId &call, ApprovalEnd end) { ends[call.text] = end; });
        QObject::connect(queue.get(), &ApprovalQueue::changed, queue.get(), [this](const Approval &approval) { lastChanged = approval; });
    }
    void ask(const char *id, const char *client = "cursor", Effect effect = Effect::Ask)
    {
        ToolCall call;
        call.id = {QString::fromLatin1(id)};
        call.client = {QString::fromLatin1(client)};
        call.environment = {QStringLiteral("production")};
        call.argumentsDigest = QByteArray(id) + "-digest";
        queue->request(std::make_shared<const ToolCall>(call), {effect, {}, {}},
                       {&guard, [this, key = call.id.text](Result<Answer> answer) {
                            answers.insert(key, std::make_shared<Result<Answer>>(std::move(answer)));
                        }});
    }
    void askMany(int count, const char *prefix, const char *client, Milliseconds apart)
    {
        for (int i = 0; i < count; ++i) {
            ask((QByteArray(prefix) + QByteArray::number(i)).constData(), client);
            clock.advance(apart);
        }
    }
    Result<> say(const char *id, Answer::Kind kind, const QString &typed = {})
    {
        return queue->answer({QString::fromLatin1(id)}, {kind, QByteArray(id) + "-digest", typed, {}, QStringLiteral("window")});
    }
    bool waits(const char *id) const { return !answers.contains(QString::fromLatin1(id)); }
    std::optional<Error::Kind> failureOf(const char *id) const
    {
        const auto answer = answers.value(QString::fromLatin1(id));
        return answer && !*answer ? std::optional(answer->error().kind) : std::nullopt;
    }
    std::optional<Answer::Kind> answerTo(const char *id) const
    {
        const auto answer = answers.value(QString::fromLatin1(id));
        return answer && *answer ? std::optional((*answer)->kind) : std::nullopt;
    }
    CallId id(const char *text) const { return {QString::fromLatin1(text)}; }

    FakeClock clock;
    QObject guard;
    QHash<QString, std::shared_ptr<Result<Answer>>> answers;
    QHash<QString, ApprovalEnd> ends;
    std::optional<Approval> lastChanged;
    std::unique_ptr<ApprovalQueue> queue;
};

} // namespace

class tst_ApprovalQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCardIsShownUntilThePersonAllowsIt()
    {
        Desk desk;
        QSignalSpy added(desk.queue.get(), &ApprovalQueue::added);
        desk.ask("a");
        QCOMPARE(added.count(), 1);
        QCOMPARE(desk.queue->pending().size(), 1);
        QCOMPARE(desk.queue->pending().first().deadline, desk.clock.wall() + 5min);
        QVERIFY(desk.waits("a"));
        QVERIFY(desk.say("a", Answer::Kind::Allow));
        QCOMPARE(desk.answerTo("a"), Answer::Kind::Allow);
        QCOMPARE(desk.ends.value(QStringLiteral("a")), ApprovalEnd::Allowed);
        QVERIFY(desk.queue->pending().isEmpty());
    }
    void aDenialCarriesItsReason()
    {
        Desk desk;
        desk.ask("a");
        Answer answer{Answer::Kind::Deny, "a-digest", {}, QStringLiteral("wrong customer"), QStringLiteral("window")};
        QVERIFY(desk.queue->answer(desk.id("a"), answer));
        QCOMPARE((*desk.answers.value(QStringLiteral("a")))->reason, QStringLiteral("wrong customer"));
        QCOMPARE(desk.ends.value(QStringLiteral("a")), ApprovalEnd::Denied);
    }
    void anAnswerCountsOnce()
    {
        Desk desk;
        desk.ask("a");
        QVERIFY(desk.say("a", Answer::Kind::Deny));
        QCOMPARE(desk.say("a", Answer::Kind::Allow).error().kind, Error::Kind::NotFound);
        QCOMPARE(desk.answerTo("a"), Answer::Kind::Deny);
    }
    void anAnswerToOtherBytesIsRefusedAndTheCardStays()
    {
        Desk desk;
        desk.ask("a");
        Answer answer{Answer::Kind::Allow, "b-digest", {}, {}, QStringLiteral("window")};
        QCOMPARE(desk.queue->answer(desk.id("a"), answer).error().kind, Error::Kind::Conflict);
        answer.argumentsDigest.clear();
        QCOMPARE(desk.queue->answer(desk.id("a"), answer).error().kind, Error::Kind::Conflict);
        QVERIFY(desk.waits("a"));
    }
    void aTypedWordMustBeExact_data()
    {
        QTest::addColumn<QString>("typed");
        QTest::addColumn<bool>("allowed");
        QTest::newRow("the word of the environment allows") << "production" << true;
        QTest::newRow("nothing typed does not") << "" << false;
        QTest::newRow("another case does not") << "Production" << false;
        QTest::newRow("a part does not") << "product" << false;
        QTest::newRow("a space behind does not") << "production " << false;
    }
    void aTypedWordMustBeExact()
    {
        QFETCH(QString, typed);
        QFETCH(bool, allowed);
        Desk desk;
        desk.ask("a", "cursor", Effect::AskTyped);
        QCOMPARE(desk.queue->pending().first().typedWord, QStringLiteral("production"));
        const Result<> said = desk.say("a", Answer::Kind::Allow, typed);
        QCOMPARE(said.has_value(), allowed);
        QCOMPARE(desk.waits("a"), !allowed);
        if (!allowed)
            QCOMPARE(said.error().kind, Error::Kind::InvalidArgument);
    }
    void aTypedCardIsDeniedWithoutTheWord()
    {
        Desk desk;
        desk.ask("a", "cursor", Effect::AskTyped);
        QVERIFY(desk.say("a", Answer::Kind::Deny));
        QCOMPARE(desk.answerTo("a"), Answer::Kind::Deny);
    }
    void nobodyAnsweringIsADenialAtTheDeadline()
    {
        Desk desk;
        desk.ask("a");
        desk.clock.advance(5min - 1ms);
        QVERIFY(desk.waits("a"));
        desk.clock.advance(1ms);
        QCOMPARE(desk.failureOf("a"), Error::Kind::Expired);
        QCOMPARE(desk.ends.value(QStringLiteral("a")), ApprovalEnd::Expired);
        QCOMPARE(desk.say("a", Answer::Kind::Allow).error().kind, Error::Kind::NotFound);
    }
    void theClockStandsWhileThePersonReads()
    {
        Desk desk;
        desk.ask("a");
        desk.clock.advance(4min);
        desk.queue->setReading(desk.id("a"), true);
        desk.clock.advance(10min);
        QVERIFY(desk.waits("a"));
        QCOMPARE(desk.queue->pending().first().deadline, desk.clock.wall() + 1min);
        desk.queue->setReading(desk.id("a"), false);
        QCOMPARE(desk.lastChanged->deadline, desk.clock.wall() + 1min);
        desk.clock.advance(1min - 1ms);
        QVERIFY(desk.waits("a"));
        desk.clock.advance(1ms);
        QCOMPARE(desk.failureOf("a"), Error::Kind::Expired);
    }
    void readingAddsAtMostThirtyMinutes()
    {
        Desk desk;
        desk.ask("a");
        for (int i = 0; i < 3; ++i) {
            desk.queue->setReading(desk.id("a"), true);
            desk.clock.advance(10min);
            desk.queue->setReading(desk.id("a"), false);
        }
        desk.queue->setReading(desk.id("a"), true); // nothing is left of it
        QCOMPARE(desk.queue->pending().first().deadline, desk.clock.wall() + 5min);
        desk.clock.advance(5min - 1ms);
        QVERIFY(desk.waits("a"));
        desk.clock.advance(1ms);
        QCOMPARE(desk.failureOf("a"), Error::Kind::Expired);
    }
    void aCardReadForEverEndsAtTheCap()
    {
        Desk desk;
        desk.ask("a");
        desk.queue->setReading(desk.id("a"), true);
        desk.clock.advance(35min - 1ms);
        QVERIFY(desk.waits("a"));
        QVERIFY(desk.lastChanged); // the clock runs again since minute 30
        desk.clock.advance(1ms);
        QCOMPARE(desk.failureOf("a"), Error::Kind::Expired);
    }
    void oneClientHasAtMostTwentyCards()
    {
        Desk desk;
        desk.askMany(20, "a", "cursor", 1s);
        desk.ask("one-more");
        QCOMPARE(desk.failureOf("one-more"), Error::Kind::Busy);
        desk.ask("other", "zed");
        QVERIFY(desk.waits("other"));
        QVERIFY(desk.say("a3", Answer::Kind::Deny));
        desk.ask("again");
        QVERIFY(desk.waits("again"));
    }
    void thereAreAtMostAHundredCardsInAll()
    {
        Desk desk;
        for (int client = 0; client < 10; ++client)
            desk.askMany(10, ("c" + QByteArray::number(client) + "-").constData(), ("c" + QByteArray::number(client)).constData(), 250ms);
        QCOMPARE(desk.queue->pending().size(), 100);
        desk.ask("one-more", "zed");
        QCOMPARE(desk.failureOf("one-more"), Error::Kind::Busy);
    }
    void moreThanFiveNewCardsASecondAreRefused()
    {
        Desk desk;
        desk.askMany(5, "a", "cursor", 0ms);
        desk.ask("sixth");
        QCOMPARE(desk.failureOf("sixth"), Error::Kind::Busy);
        desk.ask("other", "zed");
        QVERIFY(desk.waits("other"));
        desk.clock.advance(1s);
        desk.ask("later");
        QVERIFY(desk.waits("later"));
    }
    void twoUnansweredCardsInARowCoolTheClientDown()
    {
        Desk desk;
        QSignalSpy changes(desk.queue.get(), &ApprovalQueue::coolingDownChanged);
        desk.ask("a");
        desk.clock.advance(5min);
        desk.ask("b");
        QVERIFY(desk.waits("b"));
        QVERIFY(desk.queue->coolingDown().isEmpty());
        desk.clock.advance(5min);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(desk.queue->coolingDown().value({QStringLiteral("cursor")}), desk.clock.wall() + 5min);
        desk.ask("c");
        QCOMPARE(desk.failureOf("c"), Error::Kind::Busy);
        desk.ask("other", "zed");
        QVERIFY(desk.waits("other"));
        desk.clock.advance(5min);
        QCOMPARE(changes.count(), 2);
        desk.ask("d");
        QVERIFY(desk.waits("d"));
    }
    void resumingEndsTheCooldown()
    {
        Desk desk;
        desk.askMany(2, "a", "cursor", 5min);
        QVERIFY(!desk.queue->coolingDown().isEmpty());
        desk.queue->resume({QStringLiteral("cursor")});
        QVERIFY(desk.queue->coolingDown().isEmpty());
        desk.ask("b");
        QVERIFY(desk.waits("b"));
    }
    void anAnswerBetweenTwoUnansweredCardsStartsTheCountAnew()
    {
        Desk desk;
        desk.ask("a");
        desk.clock.advance(5min);
        desk.ask("b");
        QVERIFY(desk.say("b", Answer::Kind::Deny));
        desk.ask("c");
        desk.clock.advance(5min);
        QVERIFY(desk.queue->coolingDown().isEmpty());
        desk.ask("d");
        QVERIFY(desk.waits("d"));
    }
    void aWithdrawnCardIsGoneAtOnceAndItsCallerHearsLater()
    {
        Desk desk;
        desk.ask("a");
        desk.queue->withdraw(desk.id("a"));
        QCOMPARE(desk.ends.value(QStringLiteral("a")), ApprovalEnd::Withdrawn);
        QVERIFY(desk.waits("a"));
        QTRY_COMPARE(desk.failureOf("a"), Error::Kind::Cancelled);
        desk.queue->withdraw(desk.id("a"));
        QCOMPARE(desk.say("a", Answer::Kind::Allow).error().kind, Error::Kind::NotFound);
    }
    void denyingAllAnswersEveryCardWithTheReason()
    {
        Desk desk;
        desk.askMany(3, "a", "cursor", 0ms);
        desk.queue->denyAll(QStringLiteral("Everything is paused."));
        for (const char *id : {"a0", "a1", "a2"}) {
            QCOMPARE(desk.failureOf(id), Error::Kind::Denied);
            QCOMPARE(desk.answers.value(QString::fromLatin1(id))->error().message, QStringLiteral("Everything is paused."));
            QCOMPARE(desk.ends.value(QString::fromLatin1(id)), ApprovalEnd::Denied);
        }
        QVERIFY(desk.queue->pending().isEmpty());
    }
    void theSameCallCannotWaitTwice()
    {
        Desk desk;
        desk.ask("a");
        ToolCall call;
        call.id = desk.id("a");
        std::optional<Error::Kind> kind;
        desk.queue->request(std::make_shared<const ToolCall>(call), {}, {this, [&](Result<Answer> answer) { kind = answer.error().kind; }});
        QCOMPARE(kind, Error::Kind::Conflict);
        QVERIFY(desk.waits("a"));
    }
    void theOldestCardComesFirst()
    {
        Desk desk;
        desk.askMany(3, "a", "cursor", 1s);
        QVERIFY(desk.say("a1", Answer::Kind::Deny));
        QCOMPARE(desk.queue->pending().first().call->id, desk.id("a0"));
        QCOMPARE(desk.queue->pending().last().call->id, desk.id("a2"));
    }
    void closingTheQueueAnswersWhatWaits()
    {
        Desk desk;
        desk.ask("a");
        desk.queue.reset();
        QCOMPARE(desk.failureOf("a"), Error::Kind::Abandoned);
    }
};

COUNTERSIGN_TEST(tst_ApprovalQueue)
#include "tst_ApprovalQueue.moc"
