// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Connection.h"
#include "model/Environment.h"
#include "upstream/Upstream.h"

namespace mcpcore {

// Which running link is meant. Everything that would make two links behave differently is in it.
struct UpstreamId {
    ConnectionId connection;
    EnvironmentId environment;
    std::optional<KeyId> key;
    ServedClient client;

    friend bool operator==(const UpstreamId &, const UpstreamId &) = default;
};

// One line of `status`.
struct UpstreamStatus {
    enum class State { Starting, Running, Failed };
    UpstreamId id;
    State state = State::Starting;
    QString serverName;
    QString protocolVersion;
    QString lastError;    // why it ended last; empty while all is well
    int startsLately = 0; // in the last 10 minutes
    Milliseconds since{}; // wall time of the last start
};

// Makes the link to one connection in one environment.
using TransportFactory =
    std::function<Result<std::unique_ptr<Transport>>(const Connection &, const Environment &, const std::optional<KeyId> &)>;

// The running upstreams: starts them when they are asked for, restarts them slowly when they die, ends idle programs.
// Owns them. Lives in the core thread.
class UpstreamPool : public QObject
{
    Q_OBJECT
public:
    UpstreamPool(TransportFactory factory, const Clock &clock, QObject *parent = nullptr);
    ~UpstreamPool() override;

    // The running upstream, started if need be (after its back-off). It is valid at the time of the answer: keep it in a
    // QPointer. Fails when it cannot be started, when it was started 5 times within 10 minutes, and when 3 programs run
    // already for this connection, environment and key and all of them work.
    void get(const Connection &connection, const Environment &environment, const std::optional<KeyId> &key, const ServedClient &client,
             Completion<Upstream *> done);
    // The same as get() for one that is ready, without starting any; null when there is none.
    Upstream *running(const UpstreamId &id) const;

    // A person asked to try again: forgets earlier starts and failures.
    void forgetFailures(const ConnectionId &connection);
    // Ends what runs: the connection was changed or removed, the key replaced, everything paused.
    void stop(const ConnectionId &connection);
    void stop(const KeyId &key);
    void stopAll();
    // The environment was locked: what is idle there ends now, the rest with the last answer to what was sent.
    void close(const EnvironmentId &environment);

    QList<UpstreamStatus> status() const;

Q_SIGNALS:
    // An upstream is ready; connect to its signals here. Those who wait for it are answered after this.
    void started(const mcpcore::UpstreamId &id, mcpcore::Upstream *upstream);
    // One that was ready ended, by itself or by stop().
    void ended(const mcpcore::UpstreamId &id, const mcpcore::Error &why);

private:
    struct Entry;
    Entry *find(const UpstreamId &id) const;
    Result<> admit(Entry &entry);
    bool makeRoom(const Entry &entry);
    void schedule(Entry &entry);
    void launch(Entry &entry);
    void takeReady(const UpstreamId &id, const Result<> &ready);
    void takeClosed(const UpstreamId &id, const Error &why);
    void watchIdle(Entry &entry, Milliseconds in);
    void endIfIdle(const UpstreamId &id);
    void endClosing();
    void stopWhere(const std::function<bool(const Entry &)> &matches, const Error &why);

    const TransportFactory m_factory; // first: what it holds outlives the links it made
    const Clock &m_clock;
    std::vector<std::unique_ptr<Entry>> m_entries;
    bool m_closingWatched = false;
    QHash<QString, Generation> m_generations; // what servers were found to speak, by connection, environment and wire asked for first
};

} // namespace mcpcore
