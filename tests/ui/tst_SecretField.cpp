// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/theme/ThemeSource.h"
#include "ui/widgets/SecretField.h"
#include <QAccessible>
#include <QApplication>
#include <QClipboard>
#include <QLineEdit>
#include <QMimeData>
#include <QShortcut>
#include <QSignalSpy>
#include <QVBoxLayout>

using namespace ui;

namespace {

// A shown window with the field, which has the focus, and another one.
struct Bench {
    Bench()
    {
        auto *layout = new QVBoxLayout(&window);
        layout->addWidget(&field);
        layout->addWidget(&other);
        window.show();
        window.activateWindow();
        active = QTest::qWaitForWindowActive(&window);
        field.setFocus();
    }
    void paste(const QString &text)
    {
        QApplication::clipboard()->setText(text);
        QTest::keyClick(&field, Qt::Key_V, Qt::ControlModifier);
    }
    // QTest knows the keys of ASCII only.
    void type(const QString &text)
    {
        for (const QChar c : text) {
            QKeyEvent press(QEvent::KeyPress, 0, Qt::NoModifier, QString(c));
            QApplication::sendEvent(&field, &press);
        }
    }
    QByteArray take()
    {
        const mcpcore::Secret secret = field.take();
        return QByteArray(secret.reveal().data(), qsizetype(secret.reveal().size()));
    }
    QImage picture() { return field.grab().toImage(); }

    ThemeSource themes{ThemeSource::Choice::Light};
    QWidget window;
    SecretField field{themes.theme(), QStringLiteral("Key of stripe in sandbox")};
    QLineEdit other;
    bool active = false;
};

} // namespace

class tst_SecretField : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsTypedIsTakenOnce()
    {
        Bench bench;
        QVERIFY(bench.active);
        QSignalSpy changed(&bench.field, &SecretField::changed);
        QTest::keyClicks(&bench.field, QStringLiteral("rk_test_A"));
        bench.type(QStringLiteral("é日"));
        QCOMPARE(changed.size(), 11);
        QVERIFY(!bench.field.isEmpty());
        QCOMPARE(bench.take(), QByteArray("rk_test_A\xc3\xa9\xe6\x97\xa5"));
        QVERIFY(bench.field.isEmpty());
        QCOMPARE(changed.size(), 12);
        QCOMPARE(bench.take(), QByteArray());
        QCOMPARE(changed.size(), 12);
    }
    void backspaceTakesOneCharacterWhole()
    {
        Bench bench;
        bench.type(QStringLiteral("aé日"));
        bench.paste(QStringLiteral("\U0001F511"));
        for (const char *left : {"a\xc3\xa9\xe6\x97\xa5", "a\xc3\xa9", "a", "", ""}) {
            QTest::keyClick(&bench.field, Qt::Key_Backspace);
            const QByteArray now = bench.take();
            QCOMPARE(now, QByteArray(left));
            bench.paste(QString::fromUtf8(now));
        }
    }
    void allIsRemovedOrReplacedAtOnce()
    {
        Bench bench;
        QTest::keyClicks(&bench.field, QStringLiteral("first"));
        QTest::keyClick(&bench.field, Qt::Key_U, Qt::ControlModifier);
        QVERIFY(bench.field.isEmpty());
        QTest::keyClicks(&bench.field, QStringLiteral("second"));
        QTest::keyClick(&bench.field, Qt::Key_Delete); // the end has nothing behind it
        QVERIFY(!bench.field.isEmpty());
        QTest::keyClick(&bench.field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClick(&bench.field, Qt::Key_Delete);
        QVERIFY(bench.field.isEmpty());
        QTest::keyClicks(&bench.field, QStringLiteral("third"));
        QTest::keyClick(&bench.field, Qt::Key_A, Qt::ControlModifier);
        QTest::keyClicks(&bench.field, QStringLiteral("xy"));
        QCOMPARE(bench.take(), QByteArray("xy"));
    }
    void aLineIsPastedWithoutItsEnd()
    {
        Bench bench;
        QSignalSpy refused(&bench.field, &SecretField::refused);
        bench.paste(QStringLiteral("rk_test_1\r\n"));
        QCOMPARE(bench.take(), QByteArray("rk_test_1"));
        bench.paste(QStringLiteral("two\nlines"));
        QVERIFY(bench.field.isEmpty());
        QCOMPARE(refused.size(), 1);
        bench.paste(QStringLiteral("bell\a"));
        QVERIFY(bench.field.isEmpty());
        QCOMPARE(refused.size(), 2);
        auto *picture = new QMimeData;
        picture->setData(QStringLiteral("image/png"), "rk_test_1");
        QApplication::clipboard()->setMimeData(picture);
        QTest::keyClick(&bench.field, Qt::Key_V, Qt::ControlModifier);
        QVERIFY(bench.field.isEmpty());
    }
    void whatDoesNotFitIsNotTakenAtAll()
    {
        Bench bench;
        QSignalSpy refused(&bench.field, &SecretField::refused);
        bench.paste(QString(8190, QLatin1Char('k')));
        bench.paste(QStringLiteral("123"));
        QCOMPARE(refused.size(), 1);
        QTest::keyClicks(&bench.field, QStringLiteral("12"));
        QCOMPARE(refused.size(), 1);
        QTest::keyClicks(&bench.field, QStringLiteral("3"));
        QCOMPARE(refused.size(), 2);
        QVERIFY(refused.first().first().toString().contains(QStringLiteral("8192")));
        QCOMPARE(bench.take(), QByteArray(8190, 'k') + "12");
    }
    void enterSubmitsAndLettersAreNoShortcuts()
    {
        Bench bench;
        int shortcuts = 0;
        for (const QKeySequence &keys : {QKeySequence(Qt::Key_A), QKeySequence(Qt::Key_Delete), QKeySequence(Qt::CTRL | Qt::Key_U)}) {
            auto *shortcut = new QShortcut(keys, &bench.window);
            QObject::connect(shortcut, &QShortcut::activated, &bench.field, [&shortcuts] { ++shortcuts; });
        }
        QSignalSpy submitted(&bench.field, &SecretField::submitted);
        QTest::keyClicks(&bench.field, QStringLiteral("aa"));
        QTest::keyClick(&bench.field, Qt::Key_Delete);
        QTest::keyClick(&bench.field, Qt::Key_Return);
        QCOMPARE(submitted.size(), 1);
        QCOMPARE(bench.take(), QByteArray("aa"));
        QTest::keyClick(&bench.field, Qt::Key_U, Qt::ControlModifier);
        QCOMPARE(shortcuts, 0);
        bench.other.setFocus();
        QTest::keyClick(&bench.other, Qt::Key_Delete, Qt::NoModifier);
        QCOMPARE(shortcuts, 0); // the line edit takes it too
    }
    void nothingCanBeReadBack()
    {
        Bench bench;
        QTest::keyClicks(&bench.field, QStringLiteral("rk_test_canary"));
        QTest::keyClick(&bench.field, Qt::Key_A, Qt::ControlModifier);
        QApplication::clipboard()->setText(QStringLiteral("before"));
        QTest::keyClick(&bench.field, Qt::Key_C, Qt::ControlModifier);
        QTest::keyClick(&bench.field, Qt::Key_X, Qt::ControlModifier);
        QCOMPARE(QApplication::clipboard()->text(), QStringLiteral("before"));
        QTest::keyClick(&bench.field, Qt::Key_U, Qt::ControlModifier);
        QTest::keyClick(&bench.field, Qt::Key_Z, Qt::ControlModifier);
        QVERIFY(bench.field.isEmpty());
        QVERIFY(!bench.field.acceptDrops());
        QVERIFY(bench.field.inputMethodQuery(Qt::ImSurroundingText).toString().isEmpty());
        QVERIFY(bench.field.inputMethodHints().testFlag(Qt::ImhHiddenText));
    }
    void screenReadersHearItsNameAndNoValue()
    {
        Bench bench;
        QTest::keyClicks(&bench.field, QStringLiteral("rk_test_canary"));
        QAccessibleInterface *reader = QAccessible::queryAccessibleInterface(&bench.field);
        QVERIFY(reader);
        QCOMPARE(reader->role(), QAccessible::EditableText);
        QVERIFY(reader->state().passwordEdit);
        QCOMPARE(reader->text(QAccessible::Name), QStringLiteral("Key of stripe in sandbox"));
        QCOMPARE(reader->text(QAccessible::Value), QString());
        QVERIFY(!reader->textInterface());
    }
    void itShowsDotsThatAreTheSameForAllLetters()
    {
        Bench bench;
        const QImage empty = bench.picture();
        QTest::keyClicks(&bench.field, QStringLiteral("iiii"));
        const QImage narrow = bench.picture();
        QVERIFY(narrow != empty);
        (void)bench.field.take();
        QTest::keyClicks(&bench.field, QStringLiteral("WWWW"));
        QCOMPARE(bench.picture(), narrow);
        (void)bench.field.take();
        QCOMPARE(bench.picture(), empty);
    }
    void anInputMethodMayCommit()
    {
        Bench bench;
        QInputMethodEvent event(QStringLiteral("pre"), {});
        event.setCommitString(QStringLiteral("é"));
        QApplication::sendEvent(&bench.field, &event);
        QCOMPARE(bench.take(), QByteArray("\xc3\xa9"));
    }
};

COUNTERSIGN_TEST(tst_SecretField)
#include "tst_SecretField.moc"
