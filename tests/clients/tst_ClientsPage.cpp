// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ClientsBench.h"
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/widgets/DiffView.h"
#include "ui/widgets/Note.h"
#include <QClipboard>
#include <QComboBox>
#include <QLineEdit>
#include <QListView>
#include <QRadioButton>
#include <QSignalSpy>
#include <QStackedWidget>

using namespace ui;
using mcpcore::ClientId;
using mcpcore::EnvironmentId;
using Status = ClientEdit::Status;

namespace {

struct Bench : ClientsBench {
    Bench() { page.resize(980, 680); }
    void show()
    {
        page.show();
        QVERIFY(QTest::qWaitForWindowActive(&page));
    }
    template <typename Widget = QWidget> Widget *the(const char *name)
    {
        // Notes are taken away later: the newest of a name counts.
        const auto found = page.findChildren<Widget *>(QLatin1String(name));
        return found.isEmpty() ? nullptr : found.last();
    }
    QListView *list() { return the<QListView>("clients.list"); }
    QStringList rows()
    {
        QStringList texts;
        for (int row = 0; row < list()->model()->rowCount(); ++row)
            texts.append(list()->model()->index(row, 0).data().toString());
        return texts;
    }
    QString sentence(const char *name)
    {
        return list()->model()->index(int(rows().indexOf(QLatin1String(name))), 0).data(Qt::AccessibleTextRole).toString();
    }
    void open(const char *name) { list()->setCurrentIndex(list()->model()->index(int(rows().indexOf(QLatin1String(name))), 0)); }
    void click(const char *name)
    {
        auto *button = the<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    QString side() { return the<QStackedWidget>("clients.side")->currentWidget()->objectName(); }
    QStringList notesOf(const char *side)
    {
        QStringList texts;
        for (Note *note : the(side)->findChildren<Note *>())
            if (note->isVisible())
                texts.append(note->text());
        return texts;
    }
    const ClientWish &lastPreview() { return desk.previewed.last(); }

    Theme theme;
    ClientsPage page{desk, theme, clock};
};

} // namespace

class tst_ClientsPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void clientsStandInGroups()
    {
        Bench bench;
        bench.show();
        QCOMPARE(bench.rows(),
                 (QStringList{QStringLiteral("Connected 5"), QStringLiteral("Claude Code"), QStringLiteral("Claude Desktop"),
                              QStringLiteral("Cursor"), QStringLiteral("Codex"), QStringLiteral("VS Code"), QStringLiteral("Installed 3"),
                              QStringLiteral("Gemini CLI"), QStringLiteral("Zed"), QStringLiteral("OpenCode"),
                              QStringLiteral("Cannot reach this computer"), QStringLiteral("ChatGPT on the web")}));
        QVERIFY(!(bench.list()->model()->index(0, 0).flags() & Qt::ItemIsSelectable));
        QCOMPARE(bench.page.count(), 5);
        QCOMPARE(bench.page.countLook(), Page::CountLook::Plain);
    }
    void aRowSaysWhereTheClientActsAndHowManyToolsItHas()
    {
        Bench bench;
        bench.show();
        QVERIFY(bench.sentence("Claude Code").contains(QStringLiteral("· PRODUCTION pinned, 83 tools")));
        QVERIFY(bench.sentence("Cursor").endsWith(QStringLiteral("STAGING pinned, 40 of 80")));
        QVERIFY(bench.sentence("Claude Desktop").endsWith(QStringLiteral("follows the switch, Repair")));
        QCOMPARE(bench.sentence("Gemini CLI"), QStringLiteral("Gemini CLI, 0.21.1 · ~/.gemini/settings.json, Connect"));
        QCOMPARE(bench.sentence("OpenCode"), QStringLiteral("OpenCode, 1.18 · opencode.jsonc, Connect"));
    }
    void theOthersAreFoldedUntilTheyAreAskedFor()
    {
        Bench bench;
        bench.show();
        bench.click("clients.other");
        QVERIFY(bench.rows().endsWith(QStringLiteral("Other")));
        QCOMPARE(bench.side(), QStringLiteral("clients.snippet.panel"));
        QVERIFY(bench.page.leave());
        QVERIFY(!bench.rows().contains(QStringLiteral("Other")));
        QVERIFY(!bench.page.leave());
    }
    void theCoreIsAskedOnlyWhileThePageIsSeen()
    {
        Bench bench;
        Q_EMIT bench.desk.clientsChanged();
        QCOMPARE(bench.desk.clientsAsked, 0);
        bench.show();
        QCOMPARE(bench.desk.clientsAsked, 1);
        bench.click("clients.refresh");
        QCOMPARE(bench.desk.clientsAsked, 2);
    }
    void whatTheCoreCannotTellIsSaid()
    {
        Bench bench;
        bench.desk.refusal = QStringLiteral("The files could not be read.");
        bench.show();
        QCOMPARE(bench.side(), QString());
        bench.desk.refusal.clear();
        Q_EMIT bench.desk.clientsChanged();
        QVERIFY(bench.rows().contains(QStringLiteral("Cursor")));
        bench.desk.refusal = QStringLiteral("The files could not be read.");
        Q_EMIT bench.desk.clientsChanged();
        QVERIFY(bench.the("clients.problem")->isVisible());
        QVERIFY(bench.rows().contains(QStringLiteral("Cursor")));
    }
    void anInstalledOneShowsWhatConnectingWouldWrite()
    {
        Bench bench;
        bench.show();
        bench.open("Gemini CLI");
        QCOMPARE(bench.side(), QStringLiteral("clients.preview"));
        QCOMPARE(bench.lastPreview().id, QStringLiteral("gemini-cli"));
        QCOMPARE(bench.lastPreview().environment, EnvironmentId{QStringLiteral("sandbox")});
        QCOMPARE(bench.lastPreview().way, ClientWay::Bridge);
        QVERIFY(bench.desk.clientsConnected.isEmpty());
        auto *diff = bench.the<DiffView>("clients.edit.diff");
        QCOMPARE(diff->lines().first().number, 10);
        QCOMPARE(diff->lines().size(), 13);
        bench.click("clients.edit.whole.1");
        QCOMPARE(diff->lines().size(), 22);
        QCOMPARE(bench.the<QLabel>("clients.edit.file")->text(), QStringLiteral("~/.gemini/settings.json"));
        QCOMPARE(bench.the<QLabel>("clients.edit.bytes")->text(), QStringLiteral("143 bytes added"));
        QCOMPARE(bench.notesOf("clients.preview"),
                 (QStringList{QStringLiteral("It also talks to Stripe directly. The entry “stripe” beside ours goes around Countersign."),
                              QStringLiteral("settings.json has servers of vendors. They can come behind Countersign.")}));
    }
    void everyChoiceIsShownBeforeItIsWritten()
    {
        Bench bench;
        bench.show();
        bench.open("Gemini CLI");
        bench.click("clients.environment.choice.2");
        QVERIFY(!bench.lastPreview().environment);
        bench.click("clients.way.1");
        QCOMPARE(bench.lastPreview().way, ClientWay::Http);
        bench.click("clients.more");
        QTest::keyClicks(bench.the("clients.name"), QStringLiteral("work"));
        QVERIFY(!bench.the("clients.connect")->isEnabled()); // what is shown is not what would be written
        bench.clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(bench.lastPreview().name, QStringLiteral("work"));
        QVERIFY(bench.the("clients.connect")->isEnabled());
        bench.click("clients.connect");
        QCOMPARE(bench.desk.clientsConnected, QList<ClientWish>{bench.lastPreview()});
    }
    void anEntryMayReachOneConnectionOnly()
    {
        Bench bench;
        bench.desk.space.connections.clear();
        bench.show();
        bench.open("Gemini CLI");
        auto *entry = bench.the<QComboBox>("clients.entry");
        QVERIFY(!entry->isVisible());
        for (const char *id : {"stripe", "statsig"}) {
            mcpcore::Connection connection;
            connection.id = {QLatin1String(id)};
            bench.desk.space.connections.append(connection);
        }
        Q_EMIT bench.desk.clientsChanged();
        QVERIFY(entry->isVisible());
        QCOMPARE(entry->itemText(0), QStringLiteral("One entry for everything"));
        QCOMPARE(entry->itemText(2), QStringLiteral("One entry for statsig"));
        QVERIFY(bench.lastPreview().connection.isEmpty());
        entry->setCurrentIndex(2);
        QCOMPARE(bench.lastPreview().connection.text, QStringLiteral("statsig"));
        bench.click("clients.connect");
        QCOMPARE(bench.desk.clientsConnected, QList<ClientWish>{bench.lastPreview()});
        bench.open("Zed");
        QVERIFY(bench.lastPreview().connection.isEmpty());
    }
    void whatTheClientMayWriteByItselfIsShownAndLetsItIn()
    {
        Bench bench;
        const QString command = QStringLiteral("gemini mcp add countersign '/opt/it'\\''s <b>here</b>/bridge' --client gemini-cli");
        const QString link = QStringLiteral("gemini://install?config=eyJjb21tYW5kIjoiL29wdCJ9");
        bench.desk.previews[QStringLiteral("gemini-cli")].hints = {command, link};
        bench.desk.edit.status = Status::Unchanged;
        bench.desk.edit.client = {QStringLiteral("gemini-cli")};
        bench.show();
        bench.open("Zed");
        QVERIFY(!bench.the("clients.hints")->isVisible());
        bench.open("Gemini CLI");
        QCOMPARE(bench.the<QLabel>("clients.hints.command")->text(), command);
        QCOMPARE(bench.the<QLabel>("clients.hints.link")->text(), link);
        QVERIFY(bench.desk.linksOpened.isEmpty() && bench.desk.clientsConnected.isEmpty());
        QGuiApplication::clipboard()->clear();
        bench.the<QAbstractButton>("clients.hints.copy")->click();
        QCOMPARE(QGuiApplication::clipboard()->text(), command);
        QCOMPARE(bench.desk.clientsConnected.size(), 1);
        QCOMPARE(bench.desk.clientsConnected.last().writer, ClientWish::Writer::Person);
        QVERIFY(bench.desk.linksOpened.isEmpty());
        bench.the<QAbstractButton>("clients.hints.open")->click();
        QCOMPARE(bench.desk.linksOpened, QStringList{link});
        QCOMPARE(bench.desk.clientsConnected.size(), 2);
    }
    void aLinkOfAClientThatMayNotComeInIsNotOpened()
    {
        Bench bench;
        bench.desk.previews[QStringLiteral("gemini-cli")].hints.link = QStringLiteral("gemini://install?x");
        bench.desk.edit.status = Status::Refused;
        bench.desk.edit.reason = QStringLiteral("The workspace cannot be written.");
        bench.show();
        QSignalSpy said(&bench.page, &Page::said);
        bench.open("Gemini CLI");
        QVERIFY(!bench.the("clients.hints.command")->isVisible());
        bench.the<QAbstractButton>("clients.hints.open")->click();
        QVERIFY(bench.desk.linksOpened.isEmpty());
        QCOMPARE(said.last().first().toString(), bench.desk.edit.reason);
    }
    void bySnippetTheHintsWaitForTheClientToBeMade()
    {
        Bench bench;
        bench.desk.hints = {QStringLiteral("goose add x"), QStringLiteral("goose://x")};
        bench.show();
        bench.click("clients.other");
        bench.open("Goose");
        QVERIFY(bench.the("clients.snippet.hints")->isVisible());
        QVERIFY(!bench.the("clients.snippet.hints.open")->isEnabled() && !bench.the("clients.snippet.hints.copy")->isEnabled());
        bench.click("clients.snippet.make");
        bench.desk.snippetsMade.back().done(
            ClientSnippet{QStringLiteral("{}"), {}, ClientId{QStringLiteral("goose-2")}, {{}, QStringLiteral("goose://y")}});
        QVERIFY(!bench.the("clients.snippet.hints.copy")->isVisible());
        bench.the<QAbstractButton>("clients.snippet.hints.open")->click();
        QCOMPARE(bench.desk.linksOpened, QStringList{QStringLiteral("goose://y")});
        bench.the<QAbstractButton>("clients.snippet.way.1")->click();
    }
    void productionIsNotOfferedToANewOne()
    {
        Bench bench;
        bench.desk.space.environments.append({EnvironmentId{QStringLiteral("eu-west")}, mcpcore::EnvironmentKind::Production});
        bench.show();
        bench.open("Gemini CLI");
        for (int at = 0; at < 3; ++at)
            QVERIFY(bench.the(QByteArray("clients.environment.choice.").append(QByteArray::number(at)).constData()));
        QVERIFY(!bench.the("clients.environment.choice.3"));
    }
    void manyEnvironmentsAreAList()
    {
        Bench bench;
        for (const char *id : {"one", "two", "three", "four"})
            bench.desk.space.environments.append({EnvironmentId{QLatin1String(id)}, mcpcore::EnvironmentKind::Staging});
        bench.show();
        bench.open("Gemini CLI");
        auto *choice = bench.the<QComboBox>("clients.environment.choice");
        QCOMPARE(choice->count(), 7);
        choice->setCurrentIndex(3);
        QCOMPARE(bench.lastPreview().environment, EnvironmentId{QStringLiteral("two")});
    }
    void anotherClientStartsWithTheUsualChoices()
    {
        Bench bench;
        bench.show();
        bench.open("Gemini CLI");
        bench.click("clients.environment.choice.2");
        bench.open("Zed");
        QCOMPARE(bench.lastPreview().environment, EnvironmentId{QStringLiteral("sandbox")});
    }
    void severalFilesAreWrittenTogetherOrOneByOne()
    {
        Bench bench;
        Bench::File second = bench.kind("gemini-cli").files.first();
        second.path += QStringLiteral(".work");
        bench.kind("gemini-cli").files.append(second);
        ClientEdit &edit = bench.desk.previews[QStringLiteral("gemini-cli")];
        ClientEdit one = edit, two = edit;
        two.file = second.path;
        edit.files = {one, two};
        bench.show();
        bench.open("Gemini CLI");
        QCOMPARE(bench.lastPreview().file, QString());
        QCOMPARE(bench.the<QLabel>("clients.edit.file")->text(), QStringLiteral("2 files"));
        auto *files = bench.the<QComboBox>("clients.files");
        QVERIFY(files->isVisible());
        files->setCurrentIndex(2);
        QCOMPARE(bench.lastPreview().file, second.path);
    }
    void aRefusedFileSaysWhyAndIsNotWritten()
    {
        Bench bench;
        ClientEdit refused;
        refused.file = Bench::home(".gemini/settings.json");
        refused.status = Status::Refused;
        refused.line = 41;
        refused.column = 3;
        refused.reason = QStringLiteral("There is a comma too many. The file was left alone.");
        bench.desk.previews[QStringLiteral("gemini-cli")] = refused;
        bench.show();
        bench.open("Gemini CLI");
        QVERIFY(!bench.the("clients.connect")->isEnabled());
        QCOMPARE(
            bench.notesOf("clients.preview").first(),
            QStringLiteral("Not written: ~/.gemini/settings.json, line 41, column 3. There is a comma too many. The file was left alone."));
    }
    void anEntryOfSomebodyElseIsReplacedOnlyOnAWord()
    {
        Bench bench;
        ClientEdit &edit = bench.desk.previews[QStringLiteral("gemini-cli")];
        edit.status = Status::Conflict;
        edit.reason = QStringLiteral("There is another entry countersign. It is not ours.");
        bench.show();
        bench.open("Gemini CLI");
        QVERIFY(!bench.the("clients.connect")->isEnabled());
        QCOMPARE(bench.lastPreview().sameName, ClientWish::SameName::Keep);
        edit.status = Status::Written;
        bench.click("clients.replace");
        QCOMPARE(bench.lastPreview().sameName, ClientWish::SameName::Replace);
        QVERIFY(bench.the("clients.connect")->isEnabled());
    }
    void theConnectedOneIsShownAfterwards()
    {
        Bench bench;
        bench.show();
        bench.open("Gemini CLI");
        QSignalSpy said(&bench.page, &Page::said);
        bench.desk.edit.status = Status::Written;
        bench.desk.edit.client = {QStringLiteral("gemini-cli")};
        bench.desk.edit.restart = QStringLiteral("Gemini CLI reads it at its next start.");
        bench.connect("gemini-cli", "sandbox", 0);
        bench.click("clients.connect");
        QCOMPARE(said.first().first().toString(), QStringLiteral("Connected Gemini CLI. Gemini CLI reads it at its next start."));
        QCOMPARE(bench.side(), QStringLiteral("clients.detail"));
        QCOMPARE(bench.the<QLabel>("clients.detail.name")->text(), QStringLiteral("Gemini CLI"));
    }
    void aRaceIsSaidAndNothingIsLost()
    {
        Bench bench;
        bench.show();
        bench.open("Gemini CLI");
        bench.desk.edit.status = Status::Refused;
        bench.desk.edit.reason = QStringLiteral("The file changed meanwhile. Nothing was written.");
        bench.click("clients.connect");
        QCOMPARE(bench.side(), QStringLiteral("clients.preview"));
        QVERIFY(bench.notesOf("clients.preview").first().contains(QStringLiteral("changed meanwhile")));
    }
    void importingOpensBesideTheList()
    {
        Bench bench;
        bench.show();
        QVERIFY(bench.sentence("Zed").endsWith(QStringLiteral("Import")));
        bench.open("Zed");
        bench.click("clients.import");
        QCOMPARE(bench.side(), QStringLiteral("clients.import.panel"));
        QCOMPARE(bench.desk.clientsScanned,
                 (QList<std::pair<QString, QString>>{{QStringLiteral("zed"), Bench::home(".config/zed/settings.json")}}));
        QCOMPARE(bench.page.parts().last()->objectName(), QStringLiteral("clients.import.scroll"));
        Q_EMIT bench.desk.clientsChanged(); // does not close it
        QCOMPARE(bench.side(), QStringLiteral("clients.import.panel"));
        QCOMPARE(bench.desk.clientsScanned.size(), 1);
        QVERIFY(bench.page.leave());
        QCOMPARE(bench.side(), QStringLiteral("clients.preview"));
    }
    void aServerThatGoesAroundCanComeWithoutAKey()
    {
        Bench bench;
        bench.kind("cursor").files[0].bypasses = QStringList{QStringLiteral("attio")};
        bench.show();
        bench.open("Gemini CLI");
        QVERIFY(bench.notesOf("clients.preview").last().startsWith(QStringLiteral("settings.json has servers of vendors.")));
        bench.click("clients.import");
        QCOMPARE(bench.desk.clientsScanned.last().second, Bench::home(".gemini/settings.json"));
        bench.open("Cursor");
        QCOMPARE(bench.side(), QStringLiteral("clients.detail"));
        bench.click("clients.bring");
        QCOMPARE(bench.desk.clientsScanned.last(), (std::pair{QStringLiteral("cursor"), Bench::home(".cursor/mcp.json")}));
    }
    void anImportStaysBesideTheClientThatItConnected()
    {
        Bench bench;
        bench.show();
        bench.open("Zed");
        bench.click("clients.import");
        bench.connect("zed", "sandbox", 0);
        Q_EMIT bench.desk.clientsChanged();
        QCOMPARE(bench.side(), QStringLiteral("clients.import.panel"));
        QCOMPARE(bench.list()->currentIndex().data().toString(), QStringLiteral("Zed"));
        bench.click("clients.import.cancel");
        QCOMPARE(bench.side(), QStringLiteral("clients.detail"));
        QCOMPARE(bench.the<QLabel>("clients.detail.name")->text(), QStringLiteral("Zed"));
    }
    void oneThatCannotReachThisComputerSaysWhatToDoInstead()
    {
        Bench bench;
        bench.show();
        bench.open("ChatGPT on the web");
        QStringList texts;
        for (const QLabel *label : bench.the("clients.side")->findChildren<QLabel *>())
            if (label->isVisible())
                texts.append(label->text());
        QVERIFY(texts.join(QLatin1Char(' ')).contains(QStringLiteral("so connect Codex")));
        QVERIFY(!bench.the("clients.connect")->isVisible());
    }
    void whatOthersWroteIsPlainTextWithMarks()
    {
        Bench bench;
        bench.kind("gemini-cli").version = QStringLiteral("1<b>2\u202e3");
        bench.desk.previews[QStringLiteral("gemini-cli")].diff = {{Bench::Change::Added, 1, QStringLiteral("\t<b>\u200bx\r")}};
        bench.show();
        bench.open("Gemini CLI");
        QVERIFY(bench.sentence("Gemini CLI").contains(QStringLiteral("1<b>2[U+202E]3")));
        auto *diff = bench.the<DiffView>("clients.edit.diff");
        QCOMPARE(diff->model()->index(0, 0).data().toString(), QStringLiteral("    <b>[U+200B]x"));
    }
    void everythingHasANameAndReadsNoMarkup()
    {
        Bench bench;
        bench.show();
        for (const char *name : {"Gemini CLI", "Claude Desktop", "ChatGPT on the web"}) {
            bench.open(name);
            QVERIFY2(faultsOf(bench.page).isEmpty(), qPrintable(faultsOf(bench.page).join(QLatin1Char('\n'))));
        }
        bench.click("clients.other");
        QCOMPARE(faultsOf(bench.page), QStringList());
    }
};

COUNTERSIGN_TEST(tst_ClientsPage)
#include "tst_ClientsPage.moc"
