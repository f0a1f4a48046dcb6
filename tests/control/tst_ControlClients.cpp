// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ControlFixture.h"
#include "support/Runner.h"
#include <QSignalSpy>

using namespace mcpcore;

namespace {

Json clientOf(ControlFixture &fixture, const char *id)
{
    const Json list = fixture.must("client list");
    for (const Json &client : list["clients"])
        if (client["id"] == id)
            return client;
    return {};
}

Peer peerOf(const char *program)
{
    Peer peer;
    peer.way = Peer::Way::Bridge;
    peer.program = QString::fromLatin1(program);
    return peer;
}

} // namespace

class tst_ControlClients : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whoComesWithTheTokenBeforeIsNamed()
    {
        ControlFixture fixture;
        const std::string before = fixture.must("client add", {{"name", "Codex"}})["token"];
        const std::string now = fixture.must("client token", {{"id", "codex"}})["token"];
        QVERIFY(!clientOf(fixture, "codex").contains("wrongToken"));
        fixture.gateway->noteWrongToken("cst_nobody");
        fixture.gateway->noteWrongToken(now);
        QVERIFY(!clientOf(fixture, "codex").contains("wrongToken"));
        fixture.gateway->noteWrongToken(before);
        QVERIFY(clientOf(fixture, "codex").contains("wrongToken"));
    }

    void whoComesWithARevokedTokenIsNamedAndStaysOut()
    {
        ControlFixture fixture;
        const std::string token = fixture.must("client add", {{"name", "Codex"}})["token"];
        fixture.must("client revoke", {{"id", "codex"}});
        QVERIFY(!fixture.gateway->clientOfToken(token));
        fixture.gateway->noteWrongToken(token);
        QVERIFY(clientOf(fixture, "codex").contains("wrongToken"));
    }

    void anotherProgramAtABridgeIsAStrangerUntilAPersonAcceptsIt()
    {
        ControlFixture fixture;
        fixture.must("client add", {{"name", "Codex"}});
        Peer own = peerOf("/usr/bin/codex"), other = peerOf("/opt/codex-2/codex");
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), own));
        QVERIFY(!own.stranger);
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), other));
        QVERIFY(other.stranger);
        QCOMPARE(clientOf(fixture, "codex")["stranger"].get<QString>(), QStringLiteral("/opt/codex-2/codex"));
        QSignalSpy shutOut(fixture.gateway.get(), &Gateway::clientShutOut);
        const auto another = fixture.run("client accept", {{"id", "codex"}, {"program", "/usr/bin/another"}});
        QVERIFY(!another);
        QCOMPARE(another.error().kind, Error::Kind::Conflict);
        fixture.must("client accept", {{"id", "codex"}});
        QVERIFY(!shutOut.isEmpty()); // its conversation as a stranger ends
        QVERIFY(!clientOf(fixture, "codex").contains("stranger"));
        Peer again = peerOf("/opt/codex-2/codex"), old = peerOf("/usr/bin/codex");
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), again));
        QVERIFY(!again.stranger);
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), old));
        QVERIFY(old.stranger);
    }

    void thereIsNothingToAcceptWhereNobodyCame()
    {
        ControlFixture fixture;
        fixture.must("client add", {{"name", "Codex"}});
        const auto answer = fixture.run("client accept", {{"id", "codex"}});
        QVERIFY(!answer);
        QCOMPARE(answer.error().kind, Error::Kind::NotFound);
    }

    void toAcceptAProgramAsksThePersonOnAProfileOfTheApp()
    {
        ControlFixture fixture;
        fixture.must("client add", {{"name", "Codex"}});
        Peer own = peerOf("/usr/bin/codex"), other = peerOf("/bin/bash");
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), own));
        QVERIFY(fixture.gateway->bridgeClient(QStringLiteral("codex"), other));
        fixture.change([](Workspace &edited) { edited.ownedByApp = true; });
        fixture.personAgrees = false;
        const auto answer = fixture.run("client accept", {{"id", "codex"}});
        QVERIFY(!answer);
        QVERIFY(fixture.question.contains(QStringLiteral("codex")));
        QVERIFY(fixture.questionDetail.contains(QStringLiteral("/bin/bash")));
        QCOMPARE(clientOf(fixture, "codex")["bridgeProgram"].get<QString>(), QStringLiteral("/usr/bin/codex"));
    }

    void theToolsOfAClientAreThoseItIsOffered()
    {
        ControlFixture fixture;
        fixture.must("client add", {{"name", "Codex"}});
        const qint64 before = clientOf(fixture, "codex")["tools"];
        fixture.change([](Workspace &edited) {
            const EnvironmentId sandbox{QStringLiteral("sandbox")};
            for (const char *tool : {"one", "two"})
                edited.trusts.append({{QStringLiteral("paid")}, sandbox, QString::fromLatin1(tool), QByteArray(32, 'p'), ToolClass::Read});
            edited.hidden.append({{QStringLiteral("codex")}, {QStringLiteral("paid")}, sandbox, QStringLiteral("two")});
        });
        QCOMPARE(clientOf(fixture, "codex")["tools"].get<qint64>(), before + 1);
    }
};

COUNTERSIGN_TEST(tst_ControlClients)
#include "tst_ControlClients.moc"
