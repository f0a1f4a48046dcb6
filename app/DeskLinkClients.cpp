// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ClientJson.h"
#include "app/DeskLink.h"
#include "base/Json.h"
#include "base/Post.h"
#include "clientconfig/ClientCatalog.h"
#include "control/Control.h"
#include <QDateTime>
#include <QDesktopServices>
#include <QUrl>

namespace app {

using namespace mcpcore;
using ui::ClientEdit;
using ui::ClientFile;
using ui::ClientKindSight;
using ui::ClientSight;
using ui::ClientWay;

namespace {

std::optional<std::chrono::milliseconds> timeFrom(const Json &json, const char *member)
{
    const QDateTime at = QDateTime::fromString(stringAt(json, member, {}), Qt::ISODateWithMs);
    return at.isValid() ? std::optional(std::chrono::milliseconds(at.toMSecsSinceEpoch())) : std::nullopt;
}

std::optional<int> countFrom(const Json &json, const char *member)
{
    return memberAt(json, member) ? std::optional(int(integerAt(json, member, 0))) : std::nullopt;
}

ClientWay wayFrom(const QString &text)
{
    return text == QLatin1String("http") ? ClientWay::Http : ClientWay::Bridge;
}

ClientFile::Entry entryFrom(const Json &json)
{
    const QString state = stringAt(json, "state", {});
    return state == QLatin1String("ours")         ? ClientFile::Entry::Ours
           : state == QLatin1String("gone")       ? ClientFile::Entry::Gone
           : state == QLatin1String("altered")    ? ClientFile::Entry::Altered
           : state == QLatin1String("unreadable") ? ClientFile::Entry::Unreadable
                                                  : ClientFile::Entry::None;
}

ClientFile::OwnEntry ownEntryFrom(const Json &json)
{
    return {stringAt(json, "name", {}), stringAt(json, "connection", {}), wayFrom(stringAt(json, "way", {})), entryFrom(json)};
}

ClientFile fileFrom(const Json &json)
{
    ClientFile file;
    file.path = stringAt(json, "path", {});
    file.what = stringAt(json, "what", {});
    file.there = boolAt(json, "there", false);
    file.entry = entryFrom(json);
    file.way = wayFrom(stringAt(json, "way", {}));
    file.name = stringAt(json, "name", {});
    file.connection = stringAt(json, "connection", {});
    file.entries = listFrom(json, "entries", ownEntryFrom);
    file.trouble = stringAt(json, "trouble", {});
    file.bypasses = textsFrom(json, "bypasses");
    file.plainKeys = int(integerAt(json, "plainKeys", 0));
    return file;
}

ClientKindSight kindFrom(const Json &json)
{
    ClientKindSight kind;
    kind.kind = stringAt(json, "kind", {});
    kind.name = stringAt(json, "name", {});
    const QString look = stringAt(json, "look", {});
    kind.look = look == QLatin1String("editor") ? ClientKindSight::Look::Editor
                : look == QLatin1String("chat") ? ClientKindSight::Look::Chat
                                                : ClientKindSight::Look::Terminal;
    kind.installed = boolAt(json, "installed", false);
    kind.version = stringAt(json, "version", {});
    kind.reason = stringAt(json, "reason", {});
    kind.instead = stringAt(json, "instead", {});
    for (const QString &way : textsFrom(json, "ways"))
        kind.ways.append(wayFrom(way));
    kind.way = wayFrom(stringAt(json, "way", {}));
    kind.paste = stringAt(json, "paste", {});
    kind.toolLimit = countFrom(json, "toolLimit");
    kind.restart = stringAt(json, "restart", {});
    kind.client = {stringAt(json, "client", {})};
    kind.files = listFrom(json, "files", fileFrom);
    return kind;
}

ClientSight clientFrom(const Json &json)
{
    ClientSight client;
    client.id = {stringAt(json, "id", {})};
    client.name = stringAt(json, "name", {});
    client.kind = stringAt(json, "kind", {});
    client.program = stringAt(json, "bridgeProgram", {});
    client.stranger = stringAt(json, "stranger", {});
    client.revoked = boolAt(json, "revoked", false);
    client.sessions = int(integerAt(json, "sessions", 0));
    client.seen = timeFrom(json, "seen");
    client.wrongToken = timeFrom(json, "wrongToken");
    client.seenVersion = stringAt(json, "seenVersion", {});
    client.tools = countFrom(json, "tools");
    client.created = timeFrom(json, "created").value_or(std::chrono::milliseconds(0));
    return client;
}

Json parametersOf(const ui::ClientWish &wish)
{
    Json parameters{{"id", wish.id},
                    {"environment", wish.environment ? wish.environment->text : QStringLiteral("active")},
                    {"overwrite", wish.sameName == ui::ClientWish::SameName::Replace}};
    if (!wish.file.isEmpty())
        parameters["file"] = wish.file;
    if (wish.way)
        parameters["via"] = toText(*wish.way);
    if (!wish.name.isEmpty())
        parameters["name"] = wish.name;
    if (!wish.connection.isEmpty())
        parameters["connection"] = wish.connection.text;
    if (wish.writer == ui::ClientWish::Writer::Person)
        parameters["byHand"] = true;
    return parameters;
}

std::function<void(const Result<Json> &)> editTo(Completion<ClientEdit> done)
{
    auto owed = std::make_shared<Completion<ClientEdit>>(std::move(done));
    return [owed](const Result<Json> &answer) { (*owed)(answer ? Result<ClientEdit>(editFrom(*answer)) : failure(answer.error())); };
}

// The token of an answer, out of its text.
Secret takeToken(Json &answer)
{
    auto *text = answer.contains("token") ? answer["token"].get_ptr<std::string *>() : nullptr;
    if (!text)
        return {};
    Secret token(*text);
    for (char &letter : *text)
        *const_cast<volatile char *>(&letter) = 0;
    return token;
}

const QString kTokenPlace = QStringLiteral("{token}"); // in a snippet

QString withDots(QString text)
{
    return text.replace(kTokenPlace, QString(8, QChar(0x2022)));
}

// The text with the token in its place; nothing when it has none.
Secret withToken(const QString &text, const Secret &token)
{
    const qsizetype from = text.indexOf(kTokenPlace);
    if (from < 0 || token.isEmpty())
        return {};
    const QByteArray before = text.left(from).toUtf8(), after = text.mid(from + kTokenPlace.size()).toUtf8();
    const std::string_view middle = token.reveal();
    return Secret::filled(size_t(before.size()) + middle.size() + size_t(after.size()), [&](char *bytes) {
        bytes = std::copy(before.begin(), before.end(), bytes);
        bytes = std::copy(middle.begin(), middle.end(), bytes);
        std::copy(after.begin(), after.end(), bytes);
    });
}

} // namespace

void DeskLink::clients(Completion<ui::ClientsSight> done)
{
    auto owed = std::make_shared<Completion<ui::ClientsSight>>(std::move(done));
    m_composition.command(
        QStringLiteral("client list"), Json::object(),
        [this, owed](const Result<Json> &listed) {
            if (!listed)
                return (*owed)(failure(listed.error()));
            m_composition.command(
                QStringLiteral("client detect"), Json::object(),
                [owed, clients = listFrom(*listed, "clients", clientFrom)](const Result<Json> &found) {
                    if (!found)
                        return (*owed)(failure(found.error()));
                    (*owed)(ui::ClientsSight{listFrom(*found, "clients", kindFrom), clients});
                },
                Authority::Window);
        },
        Authority::Window);
}

void DeskLink::previewClient(const ui::ClientWish &wish, Completion<ClientEdit> done)
{
    Json parameters = parametersOf(wish);
    parameters["wholeFile"] = true;
    m_composition.command(QStringLiteral("client preview"), parameters, editTo(std::move(done)), Authority::Window);
}

void DeskLink::connectClient(const ui::ClientWish &wish, Completion<ClientEdit> done)
{
    m_composition.command(QStringLiteral("client connect"), parametersOf(wish), editTo(std::move(done)), Authority::Window);
}

void DeskLink::editClient(ClientAct act, const ClientId &client, const QString &file, Completion<ClientEdit> done)
{
    QString name;
    switch (act) {
    case ClientAct::Disconnect: name = QStringLiteral("client disconnect"); break;
    case ClientAct::Undo: name = QStringLiteral("client undo"); break;
    case ClientAct::Repair: name = QStringLiteral("client repair"); break;
    }
    Json parameters{{"id", client.text}};
    if (!file.isEmpty())
        parameters["file"] = file;
    m_composition.command(name, parameters, editTo(std::move(done)), Authority::Window);
}

void DeskLink::acceptClient(const ClientId &client, const QString &program, Completion<> done)
{
    command(QStringLiteral("client accept"), Json{{"id", client.text}, {"program", program}}, std::move(done));
}

void DeskLink::moveClient(const ClientId &client, const std::optional<EnvironmentId> &environment, Completion<> done)
{
    command(QStringLiteral("client environment"),
            Json{{"id", client.text}, {"environment", environment ? environment->text : QStringLiteral("active")}}, std::move(done));
}

// The token leaves the answer in the core's thread: it crosses as a Secret.
void DeskLink::tokenCommand(const QString &name, const Json &parameters, std::function<void(Result<Json>, Secret)> done)
{
    if (!m_core)
        return done(failure(Error::Kind::Abandoned, QStringLiteral("Countersign could not start: see the message in the window.")), {});
    post(m_core, [this, core = m_core, name, parameters, done = std::move(done)] {
        core->control().handle(name, parameters, Authority::Window, Completion<Json>(core, [this, done](Result<Json> answer) {
                                   Secret token = answer ? takeToken(*answer) : Secret();
                                   post(this, [done, answer = std::move(answer), token = std::move(token)]() mutable {
                                       done(std::move(answer), std::move(token));
                                   });
                               }));
    });
}

void DeskLink::rotateClient(const ClientId &client, Completion<ui::ClientToken> done)
{
    auto owed = std::make_shared<Completion<ui::ClientToken>>(std::move(done));
    tokenCommand(QStringLiteral("client token"), Json{{"id", client.text}}, [owed](Result<Json> answer, Secret token) {
        if (!answer)
            return (*owed)(failure(answer.error()));
        (*owed)(ui::ClientToken{std::move(token), listFrom(*answer, "files", editFrom)});
    });
}

void DeskLink::snippet(const QString &id, ClientWay way, Completion<ui::ClientSnippet> done)
{
    auto owed = std::make_shared<Completion<ui::ClientSnippet>>(std::move(done));
    m_composition.command(
        QStringLiteral("client snippet"), Json{{"id", id}, {"via", toText(way)}},
        [owed](const Result<Json> &answer) {
            if (!answer)
                return (*owed)(failure(answer.error()));
            (*owed)(ui::ClientSnippet{withDots(stringAt(*answer, "text", {})), {}, {}, hintsFrom(*answer)});
        },
        Authority::Window);
}

// First the client, then what is pasted for it: its token stands where the dots are.
void DeskLink::makeSnippet(const ui::ClientWish &wish, const QString &name, Completion<ui::ClientSnippet> done)
{
    Json parameters{{"name", name}, {"kind", wish.id}};
    if (wish.environment)
        parameters["environment"] = wish.environment->text;
    auto owed = std::make_shared<Completion<ui::ClientSnippet>>(std::move(done));
    tokenCommand(QStringLiteral("client add"), parameters, [this, owed, wish](Result<Json> added, Secret token) {
        if (!added)
            return (*owed)(failure(added.error()));
        const ClientId client{stringAt(*added, "id", {})};
        auto held = std::make_shared<Secret>(std::move(token));
        const auto ask = [this, owed, client, held, way = wish.way.value_or(ClientWay::Bridge)] {
            m_composition.command(
                QStringLiteral("client snippet"), Json{{"id", client.text}, {"via", toText(way)}},
                [owed, client, held](const Result<Json> &answer) {
                    if (!answer)
                        return (*owed)(failure(answer.error()));
                    const QString text = stringAt(*answer, "text", {});
                    (*owed)(ui::ClientSnippet{withDots(text), withToken(text, *held), client, hintsFrom(*answer)});
                },
                Authority::Window);
        };
        if (wish.environment)
            return ask();
        moveClient(client, std::nullopt, Completion<>(this, [owed, ask](Result<> moved) {
                       if (!moved)
                           return (*owed)(failure(moved.error()));
                       ask();
                   }));
    });
}

Result<> DeskLink::openLink(const QString &link)
{
    const auto catalog = ClientCatalog::builtIn();
    if (!catalog)
        return failure(catalog.error());
    const bool isOfClient = std::any_of(catalog->kinds.begin(), catalog->kinds.end(), [&](const ClientKind &kind) {
        return !kind.link.isEmpty() && link.startsWith(kind.link.section(QLatin1Char('{'), 0, 0));
    });
    const QUrl url(link, QUrl::StrictMode);
    if (!isOfClient || !url.isValid())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("This link belongs to no client that Countersign knows."));
    if (!QDesktopServices::openUrl(url))
        return failure(Error::Kind::NotFound,
                       QStringLiteral("Nothing on this computer opens links of %1. Copy the snippet instead.").arg(url.scheme()));
    return {};
}

} // namespace app
