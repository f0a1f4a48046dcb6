// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "packs/KeyEnd.h"
#include "packs/Packs.h"
#include "packs/VerifyAnswer.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const std::string_view kKey = "rk_test_51PgafTB7WZ01zgkW4eC39HqLyjWDarjtT1zdp7dcQ0vXy2Kb8m3nRs6Tu9Wz";

const Pack &pack(const char *id)
{
    static const QList<Pack> all = builtInPacks().value_or(QList<Pack>());
    static const Pack none;
    const Pack *found = find(all, QString::fromLatin1(id));
    return found ? *found : none;
}

VerifyAnswer read(const char *vendor, int call, int status, const QByteArray &body)
{
    return readVerification(pack(vendor), pack(vendor).verify.calls.value(call), status, {body.constData(), size_t(body.size())}, kKey);
}

QByteArray token(const QByteArray &claims)
{
    const auto coded = [](const QByteArray &text) { return text.toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals); };
    return coded("{\"alg\":\"RS256\"}") + '.' + coded(claims) + '.' + coded("not looked at");
}

std::chrono::milliseconds endIn(const QByteArray &key)
{
    return endOf({key.constData(), size_t(key.size())});
}

} // namespace

class tst_VerifyAnswer : public QObject
{
    Q_OBJECT
    using Verdict = VerifyAnswer::Verdict;
    using Mode = KeyVerification::Mode;

private Q_SLOTS:
    // What each vendor documents that it answers, and what else may come. `says` is part of the reason, or of what was read:
    // mode, account, name, abilities and what it tells.
    void everyAnswerOfAVendorIsRead_data()
    {
        QTest::addColumn<QByteArray>("vendor");
        QTest::addColumn<int>("call");
        QTest::addColumn<int>("status");
        QTest::addColumn<QByteArray>("body");
        QTest::addColumn<int>("verdict");
        QTest::addColumn<QString>("says");
        const auto row = [](const char *name, const char *vendor, int call, int status, const QByteArray &body, Verdict verdict,
                            const char *says) {
            QTest::newRow(name) << QByteArray(vendor) << call << status << body << int(verdict) << QString::fromUtf8(says);
        };
        const auto good = Verdict::Accepted, bad = Verdict::Refused, open = Verdict::NotAsked;
        const QByteArray balance = R"({"object":"balance","available":[{"amount":0,"currency":"usd"}],"livemode":false,"pending":[]})";
        row("Stripe, test", "stripe", 0, 200, balance, good, "test||||May read the balance.|");
        row("Stripe, live", "stripe", 0, 200, R"({"object":"balance","livemode":true})", good, "live||||May read the balance.|");
        row("Stripe, account", "stripe", 1, 200,
            R"({"object":"account","id":"acct_1PgafTB7WZ01zgkW","settings":{"dashboard":{"display_name":"Acme"}}})", good,
            "not said|acct_1PgafTB7WZ01zgkW|Acme||May read the account.|");
        row("Stripe, name elsewhere", "stripe", 1, 200,
            R"({"id":"acct_1","settings":{"dashboard":{"display_name":null}},"business_profile":{"name":"Acme Ltd"}})", good,
            "not said|acct_1|Acme Ltd||May read the account.|");
        row("Stripe, no name", "stripe", 1, 200, R"({"id":"acct_1","business_profile":{"name":null}})", good,
            "not said|acct_1|||May read the account.|");
        row("Stripe refuses", "stripe", 0, 401,
            R"({"error":{"message":"Invalid API Key provided: rk_test_****7dc","type":"invalid_request_error"}})", bad, "");
        row("Stripe, expired", "stripe", 0, 401, R"({"error":{"code":"api_key_expired","type":"invalid_request_error"}})", bad,
            "api_key_expired");
        row("Stripe, no permission", "stripe", 0, 403,
            R"({"error":{"message":"The provided key does not have the required permissions.","type":"invalid_request_error"}})", good,
            "not said||||May not read the balance.|");
        row("Stripe, too often", "stripe", 0, 429, R"({"error":{"code":"rate_limit"}})", open, "was asked too often (429)");
        row("Stripe, out of order", "stripe", 0, 500, R"({"error":{"type":"api_error"}})", open, "answered with an error (500)");
        row("Stripe, no livemode", "stripe", 0, 200, R"({"object":"balance"})", open, "something else than it is known to answer");
        row("Stripe, livemode no flag", "stripe", 0, 200, R"({"livemode":"false"})", open, "something else than it is known");
        row("Stripe, no account", "stripe", 1, 200, R"({"object":"account"})", open, "something else than");
        row("Stigg", "stigg", 0, 200, R"({"data":[{"id":"c-1","name":"Acme"},{"id":"c-2","name":null},{"id":"c-3","name":"Beta"}]})", good,
            "not said|||customers: Acme, Beta|May read customers.|");
        row("Stigg, nobody there", "stigg", 0, 200, R"({"data":[]})", good, "not said|||customers: |May read customers.|");
        row("Stigg, more than asked", "stigg", 0, 200, R"({"data":[{"name":"a"},{"name":"b"},{"name":"c"},{"name":"d"}]})", good,
            "customers: a, b, c|");
        row("Stigg refuses", "stigg", 0, 401, R"({"error":{"code":"UNAUTHENTICATED","message":"Unauthenticated"}})", bad,
            "UNAUTHENTICATED");
        row("Stigg, scoped key", "stigg", 0, 403, R"({"error":{"code":"FORBIDDEN"}})", good, "not said||||May not read customers.|");
        row("Stigg, too often", "stigg", 0, 429, "{}", open, "too often");
        row("Statsig, project", "statsig", 0, 200, R"({"message":"Project Info Retrieved Successfully","data":{"id":"p1"}})", good,
            "not said|p1|||May read the project.|");
        row("Statsig, company", "statsig", 1, 200,
            R"({"message":"ok","data":{"companyID":"c1","companyName":"Acme","isWarehouseNative":false,"orgID":null,"orgName":null}})",
            good, "not said||Acme||May read the company.|");
        // As documented, with the key in it.
        row("Statsig refuses", "statsig", 0, 401,
            "{\"status\":401,\"message\":\"This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: "
                + QByteArray(kKey.data(), qsizetype(kKey.size())) + "\"}",
            bad, "");
        row("Statsig, forbidden", "statsig", 1, 403, R"({"status":403,"message":"Forbidden resource"})", good,
            "not said||||May not read the company.|");
        row("Statsig, other shape", "statsig", 0, 200, R"({"data":"p1"})", open, "something else");
        row("STACK, agents", "stack", 0, 200, R"({"agents":[]})", good, "not said||||May list the agents.|");
        row("STACK, balance", "stack", 1, 200, R"({"operator_id":"op_1","tier":"studio"})", good,
            "not said|op_1||tier: studio|May read the balance.|");
        row("STACK refuses", "stack", 0, 401, R"({"error":"invalid_token"})", bad, "");
        row("STACK, member", "stack", 1, 403, R"({"error":"forbidden"})", good, "May not read the balance.|");
        row("STACK, no operator", "stack", 1, 200, R"({"tier":"studio"})", open, "something else");
        // Of whatever stands there.
        const QByteArray page = "<!DOCTYPE html><title>Sign in to the network</title>";
        row("a page", "stripe", 0, 200, page, open, "something that is no JSON");
        row("a page that forbids", "stripe", 0, 403, page, open, "answered 403 without saying why");
        row("a page that refuses", "stripe", 0, 401, page, bad, "");
        row("nothing", "stripe", 0, 200, "", open, "no JSON");
        row("a list", "stripe", 0, 200, "[true]", open, "no JSON");
        row("deep", "stripe", 0, 200, QByteArray(100'000, '['), open, "no JSON");
        row("no content", "stripe", 0, 204, "", open, "answered with an error (204)");
        row("a redirect", "stripe", 0, 302, "", open, "sends us elsewhere (302), which is not followed");
        row("not there", "stripe", 0, 404, R"({"error":{}})", open, "answered with an error (404)");
        row("a gateway", "stripe", 0, 503, page, open, "answered with an error (503)");
        row("in Latin-1", "stripe", 0, 200, "{\"livemode\":false,\"n\":\"caf\xe9\"}", open, "no JSON");
    }
    void everyAnswerOfAVendorIsRead()
    {
        QFETCH(QByteArray, vendor);
        QFETCH(int, call);
        QFETCH(int, status);
        QFETCH(QByteArray, body);
        QFETCH(int, verdict);
        QFETCH(QString, says);
        const VerifyAnswer answer = read(vendor.constData(), call, status, body);
        const QString tells =
            answer.tellsWhat.isEmpty() ? QString() : answer.tellsWhat + QStringLiteral(": ") + answer.tells.join(QStringLiteral(", "));
        const QString all = QStringList{toText(answer.said.mode),
                                        answer.said.account,
                                        answer.said.accountName,
                                        tells,
                                        answer.said.abilities.join(QLatin1Char(' ')),
                                        answer.reason}
                                .join(QLatin1Char('|'));
        QVERIFY2(int(answer.verdict) == verdict, qPrintable(all));
        QVERIFY2(all.contains(says), qPrintable(all));
        QVERIFY(!all.contains(QLatin1String(kKey.data() + 20, 8)));
        if (answer.verdict == Verdict::Refused)
            QVERIFY2(says == answer.reason && answer.status == status, qPrintable(all));
        if (answer.verdict != Verdict::Accepted)
            QVERIFY(answer.said.account.isEmpty() && answer.said.abilities.isEmpty() && answer.said.mode == Mode::NotSaid);
    }
    void whatAVendorWroteIsOneShortLineOfPlainText_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QString>("shown");
        QTest::newRow("as it is") << QByteArray("Æbler & Søn") << QStringLiteral("Æbler & Søn");
        QTest::newRow("lines and tabs") << QByteArray("a\\nb\\tc\\u0000d\\r") << QStringLiteral("a b c d");
        QTest::newRow("escape codes") << QByteArray("\\u001b[31mred\\u009b0m") << QStringLiteral("[31mred 0m");
        QTest::newRow("markup") << QByteArray("<b>Acme</b><img src=x>") << QStringLiteral("b Acme /b img src=x");
        QTest::newRow("turned around") << QByteArray("Acme\\u202eevil\\u2066\\u200b") << QStringLiteral("Acme evil");
        QTest::newRow("invisible letters") << QByteArray("Acme\\udb40\\udc41") << QStringLiteral("Acme");
        QTest::newRow("outside of the first plane") << QByteArray("\\ud83c\\udf4e") << QString::fromUtf8("\xf0\x9f\x8d\x8e");
        QTest::newRow("long") << QByteArray(5000, 'x') << QString(119, QLatin1Char('x')) + QChar(0x2026);
        QTest::newRow("the key") << QByteArray("key ") + kKey.data() << QString();
        QTest::newRow("the end of the key") << QByteArray("T9 Rs6Tu9Wz Wz") << QString();
        QTest::newRow("a number") << QByteArray() << QString();
    }
    void whatAVendorWroteIsOneShortLineOfPlainText()
    {
        QFETCH(QByteArray, name);
        QFETCH(QString, shown);
        const QByteArray value = name.isEmpty() ? QByteArray("7") : '"' + name + '"';
        const VerifyAnswer answer = read("stripe", 1, 200, "{\"id\":\"acct_1\",\"business_profile\":{\"name\":" + value + "}}");
        QCOMPARE(answer.verdict, Verdict::Accepted);
        QCOMPARE(answer.said.accountName, shown);
        const VerifyAnswer told = read("stigg", 0, 200, "{\"data\":[{\"name\":" + value + "}]}");
        QCOMPARE(told.tells.value(0), shown);
    }
    void anAccountThatIsNoShortTextIsNotTaken()
    {
        const auto account = [](const QByteArray &id) { return read("stripe", 1, 200, "{\"id\":" + id + "}").verdict; };
        QCOMPARE(account("\"acct_1\""), Verdict::Accepted);
        QCOMPARE(account('"' + QByteArray(200, 'a') + '"'), Verdict::NotAsked);
        QCOMPARE(account("\"\\u202e\""), Verdict::NotAsked);
        QCOMPARE(account("12"), Verdict::NotAsked);
        QCOMPARE(account('"' + QByteArray(kKey.data()) + '"'), Verdict::NotAsked);
    }
    void allAnswersTogetherAreTheVendorsWord()
    {
        const VerifyAnswer balance = read("stripe", 0, 200, R"({"livemode":false})");
        const VerifyAnswer account = read("stripe", 1, 200, R"({"id":"acct_1","business_profile":{"name":"Acme"}})");
        const VerifyAnswer limited = read("stripe", 1, 403, "{}");
        const VerifyAnswer refused = read("stripe", 1, 401, "{}");
        const VerifyAnswer slow = read("stripe", 0, 500, "{}");
        const VerifyAnswer all = together({balance, account});
        QCOMPARE(all.verdict, Verdict::Accepted);
        QCOMPARE(all.said.mode, Mode::Test);
        QCOMPARE(all.said.account, QStringLiteral("acct_1"));
        QCOMPARE(all.said.accountName, QStringLiteral("Acme"));
        QCOMPARE(all.said.abilities, (QStringList{QStringLiteral("May read the balance."), QStringLiteral("May read the account.")}));
        QCOMPARE(together({balance, limited}).said.abilities.last(), QStringLiteral("May not read the account."));
        QCOMPARE(together({balance, limited}).verdict, Verdict::Accepted);
        QCOMPARE(together({slow, refused}).verdict, Verdict::Refused);
        QCOMPARE(together({balance, slow}).verdict, Verdict::NotAsked);
        QCOMPARE(together({}).verdict, Verdict::NotAsked);
    }
    void theEndThatAKeyCarriesIsRead()
    {
        using namespace std::chrono_literals;
        QCOMPARE(endIn(token("{\"sub\":\"agt_1\",\"exp\":1795255200}")), std::chrono::milliseconds(1795255200000));
        QCOMPARE(endIn(token("{\"exp\":1795255200.5}")), std::chrono::milliseconds(1795255200500));
        QCOMPARE(endIn(token("{\"exp\":1}")), std::chrono::milliseconds(1000));
        for (const QByteArray &without :
             {token("{}"), token("[1795255200]"), token("{\"exp\":\"1795255200\"}"), token("{\"exp\":-5}"), token("{\"exp\":1e300}"),
              token("{\"exp\":1795255200}") + ".more", token("{\"exp\":1795255200}").mid(1), QByteArray("eyJhbGciOiJub25lIn0"),
              QByteArray("eyJ.a"), QByteArray("eyJ.!!!.c"), QByteArray("rk_test_4eC39HqLyjWD"), QByteArray()})
            QCOMPARE(endIn(without), 0ms);
    }
};

COUNTERSIGN_TEST(tst_VerifyAnswer)
#include "tst_VerifyAnswer.moc"
