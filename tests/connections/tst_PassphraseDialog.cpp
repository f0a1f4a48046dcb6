// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "support/WindowBench.h"
#include "ui/connections/PassphraseDialog.h"
#include "ui/widgets/SecretField.h"
#include <QAccessible>
#include <QPointer>
#include <QSignalSpy>

using namespace ui;
using mcpcore::Error;
using mcpcore::failure;
using mcpcore::Result;
using mcpcore::Secret;

namespace {

const QByteArray kGiven("correct CANARY horse");

// The dialog in front, over something that keeps what it was given and answers when the test says.
struct Bench {
    explicit Bench(PassphraseDialog::For what = PassphraseDialog::For::OpenFile)
    {
        const auto use = [this](Secret passphrase, std::function<void(Result<>)> done) {
            given.append(QByteArray(passphrase.reveal().data(), qsizetype(passphrase.reveal().size())));
            answer = std::move(done);
        };
        dialog = new PassphraseDialog(theme, what, use, &window);
        QObject::connect(dialog, &QDialog::accepted, &window, [this] { ++accepted; });
        QObject::connect(dialog, &QDialog::rejected, &window, [this] { ++rejected; });
        window.show();
        dialog->open();
        dialog->activateWindow();
        [&] { QVERIFY(QTest::qWaitForWindowActive(dialog)); }();
    }
    template <typename Widget = QWidget> Widget *the(const char *name)
    {
        auto *found = dialog->findChild<Widget *>(QLatin1String(name));
        if (!found)
            qFatal("There is no %s", name);
        return found;
    }
    void type(const char *field, const QByteArray &text) { QTest::keyClicks(the(field), QString::fromLatin1(text)); }
    void press(const char *button) { QTest::mouseClick(the<QAbstractButton>(button), Qt::LeftButton); }
    QString message() { return the("passphrase.message")->isVisible() ? the<QLabel>("passphrase.message")->text() : QString(); }
    bool isEmpty(const char *field) { return the<SecretField>(field)->isEmpty(); }

    Theme theme;
    QWidget window;
    QPointer<PassphraseDialog> dialog;
    QList<QByteArray> given;
    std::function<void(Result<>)> answer;
    int accepted = 0, rejected = 0;
};

// Everything of a widget that other programs of the desktop, or a log of widgets, could read.
QStringList readable(QWidget &widget)
{
    QStringList texts;
    for (int at = 0; at < widget.metaObject()->propertyCount(); ++at)
        texts.append(widget.metaObject()->property(at).read(&widget).toString());
    if (QAccessibleInterface *face = QAccessible::queryAccessibleInterface(&widget)) {
        for (const auto kind :
             {QAccessible::Name, QAccessible::Description, QAccessible::Value, QAccessible::Help, QAccessible::Accelerator})
            texts.append(face->text(kind));
        if (QAccessibleTextInterface *text = face->textInterface())
            texts.append(text->text(0, text->characterCount()));
        if (QAccessibleValueInterface *value = face->valueInterface())
            texts.append(value->currentValue().toString());
    }
    return texts;
}

} // namespace

// Where the passphrase of the key file is given.
class tst_PassphraseDialog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingIsAskedBeforeSomethingIsTyped()
    {
        Bench bench;
        QVERIFY(bench.the("passphrase.field")->hasFocus());
        QVERIFY(!bench.the("passphrase.open")->isEnabled());
        QTest::keyClick(bench.the("passphrase.field"), Qt::Key_Return);
        QCOMPARE(bench.given.size(), 0);
        QCOMPARE(faultsOf(*bench.dialog).join(QLatin1Char(';')), QString());
    }
    void theRightOneClosesIt_data()
    {
        QTest::addColumn<bool>("enter");
        QTest::newRow("Enter") << true;
        QTest::newRow("the button") << false;
    }
    void theRightOneClosesIt()
    {
        QFETCH(bool, enter);
        Bench bench;
        bench.type("passphrase.field", kGiven);
        if (enter)
            QTest::keyClick(bench.the("passphrase.field"), Qt::Key_Return);
        else
            bench.press("passphrase.open");
        QCOMPARE(bench.given, QList<QByteArray>{kGiven});
        QCOMPARE(bench.message(), QStringLiteral("Opening it takes a moment."));
        bench.answer({});
        QCOMPARE(bench.accepted, 1);
        QTRY_VERIFY(!bench.dialog); // it deletes itself
    }
    void aWrongOneIsSaidAndAskedForAgain()
    {
        Bench bench;
        bench.type("passphrase.field", "not this one");
        bench.press("passphrase.open");
        QVERIFY(!bench.the("passphrase.field")->isEnabled());
        bench.answer(failure(Error::Kind::InvalidArgument, QStringLiteral("This is not the passphrase of the key file.")));
        QCOMPARE(bench.accepted, 0);
        QVERIFY(bench.dialog->isVisible());
        QCOMPARE(bench.message(), QStringLiteral("This is not the passphrase of the key file."));
        QVERIFY(bench.isEmpty("passphrase.field"));
        QVERIFY(bench.the("passphrase.field")->hasFocus());
        QVERIFY(!bench.the("passphrase.open")->isEnabled());
        bench.type("passphrase.field", kGiven);
        bench.press("passphrase.open");
        QCOMPARE(bench.given.last(), kGiven);
        bench.answer({});
        QCOMPARE(bench.accepted, 1);
    }
    void whileItIsTriedItIsNotGivenTwice()
    {
        Bench bench;
        bench.type("passphrase.field", kGiven);
        bench.press("passphrase.open");
        bench.press("passphrase.open");
        QTest::keyClick(bench.the("passphrase.field"), Qt::Key_Return);
        QCOMPARE(bench.given.size(), 1);
    }
    void leavingItForLaterGivesNothing_data()
    {
        QTest::addColumn<bool>("escape");
        QTest::newRow("Esc") << true;
        QTest::newRow("the button") << false;
    }
    void leavingItForLaterGivesNothing()
    {
        QFETCH(bool, escape);
        Bench bench;
        bench.type("passphrase.field", kGiven);
        if (escape)
            QTest::keyClick(bench.dialog, Qt::Key_Escape);
        else
            bench.press("passphrase.later");
        QCOMPARE(bench.rejected, 1);
        QCOMPARE(bench.given.size(), 0);
        QTRY_VERIFY(!bench.dialog);
    }
    void anAnswerAfterItWasClosedIsNotLookedFor()
    {
        Bench bench;
        bench.type("passphrase.field", kGiven);
        bench.press("passphrase.open");
        QTest::keyClick(bench.dialog, Qt::Key_Escape);
        QTRY_VERIFY(!bench.dialog);
        bench.answer(failure(Error::Kind::InvalidArgument, QStringLiteral("Too late.")));
        QCOMPARE(bench.accepted, 0);
    }
    void aNewOneIsGivenTwice()
    {
        Bench bench(PassphraseDialog::For::NewFile);
        QCOMPARE(bench.the<QLabel>("passphrase.title")->text(), QStringLiteral("Passphrase for a new key file"));
        bench.type("passphrase.field", kGiven);
        QVERIFY(!bench.the("passphrase.open")->isEnabled());
        QTest::keyClick(bench.the("passphrase.field"), Qt::Key_Return);
        QVERIFY(bench.the("passphrase.again")->hasFocus());
        QCOMPARE(bench.given.size(), 0);
        bench.type("passphrase.again", kGiven);
        QTest::keyClick(bench.the("passphrase.again"), Qt::Key_Return);
        QCOMPARE(bench.given, QList<QByteArray>{kGiven});
        QCOMPARE(bench.message(), QStringLiteral("Moving the keys takes a moment."));
        QCOMPARE(faultsOf(*bench.dialog).join(QLatin1Char(';')), QString());
    }
    void twoThatAreNotTheSameGoNowhere_data()
    {
        QTest::addColumn<QByteArray>("again");
        QTest::newRow("another") << QByteArray("correct CANARY house");
        QTest::newRow("a part of it") << kGiven.chopped(1);
        QTest::newRow("with more") << kGiven + ' ';
        QTest::newRow("in other letters") << kGiven.toLower();
    }
    void twoThatAreNotTheSameGoNowhere()
    {
        QFETCH(QByteArray, again);
        Bench bench(PassphraseDialog::For::NewFile);
        bench.type("passphrase.field", kGiven);
        bench.type("passphrase.again", again);
        bench.press("passphrase.open");
        QCOMPARE(bench.given.size(), 0);
        QCOMPARE(bench.message(), QStringLiteral("The two are not the same. Give the passphrase twice again."));
        QVERIFY(bench.isEmpty("passphrase.field") && bench.isEmpty("passphrase.again"));
        QVERIFY(bench.the("passphrase.field")->hasFocus());
        QVERIFY(!bench.the("passphrase.open")->isEnabled());
    }
    void noWidgetAndNoAccessibleObjectGivesItAway()
    {
        Bench bench(PassphraseDialog::For::NewFile);
        bench.type("passphrase.field", kGiven);
        bench.type("passphrase.again", kGiven);
        const auto look = [&bench] {
            QList<QWidget *> widgets = bench.dialog->findChildren<QWidget *>();
            widgets.append(bench.dialog);
            QStringList all;
            for (QWidget *widget : std::as_const(widgets))
                all += readable(*widget);
            return all.filter(QStringLiteral("CANARY"));
        };
        QCOMPARE(look(), QStringList());
        bench.press("passphrase.open");
        bench.answer(failure(Error::Kind::InvalidArgument, QStringLiteral("A passphrase needs at least 8 characters.")));
        QCOMPARE(look(), QStringList());
        // That they are readable at all: what a person is told is found the same way.
        QVERIFY(!readable(*bench.the("passphrase.message")).filter(QStringLiteral("8 characters")).isEmpty());
        QAccessibleInterface *field = QAccessible::queryAccessibleInterface(bench.the("passphrase.field"));
        QVERIFY(field && field->state().passwordEdit);
    }
};

COUNTERSIGN_TEST(tst_PassphraseDialog)
#include "tst_PassphraseDialog.moc"
