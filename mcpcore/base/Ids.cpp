// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Ids.h"
#include <sodium.h>

namespace mcpcore {

QString SystemIds::next()
{
    QByteArray bytes = randomBytes(16);
    const auto time = quint64(m_clock.wall().count());
    for (int i = 0; i < 6; ++i)
        bytes[i] = char(time >> (8 * (5 - i)));
    bytes[6] = char((uchar(bytes[6]) & 0x0f) | 0x70);
    bytes[8] = char((uchar(bytes[8]) & 0x3f) | 0x80);
    const QByteArray hex = bytes.toHex();
    return QString::fromLatin1(hex.mid(0, 8) + '-' + hex.mid(8, 4) + '-' + hex.mid(12, 4) + '-' + hex.mid(16, 4) + '-' + hex.mid(20));
}

QByteArray SystemIds::randomBytes(qsizetype count)
{
    QByteArray bytes(count, Qt::Uninitialized);
    randombytes_buf(bytes.data(), size_t(count));
    return bytes;
}

QString newToken(Ids &ids, const QString &prefix)
{
    return prefix + QString::fromLatin1(ids.randomBytes(32).toBase64(QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals));
}

} // namespace mcpcore
