// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include "base/Secret.h"

namespace mcpcore {

// Where the chain stood at some time, kept in a second file (activity.anchor) beside the log: what tells a log that lost
// its newest rows, or was exchanged as a whole, from an intact one.
struct Anchor {
    QString log; // the random id of the log, hex
    qint64 sequence = 0;
    QByteArray head; // hash of that row
    Milliseconds time{};
    QByteArray code; // authentication code; empty when no key was at hand

    static QString pathFor(const QString &logPath);
    // NotFound when there is none.
    static Result<Anchor> read(const QString &path);
    static Result<Anchor> fromBytes(const QByteArray &json);
    QByteArray toBytes() const;

    // What the anchor that was found at a start says to a key.
    enum class Found { Missing, Unsigned, Signed, SignedByOther };

    void sign(const Secret &key);
    bool isSigned() const { return !code.isEmpty(); }
    bool isSignedWith(const Secret &key) const;

private:
    QByteArray signedText() const;
};

} // namespace mcpcore
