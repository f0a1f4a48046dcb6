// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/ProfileStore.h"

namespace mcpcore {

ProfileStore::ProfileStore(const QString &file, std::unique_ptr<SecretStore> keychain, const Clock &clock, KeyFileCost cost,
                           QObject *parent)
    : QObject(parent), m_path(file), m_clock(clock), m_cost(cost), m_keychain(std::move(keychain))
{
    if (KeyFile::existsAt(file))
        m_file = std::make_unique<EncryptedFile>(file, clock);
}

// Whoever hears now that its request is dropped may ask again: there is nobody any more.
ProfileStore::~ProfileStore()
{
    m_ending = true;
    m_beginMove = {};
    const auto waiting = std::exchange(m_waiting, {});
    m_next.reset();
    m_file.reset();
    m_keychain.reset();
}

namespace {

tl::unexpected<Error> ended()
{
    return failure(Error::Kind::Abandoned, QStringLiteral("Countersign is being closed."));
}

} // namespace

SecretStore &ProfileStore::current() const
{
    return m_file ? static_cast<SecretStore &>(*m_file) : *m_keychain;
}

void ProfileStore::unlock(Secret passphrase, Completion<> done)
{
    if (!m_file)
        return done({});
    m_file->unlock(std::move(passphrase), {this, [this, done = std::move(done)](Result<> unlocked) mutable {
                                               if (unlocked)
                                                   finishEarlierMove();
                                               done(unlocked);
                                               if (unlocked)
                                                   Q_EMIT opened();
                                           }});
}

void ProfileStore::check(Secret passphrase, Completion<> done)
{
    if (!m_file)
        return done(failure(Error::Kind::NotFound, QStringLiteral("The keys of this profile are in the keychain, not in a file.")));
    m_file->check(std::move(passphrase), std::move(done));
}

void ProfileStore::changePassphrase(Secret old, Secret fresh, Completion<> done)
{
    if (!m_file)
        return done(
            failure(Error::Kind::NotFound,
                    QStringLiteral("The keys of this profile are in the keychain, which has a password of its own. To keep them in a "
                                   "file with a passphrase: countersignctl key move --to file.")));
    struct Both {
        Secret old, fresh;
    };
    auto both = std::make_shared<Both>(Both{std::move(old), std::move(fresh)});
    change(
        [this, both](Completion<> after) {
            if (!m_file)
                return after(failure(Error::Kind::Conflict, QStringLiteral("The keys were moved meanwhile. Nothing was changed.")));
            m_file->changePassphrase(std::move(both->old), std::move(both->fresh), m_cost, std::move(after));
        },
        std::move(done));
}

void ProfileStore::read(const QString &name, Completion<Secret> done)
{
    if (m_ending)
        return done(ended());
    current().read(name, std::move(done));
}

void ProfileStore::write(const QString &name, Secret secret, Completion<> done)
{
    if (secret.isEmpty())
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("An empty key cannot be stored.")));
    auto given = std::make_shared<Secret>(std::move(secret));
    change([this, name, given](Completion<> after) { current().write(name, std::move(*given), std::move(after)); }, std::move(done));
}

void ProfileStore::remove(const QString &name, Completion<> done)
{
    change([this, name](Completion<> after) { current().remove(name, std::move(after)); }, std::move(done));
}

void ProfileStore::probe(Completion<> done)
{
    if (m_ending)
        return done(ended());
    current().probe(std::move(done));
}

QString ProfileStore::kind() const
{
    return m_file ? QStringLiteral("file") : QStringLiteral("keychain");
}

// Does `what` now, or after the move that runs: what is changed in the old store then would be lost. Who waits too long hears so.
void ProfileStore::change(std::function<void(Completion<>)> what, Completion<> done)
{
    if (m_ending)
        return done(ended());
    auto owed = std::make_shared<Completion<>>(std::move(done));
    const auto begin = [this, what = std::move(what), owed] {
        ++m_changing;
        what({this, [this, owed](Result<> changed) {
                  --m_changing;
                  (*owed)(changed);
                  if (m_changing == 0 && m_beginMove)
                      std::exchange(m_beginMove, {})();
              }});
    };
    if (!m_moving)
        return begin();
    m_waiting.emplace_back([begin, owed] {
        if (*owed)
            begin();
    });
    m_clock.after(std::chrono::seconds(30), this, [weak = std::weak_ptr<Completion<>>(owed), number = m_moves, this] {
        if (const auto late = weak.lock(); late && m_moving && number == m_moves)
            (*late)(
                failure(Error::Kind::SecretUnavailable,
                        QStringLiteral("The keys are being moved to another store, and that takes long. Nothing was changed. Try again.")));
    });
}

void ProfileStore::whenQuiet(std::function<void()> begin)
{
    ++m_moves;
    m_moving = true;
    if (m_changing == 0)
        return begin();
    m_beginMove = std::move(begin);
}

void ProfileStore::inTurn(QStringList names, Step step, Completion<> done)
{
    if (names.isEmpty() || m_ending)
        return done(m_ending ? Result<>(ended()) : Result<>());
    const QString name = names.takeFirst();
    auto owed = std::make_shared<Completion<>>(std::move(done));
    step(name, {this, [this, names, step, owed](Result<> did) mutable {
                    if (!did)
                        return (*owed)(did);
                    inTurn(std::move(names), std::move(step), std::move(*owed));
                }});
}

} // namespace mcpcore
