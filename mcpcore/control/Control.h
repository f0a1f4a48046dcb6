// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "base/Ids.h"
#include "base/JsonFwd.h"
#include "base/Secret.h"
#include "model/ToolCall.h"
#include "model/Workspace.h"

namespace mcpcore {

class ActivityLog;
class ApprovalQueue;
class ClientConnector;
class ClientImports;
class CurlLoop;
class Gateway;
class KeyRing;
class Locks;
class ProfileSeal;
class ProfileStore;
class Questions;
class SignIn;
class UpstreamPool;
class VendorCheck;
class WorkspaceFile;
struct ClientCatalog;
struct Pack;
struct VerifyAnswer;

// Who gives a command: the person at the app's window, or somebody who can run countersignctl.
enum class Authority { Window, CommandLine };

// Asks the person at the window whether a command from elsewhere may be done; answers Denied when not.
using Confirm = std::function<void(const QString &sentence, const QString &detail, Completion<> done)>;

// What a client can do that can do everything: a person who trusts tools sees what a server lists for such a one.
inline const QByteArray kEverything = QByteArrayLiteral("{\"elicitation\":{\"form\":{},\"url\":{}},\"roots\":{},\"sampling\":{}}");

struct ControlServices {
    WorkspaceFile &workspace;
    ActivityLog &log;
    Gateway &gateway;
    ApprovalQueue &approvals;
    KeyRing &keys;
    UpstreamPool &upstreams;
    Locks &locks;
    const QList<Pack> &packs;         // of this program
    const ClientCatalog &clientKinds; // the same
    const Clock &clock;
    Ids &ids;
    QString profile;                   // folder
    QString practiceProgram;           // countersign-practice
    QString bridgeProgram;             // countersign-bridge
    QString bridgeProfile;             // that clients' bridges are told; empty: the usual one
    QString usualEndpoint;             // that clients are told while it does not listen
    Confirm confirm;                   // null: no window runs
    std::function<QString()> endpoint; // "http://127.0.0.1:7345/mcp", empty while not listening
    ProfileSeal &seal;
    SignIn &signIn;
    CurlLoop &http;
    std::function<void(const QString &url)> openBrowser = {}; // null: whoever asks opens the page
    const Questions *questions = nullptr;                     // null: no window runs
    std::function<QStringList()> screenHeard = {};            // who tells of a locked screen here; null: nobody listens
    ProfileStore *store = nullptr;                            // null: keys stay where they are
};

// Every command of the window, the command line and the control socket (DESIGN 2), in one place: checks the parameters,
// asks for the person where something widens what can happen without one, changes the workspace, records it. Core thread.
class Control : public QObject
{
    Q_OBJECT
public:
    explicit Control(ControlServices services, QObject *parent = nullptr);
    ~Control() override;

    // `command` as in "connection add"; `parameters` an object. Answers with the object that --json prints.
    void handle(const QString &command, const Json &parameters, Authority authority, Completion<Json> done);
    // The names of all commands, sorted.
    QStringList commands() const;
    // The profile is opened by the app: from now on it belongs to the app.
    Result<> takeForApp();
    // What is done next is recorded in the log under this sentence.
    Result<> change(const QString &title, const std::function<Result<>(Workspace &)> &edit);
    // Gives a key out to the person at the window, once the OS or the window has asked them, and records that.
    enum class Sight { Shown, Copied };
    // By whose word: the OS took the person's login, or they confirmed at the window. That counts only with the passphrase where
    // keys are in the key file: InvalidArgument when it is another one.
    struct Proof {
        enum class By { Login, Window };
        By by = By::Window;
        Secret passphrase = {};
    };
    void revealKey(const KeyId &key, Sight sight, Proof proof, Completion<Secret> done);
    // A row about workspace.json as it is, without a change: the seal of it is new.
    void recordWorkspace(const QString &title);
    ClientConnector &clients() { return *m_connector; }

private:
    void giveOut(const KeyId &key, Sight sight, Completion<Secret> done);
    using Handler = std::function<void(Control *, const Json &parameters, Completion<Json> done)>;
    struct Command {
        Handler handler;
        // The sentence the person confirms when it widens; empty when it does not. Null: never widens.
        std::function<Result<QString>(const Json &)> widens;
        // What is shown with the sentence, and done then: the parameters with what they come to. Null: the parameters themselves.
        Handler whole = {};
    };
    void addEnvironmentCommands();
    void addConnectionCommands();
    void addPlaceCommands();
    void addSignInCommands();
    void addToolCommands();
    void addKeyCommands();
    void addStoreCommands();
    void addClientCommands();
    void addRuleCommands();
    const Workspace &workspace() const;
    void answerWhenRecorded(Result<Json> answer, Completion<Json> done);

    // ControlEnvironments.cpp
    void status(const Json &, Completion<Json> done);
    void listEnvironments(const Json &, Completion<Json> done);
    void addEnvironment(const Json &, Completion<Json> done);
    void useEnvironment(const Json &, Completion<Json> done);
    void unlockEnvironment(const Json &, Completion<Json> done);
    void lockEnvironment(const Json &, Completion<Json> done);
    void removeEnvironment(const Json &, Completion<Json> done);
    void pause(const Json &, Completion<Json> done);
    void resume(const Json &, Completion<Json> done);
    void resumeClient(const ClientId &client, Completion<Json> done);
    // ControlConnections.cpp
    void addConnection(const Json &, Completion<Json> done);
    void listConnections(const Json &, Completion<Json> done);
    void showConnection(const Json &, Completion<Json> done);
    void removeConnection(const Json &, Completion<Json> done);
    void resumeConnection(const Json &, Completion<Json> done);
    void dropConnection(const Connection &connection, Json forgotten, Completion<Json> done);
    // ControlPlaces.cpp
    void placeConnection(const Json &, Completion<Json> done);
    void takeFrom(const Connection &connection, const Environment &place, Completion<Json> done);
    // ControlSignIn.cpp
    void beginSignIn(const Json &, Completion<Json> done);
    void awaitSignIn(const Json &, Completion<Json> done);
    void cancelSignIn(const Json &, Completion<Json> done);
    void signOut(const Json &, Completion<Json> done);
    // `forgotten` gets what the server said of each environment.
    void forgetSignIns(const Connection &connection, QList<EnvironmentId> left, Json forgotten, Completion<Json> done);
    void addSignIns(const Connection &connection, QList<EnvironmentId> left, Json shown, Completion<Json> done);
    // ControlStates.cpp
    void listStates(const Json &, Completion<Json> done);
    Json stateOf(const Connection &connection, const EnvironmentId &environment) const;
    // ControlTools.cpp
    void testConnection(const Json &, Completion<Json> done);
    void listTools(const Json &, Completion<Json> done);
    void hideTool(const Json &, Completion<Json> done);
    void showTool(const Json &, Completion<Json> done);
    void trustTools(const Json &, Completion<Json> done);
    // ControlKeys.cpp
    void listKeys(const Json &, Completion<Json> done);
    void deleteKey(const Json &, Completion<Json> done);
    void testKey(const Json &, Completion<Json> done);
    void connectWith(const KeyRecord &key, const ClientId &client, Completion<Json> done);
    void takeTested(const KeyRecord &key, const Pack &pack, const VerifyAnswer &answer, Completion<Json> done);
    // ControlKeySet.cpp
    struct NewKey;
    void setKey(const Json &, Completion<Json> done);
    void cancelKey(const Json &, Completion<Json> done);
    void takeWord(const std::shared_ptr<NewKey> &key);
    void storeKey(const std::shared_ptr<NewKey> &key);
    void takeStored(const std::shared_ptr<NewKey> &key);
    // ControlStores.cpp
    void moveKeys(const Json &, Completion<Json> done);
    void takeMoved(const QString &to, qsizetype items, qsizetype left, Completion<Json> done);
    void changePassphrase(const Json &, Completion<Json> done);
    Json keyStore() const;
    QStringList storedNames() const;
    // ControlClients.cpp
    void addClient(const Json &, Completion<Json> done);
    void listClients(const Json &, Completion<Json> done);
    void detectClients(const Json &, Completion<Json> done);
    void setClientEnvironment(const Json &, Completion<Json> done);
    void rotateToken(const Json &, Completion<Json> done);
    void revokeClient(const Json &, Completion<Json> done);
    void acceptProgram(const Json &, Completion<Json> done);
    void allowStart(const Json &, Completion<Json> done);
    void tryCall(const Json &, Completion<Json> done);
    // ControlRules.cpp
    void addRule(const Json &, Completion<Json> done);
    void listRules(const Json &, Completion<Json> done);
    void removeRule(const Json &, Completion<Json> done);
    void exportRules(const Json &, Completion<Json> done);
    void importRules(const Json &, Completion<Json> done);
    void listPresets(const Json &, Completion<Json> done);
    void addPreset(const Json &, Completion<Json> done);
    void addSeveral(const QList<Rule> &fresh, qsizetype given, const QString &title, Completion<Json> done);
    Result<QList<Rule>> addRules(QList<Rule> rules, const QString &title);
    // ControlExplain.cpp
    void explainCall(const Json &, Completion<Json> done);
    QString refusalBeforeRules(const ToolCall &call, bool listed) const;

    ControlServices m_services;
    QHash<QString, Command> m_commands;
    bool m_isClosing = false;
    std::unique_ptr<ClientImports> m_imports; // works in the thread of the connector, which is awaited before this goes
    std::unique_ptr<ClientConnector> m_connector;
    std::unique_ptr<VendorCheck> m_vendors;
    std::vector<std::weak_ptr<NewKey>> m_newKeys;        // whose vendors are being asked
    QHash<QByteArray, KeyVerification> m_contradictions; // vendors' words about keys that were refused for them, by fingerprint
    QString m_title;                                     // of the change that is being written
    QByteArray m_digest;
    // Answers wait until what they changed is recorded: who reads one may end this process at once.
    int m_unrecorded = 0;
    std::vector<std::function<void()>> m_waiting;
};

} // namespace mcpcore
