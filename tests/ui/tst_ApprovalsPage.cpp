// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "support/FakeDesk.h"
#include "support/Runner.h"
#include "ui/approvals/ApprovalsPage.h"
#include "ui/approvals/CardNotes.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/FieldsView.h"
#include <QApplication>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QListView>
#include <QMenu>
#include <QSignalSpy>
#include <QTabBar>
#include <QTest>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;

// The page with a desk of plain data and a clock that the test moves.
class tst_ApprovalsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void anEmptyPageOffersATestCallWhenPracticeIsReady();
    void theFirstCardShowsItself();
    void theCardNeverChangesByItself();
    void aDecidedCardStaysUntilNext();
    void nextIsNotReachedByTheSecondClickOfADoubleClick();
    void closeLeadsToTheEmptyPage();
    void enterNeverAllows();
    void allowIsDisabledForASecondAndAfterNewContent();
    void moneyInProductionArmsForTwoSeconds();
    void spaceOnAnUnarmedAllowDoesNothing();
    void theChordAllowsOnlyWhenArmed();
    void theAnswerCarriesTheDigestOfWhatWasShown();
    void escapeDeniesAtOnce();
    void escapeFirstClosesTheFindBar();
    void denyAndTellSendsTheReason();
    void denyAllDeniesEachCallOfTheClient();
    void theTypedWordMustMatchExactly();
    void theTypedWordCannotBePasted();
    void enterInTheTypedFieldDoesNothing();
    void aLockedEnvironmentBlocksAllow();
    void aWithdrawnCallLosesItsButtonsAndSaysWhy();
    void anExpiredCallSaysHowLongItWaited();
    void aRefusedAnswerKeepsTheCardAndSaysWhy();
    void theStateOfAnAllowedCallIsShownLive();
    void anUnknownOutcomeStaysAmongTheDecided();
    void changedContentIsSaidAndArmedAgain();
    void readingStopsTheClock();
    void aPointerThatRestsWhereTheCardAppearsDoesNotRead();
    void readingEndsWhenTheCardIsHidden();
    void destructiveInProductionMustBeScrolledToTheEnd();
    void theQueueIsGroupedByClientInOrderOfArrival();
    void arrowsInTheQueueChooseACard();
    void altDownAndAltUpWalkThroughTheQueue();
    void aStrangerAtTheBridgeIsNamed();
    void aHundredCardsWait();
    void hostileTextsStayPlain_data();
    void hostileTextsStayPlain();
    void aMebibyteOnOneLineIsShownWhole();
    void theFocusIsOnTheDetailsAndNothingIsADefault();
    void tabWalksFromDetailsToAllow();
    void everythingHasANameForReaders();

private:
    struct Options {
        QString environment = QStringLiteral("sandbox");
        QByteArray arguments = "{\"customer\":\"cus_1\",\"amount\":5000}";
        ToolClass toolClass = ToolClass::Unknown;
        QString client = QStringLiteral("claude-code");
        QString typedWord;
        QString tool = QStringLiteral("create_refund");
        Peer peer{Peer::Way::Bridge, 48121, QStringLiteral("/usr/bin/claude"), false};
    };
    Approval make(const Options &options);
    Approval make() { return make(Options()); }
    Approval add(const Options &options)
    {
        const Approval approval = make(options);
        m_desk->add(approval);
        return approval;
    }
    Approval add() { return add(Options()); }
    template <typename Widget = QWidget> Widget *the(const char *name) const
    {
        return m_page->findChild<Widget *>(QString::fromLatin1(name));
    }
    bool shown(const char *name) const { return the(name)->isVisible(); }
    QString summary() const { return the<QLabel>("approval.summary")->text(); }
    QString state() const { return the<QLabel>("approval.state")->text(); }
    ArmedButton *allow() const { return the<ArmedButton>("approval.allow"); }
    void arm()
    {
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QCoreApplication::processEvents(); // layouts settle: a moved button arms again
        m_clock->advance(2500ms);
    }
    QString notes() const;

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeDesk> m_desk;
    std::unique_ptr<SecondTicker> m_ticker;
    Theme m_theme;
    std::unique_ptr<ApprovalsPage> m_page;
};

void tst_ApprovalsPage::init()
{
    m_clock = std::make_unique<FakeClock>();
    m_desk = std::make_unique<FakeDesk>(*m_clock);
    m_desk->unlocks[{QStringLiteral("production")}] = m_clock->wall() + 1h;
    m_ticker = std::make_unique<SecondTicker>(*m_clock);
    m_page = std::make_unique<ApprovalsPage>(*m_desk, m_theme, *m_clock, *m_ticker);
    m_page->resize(980, 680);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

void tst_ApprovalsPage::cleanup()
{
    m_page.reset();
    m_ticker.reset();
    m_desk.reset();
    m_clock.reset();
}

Approval tst_ApprovalsPage::make(const Options &options)
{
    Approval approval = m_desk->sampleApproval(options.environment, options.tool);
    auto call = std::make_shared<ToolCall>(*approval.call);
    call->client = {options.client};
    call->clientLabel = options.client == QLatin1String("claude-code") ? QStringLiteral("Claude Code") : options.client;
    call->peer = options.peer;
    call->toolClass = options.toolClass;
    call->arguments = RawJson(options.arguments);
    call->argumentsDigest = sha256(call->arguments.view());
    call->toolDefinition = RawJson(QByteArrayLiteral("{\"name\":\"create_refund\",\"description\":\"Creates a refund\"}"));
    approval.call = call;
    approval.typedWord = options.typedWord;
    approval.verdict = {
        options.typedWord.isEmpty() ? Effect::Ask : Effect::AskTyped, QStringLiteral("What the tool does is not known."), {}};
    return approval;
}

QString tst_ApprovalsPage::notes() const
{
    return the<CardNotes>("approval.notes")->text();
}

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

void tst_ApprovalsPage::enterNeverAllows()
{
    add();
    arm();
    QVERIFY(allow()->isEnabled());
    for (QWidget *part : m_page->findChildren<QWidget *>()) {
        if (!part->isVisible() || part->focusPolicy() == Qt::NoFocus || part->objectName().startsWith(QLatin1String("approval.deny")))
            continue;
        part->setFocus();
        QTest::keyClick(part, Qt::Key_Return);
        QTest::keyClick(part, Qt::Key_Enter);
    }
    QVERIFY(m_desk->answers.isEmpty());
}

void tst_ApprovalsPage::allowIsDisabledForASecondAndAfterNewContent()
{
    add();
    QCoreApplication::processEvents();
    m_clock->advance(900ms);
    QVERIFY(!allow()->isEnabled());
    QTest::mouseClick(allow(), Qt::LeftButton);
    QVERIFY(m_desk->answers.isEmpty());
    arm();
    QVERIFY(allow()->isEnabled());
    Options other;
    other.tool = QStringLiteral("second_tool");
    QVERIFY(m_page->openCall(add(other).call->id));
    QVERIFY(!allow()->isEnabled());
    m_clock->advance(900ms);
    QVERIFY(!allow()->isEnabled());
    arm();
    QVERIFY(allow()->isEnabled());
}

void tst_ApprovalsPage::moneyInProductionArmsForTwoSeconds()
{
    Options options;
    options.environment = QStringLiteral("production");
    options.toolClass = ToolClass::Money;
    add(options);
    QCoreApplication::processEvents();
    m_clock->advance(100ms); // a last move of the layout starts again here
    m_clock->advance(1800ms);
    QVERIFY(!allow()->isEnabled());
    m_clock->advance(400ms);
    QVERIFY(allow()->isEnabled());
    QCOMPARE(allow()->accessibleName(), QStringLiteral("Allow in PRODUCTION"));
}

void tst_ApprovalsPage::spaceOnAnUnarmedAllowDoesNothing()
{
    add();
    QTest::keyClick(allow(), Qt::Key_Space);
    QVERIFY(m_desk->answers.isEmpty());
    arm();
    allow()->setFocus();
    QTest::keyClick(allow(), Qt::Key_Space);
    QCOMPARE(m_desk->answers.size(), 1);
}

void tst_ApprovalsPage::theChordAllowsOnlyWhenArmed()
{
    add();
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->answers.isEmpty());
    arm();
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_desk->answers.size(), 1);
    QCOMPARE(m_desk->answers.first().answer.kind, Answer::Kind::Allow);
}

void tst_ApprovalsPage::theAnswerCarriesTheDigestOfWhatWasShown()
{
    const Approval approval = add();
    arm();
    QTest::mouseClick(allow(), Qt::LeftButton);
    QCOMPARE(m_desk->answers.size(), 1);
    const Answer &answer = m_desk->answers.first().answer;
    QVERIFY(m_desk->answers.first().call == approval.call->id);
    QCOMPARE(answer.kind, Answer::Kind::Allow);
    QCOMPARE(answer.argumentsDigest, sha256(approval.call->arguments.view()));
    QCOMPARE(answer.where, QStringLiteral("window"));
    // The same card answers once.
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClick(m_page.get(), Qt::Key_Escape);
    QCOMPARE(m_desk->answers.size(), 1);
}

void tst_ApprovalsPage::escapeDeniesAtOnce()
{
    const Approval approval = add();
    QTest::keyClick(the("approval.details"), Qt::Key_Escape);
    QCOMPARE(m_desk->answers.size(), 1);
    QCOMPARE(m_desk->answers.first().answer.kind, Answer::Kind::Deny);
    QCOMPARE(m_desk->answers.first().answer.argumentsDigest, approval.call->argumentsDigest);
    m_desk->end(approval.call->id, ApprovalEnd::Denied);
    QTest::keyClick(m_page.get(), Qt::Key_Escape);
    QCOMPARE(m_desk->answers.size(), 1);
}

void tst_ApprovalsPage::escapeFirstClosesTheFindBar()
{
    add();
    QVERIFY(m_page->openFind());
    QVERIFY(shown("approval.find"));
    QTest::keyClicks(the("approval.find"), QStringLiteral("cus_1"));
    QTest::keyClick(the("approval.find"), Qt::Key_Escape);
    QVERIFY(!shown("approval.find"));
    QVERIFY(m_desk->answers.isEmpty());
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Escape);
    QCOMPARE(m_desk->answers.size(), 1);
}

void tst_ApprovalsPage::denyAndTellSendsTheReason()
{
    add();
    QTest::keyClick(m_page.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    auto *reason = the<QLineEdit>("approval.reason");
    QVERIFY(reason->isVisible());
    QCOMPARE(QApplication::focusWidget(), reason);
    QTest::keyClick(reason, Qt::Key_Escape);
    QVERIFY(!reason->isVisible());
    QVERIFY(m_desk->answers.isEmpty());
    QTest::keyClick(m_page.get(), Qt::Key_R, Qt::ControlModifier | Qt::ShiftModifier);
    QTest::keyClicks(reason, QStringLiteral("wrong customer"));
    QTest::keyClick(reason, Qt::Key_Return);
    QCOMPARE(m_desk->answers.size(), 1);
    QCOMPARE(m_desk->answers.first().answer.kind, Answer::Kind::Deny);
    QCOMPARE(m_desk->answers.first().answer.reason, QStringLiteral("wrong customer"));
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

void tst_ApprovalsPage::theTypedWordMustMatchExactly()
{
    Options options;
    options.environment = QStringLiteral("production");
    options.typedWord = QStringLiteral("PRODUCTION");
    add(options);
    arm();
    QVERIFY(!allow()->isEnabled());
    auto *typed = the<QLineEdit>("approval.typed");
    QVERIFY(typed->isVisible());
    for (const char *wrong : {"production", "PRODUCTIO", "PRODUCTIONS", " PRODUCTION"}) {
        typed->clear();
        QTest::keyClicks(typed, QString::fromLatin1(wrong));
        QVERIFY2(!allow()->isEnabled(), wrong);
    }
    typed->clear();
    QTest::keyClicks(typed, QStringLiteral("PRODUCTION"));
    arm();
    QVERIFY(allow()->isEnabled());
    QTest::mouseClick(allow(), Qt::LeftButton);
    QCOMPARE(m_desk->answers.first().answer.typed, QStringLiteral("PRODUCTION"));
}

void tst_ApprovalsPage::theTypedWordCannotBePasted()
{
    Options options;
    options.typedWord = QStringLiteral("SANDBOX");
    add(options);
    auto *typed = the<QLineEdit>("approval.typed");
    QApplication::clipboard()->setText(QStringLiteral("SANDBOX"));
    QTest::keyClick(typed, Qt::Key_V, Qt::ControlModifier);
    QTest::keyClick(typed, Qt::Key_Insert, Qt::ShiftModifier);
    if (QApplication::clipboard()->supportsSelection())
        QApplication::clipboard()->setText(QStringLiteral("SANDBOX"), QClipboard::Selection);
    QTest::mouseClick(typed, Qt::MiddleButton);
    QCOMPARE(typed->text(), QString());
    QVERIFY(!typed->acceptDrops());
    QCOMPARE(typed->contextMenuPolicy(), Qt::NoContextMenu);
}

void tst_ApprovalsPage::enterInTheTypedFieldDoesNothing()
{
    Options options;
    options.typedWord = QStringLiteral("SANDBOX");
    add(options);
    QTest::keyClicks(the("approval.typed"), QStringLiteral("SANDBOX"));
    arm();
    QVERIFY(allow()->isEnabled());
    QTest::keyClick(the("approval.typed"), Qt::Key_Return);
    QVERIFY(m_desk->answers.isEmpty());
}

void tst_ApprovalsPage::aLockedEnvironmentBlocksAllow()
{
    Options options;
    options.environment = QStringLiteral("production");
    add(options);
    arm();
    QVERIFY(allow()->isEnabled());
    m_desk->lock({QStringLiteral("production")});
    QVERIFY(!allow()->isEnabled());
    QVERIFY(notes().contains(QStringLiteral("PRODUCTION is locked.")));
    m_desk->unlocks[{QStringLiteral("production")}] = m_clock->wall() + 1h;
    Q_EMIT m_desk->locksChanged();
    QVERIFY(!allow()->isEnabled()); // arms again
    arm();
    QVERIFY(allow()->isEnabled());
}

void tst_ApprovalsPage::aWithdrawnCallLosesItsButtonsAndSaysWhy()
{
    const Approval approval = add();
    arm();
    m_desk->end(approval.call->id, ApprovalEnd::Withdrawn);
    QVERIFY(!allow()->isVisible());
    QVERIFY(!allow()->isEnabled());
    QCOMPARE(state(), QStringLiteral("Claude Code no longer waits. Nothing was sent."));
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->answers.isEmpty());
}

void tst_ApprovalsPage::anExpiredCallSaysHowLongItWaited()
{
    const Approval approval = add();
    m_desk->end(approval.call->id, ApprovalEnd::Expired);
    QCOMPARE(state(), QStringLiteral("Nobody answered in 5 minutes. Nothing was sent."));
    QVERIFY(!allow()->isVisible());
}

void tst_ApprovalsPage::aRefusedAnswerKeepsTheCardAndSaysWhy()
{
    add();
    arm();
    m_desk->refusal = QStringLiteral("The key changed.");
    QTest::mouseClick(allow(), Qt::LeftButton);
    QVERIFY(allow()->isVisible());
    QVERIFY(!allow()->isEnabled());
    QVERIFY(notes().contains(QStringLiteral("The key changed.")));
    m_desk->refusal.clear();
    arm();
    QTest::mouseClick(allow(), Qt::LeftButton);
    QCOMPARE(m_desk->answers.size(), 2);
}

void tst_ApprovalsPage::theStateOfAnAllowedCallIsShownLive()
{
    const Approval approval = add();
    arm();
    QTest::mouseClick(allow(), Qt::LeftButton);
    QCOMPARE(QApplication::focusWidget(), the("approval.state"));
    m_desk->end(approval.call->id, ApprovalEnd::Allowed);
    Q_EMIT m_desk->callStateChanged(approval.call->id, Desk::CallState::Sending, {}, 0ms);
    QCOMPARE(state(), QStringLiteral("Sending to Stripe"));
    Q_EMIT m_desk->callStateChanged(approval.call->id, Desk::CallState::Waiting, {}, 0ms);
    QCOMPARE(state(), QStringLiteral("Waiting for Stripe 0:00"));
    m_clock->advance(3s);
    QCOMPARE(state(), QStringLiteral("Waiting for Stripe 0:03"));
    Q_EMIT m_desk->callStateChanged(approval.call->id, Desk::CallState::Failed, QStringLiteral("No such <b>customer</b>"), 412ms);
    QCOMPARE(state(), QStringLiteral("Failed: “No such <b>customer</b>”"));
    Q_EMIT m_desk->callStateChanged(approval.call->id, Desk::CallState::Done, {}, 412ms);
    QCOMPARE(state(), QStringLiteral("Done in 412 ms"));
    QVERIFY(summary().contains(QStringLiteral("create_refund")));
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

void tst_ApprovalsPage::changedContentIsSaidAndArmedAgain()
{
    Approval approval = add();
    arm();
    QVERIFY(allow()->isEnabled());
    auto changed = std::make_shared<ToolCall>(*approval.call);
    changed->arguments = RawJson(QByteArrayLiteral("{\"amount\":1}"));
    changed->argumentsDigest = sha256(changed->arguments.view());
    approval.call = changed;
    Q_EMIT m_desk->approvalChanged(approval);
    QVERIFY(!allow()->isEnabled());
    QVERIFY(notes().contains(QStringLiteral("changed while you looked")));
    arm();
    QTest::mouseClick(allow(), Qt::LeftButton);
    QCOMPARE(m_desk->answers.first().answer.argumentsDigest, changed->argumentsDigest);
}

void tst_ApprovalsPage::readingStopsTheClock()
{
    Approval approval = add();
    QCOMPARE(the<QLabel>("approval.clock")->text(), QStringLiteral("5:00 to decide, then denied"));
    m_clock->advance(48s);
    QCOMPARE(the<QLabel>("approval.clock")->text(), QStringLiteral("4:12 to decide, then denied"));
    QTest::keyClick(the("approval.details"), Qt::Key_Down);
    QCOMPARE(m_desk->readings.size(), 1);
    QVERIFY(m_desk->readings.first().second);
    m_clock->advance(30s);
    QCOMPARE(the<QLabel>("approval.clock")->text(), QStringLiteral("4:12, stopped while you read"));
    the("approvals.queue")->setFocus();
    QCOMPARE(m_desk->readings.size(), 2);
    QVERIFY(!m_desk->readings.last().second);
    approval.deadline += 30s;
    Q_EMIT m_desk->approvalChanged(approval);
    QCOMPARE(the<QLabel>("approval.clock")->text(), QStringLiteral("4:12 to decide, then denied"));
}

void tst_ApprovalsPage::aPointerThatRestsWhereTheCardAppearsDoesNotRead()
{
    QTest::mouseMove(m_page.get(), QPoint(700, 300));
    QCoreApplication::processEvents();
    add();
    QCoreApplication::processEvents();
    m_clock->advance(3s);
    QVERIFY(m_desk->readings.isEmpty());
    QTest::mouseMove(m_page.get(), QPoint(710, 310));
    QCoreApplication::processEvents();
    m_clock->advance(1s);
    QCOMPARE(m_desk->readings.size(), 1);
    QTest::mouseMove(m_page.get(), QPoint(5, 200));
    QCoreApplication::processEvents();
    m_clock->advance(1s);
    QCOMPARE(m_desk->readings.size(), 2);
}

void tst_ApprovalsPage::readingEndsWhenTheCardIsHidden()
{
    add();
    QTest::keyClick(the("approval.details"), Qt::Key_Down);
    m_page->hide();
    QCOMPARE(m_desk->readings.size(), 2);
    QVERIFY(!m_desk->readings.last().second);
}

void tst_ApprovalsPage::destructiveInProductionMustBeScrolledToTheEnd()
{
    Options options;
    options.environment = QStringLiteral("production");
    options.toolClass = ToolClass::Destructive;
    add(options);
    arm();
    QVERIFY(allow()->isEnabled()); // it fits
    QByteArray many = "{\"list\":[0";
    for (int i = 1; i < 300; ++i)
        many += ',' + QByteArray::number(i);
    options.arguments = many + "]}";
    QVERIFY(m_page->openCall(add(options).call->id));
    arm();
    QVERIFY(!allow()->isEnabled());
    QCOMPARE(allow()->accessibleDescription(), QStringLiteral("Scroll to the end of the fields first."));
    QTest::keyClick(the("approval.details"), Qt::Key_End);
    arm();
    QVERIFY(allow()->isEnabled());
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

void tst_ApprovalsPage::aStrangerAtTheBridgeIsNamed()
{
    Options options;
    options.peer = {Peer::Way::Bridge, 77, QStringLiteral("/usr/bin/bash"), true};
    add(options);
    QVERIFY(notes().contains(QStringLiteral("bash asks as Claude Code.")));
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

void tst_ApprovalsPage::aMebibyteOnOneLineIsShownWhole()
{
    Options options;
    options.arguments = "{\"text\":\"" + QByteArray(1 << 20, 'x') + "\"}";
    add(options);
    const auto *fields = the<FieldsView>("approval.details");
    QCOMPARE(fields->fields().first().value.size(), 1 << 20);
    QVERIFY(fields->isFolded(0));
    the<QTabBar>("approval.tabs")->setCurrentIndex(1);
    const auto *exact = the<BytesView>("approval.exact");
    QVERIFY(exact->isVisible());
    QCOMPARE(exact->bytes(), options.arguments);
    QVERIFY(exact->rows() > 200);
    m_page->grab();
}

void tst_ApprovalsPage::theFocusIsOnTheDetailsAndNothingIsADefault()
{
    QVERIFY(m_page->openCall(add().call->id));
    QCOMPARE(QApplication::focusWidget(), the("approval.details"));
    Options other;
    QVERIFY(m_page->openCall(add(other).call->id));
    QCOMPARE(QApplication::focusWidget(), the("approval.details"));
}

void tst_ApprovalsPage::tabWalksFromDetailsToAllow()
{
    m_page->openCall(add().call->id);
    arm();
    QStringList names;
    QWidget *at = QApplication::focusWidget();
    for (int i = 0; i < 12 && at; ++i) {
        names.append(at->objectName());
        if (at == allow())
            break;
        QTest::keyClick(at, Qt::Key_Tab);
        at = QApplication::focusWidget();
    }
    names.removeAll(QString());
    QCOMPARE(names, QStringList({QStringLiteral("approval.details"), QStringLiteral("approval.tabs"), QStringLiteral("approval.deny"),
                                 QStringLiteral("approval.deny.menu"), QStringLiteral("approval.allow")}));
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

COUNTERSIGN_TEST(tst_ApprovalsPage)
#include "tst_ApprovalsPage.moc"
