// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "support/Runner.h"
#include <thread>

using namespace mcpcore;

class tst_Secret : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void holdsWhatItWasGiven_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a key") << QByteArray("sk_test_1");
        QTest::newRow("zero bytes") << QByteArray("a\0b", 3);
        for (const int size : {255, 256, 257, 100'000})
            QTest::addRow("%d bytes", size) << QByteArray(size, 'x');
    }
    void holdsWhatItWasGiven()
    {
        QFETCH(QByteArray, bytes);
        const Secret secret({bytes.constData(), size_t(bytes.size())});
        const Secret copy = secret.duplicate();
        QCOMPARE(QByteArray(copy.reveal().data(), qsizetype(copy.reveal().size())), bytes);
        QVERIFY(copy.reveal().data() != secret.reveal().data());
        QCOMPARE(secret.isEmpty(), bytes.isEmpty());
    }
    void manyAtOnceShareNoBytes()
    {
        std::vector<Secret> secrets;
        for (int i = 0; i < 1000; ++i)
            secrets.emplace_back(QByteArray::number(i).toStdString());
        for (int i = 0; i < 1000; i += 2)
            secrets[size_t(i)] = Secret(QByteArray::number(-i).toStdString());
        for (int i = 0; i < 1000; ++i)
            QCOMPARE(std::string(secrets[size_t(i)].reveal()), QByteArray::number(i % 2 ? i : -i).toStdString());
    }
    void nothingIsLeftOfOneThatWasLetGo()
    {
        Secret first(std::string(200, 'x'));
        const char *place = first.reveal().data();
        first = Secret();
        const Secret second(std::string_view("y")); // takes the same place, whose rest is zero
        QCOMPARE(static_cast<const void *>(second.reveal().data()), static_cast<const void *>(place));
        QCOMPARE(QByteArray(place, 200), "y" + QByteArray(199, '\0'));
    }
    void threadsDoNotDisturbEachOther()
    {
        std::atomic<int> wrong = 0;
        const auto work = [&wrong](char letter) {
            for (int i = 0; i < 20'000; ++i) {
                const Secret one(std::string(50, letter)), other(std::string(60, letter));
                wrong += one.reveal() != std::string(50, letter) || other.reveal() != std::string(60, letter);
            }
        };
        std::thread a(work, 'a'), b(work, 'b'), c(work, 'c');
        a.join();
        b.join();
        c.join();
        QCOMPARE(wrong.load(), 0);
    }
    void wipingEmptiesABuffer()
    {
        QByteArray bytes("sk_test_1");
        wipe(bytes);
        QVERIFY(bytes.isEmpty());
    }
};

COUNTERSIGN_TEST(tst_Secret)
#include "tst_Secret.moc"
