// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/EncryptedFile.h"
#include "secrets/StoreInCore.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"
#include <QTemporaryDir>

using namespace mcpcore;

namespace {

using Make = std::function<std::unique_ptr<SecretStore>()>;

} // namespace

// What every SecretStore promises.
class tst_SecretStore : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    QTemporaryDir m_folder;
    int m_files = 0;

    std::unique_ptr<SecretStore> openKeyFile()
    {
        const QString path = m_folder.filePath(QString::number(++m_files));
        if (!KeyFile(path).make(Secret("correct horse"), {}, {1, 8}))
            qFatal("no key file");
        auto store = std::make_unique<EncryptedFile>(path, m_clock, std::chrono::seconds(20));
        store->unlock(Secret("correct horse"), {});
        return store;
    }

    void everyStore()
    {
        QTest::addColumn<Make>("make");
        QTest::newRow("memory") << Make([] { return std::make_unique<MemoryStore>(); });
        QTest::newRow("keychain") << Make([this] {
            return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/contract"), m_clock, std::chrono::seconds(20));
        });
        QTest::newRow("file") << Make([this] { return openKeyFile(); });
    }

private Q_SLOTS:
    void whatIsWrittenIsRead_data() { everyStore(); }
    void whatIsWrittenIsRead()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QVERIFY(store.write("a", "one"));
        QVERIFY(store.write("b", "two"));
        QCOMPARE(store.read("a").value(), QByteArray("one"));
        QCOMPARE(store.read("b").value(), QByteArray("two"));
    }
    void writingAgainReplaces_data() { everyStore(); }
    void writingAgainReplaces()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QVERIFY(store.write("c", "old"));
        QVERIFY(store.write("c", "new"));
        QCOMPARE(store.read("c").value(), QByteArray("new"));
    }
    void anyBytesCanBeStored_data() { everyStore(); }
    void anyBytesCanBeStored()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QByteArray bytes(4096, '\xff');
        bytes[7] = '\0';
        bytes[4095] = '\n';
        QVERIFY(store.write("d", bytes));
        QCOMPARE(store.read("d").value(), bytes);
    }
    void whatIsNotThereIsNotFound_data() { everyStore(); }
    void whatIsNotThereIsNotFound()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QCOMPARE(store.read("nothing").error().kind, Error::Kind::NotFound);
    }
    void whatIsRemovedIsGone_data() { everyStore(); }
    void whatIsRemovedIsGone()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QVERIFY(store.write("e", "x"));
        QVERIFY(store.write("f", "y"));
        QVERIFY(store.remove("e"));
        QCOMPARE(store.read("e").error().kind, Error::Kind::NotFound);
        QCOMPARE(store.read("f").value(), QByteArray("y"));
        QVERIFY(store.remove("e"));
    }
    void anEmptySecretIsRefused_data() { everyStore(); }
    void anEmptySecretIsRefused()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QCOMPARE(store.write("g", {}).error().kind, Error::Kind::InvalidArgument);
        QCOMPARE(store.read("g").error().kind, Error::Kind::NotFound);
    }
    void manyRequestsAtOnceAreAllAnswered_data() { everyStore(); }
    void manyRequestsAtOnceAreAllAnswered()
    {
        QFETCH(Make, make);
        StoreInCore store(make);
        QVERIFY(store.write("h", "z"));
        std::atomic<int> right = 0;
        store.inCore([&] {
            for (int i = 0; i < 20; ++i)
                store.store().read(QStringLiteral("h"),
                                   {&store.core(), [&right](Result<Secret> result) { right += result && result->reveal() == "z"; }});
        });
        QTRY_COMPARE_WITH_TIMEOUT(right.load(), 20, 30'000);
    }
};

COUNTERSIGN_TEST(tst_SecretStore)
#include "tst_SecretStore.moc"
