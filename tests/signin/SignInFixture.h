// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include "secrets/KeyRing.h"
#include "support/FakeClock.h"
#include "support/MemoryStore.h"
#include "upstream/signin/SignIn.h"
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QProcess>
#include <QTest>
#include <QUrlQuery>

// tests/peers/oauth-server.mjs in a process of its own; remembers what it tells.
class OAuthServer : public QProcess
{
public:
    explicit OAuthServer(const QByteArray &behave = "{}")
    {
        setProcessChannelMode(ForwardedErrorChannel);
        const QString peers = QStringLiteral(COUNTERSIGN_SOURCE_DIR "/tests/peers/");
        start(peers + QStringLiteral("node"), {peers + QStringLiteral("oauth-server.mjs"), QString::fromUtf8(behave)});
        if (waitForReadyRead(20'000))
            if (const auto ready = mcpcore::parseJson(readLine().trimmed().toStdString()))
                url = mcpcore::stringAt(*ready, "url", {});
    }
    ~OAuthServer() override
    {
        kill();
        waitForFinished();
    }
    QString origin() const { return url.chopped(4); }
    // What it told under this name.
    QList<mcpcore::Json> told(const char *event)
    {
        while (canReadLine())
            if (const auto one = mcpcore::parseJson(readLine().trimmed().toStdString()))
                m_told.append(*one);
        QList<mcpcore::Json> found;
        for (const auto &one : m_told)
            if (one.value("event", "") == event)
                found.append(one);
        return found;
    }
    QString url;

private:
    QList<mcpcore::Json> m_told;
};

// Sign-ins against a real server over loopback; the keychain and the clock are the test's. What it brings up to a page in the
// browser, and what the browser gets to see.
class SignInFixture : public QObject
{
public:
    explicit SignInFixture(const QByteArray &behave = "{}") : server(behave)
    {
        environment = {{QStringLiteral("sandbox")}, mcpcore::EnvironmentKind::Sandbox};
        connection = {{QStringLiteral("acme")},
                      {},
                      {environment.id},
                      mcpcore::HttpTarget{{{environment.id, server.url}}, {mcpcore::HttpAuth::Kind::OAuth, {}}, {}},
                      {}};
    }
    mcpcore::HttpAuth &auth() { return std::get<mcpcore::HttpTarget>(connection.target).auth; }

    template <typename T> mcpcore::Result<T> wait(const std::function<void(mcpcore::Completion<T>)> &ask)
    {
        std::optional<mcpcore::Result<T>> answer;
        QObject guard;
        ask(mcpcore::Completion<T>(&guard, [&](mcpcore::Result<T> result) { answer.emplace(std::move(result)); }));
        if (!QTest::qWaitFor([&] { return answer.has_value(); }, 20'000))
            return mcpcore::failure(mcpcore::Error::Kind::Abandoned, QStringLiteral("No answer came."));
        return std::move(*answer);
    }
    mcpcore::Result<mcpcore::SignIn::Page> begin(const char *clientSecret = "")
    {
        return wait<mcpcore::SignIn::Page>(
            [&](auto done) { signIn->begin(connection, environment, mcpcore::Secret(std::string_view(clientSecret)), std::move(done)); });
    }
    mcpcore::Result<mcpcore::SignInState> finish(qint64 attempt)
    {
        return wait<mcpcore::SignInState>([&](auto done) { signIn->wait(attempt, std::move(done)); });
    }
    mcpcore::SignInState state()
    {
        return *wait<mcpcore::SignInState>([&](auto done) { signIn->state(connection, environment, std::move(done)); });
    }
    mcpcore::Result<QByteArray> token()
    {
        const auto secret = wait<mcpcore::Secret>([&](auto done) { signIn->token(connection, environment, std::move(done)); });
        if (!secret)
            return mcpcore::failure(secret.error());
        return QByteArray(secret->reveal().data(), qsizetype(secret->reveal().size()));
    }
    mcpcore::Result<mcpcore::SignIn::Revoked> signOut()
    {
        return wait<mcpcore::SignIn::Revoked>([&](auto done) { signIn->signOut(connection, environment, std::move(done)); });
    }
    struct Seen {
        int status;
        QByteArray text;
        QByteArray policy;
    };
    // What the browser sees at an address, after all redirects.
    Seen open(const QByteArray &address, const QByteArray &host = {}, const QByteArray &body = {})
    {
        QNetworkRequest request(QUrl(QString::fromLatin1(address), QUrl::StrictMode));
        if (!host.isEmpty())
            request.setRawHeader("Host", host);
        QNetworkReply *reply = body.isEmpty() ? m_browser.get(request) : m_browser.post(request, body);
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
            return {0, "no answer", {}};
        reply->deleteLater();
        return {reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), reply->readAll(),
                reply->rawHeader("Content-Security-Policy")};
    }
    void behave(const QByteArray &how) { QCOMPARE(open((server.origin() + QStringLiteral("/behave")).toLatin1(), {}, how).status, 200); }
    // The whole flow; the sentence of what went wrong, or nothing.
    QString signInNow(const char *clientSecret = "")
    {
        const auto page = begin(clientSecret);
        if (!page)
            return page.error().message;
        seen = open(page->address);
        const auto done = finish(page->attempt);
        return done ? QString() : done.error().message;
    }
    // One request to the server with a token; its status.
    int call(const QByteArray &bearer, const QByteArray &method = "tools/call")
    {
        QNetworkRequest request{QUrl(server.url)};
        request.setRawHeader("Authorization", "Bearer " + bearer);
        request.setHeader(QNetworkRequest::ContentTypeHeader, QStringLiteral("application/json"));
        QNetworkReply *reply = m_browser.post(request, "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"" + method + "\"}");
        if (!QTest::qWaitFor([&] { return reply->isFinished(); }, 20'000))
            return 0;
        reply->deleteLater();
        for (const auto &[name, value] : reply->rawHeaderPairs())
            lastHead += name + ": " + value + "\r\n";
        return reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt();
    }

    OAuthServer server;
    FakeClock clock;
    mcpcore::SystemIds ids{clock};
    MemoryStore store;
    mcpcore::CurlLoop loop;
    mcpcore::KeyRing keys{store, clock};
    std::unique_ptr<mcpcore::SignIn> signIn = std::make_unique<mcpcore::SignIn>(loop, keys, clock, ids);
    mcpcore::Connection connection;
    mcpcore::Environment environment;
    Seen seen{};
    QByteArray lastHead;

private:
    QNetworkAccessManager m_browser;
};
