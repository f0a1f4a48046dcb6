// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "EndpointServer.h"
#include "support/Runner.h"

using namespace mcpcore;

// Clients with sessions that lose a stream and come back for the rest of it (Last-Event-ID). Time stands still until a test
// moves it.
class tst_Resumption : public QObject, SessionClient
{
    Q_OBJECT

    static QByteArray resumption(const Server &server, const QByteArray &session, const QByteArray &lastEventId)
    {
        QByteArray bytes = bytesOf(server, {.method = "GET", .session = session});
        return bytes.insert(bytes.indexOf("Accept:"), "Last-Event-ID: " + lastEventId + "\r\n");
    }
    // What a client that comes back is sent until its stream ends.
    static RawReply resume(Server &server, const QByteArray &session, const QByteArray &lastEventId)
    {
        RawClient client(server.port);
        client.send(resumption(server, session, lastEventId));
        if (!QTest::qWaitFor([&] { return client.reply().complete; }))
            qWarning("no complete reply: %s", client.received.constData());
        return client.reply();
    }
private Q_SLOTS:
    void aClientThatComesBackGetsWhatItMissedOfItsStream()
    {
        Server server;
        const QByteArray id = begin(server);
        QByteArray place;
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
            QVERIFY(opens(server, client));
            QTRY_VERIFY(client.reply().body.startsWith("id: ") && client.reply().body.endsWith("\ndata: \n\n"));
            place = client.reply().body.mid(4, client.reply().body.indexOf('\n') - 4);
        }
        const RawReply other = replyTo(server, {.body = call("2", "progress"), .session = id}); // another stream
        QCOMPARE(other.events().size(), 4);
        server.front.answerHeld();
        const RawReply resumed = resume(server, id, place);
        QCOMPARE(resumed.field("content-type"), QByteArray("text/event-stream"));
        QCOMPARE(resumed.events().size(), 1);
        QVERIFY(resumed.events()[0].contains("\"id\":1,"));
        QVERIFY(server.front.sessions[0]->lost.isEmpty());
        // From its last event on there is nothing more, and nobody else's id opens anything.
        const QByteArray last = resumed.body.mid(resumed.body.indexOf("id: ") + 4);
        QCOMPARE(resume(server, id, last.left(last.indexOf('\n'))).events().size(), 0);
        RawClient stranger(server.port);
        stranger.send(resumption(server, begin(server), place));
        QTRY_COMPARE(stranger.reply().status, 200); // a stream of its own
        QVERIFY(stranger.reply().events().isEmpty());
    }
    void aClientThatComesBackInTimeGoesOnWithItsCall()
    {
        Server server;
        const QByteArray id = begin(server);
        RawClient client(server.port);
        client.send(bytesOf(server, {.body = call("1", "hold"), .session = id}));
        QVERIFY(opens(server, client));
        QTRY_VERIFY(client.reply().body.endsWith("\ndata: \n\n"));
        const QByteArray place = client.reply().body.mid(4, client.reply().body.indexOf('\n') - 4);
        RawClient again(server.port);
        again.send(resumption(server, id, place));
        QTRY_COMPARE(again.reply().status, 200);
        QTRY_VERIFY(client.reply().complete); // the old one is over
        server.clock.advance(server.limits.returnTime);
        server.front.answerHeld();
        QTRY_COMPARE(again.reply().events().size(), 1);
        QTRY_VERIFY(again.reply().complete);
        QVERIFY(server.front.sessions[0]->lost.isEmpty());
    }
    void whatWasMissedOnTheStreamOfTheSessionIsSentAgain()
    {
        Server server;
        const QByteArray id = begin(server);
        EchoSession &session = *server.front.sessions[0];
        QByteArray place;
        {
            RawClient client(server.port);
            client.send(bytesOf(server, {.method = "GET", .session = id}));
            QTRY_COMPARE(client.reply().status, 200);
            for (const char *n : {"1", "2", "3"})
                session.push("{\"n\":" + QByteArray(n) + '}');
            QTRY_COMPARE(client.reply().events().size(), 3);
            const QByteArray body = client.reply().body;
            const QByteArray first = body.mid(body.indexOf("id: ", body.indexOf("event:")) + 4);
            place = first.left(first.indexOf('\n'));
        }
        RawClient again(server.port);
        again.send(resumption(server, id, place));
        QTRY_COMPARE(again.reply().events(), (QList<QByteArray>{"{\"n\":2}", "{\"n\":3}"}));
    }
    void olderClientsGetNoEmptyEvent()
    {
        Server server;
        const QByteArray id = begin(server, "2025-06-18");
        RawClient client(server.port);
        client.send(bytesOf(server, {.method = "GET", .session = id}));
        QTRY_COMPARE(client.reply().status, 200);
        server.front.sessions[0]->push("{}");
        QTRY_COMPARE(client.reply().events().size(), 1);
        QVERIFY(client.reply().body.startsWith("event: message\nid: "));
    }
};
COUNTERSIGN_TEST(tst_Resumption)
#include "tst_Resumption.moc"
