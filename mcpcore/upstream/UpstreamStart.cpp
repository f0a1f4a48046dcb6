// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "protocol/ErrorMapping.h"
#include "upstream/Listener.h"
#include "upstream/Upstream.h"
#include <QPointer>
#include <algorithm>

// How a server gets ready: which generation it speaks, and what it says of itself.
namespace mcpcore {

namespace {

constexpr Milliseconds startLimit{60'000}; // npx may have to fetch a package first
constexpr Milliseconds probeLimit{5'000};  // then initialize is sent as well: some servers stay silent
constexpr int maximumProbes = 3;
constexpr const char *clientInfo = "{\"name\":\"countersign\",\"title\":\"Countersign\",\"version\":\"" COUNTERSIGN_VERSION "\"}";

const QStringList &sessionVersions()
{
    static const QStringList versions{QStringLiteral("2025-11-25"), QStringLiteral("2025-06-18"), QStringLiteral("2025-03-26"),
                                      QStringLiteral("2024-11-05")};
    return versions;
}

bool namesVersion(const RawJson &list, const char *version)
{
    const auto versions = elementsOf(list);
    return versions && std::any_of(versions->begin(), versions->end(), [&](const RawJson &one) {
               return one.view() == '"' + std::string(version) + '"';
           });
}

bool isObject(const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == '{';
}

} // namespace

void Upstream::start(Completion<> ready, Generation known)
{
    Q_ASSERT(m_state == State::New);
    m_state = State::Starting;
    m_generation = known == Generation::Unknown && m_client.generation == Generation::Sessions ? Generation::Sessions : known;
    m_ready = std::move(ready);
    m_clock.after(startLimit, this, [this] {
        if (m_state == State::Starting)
            end({Error::Kind::UpstreamFailed, QStringLiteral("The server did not get ready within a minute.")});
    });
    m_transport->start();
}

void Upstream::begin()
{
    if (m_state != State::Starting)
        return;
    if (m_generation == Generation::Sessions)
        initialize();
    else
        discover();
}

// A request of our own while the server starts.
qint64 Upstream::ask(const QString &method, const QByteArray &params, void (Upstream::*taker)(const Result<UpstreamAnswer> &))
{
    const qint64 id = ++m_lastId;
    Pending pending;
    pending.method = method;
    pending.params = RawJson(params);
    pending.sentAs = id;
    pending.done = Completion<UpstreamAnswer>(this, [this, taker](Result<UpstreamAnswer> result) {
        if (result || result.error().kind != Error::Kind::Abandoned) // not needed any more
            (this->*taker)(result);
    });
    m_pending.emplace(id, std::move(pending));
    return id;
}

void Upstream::discover()
{
    const QString method = QStringLiteral("server/discover");
    const QByteArray params = statelessParams({}, std::nullopt);
    const qint64 id = ask(method, params, &Upstream::takeDiscovered);
    m_probe = id;
    if (++m_probes == 1)
        m_clock.after(probeLimit, this, [this] {
            if (m_state == State::Starting && m_probe != 0 && m_generation == Generation::Unknown && !m_refused)
                initialize();
        });
    m_transport->sendStateless(
        requestMessage(QByteArray::number(id), method, {params.constData(), size_t(params.size())}), id,
        {QByteArrayLiteral("MCP-Protocol-Version: ") + kModernVersion, QByteArrayLiteral("Mcp-Method: server/discover")});
}

// Everything but what only a server of 2026-07-28 says means sessions: those before it answer the unknown in all kinds of ways.
void Upstream::takeDiscovered(const Result<UpstreamAnswer> &result)
{
    m_probe = 0;
    if (m_state != State::Starting || m_generation == Generation::Sessions)
        return;
    if (!result && result.error().kind != Error::Kind::UpstreamFailed && result.error().kind != Error::Kind::OutcomeUnknown)
        return end(result.error());
    if (result && isObject(result->result) && namesVersion(memberOf(result->result, "supportedVersions"), kModernVersion))
        return becomeStateless(result->result);
    if (result && !result->error.isEmpty()) {
        const RawJson code = memberOf(result->error, "code"), data = memberOf(result->error, "data");
        // "Not this version", also of a server that names this very version: asked again.
        const bool offered = code.view() == "-32022" && isObject(data) && namesVersion(memberOf(data, "supported"), kModernVersion);
        if ((offered || code.view() == "-32020") && m_probes < maximumProbes)
            return discover();
        if (offered || code.view() == "-32020" || code.view() == "-32021")
            return end({Error::Kind::UpstreamFailed,
                        QStringLiteral("The server refused to say what it can do (%1).").arg(QString::fromUtf8(code.bytes().left(20)))});
    }
    if (m_refused)
        return end(*m_refused);
    m_generation = Generation::Sessions;
    const bool alreadyAsked = std::any_of(m_pending.begin(), m_pending.end(),
                                          [](const auto &pending) { return pending.second.method == QLatin1String("initialize"); });
    if (!alreadyAsked)
        initialize();
}

void Upstream::becomeStateless(const RawJson &discovered)
{
    m_generation = Generation::Stateless;
    std::erase_if(m_pending, [](const auto &pending) { return pending.second.method == QLatin1String("initialize"); });
    m_protocolVersion = QString::fromLatin1(kModernVersion);
    m_serverCapabilities = memberOf(discovered, "capabilities");
    const RawJson meta = memberOf(discovered, "_meta");
    m_serverInfo = isObject(meta) ? memberOf(meta, "io.modelcontextprotocol/serverInfo") : RawJson();
    if (m_serverInfo.isEmpty())
        m_serverInfo = memberOf(discovered, "serverInfo");
    if (const RawJson instructions = memberOf(discovered, "instructions"); !instructions.isEmpty())
        m_instructions = textOf(instructions).value_or(QString());
    const QPointer<Upstream> alive(this);
    becomeReady();
    if (alive && m_state == State::Ready)
        listen();
}

void Upstream::initialize()
{
    const QByteArray params =
        "{\"protocolVersion\":\"2025-11-25\",\"capabilities\":" + m_client.capabilities + ",\"clientInfo\":" + clientInfo + '}';
    const QString method = QStringLiteral("initialize");
    const qint64 id = ask(method, params, &Upstream::takeInitialized);
    m_transport->send(requestMessage(QByteArray::number(id), method, {params.constData(), size_t(params.size())}), id);
}

// Some programs take whatever comes first for initialize, or end at what they do not know: they get a second beginning.
bool Upstream::startsAgain()
{
    if (m_state != State::Starting || m_probes == 0 || m_restarted || m_transport->isHttp())
        return false;
    m_restarted = true;
    m_generation = Generation::Sessions;
    m_probe = 0;
    std::erase_if(m_pending, [](const auto &pending) { return pending.second.sentAs != 0; });
    m_transport->restart();
    return true;
}

void Upstream::takeInitialized(const Result<UpstreamAnswer> &result)
{
    if (m_state != State::Starting || m_generation == Generation::Stateless)
        return;
    const bool refused = !result || !result->error.isEmpty();
    if (refused && m_probe != 0)
        return; // both were asked, and the probe may still be answered
    if (refused && startsAgain())
        return;
    if (!result)
        return end({Error::Kind::UpstreamFailed, result.error().message});
    const auto fail = [this](const QString &text) { end({Error::Kind::UpstreamFailed, text}); };
    if (!result->error.isEmpty()) {
        const auto why = textOf(memberOf(result->error, "message"));
        const QString text =
            QStringLiteral("The server refused to start a session: %1").arg(why ? why->left(500) : QStringLiteral("no reason given"));
        if (m_probes > 0)
            return fail(text);
        // It may be one that only knows 2026-07-28.
        m_refused = Error{Error::Kind::UpstreamFailed, text};
        m_generation = Generation::Unknown;
        return discover();
    }
    const auto members = membersOf(result->result);
    const auto version = members ? textOf(memberOf(*members, "protocolVersion")) : Result<QString>(failure(members.error()));
    if (!version)
        return fail(QStringLiteral("The server's answer to initialize is not valid."));
    if (!sessionVersions().contains(*version))
        return fail(QStringLiteral("The server speaks another version of the protocol (%1).").arg(version->left(40)));
    m_generation = Generation::Sessions;
    m_protocolVersion = *version;
    m_serverCapabilities = memberOf(*members, "capabilities");
    m_serverInfo = memberOf(*members, "serverInfo");
    if (const RawJson instructions = memberOf(*members, "instructions"); !instructions.isEmpty())
        m_instructions = textOf(instructions).value_or(QString());
    const QPointer<Upstream> alive(this);
    m_transport->negotiated(m_protocolVersion);
    m_transport->send(requestMessage({}, QStringLiteral("notifications/initialized"), {}), 0);
    if (alive && m_state == State::Starting)
        becomeReady();
}

void Upstream::becomeReady()
{
    m_state = State::Ready;
    m_probe = 0;
    std::erase_if(m_pending, [](const auto &pending) { return pending.second.sentAs != 0; }); // a probe without an answer
    const QPointer<Upstream> alive(this);
    std::exchange(m_ready, {})({});
    // What waited leaves in the order it came; answers may cancel or add requests meanwhile.
    std::vector<qint64> waiting;
    if (alive)
        for (const auto &[id, pending] : m_pending)
            waiting.push_back(id);
    for (const qint64 id : waiting) {
        if (!alive || m_state != State::Ready)
            return;
        if (const auto found = m_pending.find(id); found != m_pending.end() && found->second.sentAs == 0)
            transmit(id, found->second);
    }
}

} // namespace mcpcore
