// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/ActivityLog.h"
#include "secrets/ProfileKey.h"
#include "secrets/SecretStore.h"
#include <QStringList>

namespace mcpcore {

class Locks;
class WorkspaceFile;

// Ties workspace.json, the activity log and the owner of the profile to a key in the store of the keys (DESIGN 2): whoever can
// only write files cannot forge or exchange them unseen. With a keychain they cannot turn them back either; a key file they can
// turn back together with the rest. Where there is no store and never was, nothing is sealed; where the key must be and is not to
// be had, everything that sends is held. Lives in the core thread, as long as the log.
class ProfileSeal : public QObject
{
    Q_OBJECT
public:
    enum class State {
        Sealed,   // the key is here
        Unsigned, // there is no keychain, and there never was a key
        Held,     // the key is not to be had, or not yet
    };
    // Commands of countersignctl do not make a keychain ask for its password.
    enum class Ask { MayPrompt, Quietly };

    ProfileSeal(SecretStore &store, ActivityLog &log, Locks &locks, const Clock &clock, Ids &ids, QObject *parent = nullptr);

    // Asks the keychain. Answers when it has answered, or has had its time: what comes later is taken then (keyCame).
    void ask(Ask how, Completion<> done);
    // With what the log said when it was opened: finds the state. Makes the key at the first start.
    void settle(const ActivityLog::Opened &opened, Completion<> done);
    // The store can be read by now, or is another one: looks for the key there. What waited for it goes on (keyCame).
    void lookAgain(Completion<> done);

    struct Difference {
        QString sentence;     // what does not fit
        QStringList sections; // of workspace.json, as far as it can be said
        bool ownedByApp = false;
    };
    // What was changed by others since the last start; none when all fits. What it says is on each row until looked().
    std::optional<Difference> compare(const WorkspaceFile &workspace);
    // True when the last row about workspace.json has no seal yet, or an older one.
    bool wantsRow() const { return m_state == State::Sealed && (m_isNew || m_rowOwed) && !m_start->digest.isEmpty(); }
    // The detail of a row about workspace.json as it is now.
    QByteArray detailFor(const QByteArray &before, const WorkspaceFile &workspace);
    // Of the row made last.
    qint64 number() const { return m_number; }
    // The row with this number is durable: the keychain remembers that there was one. Never a later one than is on the disk.
    void recorded(qint64 number);

    // Tells whether two keys of vendors are the same one, and nothing else to whoever has not the key of the profile. Empty
    // while that is not to be had.
    QByteArray fingerprintOf(std::string_view key) const;

    void belongsToApp();
    // A person has looked and resumes. Asks the keychain again when that is what everything waits for; SecretUnavailable
    // when it still has no answer, Conflict when the difference shows only now. A key that is gone is made anew.
    void resume(Completion<> done);
    // Everything may be sent again. Called by who heard keyCame() and has compared.
    void release();

    State state() const { return m_state; }
    bool isHeld() const { return m_state == State::Held; }
    // For people; empty when the profile is sealed and nothing is to be looked at.
    QString text() const;
    // The same when it keeps calls from being served.
    QString problem() const { return m_state == State::Unsigned ? m_difference : text(); }
    QStringList differingSections() const { return m_sections; }
    // Answers when the keychain has what it is to remember.
    void whenStored(Completion<> done);

Q_SIGNALS:
    void keyCame(); // after having been held
    void problemChanged(const QString &problem);

private:
    enum class Found { Nothing, Key, Missing, Locked, None };
    // workspace.json as it was found.
    struct Start {
        QByteArray digest;
        QString sections;
        bool ownedByApp = false;
    };
    void read(Completion<> done);
    void found(Found what, const QString &why);
    void decide(Completion<> done);
    void hold(const QString &text, Completion<> done);
    void stayUnsigned(const QString &why, Completion<> done);
    void make(Completion<> done);
    void use(Completion<> done);
    void askAgainLater();
    void store();
    QString place() const; // where keys are: "keychain" or "key file"
    QByteArray codeOf(const QByteArray &detail) const;

    SecretStore &m_store;
    ActivityLog &m_log;
    Locks &m_locks;
    const Clock &m_clock;
    Ids &m_ids;
    Ask m_how = Ask::Quietly;
    Found m_found = Found::Nothing;
    QString m_why; // the keychain's own words
    std::optional<ProfileKey> m_key;
    std::optional<ActivityLog::Opened> m_opened;
    QByteArray m_recordedKey; // fingerprint in the log; empty: it never had one
    std::optional<Anchor::Found> m_anchor;
    std::optional<Start> m_start;
    State m_state = State::Held;
    QString m_text;
    QString m_difference;
    QStringList m_sections;
    qint64 m_number = 0;    // of the newest seal
    bool m_rowOwed = false; // the newest row about workspace.json has no seal
    bool m_isNew = false;   // the key was not used for this log before
    bool m_personResumes = false;
    bool m_asksAgain = false;
    bool m_owned = false;
    bool m_foundOwned = false; // the key said so when it was found
    bool m_storing = false;
    bool m_storeAgain = false;
    std::vector<Completion<>> m_waiting; // for the keychain to have it all
};

QString toText(ProfileSeal::State state); // "sealed", "unsigned", "held"

} // namespace mcpcore
