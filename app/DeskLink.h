// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Composition.h"
#include "app/LoginPrompt.h"
#include "ui/shell/Desk.h"

namespace app {

// The windows' desk over the core thread: copies of its state, kept up to date by queued signals, and intents posted to
// it. Lives in the main thread, as long as the Composition.
class DeskLink final : public ui::Desk
{
    Q_OBJECT
public:
    DeskLink(Composition &composition, const Profile &profile, QObject *parent = nullptr);

    // Starts following a core that is ready. `problem` says why there is none.
    void attach(Core &core);
    void fail(const QString &problem);

    const mcpcore::Workspace &workspace() const override { return m_workspace; }
    Status status() const override { return m_status; }
    QList<mcpcore::Approval> approvals() const override { return m_approvals; }
    QList<mcpcore::Question> questions() const override { return m_questions; }
    QString logPath() const override { return m_logPath; }
    std::chrono::milliseconds unlockedUntil(const mcpcore::EnvironmentId &environment) const override
    {
        return m_unlocked.value(environment);
    }
    std::chrono::milliseconds now() const override { return m_clock.wall(); }

    void answer(const mcpcore::CallId &call, const mcpcore::Answer &answer, mcpcore::Completion<> done) override;
    void answerQuestion(const mcpcore::CallId &question, const mcpcore::QuestionAnswer &answer, mcpcore::Completion<> done) override;
    void setReading(const mcpcore::CallId &call, bool reading) override;
    void useEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) override;
    void unlock(const mcpcore::EnvironmentId &environment, std::chrono::minutes span, const QString &reason,
                mcpcore::Completion<> done) override;
    void lock(const mcpcore::EnvironmentId &environment) override;
    void setPaused(bool paused) override;
    void addEnvironment(const mcpcore::Environment &environment, mcpcore::Completion<> done) override;
    void removeEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) override;
    void connectionStates(mcpcore::Completion<QList<mcpcore::ConnectionState>> done) override;
    void signIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, mcpcore::Completion<QString> page,
                mcpcore::Completion<> ended) override;
    void cancelSignIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment) override;
    void signOut(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                 mcpcore::Completion<Revoked> done) override;
    void addPractice(mcpcore::Completion<> done) override;
    QList<ui::Vendor> vendors() const override { return m_vendors; }
    void addConnection(const ui::ConnectionWish &wish, mcpcore::Completion<> done) override;
    void placeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, const QString &address,
                         mcpcore::Completion<> done) override;
    void removeConnection(const mcpcore::ConnectionId &connection, mcpcore::Completion<> done) override;
    void resumeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                          mcpcore::Completion<> done) override;
    void setKey(const ui::KeyWish &wish, mcpcore::Secret secret, mcpcore::Completion<QString> done) override;
    void cancelKey(const ui::KeyWish &wish) override;
    void testKey(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, const mcpcore::ClientId &client,
                 mcpcore::Completion<QString> done) override;
    void deleteKey(const mcpcore::KeyId &key, mcpcore::Completion<> done) override;
    void revealKey(const mcpcore::KeyId &key, Sight sight, Confirmed confirmed, mcpcore::Secret passphrase,
                   mcpcore::Completion<mcpcore::Secret> done) override;
    void moveKeysToFile(mcpcore::Secret passphrase, mcpcore::Completion<QString> done) override;
    void moveKeysToKeychain(mcpcore::Completion<QString> done) override;
    void tools(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
               mcpcore::Completion<QList<ui::ListedTool>> done) override;
    void trustTools(const ui::ToolsWish &wish, mcpcore::Completion<> done) override;
    void clients(mcpcore::Completion<ui::ClientsSight> done) override;
    void previewClient(const ui::ClientWish &wish, mcpcore::Completion<ui::ClientEdit> done) override;
    void connectClient(const ui::ClientWish &wish, mcpcore::Completion<ui::ClientEdit> done) override;
    void editClient(ClientAct act, const mcpcore::ClientId &client, const QString &file, mcpcore::Completion<ui::ClientEdit> done) override;
    void rotateClient(const mcpcore::ClientId &client, mcpcore::Completion<ui::ClientToken> done) override;
    void acceptClient(const mcpcore::ClientId &client, const QString &program, mcpcore::Completion<> done) override;
    void moveClient(const mcpcore::ClientId &client, const std::optional<mcpcore::EnvironmentId> &environment,
                    mcpcore::Completion<> done) override;
    void snippet(const QString &id, ui::ClientWay way, mcpcore::Completion<ui::ClientSnippet> done) override;
    void makeSnippet(const ui::ClientWish &wish, const QString &name, mcpcore::Completion<ui::ClientSnippet> done) override;
    mcpcore::Result<> openLink(const QString &link) override;
    void scanClient(const QString &id, const QString &file, mcpcore::Completion<ui::ImportFile> done) override;
    void previewImport(const ui::ImportWish &wish, mcpcore::Completion<ui::ClientEdit> done) override;
    void importServers(const ui::ImportWish &wish, mcpcore::Completion<ui::ImportOutcome> done) override;
    void openPage(const QString &address) override;
    void sendTestCall(mcpcore::Completion<> done) override;

private:
    void command(const QString &name, const mcpcore::Json &parameters, mcpcore::Completion<> done);
    // A command with a secret in it; `done` is called in the main thread.
    void secretCommand(const QString &name, mcpcore::Json parameters, mcpcore::Secret secret,
                       std::function<void(const mcpcore::Result<mcpcore::Json> &)> done);
    // A command whose answer has a token in it.
    void tokenCommand(const QString &name, const mcpcore::Json &parameters,
                      std::function<void(mcpcore::Result<mcpcore::Json>, mcpcore::Secret)> done);
    std::function<void(const mcpcore::Result<mcpcore::Json> &)> movedTo(mcpcore::Completion<QString> done);
    void followConnections(Core &core);
    void giveOut(const mcpcore::KeyId &key, Sight sight, mcpcore::Control::Proof proof,
                 std::shared_ptr<mcpcore::Completion<mcpcore::Secret>> owed);
    void takeWorkspace(const mcpcore::Workspace &workspace);

    Composition &m_composition;
    Core *m_core = nullptr; // once it is ready
    const mcpcore::SystemClock m_clock;
    const QString m_logPath;
    QList<ui::Vendor> m_vendors;
    LoginPrompt m_login{QDBusConnection::systemBus()};
    mcpcore::Workspace m_workspace = mcpcore::newWorkspace();
    Status m_status;
    QList<mcpcore::Approval> m_approvals;
    QList<mcpcore::Question> m_questions;
    QHash<mcpcore::EnvironmentId, std::chrono::milliseconds> m_unlocked;
};

} // namespace app
