// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/ApprovalsBench.h"
#include "ui/QuestionSamples.h"
#include "ui/approvals/QuestionText.h"
#include "ui/widgets/DenyButton.h"
#include <QApplication>
#include <QLineEdit>
#include <QListView>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;
using FieldType = QuestionField::Type;

// Servers' questions among the calls that wait, and the words for both kinds.
class tst_QuestionQueue : public ApprovalsBench
{
    Q_OBJECT
private Q_SLOTS:
    void aQuestionStandsInTheQueueOfItsClient();
    void theCountHoldsQuestions();
    void aQuestionDoesNotTakeThePlaceOfAShownCard();
    void aCallDoesNotTakeThePlaceOfAShownQuestion();
    void theFirstQuestionShowsItself();
    void nextAndTheArrowsGoOverBoth();
    void aQuestionThatEndsWhileShownStaysUntilNext();
    void aQuestionThatEndsUnseenLeavesTheQueue();
    void aQuestionThatArrivesDoesNotTakeTheFocusFromTyping();
    void whatWasTypedForOneIsNotSentForAnother();
    void denyAllOfAClientDeclinesItsQuestions();
    void questionsThatWaitedBeforeThePageAreListedInOrder();
    void theSentenceCountsTheAnswers_data();
    void theSentenceCountsTheAnswers();
    void whatIsAskedOfAFieldIsSaid_data();
    void whatIsAskedOfAFieldIsSaid();

private:
    Question ask(const QString &client = QStringLiteral("claude-code"))
    {
        Question question = samples::revocation(*m_desk, QStringLiteral("sandbox"));
        question.client = {client};
        m_clock->advance(10ms);
        question.asked = m_clock->wall();
        m_desk->add(question);
        return question;
    }
    QStringList rows() const
    {
        const QAbstractItemModel *queue = the<QListView>("approvals.queue")->model();
        QStringList rows;
        for (int row = 0; row < queue->rowCount(); ++row)
            rows.append(queue->index(row, 0).data().toString());
        return rows;
    }
};

void tst_QuestionQueue::aQuestionStandsInTheQueueOfItsClient()
{
    add();
    Options other;
    other.client = QStringLiteral("cursor");
    add(other);
    ask();
    const QString call = QStringLiteral("Call create_refund"), question = QStringLiteral("STACK asks you something");
    QCOMPARE(rows(), QStringList({QStringLiteral("Claude Code"), call, question, QStringLiteral("cursor"), call}));
    const QAbstractItemModel *queue = the<QListView>("approvals.queue")->model();
    QVERIFY(!queue->index(1, 0).data(QueueModel::Asks).toBool());
    QVERIFY(queue->index(2, 0).data(QueueModel::Asks).toBool());
    QCOMPARE(queue->index(2, 0).data(Qt::AccessibleTextRole).toString(), QStringLiteral("STACK asks you something, STACK, SANDBOX"));
    QCOMPARE(queue->index(2, 0).data(QueueModel::TimeLeft).toString(), QStringLiteral("5:00"));
}

void tst_QuestionQueue::theCountHoldsQuestions()
{
    add();
    const Question question = ask();
    QCOMPARE(m_page->count(), 2);
    m_desk->end(question.id, QuestionEnd::Withdrawn);
    QCOMPARE(m_page->count(), 1);
}

void tst_QuestionQueue::aQuestionDoesNotTakeThePlaceOfAShownCard()
{
    const Approval first = add();
    ask();
    QVERIFY(shown("approval.card"));
    QVERIFY(!shown("approvals.question"));
    m_desk->end(first.call->id, ApprovalEnd::Expired);
    QVERIFY(shown("approval.card"));
    QCOMPARE(state(), QStringLiteral("Nobody answered in 5 minutes. Nothing was sent."));
}

void tst_QuestionQueue::aCallDoesNotTakeThePlaceOfAShownQuestion()
{
    ask();
    add();
    ask();
    QVERIFY(shown("approvals.question"));
    QVERIFY(!shown("approval.card"));
    arm();
    // What lets calls through does nothing here, though one waits.
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClick(m_page.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->answers.isEmpty());
    QVERIFY(m_desk->replies.isEmpty());
    QTest::keyClick(m_page.get(), Qt::Key_D, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->answers.isEmpty());
    QCOMPARE(m_desk->replies.size(), 1);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Decline);
}

void tst_QuestionQueue::theFirstQuestionShowsItself()
{
    ask();
    QVERIFY(shown("approvals.question"));
    QCOMPARE(QApplication::focusWidget(), the("ask.body"));
    QVERIFY(the<QListView>("approvals.queue")->currentIndex().isValid());
}

void tst_QuestionQueue::nextAndTheArrowsGoOverBoth()
{
    const Approval call = add();
    const Question question = ask();
    QTest::keyClick(m_page.get(), Qt::Key_Down, Qt::AltModifier);
    QVERIFY(shown("approvals.question"));
    QTest::keyClick(m_page.get(), Qt::Key_Up, Qt::AltModifier);
    QVERIFY(shown("approval.card"));
    auto *queue = the<QListView>("approvals.queue");
    queue->setFocus();
    QTest::keyClick(queue, Qt::Key_Down);
    QVERIFY(shown("approvals.question"));
    QCOMPARE(QApplication::focusWidget(), queue);
    QTest::keyClick(queue, Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), the("ask.body"));
    m_desk->end(question.id, QuestionEnd::Declined);
    m_clock->advance(1s);
    QTest::mouseClick(the("ask.next"), Qt::LeftButton);
    QVERIFY(shown("approval.card"));
    QVERIFY(allow()->isVisible());
    m_desk->end(call.call->id, ApprovalEnd::Denied);
    ask();
    m_clock->advance(1s);
    QTest::mouseClick(the("approval.next"), Qt::LeftButton);
    QVERIFY(shown("approvals.question"));
}

void tst_QuestionQueue::aQuestionThatEndsWhileShownStaysUntilNext()
{
    const Question question = ask();
    add();
    m_desk->end(question.id, QuestionEnd::Withdrawn);
    QVERIFY(shown("approvals.question"));
    QCOMPARE(the<QLabel>("ask.state")->text(), QStringLiteral("The call ended. No answer was sent."));
    QCOMPARE(the<QAbstractButton>("ask.next")->text(), QStringLiteral("Next"));
    QVERIFY(!the("ask.next")->isEnabled()); // the second click of a double click
    m_clock->advance(600ms);
    QTest::mouseClick(the("ask.next"), Qt::LeftButton);
    QVERIFY(shown("approval.card"));
}

void tst_QuestionQueue::aQuestionThatEndsUnseenLeavesTheQueue()
{
    add();
    const Question question = ask(QStringLiteral("codex"));
    QCOMPARE(rows().size(), 4);
    m_desk->end(question.id, QuestionEnd::Expired);
    QCOMPARE(rows().size(), 2);
    QVERIFY(!m_page->openCall(question.id));
    QVERIFY(shown("approval.card"));
}

void tst_QuestionQueue::aQuestionThatArrivesDoesNotTakeTheFocusFromTyping()
{
    QLineEdit elsewhere(m_page.get());
    elsewhere.show();
    elsewhere.setFocus();
    ask();
    QVERIFY(shown("approvals.question"));
    QCOMPARE(QApplication::focusWidget(), &elsewhere);
}

void tst_QuestionQueue::whatWasTypedForOneIsNotSentForAnother()
{
    ask();
    the<QLineEdit>("ask.field.reason")->setText(QStringLiteral("for the first"));
    const Question second = ask();
    QVERIFY(m_page->openCall(second.id));
    arm();
    QTest::mouseClick(the("ask.answer"), Qt::LeftButton);
    QCOMPARE(m_desk->replies.size(), 1);
    QVERIFY(m_desk->replies.first().question == second.id);
    QVERIFY(m_desk->replies.first().answer.values.first().second == QuestionField::Value(QStringLiteral("Agent retired, ticket OPS-2214")));
}

void tst_QuestionQueue::denyAllOfAClientDeclinesItsQuestions()
{
    add();
    const Question own = ask();
    ask(QStringLiteral("codex"));
    Q_EMIT m_page->findChild<DenyButton *>()->denyAllChosen();
    QCOMPARE(m_desk->answers.size(), 1);
    QCOMPARE(m_desk->replies.size(), 1);
    QVERIFY(m_desk->replies.first().question == own.id);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Decline);
}

void tst_QuestionQueue::questionsThatWaitedBeforeThePageAreListedInOrder()
{
    const Question first = ask();
    m_clock->advance(1s);
    add();
    m_page = std::make_unique<ApprovalsPage>(*m_desk, m_theme, *m_clock, *m_ticker);
    m_page->show();
    QVERIFY(shown("approvals.question"));
    QCOMPARE(rows(), QStringList({QStringLiteral("Claude Code"), QStringLiteral("STACK asks you something"),
                                  QStringLiteral("Call create_refund")}));
}

void tst_QuestionQueue::theSentenceCountsTheAnswers_data()
{
    QTest::addColumn<int>("fields");
    QTest::addColumn<QString>("tool");
    QTest::addColumn<bool>("page");
    QTest::addColumn<QString>("sentence");
    const QString tool = QStringLiteral("revoke");
    QTest::newRow("three") << 3 << tool << false << QStringLiteral("h.example wants 3 answers before it goes on with “revoke”");
    QTest::newRow("one") << 1 << tool << false << QStringLiteral("h.example wants an answer before it goes on with “revoke”");
    QTest::newRow("none") << 0 << tool << false << QStringLiteral("h.example wants you to agree before it goes on with “revoke”");
    QTest::newRow("page") << 0 << tool << true << QStringLiteral("h.example wants you to open a page before it goes on with “revoke”");
    QTest::newRow("three outside") << 3 << QString() << false << QStringLiteral("h.example wants 3 answers from you");
    QTest::newRow("one outside") << 1 << QString() << false << QStringLiteral("h.example wants an answer from you");
    QTest::newRow("none outside") << 0 << QString() << false << QStringLiteral("h.example wants you to agree to something");
    QTest::newRow("page outside") << 0 << QString() << true << QStringLiteral("h.example wants you to open a page");
}

void tst_QuestionQueue::theSentenceCountsTheAnswers()
{
    QFETCH(int, fields);
    QFETCH(QString, tool);
    QFETCH(bool, page);
    QFETCH(QString, sentence);
    Question question;
    question.asker = QStringLiteral("h.example");
    question.tool = tool;
    question.kind = page ? Question::Kind::Url : Question::Kind::Form;
    for (int i = 0; i < fields; ++i)
        question.fields.append(samples::field("a"));
    QCOMPARE(QuestionText::sentence(question), sentence);
}

void tst_QuestionQueue::whatIsAskedOfAFieldIsSaid_data()
{
    QTest::addColumn<QuestionField>("field");
    QTest::addColumn<QString>("said");
    QuestionField text = samples::required(samples::field("a"));
    text.longest = 1'200;
    QTest::newRow("text") << text << QStringLiteral("required, up to 1\u00A0200 characters");
    text.shortest = 3;
    text.format = QStringLiteral("date");
    QTest::newRow("date") << text << QStringLiteral("required, a date such as 2026-11-21, 3 to 1\u00A0200 characters");
    QuestionField number = samples::field("a", FieldType::Number);
    QTest::newRow("number") << number << QStringLiteral("a number");
    number.least = QStringLiteral("0.5");
    QTest::newRow("at least") << number << QStringLiteral("a number, at least 0.5");
    QTest::newRow("yes or no") << samples::field("a", FieldType::YesNo) << QStringLiteral("yes or no");
    QuestionField some = samples::chosenFrom(samples::field("a", FieldType::Choices), {QStringLiteral("x"), QStringLiteral("y")});
    some.shortest = 1;
    QTest::newRow("some") << some << QStringLiteral("any of 2, at least 1");
    QTest::newRow("secret") << samples::secret("a") << QStringLiteral("required");
}

void tst_QuestionQueue::whatIsAskedOfAFieldIsSaid()
{
    QFETCH(QuestionField, field);
    QFETCH(QString, said);
    QCOMPARE(QuestionText::wanted(field), said);
}

COUNTERSIGN_TEST(tst_QuestionQueue)
#include "tst_QuestionQueue.moc"
