// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Anchor.h"
#include "audit/Verifier.h"
#include <QStringList>
#include <optional>

namespace mcpcore {

// A verification under way: follows the chain row after row and keeps the first thing that is wrong. The functions that
// end it return false, so that a check reads `condition || check.tampered(...)`.
class ChainCheck
{
public:
    explicit ChainCheck(const Secret *key);

    bool tampered(const char *check, qint64 row, const QString &why);
    bool truncated(const QString &text);
    bool unreadable(const QString &text);
    bool isIntact() const { return found.status == Verification::Status::Intact; }

    // The rows begin at `first`, after a row with the hash `before`.
    void startAt(qint64 first, const QByteArray &before);
    // Checks the hash of the next row and goes on to it.
    // Remembers the first row that says the profile has a key: from there on anchors are signed.
    bool chain(qint64 sequence, std::string_view hash, std::string_view record);
    // Compares with an anchor, after all rows.
    void compareWith(const std::optional<Anchor> &anchor);
    // Remembers the row that the anchor is about, when it comes by.
    void expect(const Anchor &anchor) { m_awaited = anchor.sequence; }

    Verification take();
    Verification found;

private:
    const Secret *m_key;
    qint64 m_first = 1;
    qint64 m_awaited = 0;
    qint64 m_sealed = 0; // the row since which there is a key, 0 = none
    QByteArray m_awaitedHash;
};

} // namespace mcpcore
