// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ControlFixture.h"
#include <QRegularExpression>

// A home of its own, which the catalog looks through.
struct ClientBench : ControlFixture {
    explicit ClientBench(Window window = Window::Open) : ControlFixture(window) { qputenv("HOME", home.path().toUtf8()); }
    ~ClientBench() override { qputenv("HOME", before); }

    QString at(const char *path) const { return home.filePath(QLatin1String(path)); }
    QString put(const char *path, const QByteArray &bytes) const
    {
        const QString file = at(path);
        [&] {
            QVERIFY(QDir().mkpath(QFileInfo(file).path()));
            QFile out(file);
            QVERIFY(out.open(QIODevice::WriteOnly) && out.write(bytes) == bytes.size());
        }();
        return file;
    }
    static QByteArray read(const QString &file)
    {
        QFile in(file);
        return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray("(not there)");
    }
    // What the answer says of the one file that is meant.
    std::string status(const char *command, mcpcore::Json parameters)
    {
        last = must(command, parameters);
        return last.value("status", "");
    }
    mcpcore::Json client(const char *id)
    {
        const mcpcore::Json list = must("client list");
        for (const mcpcore::Json &one : list["clients"])
            if (one["id"] == id)
                return one;
        return {};
    }
    mcpcore::Json found(const char *kind)
    {
        const mcpcore::Json list = must("client detect");
        for (const mcpcore::Json &one : list["clients"])
            if (one["kind"] == kind)
                return one;
        return {};
    }
    std::string stateOf(const char *kind) { return found(kind)["files"][0].value("state", ""); }
    static std::string tokenIn(const QString &file)
    {
        static const QRegularExpression form(QStringLiteral("cst_[A-Za-z0-9_-]{43}"));
        return form.match(QString::fromUtf8(read(file))).captured().toStdString();
    }

    QTemporaryDir home;
    const QByteArray before = qgetenv("HOME");
    mcpcore::Json last;
};
