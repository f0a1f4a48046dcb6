// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ClientSights.h"
#include "base/Json.h"
#include "clientconfig/EntryCheck.h"
#include "clientconfig/ImportScan.h"

namespace mcpcore {

namespace {

const char *textOf(SetupResult::Status status)
{
    switch (status) {
    case SetupResult::Status::Written: return "written";
    case SetupResult::Status::Unchanged: return "unchanged";
    case SetupResult::Status::Refused: return "refused";
    case SetupResult::Status::Conflict: return "conflict";
    }
    Q_UNREACHABLE();
}

const char *textOf(DiffLine::Kind kind)
{
    switch (kind) {
    case DiffLine::Kind::Same: return "same";
    case DiffLine::Kind::Added: return "added";
    case DiffLine::Kind::Removed: return "removed";
    }
    Q_UNREACHABLE();
}

const char *textOf(ClientFileKind::Scope scope)
{
    switch (scope) {
    case ClientFileKind::Scope::User: return "user";
    case ClientFileKind::Scope::Profile: return "profile";
    case ClientFileKind::Scope::Workspace: return "workspace";
    }
    Q_UNREACHABLE();
}

const char *textOf(EntryState::Kind kind)
{
    switch (kind) {
    case EntryState::Kind::None: return "none";
    case EntryState::Kind::Ours: return "ours";
    case EntryState::Kind::Gone: return "gone";
    case EntryState::Kind::Altered: return "altered";
    case EntryState::Kind::Unreadable: return "unreadable";
    }
    Q_UNREACHABLE();
}

const char *textOf(ClientKind::Look look)
{
    switch (look) {
    case ClientKind::Look::Terminal: return "terminal";
    case ClientKind::Look::Editor: return "editor";
    case ClientKind::Look::Chat: return "chat";
    }
    Q_UNREACHABLE();
}

Json diffOf(const QList<DiffLine> &lines)
{
    Json diff = Json::array();
    for (const DiffLine &line : lines)
        diff.push_back({{"change", textOf(line.kind)}, {"line", line.newLine > 0 ? line.newLine : line.oldLine}, {"text", line.text}});
    return diff;
}

// Written and unchanged are good, and written says more.
int badness(const Json &result)
{
    const std::string status = result.value("status", "");
    return status == "conflict" ? 3 : status == "refused" ? 2 : status == "unchanged" ? 0 : 1;
}

Json namesOf(const QStringList &names)
{
    Json list = Json::array();
    for (const QString &name : names)
        list.push_back(name);
    return list;
}

} // namespace

EntryState stateOf(FileSteps &steps, const ClientKind &kind, const QString &file, const EntryRecord *record, const EntryValues &values,
                   const QList<Pack> &packs)
{
    const auto gone = [record] { return record && record->isConnected ? EntryState::Kind::Gone : EntryState::Kind::None; };
    const auto read = readConfigFile(steps, file);
    if (!read)
        return {EntryState::Kind::Unreadable, read.error().message};
    if (!read->isThere)
        return {gone(), {}};
    const auto document = meaningOf(read->bytes, kind.dialect);
    if (!document) {
        // The edits say best what is wrong where.
        const auto edit =
            insertEntry(read->bytes, kind.dialect, {kind.shapes.last().path, values.name, kind.shapes.last().holder}, Json::object());
        const ConfigFault &fault = edit ? document.error() : edit.error();
        return {EntryState::Kind::Unreadable,
                fault.line > 0 ? QStringLiteral("Line %1, column %2: %3").arg(fault.line).arg(fault.column).arg(fault.reason)
                               : fault.reason};
    }
    const EntryShape &shape = shapeFor(kind, *document);
    EntryPlace place = record ? record->place : EntryPlace{shape.path, values.name, shape.holder};
    // One that nobody recorded came by hand, under any name.
    const QStringList byHand = record ? QStringList() : entriesToUs(*document, place, values, EntriesOfHttp::Too);
    if (!byHand.isEmpty() && !byHand.contains(place.name))
        place.name = byHand.first();
    EntryState state;
    state.plainKeys = plainKeys(read->bytes, kind, packs, values);
    for (const Bypass &bypass : bypasses(*document, place, packs))
        state.bypasses.append(bypass.entry);
    const ConfigValue *entry = entryAt(*document, place);
    if (!entry) {
        state.kind = gone();
        return state;
    }
    const bool wanted = record && record->isConnected;
    if (!leadsToUs(*entry, values)) {
        state.kind = wanted ? EntryState::Kind::Altered : EntryState::Kind::None;
        return state;
    }
    // A token cannot be compared: only its digest is known.
    const auto expected = wanted && record->way == Way::Bridge ? entryOf(kind, shape, Way::Bridge, values) : Result<Json>(Json());
    const bool same =
        expected && (expected->is_null() || sameMeaning(configValue(*expected), *entry) || shape.holder == EntryPlace::Holder::List);
    state.kind = same ? EntryState::Kind::Ours : EntryState::Kind::Altered;
    return state;
}

Json toJson(const SetupResult &result)
{
    Json out{{"client", result.client}, {"file", result.file},     {"status", textOf(result.status)},
             {"line", result.line},     {"column", result.column}, {"reason", result.reason}};
    if (!result.diff.isEmpty())
        out["diff"] = diffOf(result.diff);
    return out;
}

bool isDone(const SetupResult &result)
{
    return result.status == SetupResult::Status::Written || result.status == SetupResult::Status::Unchanged;
}

std::vector<Json> toJson(const QList<SetupResult> &results)
{
    std::vector<Json> list;
    for (const SetupResult &result : results)
        list.push_back(toJson(result));
    return list;
}

Json toJson(const SetupPreview &preview)
{
    Json out = toJson(preview.result);
    out["diff"] = diffOf(preview.result.diff);
    out["replaces"] = preview.replaces;
    out["bytesAdded"] = preview.bytesAdded;
    out["checked"] = namesOf(preview.checked);
    out["timeout"] = preview.timeout;
    out["restart"] = preview.restart;
    Json cautions = Json::array();
    for (const SetupWarning &warning : preview.warnings)
        cautions.push_back(warning.text);
    out["cautions"] = cautions;
    return out;
}

Json together(const std::vector<Json> &results)
{
    if (results.empty())
        return Json::object();
    Json all = *std::max_element(results.begin(), results.end(), [](const Json &a, const Json &b) { return badness(a) < badness(b); });
    if (results.size() > 1)
        all["files"] = results;
    return all;
}

Json toJson(const ClientFile &file, const EntryRecord *record, const EntryState &state)
{
    Json out{
        {"path", file.path}, {"what", file.what}, {"scope", textOf(file.scope)}, {"there", file.isThere}, {"state", textOf(state.kind)}};
    if (record) {
        out["way"] = record->way == Way::Bridge ? "bridge" : "http";
        out["name"] = record->place.name;
        if (!record->connection.isEmpty()) {
            out["connection"] = record->connection;
            out["environment"] = record->environment;
        }
    }
    out["plainKeys"] = state.plainKeys;
    out["trouble"] = state.trouble;
    out["bypasses"] = namesOf(state.bypasses);
    return out;
}

Json worstOf(const std::vector<Json> &entries)
{
    const auto isWell = [](const Json &entry) { return entry.value("state", "") == "ours"; };
    const auto ill = std::find_if_not(entries.begin(), entries.end(), isWell);
    Json file = ill == entries.end() ? entries.front() : *ill;
    if (entries.size() < 2)
        return file;
    Json list = Json::array();
    for (const Json &entry : entries) {
        Json one = Json::object();
        for (const char *member : {"name", "way", "state", "connection", "environment"})
            if (entry.contains(member))
                one[member] = entry[member];
        list.push_back(one);
    }
    file["entries"] = list;
    return file;
}

Json toJson(const ClientKind &kind, const FoundClient &found, const std::vector<Json> &files)
{
    Json ways = Json::array();
    for (const auto &[way, text] : {std::pair(Way::Bridge, "bridge"), std::pair(Way::Http, "http")})
        if (kind.has(way))
            ways.push_back(text);
    Json out{{"kind", kind.id},
             {"name", kind.name},
             {"look", textOf(kind.look)},
             {"installed", found.isInstalled()},
             {"evidence", found.evidence},
             {"version", found.version},
             {"reachable", kind.unreachableReason.isEmpty()},
             {"reason", kind.unreachableReason},
             {"instead", kind.instead},
             {"ways", ways},
             {"way", kind.way == Way::Bridge ? "bridge" : "http"},
             {"paste", kind.paste},
             {"restart", kind.restart},
             {"files", files}};
    if (kind.toolLimit)
        out["toolLimit"] = *kind.toolLimit;
    return out;
}

} // namespace mcpcore
