// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/ProfileStore.h"
#include "support/FakeClock.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"
#include <QDir>
#include <QTemporaryDir>

using namespace mcpcore;

namespace {

constexpr KeyFileCost cheap{1, 8};
const QMap<QString, QByteArray> kItems{
    {QStringLiteral("profile-key"), "p"}, {QStringLiteral("key-1"), "one"}, {QStringLiteral("key-2"), "two"}};
const QStringList kNames = kItems.keys() + QStringList{QStringLiteral("sign-in:acme:sandbox")}; // the last one was never stored

// A keychain that outlives its store, as the real one does, and does `fault` at its n-th request.
class Chain final : public QObject, public SecretStore
{
public:
    struct State {
        MemoryStore memory;
        int requests = 0;
        int faultAt = -1;
        std::function<Result<>()> fault; // an error: the request fails. None: it is done.
        bool forgets = false;            // takes what is written and gives back something else
    };
    explicit Chain(State &state) : m_state(state) {}
    void read(const QString &name, Completion<Secret> done) override
    {
        if (const auto ok = count(); !ok)
            return done(failure(ok.error()));
        m_state.memory.read(name, std::move(done));
    }
    void write(const QString &name, Secret secret, Completion<> done) override
    {
        if (const auto ok = count(); !ok)
            return done(ok);
        m_state.memory.write(name, m_state.forgets ? Secret("other") : std::move(secret), std::move(done));
    }
    void remove(const QString &name, Completion<> done) override
    {
        if (const auto ok = count(); !ok)
            return done(ok);
        m_state.memory.remove(name, std::move(done));
    }
    void probe(Completion<> done) override { m_state.memory.probe(std::move(done)); }
    QString kind() const override { return QStringLiteral("keychain"); }

private:
    Result<> count() { return ++m_state.requests == m_state.faultAt ? m_state.fault() : Result<>(); }
    State &m_state;
};

struct Bench {
    Bench() : path(folder.filePath(QStringLiteral("keys")))
    {
        keychain.memory.items = QHash<QString, QByteArray>(kItems.keyValueBegin(), kItems.keyValueEnd());
        start();
    }
    void start()
    {
        store.reset();
        store = std::make_unique<ProfileStore>(path, std::make_unique<Chain>(keychain), clock, cheap);
    }
    template <typename T, typename Ask> Result<T> waitFor(Ask function)
    {
        auto answer = std::make_shared<std::optional<Result<T>>>();
        function(Completion<T>(&guard, [answer](Result<T> result) { answer->emplace(std::move(result)); }));
        if (!QTest::qWaitFor([&] { return answer->has_value() || !store; }, 60'000) || !answer->has_value())
            return failure(Error::Kind::Abandoned, QStringLiteral("never answered"));
        return std::move(**answer);
    }
    Result<ProfileStore::Moved> toFile()
    {
        return waitFor<ProfileStore::Moved>([&](auto done) { store->moveToFile(kNames, Secret("correct horse"), std::move(done)); });
    }
    Result<ProfileStore::Moved> toKeychain()
    {
        return waitFor<ProfileStore::Moved>([&](auto done) { store->moveToKeychain(std::move(done)); });
    }
    Result<> unlock()
    {
        return waitFor<void>([&](auto done) { store->unlock(Secret("correct horse"), std::move(done)); });
    }
    QByteArray read(const QString &name)
    {
        const auto found = waitFor<Secret>([&](auto done) { store->read(name, std::move(done)); });
        return found ? QByteArray(found->reveal().data(), qsizetype(found->reveal().size())) : found.error().message.toUtf8();
    }
    Result<> write(const char *name, const char *value)
    {
        return waitFor<void>([&](auto done) { store->write(QString::fromLatin1(name), Secret(value), std::move(done)); });
    }
    // After a new start everything that was stored is there.
    bool isWhole()
    {
        QCoreApplication::sendPostedEvents(&guard);
        keychain.faultAt = -1;
        start();
        if (store->isInFile() && !unlock())
            return false;
        return std::all_of(kItems.keyBegin(), kItems.keyEnd(), [&](const QString &name) { return read(name) == kItems.value(name); });
    }
    QStringList files() const { return QDir(folder.path()).entryList(QDir::Files | QDir::Hidden); }

    QTemporaryDir folder;
    QString path;
    FakeClock clock;
    QObject guard;
    Chain::State keychain;
    std::unique_ptr<ProfileStore> store;
};

} // namespace

class tst_ProfileStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFileIsUsedWhenItIsThereAndOnlyThen()
    {
        Bench bench;
        QCOMPARE(bench.store->kind(), QStringLiteral("keychain"));
        QVERIFY(!bench.store->isLocked());
        QVERIFY(bench.unlock()); // nothing to do
        QCOMPARE(bench.read(QStringLiteral("key-1")), QByteArray("one"));
        QVERIFY(KeyFile(bench.path).make(Secret("correct horse"), {}, cheap));
        QCOMPARE(bench.store->kind(), QStringLiteral("keychain")); // it was not told of it
        bench.start();
        QCOMPARE(bench.store->kind(), QStringLiteral("file"));
        QVERIFY(bench.store->isLocked());
        QVERIFY(bench.unlock());
        QVERIFY(!bench.store->isLocked());
        QVERIFY(bench.write("key-9", "nine"));
        QVERIFY(!bench.keychain.memory.items.contains(QStringLiteral("key-9")));
    }
    void everythingMovesToTheFileAndBack()
    {
        Bench bench;
        int opened = 0;
        connect(bench.store.get(), &ProfileStore::opened, &bench.guard, [&opened] { ++opened; });
        const auto there = bench.toFile();
        QVERIFY2(there, there ? "" : qPrintable(there.error().message));
        QCOMPARE(there->items, 3);
        QCOMPARE(there->left, 0);
        QCOMPARE(opened, 1);
        QCOMPARE(bench.store->kind(), QStringLiteral("file"));
        QVERIFY(!bench.store->isLocked());
        QCOMPARE(bench.keychain.memory.items.size(), 0);
        QCOMPARE(bench.files(), QStringList{QStringLiteral("keys")});
        QCOMPARE(bench.read(QStringLiteral("key-2")), QByteArray("two"));
        QVERIFY(bench.read(QStringLiteral("left-in-keychain")).contains("no such key"));
        QVERIFY(bench.write("key-3", "three"));
        QVERIFY(!bench.toFile()); // they are there
        QVERIFY(bench.isWhole());

        const auto back = bench.toKeychain();
        QVERIFY2(back, back ? "" : qPrintable(back.error().message));
        QCOMPARE(back->items, 4);
        QCOMPARE(bench.store->kind(), QStringLiteral("keychain"));
        QCOMPARE(bench.files(), QStringList());
        QCOMPARE(bench.keychain.memory.items.value(QStringLiteral("key-3")), QByteArray("three"));
        QCOMPARE(bench.keychain.memory.items.size(), 4);
        QVERIFY(!bench.toKeychain());
        QVERIFY(bench.isWhole());
    }
    void nothingToMoveMakesAnEmptyFile()
    {
        Bench bench;
        bench.keychain.memory.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("There is no keychain.")};
        QVERIFY(!bench.toFile());
        QCOMPARE(bench.files(), QStringList());
        const auto moved =
            bench.waitFor<ProfileStore::Moved>([&](auto done) { bench.store->moveToFile({}, Secret("correct horse"), std::move(done)); });
        QVERIFY(moved);
        QCOMPARE(moved->items, 0);
        QVERIFY(bench.write("key-1", "one"));
        QCOMPARE(bench.read(QStringLiteral("key-1")), QByteArray("one"));
    }
    void aShortPassphraseMovesNothing()
    {
        Bench bench;
        const auto moved =
            bench.waitFor<ProfileStore::Moved>([&](auto done) { bench.store->moveToFile(kNames, Secret("1234567"), std::move(done)); });
        QCOMPARE(moved.error().kind, Error::Kind::InvalidArgument);
        QCOMPARE(bench.files(), QStringList());
    }
    // Each request of the keychain fails once: all or nothing moves, and nothing is lost.
    void aFailureAtAnyRequestLosesNothing_data()
    {
        QTest::addColumn<bool>("toFile");
        QTest::newRow("to the file") << true;
        QTest::newRow("to the keychain") << false;
    }
    void aFailureAtAnyRequestLosesNothing()
    {
        QFETCH(bool, toFile);
        int failures = 0;
        for (int at = 1; at < 20; ++at) {
            Bench bench;
            if (!toFile)
                QVERIFY(bench.toFile());
            bench.keychain.requests = 0;
            bench.keychain.faultAt = at;
            bench.keychain.fault = [] { return failure(Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")); };
            const auto moved = toFile ? bench.toFile() : bench.toKeychain();
            failures += moved ? 0 : 1;
            if (!moved) {
                QVERIFY(moved.error().message.contains(QStringLiteral("locked")));
                QCOMPARE(bench.store->isInFile(), !toFile);
                QCOMPARE(bench.files(), toFile ? QStringList() : QStringList{QStringLiteral("keys")});
                QCOMPARE(bench.keychain.memory.items.size(), toFile ? 3 : 0);
            } else if (moved->left > 0) {
                QCOMPARE(moved->left, 1);
                QCOMPARE(bench.keychain.memory.items.size(), 1);
            }
            QVERIFY(bench.isWhole());
            // What was left in the keychain goes when the file is opened the next time.
            if (bench.store->isInFile())
                QTRY_COMPARE(bench.keychain.memory.items.size(), 0);
        }
        QCOMPARE(failures, toFile ? 4 : 6); // the requests before the switch
    }
    // The program is ended at each request of the keychain, and before the next turn of its loop.
    void anEndAtAnyRequestLosesNothing_data() { aFailureAtAnyRequestLosesNothing_data(); }
    void anEndAtAnyRequestLosesNothing()
    {
        QFETCH(bool, toFile);
        int ends = 0;
        for (int at = 1; at < 20; ++at) {
            Bench bench;
            if (!toFile)
                QVERIFY(bench.toFile());
            bench.keychain.requests = 0;
            bench.keychain.faultAt = at;
            bench.keychain.fault = [&]() -> Result<> {
                ++ends;
                post(&bench.guard, [&bench] { bench.store.reset(); });
                return {};
            };
            (void)(toFile ? bench.toFile() : bench.toKeychain());
            QVERIFY(bench.isWhole());
        }
        QCOMPARE(ends, toFile ? 7 : 6);
    }
    void anEndWhileTheFileIsMadeLosesNothing()
    {
        for (int turns = 0; turns < 40; ++turns) {
            Bench bench;
            bench.store->moveToFile(kNames, Secret("correct horse"), {});
            for (int i = 0; i < turns; ++i)
                QCoreApplication::processEvents();
            QVERIFY(bench.isWhole());
            bench.store->tidy();
            QVERIFY(!bench.files().contains(QStringLiteral("keys.moving")));
        }
    }
    void aKeychainThatForgetsIsNotMovedTo()
    {
        Bench bench;
        QVERIFY(bench.toFile());
        bench.keychain.forgets = true;
        const auto moved = bench.toKeychain();
        QVERIFY(!moved);
        QVERIFY(moved.error().message.contains(QStringLiteral("does not give back")));
        QVERIFY(bench.isWhole());
    }
    void aFileThatIsGoneDuringTheMoveLeavesTheCopies()
    {
        Bench bench;
        QVERIFY(bench.toFile());
        bench.keychain.requests = 0;
        bench.keychain.faultAt = 6; // the last one is read back
        bench.keychain.fault = [&]() -> Result<> {
            QFile::remove(bench.path);
            return {};
        };
        const auto moved = bench.toKeychain();
        QVERIFY(!moved);
        QVERIFY(moved.error().message.contains(QStringLiteral("is gone")));
        QVERIFY(bench.isWhole());
    }
    void aFileThatIsThereIsNotWrittenOver()
    {
        Bench bench;
        QVERIFY(KeyFile(bench.path).make(Secret("battery staple"), {}, cheap));
        const auto moved = bench.toFile();
        QCOMPARE(moved.error().kind, Error::Kind::Conflict);
        QCOMPARE(bench.files(), QStringList{QStringLiteral("keys")});
        QVERIFY(KeyFile(bench.path).open(Secret("battery staple")));
        QCOMPARE(bench.keychain.memory.items.size(), 3);
    }
    void whatIsWrittenDuringAMoveIsInTheNewStore()
    {
        for (const bool toFile : {true, false}) {
            Bench bench;
            if (!toFile)
                QVERIFY(bench.toFile());
            // One that is on its way already, and one that comes meanwhile.
            bench.store->write(QStringLiteral("key-1"), Secret("newer"), {});
            std::optional<Result<ProfileStore::Moved>> moved;
            Completion<ProfileStore::Moved> done(&bench.guard, [&](Result<ProfileStore::Moved> result) { moved = std::move(result); });
            if (toFile)
                bench.store->moveToFile(kNames, Secret("correct horse"), std::move(done));
            else
                bench.store->moveToKeychain(std::move(done));
            QVERIFY(bench.write("key-2", "newest"));
            QVERIFY(moved && *moved);
            QCOMPARE(bench.store->isInFile(), toFile);
            QCOMPARE(bench.read(QStringLiteral("key-1")), QByteArray("newer"));
            QCOMPARE(bench.read(QStringLiteral("key-2")), QByteArray("newest"));
            QCOMPARE(bench.keychain.memory.items.size(), toFile ? 0 : 3);
        }
    }
    void whoWaitsTooLongForAMoveHearsSo()
    {
        Bench bench;
        bench.store->moveToFile(kNames, Secret("correct horse"), {});
        std::optional<Result<>> written;
        bench.store->write(QStringLiteral("key-1"), Secret("newer"), {&bench.guard, [&](Result<> result) { written = result; }});
        bench.clock.advance(std::chrono::seconds(30));
        QVERIFY(written && !*written);
        QVERIFY(written->error().message.contains(QStringLiteral("being moved")));
        QTRY_VERIFY(bench.store->isInFile());
        QCOMPARE(bench.read(QStringLiteral("key-1")), QByteArray("one"));
    }
    void thePassphraseOfAKeychainIsNotOurs()
    {
        Bench bench;
        const auto changed = bench.waitFor<void>(
            [&](auto done) { bench.store->changePassphrase(Secret("correct horse"), Secret("battery staple"), std::move(done)); });
        QVERIFY(changed.error().message.contains(QStringLiteral("key move --to file")));
    }
};

COUNTERSIGN_TEST(tst_ProfileStore)
#include "tst_ProfileStore.moc"
