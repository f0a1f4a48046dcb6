// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "packs/EnvironmentCheck.h"
#include "packs/Packs.h"
#include "support/Runner.h"

using namespace mcpcore;
using Mode = KeyVerification::Mode;

namespace {

constexpr Milliseconds kNow(1'795'255'200'000);

QString text(const char *latin1)
{
    return QString::fromLatin1(latin1);
}

Environment environmentOf(EnvironmentKind kind)
{
    return {{toText(kind)}, kind};
}

QString saidBy(const Result<> &checked)
{
    return checked ? QString() : checked.error().message;
}

} // namespace

class tst_EnvironmentCheck : public QObject
{
    Q_OBJECT

    QList<Pack> m_packs;

    CheckedSlot slot(const char *vendor, EnvironmentKind kind, const KeyRecord *key = nullptr) const
    {
        return {find(m_packs, text(vendor)), key, {text(vendor)}, environmentOf(kind)};
    }

private Q_SLOTS:
    void initTestCase()
    {
        auto packs = builtInPacks();
        QVERIFY(packs);
        m_packs = std::move(*packs);
    }

    void theArgumentsAgreeWithTheSlotOrNothingIsSent_data()
    {
        QTest::addColumn<EnvironmentKind>("kind");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("says"); // empty: sent
        using Kind = EnvironmentKind;
        const auto row = [](const char *name, Kind kind, const char *arguments, const char *says) {
            QTest::newRow(name) << kind << QByteArray(arguments) << text(says);
        };
        row("none", Kind::Sandbox, "", "");
        row("empty", Kind::Sandbox, "{}", "");
        row("nothing about it", Kind::Sandbox, "{\"amount\":1}", "");
        row("test data in sandbox", Kind::Sandbox, "{\"livemode\":false}", "");
        row("test data in staging", Kind::Staging, "{\"livemode\": false }", "");
        row("real data in production", Kind::Production, "{\"livemode\":true}", "");
        row("real data in sandbox", Kind::Sandbox, "{\"livemode\":true}", "say livemode true, which is real data, and this is sandbox");
        row("real data in staging", Kind::Staging, "{\"a\":[],\"livemode\" : true}", "and this is staging");
        row("test data in production", Kind::Production, "{\"livemode\":false}", "say livemode false, and production holds real data");
        row("a text for true", Kind::Sandbox, "{\"livemode\":\"true\"}", "livemode must be true or false");
        row("a text for false", Kind::Sandbox, "{\"livemode\":\"false\"}", "livemode must be true or false");
        row("a number", Kind::Sandbox, "{\"livemode\":1}", "livemode must be true or false");
        row("nothing for true", Kind::Sandbox, "{\"livemode\":null}", "livemode must be true or false");
        row("the name in escapes", Kind::Sandbox, "{\"livemod\\u0065\":true}", "which is real data");
        row("the whole name in escapes", Kind::Sandbox, "{\"\\u006civemode\":true}", "which is real data");
        row("the name as a part of another", Kind::Sandbox, "{\"livemode2\":true,\"xlivemode\":true}", "");
        row("the name deeper down is data", Kind::Sandbox, "{\"metadata\":{\"livemode\":true}}", "");
        row("the name in a value", Kind::Sandbox, "{\"note\":\"livemode\"}", "");
    }
    void theArgumentsAgreeWithTheSlotOrNothingIsSent()
    {
        QFETCH(EnvironmentKind, kind);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, says);
        const QString said = saidBy(checkArguments(slot("stripe", kind), RawJson(arguments)));
        QVERIFY2(says.isEmpty() ? said.isEmpty() : said.contains(says), qPrintable(said));
        // A vendor whose pack has no such argument gets whatever the client says.
        QCOMPARE(saidBy(checkArguments(slot("stigg", kind), RawJson(arguments))), QString());
        QCOMPARE(saidBy(checkArguments(slot("unknown", kind), RawJson(arguments))), QString());
    }

    void theAccountInTheArgumentsIsTheOneOfTheKey()
    {
        KeyRecord key;
        const RawJson mine("{\"stripe_context\":\"acct_1\"}"), other("{\"stripe_context\":\"acct_2\"}"), none("{\"stripe_context\":7}");
        QCOMPARE(saidBy(checkArguments(slot("stripe", EnvironmentKind::Sandbox, &key), other)), QString());
        key.verified = KeyVerification{kNow, Mode::Test, text("acct_1"), {}, {}};
        const CheckedSlot verified = slot("stripe", EnvironmentKind::Sandbox, &key);
        QCOMPARE(saidBy(checkArguments(verified, mine)), QString());
        const QString said = saidBy(checkArguments(verified, other));
        QVERIFY2(said.contains(text("stripe_context names another account than acct_1")), qPrintable(said));
        QVERIFY(!said.contains(text("acct_2"))); // what the client wrote is not repeated
        QVERIFY(!checkArguments(verified, none));
    }

    void aKeyIsNotUsedWhereItDoesNotBelong_data()
    {
        QTest::addColumn<QString>("prefix");
        QTest::addColumn<Mode>("mode");
        QTest::addColumn<EnvironmentKind>("kind");
        QTest::addColumn<QString>("says");
        using Kind = EnvironmentKind;
        const auto row = [](const char *name, const char *prefix, Mode mode, Kind kind, const char *says) {
            QTest::newRow(name) << text(prefix) << mode << kind << text(says);
        };
        row("a test key in sandbox", "rk_test_", Mode::Test, Kind::Sandbox, "");
        row("a test key in staging", "sk_test_", Mode::NotSaid, Kind::Staging, "");
        row("a live key in production", "rk_live_", Mode::Live, Kind::Production, "");
        row("a live key in sandbox", "rk_live_", Mode::NotSaid, Kind::Sandbox, "begins with rk_live_, which no key for sandbox does");
        row("a live key in staging", "sk_live_", Mode::NotSaid, Kind::Staging, "which no key for staging does");
        row("a test key in production", "rk_test_", Mode::NotSaid, Kind::Production, "which no key for production does");
        row("the vendor says live of a sandbox key", "", Mode::Live, Kind::Sandbox,
            "Stripe says that the key of stripe in sandbox is for live");
        row("the vendor says test of a production key", "", Mode::Test, Kind::Production, "is for test data");
        row("nobody says", "", Mode::NotSaid, Kind::Production, "");
    }
    void aKeyIsNotUsedWhereItDoesNotBelong()
    {
        QFETCH(QString, prefix);
        QFETCH(Mode, mode);
        QFETCH(EnvironmentKind, kind);
        QFETCH(QString, says);
        KeyRecord key;
        key.prefix = prefix;
        key.verified = KeyVerification{kNow, mode, {}, {}, {}};
        const QString said = saidBy(checkKeyOf(slot("stripe", kind, &key), kNow));
        QVERIFY2(says.isEmpty() ? said.isEmpty() : said.contains(says), qPrintable(said));
    }

    void aKeyThatEndedIsNotSent()
    {
        KeyRecord key;
        key.prefix = text("eyJ");
        key.expires = kNow + Milliseconds(1);
        QCOMPARE(saidBy(checkKeyOf(slot("stack", EnvironmentKind::Production, &key), kNow)), QString());
        key.expires = kNow;
        QVERIFY(saidBy(checkKeyOf(slot("stack", EnvironmentKind::Production, &key), kNow)).contains(text("ended by itself at 2026-")));
        QVERIFY(saidBy(checkKeyOf(slot("unknown", EnvironmentKind::Production, &key), kNow)).contains(text("ended by itself")));
    }
    void whereAVendorHasNoSandboxNothingIsSent()
    {
        QVERIFY(saidBy(checkKeyOf(slot("stack", EnvironmentKind::Sandbox), kNow)).contains(text("STACK has no sandbox")));
        QCOMPARE(saidBy(checkKeyOf(slot("stack", EnvironmentKind::Production), kNow)), QString());
    }

    void anAnswerFromElsewhereIsNoticed_data()
    {
        QTest::addColumn<QByteArray>("result");
        QTest::addColumn<bool>("noticed");
        const auto row = [](const char *name, const char *result, bool noticed) { QTest::newRow(name) << QByteArray(result) << noticed; };
        row("structured", "{\"structuredContent\":{\"id\":\"re_1\",\"livemode\":true}}", true);
        row("structured, with spaces", "{\"structuredContent\":{\"livemode\" : \n true}}", true);
        row("deep in a list", "{\"structuredContent\":{\"data\":[{\"livemode\":false},{\"livemode\":true}]}}", true);
        row("as the text that most servers answer with", "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"livemode\\\":true}\"}]}", true);
        row("the same with a space", "{\"content\":[{\"text\":\"{\\\"livemode\\\": true, \\\"a\\\":1}\"}]}", true);
        row("test data", "{\"content\":[{\"text\":\"{\\\"livemode\\\":false}\"}]}", false);
        row("nothing said", "{\"content\":[]}", false);
        row("a name that ends so", "{\"structuredContent\":{\"not_livemode\":true}}", false);
        row("a name that begins so", "{\"structuredContent\":{\"livemode_was\":true}}", false);
        row("a word that begins with true", "{\"structuredContent\":{\"livemode\":truest}}", false);
        row("a text", "{\"structuredContent\":{\"livemode\":\"true\"}}", false);
        row("what a customer wrote into a text of the answer",
            "{\"content\":[{\"text\":\"{\\\"note\\\":\\\"{\\\\\\\"livemode\\\\\\\":true}\\\"}\"}]}", false);
        row("cut off", "{\"structuredContent\":{\"livemode\":", false);
        row("the name alone", "livemode", false);
    }
    void anAnswerFromElsewhereIsNoticed()
    {
        QFETCH(QByteArray, result);
        QFETCH(bool, noticed);
        const QString said = contradictionIn(slot("stripe", EnvironmentKind::Sandbox), text("create_refund"), RawJson(result));
        QCOMPARE(said, noticed ? text("Stripe answered livemode true to a sandbox call.") : QString());
        QCOMPARE(contradictionIn(slot("stripe", EnvironmentKind::Production), text("create_refund"), RawJson(result)), QString());
        QCOMPARE(contradictionIn(slot("stripe", EnvironmentKind::Sandbox), text("list_available_accounts_or_orgs"), RawJson(result)),
                 QString());
        QCOMPARE(contradictionIn(slot("unknown", EnvironmentKind::Sandbox), text("create_refund"), RawJson(result)), QString());
    }
};

COUNTERSIGN_TEST(tst_EnvironmentCheck)
#include "tst_EnvironmentCheck.moc"
