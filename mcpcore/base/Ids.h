// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include <QByteArray>
#include <QString>

namespace mcpcore {

// Where new identifiers and random bytes come from, injected so that tests can name them.
class Ids
{
public:
    virtual ~Ids() = default;
    // A UUID version 7 (RFC 9562): sorts by time. Lower case, with dashes.
    virtual QString next() = 0;
    virtual QByteArray randomBytes(qsizetype count) = 0;
};

// UUIDs of the given clock, bytes from libsodium. Usable from any thread.
class SystemIds final : public Ids
{
public:
    explicit SystemIds(const Clock &clock) : m_clock(clock) {}
    QString next() override;
    QByteArray randomBytes(qsizetype count) override;

private:
    const Clock &m_clock;
};

// `prefix` and 32 random bytes as 43 characters of [A-Za-z0-9_-].
QString newToken(Ids &ids, const QString &prefix);

} // namespace mcpcore
