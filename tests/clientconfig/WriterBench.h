// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigWriter.h"
#include "support/FakeClock.h"
#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <functional>

// A folder with a client's file in it, and a profile beside it.
struct WriterBench {
    // In memory: there are thousands of writes, each with its syncs.
    QTemporaryDir folder{QFileInfo(QStringLiteral("/dev/shm")).isWritable() ? QStringLiteral("/dev/shm/countersign-XXXXXX")
                                                                            : QDir::tempPath() + QStringLiteral("/countersign-XXXXXX")};
    FakeClock clock;
    mcpcore::ClientKind kind;
    QString path = folder.path() + QStringLiteral("/home/settings.json");

    WriterBench()
    {
        kind.id = QStringLiteral("acme");
        QDir().mkpath(folder.path() + QStringLiteral("/home"));
    }
    QString backups() const { return folder.path() + QStringLiteral("/profile/backups"); }
    mcpcore::ConfigWriter writer(mcpcore::FileSteps &steps) { return {steps, clock, backups()}; }
    // To now and some more.
    void setClock(std::chrono::milliseconds ahead) { clock.advance(mcpcore::SystemClock().wall() + ahead - clock.wall()); }
    QStringList beside() const
    {
        return QDir(folder.path() + QStringLiteral("/home"))
            .entryList(QDir::AllEntries | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot);
    }
};

inline void put(const QString &path, const QByteArray &bytes)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly) || file.write(bytes) != bytes.size())
        qFatal("cannot write %s", qPrintable(path));
}

inline QByteArray get(const QString &path)
{
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("(unreadable)");
}

// Steps in which a test does something before or after the one of that number, counted from 0.
class CountedSteps : public mcpcore::FileSteps
{
public:
    std::function<int(int, Step)> onBefore;
    std::function<void(int, Step)> onAfter;
    std::optional<quint32> userIs;
    int count = 0;

    quint32 user() const override { return userIs.value_or(FileSteps::user()); }

protected:
    int before(Step step) override { return onBefore ? onBefore(count++, step) : (count++, 0); }
    void after(Step step) override
    {
        if (onAfter)
            onAfter(count - 1, step);
    }
};
