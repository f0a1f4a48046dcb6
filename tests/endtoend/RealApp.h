// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "Programs.h"
#include <QPoint>

// The app with its window in front, as if the person had clicked on it.
struct RealApp : Gateway {
    void open(const Setup &setup)
    {
        port = 20000 + int(QCoreApplication::applicationPid() % 20000);
        start(binary("countersign"), {QStringLiteral("--profile"), setup.profile(), QStringLiteral("--port"), QString::number(port)});
        url = QStringLiteral("http://127.0.0.1:%1/mcp").arg(port);
        QTRY_VERIFY_WITH_TIMEOUT(setup.ctl({QStringLiteral("status")}).answer.value("running", false), 20'000);
    }
    static QByteArray xdo(const QStringList &words)
    {
        QProcess process;
        process.start(QStringLiteral("xdotool"), words);
        process.waitForFinished();
        return process.readAllStandardOutput();
    }
    static void bringToFront()
    {
        QByteArray window;
        QTRY_VERIFY_WITH_TIMEOUT(!(window = xdo({QStringLiteral("search"), QStringLiteral("--onlyvisible"), QStringLiteral("--name"),
                                                 QStringLiteral("Countersign")})
                                                .split('\n')
                                                .first())
                                      .isEmpty(),
                                 20'000);
        xdo({QStringLiteral("windowactivate"), QStringLiteral("--sync"), QString::fromLatin1(window)});
    }
    static void press(const char *keys) { xdo({QStringLiteral("key"), QLatin1String(keys)}); }
    // The rightmost button of the foot, which keeps its place for every card and client.
    static void clickFooterButton() { clickAt({-60, -32}); }
    // Negative numbers count from the right and from below.
    static void clickAt(QPoint place)
    {
        const QByteArray window = xdo({QStringLiteral("getactivewindow")}).trimmed();
        QHash<QByteArray, int> geometry;
        for (const QByteArray &line :
             xdo({QStringLiteral("getwindowgeometry"), QStringLiteral("--shell"), QString::fromLatin1(window)}).split('\n'))
            geometry.insert(line.left(line.indexOf('=')), line.mid(line.indexOf('=') + 1).toInt());
        xdo({QStringLiteral("mousemove"), QStringLiteral("--window"), QString::fromLatin1(window),
             QString::number(place.x() < 0 ? geometry["WIDTH"] + place.x() : place.x()),
             QString::number(place.y() < 0 ? geometry["HEIGHT"] + place.y() : place.y()), QStringLiteral("click"), QStringLiteral("1")});
    }
    // For looking at: COUNTERSIGN_SHOTS names a folder.
    static void shot(const char *name)
    {
        const QString folder = qEnvironmentVariable("COUNTERSIGN_SHOTS");
        if (!folder.isEmpty())
            QProcess::execute(QStringLiteral("import"), {QStringLiteral("-window"), QStringLiteral("root"),
                                                         folder + QLatin1Char('/') + QLatin1String(name) + QStringLiteral(".png")});
    }
    int port = 0;
};
