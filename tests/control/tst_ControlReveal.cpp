// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "audit/LogReader.h"
#include "support/Runner.h"

using namespace mcpcore;
using Sight = Control::Sight;

namespace {

struct Bench : ControlFixture {
    // The key that was given out, or why not.
    QString reveal(const QString &key, Sight sight = Sight::Shown, Control::Proof proof = {})
    {
        std::optional<QString> given;
        control->revealKey({key}, sight, std::move(proof), Completion<Secret>(this, [&given](Result<Secret> secret) {
                               given = secret ? QString::fromLatin1(secret->reveal().data(), qsizetype(secret->reveal().size()))
                                              : QStringLiteral("! ") + secret.error().message;
                           }));
        [&] { QTRY_VERIFY_WITH_TIMEOUT(given, 20'000); }();
        return given.value_or(QString());
    }
    int rowsWith(const QString &title)
    {
        const auto reader = LogReader::open(logPath());
        const auto rows = reader ? (*reader)->rowsAfter(0, 1000) : failure(reader.error());
        return rows ? int(std::count_if(rows->begin(), rows->end(), [&](const LogEntry &row) { return row.title == title; })) : -1;
    }
};

} // namespace

// Keys that are given out to the person at the window, and tools that are trusted as they were seen.
class tst_ControlReveal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsGivenOutOnceItIsRecorded()
    {
        Bench bench;
        const QString key = bench.setKey();
        QCOMPARE(bench.reveal(key), QStringLiteral("sk_test_0123456789abcdef"));
        QCOMPARE(bench.rowsWith(QStringLiteral("The key %1 of paid in sandbox was shown.").arg(key)), 1);
        QCOMPARE(bench.reveal(key, Sight::Copied), QStringLiteral("sk_test_0123456789abcdef"));
        QCOMPARE(bench.rowsWith(QStringLiteral("The key %1 of paid in sandbox was copied.").arg(key)), 1);
    }
    void noCommandLeadsToIt()
    {
        Bench bench;
        const QString key = bench.setKey();
        for (const char *command : {"key reveal", "key show", "key get", "key copy"}) {
            const auto answer = bench.run(command, {{"id", key}}, Authority::Window);
            QVERIFY(!answer);
            QVERIFY(answer.error().kind == Error::Kind::UnknownMethod);
        }
        for (const QString &command : bench.control->commands()) {
            if (!command.startsWith(QLatin1String("key ")) || command == QLatin1String("key delete"))
                continue;
            const auto answer =
                bench.run(command.toLatin1().constData(), {{"id", key}, {"connection", "paid"}, {"environment", "sandbox"}});
            QVERIFY2(!answer || !toBytes(*answer).contains("0123456789"), qPrintable(command));
        }
    }
    void whatIsGoneOrSetForAnotherPlaceIsNotGivenOut()
    {
        Bench bench;
        QCOMPARE(bench.reveal(QStringLiteral("key-none")), QStringLiteral("! Not shown: this key is gone."));
        const QString key = bench.setKey();
        bench.change([](Workspace &edited) {
            for (Connection &connection : edited.connections)
                if (connection.id.text == QLatin1String("paid"))
                    std::get<HttpTarget>(connection.target).urls.first() = QStringLiteral("https://other.example.com/mcp");
        });
        QVERIFY(bench.reveal(key).startsWith(QStringLiteral("! The key was set for https://paid.example.com:443")));
        QCOMPARE(bench.rowsWith(QStringLiteral("The key %1 of paid in sandbox was shown.").arg(key)), 0);
    }
    void fromTheKeyFileItTakesTheLoginOrThePassphraseEachTime()
    {
        using By = Control::Proof::By;
        Bench bench;
        const QString key = bench.setKey();
        bench.must("key move", {{"to", "file"}, {"secret", "correct horse battery"}});
        const QString row = QStringLiteral("The key %1 of paid in sandbox was shown.").arg(key);
        QCOMPARE(bench.reveal(key), QStringLiteral("! Give the passphrase of the key file."));
        QCOMPARE(bench.reveal(key, Sight::Shown, {By::Window, Secret("incorrect horse battery")}),
                 QStringLiteral("! This is not the passphrase of the key file. Nothing was changed. Try again."));
        QCOMPARE(bench.rowsWith(row), 0);
        QCOMPARE(bench.reveal(key, Sight::Shown, {By::Window, Secret("correct horse battery")}),
                 QStringLiteral("sk_test_0123456789abcdef"));
        QCOMPARE(bench.rowsWith(row), 1);
        QCOMPARE(bench.reveal(key), QStringLiteral("! Give the passphrase of the key file.")); // it was for once
        QCOMPARE(bench.reveal(key, Sight::Shown, {By::Login, {}}), QStringLiteral("sk_test_0123456789abcdef"));
    }
    void aStoreThatIsLockedGivesNothingOut()
    {
        Bench bench;
        const QString key = bench.setKey();
        QCOMPARE(bench.reveal(key), QStringLiteral("sk_test_0123456789abcdef"));
        bench.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        QCOMPARE(bench.reveal(key), QStringLiteral("! The keychain is locked.")); // not from memory
    }
    void toolsAreTrustedOnlyAsTheyWereSeen()
    {
        Bench bench;
        const Json place{{"id", "acme"}, {"environment", "sandbox"}};
        const Json tools = bench.must("connection tools", place)["tools"];
        Json wish = place;
        wish["tools"] = {"echo"};
        wish["pins"] = {{"echo", QString(64, QLatin1Char('0'))}};
        QCOMPARE(refusalOf(bench.run("connection trust", wish)),
                 QStringLiteral("Nothing was trusted: the server changed echo while you looked. Look at it again."));
        QVERIFY(bench.space().trusts.isEmpty());
        wish["pins"]["echo"] = tools[0]["pin"];
        QCOMPARE(bench.must("connection trust", wish)["trusted"].get<int>(), 1);
    }
};

COUNTERSIGN_TEST(tst_ControlReveal)
#include "tst_ControlReveal.moc"
