// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Connection.h"
#include "model/ConnectionState.h"
#include "model/Environment.h"
#include "upstream/signin/Attempt.h"
#include <map>

namespace mcpcore {

class KeyRing;

// Sign-ins by OAuth 2.1: starts them, keeps what they bring in the keychain (one item for a connection in an environment,
// bound to its address), gives the access for each request and renews it ahead of its end, once for all who wait. Core thread.
class SignIn final : public QObject
{
    Q_OBJECT
public:
    SignIn(CurlLoop &loop, KeyRing &keys, const Clock &clock, Ids &ids, QObject *parent = nullptr);
    ~SignIn() override;

    // Where the store of the keys has what belongs to a sign-in.
    static QStringList itemNames(const ConnectionId &connection, const EnvironmentId &environment);

    // The access of a connection, for one request. SecretUnavailable says what to do when a person has to sign in.
    void token(const Connection &connection, const Environment &environment, Completion<Secret> done);
    // The server refused a request that carried it (401 or 403). Returns the sentence for people; the access is renewed
    // before the next request where that can help. `head` holds the lines of the answer's head.
    QString refused(const Connection &connection, const Environment &environment, int status, std::string_view head);

    struct Page {
        qint64 attempt;
        QByteArray address;
    };
    // Finds out where to sign in, and gives the address for the browser. An earlier attempt for the same ends.
    void begin(const Connection &connection, const Environment &environment, Secret clientSecret, Completion<Page> done);
    // Answers when the attempt has ended, with what stands then.
    void wait(qint64 attempt, Completion<SignInState> done);

    // Ends the attempt for this place, also one that has no page yet. False when there is none.
    bool cancel(const Connection &connection, const Environment &environment);

    enum class Revoked { Yes, No, NotOffered };
    // Forgets the sign-in, and tells the server where it can be told.
    void signOut(const Connection &connection, const Environment &environment, Completion<Revoked> done);
    // The same, and our registration there is forgotten too: the connection goes.
    void forget(const Connection &connection, const Environment &environment, Completion<Revoked> done);
    void state(const Connection &connection, const Environment &environment, Completion<SignInState> done);

Q_SIGNALS:
    // What state() answers may be something else now.
    void changed(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment);

private:
    struct Slot;
    Slot &slotOf(const Connection &connection, const Environment &environment);
    void read(Slot &slot, Completion<StoredSignIn> done);
    void write(Slot &slot, const StoredSignIn &stored, Completion<> done);
    void giveToken(Slot &slot, StoredSignIn stored, Completion<Secret> done);
    void renew(Slot &slot, StoredSignIn stored);
    void takeRenewed(Slot &slot, StoredSignIn stored, Result<TokenAnswer> answer);
    void answerWaiting(Slot &slot, const Result<Secret> &result);
    void launch(Slot &slot, Secret clientSecret, std::optional<OAuthClient> registration, QByteArrayList scopesBefore,
                Completion<Page> done);
    void takeFinished(Slot &slot, Result<StoredSignIn> stored);
    void endAttempt(Slot &slot, const Result<> &how);
    void tell(const Slot &slot);
    SignInState stateOf(const Slot &slot, const Result<StoredSignIn> &stored) const;

    Fetches m_fetches;
    KeyRing &m_keys;
    const Clock &m_clock;
    Ids &m_ids;
    std::map<std::pair<ConnectionId, EnvironmentId>, std::unique_ptr<Slot>> m_slots;
    qint64 m_lastAttempt = 0;
};

} // namespace mcpcore
