// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyFileForm.h"
#include "support/Runner.h"
#include <QtEndian>

using namespace mcpcore;

namespace {

constexpr KeyFileCost cheap{1, 8};
constexpr qsizetype passesAt = 17, kibibytesAt = 21, digestSize = 32;

KeyFileContent contentOf(const QMap<QString, QByteArray> &items)
{
    KeyFileContent content{QByteArray(16, 'i'), 7, {}};
    for (auto it = items.cbegin(); it != items.cend(); ++it)
        content.items.emplace(it.key(), Secret({it->constData(), size_t(it->size())}));
    return content;
}

// A sealed file and its key.
struct Sealed {
    explicit Sealed(const QMap<QString, QByteArray> &items = {{QStringLiteral("key-1"), "rk_test_canary"}}, KeyFileCost cost = cheap)
        : header(newKeyFileHeader(cost)),
          key(*keyFromPassphrase(Secret("correct horse"), header)),
          file(sealKeyFile(contentOf(items), header, key))
    {}
    KeyFileHeader header;
    Secret key;
    QByteArray file;
};

// As somebody would do it who knows the form and not the passphrase.
QByteArray withDigest(QByteArray file)
{
    file.chop(digestSize);
    return file + sha256({file.constData(), size_t(file.size())});
}

} // namespace

class tst_KeyFileForm : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatIsSealedIsOpened()
    {
        QByteArray bytes(3000, '\xff');
        bytes[17] = '\0';
        const Sealed sealed({{QStringLiteral("a"), "x"}, {QStringLiteral("sign-in:acme:sandbox"), bytes}, {QStringLiteral("ü"), "y"}});
        const auto opened = openKeyFile(sealed.file, sealed.key);
        QVERIFY(opened);
        QCOMPARE(opened->generation, quint64(7));
        QCOMPARE(opened->id, QByteArray(16, 'i'));
        QCOMPARE(opened->items.size(), size_t(3));
        QVERIFY(opened->items.at(QStringLiteral("sign-in:acme:sandbox")).reveal()
                == std::string_view(bytes.constData(), size_t(bytes.size())));
        QVERIFY(opened->items.at(QStringLiteral("ü")).reveal() == "y");
        const Sealed empty{QMap<QString, QByteArray>()};
        QVERIFY(openKeyFile(empty.file, empty.key)->items.empty());
    }
    void namesAndValuesAreInsideTheEncryption()
    {
        const Sealed sealed;
        QVERIFY(!sealed.file.contains("canary"));
        QVERIFY(!sealed.file.contains("key-1"));
        QVERIFY(!sealed.file.contains("horse"));
    }
    void twoWritesOfTheSameAreNotTheSameBytes()
    {
        const Sealed sealed;
        const QByteArray again = sealKeyFile(contentOf({{QStringLiteral("key-1"), "rk_test_canary"}}), sealed.header, sealed.key);
        QCOMPARE(again.size(), sealed.file.size());
        const auto first = keyFileHeaderOf(sealed.file), second = keyFileHeaderOf(again);
        QVERIFY(first && second);
        QVERIFY(first->nonce != second->nonce);
        QCOMPARE(first->salt, second->salt);
        QVERIFY(newKeyFileHeader(cheap).salt != newKeyFileHeader(cheap).salt);
    }
    void anotherPassphraseIsToldFromADamagedFile()
    {
        const Sealed sealed;
        const auto header = keyFileHeaderOf(sealed.file);
        QVERIFY(header);
        QVERIFY(isKeyOf(*header, *keyFromPassphrase(Secret("correct horse"), *header)));
        const auto wrong = keyFromPassphrase(Secret("correct horsf"), *header);
        QVERIFY(wrong);
        QVERIFY(!isKeyOf(*header, *wrong));
        QVERIFY(!openKeyFile(sealed.file, *wrong));
    }
    void aCutOffFileIsToldAtEveryLength()
    {
        const Sealed sealed;
        for (qsizetype size = 0; size < sealed.file.size(); ++size) {
            const auto header = keyFileHeaderOf(sealed.file.left(size));
            QVERIFY2(!header, qPrintable(QString::number(size)));
            QCOMPARE(header.error().kind, Error::Kind::SecretUnavailable);
        }
        QVERIFY(!keyFileHeaderOf(sealed.file + 'x'));
    }
    void everyFlippedByteIsTold()
    {
        const Sealed sealed;
        for (qsizetype at = 0; at < sealed.file.size(); ++at) {
            QByteArray bad = sealed.file;
            bad[at] = char(bad[at] ^ 0x01);
            QVERIFY2(!keyFileHeaderOf(bad), qPrintable(QString::number(at)));
        }
    }
    // The digest is no protection, only an early word: who makes it anew is stopped by the key.
    void everyForgedByteIsRefused()
    {
        const Sealed sealed;
        for (qsizetype at = 0; at < sealed.file.size() - digestSize; ++at) {
            QByteArray bad = sealed.file;
            bad[at] = char(bad[at] ^ 0x80);
            const auto opened = openKeyFile(withDigest(bad), sealed.key);
            QVERIFY2(!opened, qPrintable(QString::number(at)));
        }
    }
    void aHostileHeaderGetsNoMemoryAndNoTime_data()
    {
        QTest::addColumn<quint32>("passes");
        QTest::addColumn<quint32>("kibibytes");
        QTest::newRow("4 TiB") << 3u << 0xffffffffu;
        QTest::newRow("a little too much") << 3u << 512u * 1024 + 1;
        QTest::newRow("none") << 3u << 0u;
        QTest::newRow("no passes") << 0u << 262144u;
        QTest::newRow("for ever") << 0xffffffffu << 262144u;
        QTest::newRow("too long") << 11u << 262144u;
    }
    void aHostileHeaderGetsNoMemoryAndNoTime()
    {
        QFETCH(quint32, passes);
        QFETCH(quint32, kibibytes);
        Sealed sealed;
        qToBigEndian(passes, sealed.file.data() + passesAt);
        qToBigEndian(kibibytes, sealed.file.data() + kibibytesAt);
        const auto header = keyFileHeaderOf(withDigest(sealed.file));
        QVERIFY(!header);
        QVERIFY(header.error().message.contains(QStringLiteral("memory")));
    }
    void aNewerFormIsNamed()
    {
        Sealed sealed;
        sealed.file[16] = 2;
        QVERIFY(keyFileHeaderOf(withDigest(sealed.file)).error().message.contains(QStringLiteral("another version")));
    }
    void theCostIsThatOfTheHeader()
    {
        const Sealed sealed({}, {2, 64});
        const auto header = keyFileHeaderOf(sealed.file);
        QCOMPARE(header->cost.passes, 2u);
        QCOMPARE(header->cost.kibibytes, 64u);
        QCOMPARE(KeyFileCost{}.kibibytes, 256u * 1024);
        QCOMPARE(KeyFileCost{}.passes, 3u);
    }
    void shortPassphrasesAreRefused()
    {
        QVERIFY(faultOf(Secret("")).contains(QStringLiteral("8")));
        QVERIFY(!faultOf(Secret("1234567")).isEmpty());
        QVERIFY(!faultOf(Secret("äöüß123")).isEmpty()); // characters, not bytes
        QVERIFY(faultOf(Secret("12345678")).isEmpty());
        QVERIFY(faultOf(Secret("äöüß1234")).isEmpty());
    }
};

COUNTERSIGN_TEST(tst_KeyFileForm)
#include "tst_KeyFileForm.moc"
