// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/HttpTransport.h"
#include "base/Post.h"
#include "upstream/HttpExchange.h"
#include <QHostAddress>
#include <QUrl>
#include <algorithm>

namespace mcpcore {

namespace {

constexpr Milliseconds goodbyeLimit{2000};

bool isLoopback(const QString &host)
{
    return host == QLatin1String("localhost") || host.endsWith(QLatin1String(".localhost")) || QHostAddress(host).isLoopback();
}

bool isFieldName(const QString &name)
{
    static const QString symbols = QStringLiteral("!#$%&'*+-.^_`|~");
    return !name.isEmpty() && std::all_of(name.begin(), name.end(), [](QChar c) {
        return (c.unicode() < 0x80 && c.isLetterOrNumber()) || symbols.contains(c);
    });
}

bool isOneLine(std::string_view text)
{
    return std::none_of(text.begin(), text.end(), [](char c) { return uchar(c) < 0x20 || c == 0x7f; });
}

// What we set ourselves, or what would change how the message is framed.
bool isReserved(const QString &name)
{
    static const QStringList names{QStringLiteral("accept"),
                                   QStringLiteral("connection"),
                                   QStringLiteral("content-length"),
                                   QStringLiteral("content-type"),
                                   QStringLiteral("cookie"),
                                   QStringLiteral("expect"),
                                   QStringLiteral("host"),
                                   QStringLiteral("last-event-id"),
                                   QStringLiteral("mcp-method"),
                                   QStringLiteral("mcp-name"),
                                   QStringLiteral("mcp-protocol-version"),
                                   QStringLiteral("mcp-session-id"),
                                   QStringLiteral("te"),
                                   QStringLiteral("trailer"),
                                   QStringLiteral("transfer-encoding"),
                                   QStringLiteral("upgrade")};
    return names.contains(name.toLower()) || name.startsWith(QLatin1String("mcp-param-"), Qt::CaseInsensitive);
}

QByteArrayList jsonBody()
{
    return {QByteArrayLiteral("Content-Type: application/json")};
}

} // namespace

HttpTransport::HttpTransport(CurlLoop &loop, const Clock &clock, HttpEndpoint endpoint, KeySource keys, QObject *parent)
    : Transport(parent), m_loop(loop), m_clock(clock), m_endpoint(std::move(endpoint)), m_keys(std::move(keys))
{}

HttpTransport::~HttpTransport()
{
    for (const auto &[number, exchange] : m_exchanges)
        exchange->giveUp();
}

Result<> HttpTransport::prepare()
{
    const auto invalid = [](const QString &why) { return failure(Error::Kind::InvalidArgument, why); };
    const QUrl url(m_endpoint.url, QUrl::StrictMode);
    const bool secure = url.scheme() == QLatin1String("https");
    if (!url.isValid() || url.host().isEmpty() || (!secure && url.scheme() != QLatin1String("http")))
        return invalid(QStringLiteral("The address of this connection is not a valid https address. Correct it."));
    if (!url.userInfo().isEmpty())
        return invalid(QStringLiteral("The address of this connection holds a user name or password. Store it as a key instead."));
    m_host = url.host();
    if (!secure && !isLoopback(m_host))
        return invalid(QStringLiteral("%1 is not on this computer, so its address must start with https.").arg(m_host));
    if (isLoopback(m_host))
        m_proxy = HttpRequest::Proxy::None;
    m_url = url.toEncoded(QUrl::FullyEncoded | QUrl::RemoveFragment);

    m_fields = {QByteArrayLiteral("Accept: application/json, text/event-stream"),
                QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    for (const auto &[name, value] : m_endpoint.headers) {
        if (!isFieldName(name) || isReserved(name) || !isOneLine(value.toStdString()))
            return invalid(QStringLiteral("A header of this connection cannot be sent. Remove or correct it."));
        // curl takes a field that ends with its colon for one to leave out, and one with a semicolon for an empty one.
        m_fields += value.isEmpty() ? name.toLatin1() + ';' : name.toLatin1() + ": " + value.toUtf8();
    }
    if (m_endpoint.auth.kind == HttpAuth::Kind::Header && (!isFieldName(m_endpoint.auth.header) || isReserved(m_endpoint.auth.header)))
        return invalid(QStringLiteral("The header for the key of this connection cannot be used. Correct its name."));
    m_postFields = m_fields + jsonBody();
    return {};
}

void HttpTransport::start()
{
    post(this, [this] {
        if (m_ended)
            return;
        const auto prepared = prepare();
        m_ended = !prepared;
        if (prepared)
            Q_EMIT started();
        else
            Q_EMIT closed(prepared.error());
    });
}

void HttpTransport::send(const QByteArray &message, qint64 request)
{
    if (m_ended)
        return;
    const qint64 number = request > 0 ? request : --m_lastOther;
    const auto exchange = std::make_shared<HttpExchange>(*this, HttpExchange::Kind::Message, number, message);
    m_exchanges.emplace(number, exchange);
    if (m_first) {
        m_held.push_back(exchange);
        return;
    }
    if (std::exchange(m_firstIsNext, false))
        m_first = exchange;
    launch(exchange);
}

void HttpTransport::sendStateless(const QByteArray &message, qint64 request, const QByteArrayList &fields)
{
    if (m_ended)
        return;
    const auto exchange = std::make_shared<HttpExchange>(*this, HttpExchange::Kind::Stateless, request, message, fields);
    m_exchanges.emplace(request, exchange);
    launch(exchange);
}

void HttpTransport::withKey(QObject *guard, std::function<void(Result<Secret>)> use)
{
    if (m_endpoint.auth.kind == HttpAuth::Kind::None)
        return use(Secret());
    // Compared here as well as in the key ring: nobody can hand the key of one place to another by mistake.
    if (m_endpoint.destination.isEmpty() || originOf(m_endpoint.url) != m_endpoint.destination)
        return use(
            failure(Error::Kind::Conflict, QStringLiteral("Not sent: the key is for another address. Set it again for %1.").arg(m_host)));
    m_keys(Completion<Secret>(guard, [use = std::move(use)](Result<Secret> key) {
        if (key && (key->isEmpty() || !isOneLine(key->reveal())))
            key = failure(Error::Kind::SecretUnavailable, QStringLiteral("Not sent: the key is empty or holds line breaks. Set it again."));
        use(std::move(key));
    }));
}

HttpRequest HttpTransport::requestFor(HttpRequest::Method method) const
{
    HttpRequest request;
    request.method = method;
    request.proxy = m_proxy;
    request.url = m_url;
    request.fields = method == HttpRequest::Method::Post ? m_postFields : m_fields;
    switch (m_endpoint.auth.kind) {
    case HttpAuth::Kind::None: break;
    case HttpAuth::Kind::OAuth:
    case HttpAuth::Kind::Bearer: request.secretField = QByteArrayLiteral("Authorization: Bearer "); break;
    case HttpAuth::Kind::Header: request.secretField = m_endpoint.auth.header.toLatin1() + ": "; break;
    }
    return request;
}

void HttpTransport::launch(const std::shared_ptr<HttpExchange> &exchange)
{
    withKey(this, [this, exchange](Result<Secret> key) {
        if (!exchange->isOpen())
            return;
        if (key)
            exchange->start(std::move(*key));
        else if (exchange == m_answers)
            loseAnswers(key.error().message);
        else if (exchange->wasSent())
            takeEnd(exchange,
                    Error{Error::Kind::OutcomeUnknown,
                          QStringLiteral("The connection to %1 was lost. It may have been done: check before you try again.").arg(m_host)});
        else
            takeEnd(exchange, key.error());
    });
}

void HttpTransport::abandon(qint64 request)
{
    const auto found = m_exchanges.find(request);
    if (request <= 0 || found == m_exchanges.end())
        return;
    const auto exchange = std::move(found->second);
    m_exchanges.erase(found);
    exchange->giveUp();
}

void HttpTransport::negotiated(const QString &protocolVersion)
{
    m_negotiated = true;
    m_firstIsNext = true;
    if (!m_session.isEmpty())
        m_fields += "Mcp-Session-Id: " + m_session;
    m_fields += "MCP-Protocol-Version: " + protocolVersion.toLatin1();
    m_postFields = m_fields + jsonBody();
}

void HttpTransport::openStream()
{
    const auto stream = std::make_shared<HttpExchange>(*this, HttpExchange::Kind::Stream, --m_lastOther, QByteArray());
    m_exchanges.emplace(stream->number(), stream);
    launch(stream);
}

void HttpTransport::takeSession(std::string_view session)
{
    const bool visible = std::all_of(session.begin(), session.end(), [](char c) { return c > 0x20 && c < 0x7f; });
    if (!m_negotiated && visible && session.size() <= 1024)
        m_session = QByteArray(session.data(), qsizetype(session.size()));
}

void HttpTransport::takeEnd(const std::shared_ptr<HttpExchange> &exchange, const std::optional<Error> &error)
{
    m_exchanges.erase(exchange->number());
    exchange->giveUp();
    const QPointer<HttpTransport> alive(this);
    if (error && exchange->request() > 0)
        Q_EMIT failed(exchange->request(), *error);
    if (!alive || m_ended || exchange != m_first)
        return;
    m_first.reset();
    if (!m_answers)
        openStream();
    for (const auto &held : std::exchange(m_held, {}))
        if (alive && held->isOpen())
            launch(held);
}

void HttpTransport::loseSession()
{
    loseAll(QStringLiteral("%1 ended the session").arg(m_host));
}

void HttpTransport::loseAll(const QString &sentence)
{
    if (m_ended)
        return;
    m_ended = true;
    m_session.clear();
    m_held.clear();
    const QPointer<HttpTransport> alive(this);
    const auto exchanges = std::exchange(m_exchanges, {});
    for (const auto &[number, exchange] : exchanges)
        exchange->giveUp();
    for (const auto &[number, exchange] : exchanges) {
        if (number > 0 && alive)
            Q_EMIT failed(number, exchange->wasSent() ? Error{Error::Kind::OutcomeUnknown,
                                                              sentence + QStringLiteral(" while this was running. It may have been done.")}
                                                      : Error{Error::Kind::UpstreamFailed, QStringLiteral("Not sent: %1.").arg(sentence)});
    }
    if (alive)
        Q_EMIT closed({Error::Kind::UpstreamFailed, sentence + QLatin1Char('.')});
}

bool HttpTransport::triesOlder(const std::shared_ptr<HttpExchange> &refused)
{
    if (m_negotiated || m_answers || !m_session.isEmpty() || refused->request() == 0)
        return false;
    m_refused = refused;
    m_answers = std::make_shared<HttpExchange>(*this, HttpExchange::Kind::Endpoint, --m_lastOther, QByteArray());
    m_exchanges.emplace(m_answers->number(), m_answers);
    launch(m_answers);
    return true;
}

void HttpTransport::takeEndpoint(const QByteArray &reference)
{
    const QUrl url = QUrl::fromEncoded(m_url).resolved(QUrl::fromEncoded(reference.trimmed()));
    if (m_hasEndpoint || !m_refused)
        return;
    // Messages, and the key with them, go nowhere else than to the server they are for.
    if (!url.isValid() || originOf(url.toString(QUrl::FullyEncoded)) != originOf(m_endpoint.url))
        return loseAll(QStringLiteral("%1 wants its messages sent to another address, which is not done").arg(m_host));
    m_hasEndpoint = true;
    m_url = url.toEncoded(QUrl::FullyEncoded | QUrl::RemoveFragment);
    const auto again = std::exchange(m_refused, nullptr);
    again->startOver();
    launch(again);
}

void HttpTransport::settle(qint64 request)
{
    if (const auto found = m_exchanges.find(request); request > 0 && found != m_exchanges.end()) {
        found->second->giveUp();
        m_exchanges.erase(found);
    }
}

void HttpTransport::loseAnswers(const QString &why)
{
    if (m_hasEndpoint)
        return loseAll(QStringLiteral("%1 went away (%2)").arg(m_host, why));
    const auto refused = std::exchange(m_refused, nullptr);
    m_exchanges.erase(m_answers->number());
    std::exchange(m_answers, nullptr)->giveUp();
    if (refused && refused->isOpen())
        takeEnd(refused, refused->refusal());
}

void HttpTransport::stop()
{
    m_held.clear();
    for (const auto &[number, exchange] : std::exchange(m_exchanges, {}))
        exchange->giveUp();
    if (m_ended)
        return;
    m_ended = true;
    if (m_session.isEmpty() || !m_negotiated)
        return;
    // Outlives us: the loop sends the goodbye, nobody waits for its answer.
    HttpRequest goodbye = requestFor(HttpRequest::Method::Delete);
    goodbye.limit = goodbyeLimit;
    const auto shared = std::make_shared<HttpRequest>(std::move(goodbye));
    withKey(&m_loop, [shared, &loop = m_loop](Result<Secret> key) {
        if (!key)
            return;
        shared->secret = std::move(*key);
        loop.start(std::move(*shared), nullptr);
    });
}

} // namespace mcpcore
