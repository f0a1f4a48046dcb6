// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include "protocol/ErrorMapping.h"
#include "server/ModernAnswer.h"
#include "server/ModernSession.h"
#include <algorithm>

// The rounds of a request: what a server asks goes out as an answer with a sealed state, and the client comes back with it.

namespace mcpcore {

namespace {

constexpr qsizetype serialSize = 16;
// In the place of a request's id: nothing waits, the request begins anew.
const QByteArray pagesId = QByteArrayLiteral("pages");

// What a retry has to repeat: another call may not be smuggled into one that was approved.
QByteArray digestOf(const ModernRequest &request)
{
    const QByteArray all = request.message.method.toUtf8() + '\n' + withMembers(request.params, {{"_meta", {}}});
    return sha256({all.constData(), size_t(all.size())});
}

} // namespace

QByteArray ModernSession::binding() const
{
    QByteArray all = m_client.text.toUtf8();
    if (m_scope.connection)
        all += '/' + m_scope.connection->text.toUtf8() + '/' + m_scope.environment->text.toUtf8();
    return all;
}

void ModernSession::ask(const QByteArray &request, const QByteArray &key, const QByteArray &bytes)
{
    const auto message = readMessage(RawJson(bytes));
    if (!message)
        return;
    const QByteArray id = message->id.bytes();
    const auto found = request.isEmpty() ? onlyOneWithClient() : m_running.find(request);
    if (found == m_running.end() || !mayRequireInput(found->second.round.message.method)) {
        // While nothing of ours runs the question is another client's of the same server: refused only when nobody answers it.
        const bool ours = !request.isEmpty() || !m_running.empty();
        return m_clock.after(ours ? Milliseconds(0) : m_limits.inputTime, this, [this, id] {
            say("{\"jsonrpc\":\"2.0\",\"id\":" + id
                + ",\"error\":{\"code\":-32601,\"message\":\"The client cannot be asked outside of a call.\"}}");
        });
    }
    Running &running = found->second;
    // A client may bring the answer with its first request, when it knows what it will be asked.
    const RawJson given = key.isEmpty() || running.round.inputResponses.isEmpty()
                              ? RawJson()
                              : memberOf(running.round.inputResponses, {key.constData(), size_t(key.size())});
    if (running.round.requestState.isEmpty() && !given.isEmpty() && checkInput(message->method, given))
        return m_clock.after(Milliseconds(0), this,
                             [this, id, given] { say("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":" + given.bytes() + '}'); });
    const bool named =
        !key.isEmpty() && std::none_of(running.asked.begin(), running.asked.end(), [&](const Asked &a) { return a.request.key == key; });
    running.asked.push_back({{named ? key : "input-" + id, message->method, inputParamsForModern(message->method, message->params)}, id});
    if (running.exchange)
        askSoon(found->first, running);
}

// Servers on stdio do not say which call their question belongs to; with one it is plain.
std::map<QByteArray, ModernSession::Running>::iterator ModernSession::onlyOneWithClient()
{
    auto only = m_running.end();
    for (auto it = m_running.begin(); it != m_running.end(); ++it) {
        if (!it->second.exchange)
            continue;
        if (only != m_running.end())
            return m_running.end();
        only = it;
    }
    return only;
}

void ModernSession::askSoon(const QByteArray &id, Running &running)
{
    if (!std::exchange(running.asksSoon, true))
        m_clock.after(m_limits.inputWindow, this, [this, id] { askClient(id); });
}

void ModernSession::askClient(const QByteArray &id)
{
    const auto found = m_running.find(id);
    if (found == m_running.end())
        return;
    Running &running = found->second;
    running.asksSoon = false;
    if (!running.exchange || running.asked.empty())
        return;
    running.serial = m_ids.randomBytes(serialSize);
    InputRequired input;
    for (const Asked &asked : running.asked)
        input.requests.push_back(asked.request);
    input.state = RawJson('"' + m_seal.sealed(running.serial + digestOf(running.round) + id, binding()) + '"');
    const auto exchange = std::exchange(running.exchange, nullptr);
    const QByteArray answer = modernResultMessage(running.round.message.id.bytes(), RawJson(inputRequiredResult(input)));
    respond(*exchange, {200, answer});
    m_clock.after(m_limits.inputTime, this, [this, id, serial = running.serial] {
        const auto waiting = m_running.find(id);
        if (waiting != m_running.end() && waiting->second.serial == serial)
            cancel(id, "The client did not come back with what it was asked.");
    });
}

// The request that this is a retry of; null when the state was changed, used, given to somebody else or is too old.
ModernSession::Running *ModernSession::runningOf(const ModernRequest &request, QByteArray &id)
{
    const auto state = m_seal.opened(request.requestState, binding());
    const QByteArray digest = digestOf(request);
    if (!state || state->mid(serialSize, digest.size()) != digest)
        return nullptr;
    id = state->mid(serialSize + digest.size());
    const auto found = m_running.find(id);
    const bool waits = found != m_running.end() && !found->second.serial.isEmpty() && found->second.serial == state->left(serialSize);
    return waits ? &found->second : nullptr;
}

void ModernSession::retry(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    QByteArray id;
    Running *running = runningOf(request, id);
    const auto refuse = [&](const QString &why) {
        exchange->respond(400, QByteArrayLiteral("application/json"),
                          errorMessage(request.message.id.bytes(), {Error::Kind::InvalidArgument, why}));
    };
    if (!running)
        return refuse(QStringLiteral("This requestState is not good: it was used, changed, is too old or belongs to another request."));
    std::vector<std::pair<QByteArray, RawJson>> given;
    for (const Asked &asked : running->asked) {
        const RawJson response = request.inputResponses.isEmpty()
                                     ? RawJson()
                                     : memberOf(request.inputResponses, {asked.request.key.constData(), size_t(asked.request.key.size())});
        if (response.isEmpty())
            continue; // asked for again
        if (const auto valid = checkInput(asked.request.method, response); !valid)
            return refuse(valid.error().message);
        given.emplace_back(asked.id, response);
    }
    running->serial.clear();
    if (request.log)
        wantLog(*request.log);
    attach(id, *running, exchange, request);
    std::erase_if(running->asked, [&](const Asked &asked) {
        return std::any_of(given.begin(), given.end(), [&](const auto &answered) { return answered.first == asked.id; });
    });
    if (running->early)
        return finish(id, QByteArray(*running->early));
    if (!running->asked.empty())
        askSoon(id, *running);
    for (const auto &[asked, response] : given)
        say("{\"jsonrpc\":\"2.0\",\"id\":" + asked + ",\"result\":" + response.bytes() + '}');
}

// Error -32042 of a server with sessions: the request was not carried out, pages must be visited first. A client of this
// generation is asked for them, and its retry is a new request, with an approval of its own.
bool ModernSession::askForPages(const Running &running, const RawJson &answer)
{
    const RawJson error = memberOf(answer, "error");
    auto input = error.isEmpty() ? std::nullopt : urlElicitationsOf(error);
    if (!input)
        return false;
    const ModernRequest &request = running.round;
    const QByteArray id = request.message.id.bytes();
    const InputRequest &first = input->requests.front();
    if (!isDeclared(RawJson(m_capabilities), first.method, first.params)) {
        respond(*running.exchange,
                {400, "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + QByteArray::number(missingCapabilityCode)
                          + ",\"message\":\"A page must be visited first, which this client cannot show.\","
                            "\"data\":{\"requiredCapabilities\":"
                          + capabilityNeeded(first.method, first.params) + "}}}"});
        return true;
    }
    const QByteArray serial = m_ids.randomBytes(serialSize);
    m_pages.insert(serial);
    m_clock.after(m_limits.inputTime, this, [this, serial] { m_pages.remove(serial); });
    input->state = RawJson('"' + m_seal.sealed(serial + digestOf(request) + pagesId, binding()) + '"');
    respond(*running.exchange, {200, modernResultMessage(id, RawJson(inputRequiredResult(*input)))});
    return true;
}

bool ModernSession::retryAfterPages(const std::shared_ptr<Exchange> &exchange, const ModernRequest &request)
{
    const auto state = m_seal.opened(request.requestState, binding());
    if (!state || *state != state->left(serialSize) + digestOf(request) + pagesId || !m_pages.remove(state->left(serialSize)))
        return false;
    const auto answers = membersOf(request.inputResponses.isEmpty() ? RawJson("{}") : request.inputResponses);
    const bool visited = answers && !answers->empty() && std::all_of(answers->begin(), answers->end(), [](const RawMember &answer) {
                             return memberOf(answer.value, "action").view() == "\"accept\"";
                         });
    if (visited) {
        ModernRequest anew = request;
        anew.requestState.clear();
        anew.inputResponses = {};
        start(exchange, anew);
        return true;
    }
    const QByteArray id = request.message.id.bytes();
    const QString why = QStringLiteral("Not done: the page that the server wants visited first was not.");
    exchange->respond(200, QByteArrayLiteral("application/json"),
                      request.message.method == QLatin1String("tools/call")
                          ? modernResultMessage(id, RawJson(withMembers(RawJson(toolErrorResult(why)), {{"resultType", "\"complete\""}})))
                          : errorMessage(id, {Error::Kind::InvalidArgument, why}));
    return true;
}

} // namespace mcpcore
