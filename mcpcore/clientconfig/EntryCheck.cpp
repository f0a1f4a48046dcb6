// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/EntryCheck.h"
#include <QUrl>

namespace mcpcore {

namespace {

using Kind = ConfigValue::Kind;

void collectTexts(const ConfigValue &value, QByteArrayList &texts)
{
    if (value.kind == Kind::Text)
        texts.append(value.text);
    for (const ConfigValue &item : value.items)
        collectTexts(item, texts);
    for (const auto &[key, member] : value.members)
        collectTexts(member, texts);
}

QByteArrayList textsOf(const ConfigValue &value)
{
    QByteArrayList texts;
    collectTexts(value, texts);
    return texts;
}

// A map in which every member is one, too: an entry of that name would hold texts.
bool holdsEntries(const ConfigValue *holder)
{
    return holder && holder->kind == Kind::Map && std::all_of(holder->members.begin(), holder->members.end(), [](const auto &member) {
               return member.second.kind == Kind::Map;
           });
}

// What in an entry's texts shows that it talks to this vendor: hosts of its servers, the package of its program.
QByteArrayList marksOf(const Pack &pack)
{
    QByteArrayList marks;
    for (const HostedEndpoint &hosted : pack.hosted)
        marks.append(QUrl(hosted.url).host().toUtf8());
    for (const LocalBridge &local : pack.local)
        for (const QString &argument : local.arguments)
            if (argument.endsWith(QLatin1Char('@') + local.version))
                marks.append(argument.chopped(local.version.size() + 1).toUtf8());
    marks.removeAll(QByteArray());
    return marks;
}

QStringList namesAt(const ConfigValue &document, const QStringList &path)
{
    QStringList names;
    if (const ConfigValue *list = path.isEmpty() ? nullptr : document.at(path))
        for (const ConfigValue &item : list->items)
            names.append(QString::fromUtf8(item.text));
    return names;
}

} // namespace

QList<QPair<QString, const ConfigValue *>> entriesOf(const ConfigValue &document, const EntryPlace &place)
{
    QList<QPair<QString, const ConfigValue *>> entries;
    const ConfigValue *holder = document.at(place.path);
    if (!holder)
        return entries;
    for (const auto &[name, value] : holder->members)
        entries.append({QString::fromUtf8(name), &value});
    for (const ConfigValue &item : holder->items)
        if (const ConfigValue *name = item.member("name"))
            entries.append({QString::fromUtf8(name->text), &item});
    return entries;
}

const EntryShape &shapeFor(const ClientKind &kind, const ConfigValue &document)
{
    for (const EntryShape &shape : kind.shapes)
        if (shape.when == EntryShape::When::Always || holdsEntries(document.at(shape.path)))
            return shape;
    return kind.shapes.last();
}

const ConfigValue *entryAt(const ConfigValue &document, const EntryPlace &place)
{
    const ConfigValue *found = nullptr;
    for (const auto &[name, entry] : entriesOf(document, place))
        if (name == place.name)
            found = entry;
    return found;
}

bool leadsToUs(const ConfigValue &entry, const EntryValues &values)
{
    const QByteArrayList texts = textsOf(entry);
    const QByteArray url = values.url.toUtf8();
    return std::any_of(texts.begin(), texts.end(), [&](const QByteArray &text) {
        const QByteArray file = text.mid(std::max(text.lastIndexOf('/'), text.lastIndexOf('\\')) + 1);
        return file == "countersign-bridge" || file == "countersign-bridge.exe"
               || (!text.isEmpty() && (text == values.bridge.toUtf8() || text == url || (!url.isEmpty() && text.startsWith(url + '/'))));
    });
}

QStringList entriesToUs(const ConfigValue &document, const EntryPlace &place, const EntryValues &values, EntriesOfHttp http)
{
    QStringList names;
    for (const auto &[name, entry] : entriesOf(document, place)) {
        const QByteArrayList texts = textsOf(*entry);
        const bool isMeant = texts.contains("--client") ? texts.contains(values.client.toUtf8()) : http == EntriesOfHttp::Too;
        if (leadsToUs(*entry, values) && isMeant)
            names.append(name);
    }
    return names;
}

QList<Bypass> bypasses(const ConfigValue &document, const EntryPlace &place, const QList<Pack> &packs)
{
    QList<Bypass> found;
    for (const auto &[name, entry] : entriesOf(document, place)) {
        const QByteArray all = textsOf(*entry).join('\n');
        for (const Pack &pack : packs) {
            const QByteArrayList marks = marksOf(pack);
            if (name != place.name && std::any_of(marks.begin(), marks.end(), [&](const QByteArray &mark) { return all.contains(mark); }))
                found.append({name, pack.name});
        }
    }
    return found;
}

QString leftOut(const ClientKind &kind, const ConfigValue &document, const QString &name)
{
    const bool isList = !kind.allowedList.isEmpty() && document.at(kind.allowedList);
    if (isList && !namesAt(document, kind.allowedList).contains(name))
        return QStringLiteral("%1 uses the entries named in %2 only, and \"%3\" is not among them. Add it there.")
            .arg(kind.name, kind.allowedList.join(QLatin1Char('.')), name);
    if (namesAt(document, kind.excludedList).contains(name))
        return QStringLiteral("%1 leaves \"%3\" out, because %2 names it. Take it out there.")
            .arg(kind.name, kind.excludedList.join(QLatin1Char('.')), name);
    return {};
}

} // namespace mcpcore
