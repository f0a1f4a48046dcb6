// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/WalCheck.h"
#include <QFile>
#include <QtEndian>

namespace mcpcore {

namespace {

constexpr qsizetype kHeaderSize = 32;
constexpr qsizetype kFrameHeaderSize = 24;

quint32 numberAt(const uchar *at)
{
    return qFromBigEndian<quint32>(at);
}

struct Checksum {
    quint32 first = 0;
    quint32 second = 0;
    friend bool operator==(const Checksum &, const Checksum &) = default;

    static Checksum storedAt(const uchar *at) { return {numberAt(at), numberAt(at + 4)}; }
    // Over words of 32 bits, in pairs; the file says in which byte order they are read.
    void add(const uchar *bytes, qsizetype size, bool bigEndian)
    {
        for (qsizetype i = 0; i + 8 <= size; i += 8) {
            first += (bigEndian ? qFromBigEndian<quint32>(bytes + i) : qFromLittleEndian<quint32>(bytes + i)) + second;
            second += (bigEndian ? qFromBigEndian<quint32>(bytes + i + 4) : qFromLittleEndian<quint32>(bytes + i + 4)) + first;
        }
    }
};

QString damageOf(const uchar *wal, qsizetype size)
{
    if (size <= kHeaderSize)
        return {};
    const bool bigEndian = numberAt(wal) & 1;
    Checksum running;
    running.add(wal, 24, bigEndian);
    const qsizetype pageSize = numberAt(wal + 8);
    if ((numberAt(wal) & ~1U) != 0x377f0682 || running != Checksum::storedAt(wal + 24) || pageSize < 512 || pageSize > 65536)
        return QStringLiteral("the header of the write-ahead log is damaged");
    const qsizetype frameSize = kFrameHeaderSize + pageSize;
    bool good = true;
    qsizetype firstBad = 0;
    for (qsizetype frame = 0; kHeaderSize + (frame + 1) * frameSize <= size; ++frame) {
        const uchar *at = wal + kHeaderSize + frame * frameSize;
        // After the first bad frame each one is checked against what is stored in the one before it.
        if (!good && frame > firstBad)
            running = Checksum::storedAt(at - frameSize + 16);
        running.add(at, 8, bigEndian);
        running.add(at + kFrameHeaderSize, pageSize, bigEndian);
        const bool checks = qFromUnaligned<quint64>(at + 8) == qFromUnaligned<quint64>(wal + 16) && running == Checksum::storedAt(at + 16);
        const bool isCommit = numberAt(at + 4) != 0;
        if (good && !checks) {
            good = false;
            firstBad = frame;
        } else if (!good && checks && isCommit) {
            return QStringLiteral("frame %1 of the write-ahead log is damaged, with commits behind it").arg(firstBad + 1);
        }
    }
    return {};
}

} // namespace

QString damageOfWal(const QString &databasePath)
{
    QFile file(databasePath + QStringLiteral("-wal"));
    const auto check = [&file] {
        if (!file.open(QIODevice::ReadOnly))
            return QString();
        const QByteArray wal = file.readAll();
        file.close();
        return damageOf(reinterpret_cast<const uchar *>(wal.constData()), wal.size());
    };
    // A writer may be at work. Frames are written in order: a frame with a commit behind it is whole at a second look.
    return check().isEmpty() ? QString() : check();
}

} // namespace mcpcore
