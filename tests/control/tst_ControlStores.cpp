// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Which store has the keys, and what moving them leaves in the workspace, in the log and in the two stores.
#include "ControlFixture.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const Json kToFile{{"to", "file"}, {"secret", "correct horse battery"}};
const Json kToKeychain{{"to", "keychain"}};

Json keysOf(ControlFixture &fixture)
{
    return fixture.must("status").value("keys", Json::object());
}

} // namespace

class tst_ControlStores : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void keysAndTheKeyOfTheProfileMoveAndComeBack()
    {
        ControlFixture fixture;
        const QString id = fixture.setKey();
        QVERIFY(keysOf(fixture) == Json({{"store", "keychain"}, {"state", "open"}}));
        const Json moved = fixture.must("key move", kToFile);
        QVERIFY(moved == Json({{"store", "file"}, {"moved", 2}, {"keys", 1}}));
        QVERIFY(fixture.store.items.isEmpty());
        QCOMPARE(fixture.space().keys.first().store, QStringLiteral("file"));
        QVERIFY(keysOf(fixture) == Json({{"store", "file"}, {"state", "open"}}));
        QVERIFY(!fixture.seal.isHeld());
        QVERIFY(fixture.must("key move", kToFile) == Json({{"store", "file"}, {"moved", 0}, {"keys", 1}}));

        QCOMPARE(fixture.must("key move", kToKeychain).value("moved", 0), 2);
        QVERIFY(fixture.store.items.contains(id));
        QVERIFY(fixture.store.items.contains(QStringLiteral("profile-key")));
        QCOMPARE(fixture.space().keys.first().store, QStringLiteral("keychain"));
        QVERIFY(!QFile::exists(fixture.folder.filePath(QStringLiteral("keys"))));
    }
    void signInsMoveToo()
    {
        ControlFixture fixture;
        fixture.store.items.insert(QStringLiteral("sign-in:signed:sandbox"), "tokens");
        fixture.store.items.insert(QStringLiteral("client:signed:sandbox"), "registration");
        QCOMPARE(fixture.must("key move", kToFile).value("moved", 0), 3);
        QVERIFY(fixture.store.items.isEmpty());
        fixture.must("key move", kToKeychain);
        QCOMPARE(fixture.store.items.value(QStringLiteral("sign-in:signed:sandbox")), QByteArray("tokens"));
        QCOMPARE(fixture.store.items.value(QStringLiteral("client:signed:sandbox")), QByteArray("registration"));
    }
    void newKeysAreWhereTheOthersAre()
    {
        ControlFixture fixture;
        fixture.must("key move", kToFile);
        fixture.setKey();
        QCOMPARE(fixture.space().keys.first().store, QStringLiteral("file"));
        QVERIFY(fixture.store.items.isEmpty());
    }
    void whatIsNotMovedIsSaid_data()
    {
        QTest::addColumn<QByteArray>("parameters");
        QTest::addColumn<QString>("says");
        QTest::newRow("nowhere") << QByteArray("{}") << "keychain or file";
        QTest::newRow("elsewhere") << QByteArray(R"({"to":"paper"})") << "keychain or file";
        QTest::newRow("no passphrase") << QByteArray(R"({"to":"file"})") << "at least 8";
        QTest::newRow("a short one") << QByteArray(R"({"to":"file","secret":"1234567"})") << "at least 8";
    }
    void whatIsNotMovedIsSaid()
    {
        QFETCH(QByteArray, parameters);
        QFETCH(QString, says);
        ControlFixture fixture;
        fixture.setKey();
        const auto before = fixture.store.items;
        const auto moved = fixture.run("key move", *parseJson(parameters.toStdString()));
        QVERIFY(!moved);
        QCOMPARE(moved.error().kind, Error::Kind::InvalidArgument);
        QVERIFY2(moved.error().message.contains(says), qPrintable(moved.error().message));
        QCOMPARE(fixture.store.items, before);
        QCOMPARE(fixture.space().keys.first().store, QStringLiteral("keychain"));
    }
    void aLockedKeychainMovesNothing()
    {
        ControlFixture fixture;
        fixture.setKey();
        fixture.store.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("The keychain is locked.")};
        QVERIFY(refusalOf(fixture.run("key move", kToFile)).contains(QStringLiteral("locked")));
        QCOMPARE(keysOf(fixture).value("store", ""), "keychain");
        QVERIFY(!QFile::exists(fixture.folder.filePath(QStringLiteral("keys"))));
    }
    void thePassphraseIsThatOfTheFile()
    {
        ControlFixture fixture;
        QVERIFY(refusalOf(fixture.run("key passphrase", {{"oldSecret", "12345678"}, {"secret", "12345678"}}))
                    .contains(QStringLiteral("key move --to file")));
        fixture.must("key move", kToFile);
        QVERIFY(refusalOf(fixture.run("key passphrase", {{"oldSecret", "12345678"}, {"secret", "23456789"}}))
                    .contains(QStringLiteral("not the passphrase")));
        fixture.must("key passphrase", {{"oldSecret", "correct horse battery"}, {"secret", "23456789"}});
        fixture.must("key passphrase", {{"oldSecret", "23456789"}, {"secret", "34567890"}});
    }
};

COUNTERSIGN_TEST(tst_ControlStores)
#include "tst_ControlStores.moc"
