// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/Control.h"
#include "control/SignInJson.h"
#include "gateway/Gateway.h"
#include "secrets/KeyRing.h"
#include "secrets/ProfileStore.h"
#include "store/WorkspaceFile.h"
#include "upstream/UpstreamPool.h"
#include "upstream/signin/SignIn.h"
#include <QUrl>

namespace mcpcore {

namespace {

ConnectionState::Link linkOf(UpstreamStatus::State state)
{
    switch (state) {
    case UpstreamStatus::State::Starting: return ConnectionState::Link::Starting;
    case UpstreamStatus::State::Running: return ConnectionState::Link::Running;
    case UpstreamStatus::State::Failed: return ConnectionState::Link::Failed;
    }
    Q_UNREACHABLE();
}

// One that runs says more than one that starts, and that more than one that ended.
int weightOf(ConnectionState::Link link)
{
    switch (link) {
    case ConnectionState::Link::Idle: return 0;
    case ConnectionState::Link::Failed: return 1;
    case ConnectionState::Link::Starting: return 2;
    case ConnectionState::Link::Running: return 3;
    }
    Q_UNREACHABLE();
}

// Where a vendor lists the sign-ins it has given, by the host of its server. Packs will say it.
QString sessionsPageOf(const Connection &connection, const EnvironmentId &environment)
{
    const auto *http = std::get_if<HttpTarget>(&connection.target);
    const QUrl url(http ? http->urls.value(environment) : QString(), QUrl::StrictMode);
    if (url.scheme() == QLatin1String("https") && url.host() == QLatin1String("mcp.stripe.com"))
        return QStringLiteral("https://dashboard.stripe.com/settings/user");
    return {};
}

// What is gathered of all places at once: a keychain that is slow for one does not make the others wait in line.
struct Gathering {
    Json states = Json::array();
    Json keys; // where keys are, and why they cannot be read now
    qsizetype owed = 1;
    Completion<Json> done;
    void finishOne()
    {
        if (--owed == 0)
            done(Json{{"states", std::move(states)}, {"keys", std::move(keys)}});
    }
};

} // namespace

// How every connection stands in each of its environments. Asks the keychain, and no server.
void Control::listStates(const Json &, Completion<Json> done)
{
    auto gathering = std::make_shared<Gathering>();
    gathering->done = std::move(done);
    gathering->keys = {{"store", m_services.keys.storeKind()}, {"state", "open"}};
    if (m_services.store) {
        ++gathering->owed;
        m_services.store->probe(Completion<>(this, [gathering](Result<> open) {
            if (!open) {
                gathering->keys["state"] = open.error().kind == Error::Kind::Locked ? "locked" : "unreadable";
                gathering->keys["trouble"] = open.error().message;
            }
            gathering->finishOne();
        }));
    }
    for (const Connection &connection : workspace().connections)
        for (const EnvironmentId &id : connection.environments) {
            const Environment *environment = find(workspace(), id);
            if (!environment)
                continue;
            const size_t row = gathering->states.size();
            gathering->states.push_back(stateOf(connection, id));
            if (!needsSignIn(connection))
                continue;
            ++gathering->owed;
            m_services.signIn.state(connection, *environment,
                                    Completion<SignInState>(this, [gathering, row, id](Result<SignInState> state) {
                                        if (state)
                                            gathering->states[row]["signIn"] = toJson(*state, id);
                                        gathering->finishOne();
                                    }));
        }
    gathering->finishOne();
}

Json Control::stateOf(const Connection &connection, const EnvironmentId &environment) const
{
    Json out{{"id", connection.id.text}, {"environment", environment.text}};
    ConnectionState::Link link = ConnectionState::Link::Idle;
    for (const UpstreamStatus &upstream : m_services.upstreams.status()) {
        const ConnectionState::Link here = linkOf(upstream.state);
        if (upstream.id.connection != connection.id || upstream.id.environment != environment || weightOf(here) <= weightOf(link))
            continue;
        link = here;
        out["server"] = upstream.serverName;
        out["protocolVersion"] = upstream.protocolVersion;
        out["error"] = upstream.lastError;
    }
    out["link"] = toText(link);
    if (const ToolCatalog *catalog = m_services.gateway.catalogs().known(connection.id, environment)) {
        int counts[3] = {};
        for (const Tool &tool : catalog->tools())
            ++counts[size_t(tool.state)];
        out["tools"] = {{"trusted", counts[size_t(Tool::State::Trusted)]},
                        {"waiting", counts[size_t(Tool::State::Quarantined)]},
                        {"changed", counts[size_t(Tool::State::Changed)]}};
    }
    const QString page = needsSignIn(connection) ? sessionsPageOf(connection, environment) : QString();
    if (!page.isEmpty())
        out["sessionsPage"] = page;
    return out;
}

} // namespace mcpcore
