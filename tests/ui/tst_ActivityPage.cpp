// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/TestLog.h"
#include "support/FakeDesk.h"
#include "support/Runner.h"
#include "ui/activity/ActivityPage.h"
#include "ui/activity/ActivityText.h"
#include "ui/widgets/BytesView.h"
#include <QAbstractButton>
#include <QLabel>
#include <QMenu>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;

// The page over a log that ActivityLog wrote.
class tst_ActivityPage : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup();

    void resultsSayWhoDecidedAndWhatBecameOfIt_data();
    void resultsSayWhoDecidedAndWhatBecameOfIt();
    void anEmptyLogSaysWhatWillBeHere();
    void aMissingLogSaysSoAndIsReadOnceItIsThere();
    void callsAreListedNewestFirst();
    void aCallOfAUserNamedEnvironmentShowsItsWordAndTheLookOfItsKind();
    void olderCallsAreReadByPages();
    void atTheTopNewCallsComeIn();
    void scrolledAwayNothingShiftsAndTheNewOnesAreCounted();
    void manyAppendsAreReadOnce();
    void aHiddenPageReadsNothing();
    void aShownCallChangesItsResultInPlace();
    void aFilterAsksTheLog();
    void theStoryOfACallIsToldRowByRow();
    void argumentsAreShownByteForByte();
    void argumentsWithASecretSaySo();
    void arrowsAndEnterOpenTheDetail();
    void escapeClosesTheDetail();
    void hostileNamesStayPlain();
    void everythingHasANameForReaders();

private:
    void makePage();
    void append(const ToolCallPtr &call) { m_log->log->append({LogRow::Kind::Received, call, {}, {}}); }
    void appendMany(int count)
    {
        for (int i = 0; i < count; ++i)
            append(m_log->call("{\"n\":" + QByteArray::number(i) + "}", QStringLiteral("tool_%1").arg(i)));
        QVERIFY(m_log->settle());
    }
    // What the desk says after a commit, and the time that is then waited.
    void appended()
    {
        Q_EMIT m_desk->logAppended(0);
        m_log->clock.advance(100ms);
    }
    template <typename Widget = QWidget> Widget *the(const char *name) const
    {
        return m_page->findChild<Widget *>(QString::fromLatin1(name));
    }
    QTableView *table() const { return the<QTableView>("activity.table"); }
    QString cell(int row, int column) const { return table()->model()->index(row, column).data().toString(); }
    QStringList texts() const
    {
        QCoreApplication::processEvents(); // new labels are shown by their layout
        QStringList texts;
        for (const QLabel *label : the("activity.detail")->findChildren<QLabel *>())
            if (label->isVisible())
                texts.append(label->text());
        return texts;
    }

    std::unique_ptr<TestLog> m_log;
    std::unique_ptr<FakeDesk> m_desk;
    Theme m_theme;
    std::unique_ptr<ActivityPage> m_page;
};

void tst_ActivityPage::init()
{
    m_log = std::make_unique<TestLog>();
    QVERIFY(m_log->open());
    m_desk = std::make_unique<FakeDesk>(m_log->clock);
    m_desk->path = m_log->path();
}

void tst_ActivityPage::cleanup()
{
    m_page.reset();
    m_desk.reset();
    m_log.reset();
}

void tst_ActivityPage::makePage()
{
    m_page = std::make_unique<ActivityPage>(*m_desk, m_theme, m_log->clock);
    m_page->resize(980, 600);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
}

void tst_ActivityPage::resultsSayWhoDecidedAndWhatBecameOfIt_data()
{
    QTest::addColumn<QString>("decision");
    QTest::addColumn<QString>("by");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<QString>("text");
    const char *rows[][4] = {{"", "", "", "Waiting for you"},
                             {"allowed", "person", "succeeded", "You allowed"},
                             {"allowed", "rule", "succeeded", "Allowed by rule"},
                             {"allowed", "default", "succeeded", "Allowed by default"},
                             {"allowed", "person", "", "Sent, no answer yet"},
                             {"allowed", "person", "unknown", "Outcome unknown"},
                             {"allowed", "person", "failed", "Failed: 409"},
                             {"allowed", "rule", "tool-error", "Failed: 409"},
                             {"allowed", "rule", "cancelled", "Cancelled"},
                             {"denied", "person", "", "You denied"},
                             {"denied", "deadline", "", "Nobody answered"},
                             {"denied", "withdrawn", "", "No longer waited"},
                             {"denied", "pause", "", "Paused"},
                             {"denied", "rule", "", "Denied by rule"},
                             {"denied", "floor", "", "Refused: floor"},
                             {"denied", "refusal", "", "Refused: 409"}};
    for (const auto &row : rows)
        QTest::addRow("%s %s %s", row[0], row[1], row[2])
            << QString::fromLatin1(row[0]) << QString::fromLatin1(row[1]) << QString::fromLatin1(row[2]) << QString::fromLatin1(row[3]);
}

void tst_ActivityPage::resultsSayWhoDecidedAndWhatBecameOfIt()
{
    QFETCH(QString, decision);
    QFETCH(QString, by);
    QFETCH(QString, outcome);
    CallSummary call;
    call.decision = decision;
    call.decidedBy = by;
    call.outcome = outcome;
    call.detail = QStringLiteral("409");
    QTEST(ActivityText::result(call).text, "text");
    QCOMPARE(ActivityText::result(call).tone == ActivityText::Tone::Caution, outcome == QLatin1String("unknown"));
}

void tst_ActivityPage::anEmptyLogSaysWhatWillBeHere()
{
    makePage();
    QVERIFY(!table()->isVisible());
    bool said = false;
    for (const QLabel *label : m_page->findChildren<QLabel *>())
        said = said || (label->isVisible() && label->text() == QStringLiteral("No calls yet"));
    QVERIFY(said);
}

void tst_ActivityPage::aMissingLogSaysSoAndIsReadOnceItIsThere()
{
    m_desk->path = m_log->folder.filePath(QStringLiteral("none.db"));
    makePage();
    bool said = false;
    for (const QLabel *label : m_page->findChildren<QLabel *>())
        said = said || (label->isVisible() && label->text() == QStringLiteral("The activity log cannot be shown"));
    QVERIFY(said);
    QVERIFY(m_log->wholeCall());
    m_log->close();
    QVERIFY(QFile::copy(m_log->path(), m_desk->path));
    appended();
    QVERIFY(table()->isVisible());
    QCOMPARE(table()->model()->rowCount(), 1);
}

void tst_ActivityPage::callsAreListedNewestFirst()
{
    QVERIFY(m_log->wholeCall());
    append(m_log->call("{}", QStringLiteral("second")));
    QVERIFY(m_log->settle());
    makePage();
    QCOMPARE(table()->model()->rowCount(), 2);
    QCOMPARE(cell(0, ActivityModel::What), QStringLiteral("second"));
    QCOMPARE(cell(0, ActivityModel::Result), QStringLiteral("Waiting for you"));
    QCOMPARE(cell(1, ActivityModel::What), QStringLiteral("create_refund"));
    QCOMPARE(cell(1, ActivityModel::Result), QStringLiteral("You allowed"));
    QCOMPARE(cell(1, ActivityModel::Environment), QStringLiteral("PRODUCTION"));
    QCOMPARE(cell(1, ActivityModel::Client), QStringLiteral("cursor"));
}

void tst_ActivityPage::aCallOfAUserNamedEnvironmentShowsItsWordAndTheLookOfItsKind()
{
    auto call = std::make_shared<ToolCall>(*m_log->call());
    call->environment = {QStringLiteral("eu-west")};
    call->environmentKind = EnvironmentKind::Staging;
    append(call);
    QVERIFY(m_log->settle());
    makePage();
    QCOMPARE(cell(0, ActivityModel::Environment), QStringLiteral("EU-WEST"));
    const QVariant kind = table()->model()->index(0, ActivityModel::Environment).data(ActivityModel::EnvironmentKind);
    QCOMPARE(kind.toString(), QStringLiteral("staging"));
}

void tst_ActivityPage::olderCallsAreReadByPages()
{
    appendMany(450);
    makePage();
    QAbstractItemModel *model = table()->model();
    QCOMPARE(model->rowCount(), ActivityModel::kPage);
    table()->scrollToBottom();
    QTRY_COMPARE(model->rowCount(), 2 * ActivityModel::kPage);
    table()->scrollToBottom();
    QTRY_COMPARE(model->rowCount(), 450);
    table()->scrollToBottom();
    QVERIFY(!model->canFetchMore({}));
    for (int row = 0; row < 450; ++row)
        QCOMPARE(cell(row, ActivityModel::What), QStringLiteral("tool_%1").arg(449 - row));
}

void tst_ActivityPage::atTheTopNewCallsComeIn()
{
    appendMany(3);
    makePage();
    table()->selectRow(0);
    append(m_log->call("{}", QStringLiteral("newest")));
    QVERIFY(m_log->settle());
    appended();
    QCOMPARE(table()->model()->rowCount(), 4);
    QCOMPARE(cell(0, ActivityModel::What), QStringLiteral("newest"));
    QCOMPARE(table()->currentIndex().row(), 1); // the selection stays with its call
    QVERIFY(!the("activity.new")->isVisible());
}

void tst_ActivityPage::scrolledAwayNothingShiftsAndTheNewOnesAreCounted()
{
    appendMany(60);
    makePage();
    table()->verticalScrollBar()->setValue(10);
    const QString atTop = cell(table()->rowAt(0), ActivityModel::What);
    appendMany(37);
    appended();
    QCOMPARE(cell(table()->rowAt(0), ActivityModel::What), atTop);
    QCOMPARE(table()->model()->rowCount(), 60);
    QVERIFY(the("activity.new")->isVisible());
    QCOMPARE(the<QAbstractButton>("activity.new")->text(), QStringLiteral("37 new"));
    QTest::mouseClick(the("activity.new"), Qt::LeftButton);
    QCOMPARE(table()->model()->rowCount(), 97);
    QCOMPARE(table()->verticalScrollBar()->value(), 0);
    QVERIFY(!the("activity.new")->isVisible());
}

void tst_ActivityPage::manyAppendsAreReadOnce()
{
    makePage();
    QSignalSpy resets(table()->model(), &QAbstractItemModel::modelReset);
    for (int i = 0; i < 50; ++i)
        Q_EMIT m_desk->logAppended(i);
    QCOMPARE(resets.size(), 0);
    m_log->clock.advance(100ms);
    QCOMPARE(resets.size(), 1);
}

void tst_ActivityPage::aHiddenPageReadsNothing()
{
    makePage();
    m_page->hide();
    QSignalSpy resets(table()->model(), &QAbstractItemModel::modelReset);
    QVERIFY(m_log->wholeCall());
    appended();
    QCOMPARE(resets.size(), 0);
    m_page->show();
    QCOMPARE(table()->model()->rowCount(), 1);
}

void tst_ActivityPage::aShownCallChangesItsResultInPlace()
{
    const ToolCallPtr call = m_log->call();
    append(call);
    QVERIFY(m_log->settle());
    makePage();
    table()->selectRow(0);
    QVERIFY(the("activity.detail.answer")->isVisible());
    QVERIFY(m_log->authorise(call));
    m_log->log->finish(call, {CallOutcome::Kind::Failed, QStringLiteral("409"), 0, {}, 40ms}, {});
    QVERIFY(m_log->settle());
    appended();
    QCOMPARE(cell(0, ActivityModel::Result), QStringLiteral("Failed: 409"));
    QVERIFY(!the("activity.detail.answer")->isVisible());
    QVERIFY(texts().contains(QStringLiteral("Failed after 40 ms")));
}

void tst_ActivityPage::aFilterAsksTheLog()
{
    QVERIFY(m_log->wholeCall());
    appendMany(5);
    makePage();
    QCOMPARE(table()->model()->rowCount(), 6);
    QTest::mouseClick(the("activity.filter.decision"), Qt::LeftButton);
    auto *menu = the<QMenu>("activity.filter.decision.menu");
    QVERIFY(menu);
    menu->actions().at(1)->trigger();
    QCOMPARE(table()->model()->rowCount(), 1);
    QCOMPARE(the<QAbstractButton>("activity.filter.decision")->text(), QStringLiteral("Decision: Allowed"));
    menu->actions().at(2)->trigger();
    QVERIFY(!table()->isVisible());
    menu->actions().at(0)->trigger();
    QCOMPARE(table()->model()->rowCount(), 6);
    QVERIFY(!the<QAbstractButton>("activity.filter.decision")->isChecked());
    menu->close();
}

void tst_ActivityPage::theStoryOfACallIsToldRowByRow()
{
    QVERIFY(m_log->wholeCall());
    makePage();
    table()->selectRow(0);
    QVERIFY(the("activity.detail")->isVisible());
    const QStringList told = texts();
    for (const char *text : {"From Cursor", "bridge, /usr/bin/cursor, pid 4711 (not verified)", "Allowed by you after 2.5 s", "looks right",
                             "Done in 40 ms", "12 bytes of answer", "to https://mcp.stripe.com:443"})
        QVERIFY2(told.contains(QString::fromLatin1(text)), text);
    QVERIFY(the<QLabel>("activity.detail.chain")->text().startsWith(QStringLiteral("Rows 2 to ")));
}

void tst_ActivityPage::argumentsAreShownByteForByte()
{
    const QByteArray bytes = "{ \"b\" : 1e2,\t\"a\":\"\\u00e9\"}";
    QVERIFY(m_log->wholeCall(bytes));
    makePage();
    table()->selectRow(0);
    QCOMPARE(the<BytesView>("activity.detail.arguments")->bytes(), bytes);
    QVERIFY(texts().filter(QStringLiteral("bytes, sha256")).size() == 1);
}

void tst_ActivityPage::argumentsWithASecretSaySo()
{
    QVERIFY(m_log->wholeCall("{\"password\":\"correct horse battery\"}"));
    makePage();
    table()->selectRow(0);
    QVERIFY(!the<BytesView>("activity.detail.arguments")->bytes().contains("horse"));
    QCOMPARE(texts().filter(QStringLiteral("secrets left out, sha256")).size(), 1);
}

void tst_ActivityPage::arrowsAndEnterOpenTheDetail()
{
    appendMany(3);
    makePage();
    QVERIFY(!the("activity.detail")->isVisible()); // the focus alone opens nothing
    table()->setFocus();
    QVERIFY(!the("activity.detail")->isVisible());
    QTest::keyClick(table(), Qt::Key_Return);
    QCOMPARE(the<QLabel>("activity.detail.title")->text(), QStringLiteral("tool_2"));
    QTest::keyClick(table(), Qt::Key_Down);
    QCOMPARE(the<QLabel>("activity.detail.title")->text(), QStringLiteral("tool_1"));
    QVERIFY(m_page->leave());
    QTest::keyClick(table(), Qt::Key_Down);
    QVERIFY(the("activity.detail")->isVisible());
}

void tst_ActivityPage::escapeClosesTheDetail()
{
    QVERIFY(m_log->wholeCall());
    makePage();
    QVERIFY(!m_page->leave());
    table()->selectRow(0);
    QVERIFY(m_page->leave());
    QVERIFY(!the("activity.detail")->isVisible());
    table()->selectRow(0);
    QTest::mouseClick(the("activity.detail.close"), Qt::LeftButton);
    QVERIFY(!the("activity.detail")->isVisible());
}

void tst_ActivityPage::hostileNamesStayPlain()
{
    const QString hostile = QStringLiteral("<b>x</b>\u202Egnp\n%1") + QString(100'000, QLatin1Char('W'));
    append(m_log->call("{}", hostile));
    QVERIFY(m_log->settle());
    makePage();
    table()->selectRow(0);
    m_page->grab();
    QVERIFY(!cell(0, ActivityModel::What).contains(QChar(0x202E)));
    QVERIFY(!cell(0, ActivityModel::What).contains(QLatin1Char('\n')));
    QVERIFY(cell(0, ActivityModel::What).size() < 300);
    for (const QLabel *label : m_page->findChildren<QLabel *>()) {
        QCOMPARE(label->textFormat(), Qt::PlainText);
        QVERIFY(label->text().size() < 1000);
        QVERIFY(!label->text().contains(QChar(0x202E)));
    }
}

void tst_ActivityPage::everythingHasANameForReaders()
{
    QVERIFY(m_log->wholeCall());
    makePage();
    table()->selectRow(0);
    QCOMPARE(table()->model()->index(0, 0).data(Qt::AccessibleTextRole).toString(),
             QStringLiteral("cursor, create_refund on stripe in PRODUCTION: You allowed"));
    for (const QWidget *part : m_page->findChildren<QWidget *>()) {
        if (part->focusPolicy() == Qt::NoFocus || !part->isVisible())
            continue;
        QVERIFY2(!part->objectName().isEmpty(), part->metaObject()->className());
        QVERIFY2(!part->accessibleName().isEmpty(), qPrintable(part->objectName()));
    }
}

COUNTERSIGN_TEST(tst_ActivityPage)
#include "tst_ActivityPage.moc"
