// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/TestLog.h"
#include "support/FakeDesk.h"
#include "support/Runner.h"
#include "support/Shots.h"
#include "ui/QuestionSamples.h"
#include "ui/activity/ActivityPage.h"
#include "ui/approvals/ApprovalsPage.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/ThemeSource.h"
#include <QApplication>
#include <QLineEdit>
#include <QScrollArea>
#include <QTabBar>
#include <QTableView>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;

// Pictures of the pages in the window, to be looked at beside the design's: COUNTERSIGN_SHOTS=DIR tests_ui_pages tst_ApprovalShots.
class tst_ApprovalShots : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void shoot_data() { Shots::addThemes(); }
    void shoot();
    void shootQuestions_data() { shoot_data(); }
    void shootQuestions();

private:
    struct Scene {
        TestLog log;
        FakeDesk desk{log.clock};
        ThemeSource themes;
        SecondTicker ticker{log.clock};
        MainWindow window{desk, themes.theme(), log.clock, ticker};
        ApprovalsPage *approvals = nullptr;
        ActivityPage *activity = nullptr;

        explicit Scene(ThemeSource::Choice choice) : themes(choice) { desk.path = log.path(); }
        void addPages()
        {
            approvals = new ApprovalsPage(desk, themes.theme(), log.clock, ticker);
            activity = new ActivityPage(desk, themes.theme(), log.clock);
            window.addPage(approvals);
            window.addPage(activity);
            window.resize(1180, 730);
            window.show();
            QTest::qWait(200);
        }
        template <typename Widget = QWidget> Widget *the(const char *name) { return window.findChild<Widget *>(QString::fromLatin1(name)); }
        Approval add(const QString &client, const QString &label, const QString &environment, const QString &tool,
                     const QByteArray &arguments, ToolClass toolClass, const QString &typed = {})
        {
            Approval approval = desk.sampleApproval(environment, tool);
            auto call = std::make_shared<ToolCall>(*approval.call);
            call->client = {client};
            call->clientLabel = label;
            call->peer = {Peer::Way::Bridge, 48121, QStringLiteral("/usr/bin/") + client, false};
            call->toolClass = toolClass;
            call->arguments = RawJson(arguments);
            call->argumentsDigest = sha256(call->arguments.view());
            call->toolDefinition =
                RawJson(QByteArrayLiteral("{\"name\":\"create_refund\",\"description\":\"Creates a refund for a payment.\"}"));
            approval.call = call;
            approval.typedWord = typed;
            approval.verdict = {
                typed.isEmpty() ? Effect::Ask : Effect::AskTyped, QStringLiteral("Moving money in production needs you."), {}};
            log.clock.advance(13s);
            approval.deadline = log.clock.wall() + 5min;
            desk.add(approval);
            return approval;
        }
    };
    static void fillLog(TestLog &log);
};

void tst_ApprovalShots::fillLog(TestLog &log)
{
    QVERIFY(log.open());
    for (int i = 0; i < 25; ++i) {
        const QString tool = i % 3 == 0   ? QStringLiteral("list_customers")
                             : i % 3 == 1 ? QStringLiteral("create_refund")
                                          : QStringLiteral("update_gate");
        auto call = std::make_shared<ToolCall>(*log.call("{\"passport_id\":\"ppt_8sKd2Qv\",\"reason\":\"agent retired\"}", tool));
        const EnvironmentKind kinds[] = {EnvironmentKind::Production, EnvironmentKind::Staging, EnvironmentKind::Sandbox};
        call->environmentKind = kinds[i % 3];
        call->environment = {mcpcore::toText(kinds[i % 3])};
        log.clock.advance(7s);
        log.log->append({LogRow::Kind::Received, call, {}, {}});
        if (i == 24)
            break;
        log.clock.advance(2s);
        Decision decision = TestLog::allowed();
        decision.by = i % 4 == 0 ? Decision::By::Rule : Decision::By::Person;
        std::optional<bool> sent;
        log.log->authorise(call, decision, {&log.guard, [&](auto approved) { sent = approved.has_value(); }});
        QVERIFY(QTest::qWaitFor([&] { return sent.has_value(); }));
        log.clock.advance(412ms);
        const CallOutcome::Kind kind = i == 22      ? CallOutcome::Kind::Unknown
                                       : i % 7 == 5 ? CallOutcome::Kind::Failed
                                                    : CallOutcome::Kind::Succeeded;
        log.log->finish(call,
                        {kind, kind == CallOutcome::Kind::Failed ? QStringLiteral("409") : QString(), 812, QByteArray(32, 'r'), 412ms}, {});
    }
    QVERIFY(log.settle());
}

void tst_ApprovalShots::shoot()
{
    Scene scene{Shots::choice()};
    fillLog(scene.log);
    scene.addPages();
    Shots::save(scene.window, QStringLiteral("empty-approvals"));

    scene.desk.space.activeEnvironment = {QStringLiteral("production")};
    scene.desk.unlocks[{QStringLiteral("production")}] = scene.log.clock.wall() + 12min;
    scene.desk.space.keys.append({{QStringLiteral("k")},
                                  {QStringLiteral("stripe")},
                                  {QStringLiteral("production")},
                                  {},
                                  QStringLiteral("Acme Inc"),
                                  {},
                                  QStringLiteral("rk_live_"),
                                  QStringLiteral("7Qm2"),
                                  {},
                                  {}});
    Q_EMIT scene.desk.workspaceChanged();
    Q_EMIT scene.desk.locksChanged();
    const QString claude = QStringLiteral("Claude Code");
    const QByteArray refund =
        "{\"parameters\":{\"amount\":5000,\"currency\":\"usd\",\"customer\":\"cus_NffrFeUfNV2Hib\",\"origin\":\"customer_balance\"},"
        "\"livemode\":true,\"human_confirmation\":{\"approval_token\":\"user said ok\"},\"note\":\"first line\\nsecond\\u200b line\"}";
    scene.add(QStringLiteral("claude-code"), claude, QStringLiteral("production"), QStringLiteral("create_refund"), refund,
              ToolClass::Money, QStringLiteral("PRODUCTION"));
    scene.add(QStringLiteral("claude-code"), claude, QStringLiteral("production"), QStringLiteral("replace_gate"),
              "{\"gate\":\"checkout_v2\"}", ToolClass::Destructive);
    scene.add(QStringLiteral("cursor"), QStringLiteral("Cursor"), QStringLiteral("staging"), QStringLiteral("publish_plan"),
              "{\"plan\":\"plan-pro-2026\"}", ToolClass::Change);
    const Approval code = scene.add(QStringLiteral("cursor"), QStringLiteral("Cursor"), QStringLiteral("staging"),
                                    QStringLiteral("execute"), "{\"code\":\"1\\n2\"}", ToolClass::Unknown);
    const Approval product =
        scene.add(QStringLiteral("codex"), QStringLiteral("Codex"), QStringLiteral("sandbox"),
                  QStringLiteral("create_product_with_a_long_name_indeed"), "{\"name\":\"Team plan (annual)\"}", ToolClass::Write);
    const Approval passport = scene.add(QStringLiteral("codex"), QStringLiteral("Codex"), QStringLiteral("production"),
                                        QStringLiteral("revoke_passport"), "{}", ToolClass::Destructive);
    const Approval invoice = scene.add(QStringLiteral("codex"), QStringLiteral("Codex"), QStringLiteral("staging"),
                                       QStringLiteral("finalize_invoice"), "{}", ToolClass::Change);
    for (const Approval &approval : {passport, invoice})
        scene.desk.end(approval.call->id, ApprovalEnd::Allowed);
    Q_EMIT scene.desk.callStateChanged(passport.call->id, Desk::CallState::OutcomeUnknown, {}, {});
    Q_EMIT scene.desk.callStateChanged(invoice.call->id, Desk::CallState::Done, {}, 412ms);
    scene.the<QLineEdit>("approval.typed")->setFocus();
    QTest::keyClicks(scene.the("approval.typed"), QStringLiteral("PRODUC"));
    Shots::save(scene.window, QStringLiteral("approvals"));

    scene.approvals->openCall(code.call->id);
    scene.log.clock.advance(400ms);
    Shots::save(scene.window, QStringLiteral("card-staging"));
    scene.approvals->openCall(product.call->id);
    QTest::qWait(50);
    scene.log.clock.advance(2s);
    Shots::save(scene.window, QStringLiteral("card-sandbox"));
    scene.the<QTabBar>("approval.tabs")->setCurrentIndex(1);
    Shots::save(scene.window, QStringLiteral("card-bytes"));
    scene.the<QTabBar>("approval.tabs")->setCurrentIndex(3);
    Shots::save(scene.window, QStringLiteral("card-why"));
    scene.desk.end(product.call->id, ApprovalEnd::Withdrawn);
    Shots::save(scene.window, QStringLiteral("card-withdrawn"));
    QTest::mouseClick(scene.the("approval.next"), Qt::LeftButton);
    scene.approvals->openCall(code.call->id);
    scene.desk.end(code.call->id, ApprovalEnd::Allowed);
    Q_EMIT scene.desk.callStateChanged(code.call->id, Desk::CallState::OutcomeUnknown, {}, {});
    Shots::save(scene.window, QStringLiteral("card-unknown"));

    scene.window.showPage(QStringLiteral("activity"));
    scene.the<QTableView>("activity.table")->selectRow(2);
    Shots::save(scene.window, QStringLiteral("activity"));
    scene.activity->leave();
    scene.window.resize(900, 600);
    Shots::save(scene.window, QStringLiteral("activity-small"));
    scene.window.showPage(QStringLiteral("approvals"));
    Shots::save(scene.window, QStringLiteral("approvals-small"));
}

void tst_ApprovalShots::shootQuestions()
{
    Scene scene{Shots::choice()};
    fillLog(scene.log);
    scene.addPages();
    const auto save = [&](const char *name) {
        QTest::qWait(100);
        scene.log.clock.advance(2s); // armed
        Shots::save(scene.window, QLatin1String(name));
    };
    scene.desk.space.activeEnvironment = {QStringLiteral("production")};
    scene.desk.space.keys.append({{QStringLiteral("k")},
                                  {QStringLiteral("stack")},
                                  {QStringLiteral("production")},
                                  {},
                                  QStringLiteral("Acme operator"),
                                  {},
                                  QStringLiteral("sk_live_op_"),
                                  QStringLiteral("3HxA"),
                                  {},
                                  {}});
    Q_EMIT scene.desk.workspaceChanged();
    const Question first = samples::revocation(scene.desk);
    scene.desk.add(first);
    scene.add(QStringLiteral("codex"), QStringLiteral("Codex"), QStringLiteral("sandbox"), QStringLiteral("create_product"),
              "{\"name\":\"Team plan\"}", ToolClass::Write);
    const Question all = samples::everything(scene.desk);
    scene.desk.add(all);
    Question page = samples::page(scene.desk,
                                  QStringLiteral("https://xn--80ak6aa92e.com:8443/orders/confirm?return=https%3A%2F%2Fstripe.com%2Fpay&"
                                                 "state=0f3c9d1a77b24c1e9d0b5a6f8e7d6c5b4a39281706f5e4d3c2b1a0ffeeddccbb#step-2"),
                                  QStringLiteral("xn--80ak6aa92e.com"));
    page.message = QStringLiteral("Sign the order on our page.\nIt is yours\u200b alone.");
    scene.desk.add(page);
    Question refused = samples::page(scene.desk, QStringLiteral("http://pay.example/now"), {});
    refused.problem = QStringLiteral("The address does not begin with https. Only such pages are opened.");
    scene.desk.add(refused);
    save("ask-secret");
    scene.the("ask.field.reason")->setFocus(Qt::TabFocusReason);
    save("ask-focus");
    scene.approvals->openCall(all.id);
    save("ask-fields");
    QTest::mouseClick(scene.the("ask.field.scopes.1"), Qt::LeftButton, {}, QPoint(5, 5));
    scene.the("ask.field.scopes.2")->setFocus(Qt::TabFocusReason);
    scene.the<QScrollArea>("ask.body")->ensureWidgetVisible(scene.the("ask.field.scopes.2"));
    save("ask-fields-end");
    scene.approvals->openCall(page.id);
    save("ask-page");
    scene.approvals->openCall(refused.id);
    save("ask-refused");
    scene.desk.end(refused.id, QuestionEnd::Expired);
    save("ask-expired");
    scene.approvals->openCall(first.id);
    scene.desk.refusal = QStringLiteral("The reason is longer than 200 characters.");
    QTest::qWait(50);
    scene.log.clock.advance(2s);
    QTest::mouseClick(scene.the("ask.answer"), Qt::LeftButton);
    scene.window.resize(900, 600);
    save("ask-small");
}

COUNTERSIGN_TEST(tst_ApprovalShots)
#include "tst_ApprovalShots.moc"
