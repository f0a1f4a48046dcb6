// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/WorkspaceFile.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "base/Secret.h"

namespace mcpcore {

namespace {

QByteArray digestOf(const QByteArray &bytes)
{
    return sha256({bytes.constData(), size_t(bytes.size())});
}

QMap<QString, QByteArray> sectionsOf(const QByteArray &bytes)
{
    QMap<QString, QByteArray> sections;
    const auto parsed = parseJson({bytes.constData(), size_t(bytes.size())});
    if (parsed && parsed->is_object())
        for (const auto &[name, value] : parsed->items())
            sections.insert(QString::fromStdString(name), digestOf(toBytes(value)).left(8).toHex());
    return sections;
}

} // namespace

Result<std::unique_ptr<WorkspaceFile>> WorkspaceFile::open(const QString &path)
{
    std::unique_ptr<WorkspaceFile> file(new WorkspaceFile(path));
    const Result<QByteArray> bytes = readFile(path);
    if (!bytes && bytes.error().kind != Error::Kind::NotFound)
        return failure(bytes.error());
    if (!bytes) {
        file->m_workspace = newWorkspace();
        return file;
    }
    Result<Workspace> workspace = workspaceFrom(*bytes);
    if (!workspace)
        return failure(Error::Kind::FileFailed,
                       QStringLiteral("%1 cannot be used and was left as it is. %2").arg(path, workspace.error().message));
    file->m_workspace = std::move(*workspace);
    file->m_digest = digestOf(*bytes);
    file->m_sections = sectionsOf(*bytes);
    return file;
}

Result<> WorkspaceFile::change(const std::function<Result<>(Workspace &)> &edit)
{
    Workspace edited = m_workspace;
    if (const auto done = edit(edited); !done)
        return done;
    if (const auto valid = validate(edited); !valid)
        return valid;
    const QByteArray bytes = toFileBytes(edited);
    // What could not be read again must not be written.
    Result<Workspace> readBack = workspaceFrom(bytes);
    if (!readBack)
        return failure(readBack.error());
    if (const auto written = writeFile(m_path, bytes); !written)
        return written;
    m_workspace = std::move(*readBack);
    m_digest = digestOf(bytes);
    m_sections = sectionsOf(bytes);
    Q_EMIT changed();
    return {};
}

} // namespace mcpcore
