// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <tuple>

namespace mcpcore {

// Which wire a server speaks: with sessions (2024-11-05 to 2025-11-25), or stateless (2026-07-28).
enum class Generation { Unknown, Sessions, Stateless };

// What a server sees of the client it works for. Servers list and do different things for different ones, so each is an
// upstream of its own.
struct ServedClient {
    // `declared` is the raw JSON object that initialize declares; `spoken` the wire for servers that speak both.
    ServedClient(QByteArray declared = QByteArrayLiteral("{}"), Generation spoken = Generation::Stateless)
        : capabilities(std::move(declared)), generation(spoken)
    {}
    ServedClient(const char *declared) : ServedClient(QByteArray(declared)) {}

    QByteArray capabilities;
    Generation generation;
    friend bool operator==(const ServedClient &, const ServedClient &) = default;
    friend bool operator<(const ServedClient &left, const ServedClient &right)
    {
        return std::tie(left.capabilities, left.generation) < std::tie(right.capabilities, right.generation);
    }
};

} // namespace mcpcore
