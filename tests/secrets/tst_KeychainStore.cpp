// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/StoreInCore.h"
#include "support/Runner.h"
#include <QDirIterator>
#include <QProcess>

using namespace mcpcore;

// The keychain as the rest of the machine sees it: a real gnome-keyring in a session of its own.
class tst_KeychainStore : public QObject
{
    Q_OBJECT
private:
    SystemClock m_clock;
    std::unique_ptr<SecretStore> make()
    {
        return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/profile-1"), m_clock, std::chrono::seconds(20));
    }
    static QByteArray secretTool(const QStringList &arguments)
    {
        QProcess tool;
        tool.setProcessChannelMode(QProcess::MergedChannels);
        tool.start(QStringLiteral("secret-tool"), arguments);
        return tool.waitForFinished() ? tool.readAll() : QByteArray("secret-tool did not run");
    }

private Q_SLOTS:
    void anotherToolFindsTheKey()
    {
        StoreInCore store([this] { return make(); });
        QVERIFY(store.write("stripe-sandbox", "sk_test_canary_51"));
        const QStringList item{QStringLiteral("server"), QStringLiteral("io.countersign/profile-1"), QStringLiteral("user"),
                               QStringLiteral("stripe-sandbox")};
        const QByteArray found = secretTool(QStringList{QStringLiteral("search")} + item);
        QVERIFY2(found.contains("io.countersign/profile-1"), found.constData());
        const QByteArray looked = secretTool(QStringList{QStringLiteral("lookup")} + item);
        QVERIFY2(looked.contains("sk_test_canary_51") || QByteArray::fromBase64(looked).contains("sk_test_canary_51"), looked.constData());
    }
    void theKeyIsInNoFileAsPlainText()
    {
        StoreInCore store([this] { return make(); });
        const QByteArray canary = "sk_test_canary_in_no_file";
        QVERIFY(store.write("file-check", canary));
        QVERIFY(store.read("file-check"));
        int files = 0;
        QDirIterator it(qEnvironmentVariable("HOME"), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (it.hasNext()) {
            QFile file(it.next());
            QVERIFY2(file.open(QIODevice::ReadOnly), qPrintable(file.fileName()));
            const QByteArray bytes = file.readAll();
            QVERIFY2(!bytes.contains(canary) && !bytes.contains(canary.toBase64()), qPrintable(file.fileName()));
            ++files;
        }
        QVERIFY(files > 0); // the keyring itself
    }
    void profilesDoNotSeeEachOther()
    {
        StoreInCore store([this] { return make(); });
        QVERIFY(store.write("k", "mine"));
        StoreInCore other([this] { return std::make_unique<KeychainStore>(QStringLiteral("io.countersign/profile-2"), m_clock); });
        QCOMPARE(other.read("k").error().kind, Error::Kind::NotFound);
        QVERIFY(other.remove("k"));
        QCOMPARE(store.read("k").value(), QByteArray("mine"));
    }
    void closingTheStoreAbandonsWhatItWasAsked()
    {
        std::atomic<int> abandoned = 0;
        {
            StoreInCore store([this] { return make(); });
            store.inCore([&] {
                for (int i = 0; i < 5; ++i)
                    store.store().read(QStringLiteral("k"), {&store.core(), [&](Result<Secret> result) {
                                                                 abandoned += !result && result.error().kind == Error::Kind::Abandoned;
                                                             }});
            });
        }
        QCOMPARE(abandoned.load(), 5);
        QTest::qWait(0);
    }
    void itIsCalledKeychain()
    {
        StoreInCore store([this] { return make(); });
        QCOMPARE(store.store().kind(), QStringLiteral("keychain"));
    }
};

COUNTERSIGN_TEST(tst_KeychainStore)
#include "tst_KeychainStore.moc"
