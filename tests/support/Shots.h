// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/ThemeSource.h"
#include <QTest>
#include <QWidget>

// Pictures of windows in every theme, to be looked at beside the design's. COUNTERSIGN_SHOTS=DIR says where they go; without it the
// test is skipped. Made in each test function that has addThemes() as its data.
class Shots
{
public:
    static void addThemes()
    {
        if (qEnvironmentVariableIsEmpty("COUNTERSIGN_SHOTS"))
            QSKIP("Set COUNTERSIGN_SHOTS to a folder.");
        QTest::addColumn<int>("choice");
        QTest::newRow("light") << int(ui::ThemeSource::Choice::Light);
        QTest::newRow("dark") << int(ui::ThemeSource::Choice::Dark);
        QTest::newRow("contrast") << int(ui::ThemeSource::Choice::Contrast);
    }
    static ui::ThemeSource::Choice choice()
    {
        QFETCH(int, choice);
        return ui::ThemeSource::Choice(choice);
    }
    // "name-dark.png", once everything has settled.
    static void save(QWidget &window, const QString &name)
    {
        QTest::qWait(150);
        const QString path =
            QStringLiteral("%1/%2-%3.png").arg(qEnvironmentVariable("COUNTERSIGN_SHOTS"), name, QLatin1String(QTest::currentDataTag()));
        QVERIFY2(window.grab().save(path), qPrintable(path));
    }
};
