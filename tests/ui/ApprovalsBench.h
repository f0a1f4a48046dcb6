// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "support/FakeDesk.h"
#include "ui/approvals/ApprovalsPage.h"
#include "ui/approvals/CardNotes.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Countdown.h"
#include <QLabel>
#include <QTest>

// The approvals page with a desk of plain data and a clock that the test moves; made anew for each test function.
class ApprovalsBench : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init()
    {
        m_clock = std::make_unique<FakeClock>();
        m_desk = std::make_unique<FakeDesk>(*m_clock);
        m_desk->unlocks[{QStringLiteral("production")}] = m_clock->wall() + std::chrono::hours(1);
        m_ticker = std::make_unique<ui::SecondTicker>(*m_clock);
        m_page = std::make_unique<ui::ApprovalsPage>(*m_desk, m_theme, *m_clock, *m_ticker);
        m_page->resize(980, 680);
        m_page->show();
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    }
    void cleanup()
    {
        m_page.reset();
        m_ticker.reset();
        m_desk.reset();
        m_clock.reset();
    }

protected:
    struct Options {
        QString environment = QStringLiteral("sandbox");
        QByteArray arguments = "{\"customer\":\"cus_1\",\"amount\":5000}";
        mcpcore::ToolClass toolClass = mcpcore::ToolClass::Unknown;
        QString client = QStringLiteral("claude-code");
        QString typedWord;
        QString tool = QStringLiteral("create_refund");
        mcpcore::Peer peer{mcpcore::Peer::Way::Bridge, 48121, QStringLiteral("/usr/bin/claude"), false};
    };
    mcpcore::Approval make(const Options &options)
    {
        mcpcore::Approval approval = m_desk->sampleApproval(options.environment, options.tool);
        auto call = std::make_shared<mcpcore::ToolCall>(*approval.call);
        call->client = {options.client};
        call->clientLabel = options.client == QLatin1String("claude-code") ? QStringLiteral("Claude Code") : options.client;
        call->peer = options.peer;
        call->toolClass = options.toolClass;
        call->arguments = mcpcore::RawJson(options.arguments);
        call->argumentsDigest = mcpcore::sha256(call->arguments.view());
        call->toolDefinition = mcpcore::RawJson(QByteArrayLiteral("{\"name\":\"create_refund\",\"description\":\"Creates a refund\"}"));
        approval.call = call;
        approval.typedWord = options.typedWord;
        approval.verdict = {options.typedWord.isEmpty() ? mcpcore::Effect::Ask : mcpcore::Effect::AskTyped,
                            QStringLiteral("What the tool does is not known."),
                            {}};
        return approval;
    }
    mcpcore::Approval make() { return make(Options()); }
    mcpcore::Approval add(const Options &options)
    {
        const mcpcore::Approval approval = make(options);
        m_desk->add(approval);
        return approval;
    }
    mcpcore::Approval add() { return add(Options()); }
    // A call in production with a key that ends after `left` (0 = not by itself).
    void addWithKey(const std::optional<mcpcore::KeyVerification> &said, std::chrono::hours left)
    {
        mcpcore::KeyRecord key;
        key.id = {QStringLiteral("key-1")};
        key.connection = {QStringLiteral("stripe")};
        key.environment = {QStringLiteral("production")};
        key.label = QStringLiteral("mine");
        key.prefix = QStringLiteral("rk_live_");
        key.lastFour = QStringLiteral("7Qm2");
        key.verified = said;
        key.expires = left.count() > 0 ? m_clock->wall() + left - std::chrono::minutes(1) : std::chrono::milliseconds(0);
        m_desk->space.keys = {key};
        Options options;
        options.environment = QStringLiteral("production");
        mcpcore::Approval approval = make(options);
        auto call = std::make_shared<mcpcore::ToolCall>(*approval.call);
        call->key = key.id;
        approval.call = call;
        m_desk->add(approval);
    }
    template <typename Widget = QWidget> Widget *the(const char *name) const
    {
        return m_page->findChild<Widget *>(QString::fromLatin1(name));
    }
    bool shown(const char *name) const { return the(name)->isVisible(); }
    QString summary() const { return the<QLabel>("approval.summary")->text(); }
    QString state() const { return the<QLabel>("approval.state")->text(); }
    ui::ArmedButton *allow() const { return the<ui::ArmedButton>("approval.allow"); }
    void arm()
    {
        QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
        QCoreApplication::processEvents(); // layouts settle: a moved button arms again
        m_clock->advance(std::chrono::milliseconds(2500));
    }
    QString notes() const { return the<ui::CardNotes>("approval.notes")->text(); }

    std::unique_ptr<FakeClock> m_clock;
    std::unique_ptr<FakeDesk> m_desk;
    std::unique_ptr<ui::SecondTicker> m_ticker;
    ui::Theme m_theme;
    std::unique_ptr<ui::ApprovalsPage> m_page;
};
