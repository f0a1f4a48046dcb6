// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/Elicitation.h"
#include "support/Runner.h"
#include <QTest>

using namespace mcpcore;

class tst_Elicitation : public QObject
{
    Q_OBJECT

    static Question read(const QByteArray &params)
    {
        Question question;
        if (const auto done = readElicitation(RawJson(params), question); !done)
            question.problem = QStringLiteral("unreadable");
        return question;
    }
    static Question form(const QByteArray &properties, const QByteArray &required = {})
    {
        return read("{\"message\":\"m\",\"requestedSchema\":{\"type\":\"object\",\"properties\":{" + properties + "},\"required\":["
                    + required + "]}}");
    }
    static QByteArray answered(const Question &question, const QString &name, const QuestionField::Value &value)
    {
        const auto result = elicitationResult(question, {QuestionAnswer::Action::Accept, {{name, value}}});
        return result ? *result : "refused: " + result.error().message.toUtf8();
    }

private Q_SLOTS:
    void aFormIsReadWithEverythingThePersonNeeds()
    {
        const Question question =
            form("\"name\":{\"type\":\"string\",\"title\":\"Full name\",\"description\":\"As in the contract\",\"minLength\":2,"
                 "\"maxLength\":20},\"age\":{\"type\":\"integer\",\"minimum\":18,\"maximum\":120,\"default\":30},"
                 "\"share\":{\"type\":\"number\",\"maximum\":0.5},\"sure\":{\"type\":\"boolean\",\"default\":true}",
                 "\"name\",\"sure\"");
        QCOMPARE(question.kind, Question::Kind::Form);
        QCOMPARE(question.message, QStringLiteral("m"));
        QCOMPARE(question.fields.size(), 4);
        const QuestionField &name = question.fields[0];
        QCOMPARE(name.name, QStringLiteral("name"));
        QCOMPARE(name.title, QStringLiteral("Full name"));
        QCOMPARE(name.description, QStringLiteral("As in the contract"));
        QVERIFY(name.required && !name.looksSecret);
        QCOMPARE(name.shortest.value(), 2);
        QCOMPARE(name.longest.value(), 20);
        const QuestionField &age = question.fields[1];
        QCOMPARE(age.type, QuestionField::Type::Integer);
        QCOMPARE(age.least, QStringLiteral("18"));
        QCOMPARE(std::get<QString>(age.preset), QStringLiteral("30"));
        QVERIFY(!age.required);
        QCOMPARE(question.fields[2].most, QStringLiteral("0.5"));
        QCOMPARE(std::get<bool>(question.fields[3].preset), true);
    }

    void everyKindOfChoiceIsRead_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QString>("labels");
        QTest::addColumn<bool>("several");
        QTest::newRow("enum") << QByteArray("{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}") << QStringLiteral("a b") << false;
        QTest::newRow("enumNames") << QByteArray("{\"type\":\"string\",\"enum\":[\"a\",\"b\"],\"enumNames\":[\"A\",\"B\"]}")
                                   << QStringLiteral("A B") << false;
        QTest::newRow("oneOf") << QByteArray("{\"type\":\"string\",\"oneOf\":[{\"const\":\"a\",\"title\":\"A\"},{\"const\":\"b\"}]}")
                               << QStringLiteral("A b") << false;
        QTest::newRow("list") << QByteArray("{\"type\":\"array\",\"items\":{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}}")
                              << QStringLiteral("a b") << true;
        QTest::newRow("titled list") << QByteArray(
            "{\"type\":\"array\",\"items\":{\"anyOf\":[{\"const\":\"a\",\"title\":\"A\"},{\"const\":\"b\",\"title\":\"B\"}]}}")
                                     << QStringLiteral("A B") << true;
    }
    void everyKindOfChoiceIsRead()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QString, labels);
        QFETCH(bool, several);
        const Question question = form("\"x\":" + schema);
        QCOMPARE(question.fields.size(), 1);
        QStringList found;
        for (const auto &option : question.fields[0].options)
            found.append(option.label);
        QCOMPARE(found.join(QLatin1Char(' ')), labels);
        QCOMPARE(question.fields[0].options[0].value, QStringLiteral("a"));
        QCOMPARE(question.fields[0].type, several ? QuestionField::Type::Choices : QuestionField::Type::Choice);
    }

    void whatCannotBeShownIsRefused_data()
    {
        QTest::addColumn<QByteArray>("params");
        QTest::newRow("no message") << QByteArray("{\"requestedSchema\":{\"properties\":{}}}");
        QTest::newRow("not an object") << QByteArray("[]");
        QTest::newRow("no schema") << QByteArray("{\"message\":\"m\"}");
        QTest::newRow("a nested object") << QByteArray(
            "{\"message\":\"m\",\"requestedSchema\":{\"properties\":{\"x\":{\"type\":\"object\"}}}}");
        QTest::newRow("a list of anything") << QByteArray(
            "{\"message\":\"m\",\"requestedSchema\":{\"properties\":{\"x\":{\"type\":\"array\",\"items\":{\"type\":\"string\"}}}}}");
        QTest::newRow("options that are no texts")
            << QByteArray("{\"message\":\"m\",\"requestedSchema\":{\"properties\":{\"x\":{\"type\":\"string\",\"enum\":[1]}}}}");
        QTest::newRow("another mode") << QByteArray("{\"message\":\"m\",\"mode\":\"voice\"}");
    }
    void whatCannotBeShownIsRefused()
    {
        QFETCH(QByteArray, params);
        Question question;
        const auto done = readElicitation(RawJson(params), question);
        QVERIFY(!done);
        QCOMPARE(done.error().kind, Error::Kind::InvalidArgument);
    }

    void aFieldForASecretIsMarkedAndNeverAnswered_data()
    {
        QTest::addColumn<QByteArray>("property");
        QTest::addColumn<bool>("secret");
        const auto row = [](const char *property, bool secret) { QTest::newRow(property) << QByteArray(property) << secret; };
        row("\"password\":{\"type\":\"string\"}", true);
        row("\"apiKey\":{\"type\":\"string\"}", true);
        row("\"operator_key\":{\"type\":\"string\"}", true);
        row("\"x\":{\"type\":\"string\",\"title\":\"Access token\"}", true);
        row("\"x\":{\"type\":\"string\",\"description\":\"Paste your API key here\"}", true);
        row("\"x\":{\"type\":\"string\",\"format\":\"password\"}", true);
        row("\"CardNumber\":{\"type\":\"integer\"}", true);
        row("\"pin\":{\"type\":\"integer\"}", true);
        row("\"max_tokens\":{\"type\":\"integer\"}", false);
        row("\"keyboard\":{\"type\":\"string\"}", false);
        row("\"secretSanta\":{\"type\":\"boolean\"}", false);
        row("\"reason\":{\"type\":\"string\",\"description\":\"Why it is revoked\"}", false);
    }
    void aFieldForASecretIsMarkedAndNeverAnswered()
    {
        QFETCH(QByteArray, property);
        QFETCH(bool, secret);
        const Question question = form(property);
        QCOMPARE(question.fields.size(), 1);
        const QuestionField &field = question.fields[0];
        QCOMPARE(field.looksSecret, secret);
        if (secret)
            QVERIFY(answered(question, field.name, QStringLiteral("1234")).startsWith("refused"));
    }

    void whatIsRequiredButLooksSecretMayStayEmpty()
    {
        const Question question = form("\"reason\":{\"type\":\"string\"},\"key\":{\"type\":\"string\"}", "\"reason\",\"key\"");
        QCOMPARE(answered(question, QStringLiteral("reason"), QStringLiteral("retired")),
                 QByteArray("{\"action\":\"accept\",\"content\":{\"reason\":\"retired\"}}"));
        QVERIFY(answered(question, QStringLiteral("key"), QStringLiteral("x")).startsWith("refused"));
    }

    void anAnswerIsWrittenAsThePersonGaveIt_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QuestionField::Value>("value");
        QTest::addColumn<QByteArray>("content");
        using Value = QuestionField::Value;
        QTest::newRow("text") << QByteArray("{\"type\":\"string\"}") << Value(QStringLiteral("a \"b\"\n"))
                              << QByteArray("\"a \\\"b\\\"\\n\"");
        QTest::newRow("number") << QByteArray("{\"type\":\"number\"}") << Value(QStringLiteral("12.50")) << QByteArray("12.50");
        QTest::newRow("long number") << QByteArray("{\"type\":\"number\"}") << Value(QStringLiteral("12345678901234567890.5"))
                                     << QByteArray("12345678901234567890.5");
        QTest::newRow("integer") << QByteArray("{\"type\":\"integer\"}") << Value(QStringLiteral("-7")) << QByteArray("-7");
        QTest::newRow("yes") << QByteArray("{\"type\":\"boolean\"}") << Value(true) << QByteArray("true");
        QTest::newRow("choice") << QByteArray("{\"type\":\"string\",\"enum\":[\"a\",\"b\"]}") << Value(QStringLiteral("b"))
                                << QByteArray("\"b\"");
        QTest::newRow("choices") << QByteArray("{\"type\":\"array\",\"items\":{\"enum\":[\"a\",\"b\"]}}")
                                 << Value(QStringList{QStringLiteral("b")}) << QByteArray("[\"b\"]");
    }
    void anAnswerIsWrittenAsThePersonGaveIt()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QuestionField::Value, value);
        QFETCH(QByteArray, content);
        QCOMPARE(answered(form("\"x\":" + schema), QStringLiteral("x"), value),
                 QByteArray("{\"action\":\"accept\",\"content\":{\"x\":" + content + "}}"));
    }

    void anAnswerThatWasNotAskedForIsRefused_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QuestionField::Value>("value");
        QTest::addColumn<QByteArray>("says");
        using Value = QuestionField::Value;
        QTest::newRow("too short") << QByteArray("{\"type\":\"string\",\"minLength\":3}") << Value(QStringLiteral("ab"))
                                   << QByteArray("at least 3");
        QTest::newRow("too long") << QByteArray("{\"type\":\"string\",\"maxLength\":3}") << Value(QStringLiteral("abcd"))
                                  << QByteArray("at most 3");
        QTest::newRow("no number") << QByteArray("{\"type\":\"number\"}") << Value(QStringLiteral("1,5")) << QByteArray("must be a number");
        QTest::newRow("injected") << QByteArray("{\"type\":\"number\"}") << Value(QStringLiteral("1},\"x\":{"))
                                  << QByteArray("must be a number");
        QTest::newRow("not whole") << QByteArray("{\"type\":\"integer\"}") << Value(QStringLiteral("1.5")) << QByteArray("whole number");
        QTest::newRow("too small") << QByteArray("{\"type\":\"integer\",\"minimum\":18}") << Value(QStringLiteral("17"))
                                   << QByteArray("18 or more");
        QTest::newRow("too large") << QByteArray("{\"type\":\"number\",\"maximum\":0.5}") << Value(QStringLiteral("0.51"))
                                   << QByteArray("0.5 or less");
        QTest::newRow("not offered") << QByteArray("{\"type\":\"string\",\"enum\":[\"a\"]}") << Value(QStringLiteral("b"))
                                     << QByteArray("offered");
        QTest::newRow("too many") << QByteArray("{\"type\":\"array\",\"maxItems\":1,\"items\":{\"enum\":[\"a\",\"b\"]}}")
                                  << Value(QStringList{QStringLiteral("a"), QStringLiteral("b")}) << QByteArray("at most 1");
        QTest::newRow("another type") << QByteArray("{\"type\":\"boolean\"}") << Value(QStringLiteral("yes"))
                                      << QByteArray("not what was asked");
        QTest::newRow("nothing") << QByteArray("{\"type\":\"string\"}") << Value() << QByteArray("must be answered");
    }
    void anAnswerThatWasNotAskedForIsRefused()
    {
        QFETCH(QByteArray, schema);
        QFETCH(QuestionField::Value, value);
        QFETCH(QByteArray, says);
        const QByteArray answer = answered(form("\"x\":" + schema, "\"x\""), QStringLiteral("x"), value);
        QVERIFY2(answer.startsWith("refused") && answer.contains(says), answer);
        QVERIFY(answered(form("\"x\":" + schema), QStringLiteral("y"), value).contains("did not ask for y"));
    }

    void onlyAPlainHttpsPageMayBeOpened_data()
    {
        QTest::addColumn<QByteArray>("url");
        QTest::addColumn<QString>("host");
        QTest::newRow("plain") << QByteArray("https://pay.example.com:8443/x?y=1") << QStringLiteral("pay.example.com");
        QTest::newRow("punycode") << QByteArray("https://xn--80ak6aa92e.com/") << QStringLiteral("xn--80ak6aa92e.com");
        QTest::newRow("http") << QByteArray("http://example.com/") << QString();
        QTest::newRow("file") << QByteArray("file:///etc/passwd") << QString();
        QTest::newRow("script") << QByteArray("javascript:alert(1)") << QString();
        QTest::newRow("user name") << QByteArray("https://stripe.com@evil.example/") << QString();
        QTest::newRow("space") << QByteArray("https://example.com/ x") << QString();
        QTest::newRow("lookalike letters") << QByteArray("https://ex\xD0\xB0mple.com/") << QString();
        QTest::newRow("nothing") << QByteArray("") << QString();
    }
    void onlyAPlainHttpsPageMayBeOpened()
    {
        QFETCH(QByteArray, url);
        QFETCH(QString, host);
        const Question question = read("{\"mode\":\"url\",\"message\":\"m\",\"elicitationId\":\"e\",\"url\":\"" + url + "\"}");
        QCOMPARE(question.kind, Question::Kind::Url);
        QCOMPARE(question.url.toUtf8(), url);
        QCOMPARE(question.urlHost, host);
        QCOMPARE(question.problem.isEmpty(), !host.isEmpty());
        const auto accepted = elicitationResult(question, {QuestionAnswer::Action::Accept, {}});
        QCOMPARE(accepted.has_value(), !host.isEmpty());
    }

    void decliningNeverNeedsAReason()
    {
        const Question question = form("\"x\":{\"type\":\"string\"}", "\"x\"");
        QCOMPARE(*elicitationResult(question, {QuestionAnswer::Action::Decline, {}}), QByteArray("{\"action\":\"decline\"}"));
        QCOMPARE(*elicitationResult(question, {QuestionAnswer::Action::Cancel, {}}), QByteArray("{\"action\":\"cancel\"}"));
    }
};

COUNTERSIGN_TEST(tst_Elicitation)
#include "tst_Elicitation.moc"
