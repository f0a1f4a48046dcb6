// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientKind.h"

namespace mcpcore {

// The computer as clients see it, injected so that every system's places can be tested on one. Paths have / between names.
struct Machine {
    OperatingSystem system = OperatingSystem::Linux;
    QString home;
    QMap<QString, QString> variables;

    // This computer and this user. To the PATH come the folders in which clients are usually installed: a desktop does not know what a
    // shell adds.
    static Machine current();

    // The value of a variable, empty when it is not set. Windows does not tell PATH from Path.
    QString variable(const QString &name) const;
    // The places that a pattern of ClientKind stands for here; with a * those that are there, else one, there or not. None when a
    // variable of it is not set.
    QStringList expanded(const QString &place) const;
    // The path of a program on the PATH, empty when there is none. Nothing is started.
    QString program(const QString &name) const;
};

} // namespace mcpcore
