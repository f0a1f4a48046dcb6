// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeychainStore.h"
#include "base/Post.h"
#include "secrets/KeychainWorker.h"
#include <QCoreApplication>

namespace mcpcore {

namespace {

const QString silentRead = QStringLiteral("The keychain does not answer; it may be waiting for you to unlock it. Unlock it and try again.");
const QString silentWrite = QStringLiteral("The keychain does not answer; it may be waiting for you to unlock it. "
                                           "It is not known whether it stored the key: unlock it and try again.");

Completion<Secret> withoutSecret(QObject *guard, Completion<> done)
{
    return {guard, [done = std::move(done)](Result<Secret> result) mutable { done(result ? Result<>() : failure(result.error())); }};
}

} // namespace

KeychainStore::KeychainStore(const QString &service, const Clock &clock, Milliseconds timeout, QObject *parent)
    : QObject(parent), m_clock(clock), m_timeout(timeout), m_worker(new KeychainWorker(service))
{
    m_worker->moveToThread(QCoreApplication::instance()->thread());
    connect(
        m_worker, &KeychainWorker::answered, this,
        [this](const std::shared_ptr<KeychainAnswer> &given) { answer(given->request, std::move(given->result)); }, Qt::QueuedConnection);
}

KeychainStore::~KeychainStore()
{
    m_worker->deleteLater();
    const auto waiting = std::exchange(m_waiting, {}); // who hears that it is abandoned may still call us
}

quint64 KeychainStore::expect(Completion<Secret> done, const QString &whenSilent)
{
    const quint64 request = ++m_lastRequest;
    m_waiting.emplace(request, std::move(done));
    m_clock.after(m_timeout, this, [this, request, whenSilent] { answer(request, failure(Error::Kind::SecretUnavailable, whenSilent)); });
    return request;
}

void KeychainStore::answer(quint64 request, Result<Secret> result)
{
    const auto waiting = m_waiting.find(request);
    if (waiting == m_waiting.end())
        return; // given up already
    Completion<Secret> done = std::move(waiting->second);
    m_waiting.erase(waiting);
    done(std::move(result));
}

void KeychainStore::read(const QString &name, Completion<Secret> done)
{
    const quint64 request = expect(std::move(done), silentRead);
    post(m_worker, [worker = m_worker, request, name] { worker->read(request, name); });
}

void KeychainStore::write(const QString &name, Secret secret, Completion<> done)
{
    if (secret.isEmpty())
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("An empty key cannot be stored.")));
    const quint64 request = expect(withoutSecret(this, std::move(done)), silentWrite);
    post(m_worker,
         [worker = m_worker, request, name, secret = std::move(secret)]() mutable { worker->write(request, name, std::move(secret)); });
}

void KeychainStore::remove(const QString &name, Completion<> done)
{
    const quint64 request = expect(withoutSecret(this, std::move(done)), silentRead);
    post(m_worker, [worker = m_worker, request, name] { worker->remove(request, name); });
}

void KeychainStore::probe(Completion<> done)
{
    const quint64 request =
        expect(Completion<Secret>(this,
                                  [done = std::move(done)](Result<Secret> answered) mutable {
                                      done(answered ? Result<>() : failure(Error::Kind::Locked, answered.error().message));
                                  }),
               silentRead);
    post(m_worker, [worker = m_worker, request] { worker->probe(request); });
}

QString KeychainStore::kind() const
{
    return QStringLiteral("keychain");
}

} // namespace mcpcore
