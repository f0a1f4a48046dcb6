// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/FakeTransport.h"
#include "support/Runner.h"
#include "upstream/Peers.h"
#include "upstream/UpstreamPool.h"
#include <QSignalSpy>

using namespace mcpcore;
using namespace std::chrono_literals;

class tst_UpstreamPool : public QObject
{
    Q_OBJECT

    FakeClock clock;
    QList<QPointer<FakeTransport>> transports;
    FakeTransport::Initialize initialize = FakeTransport::Initialize::Answered;
    std::optional<Error> factoryError;
    std::unique_ptr<UpstreamPool> pool;
    Connection connection;
    Environment environment{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox};
    QByteArray capabilities = "{}";

    struct Got {
        std::optional<Result<Upstream *>> answer;
        Upstream *upstream() const { return answer && *answer ? **answer : nullptr; }
        QString errorText() const { return answer && !*answer ? answer->error().message : QString(); }
    };
    void get(Got &got)
    {
        pool->get(connection, environment, {}, capabilities,
                  Completion<Upstream *>(this, [&got](Result<Upstream *> answer) { got.answer = answer; }));
    }
    // Until its transport has told that it is up.
    void settle()
    {
        QCoreApplication::sendPostedEvents();
        QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
    }
    void close(int index)
    {
        Q_EMIT transports[index]->closed(Error{Error::Kind::UpstreamFailed, QStringLiteral("it died")});
        settle();
    }

private Q_SLOTS:
    void init()
    {
        transports.clear();
        initialize = FakeTransport::Initialize::Answered;
        factoryError.reset();
        capabilities = "{}";
        connection = {{QStringLiteral("stripe")}, {}, {environment.id}, StdioTarget{QStringLiteral("npx"), {}, {}}, {}};
        pool = std::make_unique<UpstreamPool>(
            [this](const Connection &, const Environment &, const std::optional<KeyId> &) -> Result<std::unique_ptr<Transport>> {
                if (factoryError)
                    return failure(*factoryError);
                auto transport = std::make_unique<FakeTransport>(initialize);
                transports += transport.get();
                return transport;
            },
            clock);
    }
    void cleanup()
    {
        pool.reset();
        settle();
    }

    void startsOneForAllWhoAsk()
    {
        Got first, second, third;
        get(first);
        get(second);
        QVERIFY(!first.answer);
        QCOMPARE(pool->status().value(0).state, UpstreamStatus::State::Starting);
        settle();
        QVERIFY(first.upstream() && first.upstream() == second.upstream());
        get(third);
        QCOMPARE(third.upstream(), first.upstream());
        QCOMPARE(transports.size(), 1);
        QCOMPARE(pool->status().value(0).state, UpstreamStatus::State::Running);
        QCOMPARE(pool->status().value(0).serverName, QStringLiteral("fake"));
        QCOMPARE(pool->running({connection.id, environment.id, {}, "{}"}), first.upstream());
    }
    // As when the program ends while its first list of tools is on the way.
    void itsEndIsToldToThoseWhoWaitForAStart()
    {
        initialize = FakeTransport::Initialize::Silent;
        Got first, second;
        get(first);
        connection.id = {QStringLiteral("statsig")};
        get(second);
        settle();
        pool.reset();
        QVERIFY(first.answer && !*first.answer);
        QVERIFY(second.answer && !*second.answer);
    }
    void tellsOfAStartBeforeItAnswers()
    {
        Got got;
        bool answeredBefore = true;
        connect(pool.get(), &UpstreamPool::started, this, [&] { answeredBefore = got.answer.has_value(); });
        get(got);
        settle();
        QVERIFY(got.upstream());
        QVERIFY(!answeredBefore);
    }
    void otherEnvironmentsKeysAndAbilitiesAreOtherUpstreams()
    {
        Got got[4];
        get(got[0]);
        capabilities = "{\"sampling\":{}}";
        get(got[1]);
        pool->get(connection, environment, KeyId{QStringLiteral("k")}, capabilities,
                  Completion<Upstream *>(this, [&](Result<Upstream *> answer) { got[2].answer = answer; }));
        pool->get(connection, {{QStringLiteral("production")}, EnvironmentKind::Production}, {}, capabilities,
                  Completion<Upstream *>(this, [&](Result<Upstream *> answer) { got[3].answer = answer; }));
        settle();
        QSet<Upstream *> all;
        for (const Got &one : got)
            all += one.upstream();
        QCOMPARE(all.size(), 4);
        QVERIFY(!all.contains(nullptr));
    }
    void aDeadOneIsStartedAgainAfterABackOffThatGrows()
    {
        QSignalSpy ended(pool.get(), &UpstreamPool::ended);
        int deaths = 0;
        for (const auto backOff : {0s, 1s, 2s, 4s, 8s}) {
            Got got;
            get(got);
            settle();
            if (backOff > 0s) {
                QVERIFY(!got.answer);
                clock.advance(backOff - 1ms);
                settle();
                QVERIFY(!got.answer);
                clock.advance(1ms);
                settle();
            }
            QVERIFY(got.upstream());
            close(deaths);
            QCOMPARE(ended.count(), ++deaths);
        }
        Got refused;
        get(refused);
        QVERIFY2(refused.errorText().contains(QLatin1String("5 times")) && refused.errorText().contains(QLatin1String("it died")),
                 qPrintable(refused.errorText()));
        QCOMPARE(transports.size(), 5);
        QCOMPARE(pool->status().value(0).state, UpstreamStatus::State::Failed);
        QCOMPARE(pool->status().value(0).lastError, QStringLiteral("it died"));

        Got again;
        pool->forgetFailures(connection.id);
        get(again);
        settle();
        QVERIFY(again.upstream());
        close(5);
        clock.advance(10min);
        Got later;
        get(later);
        settle();
        QVERIFY(later.upstream());
    }
    void oneThatRanForLongIsStartedAgainAtOnce()
    {
        Got first, second;
        get(first);
        settle();
        clock.advance(1min);
        close(0);
        get(second);
        settle();
        QVERIFY(second.upstream());
    }
    void aFailedStartIsToldToAllWhoWait()
    {
        initialize = FakeTransport::Initialize::Silent;
        Got first, second;
        get(first);
        get(second);
        settle();
        close(0); // a program gets a second beginning, in case it took the probe badly
        QCOMPARE(transports[0]->starts, 2);
        close(0);
        QCOMPARE(first.errorText(), QStringLiteral("it died"));
        QCOMPARE(second.errorText(), QStringLiteral("it died"));
        QVERIFY(transports[0].isNull());
    }
    void aLinkThatCannotBeMadeIsAnError()
    {
        factoryError = Error{Error::Kind::SecretUnavailable, QStringLiteral("no key")};
        Got got;
        get(got);
        QCOMPARE(got.errorText(), QStringLiteral("no key"));
        QCOMPARE(got.answer->error().kind, Error::Kind::SecretUnavailable);
    }
    void aFourthProgramTakesThePlaceOfTheOneIdleLongest()
    {
        Got got[5];
        for (int i = 0; i < 3; ++i) {
            capabilities = "{\"n\":" + QByteArray::number(i) + "}";
            get(got[i]);
            settle();
            clock.advance(1s);
        }
        Outcome busy;
        callTool(*got[0].upstream(), "t", "{\"name\":\"t\"}", busy);
        capabilities = "{\"n\":3}";
        get(got[3]);
        settle();
        QVERIFY(got[3].upstream());
        QVERIFY(transports[1].isNull());
        QVERIFY(transports[0] && transports[2]);

        Outcome others[2];
        callTool(*got[2].upstream(), "t", "{\"name\":\"t\"}", others[0]);
        callTool(*got[3].upstream(), "t", "{\"name\":\"t\"}", others[1]);
        capabilities = "{\"n\":4}";
        get(got[4]);
        QVERIFY(got[4].answer && !*got[4].answer);
        QCOMPARE(got[4].answer->error().kind, Error::Kind::Busy);
    }
    void linksOverHttpAreNotLimited()
    {
        connection.target = HttpTarget{};
        for (int i = 0; i < 5; ++i) {
            Got got;
            capabilities = "{\"n\":" + QByteArray::number(i) + "}";
            get(got);
            settle();
            QVERIFY(got.upstream());
        }
        clock.advance(60min);
        settle();
        QCOMPARE(pool->status().size(), 5);
    }
    void aProgramThatIsIdleForTenMinutesIsEnded()
    {
        Got got, again;
        Outcome works;
        QSignalSpy ended(pool.get(), &UpstreamPool::ended);
        get(got);
        settle();
        clock.advance(6min);
        get(again);
        callTool(*got.upstream(), "t", "{\"name\":\"t\"}", works);
        clock.advance(20min);
        settle();
        QVERIFY(transports[0]); // it works
        transports[0]->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transports[0]->lastRequest) + ",\"result\":{}}");
        QVERIFY(works.answer);
        clock.advance(20min);
        settle();
        QVERIFY(transports[0].isNull());
        QCOMPARE(ended.count(), 1);
        QVERIFY(pool->status().isEmpty());
    }
    void stoppingAnswersTheWaitingAndEndsTheRunning()
    {
        Got runs, waits;
        get(runs);
        settle();
        capabilities = "{\"n\":1}";
        get(waits);
        QSignalSpy ended(pool.get(), &UpstreamPool::ended);
        pool->close(EnvironmentId{QStringLiteral("production")});
        pool->stop(ConnectionId{QStringLiteral("other")});
        pool->stop(KeyId{QStringLiteral("k")});
        QCOMPARE(ended.count(), 0);
        QVERIFY(!waits.answer);
        pool->stopAll();
        QCOMPARE(ended.count(), 1);
        QVERIFY(waits.answer && !*waits.answer);
        settle();
        QVERIFY(transports[0].isNull());
        QVERIFY(pool->status().isEmpty());
        Got again;
        get(again);
        settle();
        QVERIFY(again.upstream());
    }
    void closingAnEnvironmentLetsWhatWasSentEnd()
    {
        Got works, waits;
        Outcome call;
        get(works);
        settle();
        callTool(*works.upstream(), "t", "{\"name\":\"t\"}", call);
        capabilities = "{\"n\":1}";
        get(waits);
        QSignalSpy ended(pool.get(), &UpstreamPool::ended);
        pool->close(environment.id);
        QVERIFY(waits.answer && !*waits.answer);
        clock.advance(10s);
        settle();
        QVERIFY(transports[0]);
        QVERIFY(!call.answer);
        transports[0]->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transports[0]->lastRequest) + ",\"result\":{}}");
        QVERIFY(call.answer && *call.answer);
        clock.advance(2s);
        settle();
        QVERIFY(transports[0].isNull());
        QCOMPARE(ended.count(), 1);
    }
    void whatIsUsedAgainIsNotEndedForAnEarlierClosing()
    {
        Got first, again;
        Outcome call;
        get(first);
        settle();
        callTool(*first.upstream(), "t", "{\"name\":\"t\"}", call);
        pool->close(environment.id);
        get(again);
        transports[0]->say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(transports[0]->lastRequest) + ",\"result\":{}}");
        clock.advance(10s);
        settle();
        QVERIFY(transports[0]);
    }
};

COUNTERSIGN_TEST(tst_UpstreamPool)
#include "tst_UpstreamPool.moc"
