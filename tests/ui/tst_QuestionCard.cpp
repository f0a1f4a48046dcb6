// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/QuestionBench.h"
#include "ui/approvals/UrlView.h"
#include "ui/widgets/Note.h"
#include <QAccessible>
#include <QApplication>
#include <QDesktopServices>
#include <QLineEdit>

using namespace mcpcore;
using namespace ui;
using namespace std::chrono_literals;
using FieldType = QuestionField::Type;
using Value = QuestionField::Value;

// The card of a server's question: what makes it answer, whose words are whose, how it ends.
class tst_QuestionCard : public QuestionBench
{
    Q_OBJECT
private Q_SLOTS:
    void onlyTheArmedButtonAnswers();
    void enterNeverAnswers();
    void theButtonIsNeverFocusedByItself();
    void escapeDeclinesAtOnce();
    void escapeInAFieldDeclines();
    void declineIsThereAtOnce();
    void aRefusedAnswerStaysAndSaysWhy();
    void anAddressIsShownWholeAndNotOpened();
    void theHostOfAnAddressStandsOut_data();
    void theHostOfAnAddressStandsOut();
    void aHostInOtherLettersIsPointedOut();
    void aPageWithAProblemCanOnlyBeDeclined();
    void hiddenCharactersAreMarked();
    void readingStopsTheClock();
    void howItEndedIsSaid_data();
    void howItEndedIsSaid();
    void aQuestionOfAThousandFieldsCanOnlyBeDeclined();
    void everythingHasANameForReaders();
    void hostileTextsStayPlain_data();
    void hostileTextsStayPlain();
};

void tst_QuestionCard::onlyTheArmedButtonAnswers()
{
    ask(samples::revocation(*m_desk));
    QCoreApplication::processEvents();
    m_clock->advance(100ms);
    m_clock->advance(800ms);
    QVERIFY(!accept()->isEnabled());
    QTest::mouseClick(accept(), Qt::LeftButton);
    QTest::keyClick(accept(), Qt::Key_Space);
    QVERIFY(m_desk->replies.isEmpty());
    arm();
    QVERIFY(accept()->isEnabled());
    // No chord: Ctrl+Shift+A lets calls through, it does not send what was typed.
    QTest::keyClick(m_page.get(), Qt::Key_A, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_desk->replies.isEmpty());
    accept()->setFocus();
    QTest::keyClick(accept(), Qt::Key_Space);
    QCOMPARE(m_desk->replies.size(), 1);
    QTest::keyClick(m_page.get(), Qt::Key_Escape);
    QCOMPARE(m_desk->replies.size(), 1); // one answer
}

void tst_QuestionCard::enterNeverAnswers()
{
    ask(samples::everything(*m_desk));
    arm();
    QVERIFY(accept()->isEnabled());
    int tried = 0;
    for (QWidget *part : m_page->findChildren<QWidget *>()) {
        if (!part->isVisible() || part->focusPolicy() == Qt::NoFocus || part->objectName() == QLatin1String("ask.decline"))
            continue;
        part->setFocus();
        QTest::keyClick(part, Qt::Key_Return);
        QTest::keyClick(part, Qt::Key_Enter);
        ++tried;
    }
    QVERIFY(tried > 8);
    QVERIFY(m_desk->replies.isEmpty());
}

void tst_QuestionCard::theButtonIsNeverFocusedByItself()
{
    m_page->openCall(ask(samples::revocation(*m_desk)).id);
    QCOMPARE(QApplication::focusWidget(), the("ask.body"));
    arm();
    QCOMPARE(QApplication::focusWidget(), the("ask.body"));
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Space);
    QVERIFY(m_desk->replies.isEmpty());
}

void tst_QuestionCard::escapeDeclinesAtOnce()
{
    const Question question = ask(samples::revocation(*m_desk));
    QTest::keyClick(the("ask.body"), Qt::Key_Escape);
    QCOMPARE(m_desk->replies.size(), 1);
    QVERIFY(m_desk->replies.first().question == question.id);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Decline);
    QVERIFY(m_desk->replies.first().answer.values.isEmpty());
    m_desk->end(question.id, QuestionEnd::Declined);
    QTest::keyClick(m_page.get(), Qt::Key_Escape);
    QCOMPARE(m_desk->replies.size(), 1);
}

void tst_QuestionCard::escapeInAFieldDeclines()
{
    const char *fields[] = {"ask.field.contact", "ask.field.region", "ask.field.notify_owner.0", "ask.field.scopes.1"};
    for (const char *field : fields) {
        const Question question = ask(samples::everything(*m_desk));
        m_page->openCall(question.id);
        the(field)->setFocus();
        QTest::keyClick(the(field), Qt::Key_Escape);
        QVERIFY2(m_desk->replies.size() == 1 && m_desk->replies.first().question == question.id, field);
        m_desk->replies.clear();
        m_desk->end(question.id, QuestionEnd::Declined);
    }
}

void tst_QuestionCard::declineIsThereAtOnce()
{
    ask(samples::revocation(*m_desk));
    QVERIFY(!accept()->isEnabled());
    QTest::mouseClick(the("ask.decline"), Qt::LeftButton);
    QCOMPARE(m_desk->replies.size(), 1);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Decline);
    QCOMPARE(text("ask.state"), QStringLiteral("Declining"));
}

void tst_QuestionCard::aRefusedAnswerStaysAndSaysWhy()
{
    ask(samples::revocation(*m_desk));
    m_desk->refusal = QStringLiteral("The reason is longer than 200 characters.");
    pressAnswer();
    QCOMPARE(m_desk->replies.size(), 1);
    QVERIFY(shown("ask.answer"));
    QVERIFY(!accept()->isEnabled()); // arms again
    QCOMPARE(askNotes(), QStringLiteral("Your answer was not taken. The reason is longer than 200 characters."));
    m_desk->refusal.clear();
    auto *reason = the<QLineEdit>("ask.field.reason");
    QCOMPARE(reason->text(), QStringLiteral("Agent retired, ticket OPS-2214")); // nothing typed is lost
    reason->setText(QStringLiteral("retired"));
    pressAnswer();
    QCOMPARE(m_desk->replies.size(), 2);
    QVERIFY(m_desk->replies.last().answer.values.first().second == Value(QStringLiteral("retired")));
}

// Stands for the browser: what QDesktopServices is asked to open.
class Opened : public QObject
{
    Q_OBJECT
public:
    Opened() { QDesktopServices::setUrlHandler(QStringLiteral("https"), this, "open"); }
    ~Opened() override { QDesktopServices::unsetUrlHandler(QStringLiteral("https")); }
    int count = 0;
public Q_SLOTS:
    void open(const QUrl &) { ++count; }
};

void tst_QuestionCard::anAddressIsShownWholeAndNotOpened()
{
    Opened opened;
    const QString url = QStringLiteral("https://pay.example:8443/orders/confirm?return=%1#end").arg(QString(3'000, QLatin1Char('x')));
    ask(samples::page(*m_desk, url, QStringLiteral("pay.example")));
    auto *view = the<UrlView>("ask.url");
    QVERIFY(view->isVisible());
    QCOMPARE(view->toPlainText(), url);
    QVERIFY(view->isReadOnly());
    QCOMPARE(view->textInteractionFlags(), Qt::TextSelectableByMouse | Qt::TextSelectableByKeyboard);
    QVERIFY(text("ask.host").endsWith(QStringLiteral("pay.example")));
    QTest::mouseClick(view->viewport(), Qt::LeftButton, {}, QPoint(60, 12));
    QTest::mouseDClick(view->viewport(), Qt::LeftButton, {}, QPoint(60, 12));
    QTest::keyClick(view, Qt::Key_Return);
    view->selectAll();
    QCOMPARE(view->textCursor().selectedText(), url);
    QVERIFY(m_desk->replies.isEmpty());
    QCOMPARE(accept()->accessibleName(), QStringLiteral("Open this page in the browser"));
    pressAnswer();
    QCOMPARE(m_desk->replies.size(), 1);
    QCOMPARE(m_desk->replies.first().answer.action, QuestionAnswer::Action::Accept);
    QCOMPARE(opened.count, 0); // the desk opens it, no window does
}

void tst_QuestionCard::theHostOfAnAddressStandsOut_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("host");
    QTest::newRow("plain") << QStringLiteral("https://pay.example/a") << QStringLiteral("pay.example");
    QTest::newRow("port") << QStringLiteral("https://pay.example:8443/a:b") << QStringLiteral("pay.example");
    QTest::newRow("user") << QStringLiteral("https://stripe.com@evil.example/a@b") << QStringLiteral("evil.example");
    QTest::newRow("user with port") << QStringLiteral("https://stripe.com:443@evil.example:1/") << QStringLiteral("evil.example");
    QTest::newRow("backslash") << QStringLiteral("https://evil.example\\@stripe.com/") << QStringLiteral("evil.example");
    QTest::newRow("query") << QStringLiteral("https://evil.example?@stripe.com") << QStringLiteral("evil.example");
    QTest::newRow("fragment") << QStringLiteral("https://evil.example#@stripe.com") << QStringLiteral("evil.example");
    QTest::newRow("six") << QStringLiteral("https://[::1]:80/") << QStringLiteral("[::1]");
    QTest::newRow("none") << QStringLiteral("javascript:alert(1)") << QString();
    QTest::newRow("empty") << QString() << QString();
}

void tst_QuestionCard::theHostOfAnAddressStandsOut()
{
    QFETCH(QString, url);
    QFETCH(QString, host);
    ask(samples::page(*m_desk, url, host));
    QCOMPARE(the<UrlView>("ask.url")->boldPart(), host);
}

void tst_QuestionCard::aHostInOtherLettersIsPointedOut()
{
    ask(samples::page(*m_desk, QStringLiteral("https://\u0430pple.example/a"), QStringLiteral("xn--pple-43d.example")));
    QVERIFY(askNotes().contains(QStringLiteral("Look at the host.")));
    QVERIFY(text("ask.host").endsWith(QStringLiteral("xn--pple-43d.example")));
    arm();
    QVERIFY(accept()->isEnabled());
    m_page->openCall(ask(samples::page(*m_desk, QStringLiteral("https://pay.example"), QStringLiteral("pay.example"))).id);
    QVERIFY(askNotes().isEmpty());
}

void tst_QuestionCard::aPageWithAProblemCanOnlyBeDeclined()
{
    Question question = samples::page(*m_desk, QStringLiteral("http://pay.example"), {});
    question.problem = QStringLiteral("The address does not begin with https.");
    ask(question);
    QCOMPARE(askNotes(), QStringLiteral("This page is not opened. The address does not begin with https."));
    QVERIFY(!shown("ask.host"));
    arm();
    QVERIFY(!accept()->isEnabled());
    QCOMPARE(accept()->accessibleDescription(), question.problem);
    QTest::mouseClick(accept(), Qt::LeftButton);
    QVERIFY(m_desk->replies.isEmpty());
    QTest::mouseClick(the("ask.decline"), Qt::LeftButton);
    QCOMPARE(m_desk->replies.size(), 1);
}

void tst_QuestionCard::hiddenCharactersAreMarked()
{
    Question question = samples::page(*m_desk, QStringLiteral("https://pay.example/\u202Egnp"), QStringLiteral("pay.example"));
    question.message = QStringLiteral("It is\u00A0yours\u200B alone.");
    question.asker = QStringLiteral("api\u200B.example");
    ask(question);
    QVERIFY(askNotes().contains(QStringLiteral("holds 4 characters that do not show")));
    QVERIFY(the("ask.message")->accessibleName().contains(QStringLiteral("zero width space")));
    QCOMPARE(the<UrlView>("ask.url")->toPlainText(), QStringLiteral("https://pay.example/[U+202E]gnp"));
    QVERIFY(text("ask.sentence").startsWith(QStringLiteral("api[U+200B].example wants you to open a page")));
}

void tst_QuestionCard::readingStopsTheClock()
{
    Question question = ask(samples::revocation(*m_desk));
    QCOMPARE(text("ask.clock"), QStringLiteral("5:00 to decide, then cancelled"));
    m_clock->advance(48s);
    QTest::keyClick(the("ask.field.reason"), Qt::Key_X);
    QCOMPARE(m_desk->readings.size(), 1);
    QVERIFY(m_desk->readings.first() == std::make_pair(question.id, true));
    m_clock->advance(30s);
    QCOMPARE(text("ask.clock"), QStringLiteral("4:12, stopped while you read"));
    the("approvals.queue")->setFocus();
    QVERIFY(!m_desk->readings.last().second);
    question.deadline += 30s;
    Q_EMIT m_desk->questionChanged(question);
    QCOMPARE(text("ask.clock"), QStringLiteral("4:12 to decide, then cancelled"));
    QCOMPARE(the<QLineEdit>("ask.field.reason")->text(), QStringLiteral("Agent retired, ticket OPS-2214x"));
}

void tst_QuestionCard::howItEndedIsSaid_data()
{
    QTest::addColumn<QuestionEnd>("end");
    QTest::addColumn<bool>("page");
    QTest::addColumn<QString>("said");
    QTest::newRow("answered") << QuestionEnd::Answered << false << QStringLiteral("Answered. api.getstack.run has your answers.");
    QTest::newRow("opened") << QuestionEnd::Answered << true << QStringLiteral("Opened in the browser.");
    QTest::newRow("declined") << QuestionEnd::Declined << false << QStringLiteral("Declined. No answer was sent.");
    QTest::newRow("expired") << QuestionEnd::Expired << false << QStringLiteral("Nobody answered in 5 minutes. No answer was sent.");
    QTest::newRow("withdrawn") << QuestionEnd::Withdrawn << false << QStringLiteral("The call ended. No answer was sent.");
}

void tst_QuestionCard::howItEndedIsSaid()
{
    QFETCH(QuestionEnd, end);
    QFETCH(bool, page);
    QFETCH(QString, said);
    const Question question =
        ask(page ? samples::page(*m_desk, QStringLiteral("https://a.example"), QStringLiteral("a.example")) : samples::revocation(*m_desk));
    arm();
    m_desk->end(question.id, end);
    QCOMPARE(text("ask.state"), said);
    QVERIFY(shown("ask.next"));
    QVERIFY(!shown("ask.answer"));
    QVERIFY(!shown("ask.decline"));
    QVERIFY(!accept()->isEnabled());
    QVERIFY(!the("ask.form")->isEnabled());
    QTest::keyClick(m_page.get(), Qt::Key_Escape);
    QVERIFY(m_desk->replies.isEmpty());
    m_clock->advance(1s);
    QTest::mouseClick(the("ask.next"), Qt::LeftButton);
    QVERIFY(!shown("approvals.question"));
}

void tst_QuestionCard::aQuestionOfAThousandFieldsCanOnlyBeDeclined()
{
    Question question = m_desk->sampleQuestion();
    for (int i = 0; i < 1'000; ++i)
        question.fields.append(samples::field("one"));
    ask(question);
    QVERIFY(askNotes().startsWith(QStringLiteral("This can only be declined. It has 1")));
    QVERIFY(!the("ask.field.one"));
    arm();
    QVERIFY(!accept()->isEnabled());
}

void tst_QuestionCard::everythingHasANameForReaders()
{
    ask(samples::everything(*m_desk));
    QCOMPARE(the("approvals.question")->accessibleName(), QStringLiteral("api.getstack.run asks you something, STACK in SANDBOX"));
    QCOMPARE(QAccessible::queryAccessibleInterface(the("approvals.question"))->role(), QAccessible::AlertMessage);
    QCOMPARE(the("ask.field.days")->accessibleName(), QStringLiteral("days"));
    QVERIFY(the("ask.field.days")->accessibleDescription().contains(QStringLiteral("required, a whole number, from 1 to 30")));
    int seen = 0;
    for (const QWidget *part : m_page->findChildren<QWidget *>()) {
        if (part->focusPolicy() == Qt::NoFocus || !part->isVisible())
            continue;
        QVERIFY2(!part->objectName().isEmpty(), part->metaObject()->className());
        const auto *button = qobject_cast<const QAbstractButton *>(part);
        QVERIFY2(!part->accessibleName().isEmpty() || (button && !button->text().isEmpty()), qPrintable(part->objectName()));
        ++seen;
    }
    QVERIFY(seen > 10);
}

void tst_QuestionCard::hostileTextsStayPlain_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("markup") << QStringLiteral("<b>bold</b><img src=x>");
    QTest::newRow("bidi") << QStringLiteral("a\u202Edcb\u2066");
    QTest::newRow("line breaks") << QStringLiteral("a\nAllowed by the owner\n\nb");
    QTest::newRow("mnemonic") << QStringLiteral("&Allow && more");
    QTest::newRow("placeholder") << QStringLiteral("%1%2%n%L1");
    QTest::newRow("long") << QString(100'000, QLatin1Char('W'));
}

void tst_QuestionCard::hostileTextsStayPlain()
{
    QFETCH(QString, text);
    const auto hostile = [&text](FieldType type) {
        QuestionField field;
        field.name = field.title = field.description = field.least = field.most = text;
        field.type = type;
        field.options = {{text, text}, {QStringLiteral("b"), {}}};
        field.preset = text;
        return field;
    };
    Question question = m_desk->sampleQuestion();
    question.asker = question.tool = question.clientLabel = question.vendor = question.message = question.url = question.urlHost = text;
    question.connection = {text};
    for (const FieldType type :
         {FieldType::Text, FieldType::Number, FieldType::Integer, FieldType::YesNo, FieldType::Choice, FieldType::Choices})
        question.fields.append(hostile(type));
    question.fields.append(samples::required(question.fields.first()));
    question.fields.last().looksSecret = true;
    Question page = question;
    page.id = m_desk->sampleQuestion().id;
    page.kind = Question::Kind::Url;
    page.problem = text;
    for (const Question &each : {question, page}) {
        m_page->openCall(ask(each).id);
        m_page->grab();
        QVERIFY(!m_page->findChildren<QLabel *>().isEmpty());
        for (const QLabel *label : m_page->findChildren<QLabel *>()) {
            QCOMPARE(label->textFormat(), Qt::PlainText);
            QVERIFY2(label->text().size() < 5'000, qPrintable(label->objectName()));
            QVERIFY(!Qt::mightBeRichText(label->toolTip()) || label->toolTip().startsWith(QLatin1String("<qt")));
        }
        for (const char *ours : {"ask.sentence", "ask.facts", "ask.goes"})
            QVERIFY2(!this->text(ours).contains(QChar(0x202E)) && !this->text(ours).contains(QLatin1Char('\n')), ours);
        QVERIFY(the("ask.sentence")->height() < 200);
        QVERIFY(the("ask.answer")->geometry().right() < m_page->width());
        m_desk->end(each.id, QuestionEnd::Answered);
        m_page->grab();
    }
}

COUNTERSIGN_TEST(tst_QuestionCard)
#include "tst_QuestionCard.moc"
