// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"

namespace ui {

namespace {

using Care = ClientText::Care;
using Row = ClientText::Row;

constexpr int kLongPath = 26; // a row says the name of the file then

QString careWord(Care care)
{
    switch (care) {
    case Care::Stranger: return ClientText::tr("Stranger");
    case Care::WrongToken: return ClientText::tr("Wrong token");
    case Care::Entry: return ClientText::tr("Repair");
    case Care::Unreadable: return ClientText::tr("Not readable");
    case Care::Bypass: return ClientText::tr("Goes around");
    case Care::PlainKeys: return ClientText::tr("Import");
    case Care::TooManyTools:
    case Care::None: return {};
    }
    Q_UNREACHABLE();
}

void fillConnected(Row &row, const ClientText::Known &known)
{
    const ClientSight &client = *known.client;
    const QString seen =
        client.seen ? ClientText::tr("Seen %1").arg(ClientText::time(*client.seen, known.now)) : ClientText::tr("Not seen yet");
    if (known.isPinned()) {
        const mcpcore::EnvironmentId environment = known.environment();
        const mcpcore::Environment *place = mcpcore::find(known.workspace, environment);
        row.environment = place ? place->kind : mcpcore::EnvironmentKind::Production;
        row.before = ClientText::tr("%1 ·", "before the word of an environment").arg(seen);
        row.word = visibleText(wordOf(environment));
        row.after = ClientText::tr("pinned", "after the word of an environment");
    } else {
        row.before = ClientText::tr("%1 · follows the switch").arg(seen);
    }
    row.state = ClientText::tools(known);
}

// "0.21.1 · ~/.gemini/settings.json"
QString captionOf(const ClientKindSight &kind)
{
    if (const ClientFile *keys = ClientText::fileWithKeys(kind)) {
        const int count = ClientText::plainKeys(kind);
        const QString file = ClientText::fileName(keys->path);
        return count == 1 ? ClientText::tr("%1 has a plaintext key").arg(file)
                          : ClientText::tr("%1 has %2 plaintext keys").arg(file, QString::number(count));
    }
    QString file = kind.files.isEmpty() ? QString() : ClientText::path(kind.files.first().path);
    if (file.size() > kLongPath)
        file = ClientText::fileName(kind.files.first().path);
    const QString version = visibleText(kind.version);
    return version.isEmpty() ? file : file.isEmpty() ? version : ClientText::tr("%1 · %2", "version, file").arg(version, file);
}

} // namespace

ClientText::Row ClientText::row(const Known &known)
{
    Row row;
    row.title = name(known);
    switch (groupOf(known)) {
    case Group::Connected: fillConnected(row, known); break;
    case Group::Installed:
        row.before = captionOf(*known.kind);
        row.state = tr("Connect");
        row.tone = Row::Tone::Link;
        break;
    case Group::Unreachable: row.before = tr("What to do instead"); break;
    case Group::ByHand: row.before = known.kind->paste.isEmpty() ? tr("Not found on this computer") : tr("A snippet to paste"); break;
    }
    const Care care = careOf(known);
    if (const QString word = careWord(care); !word.isEmpty())
        row.state = word;
    if (care != Care::None)
        row.tone = Row::Tone::Caution;
    const QString second = QStringList{row.before, row.word, row.after}.join(QLatin1Char(' ')).trimmed();
    row.sentence = row.state.isEmpty() ? tr("%1, %2", "client, state").arg(row.title, second)
                                       : tr("%1, %2, %3", "client, state, what is to be done").arg(row.title, second, row.state);
    return row;
}

} // namespace ui
