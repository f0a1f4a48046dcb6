// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "control/ProfileSeal.h"
#include "gateway/Locks.h"

// The conversation with the store of the keys: the keychain, or the key file.

namespace mcpcore {

namespace {

constexpr Milliseconds kPatience{3'000}; // a start goes on after that, held
constexpr Milliseconds kAskAgain{5'000};

} // namespace

void ProfileSeal::ask(Ask how, Completion<> done)
{
    m_how = how;
    const auto owed = std::make_shared<Completion<>>(std::move(done));
    // A dialog that waits for a password must not keep the window and those who wait for an answer from theirs.
    m_clock.after(kPatience, this, [this, owed] {
        if (m_found == Found::Nothing)
            found(Found::Locked, QStringLiteral("The %1 does not answer; it may be waiting for you to unlock it.").arg(place()));
        (*owed)({});
    });
    read({this, [owed](Result<>) { (*owed)({}); }});
}

void ProfileSeal::read(Completion<> done)
{
    const auto readNow = [this](Completion<> after) {
        const auto owed = std::make_shared<Completion<>>(std::move(after));
        m_store.read(ProfileKey::itemName(), {this, [this, owed](Result<Secret> item) {
                                                  if (item) {
                                                      auto key = ProfileKey::fromItem(*item);
                                                      m_foundOwned = key && key->ownedByApp;
                                                      if (key)
                                                          m_key = std::move(*key);
                                                      found(key ? Found::Key : Found::Locked, key ? QString() : key.error().message);
                                                      return (*owed)({});
                                                  }
                                                  const QString why = item.error().message;
                                                  if (item.error().kind == Error::Kind::NotFound) {
                                                      found(Found::Missing, why);
                                                      return (*owed)({});
                                                  }
                                                  m_store.probe({this, [this, owed, why](Result<> open) {
                                                                     found(open ? Found::None : Found::Locked, why);
                                                                     (*owed)({});
                                                                 }});
                                              }});
    };
    if (m_how == Ask::MayPrompt)
        return readNow(std::move(done));
    m_store.probe({this, [this, readNow, done = std::move(done)](Result<> open) mutable {
                       if (open)
                           return readNow(std::move(done));
                       found(Found::Locked, open.error().message);
                       done({});
                   }});
}

void ProfileSeal::found(Found what, const QString &why)
{
    const bool late = m_opened && isHeld() && !m_personResumes;
    m_found = what;
    m_why = why;
    if (late && (what == Found::Key || what == Found::None))
        decide({});
}

void ProfileSeal::settle(const ActivityLog::Opened &opened, Completion<> done)
{
    m_opened = opened;
    const auto sealed = parseJson({opened.seal.constData(), size_t(opened.seal.size())});
    m_recordedKey = sealed ? stringAt(*sealed, "key", {}).toLatin1() : QByteArray();
    decide(std::move(done));
}

void ProfileSeal::decide(Completion<> done)
{
    const bool neverHadKey = m_recordedKey.isEmpty();
    switch (m_found) {
    case Found::Key: return use(std::move(done));
    case Found::Missing:
        if (neverHadKey || m_personResumes)
            return make(std::move(done));
        return hold(QStringLiteral("Nothing is sent: the %1 has no key for this profile any more, so that nobody can tell whether its "
                                   "files were changed. Look at its rules, clients and connections, then resume: that makes a new key.")
                        .arg(place()),
                    std::move(done));
    case Found::None:
        if (neverHadKey)
            return stayUnsigned(m_why, std::move(done));
        return hold(QStringLiteral("Nothing is sent: this profile has a key in a keychain, and there is no keychain in this session. Start "
                                   "its keyring, such as gnome-keyring or KWallet."),
                    std::move(done));
    case Found::Nothing:
    case Found::Locked:
        return hold(
            QStringLiteral("Nothing is sent: the key of this profile is in the %1, and that cannot be read. %2").arg(place(), m_why),
            std::move(done));
    }
}

void ProfileSeal::hold(const QString &text, Completion<> done)
{
    m_state = State::Held;
    m_text = text;
    m_locks.hold(text);
    m_log.markWithoutKey();
    Q_EMIT problemChanged(problem());
    if (m_how == Ask::MayPrompt && m_found != Found::Missing)
        askAgainLater();
    done({});
}

void ProfileSeal::lookAgain(Completion<> done)
{
    if (!m_opened || m_state == State::Sealed)
        return done({});
    read({this, [this, done = std::move(done)](Result<>) mutable {
              // A key that came has been taken by now; what has none yet, or never had one, gets one in the store that is there.
              const bool isHere = m_found == Found::Key || m_found == Found::Missing;
              if (m_state == State::Sealed || !isHere)
                  return done({});
              decide(std::move(done));
          }});
}

// Without asking the person again: only whether the keychain can be read by now.
void ProfileSeal::askAgainLater()
{
    if (std::exchange(m_asksAgain, true))
        return;
    m_clock.after(kAskAgain, this, [this] {
        m_asksAgain = false;
        if (!isHeld())
            return;
        m_how = Ask::Quietly;
        read({this, [this](Result<>) {
                  m_how = Ask::MayPrompt;
                  if (isHeld() && m_found == Found::Missing)
                      decide({});
                  else if (isHeld())
                      askAgainLater();
              }});
    });
}

void ProfileSeal::stayUnsigned(const QString &why, Completion<> done)
{
    const bool waited = m_locks.isHeld();
    m_state = State::Unsigned;
    m_text = QStringLiteral("There is no keychain here: workspace.json and the activity log are not signed, and who can write the files of "
                            "this profile can change them unseen.");
    if (m_opened->seal.isEmpty())
        m_log.append({LogRow::Kind::Seal, {}, m_text, toBytes(Json{{"key", ""}, {"why", why}})});
    if (waited)
        Q_EMIT keyCame();
    Q_EMIT problemChanged(problem());
    done({});
}

void ProfileSeal::make(Completion<> done)
{
    auto key = std::make_shared<ProfileKey>(ProfileKey::make(m_ids));
    key->log = m_opened->log.toLatin1();
    key->ownedByApp = m_owned;
    m_store.write(ProfileKey::itemName(), key->toItem(), {this, [this, key, done = std::move(done)](Result<> stored) mutable {
                                                              if (stored) {
                                                                  m_key = std::move(*key);
                                                                  m_isNew = true;
                                                                  return use(std::move(done));
                                                              }
                                                              if (m_recordedKey.isEmpty())
                                                                  return stayUnsigned(stored.error().message, std::move(done));
                                                              m_found = Found::Locked;
                                                              m_why = stored.error().message;
                                                              decide(std::move(done));
                                                          }});
}

void ProfileSeal::use(Completion<> done)
{
    const QByteArray fingerprint = m_key->fingerprint();
    // What was stored and never used for a row is the key of a first start that did not come far.
    if (m_recordedKey.isEmpty() && m_key->seals == 0 && !m_key->ownedByApp)
        m_isNew = true;
    m_log.setKey(m_key->keyFor(ProfileKey::Purpose::Log),
                 {this, [this, fingerprint, done = std::move(done)](Result<Anchor::Found> anchor) mutable {
                      m_anchor = anchor ? std::optional(*anchor) : std::nullopt;
                      const bool waited = m_locks.isHeld();
                      m_state = State::Sealed;
                      m_text.clear();
                      m_number = std::max(m_number, m_key->seals);
                      if (m_recordedKey != fingerprint)
                          m_log.append({LogRow::Kind::Seal,
                                        {},
                                        m_recordedKey.isEmpty()
                                            ? QStringLiteral("The profile has a key in the %1 from now on.").arg(place())
                                            : QStringLiteral("The profile has another key in the %1 than before.").arg(place()),
                                        toBytes(Json{{"key", QString::fromLatin1(fingerprint)}})});
                      if (m_owned && !m_key->ownedByApp)
                          belongsToApp();
                      if (waited)
                          Q_EMIT keyCame();
                      Q_EMIT problemChanged(problem());
                      done({});
                  }});
}

void ProfileSeal::store()
{
    if (std::exchange(m_storing, true)) {
        m_storeAgain = true;
        return;
    }
    // A failure is made up for by the next time; until then an older state could come back unseen, nothing else.
    m_store.write(ProfileKey::itemName(), m_key->toItem(), {this, [this](Result<>) {
                                                                m_storing = false;
                                                                if (std::exchange(m_storeAgain, false))
                                                                    return store();
                                                                for (Completion<> &done : std::exchange(m_waiting, {}))
                                                                    done({});
                                                            }});
}

void ProfileSeal::whenStored(Completion<> done)
{
    if (!m_storing)
        return done({});
    m_waiting.push_back(std::move(done));
}

} // namespace mcpcore
