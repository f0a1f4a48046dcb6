// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QHash>
#include <QString>
#include <compare>

namespace mcpcore {

// An identifier that cannot be mistaken for another kind of identifier.
template <typename Tag> struct Name {
    QString text;

    bool isEmpty() const { return text.isEmpty(); }
    friend bool operator==(const Name &, const Name &) = default;
    friend bool operator<(const Name &left, const Name &right) { return left.text < right.text; }
    friend size_t qHash(const Name &name, size_t seed = 0) { return ::qHash(name.text, seed); }
};

using ClientId = Name<struct ClientTag>;
using ConnectionId = Name<struct ConnectionTag>;
using EnvironmentId = Name<struct EnvironmentTag>;
using RuleId = Name<struct RuleTag>;
using KeyId = Name<struct KeyTag>;
// One `tools/call` of one client: a UUID version 7.
using CallId = Name<struct CallTag>;

// Ids of connections, environments and clients: ^[a-z][a-z0-9-]{0,19}$ and not "live" (DESIGN 2).
bool isValidName(const QString &text);

} // namespace mcpcore
