// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/Control.h"
#include "control/ProfileSeal.h"
#include "secrets/KeyRing.h"
#include "secrets/ProfileStore.h"
#include "store/WorkspaceFile.h"
#include "upstream/signin/SignIn.h"

// Where keys are kept: the OS keychain or the encrypted file of the profile.

namespace mcpcore {

namespace {

QString nameOf(const QString &store)
{
    return store == QLatin1String("file") ? QStringLiteral("key file") : QStringLiteral("keychain");
}

Secret secretAt(const Json &parameters, const char *member)
{
    const Json *found = memberAt(parameters, member);
    const std::string *text = found ? found->get_ptr<const std::string *>() : nullptr;
    return text ? Secret(*text) : Secret();
}

} // namespace

void Control::addStoreCommands()
{
    m_commands[QStringLiteral("key move")] = {&Control::moveKeys, [this](const Json &parameters) -> Result<QString> {
                                                  const QString to = stringAt(parameters, "to", {});
                                                  return to == m_services.keys.storeKind()
                                                             ? QString() // they are there
                                                             : QStringLiteral("Move all keys of this profile to the %1?").arg(nameOf(to));
                                              }};
    m_commands[QStringLiteral("key passphrase")] = {&Control::changePassphrase, [](const Json &) -> Result<QString> {
                                                        return QStringLiteral("Change the passphrase of the key file?");
                                                    }};
}

// What `status` says of the place of the keys.
Json Control::keyStore() const
{
    const bool inFile = m_services.store && m_services.store->isInFile();
    QString state = QStringLiteral("open");
    if (inFile ? m_services.store->isLocked() : m_services.seal.isHeld())
        state = QStringLiteral("locked");
    else if (!inFile && m_services.seal.state() == ProfileSeal::State::Unsigned)
        state = QStringLiteral("none");
    return Json{{"store", m_services.keys.storeKind()}, {"state", state}};
}

// The names of everything that may be in the store, which a keychain cannot list.
QStringList Control::storedNames() const
{
    // Without a keychain nothing was ever stored, and asking it for each would only fail.
    if (m_services.seal.state() == ProfileSeal::State::Unsigned && workspace().keys.isEmpty())
        return {};
    QStringList names{ProfileKey::itemName()};
    for (const KeyRecord &key : workspace().keys)
        names << key.id.text;
    for (const Connection &connection : workspace().connections)
        if (needsSignIn(connection))
            for (const EnvironmentId &environment : connection.environments)
                names << SignIn::itemNames(connection.id, environment);
    return names;
}

void Control::moveKeys(const Json &parameters, Completion<Json> done)
{
    const QString to = stringAt(parameters, "to", {});
    if (to != QLatin1String("keychain") && to != QLatin1String("file"))
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Say where to: keychain or file.")));
    if (to == m_services.keys.storeKind())
        return done(Json{{"store", to}, {"moved", 0}, {"keys", workspace().keys.size()}});
    if (!m_services.store)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("Keys cannot be moved here. Nothing was moved.")));
    Completion<ProfileStore::Moved> moved(this, [this, to, done = std::move(done)](Result<ProfileStore::Moved> result) mutable {
        if (!result)
            return done(failure(result.error()));
        // A profile without a keychain had no key of its own: it has one now, and its first seal with it.
        m_services.seal.lookAgain({this, [this, to, result = *result, done = std::move(done)](Result<>) mutable {
                                       takeMoved(to, result.items, result.left, std::move(done));
                                   }});
    });
    if (to == QLatin1String("file"))
        m_services.store->moveToFile(storedNames(), secretAt(parameters, "secret"), std::move(moved));
    else
        m_services.store->moveToKeychain(std::move(moved));
}

void Control::takeMoved(const QString &to, qsizetype items, qsizetype left, Completion<Json> done)
{
    const QString title = QStringLiteral("Moved the keys of this profile to the %1 (%2 items).").arg(nameOf(to)).arg(items);
    const auto changed = change(title, [&](Workspace &edited) -> Result<> {
        for (KeyRecord &key : edited.keys)
            key.store = to;
        return {};
    });
    m_services.log.append({LogRow::Kind::Key, {}, title, {}});
    if (!changed)
        return done(failure(changed.error().kind, QStringLiteral("The keys are in the %1 now, but workspace.json does not say so yet. %2")
                                                      .arg(nameOf(to), changed.error().message)));
    Json answer{{"store", to}, {"moved", items}, {"keys", workspace().keys.size()}};
    if (left > 0)
        answer["note"] =
            QStringLiteral("%1 copies are still in the keychain, which did not remove them. They are removed when the key file "
                           "is opened the next time.")
                .arg(left);
    done(std::move(answer));
}

void Control::changePassphrase(const Json &parameters, Completion<Json> done)
{
    if (!m_services.store)
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("There is no key file here. Nothing was changed.")));
    m_services.store->changePassphrase(
        secretAt(parameters, "oldSecret"), secretAt(parameters, "secret"),
        {this, [this, done = std::move(done)](Result<> changed) mutable {
             if (!changed)
                 return done(failure(changed.error()));
             m_services.log.append({LogRow::Kind::Key, {}, QStringLiteral("Changed the passphrase of the key file."), {}});
             done(Json{{"store", m_services.keys.storeKind()}, {"changed", true}});
         }});
}

} // namespace mcpcore
