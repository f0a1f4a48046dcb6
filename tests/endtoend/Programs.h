// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <sys/prctl.h>

// The real programs and peers, as their user runs them. One profile a test, gone with it.

inline QString binary(const char *name)
{
    return QStringLiteral(COUNTERSIGN_BINARY_DIR "/") + QLatin1String(name);
}
inline QString peer(const char *name)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/") + QLatin1String(name);
}

// A program that prints one JSON object a line.
class Talker : public QProcess
{
public:
    Talker()
    {
        setProcessChannelMode(QProcess::ForwardedErrorChannel);
        // A test that crashes leaves nothing behind: what this one started ends with its input.
        setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
    }
    ~Talker() override
    {
        if (state() != QProcess::NotRunning) {
            terminate();
            if (!waitForFinished(10'000))
                kill();
            waitForFinished();
        }
    }
    // The next event that `wanted` accepts; earlier ones are kept for later questions. An empty object after `seconds`.
    mcpcore::Json until(const std::function<bool(const mcpcore::Json &)> &wanted, int seconds = 30)
    {
        QElapsedTimer since;
        since.start();
        for (;;) {
            for (int i = 0; i < m_events.size(); ++i)
                if (wanted(m_events[i]))
                    return m_events.takeAt(i);
            const qint64 left = seconds * 1000 - since.elapsed();
            if (left <= 0 || (!canReadLine() && !waitForReadyRead(int(left)) && state() == QProcess::NotRunning && !canReadLine()))
                return mcpcore::Json::object();
            while (canReadLine())
                if (const auto event = mcpcore::parseJson(readLine().trimmed().toStdString()))
                    m_events.append(*event);
        }
    }
    mcpcore::Json event(const char *name, const char *tag = nullptr, int seconds = 30)
    {
        return until(
            [&](const mcpcore::Json &e) {
                const bool outcome =
                    tag && (e.value("event", "") == "result" || e.value("event", "") == "error") && std::string(name) == "outcome";
                return (e.value("event", "") == name || outcome) && (!tag || (e.contains("tag") && e["tag"] == tag));
            },
            seconds);
    }
    void say(const mcpcore::Json &command) { write(mcpcore::toBytes(command) + '\n'); }

private:
    QList<mcpcore::Json> m_events;
};

// A profile, the commands on it, and what is started for it.
class Setup
{
public:
    Setup() : m_folder(QStringLiteral("/tmp/countersign-XXXXXX")) {}
    QString profile() const { return m_folder.path(); }
    QString file(const char *name) const { return m_folder.filePath(QLatin1String(name)); }

    struct Done {
        int code;
        mcpcore::Json answer;
        QByteArray out, err;
    };
    Done ctl(const QStringList &words, const QByteArray &input = {}) const
    {
        QProcess process;
        process.start(binary("countersignctl"), QStringList{QStringLiteral("--json"), QStringLiteral("--profile"), profile()} + words);
        process.write(input);
        process.closeWriteChannel();
        process.waitForFinished(120'000);
        Done done{process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                  {},
                  process.readAllStandardOutput(),
                  process.readAllStandardError()};
        if (const auto answer = mcpcore::parseJson(done.out.trimmed().toStdString()))
            done.answer = *answer;
        return done;
    }
    // A command that has to succeed; an empty object when it does not.
    mcpcore::Json must(const QStringList &words, const QByteArray &input = {}) const
    {
        const Done done = ctl(words, input);
        if (done.code != 0)
            qWarning("countersignctl %s: %s", qPrintable(words.join(QLatin1Char(' '))), done.err.constData());
        return done.code == 0 ? done.answer : mcpcore::Json::object();
    }
    void addRule(const QByteArray &rule) const
    {
        QVERIFY(!must({QStringLiteral("rule"), QStringLiteral("add"), QStringLiteral("--json-file"), QStringLiteral("-")}, rule).empty());
    }
    QString addClient() const
    {
        return QString::fromStdString(must({QStringLiteral("client"), QStringLiteral("add"), QStringLiteral("Tester")}).value("token", ""));
    }
    // A connection that runs a peer with the pinned Node, all of its tools trusted.
    void addStdio(const char *id, const QStringList &words, const QStringList &options = {}, const QByteArray &key = {}) const
    {
        const QString name = QLatin1String(id);
        QVERIFY(!must(QStringList{QStringLiteral("connection"), QStringLiteral("add"), name} + options
                      + QStringList{QStringLiteral("--stdio"), QStringLiteral("--")} + words)
                     .empty());
        if (!key.isEmpty())
            QVERIFY(!must({QStringLiteral("key"), QStringLiteral("set"), name, QStringLiteral("sandbox")}, key).empty());
        trust(id);
    }
    void addHttp(const char *id, const QString &url) const
    {
        QVERIFY(!must({QStringLiteral("connection"), QStringLiteral("add"), QLatin1String(id), QStringLiteral("--url"), url}).empty());
        trust(id);
    }
    void trust(const char *id) const
    {
        QVERIFY(!must({QStringLiteral("connection"), QStringLiteral("trust"), QLatin1String(id), QStringLiteral("sandbox"),
                       QStringLiteral("--all")})
                     .empty());
    }
    // The newest calls of the log.
    mcpcore::Json calls() const
    {
        return must({QStringLiteral("log"), QStringLiteral("list"), QStringLiteral("--limit"), QStringLiteral("0")})
            .value("calls", mcpcore::Json::array());
    }

private:
    QTemporaryDir m_folder;
};

// The gateway or the app, and its URL.
class Gateway : public Talker
{
public:
    void serve(const Setup &setup)
    {
        start(binary("countersignctl"),
              {QStringLiteral("--profile"), setup.profile(), QStringLiteral("serve"), QStringLiteral("--port"), QStringLiteral("0")});
        closeWriteChannel();
        url = QString::fromStdString(event("ready").value("url", ""));
        QVERIFY2(!url.isEmpty(), "the gateway did not start");
    }
    QString url;
};

// The protocol's reference server over HTTP.
class ReferenceServer : public Talker
{
public:
    static QString script()
    {
        return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/node_modules/@modelcontextprotocol/server-everything/dist/index.js");
    }
    void serve()
    {
        // It takes its port from the environment and says nothing we could read it from.
        const QString port = QString::number(20000 + QCoreApplication::applicationPid() % 20000);
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(QStringLiteral("PORT"), port);
        setProcessEnvironment(environment);
        setProcessChannelMode(QProcess::MergedChannels);
        start(peer("node"), {script(), QStringLiteral("streamableHttp")});
        QByteArray said;
        QTRY_VERIFY2_WITH_TIMEOUT((waitForReadyRead(100), said += readAll(), said.contains(port.toLatin1())), said.constData(), 30'000);
        url = QStringLiteral("http://127.0.0.1:%1/mcp").arg(port);
    }
    QString url;
};

// A client on the official SDK, over HTTP or through a program that speaks for it: the bridge, or another.
class SdkClient : public Talker
{
public:
    enum class Way { Http, Bridge };
    void connectTo(const Setup &setup, const Gateway &gateway, const QString &token, Way way, const QString &path = {})
    {
        if (way == Way::Http)
            connectBy({QStringLiteral("--url"), gateway.url + path, QStringLiteral("--token"), token});
        else
            connectBy({QStringLiteral("--"), binary("countersign-bridge"), QStringLiteral("--profile"), setup.profile(),
                       QStringLiteral("--client"), QStringLiteral("tester")});
    }
    void connectBy(const QStringList &words)
    {
        start(peer("node"), QStringList{peer("sdk-client.mjs")} + options + words);
        connected = event("connected", nullptr, 60);
        QVERIFY2(!connected.empty(), "the client did not connect");
    }
    QStringList options;     // of sdk-client.mjs
    mcpcore::Json connected; // what it said then
    QStringList toolNames()
    {
        say({{"do", "list"}});
        QStringList names;
        const mcpcore::Json listed = event("tools");
        for (const mcpcore::Json &tool : listed.value("tools", mcpcore::Json::array()))
            names.append(QString::fromStdString(tool.value("name", "")));
        return names;
    }
    void call(const char *tag, const char *name, const mcpcore::Json &arguments)
    {
        say({{"do", "call"}, {"tag", tag}, {"name", name}, {"arguments", arguments}});
    }
    mcpcore::Json outcome(const char *tag, int seconds = 60) { return event("outcome", tag, seconds); }
    // The text of an answer, or all of it where there is none.
    static QString textOf(const mcpcore::Json &outcome)
    {
        return outcome.contains("result") && outcome["result"].contains("content")
                   ? QString::fromStdString(outcome["result"]["content"][0].value("text", ""))
                   : QString::fromStdString(outcome.dump());
    }
};
