// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "base/Secret.h"
#include "model/Approval.h"
#include "model/ConnectionState.h"
#include "model/Decision.h"
#include "model/Question.h"
#include "model/Workspace.h"
#include "ui/shell/ConnectionWishes.h"
#include "ui/shell/ImportWishes.h"
#include <QObject>

namespace ui {

// What the windows see of the core, in the main thread: state to show and intents to send. The app implements it over the
// core thread; tests implement it with plain data. Windows never decide anything.
class Desk : public QObject
{
    Q_OBJECT
public:
    using QObject::QObject;

    struct Status {
        QString endpoint;         // "127.0.0.1:7345"; empty when it is not listening
        QString problem;          // one sentence when something keeps calls from being served; else empty
        QString logState;         // "Log checked 09:41"
        int connectedClients = 0; // sessions open now
        bool practiceReady = false;
        KeyStore keyStore; // as it was at the last connectionStates()
    };
    // What becomes of an allowed call (D29).
    enum class CallState { Sending, Waiting, Done, Failed, OutcomeUnknown };

    virtual const mcpcore::Workspace &workspace() const = 0;
    virtual Status status() const = 0;
    virtual QList<mcpcore::Approval> approvals() const = 0; // oldest first
    // What servers ask the person, oldest first.
    virtual QList<mcpcore::Question> questions() const = 0;
    virtual QString logPath() const = 0; // activity.db, to be read with a LogReader
    // Wall time until which a production kind is unlocked; zero when it is locked.
    virtual std::chrono::milliseconds unlockedUntil(const mcpcore::EnvironmentId &environment) const = 0;
    virtual std::chrono::milliseconds now() const = 0; // wall time

    virtual void answer(const mcpcore::CallId &call, const mcpcore::Answer &answer, mcpcore::Completion<> done) = 0;
    // Of a call or of a question: its clock stops while a person reads, then approvalChanged or questionChanged tells the moved deadline.
    virtual void setReading(const mcpcore::CallId &call, bool reading) = 0;
    // InvalidArgument when a value is not what the server asked for: the question stays. Opens the page of an accepted URL.
    virtual void answerQuestion(const mcpcore::CallId &question, const mcpcore::QuestionAnswer &answer, mcpcore::Completion<> done) = 0;
    virtual void useEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) = 0;
    virtual void unlock(const mcpcore::EnvironmentId &environment, std::chrono::minutes span, const QString &reason,
                        mcpcore::Completion<> done) = 0;
    virtual void lock(const mcpcore::EnvironmentId &environment) = 0;
    virtual void setPaused(bool paused) = 0;
    virtual void addEnvironment(const mcpcore::Environment &environment, mcpcore::Completion<> done) = 0;
    // Conflict while it is active, or something is in it.
    virtual void removeEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) = 0;
    // How every connection stands in each of its environments. Asks the keychain, and no server.
    virtual void connectionStates(mcpcore::Completion<QList<mcpcore::ConnectionState>> done) = 0;
    // Begins a sign-in and opens its page. `page` gets the address of the page, `ended` what came of it; both are answered.
    virtual void signIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                        mcpcore::Completion<QString> page, mcpcore::Completion<> ended) = 0;
    virtual void cancelSignIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment) = 0;
    // Whether the server took it that the sign-in has ended.
    enum class Revoked { Yes, No, NotOffered };
    virtual void signOut(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                         mcpcore::Completion<Revoked> done) = 0;
    virtual void addPractice(mcpcore::Completion<> done) = 0;
    virtual QList<Vendor> vendors() const = 0;
    virtual void addConnection(const ConnectionWish &wish, mcpcore::Completion<> done) = 0;
    // It comes to another environment; the address is empty for a program.
    virtual void placeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, const QString &address,
                                 mcpcore::Completion<> done) = 0;
    virtual void removeConnection(const mcpcore::ConnectionId &connection, mcpcore::Completion<> done) = 0;
    // After an alarm: calls are sent to it again.
    virtual void resumeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                                  mcpcore::Completion<> done) = 0;
    // Asks the vendor first unless told not to; answers what is to be known of the key. Cancelled: nothing was saved.
    virtual void setKey(const KeyWish &wish, mcpcore::Secret secret, mcpcore::Completion<QString> done) = 0;
    virtual void cancelKey(const KeyWish &wish) = 0;
    // Asks the vendor about the key of this client (empty: of all); answers what it said.
    virtual void testKey(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                         const mcpcore::ClientId &client, mcpcore::Completion<QString> done) = 0;
    virtual void deleteKey(const mcpcore::KeyId &key, mcpcore::Completion<> done) = 0;
    // Gives a key out to be seen or copied, and records that. The OS asks for the login first. NeedsPerson says why it cannot; only
    // then `Here` counts: the person confirmed in this window, with the passphrase where keys are in the key file. InvalidArgument:
    // it is another one.
    enum class Confirmed { No, Here };
    enum class Sight { Shown, Copied };
    virtual void revealKey(const mcpcore::KeyId &key, Sight sight, Confirmed confirmed, mcpcore::Secret passphrase,
                           mcpcore::Completion<mcpcore::Secret> done) = 0;
    // Moves all keys and sign-ins from one store to the other. Answers with what is left to know; may be empty.
    virtual void moveKeysToFile(mcpcore::Secret passphrase, mcpcore::Completion<QString> done) = 0;
    virtual void moveKeysToKeychain(mcpcore::Completion<QString> done) = 0;
    // Asks the server for its tools.
    virtual void tools(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                       mcpcore::Completion<QList<ListedTool>> done) = 0;
    // Conflict when one of them is another one by now.
    virtual void trustTools(const ToolsWish &wish, mcpcore::Completion<> done) = 0;
    // Clients on this computer, and those that may connect. Reads their files.
    virtual void clients(mcpcore::Completion<ClientsSight> done) = 0;
    virtual void previewClient(const ClientWish &wish, mcpcore::Completion<ClientEdit> done) = 0; // writes nothing
    virtual void connectClient(const ClientWish &wish, mcpcore::Completion<ClientEdit> done) = 0;
    enum class ClientAct { Disconnect, Undo, Repair };
    // In all its files, or in one.
    virtual void editClient(ClientAct act, const mcpcore::ClientId &client, const QString &file, mcpcore::Completion<ClientEdit> done) = 0;
    virtual void rotateClient(const mcpcore::ClientId &client, mcpcore::Completion<ClientToken> done) = 0;
    // The program that asked last under its name is the right one from now on.
    // `program` is the one that was shown: another one is not accepted.
    virtual void acceptClient(const mcpcore::ClientId &client, const QString &program, mcpcore::Completion<> done) = 0;
    // Without an environment it follows the switch.
    virtual void moveClient(const mcpcore::ClientId &client, const std::optional<mcpcore::EnvironmentId> &environment,
                            mcpcore::Completion<> done) = 0;
    // What a person pastes by hand; `id` is of a kind or of a client.
    virtual void snippet(const QString &id, ClientWay way, mcpcore::Completion<ClientSnippet> done) = 0;
    // Adds a client of that kind and name, which the snippet is for.
    virtual void makeSnippet(const ClientWish &wish, const QString &name, mcpcore::Completion<ClientSnippet> done) = 0;
    // Servers and plaintext keys in one file of a client; `id` is of a kind or of a client.
    virtual void scanClient(const QString &id, const QString &file, mcpcore::Completion<ImportFile> done) = 0;
    virtual void previewImport(const ImportWish &wish, mcpcore::Completion<ClientEdit> done) = 0; // writes nothing, asks nobody
    // Asks the vendors about the keys first unless told not to: UpstreamFailed when one does not answer. A failure has changed nothing.
    virtual void importServers(const ImportWish &wish, mcpcore::Completion<ImportOutcome> done) = 0;
    // In the program that such a link belongs to; one that no client of ours has is not opened.
    virtual mcpcore::Result<> openLink(const QString &link) = 0;
    virtual void openPage(const QString &address) = 0; // in the browser
    // Sends a call to the Practice connection through the whole path, as a client would.
    virtual void sendTestCall(mcpcore::Completion<> done) = 0;

Q_SIGNALS:
    void workspaceChanged();
    void statusChanged();
    void locksChanged();
    void connectionsChanged(); // connectionStates() may answer something else now
    void clientsChanged();     // the same of clients()
    void approvalAdded(const mcpcore::Approval &approval);
    void approvalRemoved(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);
    void approvalChanged(const mcpcore::Approval &approval);
    void questionAdded(const mcpcore::Question &question);
    void questionChanged(const mcpcore::Question &question); // its deadline moved
    void questionRemoved(const mcpcore::CallId &question, mcpcore::QuestionEnd end);
    void callStateChanged(const mcpcore::CallId &call, ui::Desk::CallState state, const QString &detail, std::chrono::milliseconds took);
    void logAppended(qint64 lastSequence);
};

} // namespace ui
