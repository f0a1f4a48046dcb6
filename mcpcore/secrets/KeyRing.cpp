// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyRing.h"
#include <QtEndian>

namespace mcpcore {

namespace {

constexpr Milliseconds idleTime = std::chrono::minutes(5);
constexpr char formVersion = 1;

// The stored item: version byte, length of the destination (32 bits, big-endian), destination, secret.
Secret toItem(const Secret &secret, const QString &destination)
{
    const QByteArray to = destination.toUtf8();
    QByteArray item(5, formVersion);
    qToBigEndian(quint32(to.size()), item.data() + 1);
    const std::string_view view = secret.reveal();
    item.reserve(item.size() + to.size() + qsizetype(view.size())); // no copy is left behind by growing
    item.append(to).append(view.data(), qsizetype(view.size()));
    Secret stored(std::string_view(item.constData(), size_t(item.size())));
    wipe(item);
    return stored;
}

struct Item {
    std::string_view destination;
    std::string_view secret;
};

std::optional<Item> itemFrom(std::string_view bytes)
{
    if (bytes.size() < 5 || bytes.front() != formVersion)
        return std::nullopt;
    const quint32 length = qFromBigEndian<quint32>(bytes.data() + 1);
    bytes.remove_prefix(5);
    if (length >= bytes.size())
        return std::nullopt;
    return Item{bytes.substr(0, length), bytes.substr(length)};
}

QString fromUtf8(std::string_view view)
{
    return QString::fromUtf8(view.data(), qsizetype(view.size()));
}

tl::unexpected<Error> otherDestination(const QString &setFor, const QString &wanted)
{
    return failure(
        Error::Kind::Conflict,
        QStringLiteral("The key was set for %1 and is not given to %2. Set it again for the new destination.").arg(setFor, wanted));
}

// The secret of a stored item, when it may go to `destination`.
Result<Secret> unpack(const Result<Secret> &stored, const QString &destination)
{
    if (!stored)
        return failure(stored.error());
    const auto item = itemFrom(stored->reveal());
    if (!item)
        return failure(Error::Kind::SecretUnavailable, QStringLiteral("The stored key is damaged. Set it again."));
    if (destination.isEmpty() || fromUtf8(item->destination) != destination)
        return otherDestination(fromUtf8(item->destination), destination);
    return Secret(item->secret);
}

} // namespace

KeyRing::KeyRing(SecretStore &store, const Clock &clock, QObject *parent) : QObject(parent), m_store(store), m_clock(clock) {}

void KeyRing::read(const KeyId &key, EnvironmentKind kind, const QString &destination, Completion<Secret> done)
{
    const bool mayHold = kind != EnvironmentKind::Production;
    if (!mayHold)
        forget(key);
    if (const auto held = m_held.find(key); held != m_held.end()) {
        if (held->second.destination != destination)
            return done(otherDestination(held->second.destination, destination));
        held->second.lastUse = m_clock.monotonic();
        return done(held->second.secret.duplicate());
    }
    m_store.read(key.text, {this, [this, key, mayHold, destination, generation = m_generation,
                                   done = std::move(done)](Result<Secret> stored) mutable {
                                Result<Secret> secret = unpack(stored, destination);
                                if (secret && mayHold && generation == m_generation)
                                    hold(key, secret->duplicate(), destination);
                                done(std::move(secret));
                            }});
}

void KeyRing::write(const KeyId &key, Secret secret, const QString &destination, Completion<> done)
{
    if (secret.isEmpty() || destination.isEmpty())
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("A key needs its secret and the one destination it is for.")));
    forget(key);
    m_store.write(key.text, toItem(secret, destination), {this, [this, key, done = std::move(done)](Result<> written) mutable {
                                                              forget(key); // what was read while it was being written
                                                              done(std::move(written));
                                                          }});
}

void KeyRing::remove(const KeyId &key, Completion<> done)
{
    forget(key);
    m_store.remove(key.text, {this, [this, key, done = std::move(done)](Result<> removed) mutable {
                                  forget(key);
                                  done(std::move(removed));
                              }});
}

void KeyRing::dropAll()
{
    m_held.clear();
    ++m_generation;
}

QString KeyRing::storeKind() const
{
    return m_store.kind();
}

void KeyRing::hold(const KeyId &key, Secret secret, const QString &destination)
{
    m_held[key] = Held{std::move(secret), destination, m_clock.monotonic()};
    if (!m_timerRuns)
        dropIdleIn(idleTime);
}

void KeyRing::dropIdleIn(Milliseconds delay)
{
    m_timerRuns = true;
    m_clock.after(delay, this, [this] { dropIdle(); });
}

void KeyRing::dropIdle()
{
    m_timerRuns = false;
    const Milliseconds now = m_clock.monotonic();
    std::erase_if(m_held, [&](const auto &held) { return now - held.second.lastUse >= idleTime; });
    Milliseconds longest = Milliseconds::zero();
    for (const auto &held : m_held)
        longest = std::max(longest, now - held.second.lastUse);
    if (!m_held.empty())
        dropIdleIn(idleTime - longest);
}

void KeyRing::forget(const KeyId &key)
{
    m_held.erase(key);
    ++m_generation;
}

} // namespace mcpcore
