// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImportBench.h"
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/clients/ImportPanel.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/DiffView.h"
#include "ui/widgets/Note.h"
#include <QCheckBox>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QScrollArea>
#include <QSignalSpy>
#include <QTest>

using namespace ui;
using mcpcore::ClientId;
using mcpcore::EnvironmentId;
using mcpcore::Error;
using Check = ImportWish::Check;
using Entry = ImportWish::Entry;
using Status = ClientEdit::Status;

namespace {

struct Bench : ImportBench {
    void open(const char *id = "zed")
    {
        panel.resize(700, 900);
        panel.show();
        QVERIFY(QTest::qWaitForWindowActive(&panel));
        look(id);
    }
    void look(const char *id = "zed")
    {
        ClientText::Known known{desk.space, &kind(id), nullptr, clock.wall()};
        for (const ClientSight &client : desk.clientsSeen.clients)
            if (client.id.text == QLatin1String(id))
                known.client = &client;
        panel.open(known, kind(id).files.first().path);
    }
    // Boxes are taken away later: the newest of a name counts.
    template <typename Widget = QWidget> Widget *the(const QString &name)
    {
        const auto found = panel.findChildren<Widget *>(name);
        return found.isEmpty() ? nullptr : found.last();
    }
    template <typename Widget = QWidget> Widget *part(int server, const char *name)
    {
        return the<Widget>(QStringLiteral("clients.import.server.%1.%2").arg(server).arg(QLatin1String(name)));
    }
    template <typename Widget = QWidget> Widget *the(const char *name)
    {
        return the<Widget>(QStringLiteral("clients.import.") + QLatin1String(name));
    }
    QString text(int server, const char *name) { return part<QLabel>(server, name)->text(); }
    QString state() { return the<QLabel>("state")->isVisible() ? the<QLabel>("state")->text() : QString(); }
    QString trouble() { return the<Note>("trouble")->isVisible() ? the<Note>("trouble")->text() : QString(); }
    bool seen(const char *name) { return the(name) && the(name)->isVisible(); }
    void choose(int server, const char *environment)
    {
        auto *box = part<QComboBox>(server, "environment");
        box->setCurrentIndex(box->findData(QLatin1String(environment)));
    }
    void click(const char *name)
    {
        auto *button = the<QAbstractButton>(name);
        QVERIFY2(button && button->isVisible() && button->isEnabled(), name);
        QTest::mouseClick(button, Qt::LeftButton);
    }
    // A deliberate act: the button has been seen for its time.
    void press(const char *name)
    {
        QVERIFY2(!the<ArmedButton>(name)->isArmed(), name);
        QTRY_VERIFY2((clock.advance(std::chrono::seconds(1)), the<ArmedButton>(name)->isArmed()), name);
        click(name);
    }
    void import()
    {
        choose(1, "staging");
        press("take");
        QCOMPARE(desk.imports.size(), size_t(1));
    }
    void end(mcpcore::Result<ImportOutcome> outcome)
    {
        auto done = std::move(desk.imports.back().done);
        desk.imports.clear();
        done(std::move(outcome));
    }
    void fail(Error::Kind kind, const char *text) { end(mcpcore::failure(kind, QLatin1String(text))); }
    // As a person does it, who drags the edge.
    void narrow(int width)
    {
        for (int now = panel.width(); now > width; now -= 60) {
            panel.resize(std::max(now - 60, width), 900);
            QTest::qWait(0);
        }
    }

    Theme theme;
    ImportPanel panel{desk, theme, clock, nullptr};
    QSignalSpy said{&panel, &ImportPanel::said}, changed{&panel, &ImportPanel::changed}, closed{&panel, &ImportPanel::closed};
};

const Entry kStripe{QStringLiteral("context_servers/stripe"), QStringLiteral("stripe"), EnvironmentId{QStringLiteral("production")}};
const Entry kAttio{QStringLiteral("context_servers/crm"), QStringLiteral("attio"), EnvironmentId{QStringLiteral("staging")}};

} // namespace

class tst_ImportPanel : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatWasFoundIsShownAndNothingIsDone()
    {
        Bench bench;
        bench.open();
        QCOMPARE(bench.desk.clientsScanned, (QList<std::pair<QString, QString>>{{QStringLiteral("zed"), bench.file().path}}));
        QCOMPARE(bench.the<QLabel>("title")->text(), QStringLiteral("Import from Zed"));
        QCOMPARE(bench.part<QCheckBox>(0, "take")->text(), QStringLiteral("stripe"));
        QCOMPARE(bench.text(0, "now"), QStringLiteral("npx -y @stripe/mcp --api-key=••••••••"));
        QCOMPARE(bench.text(0, "then"), QStringLiteral("https://mcp.stripe.com"));
        QCOMPARE(bench.text(0, "key"), QStringLiteral("rk_live_ ··· 7Qm2"));
        QCOMPARE(bench.text(0, "key.place"), QStringLiteral("Stripe, restricted, in the argument --api-key"));
        QCOMPARE(bench.text(0, "note"), QStringLiteral("Stripe's own server instead of the program npx."));
        QCOMPARE(bench.text(2, "note"), QStringLiteral("Its key (FS_TOKEN) is not in this file: set it for the connection."));
        QVERIFY(bench.desk.imports.empty());
    }
    void keysAndVendorsAreTickedAndTheRestIsNot()
    {
        Bench bench;
        bench.file().servers.append(Bench::stripe());
        bench.file().servers.last().keys.clear(); // goes around us without a key in the file
        bench.open();
        for (const auto &[server, ticked] : {std::pair{0, true}, {1, true}, {2, false}, {3, false}, {4, true}})
            QCOMPARE(bench.part<QCheckBox>(server, "take")->isChecked(), ticked);
    }
    void oneThatCannotComeSaysWhyAndIsNotTaken()
    {
        Bench bench;
        bench.open();
        QVERIFY(!bench.part<QCheckBox>(3, "take")->isEnabled());
        QVERIFY(!bench.part<QComboBox>(3, "environment"));
        QCOMPARE(bench.part<Note>(3, "trouble")->text(),
                 QStringLiteral("It stays where it is. It is neither on this computer nor encrypted. Countersign does not talk to it."));
    }
    void aLiveKeyStaysInProduction()
    {
        Bench bench;
        bench.open();
        auto *environment = bench.part<QComboBox>(0, "environment");
        QCOMPARE(environment->currentData().toString(), QStringLiteral("production"));
        QVERIFY(!environment->isEnabled());
    }
    void anEnvironmentThatTheKeyDoesNotSayIsChosenByThePerson()
    {
        Bench bench;
        bench.open();
        QCOMPARE(bench.part<QComboBox>(1, "environment")->currentText(), QStringLiteral("Choose …"));
        QCOMPARE(bench.state(), QStringLiteral("Choose the environment of crm."));
        QVERIFY(bench.desk.importsPreviewed.isEmpty());
        QVERIFY(!bench.seen("edit"));
        bench.clock.advance(std::chrono::seconds(2));
        QTest::qWait(0);
        QVERIFY(!bench.the<ArmedButton>("take")->isArmed());
        bench.choose(1, "staging");
        QCOMPARE(bench.desk.importsPreviewed, (QList<ImportWish>{{QStringLiteral("zed"),
                                                                  bench.file().path,
                                                                  QStringLiteral("6f2a"),
                                                                  std::nullopt,
                                                                  {},
                                                                  {kStripe, kAttio},
                                                                  Check::WithVendor}}));
        QVERIFY(bench.seen("edit"));
        QCOMPARE(bench.state(), QStringLiteral("~/.config/zed/settings.json is written only when you press the button."));
    }
    void everyChoiceIsShownBeforeItIsDone()
    {
        Bench bench;
        bench.open();
        bench.part<QCheckBox>(1, "take")->setChecked(false);
        QVERIFY(!bench.part(1, "name")->isVisible());
        QCOMPARE(bench.desk.importsPreviewed.last().entries, QList<Entry>{kStripe});
        auto *name = bench.part<QLineEdit>(0, "name");
        name->selectAll();
        QTest::keyClicks(name, QStringLiteral("acme"));
        QCOMPARE(bench.desk.importsPreviewed.size(), 1);
        bench.clock.advance(std::chrono::seconds(1));
        QTRY_COMPARE(bench.desk.importsPreviewed.last().entries.first().connection, QStringLiteral("acme"));
        QTest::keyClicks(name, QStringLiteral(" b"));
        QCOMPARE(bench.state(), QStringLiteral("Give the connection for stripe a name of small letters, digits and -."));
        bench.part<QCheckBox>(0, "take")->setChecked(false);
        QCOMPARE(bench.state(), QStringLiteral("Tick the servers that shall come."));
        QVERIFY(!bench.seen("edit"));
    }
    void aConnectionThatHasTheKeyAlreadyKeepsItsName()
    {
        Bench bench;
        bench.file().servers[0].proposal->exists = true;
        bench.open();
        QVERIFY(!bench.part<QLineEdit>(0, "name")->isEnabled());
        QCOMPARE(bench.text(0, "exists"), QStringLiteral("The connection stripe has this very key already, and is used."));
    }
    void whereAnUnknownClientWillActIsSaid()
    {
        Bench bench;
        bench.open();
        QCOMPARE(bench.the<QLabel>("hint")->text(),
                 QStringLiteral("Zed is connected with this. It acts in sandbox only, until you move it."));
        QVERIFY(bench.seen("hint"));
        bench.desk.scans[Bench::home(".cursor/mcp.json")] = bench.file();
        bench.look("cursor");
        QVERIFY(!bench.seen("hint"));
        // Our entry stays what it is.
        bench.choose(1, "staging");
        QCOMPARE(bench.desk.importsPreviewed.last().way, ClientWay::Bridge);
        QCOMPARE(bench.desk.importsPreviewed.last().name, QStringLiteral("countersign"));
    }
    void whatThePreviewWarnsOfIsShownWithTheLines()
    {
        Bench bench;
        bench.open();
        QVERIFY(!bench.seen("caution"));
        bench.choose(1, "staging");
        QCOMPARE(bench.the<Note>("caution")->text(), QStringLiteral("An older version of the file is in git. It keeps the key."));
        QCOMPARE(bench.the<DiffView>("edit.diff")->lines().size(), 7);
    }
    void whatCannotBeDoneIsSaidBeforeAnybodyPresses()
    {
        Bench bench;
        bench.open();
        bench.desk.refusal = QStringLiteral("There is a connection stripe already. Choose another name.");
        bench.choose(1, "staging");
        QCOMPARE(bench.trouble(),
                 QStringLiteral("This cannot be done as it is. There is a connection stripe already. Choose another name."));
        QVERIFY(bench.seen("again")); // another connection of that name may be gone
        bench.desk.refusal.clear();
        bench.choose(1, "sandbox");
        QCOMPARE(bench.trouble(), QString());
    }
    void aFileThatChangedIsLookedAtAgain()
    {
        Bench bench;
        bench.open();
        bench.desk.importPreview.status = Status::Conflict;
        bench.desk.importPreview.reason = QStringLiteral("The file changed since it was looked at.");
        bench.choose(1, "staging");
        QCOMPARE(bench.trouble(), QStringLiteral("Not written: ~/.config/zed/settings.json. The file changed since it was looked at."));
        bench.desk.importPreview = Bench::importEdit();
        bench.file().digest = QStringLiteral("77");
        bench.click("again");
        QCOMPARE(bench.desk.clientsScanned.size(), 2);
        QCOMPARE(bench.trouble(), QString());
        bench.choose(1, "staging");
        QCOMPARE(bench.desk.importsPreviewed.last().digest, QStringLiteral("77"));
    }
    void aFileThatCannotBeReadSaysWhere()
    {
        Bench bench;
        bench.file() = {bench.file().path, {}, QStringLiteral("There is a comma too many."), 41, 3, {}};
        bench.open();
        QCOMPARE(bench.trouble(),
                 QStringLiteral("~/.config/zed/settings.json cannot be read: line 41, column 3. There is a comma too many."));
        QVERIFY(bench.seen("again"));
        bench.desk.refusal = QStringLiteral("The file is not there any more.");
        bench.click("again");
        QCOMPARE(bench.trouble(), QStringLiteral("~/.config/zed/settings.json cannot be read. The file is not there any more."));
    }
    void aFileWithoutServersSaysSo()
    {
        Bench bench;
        bench.file().servers.clear();
        bench.open();
        QCOMPARE(bench.state(), QStringLiteral("There are no servers of others in ~/.config/zed/settings.json."));
    }
    void importingIsADeliberateAct()
    {
        Bench bench;
        bench.open();
        bench.choose(1, "staging");
        QTest::mouseClick(bench.the("take"), Qt::LeftButton);
        QTest::keyClick(bench.the("take"), Qt::Key_Return);
        QVERIFY(bench.desk.imports.empty());
        bench.press("take");
        QCOMPARE(bench.desk.imports.back().wish, bench.desk.importsPreviewed.last());
    }
    void whileTheVendorIsAskedNothingCanBeChanged()
    {
        Bench bench;
        bench.open();
        bench.import();
        QVERIFY(bench.panel.isBusy());
        QCOMPARE(bench.state(), QStringLiteral("Asking Stripe and Attio about the keys. Nothing is changed until that is answered."));
        for (QWidget *part : QList<QWidget *>{bench.part(0, "take"), bench.part(1, "environment"), bench.part(0, "name"), bench.the("take"),
                                              bench.the("cancel")})
            QVERIFY2(!part->isEnabled(), qPrintable(part->objectName()));
        bench.look(); // asked for again, it goes on
        QVERIFY(bench.panel.isBusy());
        QCOMPARE(bench.desk.clientsScanned.size(), 1);
    }
    void onlyAVendorThatWasNotToBeHadCanBeDoneWithout_data()
    {
        QTest::addColumn<int>("kind");
        QTest::addColumn<bool>("without");
        QTest::newRow("no answer") << int(Error::Kind::UpstreamFailed) << true;
        QTest::newRow("it refused the key, perhaps wrongly") << int(Error::Kind::Unauthorized) << true;
        QTest::newRow("another environment") << int(Error::Kind::Conflict) << false;
        QTest::newRow("no such key") << int(Error::Kind::InvalidArgument) << false;
        QTest::newRow("the keychain is locked") << int(Error::Kind::SecretUnavailable) << false;
    }
    void onlyAVendorThatWasNotToBeHadCanBeDoneWithout()
    {
        QFETCH(int, kind);
        QFETCH(bool, without);
        Bench bench;
        bench.open();
        bench.import();
        bench.fail(Error::Kind(kind), "Stripe does not answer.");
        QCOMPARE(bench.trouble(), QStringLiteral("Nothing was changed. Stripe does not answer."));
        QCOMPARE(bench.seen("unverified"), without);
        QVERIFY(bench.part(1, "environment")->isEnabled());
        if (!without)
            return;
        bench.press("unverified");
        QCOMPARE(bench.desk.imports.back().wish.check, Check::NotAtAll);
        QCOMPARE(bench.state(), QStringLiteral("Bringing them over."));
    }
    void anotherChoiceIsAskedAboutAgain()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.fail(Error::Kind::UpstreamFailed, "Stripe does not answer.");
        bench.choose(1, "sandbox");
        QVERIFY(!bench.seen("unverified"));
        QCOMPARE(bench.trouble(), QString());
        bench.press("take");
        QCOMPARE(bench.desk.imports.back().wish.check, Check::WithVendor);
    }
    void aRaceChangesNothingAndIsSaid()
    {
        Bench bench;
        bench.open();
        bench.import();
        ClientEdit edit = Bench::importEdit();
        edit.status = Status::Conflict;
        edit.reason = QStringLiteral("The file changed meanwhile.");
        bench.end(ImportOutcome{edit, {}});
        QVERIFY(!bench.panel.isBusy());
        QVERIFY(bench.trouble().endsWith(QStringLiteral("The file changed meanwhile.")));
        QVERIFY(bench.seen("again"));
        QVERIFY(!bench.seen("done"));
    }
    void whatWasDoneIsShownWithTheOfferOfANewKey()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.end(bench.outcome());
        QVERIFY(bench.said.isEmpty()); // it is in sight
        QCOMPARE(bench.changed.size(), 1);
        QCOMPARE(bench.the<QLabel>("title")->text(), QStringLiteral("Imported from Zed"));
        QCOMPARE(bench.the<QLabel>("done.0")->text(), QStringLiteral("stripe in PRODUCTION has the key rk_live_ ··· 7Qm2"));
        QCOMPARE(bench.the<QLabel>("done.0.note")->text(), QStringLiteral("Stripe says it belongs to Acme Inc."));
        QCOMPARE(bench.the<QLabel>("done.1")->text(), QStringLiteral("files in SANDBOX is there, without a key"));
        QVERIFY(!bench.the("done.1.renew"));
        QVERIFY(bench.seen("edit.diff"));
        QVERIFY(bench.the<Note>("done.0.renew")
                    ->text()
                    .startsWith(QStringLiteral("This key stood in plain text in ~/.config/zed/settings.json. Others may have read it.")));
        bench.click("done.0.make");
        QCOMPARE(bench.desk.opened, QStringList{QStringLiteral("https://dashboard.stripe.com/apikeys")});
        QVERIFY(!bench.part(0, "take")->isVisible());
        QVERIFY(!bench.seen("take"));
        bench.click("cancel");
        QCOMPARE(bench.closed.size(), 1);
    }
    void anImportIsTakenBack()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.end(bench.outcome());
        bench.desk.edit = Bench::importEdit();
        bench.desk.edit.restart.clear();
        bench.click("undo");
        QCOMPARE(bench.desk.clientsEdited,
                 (QList<FakeDesk::ClientEdited>{{Desk::ClientAct::Undo, ClientId{QStringLiteral("zed")}, bench.file().path}}));
        QCOMPARE(bench.said.last().first().toString(),
                 QStringLiteral("~/.config/zed/settings.json has its old entries again. The connections and their keys stay here."));
        QCOMPARE(bench.desk.clientsScanned.size(), 2);
        QVERIFY(bench.part(0, "take")->isVisible());
    }
    void anUndoThatCannotBeIsSaidAndWhatWasDoneStays()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.end(bench.outcome());
        bench.desk.edit.status = Status::Refused;
        bench.desk.edit.reason = QStringLiteral("Somebody else wrote to it since.");
        bench.click("undo");
        QCOMPARE(bench.trouble(), QStringLiteral("Not taken back. Somebody else wrote to it since."));
        QVERIFY(bench.seen("done"));
        QVERIFY(bench.the("undo")->isEnabled());
    }
    void anEndThatComesWhileAnotherFileIsShownIsSaid()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.desk.scans[Bench::home(".cursor/mcp.json")] = bench.file();
        bench.look("cursor");
        bench.end(bench.outcome());
        QCOMPARE(bench.said.first().first().toString(), QStringLiteral("Brought servers of Zed behind Countersign. Zed reads it at once."));
        QVERIFY(!bench.seen("done"));
        QCOMPARE(bench.the<QLabel>("title")->text(), QStringLiteral("Import from Cursor"));
    }
    void anEndThatNobodySeesIsSaid()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.panel.hide();
        bench.fail(Error::Kind::UpstreamFailed, "Stripe does not answer.");
        QCOMPARE(bench.said.first().first().toString(), QStringLiteral("Stripe does not answer."));
    }
    void whatOthersWroteIsPlainTextWithMarks()
    {
        Bench bench;
        ImportServer &server = bench.file().servers.first();
        server.name = QStringLiteral("a&<b>\u202e");
        server.arguments = QStringList{QStringLiteral("<b>x\u200b")};
        server.proposal->note = QStringLiteral("<i>note</i>");
        bench.open();
        QCOMPARE(bench.part<QCheckBox>(0, "take")->text(), QStringLiteral("a&&<b>[U+202E]"));
        QCOMPARE(bench.text(0, "now"), QStringLiteral("npx <b>x\u200b")); // painted with a mark
        QCOMPARE(bench.part<QLabel>(0, "now")->accessibleName(), QStringLiteral("npx <b>x zero width space"));
        QCOMPARE(bench.text(0, "note"), QStringLiteral("<i>note</i>"));
        QVERIFY2(faultsOf(bench.panel).isEmpty(), qPrintable(faultsOf(bench.panel).join(QLatin1Char('\n'))));
    }
    void everythingHasANameAndAPlaceInTheOrder()
    {
        Bench bench;
        bench.open();
        bench.choose(1, "staging");
        QCOMPARE(faultsOf(bench.panel), QStringList());
        bench.press("take");
        bench.clock.advance(std::chrono::seconds(2));
        bench.fail(Error::Kind::UpstreamFailed, "Stripe does not answer.");
        QTRY_VERIFY((bench.clock.advance(std::chrono::seconds(1)), bench.the<ArmedButton>("take")->isArmed()));
        QStringList order;
        bench.panel.scroll()->setFocus();
        for (int step = 0; step < 20; ++step) {
            QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
            const QString name = QApplication::focusWidget()->objectName();
            if (order.contains(name))
                break;
            order.append(name.mid(int(qstrlen("clients.import."))));
        }
        QCOMPARE(order.mid(0, 5),
                 (QStringList{QStringLiteral("server.0.take"), QStringLiteral("server.0.name"), QStringLiteral("server.1.take"),
                              QStringLiteral("server.1.name"), QStringLiteral("server.1.environment")}));
        QVERIFY(order.indexOf(QStringLiteral("cancel")) > order.indexOf(QStringLiteral("server.2.take")));
        QVERIFY(order.indexOf(QStringLiteral("unverified")) > order.indexOf(QStringLiteral("cancel")));
        QVERIFY(order.indexOf(QStringLiteral("take")) > order.indexOf(QStringLiteral("unverified")));
        bench.click("take");
        bench.end(bench.outcome());
        QCOMPARE(faultsOf(bench.panel), QStringList());
    }
    void beforeItIsShownItTakesNoRoomFromTheOtherSides()
    {
        Bench bench;
        QVERIFY2(bench.panel.minimumSizeHint().width() < 450, qPrintable(QString::number(bench.panel.minimumSizeHint().width())));
    }
    void inANarrowWindowEverythingIsStillInReach()
    {
        Bench bench;
        bench.open();
        bench.import();
        bench.fail(Error::Kind::UpstreamFailed, "Stripe does not answer.");
        constexpr int narrow = 360; // the window leaves it 460 at the least
        bench.narrow(narrow);
        QCOMPARE(bench.panel.width(), narrow);
        for (const char *name : {"cancel", "unverified", "take"}) {
            const QWidget *button = bench.the(name);
            QVERIFY2(button->mapTo(&bench.panel, QPoint(button->width(), 0)).x() <= narrow, name);
        }
        QWidget *body = bench.panel.scroll()->widget();
        QVERIFY2(body->width() <= bench.panel.scroll()->viewport()->width(), qPrintable(QString::number(body->minimumSizeHint().width())));
    }
};

COUNTERSIGN_TEST(tst_ImportPanel)
#include "tst_ImportPanel.moc"
