// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QTest>
#include <functional>

// One executable holds the test classes of a folder; ctest runs one class at a time: `tests_base tst_Secret [function]`.
struct TestRegistration {
    TestRegistration(const char *name, std::function<QObject *()> make);
};

#define COUNTERSIGN_TEST(Class) static const TestRegistration registration##Class(#Class, [] { return new Class; });
