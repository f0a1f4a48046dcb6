// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeychainWorker.h"
#include "secrets/KeyringState.h"
#include <qt6keychain/keychain.h>

namespace mcpcore {

namespace {

tl::unexpected<Error> unavailable(const QString &message)
{
    return failure(Error::Kind::SecretUnavailable, message);
}

tl::unexpected<Error> locked()
{
    return unavailable(QStringLiteral("The keychain is locked. Unlock it and try again."));
}

tl::unexpected<Error> failureOf(const QKeychain::Job &job)
{
    switch (job.error()) {
    case QKeychain::AccessDeniedByUser:
        return unavailable(QStringLiteral("Access to the keychain was declined. Try again and let Countersign in."));
    case QKeychain::AccessDenied: return locked();
    case QKeychain::EntryNotFound: return failure(Error::Kind::NotFound, QStringLiteral("The keychain has no such key."));
    case QKeychain::NoError:
    case QKeychain::CouldNotDeleteEntry:
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented:
    case QKeychain::OtherError: break;
    }
    return unavailable(
        QStringLiteral("The keychain cannot be used (%1). Nothing was stored or changed. Start a keyring such as gnome-keyring or "
                       "KWallet in this session, or keep keys in an encrypted file: countersignctl key move --to file.")
            .arg(job.errorString()));
}

// None when the keyring is open.
std::optional<tl::unexpected<Error>> failureOf(KeyringState state)
{
    switch (state) {
    case KeyringState::Open: return std::nullopt;
    case KeyringState::NoService: return std::nullopt; // another kind of keychain, such as KWallet: it speaks for itself
    case KeyringState::Locked: return locked();
    case KeyringState::NoCollection:
        return unavailable(
            QStringLiteral("The keyring has no default collection. Create one, for instance by signing in to the desktop, and try again."));
    case KeyringState::Silent:
        return unavailable(QStringLiteral("The keyring does not say whether it is locked. Restart it and try again."));
    }
    return std::nullopt;
}

} // namespace

void KeychainWorker::startJob(QKeychain::Job *job, const QString &name, std::function<void()> finished)
{
    // The job has no parent: libsecret keeps a pointer to it until it answers, and it deletes itself then.
    job->setInsecureFallback(false);
    job->setKey(name);
    connect(job, &QKeychain::Job::finished, this, [finished = std::move(finished)] { finished(); });
    job->start();
}

void KeychainWorker::read(quint64 request, const QString &name)
{
    auto *job = new QKeychain::ReadPasswordJob(m_service);
    startJob(job, name, [this, request, job] {
        if (job->error() == QKeychain::EntryNotFound)
            return answerMissing(request);
        if (job->error() != QKeychain::NoError)
            return answer(request, failureOf(*job));
        QByteArray bytes = job->binaryData();
        if (bytes.isEmpty())
            return answerMissing(request);
        Secret secret(std::string_view(bytes.constData(), size_t(bytes.size())));
        wipe(bytes);
        answer(request, std::move(secret));
    });
}

void KeychainWorker::write(quint64 request, const QString &name, Secret secret)
{
    const std::string_view view = secret.reveal();
    QByteArray bytes(view.data(), qsizetype(view.size()));
    auto *job = new QKeychain::WritePasswordJob(m_service);
    job->setBinaryData(bytes);
    startJob(job, name, [this, request, job, bytes]() mutable {
        wipe(bytes); // also what the job holds: it is the same buffer
        answer(request, job->error() == QKeychain::NoError ? Result<Secret>(Secret()) : failureOf(*job));
    });
}

void KeychainWorker::remove(quint64 request, const QString &name)
{
    // A locked keyring says of every item that it is not there, so it is asked first.
    askKeyringState(this, [this, request, name](KeyringState state) {
        if (const auto failed = failureOf(state))
            return answer(request, *failed);
        auto *job = new QKeychain::DeletePasswordJob(m_service);
        startJob(job, name, [this, request, job] {
            const bool gone = job->error() == QKeychain::NoError || job->error() == QKeychain::EntryNotFound;
            answer(request, gone ? Result<Secret>(Secret()) : failureOf(*job));
        });
    });
}

// Other kinds of keychain, and none at all, are told by reading.
void KeychainWorker::probe(quint64 request)
{
    askKeyringState(this, [this, request](KeyringState state) {
        const auto failed = failureOf(state);
        answer(request, (state == KeyringState::Locked || state == KeyringState::Silent) && failed ? Result<Secret>(*failed) : Secret());
    });
}

void KeychainWorker::answerMissing(quint64 request)
{
    askKeyringState(this, [this, request](KeyringState state) {
        if (const auto failed = failureOf(state))
            return answer(request, *failed);
        answer(request, failure(Error::Kind::NotFound, QStringLiteral("The keychain has no such key.")));
    });
}

void KeychainWorker::answer(quint64 request, Result<Secret> result)
{
    Q_EMIT answered(std::make_shared<KeychainAnswer>(KeychainAnswer{request, std::move(result)}));
}

} // namespace mcpcore
