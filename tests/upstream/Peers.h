// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/ApprovedCalls.h"
#include "upstream/CurlLoop.h"
#include "upstream/HttpTransport.h"
#include "upstream/StdioTransport.h"
#include "upstream/Upstream.h"
#include <QProcess>
#include <QTest>

// The Python servers of tests/upstream/peers, and what the tests of this folder ask of them.

inline QString peerScript(const char *name)
{
    return QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/upstream/peers/") + QLatin1String(name);
}

// The interpreter itself: a wrapper of that name would add to the environment.
inline const QString &python()
{
    static const QString path = [] {
        QProcess process;
        process.start(QStringLiteral("python3"), {QStringLiteral("-c"), QStringLiteral("import sys; print(sys.executable, end='')")});
        process.waitForFinished();
        return QString::fromLocal8Bit(process.readAllStandardOutput());
    }();
    return path;
}

inline mcpcore::GuardedCommand stdioPeer(const QStringList &words, const QString &secretVariable = {})
{
    return {QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign-child"), python(),
            QStringList{QStringLiteral("-B"), peerScript("stdio_peer.py")} + words, secretVariable};
}

inline mcpcore::KeySource keySource(const QByteArray &key)
{
    return [key](mcpcore::Completion<mcpcore::Secret> done) { done(mcpcore::Secret({key.constData(), size_t(key.size())})); };
}

// http_peer.py in a process of its own; remembers the requests it tells of.
class HttpPeer : public QProcess
{
public:
    struct Request {
        QByteArray line; // JSON with method, path, fields, body
        QByteArray field(const char *name) const
        {
            const auto value = mcpcore::memberOf(mcpcore::memberOf(mcpcore::RawJson(line), "fields"), name);
            return value.isEmpty() ? QByteArray() : mcpcore::textOf(value)->toUtf8();
        }
        QByteArray member(const char *name) const { return mcpcore::textOf(mcpcore::memberOf(mcpcore::RawJson(line), name))->toUtf8(); }
    };

    explicit HttpPeer(const QStringList &words = {QStringLiteral("2025-11-25")})
    {
        setProcessChannelMode(ForwardedErrorChannel);
        start(python(), QStringList{QStringLiteral("-B"), peerScript("http_peer.py")} + words);
        if (waitForReadyRead(20'000))
            m_port = mcpcore::memberOf(mcpcore::RawJson(readLine().trimmed()), "port").bytes().toInt();
    }
    ~HttpPeer() override
    {
        kill();
        waitForFinished();
    }
    int port() const { return m_port; }
    QString url() const { return QStringLiteral("http://127.0.0.1:%1/mcp").arg(m_port); }
    mcpcore::HttpEndpoint endpoint() const { return {url(), mcpcore::originOf(url()), {}, {}}; }
    const QList<Request> &requests()
    {
        while (canReadLine())
            m_requests += Request{readLine().trimmed()};
        return m_requests;
    }
    int count(const char *inBody)
    {
        int found = 0;
        for (const Request &request : requests())
            found += request.member("body").contains(inBody);
        return found;
    }
    int countOf(const char *method)
    {
        int found = 0;
        for (const Request &request : requests())
            found += request.member("method") == method;
        return found;
    }

private:
    int m_port = 0;
    QList<Request> m_requests;
};

// What one request brought.
struct Outcome {
    std::optional<mcpcore::Result<mcpcore::UpstreamAnswer>> answer;
    QList<mcpcore::UpstreamMessage> relayed;
    int answers = 0;
    std::unique_ptr<QObject> guard = std::make_unique<QObject>(); // what comes after this is gone is for nobody

    bool isError(mcpcore::Error::Kind kind) const { return answer && !*answer && answer->error().kind == kind; }
    QString errorText() const { return answer && !*answer ? answer->error().message : QString(); }
    QByteArray result() const { return answer && *answer ? (*answer)->result.bytes() : QByteArray(); }
    // The text of a tool's first content.
    QByteArray text() const
    {
        if (!answer || !*answer)
            return {};
        const auto content = mcpcore::elementsOf(mcpcore::memberOf((*answer)->result, "content"));
        return content && !content->empty() ? mcpcore::textOf(mcpcore::memberOf(content->front(), "text"))->toUtf8() : QByteArray();
    }
};

inline mcpcore::Completion<mcpcore::UpstreamAnswer> into(Outcome &outcome)
{
    return {outcome.guard.get(), [&outcome](mcpcore::Result<mcpcore::UpstreamAnswer> answer) {
                outcome.answer.emplace(std::move(answer));
                ++outcome.answers;
            }};
}

inline qint64 callTool(mcpcore::Upstream &upstream, const char *tool, const QByteArray &params, Outcome &outcome)
{
    return upstream.call(
        approvedCall(QString::fromLatin1(tool), params),
        [&outcome, guard = QPointer<QObject>(outcome.guard.get())](const mcpcore::UpstreamMessage &message) {
            if (guard)
                outcome.relayed += message;
        },
        into(outcome));
}

inline qint64 ask(mcpcore::Upstream &upstream, const char *method, Outcome &outcome)
{
    return upstream.request(QString::fromLatin1(method), {}, {}, into(outcome));
}

#define TRY_ANSWER(outcome) QTRY_VERIFY_WITH_TIMEOUT((outcome).answer, 20'000)
