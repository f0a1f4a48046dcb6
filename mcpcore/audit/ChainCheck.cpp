// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ChainCheck.h"
#include "audit/HashChain.h"
#include "base/Json.h"

namespace mcpcore {

namespace {

using Status = Verification::Status;

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

// A row that names the key of the profile (control/ProfileSeal).
bool namesKey(std::string_view record)
{
    if (record.find(R"("kind":"seal")") == std::string_view::npos)
        return false;
    const auto parsed = parseJson(record);
    const Json *detail = parsed && stringAt(*parsed, "kind", {}) == QLatin1String("seal") ? memberAt(*parsed, "detail") : nullptr;
    return detail && !stringAt(*detail, "key", {}).isEmpty();
}

} // namespace

ChainCheck::ChainCheck(const Secret *key) : m_key(key)
{
    found.status = Status::Intact;
    found.head = hashBeforeFirstRow();
}

bool ChainCheck::tampered(const char *check, qint64 row, const QString &why)
{
    found.status = Status::Tampered;
    found.check = QString::fromLatin1(check);
    found.firstBad = row;
    found.text = row > 0 ? QStringLiteral("Tampered: row %1, %2 check: %3.").arg(row).arg(found.check, why)
                         : QStringLiteral("Tampered: %1 check: %2.").arg(found.check, why);
    return false;
}

bool ChainCheck::truncated(const QString &text)
{
    found.status = Status::Truncated;
    found.text = text;
    return false;
}

bool ChainCheck::unreadable(const QString &text)
{
    found.status = Status::Unreadable;
    found.text = text;
    return false;
}

void ChainCheck::startAt(qint64 first, const QByteArray &before)
{
    m_first = first;
    found.head = before;
}

bool ChainCheck::chain(qint64 sequence, std::string_view hash, std::string_view record)
{
    const QByteArray expected = chainHash(sequence, view(found.head), record);
    if (view(expected) != hash)
        return tampered("hash", sequence, QStringLiteral("it does not follow from the row before it and its record"));
    if (sequence == 1) {
        const auto parsed = parseJson(record);
        const Json *detail = parsed ? memberAt(*parsed, "detail") : nullptr;
        found.log = detail ? stringAt(*detail, "log", {}) : QString();
    }
    if (m_sealed == 0 && namesKey(record))
        m_sealed = sequence;
    found.head = expected;
    ++found.rows;
    if (sequence == m_awaited)
        m_awaitedHash = expected;
    return true;
}

void ChainCheck::compareWith(const std::optional<Anchor> &anchor)
{
    using State = Verification::AnchorState;
    const qint64 last = m_first + found.rows - 1;
    found.notAnchored = found.rows;
    if (m_sealed > 0 && (!anchor || (!anchor->isSigned() && anchor->sequence >= m_sealed))) {
        tampered("anchor", 0,
                 anchor
                     ? QStringLiteral("its signature was taken away; since row %1 this log has signed ones").arg(m_sealed)
                     : QStringLiteral("it was taken away; since row %1 this log has one, and rows after it may be missing").arg(m_sealed));
        return;
    }
    if (!anchor)
        return;
    found.anchor = !anchor->isSigned() ? State::Unsigned : m_key ? State::Valid : State::NotChecked;
    if (m_key && anchor->isSigned() && !anchor->isSignedWith(*m_key))
        tampered("anchor", 0, QStringLiteral("its signature does not fit; it was altered or made with another key"));
    else if (anchor->log != found.log)
        truncated(QStringLiteral("Exchanged: the anchor belongs to another log than this one."));
    else if (anchor->sequence > last)
        truncated(QStringLiteral("Truncated or rolled back: rows %1 to %2 are missing.").arg(last + 1).arg(anchor->sequence));
    else if (anchor->sequence >= m_first && m_awaitedHash != anchor->head)
        truncated(QStringLiteral("Rolled back and rewritten: row %1 is not the one that was anchored.").arg(anchor->sequence));
    else
        found.notAnchored = std::min(found.rows, last - anchor->sequence);
}

Verification ChainCheck::take()
{
    if (!isIntact())
        return std::move(found);
    QStringList text{QStringLiteral("Intact: %1 rows, head %2.").arg(found.rows).arg(QString::fromLatin1(found.head.toHex().left(16)))};
    if (found.notAnchored > 0)
        text << QStringLiteral("The newest %1 of them are not anchored yet.").arg(found.notAnchored);
    switch (found.anchor) {
    case Verification::AnchorState::None: text << QStringLiteral("There is no anchor: missing newest rows would not show."); break;
    case Verification::AnchorState::Unsigned:
        text << QStringLiteral("The anchor is not signed: whoever can write this folder can make one.");
        break;
    case Verification::AnchorState::NotChecked:
        text << QStringLiteral("The anchor's signature was not checked: its key is where the keys of the profile are.");
        break;
    case Verification::AnchorState::Valid: text << QStringLiteral("The anchor is signed with the key of the profile."); break;
    }
    text << QStringLiteral("Who controls this account could have rewritten log and anchor alike; only a head kept elsewhere shows that.");
    found.text = text.join(QLatin1Char(' '));
    return std::move(found);
}

} // namespace mcpcore
