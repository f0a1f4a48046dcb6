// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "base/Result.h"
#include "base/Secret.h"

namespace mcpcore {

// What the keychain keeps about a profile itself, in one item (read once at start): 32 random bytes from which a key for each
// purpose is derived, and what whoever can only write files must not be able to turn back. A move-only value.
struct ProfileKey {
    enum class Purpose {
        Workspace, // seals the rows about workspace.json
        Log,       // signs the anchors of the activity log and marks what is redacted in it
        Keys,      // tells keys of vendors apart
    };
    // The name of the item beside the keys of vendors.
    static QString itemName() { return QStringLiteral("profile-key"); }

    static ProfileKey make(Ids &ids);
    // InvalidRequest when the item is not one of ours.
    static Result<ProfileKey> fromItem(const Secret &item);
    Secret toItem() const;

    Secret keyFor(Purpose purpose) const;
    // Tells keys apart in the activity log, and nothing else about them.
    QByteArray fingerprint() const;

    Secret secret;
    bool ownedByApp = false; // the app opened the profile once
    qint64 seals = 0;        // number of the newest seal of workspace.json
    QByteArray log;          // id of the activity log, hex; empty before the first one
};

} // namespace mcpcore
