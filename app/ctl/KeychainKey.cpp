// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/KeychainKey.h"
#include "app/ctl/Passphrase.h"
#include "secrets/KeyFile.h"
#include "secrets/KeychainStore.h"
#include <QCoreApplication>

namespace app {

using namespace mcpcore;

namespace {

Result<ProfileKey> keyInFile(const Invocation &invocation, const QString &path)
{
    if (!invocation.passphraseFd)
        return failure(Error::Kind::Locked, QStringLiteral("The key of this profile is in its key file; give the passphrase with "
                                                           "--passphrase-fd to check with it."));
    const auto passphrase = askPassphrase(invocation, Prompt::Current);
    if (!passphrase)
        return failure(passphrase.error());
    KeyFile file(path);
    const auto opened = file.open(*passphrase);
    const auto item = opened ? file.read(ProfileKey::itemName()) : failure(opened.error());
    return item ? ProfileKey::fromItem(*item) : failure(item.error());
}

} // namespace

Result<ProfileKey> keychainKeyOf(const Invocation &invocation, const Profile &profile)
{
    if (KeyFile::existsAt(profile.keys()))
        return keyInFile(invocation, profile.keys());
    const SystemClock clock;
    KeychainStore store(profile.keychainService(), clock);
    Result<ProfileKey> key = failure(Error::Kind::Abandoned, QStringLiteral("Interrupted."));
    const auto end = [&key](Result<ProfileKey> answer) {
        key = std::move(answer);
        QCoreApplication::quit();
    };
    store.probe(Completion<>(&store, [&store, end](Result<> open) {
        if (!open)
            return end(failure(open.error()));
        store.read(ProfileKey::itemName(), Completion<Secret>(&store, [end](Result<Secret> item) {
                       end(item ? ProfileKey::fromItem(*item) : failure(item.error()));
                   }));
    }));
    QCoreApplication::exec();
    return key;
}

} // namespace app
