// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/Workspace.h"
#include "packs/Pack.h"
#include <string_view>

namespace mcpcore {

// Another key of the person, known by its fingerprint only.
struct OtherKey {
    QByteArray fingerprint; // empty: not known
    QString place;          // "stripe in production"
    EnvironmentKind kind = EnvironmentKind::Sandbox;
    QString vendor = {};  // id of its pack; empty: not known
    QString account = {}; // as the vendor said; empty: not known
};

// The slot that a key is meant for.
struct KeySlot {
    const QList<Pack> &packs;
    const Pack &pack;
    EnvironmentKind kind;
    QString madeBy = {};         // id of the vendor that made the key, as the person says when asked
    QByteArray fingerprint = {}; // of the key; empty: not known
    QList<OtherKey> others = {}; // in all slots
};

struct AcceptedKey {
    enum class EnvironmentBy { Key, Person }; // whose word it is that the key belongs to such an environment
    QString kind;                             // "restricted"
    QString prefix;                           // public, for display
    QString lastFour;
    QString note;
    EnvironmentBy environmentBy = EnvironmentBy::Key;
};

// What the format of a key alone says about it, before any network. Pure. InvalidArgument tells a person the reason and
// what to do; nothing of the key is in it but a prefix that its pack knows.
Result<AcceptedKey> checkKey(std::string_view key, const KeySlot &slot);

// Whether the same key is in a slot of another kind of environment, or of another vendor; part of checkKey().
Result<> checkReuse(const QByteArray &fingerprint, const QString &vendor, EnvironmentKind kind, const QList<OtherKey> &others);

// Whether what the vendor said of a key agrees with its slot: live or test, and, where an account is an environment, that no
// slot of another kind has the same one.
Result<> checkSaid(const KeyVerification &said, const KeySlot &slot);

} // namespace mcpcore
