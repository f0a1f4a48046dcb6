// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/DeskLink.h"
#include "base/Json.h"
#include "base/Post.h"
#include "control/Control.h"

namespace app {

using namespace mcpcore;

namespace {

Json slotOf(const ui::KeyWish &wish)
{
    Json slot{{"connection", wish.connection.text}, {"environment", wish.environment.text}};
    if (!wish.client.isEmpty())
        slot["client"] = wish.client.text;
    return slot;
}

// The key in the parameters of a command. It is written where it stands: no copy of the string is made by that.
void wipeSecret(Json &parameters)
{
    if (auto *text = parameters["secret"].get_ptr<std::string *>())
        for (char &letter : *text)
            *const_cast<volatile char *>(&letter) = 0;
}

tl::unexpected<Error> notStarted()
{
    return failure(Error::Kind::Abandoned, QStringLiteral("Countersign could not start: see the message in the window."));
}

// What the core says of a key that it has set or tested.
std::function<void(const Result<Json> &)> noteTo(Completion<QString> done)
{
    auto owed = std::make_shared<Completion<QString>>(std::move(done));
    return
        [owed](const Result<Json> &answer) { (*owed)(answer ? Result<QString>(stringAt(*answer, "note", {})) : failure(answer.error())); };
}

} // namespace

// The key crosses to the core as a Secret, and is text only for the length of the command, in one string that is wiped then.
// What cannot be wiped: the event of the key press or the paste, the buffers of the input method and of the X server or
// compositor, and those of the keychain's D-Bus message.
void DeskLink::secretCommand(const QString &name, Json parameters, Secret secret, std::function<void(const Result<Json> &)> done)
{
    post(m_core,
         [this, core = m_core, name, parameters = std::move(parameters), secret = std::move(secret), done = std::move(done)]() mutable {
             parameters["secret"] = std::string(secret.reveal());
             core->control().handle(name, parameters, Authority::Window,
                                    Completion<Json>(core, [this, done = std::move(done)](Result<Json> answer) {
                                        post(this, [done, answer = std::move(answer)] { done(answer); });
                                    }));
             wipeSecret(parameters);
         });
}

void DeskLink::setKey(const ui::KeyWish &wish, Secret secret, Completion<QString> done)
{
    if (!m_core)
        return done(notStarted());
    Json parameters = slotOf(wish);
    parameters["label"] = wish.label;
    parameters["rotateDays"] = wish.rotationDays;
    if (!wish.madeBy.isEmpty())
        parameters["madeBy"] = wish.madeBy;
    if (wish.check == ui::KeyWish::Check::NotAtAll)
        parameters["unverified"] = true;
    secretCommand(QStringLiteral("key set"), std::move(parameters), std::move(secret), noteTo(std::move(done)));
}

void DeskLink::cancelKey(const ui::KeyWish &wish)
{
    command(QStringLiteral("key cancel"), slotOf(wish), Completion<>(this, [](Result<>) {}));
}

void DeskLink::testKey(const ConnectionId &connection, const EnvironmentId &environment, const ClientId &client, Completion<QString> done)
{
    m_composition.command(QStringLiteral("key test"), slotOf({connection, environment, client, {}, {}}), noteTo(std::move(done)),
                          Authority::Window);
}

void DeskLink::deleteKey(const KeyId &key, Completion<> done)
{
    command(QStringLiteral("key delete"), Json{{"id", key.text}}, std::move(done));
}

void DeskLink::moveKeysToFile(Secret passphrase, Completion<QString> done)
{
    if (!m_core)
        return done(notStarted());
    secretCommand(QStringLiteral("key move"), {{"to", "file"}}, std::move(passphrase), movedTo(std::move(done)));
}

void DeskLink::moveKeysToKeychain(Completion<QString> done)
{
    m_composition.command(QStringLiteral("key move"), {{"to", "keychain"}}, movedTo(std::move(done)), Authority::Window);
}

std::function<void(const Result<Json> &)> DeskLink::movedTo(Completion<QString> done)
{
    return [this, answer = noteTo(std::move(done))](const Result<Json> &moved) {
        Q_EMIT connectionsChanged(); // a profile without keys changes nothing else
        answer(moved);
    };
}

// Never without having asked: the OS, and where it cannot ask, the person at this window.
void DeskLink::revealKey(const KeyId &key, Sight sight, Confirmed confirmed, Secret passphrase, Completion<Secret> done)
{
    if (!m_core)
        return done(notStarted());
    auto owed = std::make_shared<Completion<Secret>>(std::move(done));
    m_login.ask(Completion<>(this, [this, key, sight, confirmed, passphrase = std::move(passphrase), owed](Result<> given) mutable {
        const bool unable = !given && given.error().kind == Error::Kind::NeedsPerson;
        if (given)
            return giveOut(key, sight, {Control::Proof::By::Login, {}}, owed);
        if (unable && confirmed == Confirmed::Here)
            return giveOut(key, sight, {Control::Proof::By::Window, std::move(passphrase)}, owed);
        (*owed)(failure(given.error()));
    }));
}

void DeskLink::giveOut(const KeyId &key, Sight sight, Control::Proof proof, std::shared_ptr<Completion<Secret>> owed)
{
    const Control::Sight how = sight == Sight::Shown ? Control::Sight::Shown : Control::Sight::Copied;
    post(m_core, [this, core = m_core, key, how, proof = std::move(proof), owed]() mutable {
        core->control().revealKey(key, how, std::move(proof), Completion<Secret>(core, [this, owed](Result<Secret> secret) {
                                      post(this, [owed, secret = std::move(secret)]() mutable { (*owed)(std::move(secret)); });
                                  }));
    });
}

} // namespace app
