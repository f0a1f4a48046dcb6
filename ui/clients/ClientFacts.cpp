// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientFacts.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"

namespace ui {

namespace {

using Look = ClientFact::Look;

QString seen(const ClientText::Known &known)
{
    const ClientSight &client = *known.client;
    if (!client.seen)
        return ClientText::tr("Not yet");
    const QString at = ClientText::time(*client.seen, known.now);
    return client.seenVersion.isEmpty() ? at : ClientText::tr("%1, version %2").arg(at, visibleText(client.seenVersion));
}

// Those it can call in its environment.
QString connections(const ClientText::Known &known)
{
    QStringList names;
    for (const mcpcore::Connection &connection : known.workspace.connections)
        if (connection.environments.contains(known.environment()))
            names.append(visibleText(connection.id.text));
    return names.isEmpty() ? ClientText::tr("None in %1").arg(visibleText(wordOf(known.environment()))) : names.join(QStringLiteral(", "));
}

QString sessions(int count)
{
    return count == 0 ? ClientText::tr("No session") : count == 1 ? ClientText::tr("1 session") : ClientText::tr("%1 sessions").arg(count);
}

void addEntry(QList<ClientFact> &facts, const ClientFile &file)
{
    const bool ours = file.entry == ClientFile::Entry::Ours;
    const bool care = !ours && file.entry != ClientFile::Entry::None;
    const QString name =
        file.connection.isEmpty()
            ? visibleText(file.name)
            : ClientText::tr("%1 for %2 only", "entry, connection").arg(visibleText(file.name), visibleText(file.connection));
    const QString state =
        ours ? ClientText::tr("%1, entry %2, %3", "way, name, state").arg(ClientText::way(file.way), name, ClientText::entryState(file))
        : file.entries.isEmpty() || file.entry == ClientFile::Entry::Unreadable
            ? ClientText::entryState(file)
            : ClientText::tr("%1: %2", "entry, state").arg(name, ClientText::entryState(file));
    facts.append({{}, state, care ? Look::Caution : Look::Text});
}

void addFiles(QList<ClientFact> &facts, const ClientKindSight &kind)
{
    for (const ClientFile &file : kind.files) {
        facts.append({file.what.isEmpty() ? ClientText::tr("File") : visibleText(file.what.left(1).toUpper() + file.what.mid(1)),
                      ClientText::path(file.path), Look::Code});
        if (file.entries.isEmpty())
            addEntry(facts, file);
        for (const ClientFile::OwnEntry &own : file.entries) {
            ClientFile one = file;
            one.name = own.name;
            one.connection = own.connection;
            one.way = own.way;
            one.entry = own.entry;
            addEntry(facts, one);
        }
    }
}

} // namespace

QList<ClientFact> factsOf(const ClientText::Known &known)
{
    const ClientSight &client = *known.client;
    QList<ClientFact> facts;
    facts.append({ClientText::tr("Seen"), seen(known)});
    facts.append({ClientText::tr("Open now"), sessions(client.sessions)});
    facts.append({ClientText::tr("Connections"), connections(known)});
    if (const QString tools = ClientText::tools(known); !tools.isEmpty())
        facts.append(
            {ClientText::tr("Tools"), tools, ClientText::careOf(known) == ClientText::Care::TooManyTools ? Look::Caution : Look::Text});
    if (ClientText::waitsForRestart(known))
        facts.append({ClientText::tr("Restart"), visibleText(known.kind->restart)});
    if (known.kind)
        addFiles(facts, *known.kind);
    if (!client.program.isEmpty())
        facts.append({ClientText::tr("Program"), ClientText::path(client.program), Look::Code});
    facts.append({ClientText::tr("Known as"), visibleText(client.id.text), Look::Code});
    if (client.created.count() > 0)
        facts.append({ClientText::tr("Since"), ClientText::time(client.created, known.now)});
    return facts;
}

} // namespace ui
