// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/KeychainKey.h"
#include "secrets/KeychainStore.h"
#include <QCoreApplication>

namespace app {

using namespace mcpcore;

Result<ProfileKey> keychainKeyOf(const Profile &profile)
{
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
