// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "gateway/Questions.h"
#include "gateway/Session.h"
#include "protocol/Elicitation.h"
#include "protocol/ErrorMapping.h"
#include "store/WorkspaceFile.h"
#include <QFileInfo>
#include <QUrl>

namespace mcpcore {

namespace {

// For this long a question that belongs to no request of ours may be another session's of the same server.
constexpr Milliseconds kOthersTime = std::chrono::seconds(30);

// Where the answers go: host and port, or what the person called a program.
QString askerOf(const Connection &connection, const EnvironmentId &environment)
{
    if (const auto *http = std::get_if<HttpTarget>(&connection.target)) {
        const QUrl url(http->urls.value(environment));
        const QString host = url.host(QUrl::FullyEncoded);
        return url.port() == -1 ? host : host + QLatin1Char(':') + QString::number(url.port());
    }
    return QStringLiteral("%1 (%2)").arg(connection.id.text, QFileInfo(std::get<StdioTarget>(connection.target).program).fileName());
}

} // namespace

ServedClient Session::toldOf(const QByteArray &clientCapabilities, Generation generation, const Questions *questions)
{
    Result<Json> told = questions ? parseJson({clientCapabilities.constData(), size_t(clientCapabilities.size())}) : Result<Json>(Json());
    if (!questions || !told || !told->is_object())
        return {clientCapabilities, generation};
    (*told)["elicitation"] = Json{{"form", Json::object()}, {"url", Json::object()}};
    return {canonicalBytes(*told), generation};
}

void Session::askPerson(const QByteArray &request, Upstream *upstream, const UpstreamMessage &message)
{
    // Servers on stdio do not say which request their question belongs to; with one that runs it is plain.
    const auto running = !request.isEmpty() ? m_running.find(request) : m_running.size() == 1 ? m_running.begin() : m_running.end();
    if (m_running.empty()) {
        const RawJson refusal(refusalOfInput(message.method, RawJson(m_clientCapabilities)));
        return m_services.calls.clock.after(kOthersTime, this, [upstream = QPointer(upstream), id = message.id, refusal] {
            if (upstream)
                upstream->respond(id, {}, refusal);
        });
    }
    const ToolCallPtr call = running != m_running.end() && running->second.call ? running->second.call->sharedCall() : nullptr;
    auto question = questionFor(call, message.params);
    if (!question)
        return upstream->respond(message.id, {}, RawJson("{\"code\":-32602,\"message\":" + quoted(question.error().message) + '}'));
    const QByteArray key = QByteArray::number(quintptr(upstream), 16) + '/' + message.id.bytes();
    auto answered = [upstream = QPointer(upstream), id = message.id](const Result<RawJson> &result) {
        if (upstream)
            upstream->respond(id, result ? *result : inputAfterError(QStringLiteral("elicitation/create")), {});
    };
    const CallId asked = m_services.questions->ask(std::move(*question), call, key, Completion<RawJson>(this, std::move(answered)));
    if (!asked.isEmpty())
        m_questions.append({asked, running != m_running.end() ? running->first : QByteArray()});
}

Result<Question> Session::questionFor(const ToolCallPtr &call, const RawJson &params) const
{
    Question question;
    if (const auto read = readElicitation(params, question); !read)
        return failure(read.error());
    const Workspace &workspace = m_services.calls.workspace.current();
    const auto client = clientNow();
    question.client = m_client;
    question.clientLabel = client ? client->label : m_client.text;
    question.connection = call ? call->connection : m_scope.connection.value_or(ConnectionId());
    question.environment = call ? call->environment : m_scope.environment.value_or(EnvironmentId());
    question.tool = call ? call->tool : QString();
    const Connection *connection = find(workspace, question.connection);
    const Environment *environment = find(workspace, question.environment);
    if (!connection || !environment)
        return failure(Error::Kind::NotFound, QStringLiteral("The question belongs to no call that runs."));
    question.vendor = connection->vendor;
    question.environmentKind = environment->kind;
    question.asker = askerOf(*connection, environment->id);
    return question;
}

// The server did not carry out the call: pages must be visited first (-32042). A client that cannot show them is told so, and
// the person is asked to. They stay asked for when the call is over: it is to be made again afterwards.
bool Session::askForPages(const ToolCallPtr &call, const RawJson &error)
{
    const auto input = m_services.questions ? urlElicitationsOf(error) : std::nullopt;
    const bool shows = m_output.isStateless() || (isDirect() && m_version == QLatin1String("2025-11-25"));
    if (!input || (shows && isDeclared(RawJson(m_clientCapabilities), input->requests.front().method, input->requests.front().params)))
        return false;
    for (const InputRequest &page : input->requests) {
        auto question = questionFor(call, page.params);
        if (!question)
            return false;
        const QByteArray key = call->id.text.toLatin1() + '/' + page.key;
        m_services.questions->ask(std::move(*question), call, key,
                                  Completion<RawJson>(m_services.questions, [](const Result<RawJson> &) {}));
    }
    return true;
}

// Of one request; those of an unknown one when nothing runs any more; all for an empty id.
void Session::withdrawQuestions(const QByteArray &request)
{
    const auto asked = std::exchange(m_questions, {});
    for (const auto &[question, owner] : asked) {
        const bool pointless = request.isEmpty() || owner == request || (owner.isEmpty() && m_running.empty());
        if (pointless)
            m_services.questions->withdraw(question);
        else
            m_questions.append({question, owner});
    }
}

} // namespace mcpcore
