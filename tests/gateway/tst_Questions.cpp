// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "GatewayFixture.h"
#include "audit/Verifier.h"
#include "support/Runner.h"
#include <QSignalSpy>

using namespace mcpcore;

namespace {

const Scope direct{ConnectionId{QStringLiteral("acme")}, EnvironmentId{QStringLiteral("sandbox")}};

// A call of a trusted tool that a rule allows, held open by its server.
struct OpenCall : GatewayFixture {
    explicit OpenCall(const Scope &scope = {}, const QByteArray &capabilities = "{}")
    {
        trust();
        addRule(Effect::Allow);
        server.holdsCalls = true;
        connectClient(scope, capabilities);
        call("1", "{}", scope.connection ? "echo" : "acme__echo");
        [&] { QTRY_VERIFY(!server.calls.empty()); }();
    }
    // `related`: 0 as servers on stdio, which do not say which call they ask for.
    void wonder(const QByteArray &params, qint64 related, const QByteArray &method = "elicitation/create")
    {
        server.say("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"method\":\"" + method + "\",\"params\":" + params + '}', related);
    }
    QByteArray told() const // what the server got as answer
    {
        for (const QByteArray &message : server.received)
            if (memberOf(RawJson(message), "id").view() == "\"q\"")
                return message;
        return {};
    }
    Question only() const { return questions->pending().value(0); }
    QStringList rows() const
    {
        QStringList found;
        const auto reader = LogReader::open(logPath());
        if (const auto all = reader ? (*reader)->rowsAfter(0, 1000) : failure(reader.error()))
            for (const auto &entry : *all)
                if (entry.kind == QLatin1String("question"))
                    found.append(entry.title);
        return found;
    }
};

const QByteArray form = "{\"message\":\"Why?\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{\"reason\":{\"type\":\"string\"},"
                        "\"operator_key\":{\"type\":\"string\"}},\"required\":[\"reason\"]}}";
const QByteArray page = "{\"mode\":\"url\",\"message\":\"Pay\",\"elicitationId\":\"e\",\"url\":\"https://pay.example.com/x?y=1\"}";

} // namespace

class tst_Questions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aServerIsToldThatElicitationsAreAnswered()
    {
        OpenCall fixture;
        const RawJson initialize(fixture.server.received.at(0).startsWith("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"")
                                     ? fixture.server.received.at(1)
                                     : fixture.server.received.at(0));
        const RawJson capabilities = memberOf(memberOf(initialize, "params"), "capabilities");
        QCOMPARE(capabilities.bytes(), QByteArray("{\"elicitation\":{\"form\":{},\"url\":{}}}"));
    }

    void whatAClientCannotBeAskedThePersonIs_data()
    {
        QTest::addColumn<bool>("aggregated");
        QTest::addColumn<bool>("saysWhichCall");
        QTest::newRow("one connection") << false << true;
        QTest::newRow("one connection on stdio") << false << false;
        QTest::newRow("all connections") << true << true;
    }
    void whatAClientCannotBeAskedThePersonIs()
    {
        QFETCH(bool, aggregated);
        QFETCH(bool, saysWhichCall);
        OpenCall fixture(aggregated ? Scope{} : direct);
        fixture.wonder(form, saysWhichCall ? fixture.server.lastCall : 0);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        const Question question = fixture.only();
        QCOMPARE(question.asker, QStringLiteral("sandbox.example.com"));
        QCOMPARE(question.clientLabel, QStringLiteral("Cursor"));
        QCOMPARE(question.connection.text, QStringLiteral("acme"));
        QCOMPARE(question.environment.text, QStringLiteral("sandbox"));
        QCOMPARE(question.tool, QStringLiteral("echo"));
        QCOMPARE(question.message, QStringLiteral("Why?"));
        QVERIFY(fixture.told().isEmpty());
        QVERIFY(fixture.questions->answer(
            question.id, {QuestionAnswer::Action::Accept, {{QStringLiteral("reason"), QStringLiteral("Retired, ticket OPS-2214")}}}));
        QTRY_COMPARE(fixture.told(), QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{\"action\":\"accept\",\"content\":{"
                                                "\"reason\":\"Retired, ticket OPS-2214\"}}}"));
        QVERIFY(fixture.questions->pending().isEmpty());
        QVERIFY(!fixture.answers.contains("1"));
        fixture.server.release();
        QTRY_VERIFY(fixture.answers.contains("1"));
        QCOMPARE(fixture.server.calls.size(), size_t(1));
    }

    void theLogSaysWhoAskedForWhatAndNotTheAnswer()
    {
        OpenCall fixture;
        fixture.wonder(form, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        QVERIFY(fixture.questions->answer(fixture.only().id, {QuestionAnswer::Action::Accept,
                                                              {{QStringLiteral("reason"), QStringLiteral("nobody-else-may-read-this")}}}));
        QTRY_COMPARE(fixture.rows(), (QStringList{QStringLiteral("sandbox.example.com asked the person for reason, operator_key."),
                                                  QStringLiteral("The person answered sandbox.example.com.")}));
        QFile database(fixture.logPath() + QStringLiteral("-wal"));
        QVERIFY(database.open(QIODevice::ReadOnly));
        const QByteArray bytes = database.readAll();
        QVERIFY(bytes.contains("operator_key"));
        QVERIFY(!bytes.contains("nobody-else-may-read-this"));
    }

    void theRowsAreInTheStoryOfTheCallAndTheLogVerifies()
    {
        OpenCall fixture;
        fixture.wonder(form, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        fixture.server.release(); // the row of its end comes after the outcome
        QTRY_COMPARE(fixture.rows().size(), 2);
        const auto reader = LogReader::open(fixture.logPath());
        QVERIFY(reader);
        const auto calls = (*reader)->calls({}, 0, 10);
        QVERIFY(calls && calls->size() == 1);
        QCOMPARE(calls->first().outcome, QStringLiteral("succeeded"));
        QCOMPARE(fixture.kindsOf(calls->first().call),
                 (QStringList{QStringLiteral("received"), QStringLiteral("decision"), QStringLiteral("intent"), QStringLiteral("question"),
                              QStringLiteral("outcome"), QStringLiteral("question")}));
        const Verification verified = verifyLog(fixture.logPath());
        QVERIFY2(verified.status == Verification::Status::Intact, qPrintable(verified.text));
    }

    void anAnswerThatIsNotWhatWasAskedForLeavesTheQuestionOpen()
    {
        OpenCall fixture;
        fixture.wonder(form, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        const CallId id = fixture.only().id;
        const auto missing = fixture.questions->answer(id, {QuestionAnswer::Action::Accept, {}});
        QVERIFY(!missing && missing.error().message.contains(QStringLiteral("reason")));
        const auto secret = fixture.questions->answer(
            id, {QuestionAnswer::Action::Accept,
                 {{QStringLiteral("reason"), QStringLiteral("r")}, {QStringLiteral("operator_key"), QStringLiteral("k")}}});
        QVERIFY(!secret && secret.error().message.contains(QStringLiteral("secret")));
        QCOMPARE(fixture.questions->pending().size(), 1);
        QVERIFY(fixture.told().isEmpty());
        QVERIFY(fixture.questions->answer(id, {QuestionAnswer::Action::Decline, {}}));
        QTRY_VERIFY(fixture.told().contains("{\"action\":\"decline\"}"));
        const auto again = fixture.questions->answer(id, {QuestionAnswer::Action::Decline, {}});
        QVERIFY(!again && again.error().kind == Error::Kind::NotFound);
    }

    void aPageIsOpenedOnlyWhenThePersonAccepts()
    {
        OpenCall fixture;
        fixture.wonder(page, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        QCOMPARE(fixture.only().urlHost, QStringLiteral("pay.example.com"));
        QVERIFY(fixture.openedPages.isEmpty());
        QVERIFY(fixture.questions->answer(fixture.only().id, {QuestionAnswer::Action::Accept, {}}));
        QCOMPARE(fixture.openedPages, QStringList{QStringLiteral("https://pay.example.com/x?y=1")});
        QTRY_VERIFY(fixture.told().contains("\"result\":{\"action\":\"accept\"}"));
    }

    void aPageThatMayNotBeOpenedCanOnlyBeDeclined()
    {
        OpenCall fixture;
        fixture.wonder("{\"mode\":\"url\",\"message\":\"Pay\",\"url\":\"http://pay.example.com/\"}", fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        QVERIFY(!fixture.questions->answer(fixture.only().id, {QuestionAnswer::Action::Accept, {}}));
        QVERIFY(fixture.openedPages.isEmpty());
        QVERIFY(fixture.questions->answer(fixture.only().id, {QuestionAnswer::Action::Decline, {}}));
        QVERIFY(fixture.openedPages.isEmpty());
    }

    void aClientThatCanAnswerIsAskedItself_data()
    {
        QTest::addColumn<bool>("aggregated");
        QTest::addColumn<QByteArray>("method");
        QTest::newRow("one connection, elicitation") << false << QByteArray("elicitation/create");
        QTest::newRow("all connections, elicitation") << true << QByteArray("elicitation/create");
        QTest::newRow("all connections, sampling") << true << QByteArray("sampling/createMessage");
    }
    void aClientThatCanAnswerIsAskedItself()
    {
        QFETCH(bool, aggregated);
        QFETCH(QByteArray, method);
        OpenCall fixture(aggregated ? Scope{} : direct, "{\"elicitation\":{},\"sampling\":{}}");
        fixture.wonder(form, fixture.server.lastCall, method);
        QTRY_COMPARE(fixture.pushed.size(), 1);
        QCOMPARE(fixture.pushed[0].first, QByteArray("1")); // on the stream of its call
        const RawJson asked(fixture.pushed[0].second);
        QCOMPARE(memberOf(asked, "method").bytes(), '"' + method + '"');
        fixture.send("{\"jsonrpc\":\"2.0\",\"id\":" + memberOf(asked, "id").bytes() + ",\"result\":{\"action\":\"decline\"}}");
        QTRY_COMPARE(fixture.told(), QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"q\",\"result\":{\"action\":\"decline\"}}"));
        QVERIFY(fixture.questions->pending().isEmpty());
    }
    void rootsBelongToOneConnection()
    {
        OpenCall fixture({}, "{\"roots\":{}}");
        fixture.wonder("{}", fixture.server.lastCall, "roots/list");
        QTRY_VERIFY(fixture.told().contains("-32601"));
        QVERIFY(fixture.pushed.isEmpty());
    }

    void aClientThatKnowsFormsOnlyLeavesPagesToThePerson()
    {
        OpenCall fixture(direct, "{\"elicitation\":{}}");
        fixture.wonder(page, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        QVERIFY(fixture.pushed.isEmpty());
    }

    void samplingIsRefusedWhenTheClientCannot()
    {
        OpenCall fixture(direct);
        fixture.wonder("{\"messages\":[],\"maxTokens\":5}", fixture.server.lastCall, "sampling/createMessage");
        QTRY_VERIFY(fixture.told().contains("-32601"));
        QVERIFY(fixture.questions->pending().isEmpty());
    }

    void whatCannotBeShownIsRefusedWithTheReason()
    {
        OpenCall fixture;
        fixture.wonder("{\"message\":\"m\",\"requestedSchema\":{\"properties\":{\"x\":{\"type\":\"object\"}}}}", fixture.server.lastCall);
        QTRY_VERIFY(fixture.told().contains("-32602"));
        QVERIFY(fixture.told().contains("x is of the type object"));
        QVERIFY(fixture.questions->pending().isEmpty());
    }

    void aPageThatMustBeVisitedFirstIsThePersonsWhenTheClientCannotShowIt()
    {
        OpenCall fixture;
        fixture.server.say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(fixture.server.lastCall)
                               + ",\"error\":{\"code\":-32042,\"message\":\"m\",\"data\":{\"elicitations\":[" + page + "]}}}",
                           fixture.server.lastCall);
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY2(fixture.resultText("1").contains("wants a page visited first"), fixture.answers["1"].constData());
        QVERIFY(fixture.resultText("1").contains("\"isError\":true"));
        QCOMPARE(fixture.questions->pending().size(), 1);
        QCOMPARE(fixture.only().url, QStringLiteral("https://pay.example.com/x?y=1"));
        QCOMPARE(fixture.only().tool, QStringLiteral("echo"));
        QVERIFY(fixture.questions->answer(fixture.only().id, {QuestionAnswer::Action::Accept, {}}));
        QCOMPARE(fixture.openedPages.size(), 1);
        QCOMPARE(fixture.server.calls.size(), size_t(1)); // never made again by itself
    }
    void aClientThatShowsPagesGetsTheServersOwnError()
    {
        OpenCall fixture(direct, "{\"elicitation\":{\"url\":{}}}");
        fixture.server.say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(fixture.server.lastCall)
                               + ",\"error\":{\"code\":-32042,\"message\":\"m\",\"data\":{\"elicitations\":[" + page + "]}}}",
                           fixture.server.lastCall);
        QTRY_VERIFY(fixture.answers.contains("1"));
        QVERIFY(fixture.answers["1"].contains("-32042") && fixture.answers["1"].contains("pay.example.com"));
        QVERIFY(fixture.questions->pending().isEmpty());
    }

    void nobodyAnsweringIsACancelAtTheDeadline()
    {
        OpenCall fixture;
        fixture.wonder(form, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        fixture.clock.advance(Questions::Limits{}.deadline);
        QTRY_VERIFY(fixture.told().contains("{\"action\":\"cancel\"}"));
        QVERIFY(fixture.questions->pending().isEmpty());
        QTRY_COMPARE(fixture.rows().size(), 2);
        QCOMPARE(fixture.rows().last(), QStringLiteral("Nobody answered sandbox.example.com in time."));
    }

    void theClockStopsWhileThePersonReads()
    {
        OpenCall fixture;
        fixture.wonder(form, fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        const Question before = fixture.only();
        QSignalSpy changed(fixture.questions.get(), &Questions::changed);
        fixture.questions->setReading(before.id, true);
        fixture.clock.advance(std::chrono::minutes(20));
        QCOMPARE(fixture.questions->pending().size(), 1);
        fixture.questions->setReading(before.id, false);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(fixture.only().deadline, before.deadline + std::chrono::minutes(20));
        // What is left of reading is 10 minutes; then the clock goes on by itself.
        fixture.questions->setReading(before.id, true);
        fixture.clock.advance(std::chrono::minutes(11));
        QCOMPARE(changed.size(), 2);
        QCOMPARE(fixture.questions->pending().size(), 1);
        fixture.clock.advance(std::chrono::minutes(4));
        QVERIFY(fixture.questions->pending().isEmpty());
    }

    void theQuestionGoesWithItsCall_data()
    {
        QTest::addColumn<int>("how");
        QTest::addColumn<bool>("saysWhichCall");
        QTest::newRow("the client cancels") << 0 << true;
        QTest::newRow("the client cancels, on stdio") << 0 << false;
        QTest::newRow("the session ends") << 1 << true;
        QTest::newRow("the server answers all the same") << 2 << true;
        QTest::newRow("the server answers all the same, on stdio") << 2 << false;
        QTest::newRow("everything is paused") << 3 << true;
    }
    void theQuestionGoesWithItsCall()
    {
        QFETCH(int, how);
        QFETCH(bool, saysWhichCall);
        OpenCall fixture;
        QSignalSpy removed(fixture.questions.get(), &Questions::removed);
        fixture.wonder(form, saysWhichCall ? fixture.server.lastCall : 0);
        QTRY_COMPARE(fixture.questions->pending().size(), 1);
        if (how == 0)
            fixture.send("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":1}}");
        else if (how == 1)
            fixture.session.reset();
        else if (how == 2)
            fixture.server.release();
        else
            fixture.change([](Workspace &edited) { edited.paused = true; });
        QTRY_VERIFY(fixture.questions->pending().isEmpty());
        QCOMPARE(removed.size(), 1);
        QCOMPARE(removed[0][1].value<QuestionEnd>(), QuestionEnd::Withdrawn);
    }

    void aQuestionOutsideOfAnyCallIsRefusedWhenNoOtherSessionTakesIt()
    {
        OpenCall fixture(direct);
        fixture.server.release();
        QTRY_VERIFY(fixture.answers.contains("1"));
        fixture.wonder(form, 0);
        QTest::qWait(0);
        QVERIFY(fixture.questions->pending().isEmpty());
        QVERIFY(fixture.told().isEmpty());
        fixture.clock.advance(std::chrono::seconds(30));
        QTRY_VERIFY(fixture.told().contains("-32601"));
    }

    void aServerCannotPileUpQuestions()
    {
        OpenCall fixture;
        for (int i = 0; i <= Questions::Limits{}.perClient; ++i)
            fixture.server.say("{\"jsonrpc\":\"2.0\",\"id\":" + QByteArray::number(900 + i)
                                   + ",\"method\":\"elicitation/create\",\"params\":" + form + '}',
                               fixture.server.lastCall);
        QTRY_COMPARE(fixture.questions->pending().size(), Questions::Limits{}.perClient);
        QTRY_VERIFY(std::any_of(fixture.server.received.begin(), fixture.server.received.end(), [](const QByteArray &message) {
            return message.contains("\"id\":905") && message.contains("{\"action\":\"cancel\"}");
        }));
    }
};

COUNTERSIGN_TEST(tst_Questions)
#include "tst_Questions.moc"
