// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include <QDBusConnection>

namespace app {

// Asks the OS to let the person give the login of this computer, before a key is shown: polkit on Linux, with the action that
// the installer brings. Main thread; never blocks it.
class LoginPrompt final : public QObject
{
    Q_OBJECT
public:
    explicit LoginPrompt(const QDBusConnection &bus, QObject *parent = nullptr) : QObject(parent), m_bus(bus) {}

    // Denied: the login was not given. NeedsPerson: the OS cannot ask, and why; a sentence.
    void ask(mcpcore::Completion<> done);

private:
    QDBusConnection m_bus;
};

} // namespace app
