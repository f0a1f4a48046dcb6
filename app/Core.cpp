// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Core.h"
#include "approvals/ApprovalQueue.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/ClientGuardian.h"
#include "control/ProfileSeal.h"
#include "gateway/Gateway.h"
#include "gateway/Questions.h"
#include "packs/Packs.h"
#include "protocol/ErrorMapping.h"
#include "secrets/KeyRing.h"
#include "secrets/ProfileStore.h"
#include "server/BridgeSocket.h"
#include "server/HttpServer.h"
#include "server/McpEndpoint.h"
#include "server/SocketPath.h"
#include "store/WorkspaceFile.h"
#include "upstream/CurlLoop.h"
#include "upstream/TransportFactory.h"
#include "upstream/UpstreamPool.h"
#include "upstream/signin/SignIn.h"

namespace app {

using namespace mcpcore;

Core::Core(const Profile &profile, Options options) : m_profile(profile), m_options(std::move(options)) {}

// Sessions end before what they use: the endpoint first, then the rest from the outside in.
Core::~Core()
{
    if (m_gateway)
        m_locks->lockAll(LockCause::Quit);
    m_controlSocket.reset();
    m_bridgeSocket.reset();
    m_http.reset();
    m_endpoint.reset();
    m_guardian.reset();
    m_control.reset();
    m_gateway.reset();
}

void Core::start(Completion<> ready)
{
    m_ready = std::move(ready);
    m_log = std::make_unique<ActivityLog>(m_profile.activity(), m_clock, m_ids);
    m_locks = std::make_unique<Locks>(m_clock);
    m_secrets = std::make_unique<ProfileStore>(m_profile.keys(), m_options.makeKeychain(), m_clock);
    m_secrets->tidy();
    m_seal = std::make_unique<ProfileSeal>(*m_secrets, *m_log, *m_locks, m_clock, m_ids);
    if (m_options.passphrase.isEmpty())
        return open();
    m_secrets->unlock(std::move(m_options.passphrase), Completion<>(this, [this](Result<> unlocked) {
                          if (!unlocked)
                              return m_ready(unlocked);
                          open();
                      }));
}

void Core::open()
{
    m_seal->ask(m_options.listen ? ProfileSeal::Ask::MayPrompt : ProfileSeal::Ask::Quietly, Completion<>(this, [this](Result<>) {
                    m_keychainAsked = true;
                    settle();
                }));
    m_log->open(Completion<ActivityLog::Opened>(this, [this](Result<ActivityLog::Opened> opened) {
        if (!opened)
            return m_ready(failure(opened.error()));
        m_opened = std::move(*opened);
        settle();
    }));
}

void Core::unlockKeys(Secret passphrase, Completion<> done)
{
    m_secrets->unlock(std::move(passphrase), Completion<>(this, [this, done = std::move(done)](Result<> unlocked) mutable {
                          if (!unlocked)
                              return done(unlocked);
                          m_seal->lookAgain(std::move(done));
                      }));
}

bool Core::areKeysLocked() const
{
    return m_secrets->isLocked();
}

void Core::settle()
{
    if (!m_opened || !m_keychainAsked)
        return;
    m_seal->settle(*m_opened, Completion<>(this, [this](Result<>) {
        if (const auto begun = begin(); !begun)
            return m_ready(begun);
        // Not before the keychain knows whose the profile is: an app that ends at once has taken it all the same.
        m_seal->whenStored(Completion<>(this, [this](Result<>) { m_ready(serve()); }));
    }));
}

Result<> Core::begin()
{
    Result<> done = build();
    if (done)
        done = compareWorkspace();
    if (done && m_options.asApp) {
        m_firstStart = !m_workspace->current().ownedByApp && m_workspace->current().connections.isEmpty();
        done = m_control->takeForApp();
    }
    connect(m_seal.get(), &ProfileSeal::keyCame, this, &Core::keyCame);
    return done;
}

Result<> Core::build()
{
    auto workspace = WorkspaceFile::open(m_profile.workspace());
    if (!workspace)
        return failure(workspace.error());
    m_workspace = std::move(*workspace);
    m_keys = std::make_unique<KeyRing>(*m_secrets, m_clock);
    m_curl = std::make_unique<CurlLoop>();
    m_signIn = std::make_unique<SignIn>(*m_curl, *m_keys, m_clock, m_ids);
    m_upstreams = std::make_unique<UpstreamPool>(
        transportFactory(*m_curl, *m_keys, *m_signIn, m_clock, siblingProgram(QStringLiteral("countersign-child"))), m_clock);
    m_approvals = std::make_unique<ApprovalQueue>(m_clock, ApprovalQueue::Limits{});
    if (m_options.asApp)
        m_questions = std::make_unique<Questions>(*m_log, m_clock, m_ids, m_options.openBrowser, Questions::Limits{});
    m_kept = std::make_unique<KeptTools>(m_profile.tools(), *m_workspace);
    auto packs = builtInPacks();
    if (!packs)
        return failure(packs.error());
    m_packs = std::move(*packs);
    auto clientKinds = ClientCatalog::builtIn();
    if (!clientKinds)
        return failure(clientKinds.error());
    m_clientKinds = std::move(*clientKinds);
    m_gateway = std::make_unique<Gateway>(*m_workspace, *m_locks, *m_upstreams, *m_log, *m_approvals, m_questions.get(), m_packs, *m_kept,
                                          m_clock, m_ids);
    m_control = std::make_unique<Control>(ControlServices{*m_workspace,
                                                          *m_log,
                                                          *m_gateway,
                                                          *m_approvals,
                                                          *m_keys,
                                                          *m_upstreams,
                                                          *m_locks,
                                                          m_packs,
                                                          m_clientKinds,
                                                          m_clock,
                                                          m_ids,
                                                          m_profile.folder(),
                                                          siblingProgram(QStringLiteral("countersign-practice")),
                                                          siblingProgram(QStringLiteral("countersign-bridge")),
                                                          m_profile.isUsual() ? QString() : m_profile.folder(),
                                                          QStringLiteral("http://127.0.0.1:%1/mcp").arg(kStandardPort),
                                                          m_options.confirm,
                                                          [this] { return url(); },
                                                          *m_seal,
                                                          *m_signIn,
                                                          *m_curl,
                                                          m_options.openBrowser,
                                                          m_questions.get(),
                                                          [this] { return m_screenHeard; },
                                                          m_secrets.get()});
    // Keys are not kept in memory while nothing may use them.
    connect(m_workspace.get(), &WorkspaceFile::changed, this, [this] {
        if (m_workspace->current().paused)
            m_keys->dropAll();
    });
    connect(m_locks.get(), &Locks::changed, this, [this] { m_keys->dropAll(); });
    return {};
}

// workspace.json is ours to write: a file that is not the one last recorded was changed by somebody else. Nothing of it is
// acted on until a person has looked: everything is paused.
Result<> Core::compareWorkspace()
{
    const auto difference = m_seal->compare(*m_workspace);
    if (!difference) {
        if (m_seal->wantsRow())
            m_control->recordWorkspace(QStringLiteral("workspace.json is sealed with the key of the profile."));
        return {};
    }
    return m_control->change(difference->sentence, [&](Workspace &edited) -> Result<> {
        edited.paused = true;
        edited.ownedByApp = edited.ownedByApp || difference->ownedByApp;
        return {};
    });
}

// The keychain answered after the start. What was changed meanwhile is found before anything is sent.
void Core::keyCame()
{
    if (const auto compared = compareWorkspace(); !compared)
        return;
    m_seal->release();
    m_gateway->warmUp(m_workspace->current().activeEnvironment);
}

void Core::lockAll(LockCause cause)
{
    m_locks->lockAll(cause);
    m_keys->dropAll();
}

Result<> Core::serve()
{
    if (!m_options.listen)
        return {};
    if (const auto listening = listen(); !listening)
        return listening;
    m_gateway->warmUp(m_workspace->current().activeEnvironment);
    m_guardian = std::make_unique<ClientGuardian>(m_control->clients(), *m_log, m_clock);
    return {};
}

Result<> Core::listen()
{
    m_endpoint = std::make_unique<McpEndpoint>(*m_gateway, m_ids, m_clock, m_limits);
    const auto clientOf = [this](std::string_view token) {
        const auto client = m_gateway->clientOfToken(token);
        if (!client)
            m_gateway->noteWrongToken(token);
        return client;
    };
    const GuardRules rules{m_limits, m_clock, clientOf, [this](const Refusal &refusal) { m_gateway->refused(refusal.why); }};
    m_http = std::make_unique<HttpServer>(rules, [this](std::shared_ptr<Exchange> exchange) { m_endpoint->handle(exchange); });
    const auto listening = m_http->listen(m_options.port);
    if (!listening)
        return failure(listening.error());
    const auto path = [this](const char *name) { return QString::fromStdString(socketPathFor(m_profile.folder().toStdString(), name)); };
    m_bridgeSocket = std::make_unique<BridgeSocket>(*m_gateway, m_limits);
    if (const auto bridge = m_bridgeSocket->listen(path("bridge.sock")); !bridge)
        return bridge;
    m_controlSocket = std::make_unique<ControlSocket>(*this, m_limits);
    return m_controlSocket->listen(path("control.sock"));
}

QString Core::url() const
{
    return m_http && m_http->port() != 0 ? QStringLiteral("http://127.0.0.1:%1/mcp").arg(m_http->port()) : QString();
}

// A request of countersignctl: {"command","parameters"}; the answer is {"result"} or {"error":{"kind","message"}}.
void Core::handle(const RawJson &request, std::function<void(QByteArray line, bool last)> reply)
{
    const auto fail = [reply](const Error &error) {
        reply(toBytes(Json{{"error", {{"kind", nameOf(error.kind)}, {"message", error.message}}}}), true);
    };
    const auto parsed = parseJson(request.view());
    if (!parsed)
        return fail(parsed.error());
    const QString command = stringAt(*parsed, "command", {});
    // Two that are about this process, not about the profile.
    if (command == QLatin1String(m_options.asApp ? "window open" : "serve end")) {
        reply(R"({"result":{}})", true);
        return m_options.asApp ? Q_EMIT windowWanted() : Q_EMIT endWanted();
    }
    const Json *parameters = memberAt(*parsed, "parameters");
    m_control->handle(command, parameters ? *parameters : Json::object(), Authority::CommandLine,
                      Completion<Json>(this, [reply, fail](Result<Json> answer) {
                          if (!answer)
                              return fail(answer.error());
                          reply(toBytes(Json{{"result", std::move(*answer)}}), true);
                      }));
}

} // namespace app
