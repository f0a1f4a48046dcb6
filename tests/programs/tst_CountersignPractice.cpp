// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"
#include <QFile>
#include <QProcess>
#include <QTemporaryDir>

using mcpcore::Json;

class tst_CountersignPractice : public QObject
{
    Q_OBJECT

    std::unique_ptr<QProcess> m_server;

    void start(const QStringList &arguments = {})
    {
        m_server = std::make_unique<QProcess>();
        m_server->start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-practice"), arguments);
        QVERIFY(m_server->waitForStarted());
    }
    void stop()
    {
        m_server->closeWriteChannel();
        QVERIFY(m_server->waitForFinished());
        QCOMPARE(m_server->exitCode(), 0);
    }
    QByteArray exchange(const QByteArray &line)
    {
        m_server->write(line + '\n');
        while (!m_server->canReadLine() && m_server->waitForReadyRead(10000)) {}
        return m_server->readLine().trimmed();
    }
    Json ask(const QByteArray &line)
    {
        const QByteArray answer = exchange(line);
        return mcpcore::parseJson({answer.constData(), size_t(answer.size())}).value_or(Json());
    }
    Json call(const QByteArray &tool, const QByteArray &arguments = "{}")
    {
        return ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"" + tool
                   + "\",\"arguments\":" + arguments + "}}")
            .value("result", Json());
    }
    static Json data(const Json &result) { return result.value("structuredContent", Json()); }
    static QString sentence(const Json &result) { return result["content"][0]["text"].get<QString>(); }

private Q_SLOTS:
    void init() { start(); }
    void cleanup() { stop(); }

    void agreesOnAVersionItKnows_data()
    {
        QTest::addColumn<QByteArray>("wanted");
        QTest::addColumn<QByteArray>("agreed");
        QTest::newRow("newest") << QByteArray("2025-11-25") << QByteArray("2025-11-25");
        QTest::newRow("oldest") << QByteArray("2024-11-05") << QByteArray("2024-11-05");
        QTest::newRow("unknown") << QByteArray("2031-01-01") << QByteArray("2025-11-25");
    }
    void agreesOnAVersionItKnows()
    {
        QFETCH(QByteArray, wanted);
        QFETCH(QByteArray, agreed);
        const Json answer =
            ask("{\"jsonrpc\":\"2.0\",\"id\":\"a\",\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"" + wanted + "\"}}");
        QCOMPARE(answer["id"].get<std::string>(), std::string("a"));
        QCOMPARE(answer["result"]["protocolVersion"].get<std::string>(), agreed.toStdString());
        QVERIFY(answer["result"]["capabilities"].contains("tools"));
    }
    void everyToolIsDescribedAndCanBeCalled()
    {
        const Json tools = ask("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/list\"}")["result"]["tools"];
        QVERIFY(tools.size() >= 12);
        for (const Json &tool : tools) {
            QVERIFY(!tool["description"].get<std::string>().empty());
            QCOMPARE(tool["inputSchema"]["type"].get<std::string>(), std::string("object"));
            QCOMPARE(tool["inputSchema"]["additionalProperties"].get<bool>(), false);
            const std::string name = tool["name"].get<std::string>();
            const bool reads = name.rfind("list_", 0) == 0 || name.rfind("get_", 0) == 0;
            QCOMPARE(tool["annotations"]["readOnlyHint"].get<bool>(), reads);
            const Json result = call(QByteArray::fromStdString(name));
            QVERIFY(result["content"][0]["type"] == "text");
            QVERIFY(result["structuredContent"].is_object());
            QCOMPARE(result.contains("isError"),
                     !tool["inputSchema"].value("required", Json::array()).empty() || name == "update_subscription");
        }
    }
    void everyRecordSaysPractice()
    {
        for (const QByteArray list : {"customers", "invoices", "plans", "gates"}) {
            const Json records = data(call("list_" + list))[list.toStdString()];
            QVERIFY(records.size() >= 3);
            for (const Json &record : records)
                QCOMPARE(record["source"].get<std::string>(), std::string("practice"));
        }
    }
    void aRefundChangesTheInvoice()
    {
        const Json refunded =
            call("create_refund", "{\"invoice\":\"in_practice_1001\",\"amount\":1500,\"reason\":\"requested_by_customer\"}");
        QCOMPARE(sentence(refunded), QStringLiteral("Refunded 15.00 USD of practice invoice in_practice_1001."));
        QCOMPARE(data(refunded)["amount"].get<int>(), 1500);
        Json invoice = data(call("get_invoice", "{\"invoice\":\"in_practice_1001\"}"));
        QCOMPARE(invoice["refunded"].get<int>(), 1500);
        QCOMPARE(invoice["status"].get<std::string>(), std::string("paid"));
        QCOMPARE(invoice["refunds"].size(), size_t(1));
        // Without an amount: the rest.
        const Json rest = call("create_refund", "{\"invoice\":\"in_practice_1001\"}");
        QCOMPARE(data(rest)["amount"].get<int>(), 390500);
        invoice = data(call("get_invoice", "{\"invoice\":\"in_practice_1001\"}"));
        QCOMPARE(invoice["status"].get<std::string>(), std::string("refunded"));
    }
    void whatCannotBeRefundedIsRefusedAndChangesNothing_data()
    {
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("reason");
        QTest::newRow("too much") << QByteArray("{\"invoice\":\"in_practice_1003\",\"amount\":98001}")
                                  << QStringLiteral("Only 980.00 USD of invoice in_practice_1003 can still be refunded, not 980.01 USD.");
        QTest::newRow("refunded") << QByteArray("{\"invoice\":\"in_practice_1004\"}")
                                  << QStringLiteral("Invoice in_practice_1004 is refunded already.");
        QTest::newRow("not paid") << QByteArray("{\"invoice\":\"in_practice_1005\"}")
                                  << QStringLiteral("Invoice in_practice_1005 is not paid yet. There is nothing to refund.");
        QTest::newRow("unknown") << QByteArray("{\"invoice\":\"in_1\"}") << QStringLiteral("There is no invoice in_1.");
    }
    void whatCannotBeRefundedIsRefusedAndChangesNothing()
    {
        QFETCH(QByteArray, arguments);
        QFETCH(QString, reason);
        const Json before = call("list_invoices");
        const Json refused = call("create_refund", arguments);
        QVERIFY(refused["isError"].get<bool>());
        QCOMPARE(sentence(refused), reason);
        QVERIFY(call("list_invoices") == before);
    }
    void argumentsAreCheckedAndNamed_data()
    {
        QTest::addColumn<QByteArray>("tool");
        QTest::addColumn<QByteArray>("arguments");
        QTest::addColumn<QString>("reason");
        const auto row = [](const char *name, const char *tool, const char *arguments, const char *reason) {
            QTest::newRow(name) << QByteArray(tool) << QByteArray(arguments) << QString::fromUtf8(reason);
        };
        row("missing", "create_refund", "{}", "invoice is missing.");
        row("unknown", "list_gates", "{\"x\":1}", "x is not known here. Known: nothing.");
        row("fraction", "create_refund", "{\"invoice\":\"a\",\"amount\":1.5}", "amount must be a whole number from 1 to 100000000.");
        row("negative", "create_refund", "{\"invoice\":\"a\",\"amount\":-1}", "amount must be a whole number from 1 to 100000000.");
        row("text for a number", "create_refund", "{\"invoice\":\"a\",\"amount\":\"15\"}",
            "amount must be a whole number from 1 to 100000000.");
        row("beyond 64 bits", "create_refund", "{\"invoice\":\"a\",\"amount\":18446744073709551615}",
            "amount must be a whole number from 1 to 100000000.");
        row("choice", "create_refund", "{\"invoice\":\"a\",\"reason\":\"no\"}",
            "reason must be one of: duplicate, fraudulent, requested_by_customer.");
        row("boolean", "toggle_gate", "{\"gate\":\"practice_dark_theme\",\"enabled\":1}", "enabled must be true or false.");
        row("empty", "get_gate", "{\"gate\":\"\"}", "gate must be 1 to 100 characters long.");
        row("nested", "replace_gate",
            "{\"gate\":\"g\",\"description\":\"\",\"enabled\":true,\"rules\":[{\"name\":\"n\",\"condition\":\"c\",\"percentage\":101}]}",
            "rules[0].percentage must be a whole number from 0 to 100.");
        row("nested member missing", "replace_gate", "{\"gate\":\"g\",\"description\":\"\",\"enabled\":true,\"rules\":[{}]}",
            "rules[0].name is missing.");
        row("no list", "replace_gate", "{\"gate\":\"g\",\"description\":\"\",\"enabled\":true,\"rules\":{}}", "rules must be a list.");
        row("no object", "list_plans", "[]", "The arguments must be an object.");
        row("neither", "update_subscription", "{\"subscription\":\"sub_practice_201\"}", "Give plan, quantity or both.");
    }
    void argumentsAreCheckedAndNamed()
    {
        QFETCH(QByteArray, tool);
        QFETCH(QByteArray, arguments);
        QFETCH(QString, reason);
        const Json result = call(tool, arguments);
        QVERIFY(result.value("isError", false));
        QCOMPARE(sentence(result), reason);
        QCOMPARE(data(result)["error"]["message"].get<QString>(), reason);
    }
    void customersAreCreatedAndFound()
    {
        const Json created =
            data(call("create_customer", "{\"name\":\"Zo\xc3\xab '; DROP TABLE customers; --\",\"email\":\"zoe@practice.example\"}"));
        QCOMPARE(created["id"].get<std::string>(), std::string("cus_practice_105"));
        const Json found = data(call("list_customers", "{\"email\":\"zoe@practice.example\"}"))["customers"];
        QCOMPARE(found.size(), size_t(1));
        QVERIFY(found[0] == created);
        QCOMPARE(data(call("list_customers", "{\"limit\":2}"))["customers"].size(), size_t(2));
        QCOMPARE(data(call("get_customer", "{\"customer\":\"cus_practice_101\"}"))["subscriptions"].size(), size_t(1));
    }
    void subscriptionsChangeAndEnd()
    {
        Json subscription = data(call("update_subscription", "{\"subscription\":\"sub_practice_201\",\"quantity\":9}"));
        QCOMPARE(subscription["quantity"].get<int>(), 9);
        QCOMPARE(subscription["plan"].get<std::string>(), std::string("plan_practice_team"));
        QVERIFY(call("update_subscription", "{\"subscription\":\"sub_practice_201\",\"plan\":\"plan_x\"}")["isError"].get<bool>());
        subscription = data(call("cancel_subscription", "{\"subscription\":\"sub_practice_201\",\"at_period_end\":true}"));
        QCOMPARE(subscription["cancel_at_period_end"].get<bool>(), true);
        QCOMPARE(subscription["status"].get<std::string>(), std::string("active"));
        subscription = data(call("cancel_subscription", "{\"subscription\":\"sub_practice_201\"}"));
        QCOMPARE(subscription["status"].get<std::string>(), std::string("canceled"));
        QVERIFY(call("cancel_subscription", "{\"subscription\":\"sub_practice_201\"}")["isError"].get<bool>());
        QVERIFY(call("update_subscription", "{\"subscription\":\"sub_practice_201\",\"quantity\":1}")["isError"].get<bool>());
    }
    void gatesAreToggledReplacedAndDeleted()
    {
        Json gate = data(call("toggle_gate", "{\"gate\":\"practice_checkout_v2\",\"enabled\":false}"));
        QCOMPARE(gate["enabled"].get<bool>(), false);
        QCOMPARE(gate["rules"].size(), size_t(2));
        QCOMPARE(gate["version"].get<int>(), 2);
        gate = data(call("replace_gate", "{\"gate\":\"practice_checkout_v2\",\"description\":\"d\",\"enabled\":true,"
                                         "\"rules\":[{\"name\":\"n\",\"condition\":\"everyone\",\"percentage\":5}]}"));
        QCOMPARE(gate["rules"].size(), size_t(1));
        QCOMPARE(gate["version"].get<int>(), 3);
        QVERIFY(data(call("get_gate", "{\"gate\":\"practice_checkout_v2\"}")) == gate);
        QVERIFY(data(call("delete_gate", "{\"gate\":\"practice_checkout_v2\"}"))["deleted"] == gate);
        for (const QByteArray tool : {"get_gate", "delete_gate"})
            QVERIFY(call(tool, "{\"gate\":\"practice_checkout_v2\"}")["isError"].get<bool>());
        QVERIFY(call("toggle_gate", "{\"gate\":\"practice_checkout_v2\",\"enabled\":true}")["isError"].get<bool>());
    }
    void aFileKeepsWhatHappened()
    {
        QTemporaryDir folder;
        const QString file = folder.filePath(QStringLiteral("practice.db"));
        stop();
        start({QStringLiteral("--database"), file});
        call("delete_gate", "{\"gate\":\"practice_dark_theme\"}");
        stop();
        QCOMPARE(int(QFile::permissions(file) & ~(QFile::ReadUser | QFile::WriteUser)), int(QFile::ReadOwner | QFile::WriteOwner));
        start({QStringLiteral("--database"), file});
        QVERIFY(call("get_gate", "{\"gate\":\"practice_dark_theme\"}")["isError"].get<bool>());
    }
    void twoProcessesShareAFile()
    {
        QTemporaryDir folder;
        const QStringList arguments{QStringLiteral("--database"), folder.filePath(QStringLiteral("practice.db"))};
        stop();
        start(arguments);
        call("list_plans", "{}"); // the file is made
        std::unique_ptr<QProcess> first = std::move(m_server);
        start(arguments);
        std::swap(first, m_server);
        call("create_refund", "{\"invoice\":\"in_practice_1002\"}");
        std::swap(first, m_server);
        QCOMPARE(sentence(call("create_refund", "{\"invoice\":\"in_practice_1002\"}")),
                 QStringLiteral("Invoice in_practice_1002 is refunded already."));
        first->closeWriteChannel();
        QVERIFY(first->waitForFinished());
    }
    void manyProcessesMayMakeOneFile()
    {
        constexpr int processes = 8;
        for (int round = 0; round < 5; ++round) {
            QTemporaryDir folder;
            const QString file = folder.filePath(QStringLiteral("practice.db"));
            std::vector<std::unique_ptr<QProcess>> servers;
            for (int i = 0; i < processes; ++i) {
                servers.push_back(std::make_unique<QProcess>());
                servers.back()->start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-practice"), {QStringLiteral("--database"), file});
                servers.back()->write(
                    "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"list_customers\"}}\n");
                servers.back()->closeWriteChannel();
            }
            QByteArrayList answers;
            for (const auto &server : servers) {
                QVERIFY(server->waitForFinished(60'000));
                QVERIFY2(server->exitCode() == 0, server->readAllStandardError().constData());
                answers.append(server->readAllStandardOutput());
            }
            QVERIFY2(answers.first().contains("4 practice customers."), answers.first().constData());
            QCOMPARE(answers.count(answers.first()), processes);
            // Nothing is left beside the database.
            QVERIFY(!QFile::exists(file + QStringLiteral(".lock")));
        }
    }
    void badMessagesGetTheStandardErrors_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::addColumn<int>("code");
        QTest::newRow("no JSON") << QByteArray("{") << -32700;
        QTest::newRow("batch") << QByteArray("[]") << -32600;
        QTest::newRow("no method") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1}") << -32600;
        QTest::newRow("unknown method") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"server/discover\"}") << -32601;
        QTest::newRow("unknown tool") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{\"name\":\"x\"}}")
                                      << -32602;
        QTest::newRow("no tool") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\",\"params\":{}}") << -32602;
        QTest::newRow("no parameters") << QByteArray("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"tools/call\"}") << -32602;
    }
    void badMessagesGetTheStandardErrors()
    {
        QFETCH(QByteArray, line);
        QFETCH(int, code);
        const Json answer = ask(line);
        QCOMPARE(answer["error"]["code"].get<int>(), code);
        QVERIFY(!answer["error"]["message"].get<std::string>().empty());
    }
    void notificationsGetNoAnswer()
    {
        m_server->write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n\n");
        QCOMPARE(exchange("{\"jsonrpc\":\"2.0\",\"id\":\"\\u00e9\",\"method\":\"ping\"}"),
                 QByteArray("{\"jsonrpc\":\"2.0\",\"id\":\"\\u00e9\",\"result\":{}}"));
    }
    void anUnusableDatabaseIsNamed()
    {
        QProcess process;
        process.start(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-practice"),
                      {QStringLiteral("--database"), QStringLiteral("/nonexistent/x")});
        QVERIFY(process.waitForFinished());
        QCOMPARE(process.exitCode(), 1);
        QVERIFY(process.readAllStandardError().contains("/nonexistent/x"));
    }
};

COUNTERSIGN_TEST(tst_CountersignPractice)
#include "tst_CountersignPractice.moc"
