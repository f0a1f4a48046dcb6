// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The life of keys with the programs as people run them: the keychain of the session, and a stand-in for the vendor that is
// asked about keys and is the MCP server as well.
#include "Programs.h"
#include "Terminal.h"
#include "support/LoginKeyring.h"
#include "support/Runner.h"
#include "support/VendorServer.h"
#include <QDirIterator>
#include <QTcpSocket>

using mcpcore::Json;

namespace {

constexpr const char *kForAll = "rk_test_51CANARYaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
constexpr const char *kForSecond = "rk_test_51CANARYbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
constexpr const char *kRotated = "rk_test_51CANARYcccccccccccccccccccccccccccc";
constexpr const char *kUnknown = "rk_test_51CANARYdddddddddddddddddddddddddddd";

QStringList words(const QString &line)
{
    return line.split(QLatin1Char(' '));
}

// A profile with the vendor at an address of this computer, and everything that its commands said.
struct World : Setup {
    VendorServer vendor;
    QByteArray said;

    World()
    {
        vendor.know(kForAll, {{"account", "acct_all"}, {"name", "Acme"}});
        vendor.know(kForSecond, {{"account", "acct_second"}});
        vendor.know(kRotated, {{"account", "acct_rotated"}});
        run(QStringLiteral("connection add stripe --pack stripe --endpoint sandbox=") + vendor.url());
    }
    Done run(const QString &line, const QByteArray &input = {})
    {
        const Done done = ctl(words(line), input);
        said += done.out + done.err;
        return done;
    }
    Json done(const QString &line, const QByteArray &input = {})
    {
        const Done done = run(line, input);
        if (done.code != 0)
            qWarning("%s: %s", qPrintable(line), done.err.constData());
        return done.code == 0 ? done.answer : Json::object();
    }
    QByteArray tokenOf(const char *name)
    {
        return QByteArray::fromStdString(done(QStringLiteral("client add ") + QLatin1String(name)).value("token", ""));
    }
    void allow()
    {
        QVERIFY(!done(QStringLiteral("rule add --json-file -"),
                      R"({"effect":"allow","connection":"stripe","environment":"sandbox","tool":"whoami"})")
                     .empty());
    }
    // The keys that calls of tools came with, in order.
    QStringList keysOfCalls()
    {
        QStringList keys;
        for (const Json &request : vendor.requests())
            if (request.value("body", "").find("tools/call") != std::string::npos)
                keys.append(QString::fromStdString(request["fields"].value("authorization", "")).mid(7));
        return keys;
    }
};

// One call of a client, that answers when the server has closed the connection.
class Call
{
public:
    Call(int port, const QByteArray &token)
    {
        const QByteArray body = R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"stripe__whoami","arguments":{}}})";
        m_socket.connectToHost(QStringLiteral("127.0.0.1"), quint16(port));
        m_socket.waitForConnected();
        m_socket.write("POST /mcp HTTP/1.1\r\nHost: 127.0.0.1:" + QByteArray::number(port) + "\r\nAuthorization: Bearer " + token
                       + "\r\nContent-Type: application/json\r\nAccept: application/json\r\nConnection: close\r\nContent-Length: "
                       + QByteArray::number(body.size()) + "\r\n\r\n" + body);
        m_socket.waitForBytesWritten();
    }
    QByteArray answer()
    {
        while (m_socket.state() == QAbstractSocket::ConnectedState && m_socket.waitForReadyRead(60'000)) {}
        return m_socket.readAll();
    }

private:
    QTcpSocket m_socket;
};

QStringList filesWithCanary(const QString &folder)
{
    QStringList found;
    QDirIterator files(folder, QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (file.open(QIODevice::ReadOnly) && file.readAll().contains("CANARY"))
            found.append(file.fileName());
    }
    return found;
}

// Of every process there is that may be looked at.
QStringList processesWithCanary()
{
    QStringList found;
    for (const QString &process : QDir(QStringLiteral("/proc")).entryList({QStringLiteral("[1-9]*")}, QDir::Dirs))
        for (const char *name : {"cmdline", "environ"}) {
            QFile file(QStringLiteral("/proc/%1/%2").arg(process, QLatin1String(name)));
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains("CANARY"))
                found.append(file.fileName());
        }
    return found;
}

} // namespace

class tst_Keys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aKeyIsVerifiedUsedByTwoClientsRotatedAndDeleted()
    {
        World world;
        const Setup::Done refused = world.run(QStringLiteral("key set stripe sandbox"), kUnknown);
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("Key refused: Stripe does not accept it (401)."), refused.err.constData());
        QCOMPARE(QString::fromStdString(refused.answer["error"].value("kind", "")), QStringLiteral("unauthorized"));
        QVERIFY(world.done(QStringLiteral("key list"))["keys"].empty());

        const Json set = world.done(QStringLiteral("key set stripe sandbox --rotate-days 30"), kForAll);
        QCOMPARE(QString::fromStdString(set["verification"].value("account", "")), QStringLiteral("acct_all"));
        QCOMPARE(QString::fromStdString(set["verification"].value("mode", "")), QStringLiteral("test"));
        world.trust("stripe");
        const QByteArray first = world.tokenOf("First"), second = world.tokenOf("Second");
        world.done(QStringLiteral("key set stripe sandbox --client second"), kForSecond);

        Terminal gateway(world);
        const int port = gateway.port();
        QVERIFY2(port != 0, gateway.seen.constData());
        QCOMPARE(QString::fromStdString(world.done(QStringLiteral("key test stripe sandbox")).value("note", "")),
                 QStringLiteral("Stripe accepts it."));

        // The key is changed while a call with the old one waits for a person.
        Call waiting(port, first);
        QVERIFY2(gateway.shows("asks to call the tool"), gateway.seen.constData());
        QVERIFY(!world.done(QStringLiteral("key set stripe sandbox"), kRotated).empty());
        gateway.type("allow whoami\n");
        const QByteArray answer = waiting.answer();
        QVERIFY2(answer.contains("the key of stripe was changed meanwhile"), answer.constData());
        QCOMPARE(world.keysOfCalls(), QStringList());

        // Each client's calls go with its own key.
        world.allow();
        const QByteArray byFirst = Call(port, first).answer(), bySecond = Call(port, second).answer();
        QVERIFY2(byFirst.contains("account acct_rotated"), byFirst.constData());
        QVERIFY2(bySecond.contains("account acct_second"), bySecond.constData());
        QCOMPARE(world.keysOfCalls(), (QStringList{QLatin1String(kRotated), QLatin1String(kForSecond)}));

        const Json keys = world.done(QStringLiteral("key list"))["keys"];
        QCOMPARE(keys.size(), size_t(2));
        QHash<QString, QString> users;
        for (const Json &key : keys)
            for (const Json &use : key["usedBy"])
                users[QString::fromStdString(key["verification"].value("account", ""))] += QString::fromStdString(use.value("client", ""));
        QCOMPARE(users, (QHash<QString, QString>{{QStringLiteral("acct_rotated"), QStringLiteral("first")},
                                                 {QStringLiteral("acct_second"), QStringLiteral("second")}}));

        // The vendor takes it back; it is deleted.
        world.vendor.revoke(kRotated);
        const Setup::Done tested = world.run(QStringLiteral("key test stripe sandbox"));
        QVERIFY2(tested.code == 1 && tested.err.contains("Stripe does not accept it"), tested.err.constData());
        for (const Json &key : keys)
            world.done(QStringLiteral("key delete ") + QString::fromStdString(key.value("id", "")));
        const QByteArray after = Call(port, first).answer();
        QVERIFY2(after.contains("there is no key for stripe in sandbox"), after.constData());
        QCOMPARE(world.keysOfCalls().size(), 2);

        QCOMPARE(filesWithCanary(world.profile()), QStringList());
        QCOMPARE(processesWithCanary(), QStringList());
        QVERIFY2(!world.said.contains("CANARY") && !gateway.seen.contains("CANARY"), world.said.constData());
    }
    void aKeychainThatIsLockedMeanwhileKeepsCallsBack()
    {
        World world;
        const LoginKeyring keyring;
        world.done(QStringLiteral("key set stripe sandbox"), kForAll);
        world.trust("stripe");
        const QByteArray token = world.tokenOf("First");
        world.allow();
        Terminal gateway(world);
        const int port = gateway.port();
        QVERIFY2(port != 0, gateway.seen.constData());
        QVERIFY(Call(port, token).answer().contains("account acct_all"));

        keyring.lock();
        QVERIFY(keyring.isLocked());
        world.done(QStringLiteral("env unlock production --minutes 5 --reason test")); // nothing that was read before is held any more
        const qsizetype asked = world.vendor.requests().size();
        const QByteArray kept = Call(port, token).answer();
        const Setup::Done tested = world.run(QStringLiteral("key test stripe sandbox"));
        const Setup::Done set = world.run(QStringLiteral("key set stripe sandbox --unverified"), kRotated);
        keyring.unlock();
        QVERIFY(!keyring.isLocked());
        QVERIFY2(kept.contains("locked") && !kept.contains("acct_"), kept.constData());
        QVERIFY2(tested.code == 1 && tested.err.contains("locked"), tested.err.constData());
        QVERIFY2(set.code == 1 && set.err.contains("locked"), set.err.constData());
        QCOMPARE(world.vendor.requests().size(), asked);

        const QByteArray again = Call(port, token).answer();
        QVERIFY2(again.contains("account acct_all"), again.constData());
        QCOMPARE(world.done(QStringLiteral("key list"))["keys"].size(), size_t(1));
        QCOMPARE(filesWithCanary(world.profile()), QStringList());
        QVERIFY(!world.said.contains("CANARY") && !gateway.seen.contains("CANARY"));
    }
};

COUNTERSIGN_TEST(tst_Keys)
#include "tst_Keys.moc"
