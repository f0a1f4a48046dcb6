// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientsBench.h"
#include "support/Runner.h"
#include "ui/clients/ClientDetail.h"
#include "ui/clients/SnippetPanel.h"
#include "ui/widgets/DiffView.h"
#include "ui/widgets/Note.h"
#include <QAbstractButton>
#include <QClipboard>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QTest>

using namespace ui;
using mcpcore::ClientId;
using mcpcore::EnvironmentId;
using mcpcore::Secret;
using Act = Desk::ClientAct;

namespace {

struct Bench : ClientsBench {
    explicit Bench(const char *id) : m_id(id) {}
    ClientText::Known known()
    {
        ClientText::Known known{desk.space, &kind(m_id), nullptr, clock.wall()};
        for (const ClientSight &client : desk.clientsSeen.clients)
            if (client.id.text == QLatin1String(m_id))
                known.client = &client;
        return known;
    }
    void show(QWidget &widget)
    {
        widget.resize(700, 640);
        widget.show();
        QVERIFY(QTest::qWaitForWindowActive(&widget));
    }
    static QStringList texts(const QWidget &widget)
    {
        QStringList texts;
        for (const QLabel *label : widget.findChildren<QLabel *>())
            if (label->isVisible())
                texts.append(label->text());
        return texts;
    }
    static void click(QWidget &widget, const char *name)
    {
        const auto found = widget.findChildren<QAbstractButton *>(QLatin1String(name));
        QVERIFY2(!found.isEmpty() && found.last()->isVisible() && found.last()->isEnabled(), name);
        QTest::mouseClick(found.last(), Qt::LeftButton);
    }
    Theme theme;

private:
    const char *m_id;
};

struct DetailBench : Bench {
    explicit DetailBench(const char *id) : Bench(id) {}
    void open()
    {
        show(detail);
        detail.open(known());
    }
    QStringList texts() { return Bench::texts(detail); }
    void click(const char *name) { Bench::click(detail, name); }
    ClientDetail detail{desk, theme, clock, nullptr};
    QSignalSpy said{&detail, &ClientDetail::said}, changed{&detail, &ClientDetail::changed};
};

struct SnippetBench : Bench {
    SnippetBench() : Bench("other") {}
    void open()
    {
        show(panel);
        panel.open(known(), SnippetPanel::From::List);
    }
    void click(const char *name) { Bench::click(panel, name); }
    QString shown()
    {
        QStringList lines;
        for (const DiffView::Line &line : panel.findChild<DiffView *>()->lines())
            lines.append(line.text);
        return lines.join(QLatin1Char('\n'));
    }
    SnippetPanel panel{desk, theme, clock, nullptr};
    QSignalSpy made{&panel, &SnippetPanel::made}, said{&panel, &SnippetPanel::said};
};

} // namespace

class tst_ClientDetail : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void cleanup() { QGuiApplication::clipboard()->clear(); }

    void theFactsOfAClientAreThere()
    {
        DetailBench bench("cursor");
        bench.desk.space.connections.append({{QStringLiteral("acme")}, {}, {EnvironmentId{QStringLiteral("staging")}}, {}, {}});
        bench.open();
        for (const char *fact :
             {"40 of 80", "1 session", "acme", "~/.cursor/mcp.json", "Bridge, entry countersign, as we wrote it", "/usr/bin/cursor"})
            QVERIFY2(bench.texts().contains(QLatin1String(fact)), fact);
        QVERIFY(bench.texts().filter(QStringLiteral("version 2.1.328")).size() == 1);
    }
    void oneThatWasNotSeenYetHasToStartAgain()
    {
        DetailBench bench("cursor");
        bench.client("cursor").seen.reset();
        bench.client("cursor").sessions = 0;
        bench.open();
        QVERIFY(bench.texts().contains(QStringLiteral("Cursor reads it at its next start.")));
    }
    void aWipedEntryIsShownWithWhatARepairWrites()
    {
        DetailBench bench("claude-desktop");
        bench.open();
        QCOMPARE(bench.desk.previewed.last().id, QStringLiteral("claude-desktop"));
        QCOMPARE(bench.desk.previewed.last().file, Bench::home(".config/Claude/claude_desktop_config.json"));
        QVERIFY(bench.detail.findChild<DiffView *>()->isVisible());
        bench.click("clients.repair");
        QCOMPARE(bench.desk.clientsEdited.last(),
                 (FakeDesk::ClientEdited{Act::Repair, ClientId{QStringLiteral("claude-desktop")}, bench.desk.previewed.last().file}));
        QCOMPARE(bench.changed.size(), 1);
        bench.kind("claude-desktop").files[0].entry = ClientFile::Entry::Ours;
        bench.detail.open(bench.known());
        QVERIFY(!bench.detail.findChild<DiffView *>()->isVisible());
    }
    void aStrangerWaitsToBeAccepted()
    {
        DetailBench bench("codex");
        bench.client("codex").stranger = QStringLiteral("/usr/bin/bash");
        bench.open();
        QVERIFY(!bench.texts().filter(QStringLiteral("/usr/bin/bash asks as Codex.")).isEmpty());
        QVERIFY(bench.desk.clientsAccepted.isEmpty());
        bench.click("clients.accept");
        QVERIFY(bench.desk.clientsAccepted.isEmpty()); // a deliberate act, and of the program that was shown
        bench.client("codex").stranger = QStringLiteral("/tmp/other");
        bench.detail.open(bench.known());
        auto *confirm = bench.detail.findChild<QAbstractButton *>(QStringLiteral("clients.accept-panel.confirm"));
        bench.clock.advance(std::chrono::seconds(3));
        QTRY_VERIFY(confirm->isEnabled());
        QTest::mouseClick(confirm, Qt::LeftButton);
        QCOMPARE(bench.desk.clientsAccepted.size(), 1);
        QCOMPARE(bench.desk.clientsAccepted.last().first.text, QStringLiteral("codex"));
        QCOMPARE(bench.desk.clientsAccepted.last().second, QStringLiteral("/usr/bin/bash"));
    }
    void aWrongTokenIsRotatedAndRewritten()
    {
        DetailBench bench("codex");
        bench.client("codex").wrongToken = bench.clock.wall();
        bench.open();
        bench.click("clients.rewrite");
        ClientEdit written;
        written.status = ClientEdit::Status::Written;
        written.restart = QStringLiteral("Start Codex again.");
        bench.desk.clientsRotated.back().done(ClientToken{Secret("cst_canary_token"), {written}});
        QCOMPARE(bench.said.last().first().toString(), QStringLiteral("Codex has a new token, and its files too. Start Codex again."));
        QVERIFY(!QGuiApplication::clipboard()->text().contains(QStringLiteral("canary")));
    }
    void aWrongTokenFromBeforeItsLastVisitIsOver()
    {
        DetailBench bench("codex");
        bench.client("codex").wrongToken = *bench.client("codex").seen - std::chrono::seconds(1);
        bench.open();
        QVERIFY(!bench.detail.findChild<QWidget *>(QStringLiteral("clients.rewrite")));
    }
    void onlyOneWithATokenCanRotateIt()
    {
        DetailBench bench("codex");
        bench.open();
        QVERIFY(!bench.detail.findChild<QWidget *>(QStringLiteral("clients.rotate"))->isVisible());
        for (mcpcore::Client &client : bench.desk.space.clients)
            client.tokenDigest = "digest";
        bench.detail.open(bench.known());
        bench.click("clients.rotate");
        bench.desk.clientsRotated.back().done(ClientToken{Secret("cst_canary_token"), {}});
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("cst_canary_token")); // it has no file of ours
        bench.clock.advance(std::chrono::seconds(31));
        QTRY_VERIFY(QGuiApplication::clipboard()->text().isEmpty());
    }
    void disconnectingAsksFirst()
    {
        DetailBench bench("cursor");
        bench.open();
        bench.click("clients.disconnect");
        QVERIFY(bench.desk.clientsEdited.isEmpty());
        QVERIFY(bench.detail.leave());
        QVERIFY(!bench.detail.leave());
        bench.click("clients.disconnect");
        bench.clock.advance(std::chrono::seconds(3));
        auto *confirm = bench.detail.findChild<QAbstractButton *>(QStringLiteral("clients.disconnect-panel.confirm"));
        QTRY_VERIFY(confirm->isEnabled());
        QTest::mouseClick(confirm, Qt::LeftButton);
        QCOMPARE(bench.desk.clientsEdited.last(), (FakeDesk::ClientEdited{Act::Disconnect, ClientId{QStringLiteral("cursor")}, {}}));
    }
    void undoTakesTheLastChangeBack()
    {
        DetailBench bench("cursor");
        bench.desk.edit.status = ClientEdit::Status::Refused;
        bench.desk.edit.reason = QStringLiteral("The file was changed since. It was left alone.");
        bench.open();
        bench.click("clients.undo");
        QCOMPARE(bench.desk.clientsEdited.last(), (FakeDesk::ClientEdited{Act::Undo, ClientId{QStringLiteral("cursor")}, {}}));
        QCOMPARE(bench.said.last().first().toString(), QStringLiteral("Not written. The file was changed since. It was left alone."));
    }
    void anUndoWithNothingToTakeBackIsToldAsThat()
    {
        DetailBench bench("cursor");
        bench.desk.edit.status = ClientEdit::Status::Unchanged;
        bench.desk.edit.reason = QStringLiteral("There is nothing to take back for Cursor.");
        bench.open();
        bench.click("clients.undo");
        QCOMPARE(bench.said.last().first().toString(), QStringLiteral("There is nothing to take back for Cursor."));
    }
    void itsEnvironmentIsMovedHere()
    {
        DetailBench bench("cursor");
        bench.open();
        bench.click("clients.detail.environment.choice.3");
        QCOMPARE(bench.desk.clientsMoved.last().first, ClientId{QStringLiteral("cursor")});
        QVERIFY(!bench.desk.clientsMoved.last().second);
        bench.click("clients.detail.environment.choice.0");
        QCOMPARE(bench.desk.clientsMoved.last().second, EnvironmentId{QStringLiteral("sandbox")});
    }
    void toProductionItIsMovedByADeliberateActOnly()
    {
        DetailBench bench("cursor");
        bench.open();
        bench.desk.clientsMoved.clear();
        bench.click("clients.detail.environment.choice.2");
        QVERIFY(bench.desk.clientsMoved.isEmpty());
        auto *confirm = bench.detail.findChild<QAbstractButton *>(QStringLiteral("clients.move-panel.confirm"));
        QVERIFY2(confirm->text().contains(QStringLiteral("PRODUCTION")), qPrintable(confirm->text()));
        bench.clock.advance(std::chrono::seconds(3));
        QTRY_VERIFY(confirm->isEnabled());
        QTest::mouseClick(confirm, Qt::LeftButton);
        QCOMPARE(bench.desk.clientsMoved.size(), 1);
        QCOMPARE(bench.desk.clientsMoved.last().second, EnvironmentId{QStringLiteral("production")});
    }
    void anotherChoiceTakesTheQuestionAboutProductionBack()
    {
        DetailBench bench("cursor");
        bench.open();
        bench.desk.clientsMoved.clear();
        bench.click("clients.detail.environment.choice.2");
        bench.click("clients.detail.environment.choice.3");
        QCOMPARE(bench.desk.clientsMoved.size(), 1);
        QVERIFY(!bench.desk.clientsMoved.last().second);
        QVERIFY(bench.detail.findChild<QWidget *>(QStringLiteral("clients.move-panel"))->isHidden());
    }
    void oneWithMoreToolsThanItTakesIsTold()
    {
        DetailBench bench("cursor");
        bench.client("cursor").tools = 92;
        bench.open();
        QVERIFY(!bench.texts().filter(QStringLiteral("It is offered more tools than it takes.")).isEmpty());
    }

    void aSnippetHasDotsUntilAClientIsMadeForIt()
    {
        SnippetBench bench;
        bench.open();
        bench.click("clients.snippet.way.1");
        QCOMPARE(bench.desk.snippetsAsked.last(), (std::pair{QStringLiteral("other"), ClientWay::Http}));
        QVERIFY(bench.shown().contains(QStringLiteral("Bearer ••••••••")));
        QVERIFY(!bench.panel.findChild<QWidget *>(QStringLiteral("clients.snippet.make"))->isEnabled()); // no name yet
        QTest::keyClicks(bench.panel.findChild<QWidget *>(QStringLiteral("clients.snippet.name")), QStringLiteral("My agent"));
        QVERIFY(bench.desk.snippetsMade.empty());
        bench.click("clients.snippet.make");
        QCOMPARE(bench.desk.snippetsMade.back().id, QStringLiteral("My agent"));
        QCOMPARE(bench.desk.snippetsMade.back().wish.environment, EnvironmentId{QStringLiteral("sandbox")});
        bench.desk.snippetsMade.back().done(
            ClientSnippet{QStringLiteral("Bearer ••••••••"), Secret("Bearer cst_canary_token"), ClientId{QStringLiteral("my-agent")}});
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Bearer cst_canary_token"));
        QVERIFY(!bench.shown().contains(QStringLiteral("canary")));
        QVERIFY(!Bench::texts(bench.panel).join(QLatin1Char(' ')).contains(QStringLiteral("canary")));
        QCOMPARE(bench.made.size(), 1);
        bench.clock.advance(std::chrono::seconds(31));
        QTRY_VERIFY(QGuiApplication::clipboard()->text().isEmpty());
        bench.click("clients.snippet.make"); // again, while it is seen
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("Bearer cst_canary_token"));
        QCOMPARE(bench.desk.snippetsMade.size(), size_t(1));
    }
    void aSnippetForTheBridgeStaysOnTheClipboard()
    {
        SnippetBench bench;
        bench.open();
        QTest::keyClicks(bench.panel.findChild<QWidget *>(QStringLiteral("clients.snippet.name")), QStringLiteral("My agent"));
        bench.click("clients.snippet.make");
        bench.desk.snippetsMade.back().done(
            ClientSnippet{QStringLiteral("{\"command\": \"x\"}"), {}, ClientId{QStringLiteral("my-agent")}});
        bench.clock.advance(std::chrono::seconds(31));
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("{\"command\": \"x\"}"));
    }
    void aClientThatCouldNotBeMadeIsSaid()
    {
        SnippetBench bench;
        bench.open();
        QTest::keyClicks(bench.panel.findChild<QWidget *>(QStringLiteral("clients.snippet.name")), QStringLiteral("My agent"));
        bench.click("clients.snippet.make");
        bench.desk.snippetsMade.back().done(mcpcore::failure(mcpcore::Error::Kind::Conflict, QStringLiteral("Not now.")));
        QCOMPARE(bench.said.last().first().toString(), QStringLiteral("Not now."));
        QVERIFY(bench.panel.findChild<QWidget *>(QStringLiteral("clients.snippet.make"))->isEnabled());
    }
};

COUNTERSIGN_TEST(tst_ClientDetail)
#include "tst_ClientDetail.moc"
