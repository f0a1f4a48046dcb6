// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/UpstreamPool.h"
#include <QPointer>
#include <algorithm>

namespace mcpcore {

namespace {

constexpr size_t maximumStarts = 5;
constexpr Milliseconds startsWindow{10 * 60 * 1000};
constexpr Milliseconds firstBackOff{1000};
constexpr Milliseconds idleLimit{10 * 60 * 1000};
constexpr Milliseconds closingEvery{1000};
constexpr int maximumPrograms = 3; // for one connection, environment and key

QString placeOf(const UpstreamId &id)
{
    return id.connection.text + QLatin1Char('/') + id.environment.text + (id.client.generation == Generation::Sessions ? u'-' : u'+');
}

} // namespace

struct UpstreamPool::Entry {
    UpstreamId id;
    Connection connection;
    Environment environment;
    UpstreamStatus::State state = UpstreamStatus::State::Failed;
    std::unique_ptr<Upstream> upstream;
    std::vector<Completion<Upstream *>> waiting;
    std::vector<Milliseconds> starts; // monotonic, of the last 10 minutes
    Milliseconds since{};
    Milliseconds lastUse{};
    bool idleWatched = false;
    bool closing = false; // ends with what was sent
    QString lastError;

    bool isProgram() const { return std::holds_alternative<StdioTarget>(connection.target); }
    bool isAlive() const { return state != UpstreamStatus::State::Failed; }
    bool isIdle() const { return state == UpstreamStatus::State::Running && upstream->isIdle(); }
    void drop()
    {
        if (upstream)
            upstream.release()->deleteLater(); // we may be inside of it
    }
};

UpstreamPool::UpstreamPool(TransportFactory factory, const Clock &clock, QObject *parent)
    : QObject(parent), m_factory(std::move(factory)), m_clock(clock)
{}

// An upstream that ends while it starts answers that it did: by then the pool knows it no more.
UpstreamPool::~UpstreamPool()
{
    const auto ending = std::exchange(m_entries, {});
}

UpstreamPool::Entry *UpstreamPool::find(const UpstreamId &id) const
{
    const auto found = std::find_if(m_entries.begin(), m_entries.end(), [&](const auto &entry) { return entry->id == id; });
    return found == m_entries.end() ? nullptr : found->get();
}

Upstream *UpstreamPool::running(const UpstreamId &id) const
{
    const Entry *entry = find(id);
    return entry && entry->state == UpstreamStatus::State::Running ? entry->upstream.get() : nullptr;
}

void UpstreamPool::get(const Connection &connection, const Environment &environment, const std::optional<KeyId> &key,
                       const ServedClient &client, Completion<Upstream *> done)
{
    const UpstreamId id{connection.id, environment.id, key, client};
    Entry *entry = find(id);
    if (!entry) {
        m_entries.push_back(std::make_unique<Entry>());
        entry = m_entries.back().get();
        entry->id = id;
    }
    entry->lastUse = m_clock.monotonic();
    if (entry->state == UpstreamStatus::State::Running) {
        entry->closing = false;
        Upstream *upstream = entry->upstream.get();
        return done(upstream);
    }
    if (entry->state == UpstreamStatus::State::Failed) {
        entry->connection = connection;
        entry->environment = environment;
        if (const auto admitted = admit(*entry); !admitted)
            return done(failure(admitted.error()));
        entry->waiting.push_back(std::move(done));
        return schedule(*entry);
    }
    entry->waiting.push_back(std::move(done));
}

Result<> UpstreamPool::admit(Entry &entry)
{
    const Milliseconds now = m_clock.monotonic();
    std::erase_if(entry.starts, [&](Milliseconds start) { return now - start >= startsWindow; });
    if (entry.starts.size() >= maximumStarts)
        return failure(Error::Kind::UpstreamFailed,
                       QStringLiteral("Not sent: %1 in %2 was started %3 times in 10 minutes and ended each time. "
                                      "Test the connection to try again. The last time: %4")
                           .arg(entry.id.connection.text, entry.id.environment.text)
                           .arg(maximumStarts)
                           .arg(entry.lastError.left(400)));
    if (entry.isProgram() && !makeRoom(entry))
        return failure(Error::Kind::Busy,
                       QStringLiteral("Not sent: %1 programs work for %2 in %3 already. Try again when one has finished.")
                           .arg(maximumPrograms)
                           .arg(entry.id.connection.text, entry.id.environment.text));
    return {};
}

// Programs are told their client's abilities once, at their start: another set of them is another program.
bool UpstreamPool::makeRoom(const Entry &entry)
{
    Entry *oldestIdle = nullptr;
    int alive = 0;
    for (const auto &other : m_entries) {
        if (!other->isAlive() || other->id.connection != entry.id.connection || other->id.environment != entry.id.environment
            || other->id.key != entry.id.key)
            continue;
        ++alive;
        if (other->isIdle() && (!oldestIdle || other->lastUse < oldestIdle->lastUse))
            oldestIdle = other.get();
    }
    if (alive < maximumPrograms)
        return true;
    if (!oldestIdle)
        return false;
    const UpstreamId id = oldestIdle->id;
    stopWhere([&](const Entry &other) { return other.id == id; },
              {Error::Kind::UpstreamFailed, QStringLiteral("It was idle, and its place was needed.")});
    return true;
}

void UpstreamPool::schedule(Entry &entry)
{
    entry.state = UpstreamStatus::State::Starting;
    const Milliseconds now = m_clock.monotonic();
    const Milliseconds due = entry.starts.empty() ? now : entry.starts.back() + firstBackOff * (1 << (entry.starts.size() - 1));
    if (due <= now)
        return launch(entry);
    m_clock.after(due - now, this, [this, id = entry.id] {
        Entry *waiting = find(id);
        if (waiting && waiting->state == UpstreamStatus::State::Starting && !waiting->upstream)
            launch(*waiting);
    });
}

void UpstreamPool::launch(Entry &entry)
{
    entry.starts.push_back(m_clock.monotonic());
    entry.since = m_clock.wall();
    auto transport = m_factory(entry.connection, entry.environment, entry.id.key);
    const UpstreamId id = entry.id;
    if (!transport)
        return takeReady(id, failure(transport.error()));
    entry.upstream = std::make_unique<Upstream>(std::move(*transport), m_clock, id.client);
    connect(entry.upstream.get(), &Upstream::closed, this, [this, id](const Error &why) { takeClosed(id, why); });
    entry.upstream->start(Completion<>(this, [this, id](Result<> ready) { takeReady(id, ready); }),
                          m_generations.value(placeOf(id), Generation::Unknown));
}

void UpstreamPool::takeReady(const UpstreamId &id, const Result<> &ready)
{
    Entry *entry = find(id);
    if (!entry || entry->state != UpstreamStatus::State::Starting)
        return;
    const QPointer<UpstreamPool> alive(this);
    auto waiting = std::exchange(entry->waiting, {});
    if (!ready) {
        m_generations.remove(placeOf(id));
        entry->state = UpstreamStatus::State::Failed;
        entry->lastError = ready.error().message;
        entry->drop();
        for (auto &done : waiting)
            done(failure(ready.error()));
        return;
    }
    entry->state = UpstreamStatus::State::Running;
    entry->lastError.clear();
    m_generations.insert(placeOf(id), entry->upstream->generation());
    if (entry->isProgram())
        watchIdle(*entry, idleLimit);
    const QPointer<Upstream> upstream(entry->upstream.get());
    Q_EMIT started(id, upstream);
    for (auto &done : waiting) {
        if (alive && upstream && upstream->isReady())
            done(upstream.data());
        else
            done(failure(Error::Kind::UpstreamFailed, QStringLiteral("Not sent: the connection to the server has ended. Try again.")));
    }
}

void UpstreamPool::takeClosed(const UpstreamId &id, const Error &why)
{
    Entry *entry = find(id);
    if (!entry || entry->state != UpstreamStatus::State::Running)
        return;
    m_generations.remove(placeOf(id));
    entry->state = UpstreamStatus::State::Failed;
    entry->lastError = why.message;
    entry->drop();
    Q_EMIT ended(id, why);
}

// Programs cost memory while nobody uses them; a link over HTTP costs next to nothing.
void UpstreamPool::watchIdle(Entry &entry, Milliseconds in)
{
    if (std::exchange(entry.idleWatched, true))
        return;
    m_clock.after(in, this, [this, id = entry.id] { endIfIdle(id); });
}

void UpstreamPool::endIfIdle(const UpstreamId &id)
{
    Entry *entry = find(id);
    if (!entry)
        return;
    entry->idleWatched = false;
    if (entry->state != UpstreamStatus::State::Running)
        return;
    const Milliseconds now = m_clock.monotonic();
    if (!entry->isIdle())
        entry->lastUse = now;
    if (now - entry->lastUse < idleLimit)
        return watchIdle(*entry, entry->lastUse + idleLimit - now);
    stopWhere([&](const Entry &other) { return other.id == id; },
              {Error::Kind::UpstreamFailed, QStringLiteral("It was idle for 10 minutes and was ended.")});
}

void UpstreamPool::forgetFailures(const ConnectionId &connection)
{
    for (const auto &entry : m_entries) {
        if (entry->id.connection != connection)
            continue;
        entry->starts.clear();
        entry->lastError.clear();
    }
}

void UpstreamPool::stop(const ConnectionId &connection)
{
    m_generations.clear(); // its address may be another one
    stopWhere([&](const Entry &entry) { return entry.id.connection == connection; },
              {Error::Kind::UpstreamFailed, QStringLiteral("The connection was changed.")});
}

void UpstreamPool::close(const EnvironmentId &environment)
{
    for (const auto &entry : m_entries)
        entry->closing = entry->closing || entry->id.environment == environment;
    endClosing();
}

void UpstreamPool::endClosing()
{
    stopWhere([](const Entry &entry) { return entry.closing && (entry.state != UpstreamStatus::State::Running || entry.isIdle()); },
              {Error::Kind::UpstreamFailed, QStringLiteral("The environment was closed.")});
    const bool left = std::any_of(m_entries.begin(), m_entries.end(), [](const auto &entry) { return entry->closing; });
    if (left && !std::exchange(m_closingWatched, true))
        m_clock.after(closingEvery, this, [this] {
            m_closingWatched = false;
            endClosing();
        });
}

void UpstreamPool::stop(const KeyId &key)
{
    stopWhere([&](const Entry &entry) { return entry.id.key == key; },
              {Error::Kind::UpstreamFailed, QStringLiteral("The key was changed.")});
}

void UpstreamPool::stopAll()
{
    stopWhere([](const Entry &) { return true; }, {Error::Kind::UpstreamFailed, QStringLiteral("All connections were ended.")});
}

void UpstreamPool::stopWhere(const std::function<bool(const Entry &)> &matches, const Error &why)
{
    std::vector<std::unique_ptr<Entry>> stopped;
    for (auto it = m_entries.begin(); it != m_entries.end();) {
        if (matches(**it)) {
            stopped.push_back(std::move(*it));
            it = m_entries.erase(it);
        } else {
            ++it;
        }
    }
    const QPointer<UpstreamPool> alive(this);
    for (const auto &entry : stopped) {
        if (entry->upstream)
            entry->upstream->stop();
        for (auto &done : entry->waiting)
            done(failure(Error::Kind::UpstreamFailed, QStringLiteral("Not sent: ") + why.message));
        if (alive && entry->state == UpstreamStatus::State::Running)
            Q_EMIT ended(entry->id, why);
        entry->drop();
    }
}

QList<UpstreamStatus> UpstreamPool::status() const
{
    const Milliseconds now = m_clock.monotonic();
    QList<UpstreamStatus> all;
    for (const auto &entry : m_entries) {
        UpstreamStatus status{entry->id, entry->state, {}, {}, entry->lastError, 0, entry->since};
        status.startsLately =
            int(std::count_if(entry->starts.begin(), entry->starts.end(), [&](Milliseconds at) { return now - at < startsWindow; }));
        if (entry->state == UpstreamStatus::State::Running) {
            if (const auto name = textOf(memberOf(entry->upstream->serverInfo(), "name")))
                status.serverName = *name;
            status.protocolVersion = entry->upstream->protocolVersion();
        }
        all += status;
    }
    return all;
}

} // namespace mcpcore
