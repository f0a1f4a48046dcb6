// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/ApprovalsBench.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/FieldsView.h"
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QListView>
#include <QSignalSpy>
#include <QTabBar>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;

// The queue, what was decided, and how one card follows another.
class tst_ApprovalsPage : public ApprovalsBench
{
    Q_OBJECT
private Q_SLOTS:
    void anEmptyPageOffersATestCallWhenPracticeIsReady();
    void theFirstCardShowsItself();
    void theCardNeverChangesByItself();
    void aDecidedCardStaysUntilNext();
    void nextIsNotReachedByTheSecondClickOfADoubleClick();
    void closeLeadsToTheEmptyPage();
    void denyAllDeniesEachCallOfTheClient();
    void anUnknownOutcomeStaysAmongTheDecided();
    void theQueueIsGroupedByClientInOrderOfArrival();
    void arrowsInTheQueueChooseACard();
    void altDownAndAltUpWalkThroughTheQueue();
    void aHundredCardsWait();
    void aCardThatArrivesDoesNotTakeTheFocusFromTyping();
    void theFocusIsOnTheDetailsAndNothingIsADefault();
    void everythingHasANameForReaders();
    void hostileTextsStayPlain_data();
    void hostileTextsStayPlain();
};

void tst_ApprovalsPage::anEmptyPageOffersATestCallWhenPracticeIsReady()
{
    QVERIFY(!shown("approval.card"));
    QTest::mouseClick(the("approvals.test"), Qt::LeftButton);
    QCOMPARE(m_desk->testCalls, 1);
    m_desk->shownStatus.practiceReady = false;
    Q_EMIT m_desk->statusChanged();
    QVERIFY(!shown("approvals.test"));
    QSignalSpy wanted(m_page.get(), &Page::pageWanted);
    QTest::mouseClick(the("approvals.activity"), Qt::LeftButton);
    QCOMPARE(wanted.size(), 1);
}

void tst_ApprovalsPage::theFirstCardShowsItself()
{
    add();
    QVERIFY(shown("approval.card"));
    QCOMPARE(summary(), QStringLiteral("Call tool “create_refund” of Stripe. What it does is not known"));
    QCOMPARE(m_page->count(), 1);
}

void tst_ApprovalsPage::theCardNeverChangesByItself()
{
    const Approval first = add();
    const QString before = summary();
    Options other;
    other.tool = QStringLiteral("delete_all");
    add(other);
    other.client = QStringLiteral("a-client");
    const Approval third = add(other);
    QCOMPARE(summary(), before);
    m_desk->end(third.call->id, ApprovalEnd::Withdrawn);
    QCOMPARE(summary(), before);
    m_desk->end(first.call->id, ApprovalEnd::Expired);
    QCOMPARE(summary(), before);
    QCOMPARE(m_page->count(), 1);
}

void tst_ApprovalsPage::aDecidedCardStaysUntilNext()
{
    const Approval first = add();
    Options other;
    other.tool = QStringLiteral("second_tool");
    add(other);
    QTest::mouseClick(the<QAbstractButton>("approval.deny"), Qt::LeftButton);
    m_desk->end(first.call->id, ApprovalEnd::Denied);
    QVERIFY(summary().contains(QStringLiteral("create_refund")));
    QCOMPARE(state(), QStringLiteral("Denied. Nothing was sent."));
    m_clock->advance(600ms);
    QTest::mouseClick(the("approval.next"), Qt::LeftButton);
    QVERIFY(summary().contains(QStringLiteral("second_tool")));
    QVERIFY(!allow()->isEnabled());
}

void tst_ApprovalsPage::nextIsNotReachedByTheSecondClickOfADoubleClick()
{
    const Approval first = add();
    Options other;
    other.tool = QStringLiteral("second_tool");
    add(other);
    m_desk->end(first.call->id, ApprovalEnd::Denied);
    QVERIFY(!the("approval.next")->isEnabled());
    QTest::mouseClick(the("approval.next"), Qt::LeftButton);
    QVERIFY(summary().contains(QStringLiteral("create_refund")));
    m_clock->advance(500ms);
    QVERIFY(the("approval.next")->isEnabled());
}

void tst_ApprovalsPage::closeLeadsToTheEmptyPage()
{
    const Approval only = add();
    m_desk->end(only.call->id, ApprovalEnd::Withdrawn);
    m_clock->advance(1s);
    QTest::mouseClick(the("approval.next"), Qt::LeftButton);
    QVERIFY(!shown("approval.card"));
    add();
    QVERIFY(shown("approval.card"));
}

void tst_ApprovalsPage::denyAllDeniesEachCallOfTheClient()
{
    add();
    add();
    Options other;
    other.client = QStringLiteral("cursor");
    add(other);
    Q_EMIT m_page->findChild<DenyButton *>()->denyAllChosen();
    QCOMPARE(m_desk->answers.size(), 2);
    for (const FakeDesk::Answered &answered : m_desk->answers)
        QCOMPARE(answered.answer.kind, Answer::Kind::Deny);
}

void tst_ApprovalsPage::anUnknownOutcomeStaysAmongTheDecided()
{
    const Approval unknown = add();
    m_desk->end(unknown.call->id, ApprovalEnd::Allowed);
    Q_EMIT m_desk->callStateChanged(unknown.call->id, Desk::CallState::OutcomeUnknown, {}, 0ms);
    QVERIFY(notes().contains(QStringLiteral("Outcome unknown.")));
    for (int i = 0; i < 20; ++i)
        m_desk->end(add().call->id, ApprovalEnd::Denied);
    const auto *decided = the<QListView>("approvals.decided");
    QCOMPARE(decided->model()->rowCount(), 5);
    bool found = false;
    for (int row = 0; row < 5; ++row)
        found = found || decided->model()->index(row, 0).data(DecidedModel::NeedsCare).toBool();
    QVERIFY(found);
}

void tst_ApprovalsPage::theQueueIsGroupedByClientInOrderOfArrival()
{
    Options options;
    for (const char *client : {"claude-code", "cursor", "claude-code", "codex", "cursor"}) {
        options.client = QString::fromLatin1(client);
        add(options);
    }
    const QAbstractItemModel *queue = the<QListView>("approvals.queue")->model();
    QStringList rows;
    for (int row = 0; row < queue->rowCount(); ++row)
        rows.append(queue->index(row, 0).data(QueueModel::IsHead).toBool() ? queue->index(row, 0).data().toString() : QStringLiteral("-"));
    QCOMPARE(rows, QStringList({QStringLiteral("Claude Code"), QStringLiteral("-"), QStringLiteral("-"), QStringLiteral("cursor"),
                                QStringLiteral("-"), QStringLiteral("-"), QStringLiteral("codex"), QStringLiteral("-")}));
    QCOMPARE(queue->flags(queue->index(0, 0)), Qt::NoItemFlags);
    while (!m_desk->waiting.isEmpty())
        m_desk->end(m_desk->waiting.first().call->id, ApprovalEnd::Denied);
    QCOMPARE(queue->rowCount(), 0);
}

void tst_ApprovalsPage::arrowsInTheQueueChooseACard()
{
    add();
    Options other;
    other.tool = QStringLiteral("second_tool");
    add(other);
    auto *queue = the<QListView>("approvals.queue");
    queue->setFocus();
    QTest::keyClick(queue, Qt::Key_Down);
    QVERIFY(summary().contains(QStringLiteral("second_tool")));
    QCOMPARE(QApplication::focusWidget(), queue);
    QTest::keyClick(queue, Qt::Key_Return);
    QCOMPARE(QApplication::focusWidget(), the("approval.details"));
    QVERIFY(m_desk->answers.isEmpty());
}

void tst_ApprovalsPage::altDownAndAltUpWalkThroughTheQueue()
{
    Options options;
    for (const char *tool : {"tool_a", "tool_b", "tool_c"}) {
        options.tool = QString::fromLatin1(tool);
        add(options);
    }
    QTest::keyClick(m_page.get(), Qt::Key_Down, Qt::AltModifier);
    QVERIFY(summary().contains(QStringLiteral("tool_b")));
    QTest::keyClick(m_page.get(), Qt::Key_Up, Qt::AltModifier);
    QTest::keyClick(m_page.get(), Qt::Key_Up, Qt::AltModifier);
    QVERIFY(summary().contains(QStringLiteral("tool_c")));
}

void tst_ApprovalsPage::aHundredCardsWait()
{
    Options options;
    const Approval first = add();
    for (int i = 1; i < 100; ++i) {
        options.client = QStringLiteral("client-%1").arg(i % 7);
        add(options);
    }
    QCOMPARE(m_page->count(), 100);
    QVERIFY(summary().contains(QStringLiteral("create_refund")));
    for (int i = 0; i < 100; ++i)
        QTest::keyClick(m_page.get(), Qt::Key_Down, Qt::AltModifier);
    // Round the whole queue and back to the first.
    arm();
    QTest::mouseClick(allow(), Qt::LeftButton);
    QVERIFY(m_desk->answers.first().call == first.call->id);
}

void tst_ApprovalsPage::aCardThatArrivesDoesNotTakeTheFocusFromTyping()
{
    QLineEdit elsewhere(m_page.get());
    elsewhere.show();
    elsewhere.setFocus();
    add();
    QCOMPARE(QApplication::focusWidget(), &elsewhere);
}

void tst_ApprovalsPage::theFocusIsOnTheDetailsAndNothingIsADefault()
{
    QVERIFY(m_page->openCall(add().call->id));
    QCOMPARE(QApplication::focusWidget(), the("approval.details"));
    Options other;
    QVERIFY(m_page->openCall(add(other).call->id));
    QCOMPARE(QApplication::focusWidget(), the("approval.details"));
}

void tst_ApprovalsPage::everythingHasANameForReaders()
{
    Options options;
    options.typedWord = QStringLiteral("SANDBOX");
    add(options);
    QCOMPARE(the("approval.card")->accessibleName(), QStringLiteral("Allow Stripe create_refund in SANDBOX"));
    for (const QWidget *part : m_page->findChildren<QWidget *>()) {
        if (part->focusPolicy() == Qt::NoFocus || !part->isVisible())
            continue;
        QVERIFY2(!part->objectName().isEmpty(), part->metaObject()->className());
        const auto *button = qobject_cast<const QAbstractButton *>(part);
        QVERIFY2(!part->accessibleName().isEmpty() || (button && !button->text().isEmpty()), qPrintable(part->objectName()));
    }
}

void tst_ApprovalsPage::hostileTextsStayPlain_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("markup") << QStringLiteral("<b>bold</b><img src=x>");
    QTest::newRow("bidi") << QStringLiteral("a\u202Edcb\u2066");
    QTest::newRow("line breaks") << QStringLiteral("a\nAllowed by the owner\n\nb");
    QTest::newRow("mnemonic") << QStringLiteral("&Allow && more");
    QTest::newRow("placeholder") << QStringLiteral("%1%2%n%L1");
    QTest::newRow("long") << QString(100'000, QLatin1Char('W'));
}

void tst_ApprovalsPage::hostileTextsStayPlain()
{
    QFETCH(QString, text);
    Options options;
    options.tool = text;
    options.client = text;
    options.peer.program = QStringLiteral("/") + text;
    options.peer.stranger = true;
    options.arguments = "{" + quoted(text) + ":" + quoted(text) + "}";
    const Approval approval = add(options);
    m_page->grab();
    for (const QLabel *label : m_page->findChildren<QLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(!label->text().contains(QChar(0x202E)));
        QVERIFY2(label->text().size() < 2000, qPrintable(label->objectName()));
        QVERIFY(!Qt::mightBeRichText(label->toolTip()) || label->toolTip().startsWith(QLatin1String("<p"))
                || label->toolTip().startsWith(QLatin1String("<qt")));
    }
    QVERIFY(the("approval.summary")->height() < 200);
    QCOMPARE(the<FieldsView>("approval.details")->fields().first().value, text);
    m_desk->end(approval.call->id, ApprovalEnd::Allowed);
    Q_EMIT m_desk->callStateChanged(approval.call->id, Desk::CallState::Failed, text, 0ms);
    QVERIFY(!state().contains(QChar(0x202E)));
    m_page->grab();
}

COUNTERSIGN_TEST(tst_ApprovalsPage)
#include "tst_ApprovalsPage.moc"
