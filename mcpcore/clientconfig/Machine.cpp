// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/Machine.h"
#include <QDir>
#include <QFileInfo>
#include <QOperatingSystemVersion>
#include <QProcessEnvironment>
#include <QRegularExpression>

namespace mcpcore {

namespace {

constexpr qsizetype kMaximumPlaces = 256;

OperatingSystem currentSystem()
{
    switch (QOperatingSystemVersion::currentType()) {
    case QOperatingSystemVersion::Windows: return OperatingSystem::Windows;
    case QOperatingSystemVersion::MacOS: return OperatingSystem::Mac;
    default: return OperatingSystem::Linux;
    }
}

bool isAbsolute(const QString &path)
{
    static const QRegularExpression form(QStringLiteral("\\A(/|[A-Za-z]:/)"));
    return form.match(path).hasMatch();
}

// Below `folder`, with * in names of `rest` filled in by what is there.
QStringList below(const QString &folder, const QString &rest)
{
    QStringList places{folder};
    for (const QString &name : rest.split(QLatin1Char('/'), Qt::SkipEmptyParts)) {
        QStringList next;
        for (const QString &place : std::as_const(places)) {
            const QString start = place.endsWith(QLatin1Char('/')) ? place : place + QLatin1Char('/');
            if (!name.contains(QLatin1Char('*'))) {
                next.append(start + name);
                continue;
            }
            const auto kinds = QDir::Dirs | QDir::Files | QDir::Hidden | QDir::System | QDir::NoDotAndDotDot;
            for (const QString &there : QDir(place).entryList({name}, kinds, QDir::Name))
                if (next.size() < kMaximumPlaces)
                    next.append(start + there);
        }
        places = next;
    }
    return places;
}

} // namespace

Machine Machine::current()
{
    Machine machine{currentSystem(), QDir::homePath(), {}};
    const QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString &name : environment.keys())
        machine.variables[name] = environment.value(name);
    const QChar between = machine.system == OperatingSystem::Windows ? QLatin1Char(';') : QLatin1Char(':');
    QStringList folders = machine.variable(QStringLiteral("PATH")).split(between, Qt::SkipEmptyParts);
    for (const char *usual : {"~/.local/bin", "~/bin", "~/.npm-global/bin", "~/.bun/bin", "~/.opencode/bin", "~/.nvm/versions/node/*/bin",
                              "/usr/local/bin", "/opt/homebrew/bin", "/snap/bin"})
        for (const QString &folder : machine.expanded(QLatin1String(usual)))
            if (!folders.contains(folder))
                folders.append(folder);
    machine.variables[QStringLiteral("PATH")] = folders.join(between);
    return machine;
}

QString Machine::variable(const QString &name) const
{
    if (system != OperatingSystem::Windows || variables.contains(name))
        return variables.value(name);
    for (auto it = variables.cbegin(); it != variables.cend(); ++it)
        if (it.key().compare(name, Qt::CaseInsensitive) == 0)
            return it.value();
    return {};
}

QStringList Machine::expanded(const QString &place) const
{
    static const QRegularExpression form(QStringLiteral("\\A\\$\\{([A-Z_]+)(?::-([^}]*))?\\}(.*)\\z"));
    const auto match = form.match(place);
    if (match.hasMatch()) {
        QString value = variable(match.captured(1));
        if (system == OperatingSystem::Windows)
            value.replace(QLatin1Char('\\'), QLatin1Char('/'));
        if (isAbsolute(value))
            return below(value, match.captured(3));
        return match.captured(2).isEmpty() ? QStringList() : expanded(match.captured(2) + match.captured(3));
    }
    if (place.startsWith(QLatin1Char('~')))
        return below(home, place.mid(1));
    return below(QStringLiteral("/"), place);
}

QString Machine::program(const QString &name) const
{
    const bool windows = system == OperatingSystem::Windows;
    const QStringList endings = windows ? QStringList{QStringLiteral(".exe"), QStringLiteral(".cmd")} : QStringList{QString()};
    for (const QString &folder : variable(QStringLiteral("PATH")).split(windows ? QLatin1Char(';') : QLatin1Char(':'), Qt::SkipEmptyParts))
        for (const QString &ending : endings)
            if (const QFileInfo file(folder + QLatin1Char('/') + name + ending); isAbsolute(folder) && file.isFile() && file.isExecutable())
                return file.filePath();
    return {};
}

} // namespace mcpcore
