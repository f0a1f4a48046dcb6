// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "gateway/Session.h"
#include "base/Json.h"
#include "gateway/Gateway.h"
#include "protocol/ErrorMapping.h"
#include "protocol/TranslationResult.h"
#include "store/WorkspaceFile.h"
#include <algorithm>

namespace mcpcore {

namespace {

const QString kLatestVersion = QStringLiteral("2025-11-25");

// What an upstream may be told that its client can do: only what this client declared and what can be relayed to it. Roots
// belong to one server: a client of all connections would have to be asked for each.
QByteArray relayableCapabilities(const RawJson &declared, bool isDirect)
{
    Json out = Json::object();
    if (const auto tree = parseJson(declared.view()); tree && tree->is_object())
        for (const char *name : {"elicitation", "roots", "sampling"})
            if (const Json *capability = isDirect || name != std::string_view("roots") ? memberAt(*tree, name) : nullptr)
                out[name] = *capability;
    return canonicalBytes(out);
}

// A server that speaks both is spoken to as its client is: then nothing needs to be translated.
Generation generationOf(const SessionOutput &output)
{
    return output.isStateless() ? Generation::Stateless : Generation::Sessions;
}

} // namespace

Session::Session(SessionServices services, Client client, Peer peer, Scope scope, std::shared_ptr<int> inFlight, SessionOutput &output)
    : m_services(std::move(services)),
      m_client(std::move(client.id)),
      m_peer(std::move(peer)),
      m_scope(std::move(scope)),
      m_inFlight(std::move(inFlight)),
      m_output(output),
      m_told(toldOf(m_clientCapabilities, generationOf(m_output), m_services.questions))
{
    connect(&m_services.catalogs, &Catalogs::changed, this, [this](ToolCatalog *catalog) {
        const auto environment = environmentNow();
        const bool mine = isDirect() ? catalog->connection() == *m_scope.connection && catalog->environment() == *m_scope.environment
                                     : environment && catalog->environment() == *environment;
        if (m_initialized && mine)
            m_output.push({}, requestMessage({}, QStringLiteral("notifications/tools/list_changed"), {}));
    });
    connect(&m_services.calls.workspace, &WorkspaceFile::changed, this, [this, before = viewNow()]() mutable {
        const View now = viewNow();
        if (now.environment != before.environment && isDirect() && now.environment.isEmpty())
            leaveUpstream();
        if (std::exchange(before, now) != now && m_initialized)
            m_output.push({}, requestMessage({}, QStringLiteral("notifications/tools/list_changed"), {}));
    });
}

Session::~Session()
{
    *m_inFlight -= int(m_running.size());
    withdrawQuestions({});
    if (isDirect() && mayReachUpstream())
        unsubscribeAll();
    // Ending a call answers it: by then this session knows it no more.
    const auto ending = std::exchange(m_running, {});
    for (const auto &[id, running] : ending)
        if (!running.call && running.upstream)
            running.upstream->cancel(running.handle, QStringLiteral("The client's session ended."));
}

Result<Client> Session::clientNow() const
{
    if (m_client == Gateway::sampleClient().id)
        return Gateway::sampleClient();
    if (const Client *client = find(m_services.calls.workspace.current(), m_client); client && !client->revoked)
        return *client;
    return failure(Error::Kind::Unauthorized, QStringLiteral("This client was removed or revoked in Countersign."));
}

Result<EnvironmentId> Session::environmentNow() const
{
    const auto client = clientNow();
    if (!client)
        return failure(client.error());
    const Workspace &workspace = m_services.calls.workspace.current();
    const EnvironmentId environment = environmentOf(workspace, *client);
    const Environment *known = find(workspace, environment);
    if (!known || (m_peer.stranger && known->kind != EnvironmentKind::Sandbox))
        return failure(Error::Kind::Denied,
                       QStringLiteral("This program may only act in a sandbox until a person accepts it in Countersign."));
    if (isDirect() && *m_scope.environment != environment)
        return failure(
            Error::Kind::Denied,
            QStringLiteral("%1 acts in %2 now. This address is for %3.").arg(client->label, environment.text, m_scope.environment->text));
    return environment;
}

// Everything that this client does not see, wherever it is.
QList<HiddenTool> Session::hiddenNow() const
{
    QList<HiddenTool> own = m_services.calls.workspace.current().hidden;
    own.removeIf([this](const HiddenTool &hidden) { return hidden.client != m_client; });
    return own;
}

Session::View Session::viewNow() const
{
    return {environmentNow().value_or(EnvironmentId{}), hiddenNow()};
}

bool Session::mayReachUpstream() const
{
    return environmentNow() && m_services.calls.access.admit(m_client, *m_scope.connection, *m_scope.environment);
}

QStringList Session::hiddenIn(const ToolCatalog &catalog) const
{
    return hiddenTools(m_services.calls.workspace.current(), m_client, catalog.connection(), catalog.environment());
}

ToolCatalog &Session::directCatalog() const
{
    return m_services.catalogs.at(*m_scope.connection, *m_scope.environment, m_told);
}

void Session::receive(const RawJson &bytes)
{
    const auto message = readClientMessage(bytes);
    if (!message)
        return answerError(idOfUnreadable(bytes), message.error());
    switch (message->kind) {
    case Message::Kind::Request: return dispatch(*message);
    case Message::Kind::Notification: return notified(*message);
    case Message::Kind::Response: return clientAnswered(*message);
    }
}

void Session::dispatch(const Message &message)
{
    using Method = void (Session::*)(const Message &);
    static const QHash<QString, Method> own{{QStringLiteral("initialize"), &Session::initialize},
                                            {QStringLiteral("tools/list"), &Session::listTools},
                                            {QStringLiteral("tools/call"), &Session::callTool},
                                            {QStringLiteral("logging/setLevel"), &Session::setLevel}};
    static const QList<QString> relayed{QStringLiteral("resources/list"),        QStringLiteral("resources/templates/list"),
                                        QStringLiteral("resources/read"),        QStringLiteral("resources/subscribe"),
                                        QStringLiteral("resources/unsubscribe"), QStringLiteral("prompts/list"),
                                        QStringLiteral("prompts/get"),           QStringLiteral("completion/complete")};
    const QByteArray id = message.id.bytes();
    if (message.method == QLatin1String("ping"))
        return answerResult(id, "{}");
    const bool known = own.contains(message.method) || (isDirect() && relayed.contains(message.method));
    if (!known)
        return answerError(id, {Error::Kind::UnknownMethod, QStringLiteral("There is no method %1 here.").arg(message.method.left(80))});
    if (m_version.isEmpty() && message.method != QLatin1String("initialize"))
        return answerError(id, {Error::Kind::InvalidRequest, QStringLiteral("Send initialize first.")});
    if (m_running.contains(id))
        return answerError(
            id, {Error::Kind::InvalidRequest, QStringLiteral("A request with this id is running already. Ids must not repeat.")});
    if (*m_inFlight >= kMaximumInFlight)
        return answerError(
            id, {Error::Kind::Busy, QStringLiteral("%1 requests of this client are running. Wait for one to end.").arg(kMaximumInFlight)});
    if (const auto method = own.constFind(message.method); method != own.cend())
        return (this->**method)(message);
    relayRequest(message);
}

void Session::notified(const Message &message)
{
    if (message.method == QLatin1String("notifications/initialized")) {
        m_initialized = true;
    } else if (message.method == QLatin1String("notifications/cancelled")) {
        const auto running = m_running.find(memberOf(message.params, "requestId").bytes());
        if (running == m_running.end())
            return;
        // A cancelled request is not answered.
        const auto owned = over(running);
        const QString why = QStringLiteral("Cancelled by the client.");
        if (owned.call)
            owned.call->abandon(why, PendingCall::IfSent::Cancel);
        else if (owned.upstream)
            owned.upstream->cancel(owned.handle, why);
    } else if (isDirect() && m_upstream && mayReachUpstream()
               && (message.method == QLatin1String("notifications/roots/list_changed")
                   || message.method == QLatin1String("notifications/progress"))) {
        m_upstream->notify(message.method, message.params);
    }
}

void Session::initialize(const Message &message)
{
    const QByteArray id = message.id.bytes();
    if (!m_version.isEmpty())
        return answerError(id, {Error::Kind::InvalidRequest, QStringLiteral("This session is initialized already.")});
    if (const auto environment = environmentNow(); !environment)
        return answerError(id, environment.error());
    const auto requested = textOf(memberOf(message.params, "protocolVersion"));
    if (!requested)
        return answerError(id, {Error::Kind::InvalidArgument, QStringLiteral("\"protocolVersion\" is missing or not a string.")});
    static const QList<QString> versions{kLatestVersion, QStringLiteral("2025-06-18"), QStringLiteral("2025-03-26"),
                                         QStringLiteral("2024-11-05")};
    m_version = versions.contains(*requested) ? *requested : kLatestVersion;
    m_clientCapabilities = relayableCapabilities(memberOf(message.params, "capabilities"), isDirect());
    m_told = toldOf(m_clientCapabilities, generationOf(m_output), m_services.questions);
    m_services.greeted(textOf(memberOf(memberOf(message.params, "clientInfo"), "version")).value_or(QString()));
    if (!isDirect())
        return initialized(id, nullptr);
    withUpstream(Completion<Upstream *>(this, [this, id](Result<Upstream *> upstream) {
        if (upstream)
            return initialized(id, *upstream);
        // What is shut by a person still shows its tools, and a call is told why.
        if (upstream.error().kind == Error::Kind::Locked || upstream.error().kind == Error::Kind::Paused)
            return initialized(id, nullptr);
        m_version.clear();
        answerError(id, upstream.error());
    }));
}

void Session::initialized(const QByteArray &id, Upstream *upstream)
{
    QByteArray capabilities = R"("tools":{"listChanged":true},"logging":{})";
    QByteArray instructions;
    if (upstream) {
        capabilities = R"("tools":{"listChanged":true})";
        for (const char *name : {"prompts", "resources", "completions", "logging"})
            if (const RawJson capability = memberOf(upstream->serverCapabilities(), name); !capability.isEmpty())
                capabilities += ",\"" + QByteArray(name) + "\":" + capability.bytes();
        // What a server tells the model reaches it only after a person has trusted something of that server.
        const auto &trusts = m_services.calls.workspace.current().trusts;
        const bool trusted =
            std::any_of(trusts.begin(), trusts.end(), [this](const ToolTrust &trust) { return trust.connection == *m_scope.connection; });
        if (trusted && !upstream->instructions().isEmpty())
            instructions = ",\"instructions\":" + quoted(upstream->instructions());
    }
    const QByteArray result = "{\"protocolVersion\":" + quoted(m_version) + ",\"capabilities\":{" + capabilities
                              + "},\"serverInfo\":{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"" COUNTERSIGN_VERSION
                                "\"}"
                              + instructions + '}';
    answerResult(id, {result.constData(), size_t(result.size())});
}

void Session::listTools(const Message &message)
{
    const QByteArray id = message.id.bytes();
    const auto environment = environmentNow();
    if (!environment)
        return answerError(id, environment.error());
    const RawJson cursor = memberOf(message.params, "cursor");
    if (!cursor.isEmpty() && cursor.view() != "null" && cursor.view() != "\"\"")
        return answerError(id, {Error::Kind::InvalidArgument, QStringLiteral("There is no page with this cursor: the list has one page.")});
    if (isDirect()) {
        ToolCatalog &catalog = directCatalog();
        return catalog.whenListed(
            m_client, Completion<>(this, [this, id, catalog = QPointer(&catalog)](Result<> loaded) {
                if (!loaded || !catalog)
                    return answerError(id, loaded ? Error{Error::Kind::NotFound, QStringLiteral("The connection was removed.")}
                                                  : loaded.error());
                const QByteArray tools = catalog->listedWithout(hiddenIn(*catalog), ToolCatalog::Names::Own);
                const RawJson list("{\"tools\":[" + tools + "]}");
                const bool asIs = m_output.isStateless() || (m_upstream && m_upstream->generation() != Generation::Stateless);
                answerResult(id, (asIs ? list : resultForLegacy(QStringLiteral("tools/list"), list, m_version)).view());
            }));
    }
    // All upstreams are asked at once; one that fails keeps its own tools away, not the others', and the list says so.
    struct Gathering {
        QList<QPointer<ToolCatalog>> catalogs;
        QByteArrayList unavailable; // members of an object
        int open = 0;
    };
    auto gathering = std::make_shared<Gathering>();
    for (const Connection &connection : m_services.calls.workspace.current().connections)
        if (connection.environments.contains(*environment))
            gathering->catalogs.append(&m_services.catalogs.at(connection.id, *environment, m_told));
    const auto answer = [this, id, gathering] {
        QByteArray tools;
        for (const auto &catalog : gathering->catalogs) {
            const QByteArray own = catalog ? catalog->listedWithout(hiddenIn(*catalog), ToolCatalog::Names::Exposed) : QByteArray();
            if (!own.isEmpty())
                tools += (tools.isEmpty() ? "" : ",") + own;
        }
        std::sort(gathering->unavailable.begin(), gathering->unavailable.end()); // they fail in any order
        const QByteArray meta = gathering->unavailable.isEmpty()
                                    ? QByteArray()
                                    : ",\"_meta\":{\"countersign/unavailable\":{" + gathering->unavailable.join(',') + "}}";
        answerResult(id, ("{\"tools\":[" + tools + ']' + meta + '}').toStdString());
    };
    gathering->open = int(gathering->catalogs.size());
    if (gathering->open == 0)
        return answer();
    const auto catalogs = gathering->catalogs;
    for (const auto &catalog : catalogs)
        catalog->whenListed(m_client, Completion<>(this, [gathering, answer, connection = catalog->connection()](Result<> loaded) {
                                if (!loaded)
                                    gathering->unavailable += quoted(connection.text) + ':' + quoted(loaded.error().message);
                                if (--gathering->open == 0)
                                    answer();
                            }));
}

void Session::setLevel(const Message &message)
{
    const auto level = logLevelFrom(memberOf(message.params, "level"));
    if (!level)
        return answerError(message.id.bytes(), {Error::Kind::InvalidArgument, QStringLiteral("There is no such log level.")});
    m_logLevel = level;
    // A server has one level for all its clients: the most talkative that any of them wants.
    const bool logs = isDirect() && m_upstream && !memberOf(m_upstream->serverCapabilities(), "logging").isEmpty();
    if (logs && (!m_upstream->logLevel() || *level < *m_upstream->logLevel()))
        return relayRequest(message);
    answerResult(message.id.bytes(), "{}");
}

void Session::answerResult(const QByteArray &id, std::string_view result)
{
    m_output.answer(id, resultMessage(id, result));
}

void Session::answerError(const QByteArray &id, const Error &error)
{
    m_output.answer(id, errorMessage(id, error));
}

} // namespace mcpcore
