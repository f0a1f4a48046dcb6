// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "secrets/SecretStore.h"
#include <unordered_map>

namespace mcpcore {

class KeychainWorker;
struct KeychainAnswer;

// The OS keychain through QtKeychain. Lives in the core thread; its jobs run in the main thread, whose GLib loop libsecret
// needs (without it they hang for ever), so the main thread's event loop must run. A job that does not answer in
// `timeout` is given up with SecretUnavailable. Items are named by `service` ("io.countersign/<profile id>") and name.
class KeychainStore final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    KeychainStore(const QString &service, const Clock &clock, Milliseconds timeout = std::chrono::seconds(10), QObject *parent = nullptr);
    ~KeychainStore() override;

    void read(const QString &name, Completion<Secret> done) override;
    // InvalidArgument for an empty secret: some keychains do not tell it from none.
    void write(const QString &name, Secret secret, Completion<> done) override;
    void remove(const QString &name, Completion<> done) override;
    void probe(Completion<> done) override;
    QString kind() const override;

private:
    quint64 expect(Completion<Secret> done, const QString &whenSilent);
    void answer(quint64 request, Result<Secret> result);

    const Clock &m_clock;
    const Milliseconds m_timeout;
    KeychainWorker *m_worker;                                  // in the main thread, deleted there
    std::unordered_map<quint64, Completion<Secret>> m_waiting; // of writes and removals with an empty secret
    quint64 m_lastRequest = 0;
};

} // namespace mcpcore
