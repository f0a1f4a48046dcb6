// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/EncryptedFile.h"
#include "secrets/StoreInCore.h"
#include "support/FakeClock.h"
#include "support/Runner.h"
#include <QTemporaryDir>

using namespace mcpcore;

namespace {

// A key file with "a" in it, and a store over it that is locked.
struct Bench {
    Bench(KeyFileCost cost = {1, 8}) : path(folder.path() + QStringLiteral("/keys"))
    {
        std::map<QString, Secret> items;
        items.emplace(QStringLiteral("a"), Secret("one"));
        if (const auto made = KeyFile(path).make(Secret("correct horse"), std::move(items), cost); !made)
            qFatal("%s", qPrintable(made.error().message));
        store.emplace(path, clock);
    }
    template <typename T, typename Ask> std::shared_ptr<std::optional<Result<T>>> ask(Ask function)
    {
        auto answer = std::make_shared<std::optional<Result<T>>>();
        function(Completion<T>(&guard, [answer](Result<T> result) { answer->emplace(std::move(result)); }));
        return answer;
    }
    template <typename T, typename Ask> Result<T> waitFor(Ask function)
    {
        const auto answer = ask<T>(function);
        if (!QTest::qWaitFor([&] { return answer->has_value(); }, 60'000))
            return failure(Error::Kind::Abandoned, QStringLiteral("never answered"));
        return std::move(**answer);
    }
    Result<> unlock(const char *passphrase)
    {
        return waitFor<void>([&](auto done) { store->unlock(Secret(passphrase), std::move(done)); });
    }
    Result<> probe()
    {
        return waitFor<void>([&](auto done) { store->probe(std::move(done)); });
    }

    QTemporaryDir folder;
    QString path;
    FakeClock clock;
    QObject guard;
    std::optional<EncryptedFile> store;
};

} // namespace

class tst_EncryptedFile : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void itIsLockedUntilThePassphraseIsGiven()
    {
        Bench bench;
        QCOMPARE(bench.store->kind(), QStringLiteral("file"));
        QCOMPARE(bench.probe().error().kind, Error::Kind::Locked);
        const auto read = bench.waitFor<Secret>([&](auto done) { bench.store->read(QStringLiteral("a"), std::move(done)); });
        QCOMPARE(read.error().kind, Error::Kind::SecretUnavailable);
        QVERIFY(read.error().message.contains(QStringLiteral("locked")));
        QCOMPARE(bench.unlock("incorrect horse").error().kind, Error::Kind::InvalidArgument);
        QVERIFY(!bench.store->isOpen());
        QVERIFY(bench.unlock("correct horse"));
        QVERIFY(bench.store->isOpen());
        QVERIFY(bench.probe());
        QVERIFY(bench.waitFor<Secret>([&](auto done) { bench.store->read(QStringLiteral("a"), std::move(done)); })->reveal() == "one");
        // A wrong one later does not lock it again.
        QVERIFY(!bench.unlock("incorrect horse"));
        QVERIFY(bench.probe());
    }
    void whatIsAskedDuringTheUnlockingWaitsForIt()
    {
        Bench bench({1, 32 * 1024});
        bench.store->unlock(Secret("correct horse"), {});
        const auto read = bench.waitFor<Secret>([&](auto done) { bench.store->read(QStringLiteral("a"), std::move(done)); });
        QVERIFY(read);
        QVERIFY(read->reveal() == "one");
    }
    void theCoreDoesNotWaitForThePassphrase()
    {
        Bench bench({1, 64 * 1024});
        const auto unlocked = bench.ask<void>([&](auto done) { bench.store->unlock(Secret("correct horse"), std::move(done)); });
        int turns = 0; // of the event loop of the core
        const std::function<void()> turn = [&] {
            ++turns;
            if (!unlocked->has_value())
                post(&bench.guard, turn);
        };
        turn();
        QTRY_VERIFY_WITH_TIMEOUT(unlocked->has_value(), 60'000);
        QVERIFY(**unlocked);
        QVERIFY(turns > 10);
    }
    void whoAsksIsAnsweredInTime()
    {
        Bench bench({1, 64 * 1024});
        bench.store->unlock(Secret("correct horse"), {});
        const auto read = bench.ask<Secret>([&](auto done) { bench.store->read(QStringLiteral("a"), std::move(done)); });
        bench.clock.advance(std::chrono::seconds(10));
        QVERIFY(read->has_value());
        QCOMPARE((*read)->error().kind, Error::Kind::SecretUnavailable);
        QVERIFY((*read)->error().message.contains(QStringLiteral("in time")));
    }
    void itIsLetGoWhileItWorks()
    {
        Bench bench({1, 64 * 1024});
        const auto unlocked = bench.ask<void>([&](auto done) { bench.store->unlock(Secret("correct horse"), std::move(done)); });
        const auto read = bench.ask<Secret>([&](auto done) { bench.store->read(QStringLiteral("a"), std::move(done)); });
        bench.store.reset();
        QVERIFY(unlocked->has_value() && !**unlocked);
        QVERIFY(read->has_value() && !**read);
    }
    void thePassphraseIsChanged()
    {
        Bench bench;
        QVERIFY(bench.unlock("correct horse"));
        const auto change = [&](const char *old, const char *fresh) {
            return bench.waitFor<void>([&](auto done) {
                bench.store->changePassphrase(Secret(old), Secret(fresh), KeyFileCost{1, 8}, std::move(done));
            });
        };
        QCOMPARE(change("incorrect horse", "battery staple").error().kind, Error::Kind::InvalidArgument);
        QVERIFY(change("correct horse", "battery staple"));
        QVERIFY(bench.probe());
        KeyFile again(bench.path);
        QVERIFY(!again.open(Secret("correct horse")));
        QVERIFY(again.open(Secret("battery staple")));
    }
    void oneIsMadeAndReadAgainBeforeItIsThere()
    {
        Bench bench;
        EncryptedFile fresh(bench.folder.path() + QStringLiteral("/fresh"), bench.clock);
        std::map<QString, Secret> items;
        items.emplace(QStringLiteral("b"), Secret("two"));
        QVERIFY(bench.waitFor<void>([&](auto done) {
            fresh.make(Secret("battery staple"), std::move(items), KeyFileCost{1, 8}, std::move(done));
        }));
        QVERIFY(fresh.isOpen());
        QCOMPARE(bench.waitFor<QStringList>([&](auto done) { fresh.names(std::move(done)); }).value(), QStringList{QStringLiteral("b")});
        QVERIFY(!bench.waitFor<void>([&](auto done) { fresh.make(Secret("battery staple"), {}, KeyFileCost{1, 8}, std::move(done)); }));
    }
};

COUNTERSIGN_TEST(tst_EncryptedFile)
#include "tst_EncryptedFile.moc"
