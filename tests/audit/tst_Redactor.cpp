// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Redactor.h"
#include "base/Json.h"
#include "support/Runner.h"
#include <QRegularExpression>

using namespace mcpcore;

class tst_Redactor : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void secretsInTextAreReplaced_data();
    void secretsInTextAreReplaced();
    void ordinaryTextIsLeftAlone_data();
    void ordinaryTextIsLeftAlone();
    void whatIsAroundASecretStays();
    void equalSecretsGetEqualMarks();
    void anotherKeyGivesOtherMarks();
    void valuesOfSecretMembersAreReplaced_data();
    void valuesOfSecretMembersAreReplaced();
    void jsonStaysJson_data();
    void jsonStaysJson();
    void escapesHideNothing();
    void cutOffJsonLetsNothingPass();

private:
    const Redactor m_redactor{Secret(std::string(32, 'k'))};
};

// Written in two halves so that no scanner takes this file for a leak.
#define SECRET(a, b) a b

void tst_Redactor::secretsInTextAreReplaced_data()
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("type");
    QTest::newRow("stripe test") << QByteArray(SECRET("sk_te", "st_51AbCdEf0123456789")) << QByteArray("stripe-secret");
    QTest::newRow("stripe live") << QByteArray(SECRET("sk_li", "ve_51AbCdEf0123456789")) << QByteArray("stripe-secret");
    QTest::newRow("restricted") << QByteArray(SECRET("rk_li", "ve_51AbCdEf0123456789")) << QByteArray("stripe-restricted");
    QTest::newRow("organisation") << QByteArray(SECRET("sk_or", "g_51AbCdEf0123456789")) << QByteArray("secret-key");
    QTest::newRow("webhook") << QByteArray(SECRET("whs", "ec_AbCdEf0123456789")) << QByteArray("webhook-secret");
    QTest::newRow("ours") << QByteArray(SECRET("cs", "t_AbCdEf-_0123456789AbCdEf0123456789AbCdEf012")) << QByteArray("countersign-token");
    QTest::newRow("jwt") << QByteArray(SECRET("eyJhbGciOiJIUzI1NiJ9", ".eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJl")) << QByteArray("jwt");
    QTest::newRow("statsig console") << QByteArray(SECRET("cons", "ole-AbCdEf0123456789AbCd")) << QByteArray("statsig-console");
    QTest::newRow("statsig secret") << QByteArray(SECRET("sec", "ret-AbCdEf0123456789AbCd")) << QByteArray("statsig-secret");
    QTest::newRow("sk-") << QByteArray(SECRET("sk", "-ant-api03-AbCdEf0123456789")) << QByteArray("secret-key");
    QTest::newRow("github") << QByteArray(SECRET("gh", "p_AbCdEf0123456789AbCdEf0123456789")) << QByteArray("github-token");
}

void tst_Redactor::secretsInTextAreReplaced()
{
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, type);
    for (const QByteArray &text :
         {secret, "key=" + secret, "use " + secret + ", please", '"' + secret + '"', "http://x/?k=" + secret + "&b=1"}) {
        const auto redacted = m_redactor.text({text.constData(), size_t(text.size())});
        QVERIFY2(redacted, text.constData());
        QVERIFY(!redacted->contains(secret));
        QVERIFY2(redacted->contains("[redacted:" + type + ':'), redacted->constData());
    }
}

void tst_Redactor::ordinaryTextIsLeftAlone_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text : {"", "s", "sk_", "sk_test_", "Refund 50.00 USD to customer cus_123", "task_list_of_all_customers",
                             "risk_live_score", "pk_test_51AbCdEf0123456789", "eyJ", "eyJhbGci.x", "Bearer of bad news", "the bearer",
                             "secret-garden", "console-log", "whsec_", "cst_short", "tok_visa", "550e8400-e29b-41d4-a716-446655440000"})
        QTest::newRow(text) << QByteArray(text);
}

void tst_Redactor::ordinaryTextIsLeftAlone()
{
    QFETCH(QByteArray, text);
    QVERIFY(!m_redactor.text({text.constData(), size_t(text.size())}));
}

void tst_Redactor::whatIsAroundASecretStays()
{
    const QByteArray key = SECRET("sk_te", "st_51AbCdEf0123456789");
    const QByteArray text = "first " + key + " then " + key + " end";
    const QString expected =
        QStringLiteral("\\Afirst \\[redacted:stripe-secret:[0-9a-f]{8}\\] then \\[redacted:stripe-secret:[0-9a-f]{8}\\] end\\z");
    QVERIFY(QRegularExpression(expected).match(QString::fromUtf8(*m_redactor.text({text.constData(), size_t(text.size())}))).hasMatch());
    QVERIFY(m_redactor.text("Authorization: Bearer abcdefgh12345678")->startsWith("Authorization: Bearer [redacted:credential:"));
    QVERIFY(m_redactor.text("authorization: bearer abcdefgh12345678 x")->endsWith("] x"));
}

void tst_Redactor::equalSecretsGetEqualMarks()
{
    const std::string one = SECRET("sk_te", "st_51AbCdEf0123456789");
    const std::string two = SECRET("sk_te", "st_51AbCdEf0123456780");
    QCOMPARE(*m_redactor.text(one), *m_redactor.text(one));
    QVERIFY(*m_redactor.text(one) != *m_redactor.text(two));
}

void tst_Redactor::anotherKeyGivesOtherMarks()
{
    const std::string key = SECRET("sk_te", "st_51AbCdEf0123456789");
    QVERIFY(*m_redactor.text(key) != *Redactor(Secret(std::string(32, 'l'))).text(key));
}

void tst_Redactor::valuesOfSecretMembersAreReplaced_data()
{
    QTest::addColumn<QByteArray>("json");
    QTest::addColumn<bool>("redacted");
    QTest::newRow("password") << QByteArray("{\"password\":\"x\"}") << true;
    QTest::newRow("userPassword") << QByteArray("{\"userPassword\" : \"hello world\"}") << true;
    QTest::newRow("api_key") << QByteArray("{\"api_key\":\"a8F3kd92Lsm4Q7xz\"}") << true;
    QTest::newRow("API-KEY") << QByteArray("{\"X-API-KEY\":\"a8F3kd92Lsm4Q7xz\"}") << true;
    QTest::newRow("clientSecret in a list") << QByteArray("{\"clientSecret\":[\"a8F3kd92Lsm4Q7xz\"]}") << true;
    QTest::newRow("deep") << QByteArray("{\"a\":[{\"b\":{\"access_token\":\"a8F3kd92Lsm4Q7xz\"}}]}") << true;
    QTest::newRow("a word") << QByteArray("{\"secret\":\"none\"}") << false;
    QTest::newRow("a sentence") << QByteArray("{\"secret\":\"a long sentence about nothing at all\"}") << false;
    QTest::newRow("a page token") << QByteArray("{\"page_token\":\"a8F3kd92Lsm4Q7xz\"}") << false;
    QTest::newRow("the next member") << QByteArray("{\"token\":1,\"id\":\"a8F3kd92Lsm4Q7xz\"}") << false;
    QTest::newRow("after the object") << QByteArray("[{\"secret\":1},\"a8F3kd92Lsm4Q7xz\"]") << false;
    QTest::newRow("an idempotency key") << QByteArray("{\"idempotency_key\":\"a8F3kd92Lsm4Q7xz\"}") << false;
}

void tst_Redactor::valuesOfSecretMembersAreReplaced()
{
    QFETCH(QByteArray, json);
    QFETCH(bool, redacted);
    const auto result = m_redactor.json({json.constData(), size_t(json.size())});
    QCOMPARE(result.has_value(), redacted);
    if (result) {
        QVERIFY(!result->contains("a8F3kd92"));
        QVERIFY(parseJson({result->constData(), size_t(result->size())}));
    }
}

void tst_Redactor::jsonStaysJson_data()
{
    QTest::addColumn<QByteArray>("json");
    const QByteArray key = SECRET("sk_te", "st_51AbCdEf0123456789");
    QTest::newRow("value") << "{\"a\":\"" + key + "\",\"b\":1e2}";
    QTest::newRow("name") << "{\"" + key + "\":1}";
    QTest::newRow("with quotes") << "{\"a\":\"say \\\"" + key + "\\\" aloud\"}";
    QTest::newRow("with a line end") << "{\"a\":\"\\n" + key + "\\n\"}";
    QTest::newRow("bearer") << QByteArray("{\"headers\":[\"Authorization: Bearer abc\\/def+ghi==\"]}");
    QTest::newRow("spread out") << "{ \"a\" :\n\t\"" + key + "\" }";
}

void tst_Redactor::jsonStaysJson()
{
    QFETCH(QByteArray, json);
    const auto redacted = m_redactor.json({json.constData(), size_t(json.size())});
    QVERIFY(redacted);
    QVERIFY(!redacted->contains("51AbCdEf"));
    QVERIFY(!redacted->contains("ghi"));
    const auto parsed = parseJson({redacted->constData(), size_t(redacted->size())});
    QVERIFY2(parsed, redacted->constData());
    if (QByteArray(QTest::currentDataTag()) == "with quotes")
        QVERIFY(stringAt(*parsed, "a", {}).startsWith(QStringLiteral("say \"[redacted:")));
}

void tst_Redactor::escapesHideNothing()
{
    const QByteArray key = SECRET("\\u0073k_te", "st_51AbCdEf0123456789");
    const auto redacted = m_redactor.json(("{\"a\":\"" + key + "\",\"p\\u0061ssword\":\"hunter\"}").toStdString());
    QVERIFY(redacted);
    QVERIFY(!redacted->contains("51AbCdEf"));
    QVERIFY(!redacted->contains("hunter"));
}

void tst_Redactor::cutOffJsonLetsNothingPass()
{
    const QByteArray key = SECRET("sk_te", "st_51AbCdEf0123456789");
    const auto redacted = m_redactor.json(("{\"a\":\"b\",\"c\":\"" + key).toStdString());
    QVERIFY(redacted);
    QVERIFY(!redacted->contains("51AbCdEf"));
    QVERIFY(redacted->startsWith("{\"a\":\"b\",\"c\":\""));
}

COUNTERSIGN_TEST(tst_Redactor)
#include "tst_Redactor.moc"
