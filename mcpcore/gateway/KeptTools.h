// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/Tool.h"
#include <QHash>
#include <QList>
#include <QString>

namespace mcpcore {

class WorkspaceFile;

// The definitions of trusted tools, byte for byte as their servers listed them: what clients are shown while a person has locked
// production and its servers are asked nothing, and what a person compares a tool with that changed since. A file of the profile, without secrets. Nothing in
// it is believed: a definition counts only with the pin a person accepted. Lives in the core thread.
class KeptTools
{
public:
    // Reads the file. One that is not there or cannot be read is an empty one.
    KeptTools(QString path, const WorkspaceFile &workspace);

    // In the order their server listed them, each with the pin of what is kept.
    QList<Tool> at(const ConnectionId &connection, const EnvironmentId &environment) const;
    // Takes the trusted ones of `tools`, and writes the file if that changes it. What is trusted no longer is left out.
    void keep(const ConnectionId &connection, const EnvironmentId &environment, const QList<Tool> &tools);

private:
    using Place = std::pair<ConnectionId, EnvironmentId>;
    void read();
    void write();

    const QString m_path;
    const WorkspaceFile &m_workspace;
    QHash<Place, QList<Tool>> m_places;
};

// SHA-256 of the canonical form of a tool's definition as received: everything a model or the policy can see of it.
Result<QByteArray> pinOf(const RawJson &definition);

} // namespace mcpcore
