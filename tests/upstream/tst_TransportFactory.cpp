// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyRing.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"
#include "upstream/Peers.h"
#include "upstream/TransportFactory.h"
#include "upstream/signin/SignIn.h"

using namespace mcpcore;

// From a connection and a stored key to a running server, as the core puts it together.
class tst_TransportFactory : public QObject
{
    Q_OBJECT

    SystemClock clock;
    MemoryStore store;
    CurlLoop loop;
    SystemIds ids{clock};
    std::unique_ptr<KeyRing> keys;
    std::unique_ptr<SignIn> signIn;
    std::unique_ptr<UpstreamPool> pool;
    const Environment environment{{QStringLiteral("production")}, EnvironmentKind::Production};
    const KeyId key{QStringLiteral("k1")};

    Connection http(const QString &url) const
    {
        return {
            {QStringLiteral("stripe")}, {}, {environment.id}, HttpTarget{{{environment.id, url}}, {HttpAuth::Kind::Bearer, {}}, {}}, {}};
    }
    Connection stdio() const
    {
        const GuardedCommand peer = stdioPeer({QStringLiteral("2025-11-25")});
        return {{QStringLiteral("local")}, {}, {environment.id}, StdioTarget{peer.program, peer.arguments, QStringLiteral("PEER_KEY")}, {}};
    }
    void storeKeyFor(const Connection &connection)
    {
        std::optional<Result<>> written;
        keys->write(key, Secret(std::string_view("sk_live_1")), destinationOf(connection, environment.id),
                    Completion<>(this, [&](Result<> result) { written = result; }));
        QTRY_VERIFY(written && *written);
    }
    Result<Upstream *> get(const Connection &connection, const std::optional<KeyId> &with)
    {
        std::optional<Result<Upstream *>> answer;
        pool->get(connection, environment, with, "{}", Completion<Upstream *>(this, [&](Result<Upstream *> got) { answer = got; }));
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return failure(Error::Kind::Expired, QStringLiteral("no answer"));
        return *answer;
    }

private Q_SLOTS:
    void init()
    {
        keys = std::make_unique<KeyRing>(store, clock);
        signIn = std::make_unique<SignIn>(loop, *keys, clock, ids);
        pool = std::make_unique<UpstreamPool>(
            transportFactory(loop, *keys, *signIn, clock, QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-child")), clock);
    }
    void cleanup() { pool.reset(); }

    void theStoredKeyGoesToItsServer()
    {
        HttpPeer peer;
        storeKeyFor(http(peer.url()));
        const auto upstream = get(http(peer.url()), key);
        QVERIFY2(upstream, upstream ? "" : qPrintable(upstream.error().message));
        QCOMPARE(peer.requests().first().field("authorization"), QByteArray("Bearer sk_live_1"));
    }
    void theStoredKeyGoesToItsProgram()
    {
        storeKeyFor(stdio());
        const auto upstream = get(stdio(), key);
        QVERIFY2(upstream, upstream ? "" : qPrintable(upstream.error().message));
        Outcome outcome;
        callTool(**upstream, "environment", "{\"name\":\"e\"}", outcome);
        TRY_ANSWER(outcome);
        QCOMPARE(memberOf(memberOf((*outcome.answer)->result, "environment"), "PEER_KEY").bytes(), QByteArray("\"sk_live_1\""));
    }
    void aKeyStoredForAnotherAddressOrCommandIsNotGiven()
    {
        HttpPeer first, second;
        storeKeyFor(http(first.url()));
        const auto elsewhere = get(http(second.url()), key);
        QVERIFY(!elsewhere);
        QVERIFY(second.requests().isEmpty());
        const auto command = get(stdio(), key);
        QVERIFY(!command);
        for (const auto &refused : {elsewhere, command})
            QVERIFY2(!refused.error().message.contains(QLatin1String("sk_live_1")), qPrintable(refused.error().message));
    }
    void aConnectionWithoutKeyOrAddressIsAnError()
    {
        const Connection connection = http(QStringLiteral("https://api.stripe.com/mcp"));
        const auto noKey = get(connection, {});
        QVERIFY(!noKey);
        QCOMPARE(noKey.error().kind, Error::Kind::SecretUnavailable);
        Connection elsewhere = connection;
        elsewhere.environments.clear();
        const auto noAddress = get(elsewhere, key);
        QVERIFY(!noAddress);
    }
};

COUNTERSIGN_TEST(tst_TransportFactory)
#include "tst_TransportFactory.moc"
