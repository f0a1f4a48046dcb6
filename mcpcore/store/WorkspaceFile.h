// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "model/Workspace.h"
#include <QMap>
#include <QObject>
#include <functional>

namespace mcpcore {

// workspace.json: the only holder of the user's set-up while the profile is open. Every change is validated, written
// atomically, then announced. Lives in the core thread.
class WorkspaceFile : public QObject
{
    Q_OBJECT
public:
    // Reads `path`, or starts newWorkspace() when there is none (written at the first change). A file that cannot be read,
    // also one of a newer version, is an error that names the place in it, and is left alone.
    static Result<std::unique_ptr<WorkspaceFile>> open(const QString &path);

    const Workspace &current() const { return m_workspace; }
    // SHA-256 of the file's bytes, the digest that the activity log records; empty before the first write.
    QByteArray digest() const { return m_digest; }
    // A short digest of each section of the file ("rules", "clients" ...), to tell later which ones differ.
    const QMap<QString, QByteArray> &sections() const { return m_sections; }
    // Applies `edit` to a copy; writes and announces it when edit and validation succeed, else nothing changes.
    Result<> change(const std::function<Result<>(Workspace &)> &edit);

Q_SIGNALS:
    void changed();

private:
    explicit WorkspaceFile(QString path) : m_path(std::move(path)) {}
    QString m_path;
    Workspace m_workspace;
    QByteArray m_digest;
    QMap<QString, QByteArray> m_sections;
};

// The file's form, schema version 1. Refuses unknown versions, unknown and malformed members and what validate() refuses,
// naming the path of the member. What toFileBytes() writes of a valid workspace reads back as the same value.
QByteArray toFileBytes(const Workspace &workspace);
Result<Workspace> workspaceFrom(const QByteArray &bytes);
// One rule as DESIGN 2 writes it. Unknown members are refused, never ignored. `id` and `created` may be left out.
QByteArray toRuleBytes(const Rule &rule);
Result<Rule> ruleFrom(const QByteArray &bytes);

// Names, references, URLs, headers, commands and rules make sense together, and no secret is among them.
Result<> validate(const Workspace &workspace);
Result<> validate(const Rule &rule);

} // namespace mcpcore
