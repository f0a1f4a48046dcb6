// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/SignIn.h"
#include "secrets/KeyRing.h"
#include <QUrl>

namespace mcpcore {

namespace {

// A server that cannot renew is asked again after this, while the access lasts.
constexpr Milliseconds renewalPause = std::chrono::seconds(30);
const QString kCancelled = QStringLiteral("The sign-in was cancelled.");

QString hostOf(const QByteArray &address)
{
    return QUrl(QString::fromUtf8(address)).host().left(253);
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

} // namespace

// What is known of the sign-in of one connection in one environment, besides what the keychain keeps.
struct SignIn::Slot {
    Connection connection;
    Environment environment;
    KeyId item;         // the sign-in
    KeyId registration; // the client, without tokens
    std::optional<Challenge> challenge;
    bool wasRefused = false; // the access, since it was renewed last
    bool renewing = false;
    Milliseconds nextRenewal{};              // monotonic, after one that failed
    std::vector<Completion<Secret>> waiting; // for the renewal
    quint64 generation = 0;                  // what was read before a change is read again

    qint64 attemptNumber = 0;
    Attempt *attempt = nullptr; // child of SignIn
    int beginning = 0;          // sign-ins that wait for the keychain
    quint64 cancelled = 0;      // how often; those that began before do not go on
    Result<> attemptEnd;
    std::vector<Completion<SignInState>> waitingForAttempt;

    const HttpTarget &target() const { return std::get<HttpTarget>(connection.target); }
    QString url() const { return target().urls.value(environment.id); }
    QString destination() const { return destinationOf(connection, environment.id); }
    HttpRequest::Reach reach() const { return reachFor(url()); }
    QString toSignIn() const
    {
        return QStringLiteral("countersignctl connection sign-in %1 %2").arg(connection.id.text, environment.id.text);
    }
    Error needsPerson(const QString &why) const
    {
        return {Error::Kind::SecretUnavailable, QStringLiteral("%1 Sign in: %2.").arg(why, toSignIn())};
    }
    Error signedOut() const
    {
        return needsPerson(QStringLiteral("Not sent: nobody is signed in to %1 in %2.").arg(connection.id.text, environment.id.text));
    }
    Error ended() const
    {
        return needsPerson(QStringLiteral("Not sent: the sign-in to %1 in %2 has ended.").arg(connection.id.text, environment.id.text));
    }
};

SignIn::SignIn(CurlLoop &loop, KeyRing &keys, const Clock &clock, Ids &ids, QObject *parent)
    : QObject(parent), m_fetches(loop), m_keys(keys), m_clock(clock), m_ids(ids)
{}

SignIn::~SignIn()
{
    for (const auto &[id, slot] : m_slots)
        delete std::exchange(slot->attempt, nullptr); // before what it fetches with
}

QStringList SignIn::itemNames(const ConnectionId &connection, const EnvironmentId &environment)
{
    const QString place = connection.text + QLatin1Char(':') + environment.text;
    return {QStringLiteral("sign-in:") + place, QStringLiteral("client:") + place};
}

SignIn::Slot &SignIn::slotOf(const Connection &connection, const Environment &environment)
{
    auto &slot = m_slots[{connection.id, environment.id}];
    if (!slot) {
        slot = std::make_unique<Slot>();
        const QStringList names = itemNames(connection.id, environment.id);
        slot->item = {names[0]};
        slot->registration = {names[1]};
    }
    slot->connection = connection; // as it is now
    slot->environment = environment;
    return *slot;
}

void SignIn::read(Slot &slot, Completion<StoredSignIn> done)
{
    m_keys.read(slot.item, slot.environment.kind, slot.destination(),
                Completion<Secret>(this, [this, &slot, generation = slot.generation, done = std::move(done)](Result<Secret> item) mutable {
                    if (generation != slot.generation)
                        return read(slot, std::move(done));
                    done(item ? StoredSignIn::fromItem(*item) : failure(item.error()));
                }));
}

void SignIn::write(Slot &slot, const StoredSignIn &stored, Completion<> done)
{
    m_keys.write(slot.item, stored.toItem(), slot.destination(),
                 Completion<>(this, [this, &slot, done = std::move(done)](Result<> written) mutable {
                     ++slot.generation;
                     done(std::move(written));
                     tell(slot);
                 }));
}

void SignIn::token(const Connection &connection, const Environment &environment, Completion<Secret> done)
{
    Slot &slot = slotOf(connection, environment);
    if (slot.renewing)
        return slot.waiting.push_back(std::move(done));
    read(slot, Completion<StoredSignIn>(this, [this, &slot, done = std::move(done)](Result<StoredSignIn> stored) mutable {
             if (stored)
                 return giveToken(slot, std::move(*stored), std::move(done));
             switch (stored.error().kind) {
             case Error::Kind::NotFound: return done(failure(slot.signedOut()));
             case Error::Kind::Conflict:
                 return done(failure(slot.needsPerson(
                     QStringLiteral("Not sent: the address of %1 changed since the sign-in.").arg(slot.connection.id.text))));
             default: return done(failure(stored.error()));
             }
         }));
}

void SignIn::giveToken(Slot &slot, StoredSignIn stored, Completion<Secret> done)
{
    if (slot.renewing)
        return slot.waiting.push_back(std::move(done));
    const Milliseconds now = m_clock.wall();
    const bool over = stored.access.isEmpty() || (stored.expires.count() > 0 && now >= stored.expires);
    const bool due = over || slot.wasRefused || (stored.renewAt.count() > 0 && now >= stored.renewAt);
    const bool may = !stored.refresh.isEmpty() && (over || slot.wasRefused || m_clock.monotonic() >= slot.nextRenewal);
    if (due && may) {
        slot.waiting.push_back(std::move(done));
        return renew(slot, std::move(stored));
    }
    if (over)
        return done(failure(slot.ended()));
    done(std::move(stored.access));
}

void SignIn::renew(Slot &slot, StoredSignIn stored)
{
    slot.renewing = true;
    const QByteArray scopes = stored.scopes.join(' ');
    HttpRequest request = formRequest(stored.tokenEndpoint, stored.client,
                                      {{"grant_type", "refresh_token"},
                                       {"refresh_token", stored.refresh.reveal()},
                                       {"resource", viewOf(stored.resource)},
                                       {"scope", viewOf(scopes)}},
                                      slot.reach());
    m_fetches.send(std::move(request), Completion<Fetched>(this, [this, &slot, generation = slot.generation,
                                                                  stored = std::move(stored)](Result<Fetched> fetched) mutable {
                       if (generation != slot.generation) { // signed out, or in anew, meanwhile
                           slot.renewing = false;
                           return answerWaiting(slot, failure(slot.signedOut()));
                       }
                       if (!fetched)
                           return takeRenewed(slot, std::move(stored), failure(fetched.error()));
                       auto answer = readTokenAnswer(fetched->status, fetched->body, stored.client.issuer);
                       wipe(fetched->body);
                       takeRenewed(slot, std::move(stored), std::move(answer));
                   }));
}

void SignIn::takeRenewed(Slot &slot, StoredSignIn stored, Result<TokenAnswer> answer)
{
    const Milliseconds now = m_clock.wall();
    if (!answer && answer.error().kind != Error::Kind::Unauthorized) {
        slot.renewing = false;
        slot.nextRenewal = m_clock.monotonic() + renewalPause;
        const bool over = stored.access.isEmpty() || (stored.expires.count() > 0 && now >= stored.expires);
        if (!over && !slot.wasRefused)
            return answerWaiting(slot, std::move(stored.access));
        return answerWaiting(slot,
                             failure(Error::Kind::SecretUnavailable, QStringLiteral("Not sent: the sign-in to %1 could not be renewed. %2")
                                                                         .arg(slot.connection.id.text, answer.error().message)));
    }
    if (answer) {
        stored.take(std::move(*answer), now);
    } else { // the server ended it: only a person can go on
        stored.access = Secret();
        stored.refresh = Secret();
    }
    slot.wasRefused = false;
    slot.nextRenewal = {};
    auto access = std::make_shared<Secret>(stored.access.duplicate());
    // The keychain has the new tokens before anybody uses them: the old ones may be worth nothing now.
    write(slot, stored, Completion<>(this, [this, &slot, access](Result<> written) {
              slot.renewing = false;
              if (!written)
                  answerWaiting(slot, failure(written.error()));
              else if (access->isEmpty())
                  answerWaiting(slot, failure(slot.ended()));
              else
                  answerWaiting(slot, std::move(*access));
          }));
}

void SignIn::answerWaiting(Slot &slot, const Result<Secret> &result)
{
    for (Completion<Secret> &done : std::exchange(slot.waiting, {}))
        done(result ? Result<Secret>(result->duplicate()) : failure(result.error()));
}

QString SignIn::refused(const Connection &connection, const Environment &environment, int status, std::string_view head)
{
    Slot &slot = slotOf(connection, environment);
    const auto challenge = challengeIn(head);
    const QString host = QUrl(slot.url()).host();
    if (challenge)
        slot.challenge = challenge;
    if (status == 401 || challenge)
        tell(slot);
    if (status == 401) {
        slot.wasRefused = true;
        return QStringLiteral("%1 did not accept the sign-in. Try again: it is renewed first. If this comes back, sign in again: %2.")
            .arg(host, slot.toSignIn());
    }
    if (challenge && challenge->error == "insufficient_scope")
        return QStringLiteral("%1 wants more access than you gave (%2). Sign in again to give it: %3.")
            .arg(host, plain(challenge->scopes ? challenge->scopes->join(' ').toStdString() : "not said which"), slot.toSignIn());
    return QStringLiteral("%1 refused access: the account that is signed in may not do this.").arg(host);
}

void SignIn::begin(const Connection &connection, const Environment &environment, Secret clientSecret, Completion<Page> done)
{
    Slot &slot = slotOf(connection, environment);
    if (slot.attempt)
        slot.attempt->cancel(QStringLiteral("Another sign-in to %1 in %2 was started.").arg(connection.id.text, environment.id.text));
    if (slot.destination().isEmpty())
        return done(
            failure(Error::Kind::InvalidArgument,
                    QStringLiteral("%1 has no valid address in %2. Correct the connection.").arg(connection.id.text, environment.id.text)));
    auto secret = std::make_shared<Secret>(std::move(clientSecret));
    ++slot.beginning;
    const quint64 cancelled = slot.cancelled;
    // Read each time, never held: Production.
    m_keys.read(slot.registration, EnvironmentKind::Production, slot.destination(),
                Completion<Secret>(this, [this, &slot, secret, cancelled, done = std::move(done)](Result<Secret> item) mutable {
                    std::optional<OAuthClient> registration;
                    if (item)
                        if (auto stored = StoredSignIn::fromItem(*item))
                            registration = std::move(stored->client);
                    read(slot, Completion<StoredSignIn>(this, [this, &slot, secret, cancelled, registration = std::move(registration),
                                                               done = std::move(done)](Result<StoredSignIn> stored) mutable {
                             --slot.beginning;
                             if (cancelled != slot.cancelled)
                                 return done(failure(Error::Kind::Cancelled, kCancelled));
                             launch(slot, std::move(*secret), std::move(registration), stored ? stored->scopes : QByteArrayList(),
                                    std::move(done));
                         }));
                }));
}

void SignIn::launch(Slot &slot, Secret clientSecret, std::optional<OAuthClient> registration, QByteArrayList scopesBefore,
                    Completion<Page> done)
{
    if (slot.attempt)
        return done(failure(
            Error::Kind::Conflict,
            QStringLiteral("Another sign-in to %1 in %2 was started meanwhile.").arg(slot.connection.id.text, slot.environment.id.text)));
    const HttpAuth &auth = slot.target().auth;
    slot.attemptNumber = ++m_lastAttempt;
    slot.attemptEnd = {};
    slot.attempt = new Attempt(m_fetches, m_clock, m_ids,
                               {slot.url(), auth.clientId.toUtf8(), auth.clientDocument.toUtf8(), std::move(clientSecret), slot.challenge,
                                std::move(scopesBefore), std::move(registration)},
                               this);
    slot.attempt->start(
        Completion<QByteArray>(this,
                               [number = slot.attemptNumber, done = std::move(done)](Result<QByteArray> address) mutable {
                                   done(address ? Result<Page>(Page{number, *address}) : failure(address.error()));
                               }),
        Completion<StoredSignIn>(this, [this, &slot](Result<StoredSignIn> stored) { takeFinished(slot, std::move(stored)); }));
    tell(slot);
}

void SignIn::takeFinished(Slot &slot, Result<StoredSignIn> stored)
{
    Attempt *attempt = std::exchange(slot.attempt, nullptr);
    if (!attempt) // it ends with us
        return;
    attempt->deleteLater(); // it is telling us
    if (const OAuthClient *client = attempt->newRegistration()) {
        StoredSignIn registration;
        registration.client = client->duplicate();
        m_keys.write(slot.registration, registration.toItem(), slot.destination(), Completion<>(this, [](Result<>) {}));
    }
    if (!stored)
        return endAttempt(slot, failure(stored.error()));
    slot.challenge.reset();
    slot.wasRefused = false;
    slot.nextRenewal = {};
    ++slot.generation;
    write(slot, *stored, Completion<>(this, [this, &slot](Result<> written) { endAttempt(slot, written); }));
}

void SignIn::endAttempt(Slot &slot, const Result<> &how)
{
    slot.attemptEnd = how;
    for (Completion<SignInState> &done : std::exchange(slot.waitingForAttempt, {})) {
        if (how)
            state(slot.connection, slot.environment, std::move(done));
        else
            done(failure(how.error()));
    }
    tell(slot);
}

void SignIn::tell(const Slot &slot)
{
    Q_EMIT changed(slot.connection.id, slot.environment.id);
}

bool SignIn::cancel(const Connection &connection, const Environment &environment)
{
    Slot &slot = slotOf(connection, environment);
    const bool any = slot.attempt || slot.beginning > 0;
    ++slot.cancelled;
    if (slot.attempt)
        slot.attempt->cancel(kCancelled);
    return any;
}

void SignIn::wait(qint64 attempt, Completion<SignInState> done)
{
    for (const auto &[id, slot] : m_slots) {
        if (slot->attemptNumber != attempt || attempt == 0)
            continue;
        slot->waitingForAttempt.push_back(std::move(done));
        if (!slot->attempt)
            endAttempt(*slot, Result<>(slot->attemptEnd));
        return;
    }
    done(failure(Error::Kind::NotFound, QStringLiteral("This sign-in was replaced by another one.")));
}

void SignIn::signOut(const Connection &connection, const Environment &environment, Completion<Revoked> done)
{
    Slot &slot = slotOf(connection, environment);
    ++slot.cancelled;
    if (slot.attempt)
        slot.attempt->cancel(QStringLiteral("Signed out of %1 in %2.").arg(connection.id.text, environment.id.text));
    ++slot.generation;
    slot.challenge.reset();
    slot.wasRefused = false;
    read(slot, Completion<StoredSignIn>(this, [this, &slot, done = std::move(done)](Result<StoredSignIn> stored) mutable {
             auto ended = std::make_shared<Result<StoredSignIn>>(std::move(stored));
             m_keys.remove(slot.item, Completion<>(this, [this, &slot, ended, done = std::move(done)](Result<> removed) mutable {
                               ++slot.generation;
                               if (!removed)
                                   return done(failure(removed.error()));
                               tell(slot);
                               const StoredSignIn *was = *ended ? &**ended : nullptr;
                               const bool hasToken = was && !(was->refresh.isEmpty() && was->access.isEmpty());
                               if (!hasToken || was->revocationEndpoint.isEmpty())
                                   return done(Revoked::NotOffered);
                               const bool refresh = !was->refresh.isEmpty();
                               m_fetches.send(formRequest(was->revocationEndpoint, was->client,
                                                          {{"token", (refresh ? was->refresh : was->access).reveal()},
                                                           {"token_type_hint", refresh ? "refresh_token" : "access_token"}},
                                                          slot.reach()),
                                              Completion<Fetched>(this, [done = std::move(done)](Result<Fetched> fetched) mutable {
                                                  done(fetched && fetched->status == 200 ? Revoked::Yes : Revoked::No);
                                              }));
                           }));
         }));
}

void SignIn::forget(const Connection &connection, const Environment &environment, Completion<Revoked> done)
{
    Slot &slot = slotOf(connection, environment);
    signOut(connection, environment, Completion<Revoked>(this, [this, &slot, done = std::move(done)](Result<Revoked> revoked) mutable {
                if (!revoked)
                    return done(failure(revoked.error()));
                m_keys.remove(slot.registration, Completion<>(this, [told = *revoked, done = std::move(done)](Result<> removed) mutable {
                                  done(removed ? Result<Revoked>(told) : failure(removed.error()));
                              }));
            }));
}

void SignIn::state(const Connection &connection, const Environment &environment, Completion<SignInState> done)
{
    Slot &slot = slotOf(connection, environment);
    read(slot, Completion<StoredSignIn>(
                   this, [this, &slot, done = std::move(done)](Result<StoredSignIn> stored) mutable { done(stateOf(slot, stored)); }));
}

SignInState SignIn::stateOf(const Slot &slot, const Result<StoredSignIn> &stored) const
{
    SignInState state;
    if (!stored) {
        const Error::Kind kind = stored.error().kind;
        state.kind = kind == Error::Kind::NotFound   ? SignInState::Kind::SignedOut
                     : kind == Error::Kind::Conflict ? SignInState::Kind::SignInAgain
                                                     : SignInState::Kind::Unknown;
        if (kind != Error::Kind::NotFound)
            state.trouble = kind == Error::Kind::Conflict ? QStringLiteral("The address of this connection changed since the sign-in.")
                                                          : stored.error().message;
    } else {
        state.account = stored->account;
        state.at = hostOf(stored->client.issuer);
        state.scopes = stored->scopes;
        state.expires = stored->expires;
        state.renews = !stored->refresh.isEmpty();
        const bool over = stored->access.isEmpty() || (stored->expires.count() > 0 && m_clock.wall() >= stored->expires);
        state.kind = over && !state.renews ? SignInState::Kind::SignInAgain : SignInState::Kind::SignedIn;
        if (state.kind == SignInState::Kind::SignedIn && slot.challenge && slot.challenge->error == "insufficient_scope") {
            state.kind = SignInState::Kind::MoreAccess;
            if (slot.challenge->scopes)
                state.trouble = QStringLiteral("The server wants more: %1.").arg(plain(slot.challenge->scopes->join(' ').toStdString()));
        } else if (state.kind == SignInState::Kind::SignedIn && slot.wasRefused) {
            state.trouble = QStringLiteral("The server refused the last request. The access is renewed before the next one.");
        }
    }
    if (slot.attempt)
        state.kind = SignInState::Kind::Waiting;
    return state;
}

} // namespace mcpcore
