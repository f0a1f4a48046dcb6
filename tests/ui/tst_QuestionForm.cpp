// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/QuestionBench.h"
#include "ui/widgets/Note.h"
#include <QApplication>
#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QWheelEvent>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;
using FieldType = QuestionField::Type;
using Value = QuestionField::Value;

// The fields of a server's question: what they answer, what they never answer.
class tst_QuestionForm : public QuestionBench
{
    Q_OBJECT
private Q_SLOTS:
    void everyTypeOfFieldGivesItsValue();
    void whatIsLeftEmptyIsNotAnswered();
    void presetsAreFilledIn();
    void aChosenThatIsTakenBackIsAnsweredAsNone();
    void aFieldThatLooksLikeASecretIsNeverAnswered();
    void withoutAKeyTheNoteDoesNotSayThereIsOne();
    void hiddenCharactersOfAPresetAreMarked();
    void theWheelChangesNoAnswer();
    void tabWalksThroughTheFieldsToAnswer();
};

void tst_QuestionForm::everyTypeOfFieldGivesItsValue()
{
    ask(samples::everything(*m_desk));
    QTest::keyClicks(the("ask.field.contact"), QStringLiteral("ana@example.com"));
    QTest::keyClicks(the("ask.field.days"), QStringLiteral("007"));
    QTest::keyClicks(the("ask.field.share"), QStringLiteral("0.5"));
    the<QAbstractButton>("ask.field.notify_owner.2")->click();
    QCOMPARE(the<QComboBox>("ask.field.region")->currentText(), QStringLiteral("Choose one"));
    QTest::keyClick(the("ask.field.region"), Qt::Key_Down);
    QTest::keyClick(the("ask.field.region"), Qt::Key_Down);
    for (const char *option : {"ask.field.scopes.2", "ask.field.scopes.0"})
        the<QCheckBox>(option)->click();
    pressAnswer();
    QCOMPARE(answered().size(), 6);
    QVERIFY(valueOf("contact") == Value(QStringLiteral("ana@example.com")));
    QVERIFY(valueOf("days") == Value(QStringLiteral("007"))); // as written: the desk says whether it is a number
    QVERIFY(valueOf("share") == Value(QStringLiteral("0.5")));
    QVERIFY(valueOf("notify_owner") == Value(true));
    QVERIFY(valueOf("region") == Value(QStringLiteral("us")));
    QVERIFY(valueOf("scopes") == Value(QStringList({QStringLiteral("read"), QStringLiteral("admin")})));
}

void tst_QuestionForm::whatIsLeftEmptyIsNotAnswered()
{
    ask(samples::everything(*m_desk));
    pressAnswer();
    QCOMPARE(m_desk->replies.size(), 1);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Accept);
    QVERIFY(m_desk->replies.first().answer.values.isEmpty());
}

void tst_QuestionForm::presetsAreFilledIn()
{
    Question question = m_desk->sampleQuestion();
    const QStringList two{QStringLiteral("a"), QStringLiteral("b")};
    question.fields = {
        samples::preset(samples::field("text"), QStringLiteral("as it was")),
        samples::preset(samples::field("count", FieldType::Integer), QStringLiteral("12")),
        samples::preset(samples::field("yes", FieldType::YesNo), true),
        samples::preset(samples::field("no", FieldType::YesNo), false),
        samples::preset(samples::chosenFrom(samples::field("one", FieldType::Choice), two), QStringLiteral("b")),
        samples::preset(samples::chosenFrom(samples::field("some", FieldType::Choices), two), QStringList{QStringLiteral("b")}),
        samples::preset(samples::chosenFrom(samples::field("strange", FieldType::Choice), two), QStringLiteral("c"))};
    ask(question);
    QCOMPARE(the<QComboBox>("ask.field.one")->currentText(), QStringLiteral("B"));
    pressAnswer();
    QCOMPARE(answered().size(), 6);
    QVERIFY(valueOf("text") == Value(QStringLiteral("as it was")));
    QVERIFY(valueOf("count") == Value(QStringLiteral("12")));
    QVERIFY(valueOf("yes") == Value(true));
    QVERIFY(valueOf("no") == Value(false));
    QVERIFY(valueOf("one") == Value(QStringLiteral("b")));
    QVERIFY(valueOf("some") == Value(QStringList{QStringLiteral("b")}));
    QVERIFY(!answered().contains(QStringLiteral("strange")));
}

void tst_QuestionForm::aChosenThatIsTakenBackIsAnsweredAsNone()
{
    ask(samples::preset(samples::chosenFrom(samples::field("some", FieldType::Choices), {QStringLiteral("a")}),
                        QStringList{QStringLiteral("a")}));
    the<QCheckBox>("ask.field.some.0")->click();
    pressAnswer();
    QVERIFY(valueOf("some") == Value(QStringList()));
}

void tst_QuestionForm::aFieldThatLooksLikeASecretIsNeverAnswered()
{
    Question question = samples::revocation(*m_desk);
    question.fields[2].preset = QStringLiteral("sk_live_1");
    ask(question);
    const auto *blocked = the("ask.field.operator_key");
    QVERIFY(!qobject_cast<const QLineEdit *>(blocked));
    QVERIFY(blocked->findChildren<QLineEdit *>().isEmpty());
    QCOMPARE(blocked->findChild<QLabel *>()->text(), QStringLiteral("Blocked: looks like a secret"));
    QVERIFY(shown("ask.secrets"));
    QCOMPARE(accept()->accessibleName(), QStringLiteral("Answer without operator_key"));
    pressAnswer();
    QCOMPARE(answered().size(), 2);
    QVERIFY(valueOf("reason") == Value(QStringLiteral("Agent retired, ticket OPS-2214")));
    QVERIFY(valueOf("notify_owner") == Value(false));
}

void tst_QuestionForm::withoutAKeyTheNoteDoesNotSayThereIsOne()
{
    ask(samples::secret("password"));
    QVERIFY(!the<Note>("ask.secrets")->text().contains(QStringLiteral("has your key")));
    m_desk->space.keys.append({{QStringLiteral("k")},
                               {QStringLiteral("stack")},
                               {QStringLiteral("sandbox")},
                               {},
                               {},
                               {},
                               QStringLiteral("sk_"),
                               QStringLiteral("1234"),
                               {},
                               {}});
    m_page->openCall(ask(samples::secret("pin")).id);
    QVERIFY(the<Note>("ask.secrets")->text().contains(QStringLiteral("STACK has your key already")));
    m_page->openCall(ask(samples::field("reason")).id);
    QVERIFY(!shown("ask.secrets"));
    QCOMPARE(accept()->accessibleName(), QStringLiteral("Answer"));
}

void tst_QuestionForm::hiddenCharactersOfAPresetAreMarked()
{
    ask(samples::preset(samples::field("plan"), QStringLiteral("yearly\u200B")));
    auto *line = the<QLineEdit>("ask.field.plan");
    const auto *hidden = line->parentWidget()->findChild<Note *>();
    QVERIFY(hidden->isVisible());
    QVERIFY(hidden->text().contains(QStringLiteral("yearly[U+200B]")));
    line->setText(QStringLiteral("yearly"));
    QVERIFY(!hidden->isVisible());
}

void tst_QuestionForm::theWheelChangesNoAnswer()
{
    ask(samples::everything(*m_desk));
    auto *region = the<QComboBox>("ask.field.region");
    QTest::keyClick(region, Qt::Key_Down);
    const QPoint middle = region->rect().center();
    QWheelEvent wheel(middle, region->mapToGlobal(middle), {}, QPoint(0, -120), Qt::NoButton, Qt::NoModifier, Qt::NoScrollPhase, false);
    QApplication::sendEvent(region, &wheel);
    QCOMPARE(region->currentIndex(), 1);
}

void tst_QuestionForm::tabWalksThroughTheFieldsToAnswer()
{
    m_page->openCall(ask(samples::revocation(*m_desk)).id);
    m_page->openCall(ask(samples::everything(*m_desk)).id); // made after the buttons
    arm();
    QStringList names;
    QWidget *at = QApplication::focusWidget();
    for (int i = 0; i < 20 && at; ++i) {
        names.append(at->objectName());
        if (at == accept())
            break;
        QTest::keyClick(at, Qt::Key_Tab);
        at = QApplication::focusWidget();
    }
    QCOMPARE(names.join(QLatin1Char(' ')),
             QStringLiteral("ask.body ask.field.contact ask.field.days ask.field.share ask.field.notify_owner.0 ask.field.region "
                            "ask.field.scopes.0 ask.field.scopes.1 ask.field.scopes.2 ask.decline ask.answer"));
}

COUNTERSIGN_TEST(tst_QuestionForm)
#include "tst_QuestionForm.moc"
