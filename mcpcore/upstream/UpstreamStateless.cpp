// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ids.h"
#include "base/Post.h"
#include "protocol/ErrorMapping.h"
#include "protocol/HeaderValue.h"
#include "protocol/ToolHeaders.h"
#include "protocol/TranslationResult.h"
#include "upstream/Listener.h"
#include "upstream/Upstream.h"
#include <QPointer>
#include <QUuid>

// A server of 2026-07-28, in the shape of one with sessions.
namespace mcpcore {

namespace {

constexpr int maximumRounds = 16;
constexpr Milliseconds firstPause{100}; // before a request goes on whose server asked nothing
constexpr const char *clientInfo = "{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"" COUNTERSIGN_VERSION "\"}";

// What Mcp-Name repeats; empty for methods without one.
QByteArray nameIn(const QString &method, const RawJson &params)
{
    const char *member = method == QLatin1String("tools/call") || method == QLatin1String("prompts/get") ? "name"
                         : method == QLatin1String("resources/read")                                     ? "uri"
                                                                                                         : nullptr;
    return member ? textOf(memberOf(params, member)).value_or(QString()).toUtf8() : QByteArray();
}

// Without the tools whose annotations are not valid: those must not be used over HTTP.
RawJson withoutInvalidTools(const RawJson &result)
{
    if (result.view().find("x-mcp-header") == std::string_view::npos)
        return result;
    const auto tools = elementsOf(memberOf(result, "tools"));
    if (!tools)
        return result;
    QByteArray kept;
    bool dropped = false;
    for (const RawJson &tool : *tools) {
        if (toolHeadersOf(tool))
            kept += (kept.isEmpty() ? "" : ",") + tool.bytes();
        else
            dropped = true;
    }
    return dropped ? RawJson(withMembers(result, {{"tools", '[' + kept + ']'}})) : result;
}

} // namespace

QByteArray Upstream::statelessParams(const RawJson &params, std::optional<LogLevel> level) const
{
    return paramsForModern(params, {kModernVersion, clientInfo, capabilitiesForModern(RawJson(m_client.capabilities)), level});
}

void Upstream::transmitStateless(qint64 handle, Pending &pending)
{
    pending.sentAs = pending.rounds == 0 ? handle : ++m_lastId;
    if (pending.rounds > 0)
        m_later.insert(pending.sentAs, handle);
    // A client with sessions that named no level gets what the server thinks is worth telling.
    std::optional<LogLevel> level = logLevelOf(pending.params);
    if (!level && pending.relay && !m_serverCapabilities.isEmpty() && !memberOf(m_serverCapabilities, "logging").isEmpty())
        level = m_logLevel.value_or(LogLevel::Info);
    const QByteArray params = statelessParams(pending.params, level);
    QByteArrayList fields;
    if (m_transport->isHttp()) {
        fields = {QByteArrayLiteral("MCP-Protocol-Version: ") + kModernVersion, "Mcp-Method: " + pending.method.toUtf8()};
        if (const QByteArray name = nameIn(pending.method, pending.params); !name.isEmpty())
            fields += "Mcp-Name: " + encodedHeaderValue({name.constData(), size_t(name.size())});
        fields += pending.fields;
    }
    const qint64 id = pending.sentAs; // `pending` may be gone when the answer comes at once
    m_transport->sendStateless(requestMessage(QByteArray::number(id), pending.method, {params.constData(), size_t(params.size())}), id,
                               fields);
}

// Over HTTP the end of the connection says it. A program needs words, and takes the generation of all it is told from them.
void Upstream::giveUp(qint64 sentAs, const QString &reason)
{
    const bool stateless = m_generation == Generation::Stateless;
    if (!stateless || !m_transport->isHttp()) {
        const QByteArray plain = "{\"requestId\":" + QByteArray::number(sentAs) + ",\"reason\":" + quoted(reason) + '}';
        const QByteArray params = stateless ? statelessParams(RawJson(plain), std::nullopt) : plain;
        m_transport->send(requestMessage({}, QStringLiteral("notifications/cancelled"), {params.constData(), size_t(params.size())}), 0);
    }
    m_transport->abandon(sentAs);
}

// What has no counterpart on the wire.
bool Upstream::answersItself(const QString &method, const RawJson &params, Completion<UpstreamAnswer> &done)
{
    const auto answerNow = [this, &done](Result<UpstreamAnswer> answer) {
        answerLater(std::move(answer), std::move(done));
        return true;
    };
    const UpstreamAnswer empty{RawJson(QByteArrayLiteral("{}")), {}};
    if (method == QLatin1String("ping"))
        return answerNow(empty);
    if (method == QLatin1String("logging/setLevel")) {
        if (const auto level = params.isEmpty() ? std::nullopt : logLevelFrom(memberOf(params, "level")))
            m_logLevel = std::min(*level, m_logLevel.value_or(*level));
        else
            return answerNow(failure(Error::Kind::InvalidArgument, QStringLiteral("There is no such log level.")));
        return answerNow(empty);
    }
    const bool subscribes = method == QLatin1String("resources/subscribe");
    if (!subscribes && method != QLatin1String("resources/unsubscribe"))
        return false;
    const QByteArray uri = params.isEmpty() ? QByteArray() : memberOf(params, "uri").bytes();
    if (!uri.startsWith('"') || !m_listener)
        return answerNow(failure(Error::Kind::InvalidArgument, QStringLiteral("\"uri\" is missing or not a string.")));
    if (!subscribes) {
        m_listener->unsubscribe(uri);
        return answerNow(empty);
    }
    m_listener->subscribe(uri, Completion<>(this, [done = std::move(done), empty](const Result<> &result) mutable {
                              if (result)
                                  done(std::move(empty));
                              else
                                  done(failure(result.error()));
                          }));
    return true;
}

void Upstream::listen()
{
    Listener::Wire wire;
    wire.newId = [this] { return ++m_lastId; };
    wire.open = [this](qint64 id, const SubscriptionFilter &filter) {
        const QString method = QStringLiteral("subscriptions/listen");
        const QByteArray params = statelessParams(RawJson("{\"notifications\":" + filterObject(filter) + '}'), std::nullopt);
        m_transport->sendStateless(requestMessage(QByteArray::number(id), method, {params.constData(), size_t(params.size())}), id,
                                   {QByteArrayLiteral("MCP-Protocol-Version: ") + kModernVersion, "Mcp-Method: " + method.toUtf8()});
    };
    wire.close = [this](qint64 id) { giveUp(id, QStringLiteral("Not needed any more.")); };
    m_listener = std::make_unique<Listener>(filterOffered(m_serverCapabilities), m_clock, std::move(wire));
    connect(m_listener.get(), &Listener::missed, this, [this](const SubscriptionFilter &filter) {
        const auto tell = [this](const QString &method, const RawJson &params) {
            Q_EMIT unsolicited({UpstreamMessage::Kind::Notification, method, params, {}});
        };
        if (filter.tools)
            tell(QStringLiteral("notifications/tools/list_changed"), {});
        if (filter.prompts)
            tell(QStringLiteral("notifications/prompts/list_changed"), {});
        if (filter.resources)
            tell(QStringLiteral("notifications/resources/list_changed"), {});
        for (const QByteArray &uri : filter.uris)
            tell(QStringLiteral("notifications/resources/updated"), RawJson("{\"uri\":" + uri + '}'));
    });
    m_listener->start();
}

void Upstream::takeStatelessResponse(qint64 handle, Pending &pending, const Message &message)
{
    if (!message.error.isEmpty()) {
        const RawJson code = memberOf(message.error, "code");
        if (code.view() == "-32020" || code.view() == "-32022") {
            const QPointer<Upstream> alive(this);
            // Ours to get right, not the client's. What is known of the server is no longer true, so it is asked anew.
            answer(handle, failure(Error::Kind::UpstreamFailed,
                                   QStringLiteral("Not carried out: the server has changed how it wants to be asked. Try again.")));
            if (alive)
                end({Error::Kind::UpstreamFailed, QStringLiteral("The server has changed how it wants to be asked.")});
            return;
        }
        return answer(handle, UpstreamAnswer{{}, errorForLegacy(pending.method, message.error)});
    }
    const auto input = inputRequiredOf(message.result);
    if (!input || *input)
        return takeInput(handle, input);
    const bool listsTools = pending.method == QLatin1String("tools/list") && m_transport->isHttp();
    answer(handle, UpstreamAnswer{listsTools ? withoutInvalidTools(message.result) : message.result, {}});
}

void Upstream::takeInput(qint64 handle, const Result<std::optional<InputRequired>> &input)
{
    const auto found = m_pending.find(handle);
    Pending &pending = found->second;
    const auto fail = [&](const QString &why) { answer(handle, failure(Error::Kind::UpstreamFailed, why)); };
    if (!input)
        return fail(input.error().message);
    if (!mayRequireInput(pending.method))
        return fail(QStringLiteral("The server asked for something where it may not."));
    if (++pending.rounds > maximumRounds)
        return fail(QStringLiteral("The server asked %1 times and did not go on.").arg(maximumRounds));
    m_later.remove(pending.sentAs);
    pending.sentAs = 0;
    pending.round.emplace().state = (*input)->state;
    for (const InputRequest &asked : (*input)->requests) {
        const QByteArray id = "\"input-" + QByteArray::number(++m_lastId) + '"';
        pending.round->questions.push_back({id, asked, {}});
        m_serverRequests.insert(id, handle);
    }
    const int round = pending.rounds;
    if (pending.round->questions.empty()) {
        m_clock.after(firstPause * (1 << std::min(round - 1, 6)), this, [this, handle, round] {
            const auto waiting = m_pending.find(handle);
            if (m_state == State::Ready && waiting != m_pending.end() && waiting->second.rounds == round)
                goOn(handle);
        });
        return;
    }
    // Each may be answered, or everything may end, before the next is told.
    const auto questions = pending.round->questions;
    const QPointer<Upstream> alive(this);
    for (const Round::Question &question : questions) {
        if (!alive || !m_serverRequests.contains(question.id))
            return;
        const RawJson params = inputParamsForLegacy(question.asked, QUuid::createUuid().toString(QUuid::WithoutBraces));
        if (!deliver(handle, {UpstreamMessage::Kind::Request, question.asked.method, params, RawJson(question.id), question.asked.key})
            && alive)
            respond(RawJson(question.id), {}, RawJson(refusalOfInput(question.asked.method, RawJson(m_client.capabilities))));
    }
}

void Upstream::takeInputAnswer(qint64 handle, const QByteArray &id, const RawJson &result, const RawJson &error)
{
    const auto found = m_pending.find(handle);
    if (found == m_pending.end() || !found->second.round)
        return;
    bool complete = true;
    for (Round::Question &question : found->second.round->questions) {
        if (question.id == id) {
            question.answer = error.isEmpty() ? result : inputAfterError(question.asked.method);
            if (question.answer.isEmpty()) {
                const QString why =
                    QStringLiteral("Not finished: the server asked for something (%1) that it did not get.").arg(question.asked.method);
                return answer(handle, found->second.method == QLatin1String("tools/call")
                                          ? Result<UpstreamAnswer>(UpstreamAnswer{RawJson(toolErrorResult(why)), {}})
                                          : failure(Error::Kind::UpstreamFailed, why));
            }
        }
        complete = complete && !question.answer.isEmpty();
    }
    if (complete)
        goOn(handle);
}

// The same request with what its server asked for: not another call, and nothing is in it that the server did not ask for.
void Upstream::goOn(qint64 handle)
{
    Pending &pending = m_pending.find(handle)->second;
    std::vector<InputResponse> responses;
    for (const Round::Question &question : pending.round->questions)
        responses.push_back({question.asked.key, question.answer});
    pending.params = RawJson(retryParams(pending.params, responses, pending.round->state));
    pending.round.reset();
    transmitStateless(handle, pending);
}

void Upstream::forgetQuestions(const Pending &pending)
{
    m_later.remove(pending.sentAs);
    if (pending.round)
        for (const Round::Question &question : pending.round->questions)
            m_serverRequests.remove(question.id);
}

} // namespace mcpcore
