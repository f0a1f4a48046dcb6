// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/HashChain.h"
#include "support/Runner.h"
#include <QCryptographicHash>

using namespace mcpcore;

class tst_HashChain : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theHashCoversItsParts();
    void everyPartChangesTheHash();
    void bytesCannotMoveBetweenParts();
};

void tst_HashChain::theHashCoversItsParts()
{
    const QByteArray previous(32, '\x07');
    QByteArray bytes = QByteArray::fromHex("01"
                                           "0000000000000102")
                       + previous + QByteArray::fromHex("00000003") + "abc";
    QCOMPARE(chainHash(0x102, {previous.constData(), 32}, "abc"), QCryptographicHash::hash(bytes, QCryptographicHash::Sha256));
}

void tst_HashChain::everyPartChangesTheHash()
{
    const QByteArray zero = hashBeforeFirstRow();
    const QByteArray other(32, '\x01');
    const QByteArray hash = chainHash(1, {zero.constData(), 32}, "record");
    QVERIFY(chainHash(2, {zero.constData(), 32}, "record") != hash);
    QVERIFY(chainHash(1, {other.constData(), 32}, "record") != hash);
    QVERIFY(chainHash(1, {zero.constData(), 32}, "recorD") != hash);
    QVERIFY(chainHash(1, {zero.constData(), 32}, "record ") != hash);
}

void tst_HashChain::bytesCannotMoveBetweenParts()
{
    // The length stands before the record: no record can pass for the end of the previous hash.
    const std::string previous(32, 'x');
    QVERIFY(chainHash(1, previous, "xy") != chainHash(1, previous, "y"));
    QVERIFY(chainHash(1, previous, "") != chainHash(1, previous, std::string_view("\0", 1)));
}

COUNTERSIGN_TEST(tst_HashChain)
#include "tst_HashChain.moc"
