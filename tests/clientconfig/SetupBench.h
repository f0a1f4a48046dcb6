// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "WriterBench.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientSetup.h"
#include "packs/Packs.h"

// A home, a profile and every client of the program.
struct SetupBench : WriterBench {
    mcpcore::ClientCatalog catalog = mcpcore::ClientCatalog::builtIn().value_or(mcpcore::ClientCatalog());
    CountedSteps steps;
    QStringList running;

    QString home() const { return folder.path() + QStringLiteral("/home"); }
    QString profile() const { return folder.path() + QStringLiteral("/profile"); }
    const mcpcore::ClientKind &client(const char *id) const { return *catalog.find(QLatin1String(id)); }
    mcpcore::ClientSetup::Surroundings surroundings()
    {
        return {steps,
                clock,
                {mcpcore::OperatingSystem::Linux, home(), {}},
                profile(),
                mcpcore::builtInPacks().value_or(QList<mcpcore::Pack>()),
                [this](const QStringList &names) {
                    QStringList found;
                    for (const QString &name : names)
                        if (running.contains(name))
                            found.append(name);
                    return found;
                }};
    }
    mcpcore::ClientSetup setup() { return mcpcore::ClientSetup(surroundings()); }
    static QByteArray token(char with = 'x') { return "cst_" + QByteArray(43, with); }
    mcpcore::SetupOrder order(const mcpcore::ClientKind &of, mcpcore::Way way) const
    {
        return {path,
                way,
                {QStringLiteral("/usr/bin/countersign-bridge"), of.id, QStringLiteral("http://127.0.0.1:7345/mcp"),
                 way == mcpcore::Way::Http ? token() : QByteArray()}};
    }
};
