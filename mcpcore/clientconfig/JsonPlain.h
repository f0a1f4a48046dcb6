// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"

namespace mcpcore {

// A client's JSON made into what a strict reader takes, byte for byte in its place: comments and last commas that the client takes
// become blanks; numbers become short ones, because readers keep values and not literals, and refuse 1e400; half a surrogate pair,
// which JavaScript writes and strict readers refuse, becomes two characters that nobody writes.
struct PlainJson {
    QByteArray bytes;
    QList<QByteArray> numbers; // the literals, in order
};
PlainJson plainJson(const QByteArray &file, const ConfigDialect &dialect);

// The halves again, as three bytes each.
QByteArray withHalfPairs(const std::string &text);

} // namespace mcpcore
