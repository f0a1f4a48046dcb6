// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "clientconfig/FormatEdits.h"
#include <algorithm>

namespace mcpcore {

namespace {

using Format = ConfigDialect::Format;

const QByteArray kNameMember = QByteArrayLiteral("name"); // of an entry in a list

ConfigFault changedMeaning()
{
    return {ConfigFault::Kind::Changed, 0, 0, QStringLiteral("The edit would have changed more than this entry, so nothing was written.")};
}

bool isNamed(const ConfigValue &item, const QByteArray &name)
{
    const ConfigValue *member = item.member(kNameMember);
    return member && member->kind == ConfigValue::Kind::Text && member->text == name;
}

// The last member of this name, made where there is none or none has a value (`name:` in YAML).
ConfigValue &memberOf(ConfigValue &map, const QByteArray &name, ConfigValue::Kind kindOfNew)
{
    if (!map.member(name))
        map.members.emplace_back(name, ConfigValue{kindOfNew});
    ConfigValue &member = const_cast<ConfigValue &>(*map.member(name));
    if (member.kind == ConfigValue::Kind::Null)
        member.kind = kindOfNew;
    return member;
}

ConfigValue &holderOf(ConfigValue &document, const EntryPlace &place)
{
    const auto kindOfHolder = place.holder == EntryPlace::Holder::Map ? ConfigValue::Kind::Map : ConfigValue::Kind::List;
    ConfigValue *holder = &document;
    for (qsizetype i = 0; i < place.path.size(); ++i)
        holder = &memberOf(*holder, place.path[i].toUtf8(), i + 1 == place.path.size() ? kindOfHolder : ConfigValue::Kind::Map);
    return *holder;
}

// What the old document means once the entry is put, exchanged or gone.
ConfigValue expectedMeaning(ConfigValue document, const EntryPlace &place, EntryChange change, const Json &entry)
{
    ConfigValue &holder = holderOf(document, place);
    const QByteArray name = place.name.toUtf8();
    ConfigValue value = configValue(entry);
    if (place.holder == EntryPlace::Holder::Map) {
        std::erase_if(holder.members, [&](const auto &member) { return member.first == name; });
        if (change != EntryChange::Remove)
            holder.members.emplace_back(name, std::move(value));
        return document;
    }
    memberOf(value, kNameMember, ConfigValue::Kind::Text).text = name;
    const auto old = std::find_if(holder.items.begin(), holder.items.end(), [&](const auto &item) { return isNamed(item, name); });
    if (change == EntryChange::Insert)
        holder.items.push_back(std::move(value));
    else if (change == EntryChange::Replace && old != holder.items.end())
        *old = std::move(value);
    else if (old != holder.items.end())
        holder.items.erase(old);
    return document;
}

// A holder that is left empty may have had no value before the entry came.
bool isWithoutValue(ConfigValue document, const QStringList &path, const ConfigValue &after)
{
    const ConfigValue *holder = document.at(path);
    if (path.isEmpty() || !holder || !holder->members.empty() || !holder->items.empty())
        return false;
    const_cast<ConfigValue *>(holder)->kind = ConfigValue::Kind::Null;
    return sameMeaning(document, after);
}

// A holder that is left empty may go as well where this program had made it.
bool withoutEmptyHolder(ConfigValue &document, QStringList &path)
{
    const ConfigValue *holder = document.at(path);
    if (path.isEmpty() || !holder || !holder->members.empty() || !holder->items.empty())
        return false;
    const QByteArray key = path.takeLast().toUtf8();
    auto &members = const_cast<ConfigValue *>(document.at(path))->members;
    const auto last = std::find_if(members.rbegin(), members.rend(), [&](const auto &member) { return member.first == key; });
    members.erase(std::next(last).base());
    return true;
}

bool isProved(const ConfigValue &before, const ConfigValue &after, const EntryPlace &place, EntryChange change, const Json &entry)
{
    ConfigValue expected = expectedMeaning(before, place, change, entry);
    QStringList path = place.path;
    do {
        if (sameMeaning(expected, after) || (change == EntryChange::Remove && isWithoutValue(expected, path, after)))
            return true;
    } while (change == EntryChange::Remove && withoutEmptyHolder(expected, path));
    return false;
}

ConfigResult<EntryEdit> changedEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, EntryChange change,
                                     const Json &entry, int created)
{
    switch (change) {
    case EntryChange::Insert: return insertEntry(file, dialect, place, entry);
    case EntryChange::Replace: return replaceEntry(file, dialect, place, entry);
    case EntryChange::Remove: return removeEntry(file, dialect, place, created);
    }
    Q_UNREACHABLE();
}

} // namespace

QByteArray applied(const QByteArray &file, const QList<TextEdit> &edits)
{
    QByteArray result;
    result.reserve(file.size() + 1024);
    qsizetype at = 0;
    for (const TextEdit &edit : edits) {
        Q_ASSERT(edit.offset >= at && edit.offset + edit.length <= file.size());
        result.append(file.constData() + at, edit.offset - at).append(edit.text);
        at = edit.offset + edit.length;
    }
    return result.append(file.constData() + at, file.size() - at);
}

ConfigResult<EntryEdit> insertEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    switch (dialect.format) {
    case Format::Jsonc: return jsonInsert(file, dialect, place, entry);
    case Format::Toml: return tomlInsert(file, dialect, place, entry);
    case Format::Yaml: return yamlInsert(file, dialect, place, entry);
    }
    Q_UNREACHABLE();
}

ConfigResult<EntryEdit> replaceEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry)
{
    switch (dialect.format) {
    case Format::Jsonc: return jsonReplace(file, dialect, place, entry);
    case Format::Toml: return tomlReplace(file, dialect, place, entry);
    case Format::Yaml: return yamlReplace(file, dialect, place, entry);
    }
    Q_UNREACHABLE();
}

ConfigResult<EntryEdit> removeEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created)
{
    switch (dialect.format) {
    case Format::Jsonc: return jsonRemove(file, dialect, place, created);
    case Format::Toml: return tomlRemove(file, dialect, place, created);
    case Format::Yaml: return yamlRemove(file, dialect, place, created);
    }
    Q_UNREACHABLE();
}

ConfigResult<ConfigValue> meaningOf(const QByteArray &file, const ConfigDialect &dialect)
{
    switch (dialect.format) {
    case Format::Jsonc: return jsonMeaning(file, dialect);
    case Format::Toml: return tomlMeaning(file, dialect);
    case Format::Yaml: return yamlMeaning(file, dialect);
    }
    Q_UNREACHABLE();
}

ConfigResult<EditedFile> changedFile(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, EntryChange change,
                                     const Json &entry, int created)
{
    const auto edit = changedEntry(file, dialect, place, change, entry, created);
    if (!edit)
        return tl::unexpected(edit.error());
    const auto before = meaningOf(file, dialect);
    if (!before)
        return tl::unexpected(before.error());
    EditedFile edited{applied(file, edit->edits), change == EntryChange::Replace ? created : edit->created};
    const auto after = meaningOf(edited.bytes, dialect);
    if (!after || !isProved(*before, *after, place, change, entry))
        return tl::unexpected(changedMeaning());
    return edited;
}

} // namespace mcpcore
