// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/HttpExchange.h"
#include "upstream/OneLine.h"
#include <QPointer>
#include <QUrl>
#include <algorithm>
#include <charconv>

namespace mcpcore {

namespace {

constexpr qsizetype maximumAnswer = 16 * 1024 * 1024;
constexpr qsizetype maximumRefusal = 64 * 1024;
constexpr int maximumAttempts = 6;
constexpr Milliseconds defaultWait{1000};
constexpr Milliseconds shortestWait{100};
constexpr Milliseconds longestWait{60'000};

QByteArray mediaTypeOf(const HttpHead &head)
{
    std::string_view type = head.field("content-type");
    type = type.substr(0, type.find(';'));
    return QByteArray(type.data(), qsizetype(type.size())).trimmed().toLower();
}

QString hostOf(std::string_view location, const QString &otherwise)
{
    const QString host = QUrl(QString::fromUtf8(location.data(), qsizetype(location.size()))).host();
    return host.isEmpty() ? otherwise : host.left(253);
}

bool isNumber(std::string_view text, qint64 number)
{
    qint64 read = 0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), read);
    return end.ec == std::errc() && end.ptr == text.data() + text.size() && read == number;
}

} // namespace

void HttpExchange::start(Secret secret)
{
    const bool posts = m_kind != Kind::Stream && m_kind != Kind::Endpoint && !m_sent;
    HttpRequest request = m_transport->requestFor(posts ? HttpRequest::Method::Post : HttpRequest::Method::Get);
    request.secret = std::move(secret);
    if (posts)
        request.body = m_message;
    else if (!m_lastEventId.isEmpty())
        request.fields += "Last-Event-ID: " + m_lastEventId;
    for (const QByteArray &field : m_fields) // curl leaves out what ends with its colon, and sends an empty one for a semicolon
        request.fields += field.endsWith(": ") ? field.chopped(2) + ';' : field;
    m_sent = true;
    m_status = 0;
    m_form = Form::None;
    m_fault.clear();
    m_refusal.clear();
    m_skipped = 0;
    m_json = QByteArray();
    m_isOneJson = false;
    m_events = SseReader();
    m_exchange = m_transport->m_loop.start(std::move(request), this);
}

void HttpExchange::giveUp()
{
    if (m_transport && m_exchange)
        m_transport->m_loop.abort(m_exchange);
    m_transport = nullptr;
    m_exchange = 0;
}

bool HttpExchange::takeHead(const HttpHead &head)
{
    if (!m_transport)
        return false;
    m_status = head.status;
    const bool succeeded = m_status < 300;
    if ((m_status == 401 || m_status == 403) && m_transport->m_endpoint.refused)
        m_refusal = m_transport->m_endpoint.refused(m_status, {head.lines.constData(), size_t(head.lines.size())});
    if (!succeeded && m_status < 400) {
        m_redirectedTo = hostOf(head.field("location"), m_transport->m_host);
        return false;
    }
    if (const auto session = head.field("mcp-session-id"); succeeded && m_kind == Kind::Message && !session.empty())
        m_transport->takeSession(session);

    const QByteArray type = mediaTypeOf(head);
    if (succeeded && type == "text/event-stream") {
        m_form = Form::Events;
        m_wasOpen = true;
        return true;
    }
    if (m_kind == Kind::Stream || m_kind == Kind::Endpoint || m_resumed)
        return false; // only a stream is of use
    // A refusal whose meaning the status tells completely is not read.
    if (type == "application/json" && m_status != 401 && m_status != 403 && (m_status != 404 || m_transport->m_session.isEmpty())) {
        m_form = Form::Json;
        qsizetype length = 0;
        const std::string_view announced = head.field("content-length");
        std::from_chars(announced.data(), announced.data() + announced.size(), length);
        m_json.reserve(std::clamp<qsizetype>(length, 0, maximumAnswer) + 64);
    } else if (succeeded && request() > 0 && !m_transport->m_answers) {
        m_fault = m_status == 202 || m_status == 204 ? QStringLiteral("took the request and did not answer it")
                  : type.isEmpty()                   ? QStringLiteral("answered without saying in which form (no Content-Type)")
                                                     : QStringLiteral("answered with something else than JSON or an event stream");
    }
    return true;
}

bool HttpExchange::takeBody(std::string_view bytes)
{
    const auto self = shared_from_this();
    switch (m_form) {
    case Form::Events: return takeEvents(bytes);
    case Form::Json:
        if (m_json.size() + qsizetype(bytes.size()) <= (m_status < 300 ? maximumAnswer : maximumRefusal)) {
            m_json.append(bytes.data(), qsizetype(bytes.size()));
            if (m_kind == Kind::Stateless && !m_isOneJson && bytes.find('\n') != std::string_view::npos)
                takeLines();
            return m_transport != nullptr;
        }
        m_form = Form::None;
        m_fault = QStringLiteral("answered with more than 16 MiB");
        return false;
    case Form::None: m_skipped += qsizetype(bytes.size()); return m_skipped <= maximumRefusal;
    }
    Q_UNREACHABLE();
}

// Some servers that stream say that it is JSON, and send a message a line.
void HttpExchange::takeLines()
{
    for (qsizetype end = 0; m_transport && (end = m_json.indexOf('\n')) >= 0; m_json.remove(0, end + 1)) {
        QByteArray line = m_json.left(end);
        padForReading(line);
        m_isOneJson = !line.trimmed().isEmpty() && !readMessage(RawJson(line));
        if (m_isOneJson)
            return;
        deliver(RawJson(line));
    }
}

bool HttpExchange::takeEvents(std::string_view bytes)
{
    std::vector<SseEvent> events;
    const auto read = m_events.read(bytes, events);
    if (const QByteArray &id = m_events.lastEventId(); id != m_lastEventId && id.size() <= 1024) {
        m_lastEventId = id;
        m_attempts = 0;
    }
    if (m_events.retry())
        m_retry = m_events.retry();
    for (const SseEvent &event : events)
        takeEvent(event);
    if (!read)
        m_fault = QStringLiteral("sent an event of more than 4 MiB");
    return m_transport && read;
}

void HttpExchange::takeEvent(const SseEvent &event)
{
    m_attempts = 0;
    if (m_kind == Kind::Endpoint && event.name == "endpoint" && m_transport)
        return m_transport->takeEndpoint(event.data.bytes());
    if (!event.name.isEmpty() && event.name != "message")
        return;
    deliver(event.lines == 1 ? event.data : onOneLine(event.data));
}

void HttpExchange::deliver(const RawJson &bytes)
{
    const std::string_view text = bytes.view();
    const size_t first = text.find_first_not_of(" \t");
    if (first == std::string_view::npos || text[first] != '[')
        return deliverOne(bytes);
    if (const auto batch = elementsOf(bytes)) // 2025-03-26
        for (const RawJson &element : *batch)
            deliverOne(element);
}

void HttpExchange::deliverOne(const RawJson &bytes)
{
    if (!m_transport)
        return;
    auto message = readMessage(bytes);
    if (m_status >= 400) {
        // Servers that refuse a request often do not say its id, or a made-up one.
        const RawJson error = memberOf(bytes, "error");
        if (request() == 0 || error.isEmpty() || error.view().front() != '{')
            return;
        message = Message{Message::Kind::Response, RawJson(QByteArray::number(request())), {}, {}, {}, error};
        // Servers built after the SDK's example say 400 where the protocol says 404.
        const auto text = textOf(memberOf(error, "message"));
        m_sessionIsGone =
            m_status == 400 && !m_transport->m_session.isEmpty() && text && text->contains(QLatin1String("session"), Qt::CaseInsensitive);
    }
    if (!message)
        return;
    m_answered = m_answered || (message->kind == Message::Kind::Response && isNumber(message->id.view(), m_number));
    if (m_kind == Kind::Endpoint && message->kind == Message::Kind::Response)
        m_transport->settle(message->id.bytes().toLongLong());
    Q_EMIT m_transport->received(*message, m_kind == Kind::Stream ? -1 : request());
}

void HttpExchange::takeEnd(const HttpEnd &end)
{
    const auto self = shared_from_this();
    m_exchange = 0;
    if (m_form == Form::Json && end.kind == HttpEnd::Kind::Complete) {
        padForReading(m_json);
        deliver(onOneLine(RawJson(std::exchange(m_json, {}))));
    }
    if (m_form == Form::Events && end.kind == HttpEnd::Kind::Complete) {
        std::vector<SseEvent> events;
        m_events.finish(events);
        for (const SseEvent &event : events)
            takeEvent(event);
    }
    if (!m_transport)
        return;
    if (m_kind == Kind::Endpoint)
        endEndpoint(end);
    else if (m_kind == Kind::Stream)
        endStream();
    else
        endMessage(end);
}

void HttpExchange::endMessage(const HttpEnd &end)
{
    const QPointer<HttpTransport> transport(m_transport);
    const bool refused = m_status == 400 || m_status == 404 || m_status == 405;
    if (!m_answered && refused && m_kind == Kind::Message && transport->triesOlder(shared_from_this()))
        return;
    if (transport->m_answers && !m_answered && request() > 0 && m_status >= 200 && m_status < 300)
        return; // the answer comes there
    m_sessionIsGone = m_sessionIsGone || (m_status == 404 && !transport->m_session.isEmpty());
    if (!m_answered && !m_sessionIsGone && canResume())
        return startAgain();
    transport->takeEnd(shared_from_this(), m_answered || request() == 0 ? std::nullopt : std::optional(errorOf(end)));
    if (transport && m_sessionIsGone)
        transport->loseSession();
}

// Nothing can be answered any more. When it never told where to send to, it was no server of that kind either.
void HttpExchange::endEndpoint(const HttpEnd &end)
{
    m_transport->loseAnswers(end.kind == HttpEnd::Kind::Complete ? QStringLiteral("ended its stream of answers") : end.reason);
}

void HttpExchange::endStream()
{
    const QPointer<HttpTransport> transport(m_transport);
    if (m_wasOpen && m_status == 404)
        return transport->loseSession();
    const bool worthIt = m_form == Form::Events || m_status == 0 || (m_status >= 500 && m_status != 501);
    if (worthIt && m_attempts < maximumAttempts)
        startAgain();
    else
        transport->takeEnd(shared_from_this(), std::nullopt); // the session goes on without it
}

bool HttpExchange::canResume() const
{
    const bool broken = m_form == Form::Events || (m_resumed && (m_status == 0 || m_status >= 500));
    return broken && m_kind == Kind::Message && request() > 0 && m_fault.isEmpty() && !m_lastEventId.isEmpty()
           && m_attempts < maximumAttempts;
}

void HttpExchange::startAgain()
{
    const Milliseconds wait = std::clamp(m_retry.value_or(defaultWait), shortestWait, longestWait);
    m_resumed = m_kind == Kind::Message;
    m_transport->m_clock.after(m_attempts == 0 ? wait : std::max(wait, defaultWait * (1 << m_attempts)), m_transport,
                               [self = shared_from_this()] {
                                   if (self->m_transport)
                                       self->m_transport->launch(self);
                               });
    ++m_attempts;
}

Error HttpExchange::errorOf(const HttpEnd &end) const
{
    const QString host = m_transport->m_host;
    const auto unknown = [](const QString &what) {
        return Error{Error::Kind::OutcomeUnknown, what + QStringLiteral(" It may have been done: check before you try again.")};
    };
    if (m_resumed)
        return unknown(QStringLiteral("The connection to %1 was lost and could not be taken up again.").arg(host));
    if (end.kind == HttpEnd::Kind::NotSent)
        return {Error::Kind::UpstreamFailed, QStringLiteral("Not sent: %1 cannot be reached, because %2.").arg(host, end.reason)};
    if (!m_fault.isEmpty())
        return unknown(QStringLiteral("%1 %2.").arg(host, m_fault));
    if (m_status >= 300 && m_status < 500 && m_status != 303 && m_status != 408)
        return refusalOf(host);
    if (m_status >= 300)
        return unknown(QStringLiteral("%1 answered with an error of its own (status %2).").arg(host).arg(m_status));
    if (end.kind == HttpEnd::Kind::Cut)
        return unknown(QStringLiteral("No complete answer from %1: %2.").arg(host, end.reason));
    return unknown(QStringLiteral("%1 ended its answer without a valid message for this request.").arg(host));
}

// The server said that it does not do it.
Error HttpExchange::refusalOf(const QString &host) const
{
    const bool hasKey = m_transport->m_endpoint.auth.kind != HttpAuth::Kind::None;
    QString text;
    if (m_status < 400)
        text = QStringLiteral("%1 redirects to %2. Redirects are not followed, because the key would go there. "
                              "Correct the address of this connection if you trust it.")
                   .arg(host, m_redirectedTo);
    else if (!m_refusal.isEmpty())
        text = m_refusal;
    else if (m_status == 401 && hasKey)
        text = QStringLiteral("%1 refused the key. Check it, or set a new one.").arg(host);
    else if (m_status == 401)
        text = QStringLiteral("%1 wants a key. Sign in, or set a key for this connection.").arg(host);
    else if (m_status == 403)
        text = hasKey ? QStringLiteral("%1 refused access: the key may not do this.").arg(host)
                      : QStringLiteral("%1 refused access. Sign in, or set a key for this connection.").arg(host);
    else if (m_status == 404 && !m_transport->m_session.isEmpty())
        text = QStringLiteral("%1 ended the session; this was not carried out. Try again.").arg(host);
    else if (m_status == 404 || m_status == 405)
        text = QStringLiteral("%1 has no MCP server at this address (status %2). Correct the address of this connection.")
                   .arg(host)
                   .arg(m_status);
    else if (m_status == 429)
        text = QStringLiteral("%1 takes no more requests for now (status 429). Try again later.").arg(host);
    else
        text = QStringLiteral("%1 refused the request (status %2).").arg(host).arg(m_status);
    return {Error::Kind::UpstreamFailed, text};
}

} // namespace mcpcore
