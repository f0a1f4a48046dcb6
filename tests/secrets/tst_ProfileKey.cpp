// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/ProfileKey.h"
#include "support/FakeIds.h"
#include "support/Runner.h"
#include <QTest>
#include <set>

using namespace mcpcore;

class tst_ProfileKey : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theItemComesBackAsItWasWritten()
    {
        FakeIds ids;
        ProfileKey key = ProfileKey::make(ids);
        QCOMPARE(key.secret.reveal().size(), size_t(32));
        for (const bool owned : {false, true}) {
            key.ownedByApp = owned;
            key.seals = 0x0102030405060708;
            key.log = owned ? QByteArray(16, 'l').toHex() : QByteArray();
            const auto read = ProfileKey::fromItem(key.toItem());
            QVERIFY(read);
            QCOMPARE(read->ownedByApp, owned);
            QCOMPARE(read->seals, key.seals);
            QCOMPARE(read->log, key.log);
            QVERIFY(read->secret.reveal() == key.secret.reveal());
        }
    }
    void whatIsNotOursIsRefused()
    {
        FakeIds ids;
        const Secret stored = ProfileKey::make(ids).toItem();
        const std::string item(stored.reveal());
        const auto refused = [](const std::string &bytes) { return !ProfileKey::fromItem(Secret(bytes)); };
        QVERIFY(!refused(item));
        QVERIFY(refused(std::string()));
        QVERIFY(refused(item.substr(1)));
        QVERIFY(refused(item + 'x'));
        for (const size_t at : {0, 1}) {
            std::string other = item;
            other[at] = 7;
            QVERIFY(refused(other));
        }
    }
    void eachPurposeHasAKeyOfItsOwn()
    {
        FakeIds ids;
        const ProfileKey key = ProfileKey::make(ids);
        const ProfileKey other = ProfileKey::make(ids);
        const auto bytes = [](const Secret &secret) { return std::string(secret.reveal()); };
        using Purpose = ProfileKey::Purpose;
        const std::set<std::string> keys{bytes(key.secret),
                                         bytes(key.keyFor(Purpose::Workspace)),
                                         bytes(key.keyFor(Purpose::Log)),
                                         bytes(other.keyFor(Purpose::Workspace)),
                                         bytes(other.keyFor(Purpose::Log)),
                                         bytes(key.keyFor(Purpose::Keys))};
        QCOMPARE(keys.size(), size_t(6));
        QCOMPARE(bytes(key.keyFor(Purpose::Log)), bytes(key.keyFor(Purpose::Log)));
        QVERIFY(key.fingerprint() != other.fingerprint());
        QVERIFY(!QByteArray::fromStdString(bytes(key.secret)).toHex().contains(key.fingerprint()));
    }
};

COUNTERSIGN_TEST(tst_ProfileKey)
#include "tst_ProfileKey.moc"
