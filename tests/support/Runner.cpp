// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include <cstdio>
#include <map>
#include <memory>
#include <string>
#ifdef COUNTERSIGN_TEST_GUI
#include <QApplication>
#else
#include <QCoreApplication>
#endif

static std::map<std::string, std::function<QObject *()>> &classes()
{
    static std::map<std::string, std::function<QObject *()>> all;
    return all;
}

TestRegistration::TestRegistration(const char *name, std::function<QObject *()> make)
{
    classes()[name] = std::move(make);
}

int main(int argc, char **argv)
{
    const auto found = argc > 1 ? classes().find(argv[1]) : classes().end();
    if (found == classes().end()) {
        std::fprintf(stderr, "Name one of these classes:\n");
        for (const auto &[name, make] : classes())
            std::fprintf(stderr, "  %s\n", name.c_str());
        return 64;
    }
#ifdef COUNTERSIGN_TEST_GUI
    QApplication application(argc, argv);
#else
    QCoreApplication application(argc, argv);
#endif
    const std::unique_ptr<QObject> test(found->second());
    argv[1] = argv[0];
    return QTest::qExec(test.get(), argc - 1, argv + 1);
}
