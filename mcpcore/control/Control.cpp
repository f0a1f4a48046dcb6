// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/Control.h"
#include "audit/ActivityLog.h"
#include "base/Json.h"
#include "control/ClientConnector.h"
#include "control/ClientImports.h"
#include "control/ProfileSeal.h"
#include "control/VendorCheck.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

Control::Control(ControlServices services, QObject *parent)
    : QObject(parent),
      m_services(std::move(services)),
      m_vendors(std::make_unique<VendorCheck>(m_services.http, m_services.clock)),
      m_digest(m_services.workspace.digest())
{
    addEnvironmentCommands();
    addConnectionCommands();
    addPlaceCommands();
    addSignInCommands();
    addToolCommands();
    addKeyCommands();
    addStoreCommands();
    addClientCommands();
    addRuleCommands();
    // Every write of workspace.json is a row with the digests before and after: at the next start a file that differs was
    // changed by somebody else.
    connect(&m_services.workspace, &WorkspaceFile::changed, this,
            [this] { recordWorkspace(m_title.isEmpty() ? QStringLiteral("The workspace changed.") : m_title); });
}

// What still waits for its answer ends here, with everything there that its end may ask for.
Control::~Control()
{
    m_isClosing = true;
    std::exchange(m_waiting, {}).clear();
}

void Control::recordWorkspace(const QString &title)
{
    ++m_unrecorded;
    const QByteArray detail = m_services.seal.detailFor(m_digest, m_services.workspace);
    m_services.log.append({LogRow::Kind::Workspace, {}, title, detail},
                          Completion<>(this, [this, number = m_services.seal.number()](Result<> durable) {
                              if (durable)
                                  m_services.seal.recorded(number);
                              if (--m_unrecorded > 0)
                                  return;
                              for (const auto &answer : std::exchange(m_waiting, {}))
                                  answer();
                          }));
    m_digest = m_services.workspace.digest();
}

const Workspace &Control::workspace() const
{
    return m_services.workspace.current();
}

QStringList Control::commands() const
{
    QStringList names = m_commands.keys();
    names.sort();
    return names;
}

Result<> Control::change(const QString &title, const std::function<Result<>(Workspace &)> &edit)
{
    m_title = title;
    const auto changed = m_services.workspace.change(edit);
    m_title.clear();
    return changed;
}

Result<> Control::takeForApp()
{
    m_services.seal.belongsToApp();
    if (workspace().ownedByApp)
        return {};
    m_services.log.append({LogRow::Kind::Owner, {}, QStringLiteral("The app opened this profile: it belongs to the app now."), {}});
    return change(QStringLiteral("The profile belongs to the app."), [](Workspace &edited) -> Result<> {
        edited.ownedByApp = true;
        return {};
    });
}

void Control::answerWhenRecorded(Result<Json> answer, Completion<Json> done)
{
    if (m_unrecorded == 0)
        return done(std::move(answer));
    struct Owed {
        Result<Json> answer;
        Completion<Json> done;
    };
    auto owed = std::make_shared<Owed>(Owed{std::move(answer), std::move(done)});
    m_waiting.emplace_back([owed] { owed->done(std::move(owed->answer)); });
}

void Control::handle(const QString &name, const Json &parameters, Authority authority, Completion<Json> asked)
{
    Completion<Json> done(
        this, [this, asked = std::move(asked)](Result<Json> answer) mutable { answerWhenRecorded(std::move(answer), std::move(asked)); });
    if (m_isClosing)
        return done(failure(Error::Kind::Abandoned, QStringLiteral("Countersign is closing.")));
    const auto command = m_commands.constFind(name);
    if (command == m_commands.cend())
        return done(failure(Error::Kind::UnknownMethod, QStringLiteral("There is no command \"%1\".").arg(name.left(60))));
    if (!parameters.is_object())
        return done(failure(Error::Kind::InvalidArgument, QStringLiteral("The parameters must be an object.")));
    const Handler handler = command->handler;
    // What nobody can vouch for is not widened; `resume` asks the keychain again.
    if (m_services.seal.isHeld() && command->widens && name != QLatin1String("resume")) {
        const auto sentence = command->widens(parameters);
        if (!sentence || !sentence->isEmpty())
            return done(failure(sentence ? Error{Error::Kind::SecretUnavailable, m_services.seal.text()} : sentence.error()));
    }
    if (authority == Authority::Window || !workspace().ownedByApp || !command->widens)
        return handler(this, parameters, std::move(done));

    const auto sentence = command->widens(parameters);
    if (!sentence)
        return done(failure(sentence.error()));
    if (sentence->isEmpty())
        return handler(this, parameters, std::move(done));
    if (!m_services.confirm)
        return done(failure(Error::Kind::NeedsPerson, QStringLiteral("This profile belongs to the app: open Countersign to confirm.")));
    const auto ask = [this, handler, sentence = *sentence](const Json &whole, Completion<Json> owed) {
        Json shown = whole;
        shown.erase("secret");
        shown.erase("oldSecret");
        m_services.confirm(sentence, QString::fromUtf8(toIndentedBytes(shown)),
                           Completion<>(this, [this, handler, whole, owed = std::move(owed)](Result<> confirmed) mutable {
                               if (!confirmed)
                                   return owed(failure(confirmed.error()));
                               handler(this, whole, std::move(owed));
                           }));
    };
    if (!command->whole)
        return ask(parameters, std::move(done));
    command->whole(this, parameters, Completion<Json>(this, [ask, done = std::move(done)](Result<Json> whole) mutable {
                       if (!whole)
                           return done(failure(whole.error()));
                       ask(*whole, std::move(done));
                   }));
}

} // namespace mcpcore
