// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Many at once, over real sockets: sessions and calls.
#include "Programs.h"
#include "bench/HttpCaller.h"
#include "support/Runner.h"

using bench::HttpCaller;

class tst_Burst : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void twoHundredSessionsAndABurstOf64AreAllAnswered()
    {
        Setup setup;
        setup.must({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("practice"), QStringLiteral("--pack"),
                    QStringLiteral("practice")});
        setup.trust("practice");
        const std::string token = setup.addClient().toStdString();
        Gateway gateway;
        gateway.serve(setup);
        const int port = QUrl(gateway.url).port();
        std::vector<HttpCaller> sessions;
        for (int i = 0; i < 200; ++i) {
            sessions.emplace_back(port, "/mcp", token);
            sessions.back().initialize();
        }
        QCOMPARE(setup.must({QStringLiteral("status")}).value("sessions", 0), 200);
        const int rounds = qEnvironmentVariableIsSet("COUNTERSIGN_LONG") ? 20 : 2;
        for (int round = 0; round < rounds; ++round) {
            for (int i = 0; i < 64; ++i)
                sessions[size_t(i)].send(sessions[size_t(i)].callMessage("practice__list_plans", "{}"));
            for (int i = 0; i < 64; ++i)
                QVERIFY(sessions[size_t(i)].receive().find("plan_practice") != std::string::npos);
        }
        for (HttpCaller &session : sessions)
            QVERIFY(session.post(session.callMessage("practice__list_gates", "{}")).find("result") != std::string::npos);
        QCOMPARE(setup.calls().size(), size_t(64 * rounds + 200));
        const mcpcore::Json newest =
            setup.must({QStringLiteral("log"), QStringLiteral("list"), QStringLiteral("--limit"), QStringLiteral("5")});
        QCOMPARE(newest["calls"].size(), size_t(5));
        QVERIFY(newest["more"].get<bool>());
        QCOMPARE(setup.ctl({QStringLiteral("log"), QStringLiteral("verify")}).code, 0);
    }
};

COUNTERSIGN_TEST(tst_Burst)
#include "tst_Burst.moc"
