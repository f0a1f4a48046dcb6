// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/HashChain.h"
#include "base/Secret.h"
#include <QtEndian>

namespace mcpcore {

QByteArray chainHash(qint64 sequence, std::string_view previousHash, std::string_view record)
{
    Q_ASSERT(previousHash.size() == 32);
    const qint64 sequenceBytes = qToBigEndian(sequence);
    const quint32 lengthBytes = qToBigEndian(quint32(record.size()));
    QByteArray bytes;
    bytes.reserve(qsizetype(1 + sizeof sequenceBytes + previousHash.size() + sizeof lengthBytes + record.size()));
    bytes.append('\x01');
    bytes.append(reinterpret_cast<const char *>(&sequenceBytes), sizeof sequenceBytes);
    bytes.append(previousHash.data(), qsizetype(previousHash.size()));
    bytes.append(reinterpret_cast<const char *>(&lengthBytes), sizeof lengthBytes);
    bytes.append(record.data(), qsizetype(record.size()));
    return sha256({bytes.constData(), size_t(bytes.size())});
}

QByteArray hashBeforeFirstRow()
{
    return QByteArray(32, '\0');
}

} // namespace mcpcore
