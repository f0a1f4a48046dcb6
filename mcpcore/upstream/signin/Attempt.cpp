// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/Attempt.h"
#include "upstream/Addresses.h"
#include "upstream/signin/CallbackServer.h"
#include <QUrl>

namespace mcpcore {

namespace {

constexpr Milliseconds patience = std::chrono::minutes(5);

QString hostOf(const QByteArray &address)
{
    return QUrl(QString::fromUtf8(address)).host().left(253);
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

Error upstreamError(const QString &what)
{
    return {Error::Kind::UpstreamFailed, what};
}

// The server has no such document; everything else that is not one is trouble.
bool isAbsent(const Fetched &answer)
{
    return answer.status >= 400 && answer.status < 500;
}

} // namespace

Attempt::Attempt(Fetches &fetches, const Clock &clock, Ids &ids, AttemptPlan plan, QObject *parent)
    : QObject(parent), m_fetches(fetches), m_clock(clock), m_ids(ids), m_plan(std::move(plan)), m_reach(reachFor(m_plan.url))
{}

Attempt::~Attempt() = default;

void Attempt::start(Completion<QByteArray> page, Completion<StoredSignIn> finished)
{
    m_page = std::move(page);
    m_finished = std::move(finished);
    m_clock.after(patience, this, [this] {
        fail({Error::Kind::Expired, QStringLiteral("Nobody signed in within five minutes. Start the sign-in again.")});
    });
    if (m_plan.challenge)
        askResource();
    else
        probe();
}

void Attempt::cancel(const QString &why)
{
    fail({Error::Kind::Cancelled, why});
}

Completion<Fetched> Attempt::use(void (Attempt::*next)(Fetched))
{
    return {this, [this, next](Result<Fetched> fetched) {
                if (fetched)
                    (this->*next)(std::move(*fetched));
                else
                    fail(fetched.error());
            }};
}

// The server says by refusing where to sign in. What is asked does nothing, should it be answered.
void Attempt::probe()
{
    HttpRequest request;
    request.method = HttpRequest::Method::Post;
    request.url = QUrl(m_plan.url).toEncoded(QUrl::FullyEncoded | QUrl::RemoveFragment);
    if (isLoopbackHost(QUrl(m_plan.url).host()))
        request.proxy = HttpRequest::Proxy::None;
    request.limit = std::chrono::seconds(20);
    request.fields = {QByteArrayLiteral("Content-Type: application/json"), QByteArrayLiteral("Accept: application/json, text/event-stream"),
                      QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    request.body =
        QByteArrayLiteral("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"initialize\",\"params\":{\"protocolVersion\":\"2025-11-25\","
                          "\"capabilities\":{},\"clientInfo\":{\"name\":\"countersign\",\"version\":\"" COUNTERSIGN_VERSION "\"}}}");
    m_fetches.send(std::move(request), use(&Attempt::takeProbe));
}

void Attempt::takeProbe(Fetched answer)
{
    if (answer.status == 401)
        m_plan.challenge = challengeIn(viewOf(answer.head));
    askResource();
}

void Attempt::askResource()
{
    if (m_plan.challenge && !m_plan.challenge->resourceMetadata.isEmpty()) {
        const QByteArray address = m_plan.challenge->resourceMetadata;
        if (const auto allowed =
                checkAddress(address, m_reach, QStringLiteral("address where %1 describes its sign-in").arg(QUrl(m_plan.url).host()));
            !allowed)
            return fail(allowed.error());
        m_addresses = {address};
    } else {
        m_addresses = resourceMetadataAddresses(m_plan.url);
    }
    m_fetches.get(m_addresses.takeFirst(), m_reach, use(&Attempt::takeResource));
}

void Attempt::takeResource(Fetched answer)
{
    if (answer.status == 200) {
        auto read = readResourceMetadata(answer.body, m_plan.url);
        if (!read)
            return fail(read.error());
        m_resource = std::move(*read);
    } else if (!isAbsent(answer) || (m_plan.challenge && !m_plan.challenge->resourceMetadata.isEmpty())) {
        return fail(upstreamError(QStringLiteral("%1 does not say where to sign in (status %2). Try again later.")
                                      .arg(QUrl(m_plan.url).host())
                                      .arg(answer.status)));
    } else if (!m_addresses.isEmpty()) {
        return m_fetches.get(m_addresses.takeFirst(), m_reach, use(&Attempt::takeResource));
    } else {
        // Servers of 2025-03-26 are their own authorization servers and describe no resource.
        m_resource.issuer = QUrl(m_plan.url).toEncoded(QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
        m_resource.resource = QUrl(m_plan.url).toEncoded(QUrl::FullyEncoded | QUrl::RemoveFragment);
    }
    if (const auto allowed = checkAddress(m_resource.issuer, m_reach, QStringLiteral("address of the authorization server")); !allowed)
        return fail(allowed.error());
    m_addresses = serverMetadataAddresses(m_resource.issuer);
    askServer();
}

void Attempt::askServer()
{
    m_fetches.get(m_addresses.takeFirst(), m_reach, use(&Attempt::takeServer));
}

void Attempt::takeServer(Fetched answer)
{
    if (answer.status != 200) {
        if (isAbsent(answer) && !m_addresses.isEmpty())
            return askServer();
        return fail(
            upstreamError(QStringLiteral("%1 does not say how to sign in there. Set a key for this connection instead, if it takes one.")
                              .arg(hostOf(m_resource.issuer))));
    }
    auto read = readServerMetadata(answer.body, m_resource.issuer, m_reach);
    if (!read)
        return fail(read.error());
    m_server = std::move(*read);
    chooseClient();
}

// Registered by the user, else by the document the user named, else by an earlier registration, else anew.
void Attempt::chooseClient()
{
    const auto &before = m_plan.registration;
    const bool known =
        before && before->issuer == m_server.issuer && (before->secretEnds.count() == 0 || before->secretEnds > m_clock.wall());
    const QByteArray state = m_ids.randomBytes(32).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals);
    m_callback = std::make_unique<CallbackServer>(m_clock, state, [this](CallbackAnswer answer) { takeCallback(std::move(answer)); });
    if (const auto listening = m_callback->listen(known ? before->port : 0); !listening)
        return fail(listening.error());
    m_state = state;
    m_client.issuer = m_server.issuer;
    if (!m_plan.clientId.isEmpty()) {
        const bool same = before && before->kind == OAuthClient::Kind::Given && before->id == m_plan.clientId;
        if (same && before->issuer != m_server.issuer)
            return fail({Error::Kind::Conflict,
                         QStringLiteral("The sign-in moved from %1 to %2, where your client id is not known. Add the connection again "
                                        "with the id for the new place, if you trust it.")
                             .arg(hostOf(before->issuer), hostOf(m_server.issuer))});
        m_client.id = m_plan.clientId;
        m_client.secret = !m_plan.clientSecret.isEmpty() ? std::move(m_plan.clientSecret) : same ? before->secret.duplicate() : Secret();
        m_client.auth = authFor(m_server, m_client.secret);
        m_registered = true;
        return openPage();
    }
    if (!m_plan.clientDocument.isEmpty() && m_server.takesClientDocuments) {
        m_client.kind = OAuthClient::Kind::Document;
        m_client.id = m_plan.clientDocument;
        return openPage();
    }
    if (known && before->kind == OAuthClient::Kind::Registered && before->port == m_callback->port()) {
        m_client = before->duplicate();
        return openPage();
    }
    if (m_server.registrationEndpoint.isEmpty())
        return fail(
            upstreamError(QStringLiteral("%1 does not register programs by itself. Register Countersign there, and add the connection "
                                         "with --client-id.")
                              .arg(hostOf(m_server.issuer))));
    HttpRequest request;
    request.method = HttpRequest::Method::Post;
    request.reach = m_reach;
    request.url = m_server.registrationEndpoint;
    request.limit = std::chrono::seconds(30);
    request.fields = {QByteArrayLiteral("Content-Type: application/json"), QByteArrayLiteral("Accept: application/json"),
                      QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    if (isLoopbackHost(QUrl(QString::fromUtf8(request.url)).host()))
        request.proxy = HttpRequest::Proxy::None;
    request.body = registrationBody(m_callback->redirect(), m_server);
    m_fetches.send(std::move(request), use(&Attempt::takeRegistration));
}

void Attempt::takeRegistration(Fetched answer)
{
    auto read = readRegistration(answer.status, answer.body, m_server);
    wipe(answer.body);
    if (!read)
        return fail(read.error());
    m_client = std::move(*read);
    m_client.port = m_callback->port();
    m_registered = true;
    openPage();
}

void Attempt::openPage()
{
    m_proof = newProof(m_ids);
    m_scopes = scopesToAsk(m_plan.challenge, m_resource, m_server, m_plan.scopesBefore);
    m_page(authorizationAddress(m_server.authorizationEndpoint,
                                {m_client.id, m_callback->redirect(), m_resource.resource, m_scopes, m_state, m_proof.challenge}));
}

void Attempt::takeCallback(CallbackAnswer answer)
{
    auto code = codeOf(std::move(answer), m_server);
    if (!code)
        return fail(code.error());
    const QByteArray redirect = m_callback->redirect();
    m_fetches.send(formRequest(m_server.tokenEndpoint, m_client,
                               {{"grant_type", "authorization_code"},
                                {"code", code->reveal()},
                                {"redirect_uri", viewOf(redirect)},
                                {"code_verifier", m_proof.verifier.reveal()},
                                {"resource", viewOf(m_resource.resource)}},
                               m_reach),
                   use(&Attempt::takeToken));
}

void Attempt::takeToken(Fetched answer)
{
    auto read = readTokenAnswer(answer.status, answer.body, m_server.issuer);
    wipe(answer.body);
    if (!read)
        return fail({Error::Kind::UpstreamFailed, read.error().message});
    StoredSignIn stored;
    stored.client = m_client.duplicate();
    stored.resource = m_resource.resource;
    stored.tokenEndpoint = m_server.tokenEndpoint;
    stored.revocationEndpoint = m_server.revocationEndpoint;
    stored.scopes = m_scopes;
    stored.take(std::move(*read), m_clock.wall());
    m_callback->finish(QStringLiteral("You are signed in"), QStringLiteral("Close this page and go back to Countersign."));
    m_finished(std::move(stored));
}

void Attempt::fail(const Error &why)
{
    if (!m_finished)
        return;
    if (m_callback)
        m_callback->finish(QStringLiteral("You are not signed in"), why.message);
    auto finished = std::move(m_finished);
    m_page(failure(why));
    finished(failure(why));
}

} // namespace mcpcore
