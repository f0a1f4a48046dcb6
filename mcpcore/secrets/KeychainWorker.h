// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "base/Secret.h"
#include <QObject>

namespace QKeychain {
class Job;
}

namespace mcpcore {

// What the keychain said to one request. The secret is set for a successful read only.
struct KeychainAnswer {
    quint64 request = 0;
    Result<Secret> result;
};

// Runs the jobs of one KeychainStore. Lives in the main thread; a Completion never comes here, only request numbers.
class KeychainWorker : public QObject
{
    Q_OBJECT
public:
    explicit KeychainWorker(QString service) : m_service(std::move(service)) {}

    void read(quint64 request, const QString &name);
    void write(quint64 request, const QString &name, Secret secret);
    void remove(quint64 request, const QString &name);
    void probe(quint64 request);

Q_SIGNALS:
    void answered(const std::shared_ptr<mcpcore::KeychainAnswer> &answer);

private:
    void startJob(QKeychain::Job *job, const QString &name, std::function<void()> finished);
    void answer(quint64 request, Result<Secret> result);
    void answerMissing(quint64 request);

    const QString m_service;
};

} // namespace mcpcore
