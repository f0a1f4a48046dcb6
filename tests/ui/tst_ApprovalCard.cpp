// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/ApprovalsBench.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/Env.h"
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

// One card: what it lets through, what it says, what stops its clock.
class tst_ApprovalCard : public ApprovalsBench
{
    Q_OBJECT
private Q_SLOTS:
    void enterNeverAllows();
    void allowIsDisabledForASecondAndAfterNewContent();
    void aUserNamedEnvironmentHasTheLookOfItsKindAndItsOwnWord_data();
    void aUserNamedEnvironmentHasTheLookOfItsKindAndItsOwnWord();
    void moneyInProductionArmsForTwoSeconds();
    void spaceOnAnUnarmedAllowDoesNothing();
    void theChordAllowsOnlyWhenArmed();
    void theAnswerCarriesTheDigestOfWhatWasShown();
    void escapeDeniesAtOnce();
    void escapeFirstClosesTheFindBar();
    void denyAndTellSendsTheReason();
    void theTypedWordMustMatchExactly();
    void theTypedWordCannotBePasted();
    void enterInTheTypedFieldDoesNothing();
    void aLockedEnvironmentBlocksAllow();
    void aWithdrawnCallLosesItsButtonsAndSaysWhy();
    void anExpiredCallSaysHowLongItWaited();
    void aRefusedAnswerKeepsTheCardAndSaysWhy();
    void theStateOfAnAllowedCallIsShownLive();
    void changedContentIsSaidAndArmedAgain();
    void readingStopsTheClock();
    void aPointerThatRestsWhereTheCardAppearsDoesNotRead();
    void readingEndsWhenTheCardIsHidden();
    void destructiveInProductionMustBeScrolledToTheEnd();
    void theCardSaysWhatIsKnownOfTheKey_data();
    void theCardSaysWhatIsKnownOfTheKey();
    void aStrangerAtTheBridgeIsNamed();
    void aMebibyteOnOneLineIsShownWhole();
    void tabWalksFromDetailsToAllow();
};

void tst_ApprovalCard::enterNeverAllows()
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

void tst_ApprovalCard::allowIsDisabledForASecondAndAfterNewContent()
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

void tst_ApprovalCard::moneyInProductionArmsForTwoSeconds()
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

void tst_ApprovalCard::aUserNamedEnvironmentHasTheLookOfItsKindAndItsOwnWord_data()
{
    QTest::addColumn<EnvironmentKind>("kind");
    QTest::addColumn<ui::EnvLook>("look");
    QTest::newRow("sandbox") << EnvironmentKind::Sandbox << ui::EnvLook::Sandbox;
    QTest::newRow("staging") << EnvironmentKind::Staging << ui::EnvLook::Staging;
    QTest::newRow("production") << EnvironmentKind::Production << ui::EnvLook::Production;
}

void tst_ApprovalCard::aUserNamedEnvironmentHasTheLookOfItsKindAndItsOwnWord()
{
    QFETCH(EnvironmentKind, kind);
    QFETCH(ui::EnvLook, look);
    m_desk->space.environments.append({{QStringLiteral("eu-west")}, kind});
    m_desk->unlocks[{QStringLiteral("eu-west")}] = m_clock->wall() + std::chrono::hours(1);
    Options options;
    options.environment = QStringLiteral("eu-west");
    add(options);
    const auto *banner = m_page->findChild<ui::EnvBanner *>(QStringLiteral("approval.banner"));
    QVERIFY(banner);
    QCOMPARE(banner->look(), look);
    QVERIFY2(banner->accessibleName().startsWith(QStringLiteral("Environment EU-WEST")), qPrintable(banner->accessibleName()));
    QCOMPARE(allow()->accessibleName(), QStringLiteral("Allow in EU-WEST"));
}

void tst_ApprovalCard::spaceOnAnUnarmedAllowDoesNothing()
{
    add();
    QTest::keyClick(allow(), Qt::Key_Space);
    QVERIFY(m_desk->answers.isEmpty());
    arm();
    allow()->setFocus();
    QTest::keyClick(allow(), Qt::Key_Space);
    QCOMPARE(m_desk->answers.size(), 1);
}

void tst_ApprovalCard::theChordAllowsOnlyWhenArmed()
{
    add();
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->answers.isEmpty());
    arm();
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(m_desk->answers.size(), 1);
    QCOMPARE(m_desk->answers.first().answer.kind, Answer::Kind::Allow);
}

void tst_ApprovalCard::theAnswerCarriesTheDigestOfWhatWasShown()
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

void tst_ApprovalCard::escapeDeniesAtOnce()
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

void tst_ApprovalCard::escapeFirstClosesTheFindBar()
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

void tst_ApprovalCard::denyAndTellSendsTheReason()
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

void tst_ApprovalCard::theTypedWordMustMatchExactly()
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

void tst_ApprovalCard::theTypedWordCannotBePasted()
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

void tst_ApprovalCard::enterInTheTypedFieldDoesNothing()
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

void tst_ApprovalCard::aLockedEnvironmentBlocksAllow()
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

void tst_ApprovalCard::aWithdrawnCallLosesItsButtonsAndSaysWhy()
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

void tst_ApprovalCard::anExpiredCallSaysHowLongItWaited()
{
    const Approval approval = add();
    m_desk->end(approval.call->id, ApprovalEnd::Expired);
    QCOMPARE(state(), QStringLiteral("Nobody answered in 5 minutes. Nothing was sent."));
    QVERIFY(!allow()->isVisible());
}

void tst_ApprovalCard::aRefusedAnswerKeepsTheCardAndSaysWhy()
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

void tst_ApprovalCard::theStateOfAnAllowedCallIsShownLive()
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

void tst_ApprovalCard::changedContentIsSaidAndArmedAgain()
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

void tst_ApprovalCard::readingStopsTheClock()
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

void tst_ApprovalCard::aPointerThatRestsWhereTheCardAppearsDoesNotRead()
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

void tst_ApprovalCard::readingEndsWhenTheCardIsHidden()
{
    add();
    QTest::keyClick(the("approval.details"), Qt::Key_Down);
    m_page->hide();
    QCOMPARE(m_desk->readings.size(), 2);
    QVERIFY(!m_desk->readings.last().second);
}

void tst_ApprovalCard::destructiveInProductionMustBeScrolledToTheEnd()
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

void tst_ApprovalCard::theCardSaysWhatIsKnownOfTheKey_data()
{
    using Said = std::optional<mcpcore::KeyVerification>;
    const auto live = [](const QString &account, const QString &name) {
        return Said({{}, mcpcore::KeyVerification::Mode::Live, account, name, {}});
    };
    QTest::addColumn<Said>("said");
    QTest::addColumn<std::chrono::hours>("left");
    QTest::addColumn<QString>("banner");
    QTest::addColumn<QString>("note");
    QTest::newRow("the vendor was not asked") << Said() << 0h << QStringLiteral("account mine, key rk_live_")
                                              << QStringLiteral("This key was never verified.");
    QTest::newRow("the vendor told the account")
        << live(QStringLiteral("acct_1"), {}) << 0h << QStringLiteral("account acct_1, key") << QString();
    QTest::newRow("the vendor told its name") << live(QStringLiteral("acct_1"), QStringLiteral("Acme") + QChar(0x202e)) << 0h
                                              << QStringLiteral("account Acme") << QString();
    QTest::newRow("it ends soon") << live({}, {}) << 1h << QStringLiteral("account mine") << QStringLiteral("The key ends by itself at");
    QTest::newRow("it ends tomorrow") << live({}, {}) << 25h << QStringLiteral("account mine") << QString();
}

void tst_ApprovalCard::theCardSaysWhatIsKnownOfTheKey()
{
    QFETCH(std::optional<mcpcore::KeyVerification>, said);
    QFETCH(std::chrono::hours, left);
    QFETCH(QString, banner);
    QFETCH(QString, note);
    addWithKey(said, left);
    const QString name = the<EnvBanner>("approval.banner")->accessibleName();
    QVERIFY2(name.contains(banner) && !name.contains(QChar(0x202e)), qPrintable(name));
    QVERIFY2(note.isEmpty() ? notes().isEmpty() : notes().contains(note), qPrintable(notes()));
}

void tst_ApprovalCard::aStrangerAtTheBridgeIsNamed()
{
    Options options;
    options.peer = {Peer::Way::Bridge, 77, QStringLiteral("/usr/bin/bash"), true};
    add(options);
    QVERIFY(notes().contains(QStringLiteral("bash asks as Claude Code.")));
}

void tst_ApprovalCard::aMebibyteOnOneLineIsShownWhole()
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

void tst_ApprovalCard::tabWalksFromDetailsToAllow()
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

COUNTERSIGN_TEST(tst_ApprovalCard)
#include "tst_ApprovalCard.moc"
