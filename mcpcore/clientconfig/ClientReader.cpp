// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientReader.h"
#include "base/Json.h"

namespace mcpcore {

namespace {

using Need = ResourceObject::Need;

// The same patterns are in resources/clients/schema.json; tests/clientconfig holds both against the same files.
struct Forms {
    TextForm id = idForm();
    TextForm name = nameForm();
    TextForm place = textForm("(~|/|\\$\\{[A-Z_]{1,40}(:-~[^\\x00-\\x1f\\x7f${}]*)?\\})[^\\x00-\\x1f\\x7f${}\\\\]{0,300}",
                              "must begin with ~, / or a variable such as ${HOME} or ${HOME:-~/other}, with / between names");
    TextForm inFolder = textForm("[A-Za-z0-9._-]+(/[A-Za-z0-9._-]+)*", "must be a place below the folder of a workspace");
    TextForm program = textForm("[A-Za-z0-9._ -]{1,64}", "must be the name of a program, without a path");
    TextForm package = textForm("[A-Za-z0-9._@/-]{1,64}", "must be the name of a package");
    TextForm key = textForm("[A-Za-z_][A-Za-z0-9_.-]{0,63}", "must be a key");
    TextForm suffix = textForm("\\.[a-z]{1,20}", "must be an ending such as .lock");
    TextForm characters = textForm("[^A-Za-z0-9\\x00-\\x20\\x7f]{1,8}", "must be 1 to 8 characters that are no letters");
    TextForm schema = schemaForm();
};

const Forms &forms()
{
    static const Forms all;
    return all;
}

constexpr std::pair<Way, const char *> kWays[] = {{Way::Bridge, "bridge"}, {Way::Http, "http"}};

Places readPlaces(ResourceObject &in, const char *key, Need need, const TextForm &allowed)
{
    Places places;
    in.object(key, need, [&](ResourceObject &systems) {
        const QStringList all = systems.texts("all", allowed, Need::May);
        for (const auto &[system, word] : {std::pair{OperatingSystem::Linux, "linux"}, std::pair{OperatingSystem::Mac, "macos"},
                                           std::pair{OperatingSystem::Windows, "windows"}}) {
            places[system] = all + systems.texts(word, allowed, all.isEmpty() ? Need::Must : Need::May);
        }
    });
    return places;
}

std::chrono::seconds readSeconds(ResourceObject &in, const char *key)
{
    return std::chrono::seconds(in.number(key, 1, 86400, Need::Must));
}

void readFile(ResourceObject &in, ClientFileKind &file)
{
    using Scope = ClientFileKind::Scope;
    using Take = ClientFileKind::Take;
    using Create = ClientFileKind::Create;
    file.what = in.text("what", forms().name);
    file.scope = in.oneOf<Scope>("scope", {{"user", Scope::User}, {"profile", Scope::Profile}, {"workspace", Scope::Workspace}});
    file.take = in.oneOf<Take>("take", {{"one", Take::One}, {"each", Take::Each}});
    file.create = in.oneOf<Create>("create", {{"always", Create::Always}, {"in folder", Create::InFolder}, {"never", Create::Never}});
    file.places = readPlaces(in, "paths", Need::Must, file.scope == Scope::Workspace ? forms().inFolder : forms().place);
}

void readDialect(ResourceObject &in, ConfigDialect &dialect)
{
    using Format = ConfigDialect::Format;
    dialect.format = in.oneOf<Format>("format", {{"json", Format::Jsonc}, {"toml", Format::Toml}, {"yaml", Format::Yaml}});
    const std::pair<const char *, bool ConfigDialect::*> words[] = {{"comments", &ConfigDialect::comments},
                                                                    {"trailing commas", &ConfigDialect::trailingCommas},
                                                                    {"byte order mark", &ConfigDialect::byteOrderMark},
                                                                    {"empty file", &ConfigDialect::emptyFile}};
    for (const QString &allowed : in.texts("allows", ResourceObject::anyText(), Need::May)) {
        const auto word =
            std::find_if(std::begin(words), std::end(words), [&](const auto &one) { return allowed == QLatin1String(one.first); });
        if (word == std::end(words))
            in.complain("allows", QStringLiteral("may hold comments, trailing commas, byte order mark and empty file only"));
        else
            dialect.*word->second = true;
    }
    if (dialect.format != Format::Jsonc && (dialect.comments || dialect.trailingCommas))
        in.complain("allows", QStringLiteral("says of comments and commas what is for JSON only"));
}

// Every {word} in the strings of an entry is one that is filled in.
void checkEntry(ResourceObject &in, const char *key, const RawJson &entry)
{
    static const QRegularExpression words(QStringLiteral("\\{(?!(bridge|client|url|token|name)\\})"));
    const std::string_view view = entry.view();
    const auto tree = parseJson(view);
    if (!tree || !tree->is_object() || tree->empty()) {
        in.complain(key, QStringLiteral("must be an object with members"));
        return;
    }
    const auto visit = [&](const auto &self, const Json &value) -> void {
        if (value.is_string() && words.match(value.get<QString>()).hasMatch())
            in.complain(key, QStringLiteral("may hold {bridge}, {client}, {url}, {token} and {name} only"));
        else if (value.is_structured())
            for (const Json &inner : value)
                self(self, inner);
    };
    visit(visit, *tree);
    const bool tells = QByteArray::fromStdString(std::string(view)).contains("{token}");
    if (tells != (qstrcmp(key, "http") == 0))
        in.complain(key, tells ? QStringLiteral("must not hold {token}: the bridge needs none") : QStringLiteral("must hold {token}"));
}

void readShape(ResourceObject &in, EntryShape &shape)
{
    if (in.has("onlyIfThere")) {
        in.exactly("onlyIfThere", "true", QStringLiteral("must be true, or left out"));
        shape.when = EntryShape::When::HolderThere;
    }
    shape.path = in.texts("path", forms().key);
    if (in.has("holder"))
        shape.holder = in.oneOf<EntryPlace::Holder>("holder", {{"map", EntryPlace::Holder::Map}, {"list", EntryPlace::Holder::List}});
    shape.bridge = in.value("bridge", Need::Must);
    shape.http = in.value("http", Need::May);
    if (!shape.bridge.isEmpty())
        checkEntry(in, "bridge", shape.bridge);
    if (!shape.http.isEmpty())
        checkEntry(in, "http", shape.http);
}

void readWaiting(ResourceObject &in, ClientKind &kind)
{
    in.object("timeout", Need::May, [&](ResourceObject &timeouts) {
        for (const auto &[way, word] : kWays)
            timeouts.object(word, Need::May, [&, one = way](ResourceObject &timeout) {
                const RaisedTimeout read{readSeconds(timeout, "was"), readSeconds(timeout, "now")};
                if (read.now <= read.was)
                    timeout.complain("now", QStringLiteral("must be longer than \"was\""));
                kind.timeouts[one] = read;
            });
    });
    in.object("hold", Need::Must, [&](ResourceObject &holds) {
        for (const auto &[way, word] : kWays)
            if (kind.has(way) || holds.has(word))
                kind.holds[way] = readSeconds(holds, word);
    });
}

void readUse(ResourceObject &in, ClientKind &kind)
{
    in.object("dialect", Need::Must, [&](ResourceObject &dialect) { readDialect(dialect, kind.dialect); });
    in.each("shapes", Need::Must, [&](ResourceObject &one) {
        EntryShape shape;
        readShape(one, shape);
        kind.shapes.append(shape);
    });
    for (const EntryShape &shape : kind.shapes)
        if ((shape.when == EntryShape::When::Always) != (&shape == &kind.shapes.last()))
            in.complain("shapes", QStringLiteral("must end with the only one that has no onlyIfThere"));
        else if (shape.http.isEmpty() != kind.shapes.last().http.isEmpty())
            in.complain("shapes", QStringLiteral("must all have an entry for http, or none"));
    kind.way = in.oneOf<Way>("way", {{"bridge", Way::Bridge}, {"http", Way::Http}});
    if (!kind.shapes.isEmpty() && !kind.has(kind.way))
        in.complain("way", QStringLiteral("names a way without an entry"));
    readWaiting(in, kind);
    if (in.has("toolLimit"))
        kind.toolLimit = int(in.number("toolLimit", 1, 10000, Need::Must));
    kind.interpolates = in.text("interpolates", forms().characters, Need::May);
    kind.restart = in.text("restart", ResourceObject::anyText());
    in.object("quit", Need::May, [&](ResourceObject &quit) {
        kind.quitPrograms = readPlaces(quit, "programs", Need::Must, forms().program);
        kind.quitReason = quit.text("why", ResourceObject::anyText());
    });
    in.object("lock", Need::May, [&](ResourceObject &lock) {
        kind.lock = ClientLock{lock.text("suffix", forms().suffix), readSeconds(lock, "staleSeconds")};
    });
    in.object("lists", Need::May, [&](ResourceObject &lists) {
        kind.allowedList = lists.texts("allowed", forms().key, Need::May);
        kind.excludedList = lists.texts("excluded", forms().key, Need::May);
    });
    for (const auto &[member, text] : {std::pair{"command", &kind.command}, std::pair{"link", &kind.link}}) {
        *text = in.text(member, ResourceObject::anyText(), Need::May);
        if (text->contains(QLatin1String("{token}")))
            in.complain(member, QStringLiteral("must not hold {token}: it would be seen on its way"));
    }
}

} // namespace

tl::expected<ClientKind, QList<ResourceFault>> readClientKind(const QByteArray &bytes)
{
    QList<ResourceFault> faults;
    if (bytes.size() > kMaximumClientKindSize)
        faults.append({0, 0, {}, QStringLiteral("The file is larger than %1 bytes.").arg(kMaximumClientKindSize)});
    const auto tree = parseJson({bytes.constData(), size_t(bytes.size())});
    if (!tree || !tree->is_object())
        faults.append({0, 0, {}, tree ? QStringLiteral("The description of a client is one JSON object.") : tree.error().message});
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    QByteArray padded = bytes;
    padForReading(padded);
    ClientKind kind;
    const std::string_view all(padded.constData(), size_t(padded.size()));
    ResourceObject in(RawJson(padded, all.substr(std::min(all.find('{'), all.size()))), {}, faults);
    in.text("$schema", forms().schema, Need::May);
    in.exactly("format", "1", QStringLiteral("must be 1: this version knows no other"));
    kind.id = in.text("id", forms().id);
    kind.name = in.text("name", forms().name);
    kind.look = in.oneOf<ClientKind::Look>(
        "kind", {{"terminal", ClientKind::Look::Terminal}, {"editor", ClientKind::Look::Editor}, {"chat", ClientKind::Look::Chat}});
    if (in.has("unreachable")) {
        in.object("unreachable", Need::Must, [&](ResourceObject &unreachable) {
            kind.unreachableReason = unreachable.text("reason", ResourceObject::anyText());
            kind.instead = unreachable.text("instead", ResourceObject::anyText());
        });
    } else {
        kind.paste = in.text("paste", ResourceObject::anyText(), in.has("files") ? Need::May : Need::Must);
        if (in.has("files") && in.has("paste"))
            in.complain("paste", QStringLiteral("must not stand beside \"files\""));
        if (in.has("files"))
            in.object("installed", Need::Must, [&](ResourceObject &installed) {
                kind.installedPlaces = readPlaces(installed, "paths", Need::Must, forms().place);
                kind.programs = installed.texts("programs", forms().program, Need::May);
                kind.package = installed.text("package", forms().package, Need::May);
            });
        in.each("files", Need::May, [&](ResourceObject &one) {
            ClientFileKind file;
            readFile(one, file);
            kind.files.append(file);
        });
        readUse(in, kind);
    }
    in.finish();
    if (!faults.isEmpty())
        return tl::unexpected(faults);
    return kind;
}

} // namespace mcpcore
