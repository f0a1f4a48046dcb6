// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include <QProcess>
#include <QTest>
#include <csignal>
#include <sys/prctl.h>

// vendor_server.py in a process of its own: what the four vendors answer about keys, and an MCP server at the same address.
class VendorServer : public QProcess
{
public:
    VendorServer()
    {
        setProcessChannelMode(ForwardedErrorChannel);
        setChildProcessModifier([] { ::prctl(PR_SET_PDEATHSIG, SIGKILL); });
        start(QStringLiteral("python3"), {QStringLiteral("-B"), QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/support/vendor_server.py")});
        if (waitForReadyRead(20'000))
            take();
    }
    ~VendorServer() override
    {
        kill();
        waitForFinished();
    }
    QString origin() const { return QStringLiteral("http://127.0.0.1:%1").arg(m_port); }
    QString url() const { return origin() + QStringLiteral("/mcp"); }

    // A key that is known from now on; `more` has its account, name, live and forbidden paths.
    void know(const char *key, mcpcore::Json more = mcpcore::Json::object())
    {
        more["key"] = key;
        say(more);
    }
    void revoke(const char *key) { say({{"revoke", key}}); }
    void answer(const char *path, int status, const char *body, const mcpcore::Json &fields = mcpcore::Json::object())
    {
        say({{"answer", path}, {"status", status}, {"body", body}, {"fields", fields}});
    }
    void hold(const char *path) { say({{"hold", path}}); }
    void release() { say({{"release", true}}); }

    // What it got so far: {"method", "path", "fields", "body"}.
    const QList<mcpcore::Json> &requests()
    {
        say({{"sync", true}}); // what it told before its answer to this is here then
        return m_requests;
    }
    int count(const char *path)
    {
        int found = 0;
        for (const mcpcore::Json &request : requests())
            found += request.value("path", "") == path;
        return found;
    }

private:
    void take()
    {
        while (canReadLine()) {
            const auto line = mcpcore::parseJson(readLine().trimmed().toStdString());
            if (!line)
                continue;
            if (line->contains("port"))
                m_port = line->at("port").get<int>();
            else if (line->contains("done"))
                ++m_done;
            else
                m_requests.append(*line);
        }
    }
    void say(const mcpcore::Json &command)
    {
        const int before = m_done;
        write(mcpcore::toBytes(command) + '\n');
        waitForBytesWritten();
        while (m_done == before && (canReadLine() || waitForReadyRead(20'000)))
            take();
        QVERIFY(m_done > before);
    }

    int m_port = 0;
    int m_done = 0;
    QList<mcpcore::Json> m_requests;
};
