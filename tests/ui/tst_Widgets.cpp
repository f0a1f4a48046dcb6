// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/FakeClock.h"
#include "support/Runner.h"
#include "ui/theme/ThemeSource.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/FieldsView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include "ui/widgets/Tag.h"
#include "ui/widgets/Toast.h"
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace ui;
using std::chrono::milliseconds;

namespace {

// How many pixels of a picture have this colour.
int pixels(const QImage &image, const QColor &color)
{
    int count = 0;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x)
            count += image.pixelColor(x, y) == color;
    }
    return count;
}

} // namespace

class tst_Widgets : public QObject
{
    Q_OBJECT
    Theme m_theme;
private Q_SLOTS:
    void labelsNeverReadMarkup()
    {
        PlainLabel label(m_theme, QStringLiteral("<b>paid</b> & done"), Type::Body, Role::Text);
        QCOMPARE(label.textFormat(), Qt::PlainText);
        QCOMPARE(label.text(), QStringLiteral("<b>paid</b> & done"));
        QVERIFY(!label.openExternalLinks());
        PlainLabel other(m_theme, QStringLiteral("paid & done"), Type::Body, Role::Text);
        QVERIFY(label.sizeHint().width() > other.sizeHint().width());
    }
    void labelsElideAndKeepTheWholeInTheTooltip()
    {
        PlainLabel label(m_theme, QStringLiteral("Refund 50.00 USD to customer cus_NffrFeUfNV2Hib and some more"), Type::Body, Role::Text);
        label.resize(80, 20);
        label.show();
        QCOMPARE(label.toolTip(), label.text());
        QCOMPARE(label.accessibleName(), label.text());
        label.resize(2000, 20);
        QVERIFY(label.toolTip().isEmpty());
    }
    void labelsCutAtTheirLines()
    {
        PlainLabel label(m_theme, QString(QStringLiteral("word ")).repeated(200), Type::Sentence, Role::Text);
        label.setMaxLines(3);
        const int line = QFontMetrics(label.font()).height();
        QVERIFY(label.heightForWidth(300) >= 3 * line - 3);
        QVERIFY(label.heightForWidth(300) < 4 * line);
        label.setMaxLines(0);
        QVERIFY(label.heightForWidth(300) > 10 * line);
    }
    void centredLabelsCentreEachLine()
    {
        PlainLabel label(m_theme, QStringLiteral("a line that is rather long\nx"), Type::Body, Role::Text);
        label.setMaxLines(0);
        label.setAlignment(Qt::AlignHCenter);
        label.resize(400, 60);
        const int line = QFontMetrics(label.font()).height();
        const QImage second = label.grab().toImage().copy(0, line + 4, 400, line);
        QCOMPARE(pixels(second.copy(0, 0, 150, line), m_theme.color(Role::Text)), 0);
        // Thin letters of some fonts have no pixel of the full colour: the letter is what is not empty.
        QVERIFY(pixels(second.copy(170, 0, 60, line), second.pixelColor(0, 0)) < 60 * line);
    }
    void labelsStartAtTheLeftAlsoWithRightToLeftWords()
    {
        PlainLabel label(m_theme, QStringLiteral("שלום abc"), Type::Body, Role::Text);
        label.resize(600, 24);
        const QImage image = label.grab().toImage();
        QVERIFY(pixels(image.copy(0, 0, 200, 24), m_theme.color(Role::Text)) > 0);
        QCOMPARE(pixels(image.copy(300, 0, 300, 24), m_theme.color(Role::Text)), 0);
    }
    void hiddenCharactersAreVioletInLabels()
    {
        PlainLabel plain(m_theme, QStringLiteral("yearly"), Type::Body, Role::Text);
        PlainLabel marked(m_theme, QStringLiteral("year\u200Bly"), Type::Body, Role::Text);
        plain.resize(300, 24);
        marked.resize(300, 24);
        QCOMPARE(pixels(plain.grab().toImage(), m_theme.color(Role::MarkBg)), 0);
        QVERIFY(pixels(marked.grab().toImage(), m_theme.color(Role::MarkBg)) > 50);
        QCOMPARE(marked.accessibleName(), QStringLiteral("year zero width space ly"));
    }
    void bannersDifferInWordColourAndPattern()
    {
        QList<QImage> images;
        for (const auto look : {EnvLook::Sandbox, EnvLook::Staging, EnvLook::Production}) {
            EnvBanner banner(m_theme);
            banner.setEnvironment(look, QStringLiteral("WORD"), QStringLiteral("Acme"), QStringLiteral("sk_ ··· 7Qm2"));
            banner.resize(600, banner.sizeHint().height());
            QCOMPARE(banner.accessibleName(), QStringLiteral("Environment WORD, account Acme, key sk_ ··· 7Qm2"));
            const QImage image = banner.grab().toImage();
            // The pattern's colour is in the middle and nowhere behind the words.
            const QColor pattern = m_theme.color(Theme::banner(look).pattern);
            QVERIFY(pixels(image.copy(200, 0, 200, 40), pattern) > 100);
            if (look != EnvLook::Sandbox)
                QCOMPARE(pixels(image.copy(0, 0, 100, 40), pattern), 0);
            QVERIFY(pixels(image, m_theme.color(Theme::banner(look).background)) > 5000);
            images.append(image.convertToFormat(QImage::Format_Grayscale8));
        }
        QVERIFY(images[0] != images[1] && images[1] != images[2] && images[0] != images[2]);
    }
    void shapesHaveNoMarkBelowFourteenPixels()
    {
        EnvShape large(m_theme, EnvLook::Production, 20), small(m_theme, EnvLook::Production, 12);
        QVERIFY(pixels(large.grab().toImage(), m_theme.color(Role::Surface)) > 5);
        QCOMPARE(pixels(small.grab().toImage(), m_theme.color(Role::Surface)), 0);
        QVERIFY(large.accessibleName().isEmpty());
    }
    void aMebibyteOnOneLineIsIndexedOnce()
    {
        BytesView view(m_theme);
        view.resize(600, 400);
        view.show();
        const QByteArray bytes = "{\"x\":\"" + QByteArray(1024 * 1024, 'a') + "\"}";
        QElapsedTimer timer;
        timer.start();
        view.setBytes(bytes);
        view.grab();
        qInfo("1 MiB on one line: %lld ms", timer.elapsed());
        QVERIFY(view.rows() > 10'000);
        QCOMPARE(view.bytes(), bytes);
        // The rows cover the bytes without a gap: each starts after the one before, the first at 0.
        QCOMPARE(view.rowStart(0), 0);
        for (int row = 1; row < view.rows(); ++row)
            QVERIFY(view.rowStart(row) > view.rowStart(row - 1));
        view.selectAll();
        QCOMPARE(view.selectedBytes(), bytes);
    }
    void bytesBreakAtLineEndsAndCopyAsTheyAre()
    {
        BytesView view(m_theme);
        view.resize(600, 400);
        view.setBytes("{\n \"a\": \"x\xE2\x80\x8By\"\n}");
        QCOMPARE(view.rows(), 3);
        QCOMPARE(view.rowStart(1), 2);
        QVERIFY(pixels(view.grab().toImage(), m_theme.color(Role::MarkBg)) > 20);
        view.copy();
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("{\n \"a\": \"x\u200By\"\n}"));
        QVERIFY(view.find(QStringLiteral("\u200By")));
        QCOMPARE(view.selectedBytes(), QByteArray("\xE2\x80\x8By"));
        QVERIFY(!view.find(QStringLiteral("absent")));
    }
    void bytesThatAreNoTextAreShownAsNumbers()
    {
        BytesView view(m_theme);
        view.resize(600, 400);
        view.setBytes("a\xFF\xC0z");
        QCOMPARE(view.rows(), 1);
        QVERIFY(pixels(view.grab().toImage(), m_theme.color(Role::MarkBg)) > 40);
        view.setBytes({});
        QCOMPARE(view.rows(), 0);
        view.grab();
    }
    void readersWalkTheBytesAsText()
    {
        BytesView view(m_theme);
        view.setBytes("{\"a\":1}");
        QAccessibleInterface *interface = QAccessible::queryAccessibleInterface(&view);
        QVERIFY(interface && interface->textInterface());
        QCOMPARE(interface->textInterface()->characterCount(), 7);
        QCOMPARE(interface->textInterface()->text(1, 4), QStringLiteral("\"a\""));
        QVERIFY(interface->state().readOnly);
    }
    void findGoesRoundAndScrolls()
    {
        BytesView view(m_theme);
        view.resize(400, 200);
        view.show();
        view.setBytes("first " + QByteArray(20'000, '.') + " first");
        QVERIFY(view.find(QStringLiteral("first")));
        QCOMPARE(view.verticalScrollBar()->value(), 0);
        QVERIFY(view.find(QStringLiteral("first")));
        QVERIFY(view.verticalScrollBar()->value() > 0);
        QVERIFY(view.find(QStringLiteral("first")));
        QCOMPARE(view.verticalScrollBar()->value(), 0);
    }
    void longValuesFoldAndOpen()
    {
        FieldsView view(m_theme);
        view.resize(600, 300);
        view.show();
        view.setFields(
            {{QStringLiteral("amount"), QStringLiteral("5000"), QStringLiteral("integer"), true, false, {}},
             {QStringLiteral("text"), QString(QStringLiteral("line\n")).repeated(31), QStringLiteral("155 characters"), false, false, {}}});
        QVERIFY(!view.isFolded(0));
        QVERIFY(view.isFolded(1));
        QVERIFY(view.fits());
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_Down);
        QCOMPARE(view.current(), 1);
        QTest::keyClick(&view, Qt::Key_Return);
        QVERIFY(!view.isFolded(1));
        QVERIFY(!view.fits());
        QVERIFY(view.accessibleDescription().contains(QStringLiteral("text is line")));
    }
    void valuesShowTheirMarks()
    {
        FieldsView view(m_theme);
        view.resize(600, 200);
        view.show();
        view.setFields({{QStringLiteral("a"), QStringLiteral("b\u202Ec"), {}, false, false, {}}});
        QVERIFY(pixels(view.viewport()->grab().toImage(), m_theme.color(Role::MarkBg)) > 50);
    }
    void manyFieldsEndWithMore()
    {
        FieldsView view(m_theme);
        view.resize(600, 200);
        view.show();
        QList<FieldsView::Field> fields;
        for (int index = 0; index < 500; ++index)
            fields.append({QStringLiteral("rules[%1].name").arg(index), QStringLiteral("value"), {}, false, false, {}});
        view.setFields(fields);
        view.setMoreText(QStringLiteral("show all 2 140"));
        QSignalSpy more(&view, &FieldsView::moreChosen);
        view.setFocus();
        QTest::keyClick(&view, Qt::Key_End);
        QTest::keyClick(&view, Qt::Key_Return);
        QCOMPARE(more.size(), 1);
        QCOMPARE(view.verticalScrollBar()->value(), view.verticalScrollBar()->maximum());
        QVERIFY(view.find(QStringLiteral("rules[3].")));
        QCOMPARE(view.current(), 3);
    }
    void countdownsTickOnlyWhileSeen()
    {
        FakeClock clock;
        SecondTicker ticker(clock);
        QWidget window;
        Countdown countdown(m_theme, ticker, &window);
        countdown.setDeadline(clock.wall() + milliseconds(252'000));
        QCOMPARE(countdown.text(), QStringLiteral("4:12"));
        QVERIFY(!ticker.isRunning());
        window.show();
        QVERIFY(ticker.isRunning());
        clock.advance(milliseconds(2000));
        QCOMPARE(countdown.text(), QStringLiteral("4:10"));
        window.hide();
        clock.advance(milliseconds(2000));
        QVERIFY(!ticker.isRunning());
        QCOMPARE(countdown.text(), QStringLiteral("4:10"));
        window.show();
        QCOMPARE(countdown.text(), QStringLiteral("4:08"));
    }
    void countdownsStopAndSpeakInMinutes()
    {
        FakeClock clock;
        SecondTicker ticker(clock);
        Countdown countdown(m_theme, ticker);
        countdown.setWording([](const QString &time) { return time + QStringLiteral(" to decide"); });
        countdown.setDeadline(clock.wall() + milliseconds(61'000));
        countdown.show();
        QCOMPARE(countdown.text(), QStringLiteral("1:01 to decide"));
        QCOMPARE(countdown.accessibleName(), QStringLiteral("2 minutes left"));
        countdown.stopAt(milliseconds(45'000));
        clock.advance(milliseconds(10'000));
        QCOMPARE(countdown.text(), QStringLiteral("0:45 to decide"));
        countdown.setDeadline(clock.wall() + milliseconds(20'000));
        QCOMPARE(countdown.accessibleName(), QStringLiteral("less than 30 seconds left"));
    }
    void timesReadAsTimes()
    {
        QCOMPARE(countdownText(milliseconds(0)), QStringLiteral("0:00"));
        QCOMPARE(countdownText(milliseconds(-5)), QStringLiteral("0:00"));
        QCOMPARE(countdownText(milliseconds(1)), QStringLiteral("0:01"));
        QCOMPARE(countdownText(milliseconds(59'999)), QStringLiteral("1:00"));
        QCOMPARE(countdownText(milliseconds(3'900'000)), QStringLiteral("1 h 05 min"));
    }
    void segmentsAreOneChoiceAndArrowKeysMoveIt()
    {
        Segmented segments(m_theme, QStringLiteral("env.unlock.minutes"),
                           {QStringLiteral("5"), QStringLiteral("15"), QStringLiteral("60")});
        segments.show();
        segments.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&segments));
        segments.setCurrent(1);
        QSignalSpy changed(&segments, &Segmented::currentChanged);
        auto *middle = segments.findChild<QWidget *>(QStringLiteral("env.unlock.minutes.1"));
        QVERIFY(middle);
        middle->setFocus();
        QTest::keyClick(middle, Qt::Key_Right);
        QCOMPARE(segments.current(), 2);
        QCOMPARE(changed.size(), 1);
    }
    void toastsGoAfterEightSeconds()
    {
        FakeClock clock;
        QWidget window;
        window.resize(400, 300);
        Toast toast(m_theme, clock, &window);
        window.show();
        toast.say(QStringLiteral("Rule saved"));
        QVERIFY(toast.isVisible());
        clock.advance(milliseconds(7000));
        toast.say(QStringLiteral("Rule saved again"));
        clock.advance(milliseconds(7000));
        QVERIFY(toast.isVisible());
        clock.advance(milliseconds(1000));
        QVERIFY(!toast.isVisible());
    }
    void emptyStatesHaveTheirActions()
    {
        EmptyState empty(m_theme, QStringLiteral("approvals"), QStringLiteral("Nothing waits for you"),
                         QStringLiteral("Calls that need you appear here."));
        Button *button = empty.addButton(QStringLiteral("approvals.try"), QStringLiteral("Send a test call"), Button::Kind::Primary);
        empty.resize(700, 500);
        empty.show();
        QSignalSpy clicked(button, &QAbstractButton::clicked);
        QTest::mouseClick(button, Qt::LeftButton);
        QCOMPARE(clicked.size(), 1);
        empty.setContent(QStringLiteral("pause"), QStringLiteral("Paused"), {});
        QCOMPARE(empty.title(), QStringLiteral("Paused"));
    }
    void notesTagsAndChipsTakeForeignTextAsText()
    {
        Note note(m_theme, Note::Kind::Caution);
        note.setText(QStringLiteral("1 invisible character"), QStringLiteral("in <i>description</i>"));
        QCOMPARE(note.text(), QStringLiteral("1 invisible character in <i>description</i>"));
        Tag tag(m_theme, QStringLiteral("a\u200Bb"));
        QCOMPARE(tag.text(), QStringLiteral("a[U+200B]b"));
        Chip chip(m_theme, QStringLiteral("A & B"));
        QCOMPARE(chip.accessibleName(), QStringLiteral("A & B"));
        QVERIFY(chip.shortcut().isEmpty());
    }
    void everyWidgetFollowsTheThemeWithoutBeingTold()
    {
        ThemeSource source(ThemeSource::Choice::Light);
        EnvBanner banner(source.theme());
        banner.setEnvironment(EnvLook::Production, QStringLiteral("PRODUCTION"));
        banner.resize(400, 44);
        banner.show();
        QVERIFY(pixels(banner.grab().toImage(), Theme(Theme::Kind::Light).color(Role::ProductionSolid)) > 1000);
        source.choose(ThemeSource::Choice::Contrast);
        QVERIFY(pixels(banner.grab().toImage(), Theme(Theme::Kind::Contrast).color(Role::ProductionSolid)) > 1000);
        QCOMPARE(pixels(banner.grab().toImage(), Theme(Theme::Kind::Light).color(Role::ProductionSolid)), 0);
    }
};

COUNTERSIGN_TEST(tst_Widgets)
#include "tst_Widgets.moc"
