// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientFiles.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include <QDir>
#include <QFileInfo>
#include <QRegularExpression>

namespace mcpcore {

namespace {

constexpr qsizetype kMaximumPackageSize = 256 * 1024;
constexpr int kFoldersAbove = 5;

bool isThere(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() || info.isSymLink(); // a link to nothing is there, too: it is said, not written over
}

QString versionIn(const QString &packageFile, const QString &package)
{
    static const QRegularExpression form(QStringLiteral("\\A[0-9][A-Za-z0-9.+-]{0,39}\\z"));
    const auto bytes = readFile(packageFile, kMaximumPackageSize);
    const auto json = bytes ? parseJson({bytes->constData(), size_t(bytes->size())}) : failure(bytes.error());
    if (!json || stringAt(*json, "name", {}) != package)
        return {};
    const QString version = stringAt(*json, "version", {});
    return form.match(version).hasMatch() ? version : QString();
}

// A program is a link to a file of that version's name, or stands some folders below its package.json.
QString versionOf(const QString &program, const QString &package)
{
    static const QRegularExpression versioned(QStringLiteral("\\A[0-9]+(\\.[0-9]+)+\\z"));
    const QFileInfo file(QFileInfo(program).canonicalFilePath());
    if (versioned.match(file.fileName()).hasMatch())
        return file.fileName();
    QDir folder = file.dir();
    for (int i = 0; i < kFoldersAbove && !package.isEmpty(); ++i) {
        for (const char *beside : {"/package.json", "/resources/app/package.json"})
            if (const QString version = versionIn(folder.path() + QLatin1String(beside), package); !version.isEmpty())
                return version;
        if (!folder.cdUp())
            break;
    }
    return {};
}

bool mayBe(const QString &path, ClientFileKind::Create create)
{
    switch (create) {
    case ClientFileKind::Create::Always: return true;
    case ClientFileKind::Create::InFolder: return isThere(path) || QFileInfo(QFileInfo(path).path()).isDir();
    case ClientFileKind::Create::Never: return isThere(path);
    }
    return false;
}

QStringList candidates(const ClientFileKind &kind, const Machine &machine, const QString &workspace)
{
    QStringList paths;
    for (const QString &place : kind.places.value(machine.system)) {
        if (kind.scope != ClientFileKind::Scope::Workspace)
            paths += machine.expanded(place);
        else if (!workspace.isEmpty())
            paths.append(workspace + QLatin1Char('/') + place);
    }
    paths.removeDuplicates();
    return paths;
}

void addFiles(const ClientFileKind &kind, const QStringList &paths, QList<ClientFile> &files)
{
    const auto add = [&](const QString &path) {
        const auto same = [&path](const ClientFile &file) { return file.path == path; };
        if (mayBe(path, kind.create) && std::none_of(files.begin(), files.end(), same))
            files.append({path, kind.what, kind.scope, isThere(path)});
    };
    const auto first = std::find_if(paths.begin(), paths.end(), isThere);
    if (kind.take == ClientFileKind::Take::Each)
        std::for_each(paths.begin(), paths.end(), add);
    else if (!paths.isEmpty())
        add(first == paths.end() ? paths.first() : *first);
}

} // namespace

FoundClient lookFor(const ClientKind &kind, const Machine &machine, const QString &workspace)
{
    FoundClient found{kind.id, {}, {}, {}};
    for (const QString &name : kind.programs) {
        const QString program = machine.program(name);
        if (program.isEmpty())
            continue;
        if (found.evidence.isEmpty())
            found.evidence = program;
        if (found.version.isEmpty())
            found.version = versionOf(program, kind.package);
    }
    for (const QString &place : kind.installedPlaces.value(machine.system))
        for (const QString &path : machine.expanded(place))
            if (found.evidence.isEmpty() && isThere(path))
                found.evidence = path;
    for (const ClientFileKind &file : kind.files)
        addFiles(file, candidates(file, machine, workspace), found.files);
    return found;
}

QList<FoundClient> lookForAll(const ClientCatalog &catalog, const Machine &machine)
{
    QList<FoundClient> all;
    for (const ClientKind &kind : catalog.kinds)
        all.append(lookFor(kind, machine));
    return all;
}

} // namespace mcpcore
