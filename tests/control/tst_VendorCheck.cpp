// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Clock.h"
#include "control/VendorCheck.h"
#include "packs/Packs.h"
#include "support/Runner.h"
#include "support/VendorServer.h"

using namespace mcpcore;

class tst_VendorCheck : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // A key goes to its vendor, or to the address that the person gave; to no other.
    void theKeyIsShownOnlyWhereItIsFor_data()
    {
        QTest::addColumn<QByteArray>("vendor");
        QTest::addColumn<QString>("address");
        QTest::addColumn<QByteArray>("base"); // empty: nobody is asked
        QTest::addColumn<bool>("anywhere");
        const auto row = [](const char *vendor, const char *address, const char *base, bool anywhere = false) {
            QTest::newRow(*address ? address : vendor)
                << QByteArray(vendor) << QString::fromLatin1(address) << QByteArray(base) << anywhere;
        };
        row("stripe", "https://mcp.stripe.com", "https://api.stripe.com");
        row("stripe", "https://mcp.stripe.com/", "https://api.stripe.com");
        row("stripe", "https://MCP.stripe.com:443/x", "https://api.stripe.com");
        row("stripe", "https://mcp.stripe.com:8443/x", "https://mcp.stripe.com:8443");
        row("stripe", "https://stripe.example.com/mcp?x=1#y", "https://stripe.example.com");
        row("stripe", "https://mcp.stripe.com.example.com/", "https://mcp.stripe.com.example.com");
        row("stripe", "http://127.0.0.1:7000/mcp", "http://127.0.0.1:7000", true);
        row("stripe", "https://10.0.0.7/mcp", "https://10.0.0.7", true);
        row("stigg", "https://mcp.stigg.io", "https://api.stigg.io/api/v1");
        row("stigg", "https://stigg.example.com/deep/mcp", "https://stigg.example.com/api/v1");
        row("statsig", "https://api.statsig.com/v3/mcp", "https://statsigapi.net/console/v1");
        row("stripe", "", "");
    }
    void theKeyIsShownOnlyWhereItIsFor()
    {
        QFETCH(QByteArray, vendor);
        QFETCH(QString, address);
        QFETCH(QByteArray, base);
        QFETCH(bool, anywhere);
        const auto packs = builtInPacks();
        const Environment sandbox{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox};
        Connection connection{{QStringLiteral("x")}, QString::fromLatin1(vendor), {sandbox.id}, {}, {}};
        HttpTarget target;
        if (!address.isEmpty())
            target.urls[sandbox.id] = address;
        connection.target = target;
        const auto route = routeTo(*find(*packs, QString::fromLatin1(vendor)), connection, sandbox);
        QCOMPARE(route ? route->base : QByteArray(), base);
        if (route) {
            QCOMPARE(route->reach == HttpRequest::Reach::Anywhere, anywhere);
            QCOMPARE(route->proxy == HttpRequest::Proxy::None, address.contains(QStringLiteral("127.0.0.1")));
        }
    }
    void theVendorsOwnProgramIsItsOwnAndAnotherIsNot()
    {
        const auto packs = builtInPacks();
        const Pack &stripe = *find(*packs, QStringLiteral("stripe"));
        const Environment sandbox{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox};
        Connection connection{{QStringLiteral("x")}, QStringLiteral("stripe"), {sandbox.id}, {}, {}};
        StdioTarget target{QStringLiteral("/usr/bin/npx"), stripe.local[0].arguments, stripe.local[0].secretVariable};
        connection.target = target;
        QCOMPARE(routeTo(stripe, connection, sandbox)->base, QByteArray("https://api.stripe.com"));
        target.arguments[1] = QStringLiteral("@other/mcp@1.0.0");
        connection.target = target;
        QVERIFY(!routeTo(stripe, connection, sandbox));
        target = {QStringLiteral("/tmp/mine"), stripe.local[0].arguments, stripe.local[0].secretVariable};
        connection.target = target;
        QVERIFY(!routeTo(stripe, connection, sandbox));
        const Pack &stack = *find(*packs, QStringLiteral("stack"));
        QVERIFY(!routeTo(stack, connection, sandbox));
    }
    void aSlowVendorIsNotWaitedForLongerThanTheLimit()
    {
        VendorServer server;
        server.hold("/v1/balance");
        CurlLoop loop;
        SystemClock clock;
        VendorCheck check(loop, clock, std::chrono::milliseconds(300));
        Connection connection{{QStringLiteral("stripe")}, QStringLiteral("stripe"), {}, {}, {}};
        const Environment sandbox{{QStringLiteral("sandbox")}, EnvironmentKind::Sandbox};
        connection.target = HttpTarget{{{sandbox.id, server.url()}}, {}, {}};
        const auto packs = builtInPacks();
        std::optional<VerifyAnswer> answer;
        check.ask(*routeTo(*find(*packs, QStringLiteral("stripe")), connection, sandbox), Secret("rk_test_4eC39HqLyjWDarjtT1zdp7dc"),
                  Completion<VerifyAnswer>(this, [&](Result<VerifyAnswer> said) { answer = said.value_or(VerifyAnswer()); }));
        QTRY_VERIFY_WITH_TIMEOUT(answer, 20'000);
        QCOMPARE(answer->verdict, VerifyAnswer::Verdict::NotAsked);
        QCOMPARE(answer->reason, QStringLiteral("127.0.0.1 could not be asked, because it did not answer in time."));
    }
};

COUNTERSIGN_TEST(tst_VendorCheck)
#include "tst_VendorCheck.moc"
