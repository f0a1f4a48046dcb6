// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Entries for one connection: `client connect --connection` writes them beside the one for everything, and a client that starts what stands there
// finds the tools of that connection, under their own names, and no others.
#include "Programs.h"
#include "support/Runner.h"

using mcpcore::Json;

class tst_OneConnection : public QObject
{
    Q_OBJECT

    Setup setup;
    Gateway gateway;
    QTemporaryDir folder{QStringLiteral("/tmp/countersign-home-XXXXXX")};
    const QByteArray before = "{\n  // mine\n  \"mcpServers\": {\n    \"files\": { \"command\": \"files\" },\n  },\n}\n";

    static QStringList words(const char *line) { return QString::fromLatin1(line).split(QLatin1Char(' ')); }
    QString path() const { return folder.filePath(QStringLiteral("mcp.json")); }
    QByteArray content() const
    {
        QFile file(path());
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not to be read");
    }
    // An entry as a client reads it; our own lines have no comments.
    Json entry(const char *name) const
    {
        const QByteArray bytes = content();
        const qsizetype from = bytes.indexOf('{', bytes.indexOf('"' + QByteArray(name) + '"'));
        qsizetype to = from;
        for (int depth = 0; to < bytes.size(); ++to) {
            depth += bytes[to] == '{' ? 1 : bytes[to] == '}' ? -1 : 0;
            if (depth == 0)
                break;
        }
        const auto read = mcpcore::parseJson(bytes.mid(from, to - from + 1).toStdString());
        return read ? *read : Json::object();
    }
    Json connectClient(const QStringList &more) const
    {
        return setup.must(
            QStringList{QStringLiteral("client"), QStringLiteral("connect"), QStringLiteral("cursor"), QStringLiteral("--file"), path()}
            + more);
    }
    QStringList toolsBehind(const Json &entry, SdkClient &client) const
    {
        QStringList start;
        if (entry.contains("url")) {
            const QString header = QString::fromStdString(entry["headers"].value("Authorization", ""));
            start = {QStringLiteral("--url"), QString::fromStdString(entry.value("url", "")), QStringLiteral("--token"),
                     header.section(QLatin1Char(' '), 1)};
        } else {
            start = {QStringLiteral("--"), QString::fromStdString(entry.value("command", ""))};
            for (const Json &word : entry["args"])
                start.append(QString::fromStdString(word.get<std::string>()));
        }
        client.connectBy(start);
        return client.toolNames();
    }

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(!setup.must(words("connection add practice --pack practice")).empty());
        setup.addStdio("echo", {peer("node"), peer("echo-server.mjs")});
        setup.trust("practice");
        setup.addRule(R"({"effect":"allow","tool":"echo"})");
        gateway.serve(setup);
    }
    void aClientBehindSuchAnEntryHasThatConnectionOnly_data()
    {
        QTest::addColumn<QString>("way");
        for (const char *way : {"bridge", "http"})
            QTest::newRow(way) << QString::fromLatin1(way);
    }
    void aClientBehindSuchAnEntryHasThatConnectionOnly()
    {
        QFETCH(QString, way);
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(before) == before.size());
        file.close();
        const QStringList by{QStringLiteral("--via"), way};
        QCOMPARE(connectClient(by).value("status", ""), std::string("written"));
        QCOMPARE(connectClient(by + words("--connection echo")).value("status", ""), std::string("written"));

        SdkClient one;
        const QStringList own = toolsBehind(entry("countersign-echo"), one);
        QVERIFY2(own.contains(QStringLiteral("echo")), qPrintable(own.join(QLatin1Char(' '))));
        QVERIFY2(own.filter(QStringLiteral("__")).isEmpty(), qPrintable(own.join(QLatin1Char(' '))));
        one.call("own", "echo", {{"message", "one of many"}});
        QCOMPARE(SdkClient::textOf(one.outcome("own")), QStringLiteral("{\"message\":\"one of many\"}"));
        SdkClient all;
        const QStringList every = toolsBehind(entry("countersign"), all);
        QVERIFY(every.contains(QStringLiteral("echo__echo")) && every.contains(QStringLiteral("practice__list_plans")));

        // The one entry goes, the other one works on; then nothing is left of both.
        const QStringList out{QStringLiteral("client"), QStringLiteral("disconnect"), QStringLiteral("cursor")};
        QCOMPARE(setup.must(out + words("--connection echo")).value("status", ""), std::string("written"));
        QVERIFY(!content().contains("countersign-echo"));
        QVERIFY(all.toolNames().contains(QStringLiteral("practice__list_plans")));
        QCOMPARE(setup.must(out).value("status", ""), std::string("written"));
        QCOMPARE(content(), before);
    }
    void whatCannotBeReachedIsNotWritten()
    {
        QFile file(path());
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(before) == before.size());
        file.close();
        const auto refused = [&](const char *more) {
            return setup.ctl(words("client connect cursor --file") + QStringList{path()} + words(more));
        };
        QCOMPARE(refused("--connection paypal").code, 1);
        QVERIFY(refused("--connection paypal").err.contains("There is no connection paypal"));
        QVERIFY(refused("--connection echo --env staging").err.contains("not set up in staging"));
        QCOMPARE(content(), before);
    }
};

COUNTERSIGN_TEST(tst_OneConnection)
#include "tst_OneConnection.moc"
