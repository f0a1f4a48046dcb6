// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"

// Identifiers that count up, and bytes that are the count: predictable, unique within a test.
class FakeIds final : public mcpcore::Ids
{
public:
    QString next() override { return QStringLiteral("00000000-0000-7000-8000-%1").arg(++m_count, 12, 10, QLatin1Char('0')); }
    QByteArray randomBytes(qsizetype count) override { return QByteArray(count, char(++m_count)); }

private:
    int m_count = 0;
};
