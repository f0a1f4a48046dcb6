// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"
#include <QDateTime>
#include <QDir>
#include <QFileInfo>
#include <QLocale>
#include <QRegularExpression>

namespace ui {

using mcpcore::EnvironmentId;
using Entry = ClientFile::Entry;

const mcpcore::Client *ClientText::Known::record() const
{
    return client ? mcpcore::find(workspace, client->id) : nullptr;
}

EnvironmentId ClientText::Known::environment() const
{
    return record() ? mcpcore::environmentOf(workspace, *record()) : workspace.activeEnvironment;
}

bool ClientText::Known::isPinned() const
{
    return record() && record()->environment;
}

ClientText::Group ClientText::groupOf(const Known &known)
{
    if (known.client)
        return Group::Connected;
    if (!known.kind->reason.isEmpty())
        return Group::Unreachable;
    return known.kind->installed && !known.kind->files.isEmpty() ? Group::Installed : Group::ByHand;
}

QString ClientText::groupName(Group group)
{
    switch (group) {
    case Group::Connected: return tr("Connected");
    case Group::Installed: return tr("Installed");
    case Group::Unreachable: return tr("Cannot reach this computer");
    case Group::ByHand: return tr("By hand");
    }
    Q_UNREACHABLE();
}

const ClientFile *ClientText::fileIn(const Known &known, Entry entry)
{
    if (known.kind)
        for (const ClientFile &file : known.kind->files)
            if (file.entry == entry)
                return &file;
    return nullptr;
}

int ClientText::plainKeys(const ClientKindSight &kind)
{
    int keys = 0;
    for (const ClientFile &file : kind.files)
        keys += file.plainKeys;
    return keys;
}

const ClientFile *ClientText::fileWithKeys(const ClientKindSight &kind)
{
    for (const ClientFile &file : kind.files)
        if (file.plainKeys > 0)
            return &file;
    return nullptr;
}

const ClientFile *ClientText::fileToImport(const ClientKindSight &kind)
{
    if (const ClientFile *keys = fileWithKeys(kind))
        return keys;
    for (const ClientFile &file : kind.files)
        if (!file.bypasses.isEmpty())
            return &file;
    return nullptr;
}

QString ClientText::plainKeysIn(const ClientFile &file)
{
    const QString name = fileName(file.path);
    return file.plainKeys == 1 ? tr("%1 has a plaintext key.").arg(name)
                               : tr("%1 has %2 plaintext keys.").arg(name, QString::number(file.plainKeys));
}

ClientText::Care ClientText::careOf(const Known &known)
{
    if (const ClientSight *client = known.client) {
        if (!client->stranger.isEmpty())
            return Care::Stranger;
        if (client->wrongToken && (!client->seen || *client->wrongToken > *client->seen))
            return Care::WrongToken;
        if (fileIn(known, Entry::Gone) || fileIn(known, Entry::Altered))
            return Care::Entry;
    }
    if (fileIn(known, Entry::Unreadable))
        return Care::Unreadable;
    if (known.client && known.kind)
        for (const ClientFile &file : known.kind->files)
            if (!file.bypasses.isEmpty())
                return Care::Bypass;
    if (known.client && known.kind && known.client->tools > known.kind->toolLimit && known.kind->toolLimit)
        return Care::TooManyTools;
    return known.kind && plainKeys(*known.kind) > 0 ? Care::PlainKeys : Care::None;
}

bool ClientText::waitsForRestart(const Known &known)
{
    return known.client && known.kind && !known.kind->restart.isEmpty() && !known.client->seen && known.client->sessions == 0;
}

QString ClientText::name(const Known &known)
{
    return visibleText(known.client && !known.client->name.isEmpty() ? known.client->name : known.kind ? known.kind->name : QString());
}

QString ClientText::icon(const Known &known)
{
    if (!known.kind)
        return QStringLiteral("clients");
    switch (known.kind->look) {
    case ClientKindSight::Look::Terminal: return QStringLiteral("terminal");
    case ClientKindSight::Look::Editor: return QStringLiteral("editor");
    case ClientKindSight::Look::Chat: return QStringLiteral("chat");
    }
    Q_UNREACHABLE();
}

QString ClientText::tools(const Known &known)
{
    if (!known.client || !known.client->tools)
        return {};
    const int count = *known.client->tools;
    if (known.kind && known.kind->toolLimit)
        return tr("%1 of %2", "tools, of how many at most").arg(count).arg(*known.kind->toolLimit);
    return count == 1 ? tr("1 tool") : tr("%1 tools").arg(count);
}

QString ClientText::time(std::chrono::milliseconds wall, std::chrono::milliseconds now)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(wall.count());
    if (at.date() == QDateTime::fromMSecsSinceEpoch(now.count()).date())
        return at.toString(QStringLiteral("HH:mm"));
    return QLocale().toString(at, QStringLiteral("d MMMM HH:mm"));
}

QString ClientText::path(const QString &path)
{
    const QString home = QDir::homePath();
    return visibleText(path.startsWith(home + QLatin1Char('/')) ? QLatin1Char('~') + path.mid(home.size()) : path);
}

QString ClientText::fileName(const QString &path)
{
    return visibleText(QFileInfo(path).fileName());
}

QString ClientText::way(ClientWay way)
{
    return way == ClientWay::Bridge ? tr("Bridge") : tr("HTTP");
}

QString ClientText::bytes(const ClientEdit &edit)
{
    if (edit.bytesAdded == 0)
        return {};
    if (edit.bytesAdded < 0)
        return edit.bytesAdded == -1 ? tr("1 byte removed") : tr("%1 bytes removed").arg(-edit.bytesAdded);
    return edit.bytesAdded == 1 ? tr("1 byte added") : tr("%1 bytes added").arg(edit.bytesAdded);
}

QString ClientText::entryState(const ClientFile &file)
{
    switch (file.entry) {
    case Entry::None: return file.there ? tr("no entry of ours") : tr("not there");
    case Entry::Ours: return tr("as we wrote it");
    case Entry::Gone: return tr("our entry is gone");
    case Entry::Altered: return tr("our entry was changed");
    case Entry::Unreadable: return file.trouble.isEmpty() ? tr("not readable") : visibleText(file.trouble);
    }
    Q_UNREACHABLE();
}

QString ClientText::environmentHint(const std::optional<EnvironmentId> &environment)
{
    if (environment)
        return tr("Its calls go to %1, wherever the switch stands.").arg(visibleText(wordOf(*environment)));
    return tr("Its calls go where the switch stands. In production they go on only while you have unlocked it.");
}

QString ClientText::notWritten(const ClientEdit &edit)
{
    if (edit.file.isEmpty())
        return tr("Not written.");
    return edit.line > 0 ? tr("Not written: %1, line %2, column %3.").arg(path(edit.file)).arg(edit.line).arg(edit.column)
                         : tr("Not written: %1.").arg(path(edit.file));
}

QString ClientText::notRead(const QString &file, int line, int column)
{
    return line > 0 ? tr("%1 cannot be read: line %2, column %3.").arg(path(file)).arg(line).arg(column)
                    : tr("%1 cannot be read.").arg(path(file));
}

QString ClientText::outcome(const QString &written, const ClientEdit &edit)
{
    switch (edit.status) {
    case ClientEdit::Status::Unchanged:
        if (!edit.reason.isEmpty()) // such as nothing to take back
            return visibleText(edit.reason);
        [[fallthrough]];
    case ClientEdit::Status::Written: return edit.restart.isEmpty() ? written : tr("%1 %2", "two sentences").arg(written, edit.restart);
    case ClientEdit::Status::Refused:
    case ClientEdit::Status::Conflict: return tr("%1 %2", "two sentences").arg(notWritten(edit), visibleText(edit.reason));
    }
    Q_UNREACHABLE();
}

TwoParts firstSentence(const QString &text)
{
    static const QRegularExpression pause(QStringLiteral("[.:] "));
    const qsizetype end = text.indexOf(pause);
    return end < 0 ? TwoParts{text, {}} : TwoParts{text.left(end + 1), text.mid(end + 2)};
}

} // namespace ui
