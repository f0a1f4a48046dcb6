// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "packs/Pack.h"
#include <string_view>
#include <vector>

namespace mcpcore {

// What a text in somebody's configuration looks like. Pure; the views that come back point into what was given.

// Whether what is called so is a secret: "STRIPE_API_KEY", "authorization", "clientSecret".
bool namesSecret(std::string_view name);
// "Bearer X" without its scheme; the same where there is none.
std::string_view withoutScheme(std::string_view value);
// Whether it says that a secret follows, whatever its name.
bool isBearer(std::string_view value);
// Not the value but where to take it from: "${env:X}", "$X", "{env:X}", "%X%", "op://...".
bool isReference(std::string_view value);
// Whether a value under a secret's name is one: not a path, an address, a word of documentation or too short.
bool looksSecret(std::string_view value);

// What the packs know of a key.
struct KeyLook {
    QString vendor;  // id of its pack; empty: no pack knows such keys
    QString prefix;  // public
    QString kind;    // "restricted"
    QString refused; // "a publishable key": of no use to tools
    QList<EnvironmentKind> environments;
};
// `vendor` is whose key it should be, as far as that is known: prefixes are not unique.
KeyLook lookOf(std::string_view key, const QList<Pack> &packs, const QString &vendor);
// What stands in a longer text and begins like a key of a pack, where the beginning alone says so.
std::vector<std::string_view> keysIn(std::string_view text, const QList<Pack> &packs);

} // namespace mcpcore
