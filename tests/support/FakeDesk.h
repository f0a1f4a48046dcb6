// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/FakeClock.h"
#include "ui/shell/Desk.h"
#include <utility>

// A desk of plain data: tests set what is shown and read which intents were sent. Everything succeeds unless `refusal` is set.
class FakeDesk final : public ui::Desk
{
public:
    struct Answered {
        mcpcore::CallId call;
        mcpcore::Answer answer;
    };
    struct Replied {
        mcpcore::CallId question;
        mcpcore::QuestionAnswer answer;
    };
    struct Begun {
        mcpcore::ConnectionId connection;
        mcpcore::EnvironmentId environment;
        mcpcore::Completion<QString> page;
        mcpcore::Completion<> ended;
    };
    struct KeyAsked {
        ui::KeyWish wish;
        QByteArray secret;
        mcpcore::Completion<QString> done;
    };
    struct KeyShown {
        mcpcore::KeyId key;
        Sight sight;
        Confirmed confirmed;
        QByteArray passphrase;
        mcpcore::Completion<mcpcore::Secret> done;
    };
    struct KeysMoved {
        QByteArray passphrase; // empty: to the keychain
        mcpcore::Completion<QString> done;
    };
    struct ClientEdited {
        ClientAct act;
        mcpcore::ClientId client;
        QString file;
        friend bool operator==(const ClientEdited &, const ClientEdited &) = default;
    };
    struct ClientRotated {
        mcpcore::ClientId client;
        mcpcore::Completion<ui::ClientToken> done;
    };
    struct ImportAsked {
        ui::ImportWish wish;
        mcpcore::Completion<ui::ImportOutcome> done;
    };
    struct SnippetAsked {
        QString id; // of a kind or of a client; the name of the client that is made
        ui::ClientWish wish;
        mcpcore::Completion<ui::ClientSnippet> done;
    };
    using ConnectionPlace = std::pair<mcpcore::ConnectionId, mcpcore::EnvironmentId>;
    struct Unlocked {
        mcpcore::EnvironmentId environment;
        std::chrono::minutes span;
        QString reason;
    };

    explicit FakeDesk(const FakeClock &fakeClock) : clock(fakeClock)
    {
        shownStatus.endpoint = QStringLiteral("127.0.0.1:7345");
        shownStatus.logState = QStringLiteral("Log checked 09:41");
        shownStatus.practiceReady = true;
    }

    const mcpcore::Workspace &workspace() const override { return space; }
    Status status() const override { return shownStatus; }
    QList<mcpcore::Approval> approvals() const override { return waiting; }
    QList<mcpcore::Question> questions() const override { return asking; }
    QString logPath() const override { return path; }
    std::chrono::milliseconds unlockedUntil(const mcpcore::EnvironmentId &environment) const override { return unlocks.value(environment); }
    std::chrono::milliseconds now() const override { return clock.wall(); }

    void answer(const mcpcore::CallId &call, const mcpcore::Answer &given, mcpcore::Completion<> done) override
    {
        answers.append({call, given});
        finish(std::move(done));
    }
    void setReading(const mcpcore::CallId &call, bool reading) override { readings.append({call, reading}); }
    void answerQuestion(const mcpcore::CallId &question, const mcpcore::QuestionAnswer &given, mcpcore::Completion<> done) override
    {
        replies.append({question, given});
        finish(std::move(done));
    }
    void useEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) override
    {
        uses.append(environment);
        if (refusal.isEmpty()) {
            space.activeEnvironment = environment;
            Q_EMIT workspaceChanged();
        }
        finish(std::move(done));
    }
    void unlock(const mcpcore::EnvironmentId &environment, std::chrono::minutes span, const QString &reason,
                mcpcore::Completion<> done) override
    {
        unlocked.append({environment, span, reason});
        if (refusal.isEmpty()) {
            unlocks[environment] = clock.wall() + span;
            Q_EMIT locksChanged();
        }
        finish(std::move(done));
    }
    void lock(const mcpcore::EnvironmentId &environment) override
    {
        locked.append(environment);
        unlocks.remove(environment);
        Q_EMIT locksChanged();
    }
    void addEnvironment(const mcpcore::Environment &environment, mcpcore::Completion<> done) override
    {
        if (refusal.isEmpty()) {
            space.environments.append(environment);
            Q_EMIT workspaceChanged();
        }
        finish(std::move(done));
    }
    void removeEnvironment(const mcpcore::EnvironmentId &environment, mcpcore::Completion<> done) override
    {
        if (refusal.isEmpty()) {
            space.environments.removeIf([&](const mcpcore::Environment &each) { return each.id == environment; });
            Q_EMIT workspaceChanged();
        }
        finish(std::move(done));
    }
    void setPaused(bool paused) override
    {
        space.paused = paused;
        Q_EMIT workspaceChanged();
    }
    void connectionStates(mcpcore::Completion<QList<mcpcore::ConnectionState>> done) override
    {
        ++statesAsked;
        if (refusal.isEmpty())
            done(states);
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    void signIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, mcpcore::Completion<QString> page,
                mcpcore::Completion<> ended) override
    {
        signIns.push_back({connection, environment, std::move(page), std::move(ended)});
    }
    void cancelSignIn(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment) override
    {
        cancelled.append({connection, environment});
    }
    void signOut(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                 mcpcore::Completion<Revoked> done) override
    {
        signedOut.append({connection, environment});
        if (refusal.isEmpty())
            done(revoked);
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    void addPractice(mcpcore::Completion<> done) override
    {
        ++practices;
        finish(std::move(done));
    }
    void openPage(const QString &address) override { opened.append(address); }
    QList<ui::Vendor> vendors() const override { return packs; }
    void addConnection(const ui::ConnectionWish &wish, mcpcore::Completion<> done) override
    {
        added.append(wish);
        finish(std::move(done));
    }
    void placeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, const QString &address,
                         mcpcore::Completion<> done) override
    {
        placed.append({{connection, environment}, address});
        if (refusal.isEmpty()) {
            for (mcpcore::Connection &one : space.connections)
                if (one.id == connection)
                    one.environments.append(environment);
            Q_EMIT workspaceChanged();
        }
        finish(std::move(done));
    }
    void removeConnection(const mcpcore::ConnectionId &connection, mcpcore::Completion<> done) override
    {
        removed.append(connection);
        finish(std::move(done));
    }
    void resumeConnection(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                          mcpcore::Completion<> done) override
    {
        resumed.append({connection, environment});
        finish(std::move(done));
    }
    void setKey(const ui::KeyWish &wish, mcpcore::Secret secret, mcpcore::Completion<QString> done) override
    {
        keysSet.push_back({wish, bytesOf(secret), std::move(done)});
    }
    void cancelKey(const ui::KeyWish &wish) override { keysCancelled.append(wish); }
    void testKey(const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment, const mcpcore::ClientId &client,
                 mcpcore::Completion<QString> done) override
    {
        keysTested.push_back({{connection, environment, client, {}, {}}, {}, std::move(done)});
    }
    void deleteKey(const mcpcore::KeyId &key, mcpcore::Completion<> done) override
    {
        keysDeleted.append(key);
        finish(std::move(done));
    }
    void revealKey(const mcpcore::KeyId &key, Sight sight, Confirmed confirmed, mcpcore::Secret passphrase,
                   mcpcore::Completion<mcpcore::Secret> done) override
    {
        keysShown.push_back({key, sight, confirmed, bytesOf(passphrase), std::move(done)});
    }
    void moveKeysToFile(mcpcore::Secret passphrase, mcpcore::Completion<QString> done) override
    {
        keysMoved.push_back({bytesOf(passphrase), std::move(done)});
    }
    void moveKeysToKeychain(mcpcore::Completion<QString> done) override { keysMoved.push_back({{}, std::move(done)}); }
    void tools(const mcpcore::ConnectionId &, const mcpcore::EnvironmentId &, mcpcore::Completion<QList<ui::ListedTool>> done) override
    {
        ++toolsAsked;
        if (refusal.isEmpty())
            done(listed);
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    void trustTools(const ui::ToolsWish &wish, mcpcore::Completion<> done) override
    {
        trusted.append(wish);
        finish(std::move(done));
    }
    void clients(mcpcore::Completion<ui::ClientsSight> done) override
    {
        ++clientsAsked;
        if (refusal.isEmpty())
            done(clientsSeen);
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    void previewClient(const ui::ClientWish &wish, mcpcore::Completion<ui::ClientEdit> done) override
    {
        previewed.append(wish);
        answerEdit(previews.value(wish.id), std::move(done));
    }
    void connectClient(const ui::ClientWish &wish, mcpcore::Completion<ui::ClientEdit> done) override
    {
        clientsConnected.append(wish);
        answerEdit(edit, std::move(done));
    }
    void editClient(ClientAct act, const mcpcore::ClientId &client, const QString &file, mcpcore::Completion<ui::ClientEdit> done) override
    {
        clientsEdited.append({act, client, file});
        answerEdit(edit, std::move(done));
    }
    void rotateClient(const mcpcore::ClientId &client, mcpcore::Completion<ui::ClientToken> done) override
    {
        clientsRotated.push_back({client, std::move(done)});
    }
    void acceptClient(const mcpcore::ClientId &client, const QString &program, mcpcore::Completion<> done) override
    {
        clientsAccepted.append({client, program});
        finish(std::move(done));
    }
    void moveClient(const mcpcore::ClientId &client, const std::optional<mcpcore::EnvironmentId> &environment,
                    mcpcore::Completion<> done) override
    {
        clientsMoved.append({client, environment});
        finish(std::move(done));
    }
    void snippet(const QString &id, ui::ClientWay way, mcpcore::Completion<ui::ClientSnippet> done) override
    {
        snippetsAsked.append({id, way});
        done(ui::ClientSnippet{snippets.value(way), {}, {}, way == ui::ClientWay::Bridge ? hints : ui::ClientHints()});
    }
    mcpcore::Result<> openLink(const QString &link) override
    {
        linksOpened.append(link);
        return {};
    }
    void makeSnippet(const ui::ClientWish &wish, const QString &name, mcpcore::Completion<ui::ClientSnippet> done) override
    {
        snippetsMade.push_back({name, wish, std::move(done)});
    }
    void scanClient(const QString &id, const QString &file, mcpcore::Completion<ui::ImportFile> done) override
    {
        clientsScanned.append({id, file});
        if (refusal.isEmpty())
            done(scans.value(file));
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    void previewImport(const ui::ImportWish &wish, mcpcore::Completion<ui::ClientEdit> done) override
    {
        importsPreviewed.append(wish);
        answerEdit(importPreview, std::move(done));
    }
    void importServers(const ui::ImportWish &wish, mcpcore::Completion<ui::ImportOutcome> done) override
    {
        imports.push_back({wish, std::move(done)});
    }
    void sendTestCall(mcpcore::Completion<> done) override
    {
        ++testCalls;
        finish(std::move(done));
    }

    // What the core would do.
    void add(const mcpcore::Approval &approval)
    {
        waiting.append(approval);
        Q_EMIT approvalAdded(approval);
    }
    void end(const mcpcore::CallId &call, mcpcore::ApprovalEnd how)
    {
        waiting.removeIf([&](const mcpcore::Approval &approval) { return approval.call->id == call; });
        Q_EMIT approvalRemoved(call, how);
    }
    void add(const mcpcore::Question &question)
    {
        asking.append(question);
        Q_EMIT questionAdded(question);
    }
    void end(const mcpcore::CallId &question, mcpcore::QuestionEnd how)
    {
        asking.removeIf([&](const mcpcore::Question &each) { return each.id == question; });
        Q_EMIT questionRemoved(question, how);
    }
    mcpcore::Approval sampleApproval(const QString &environment = QStringLiteral("sandbox"),
                                     const QString &tool = QStringLiteral("create_product"))
    {
        auto call = std::make_shared<mcpcore::ToolCall>();
        call->id = nextId();
        call->client = {QStringLiteral("claude-code")};
        call->clientLabel = QStringLiteral("Claude Code");
        call->connection = {QStringLiteral("stripe")};
        call->vendor = QStringLiteral("stripe");
        call->environment = {environment};
        const mcpcore::Environment *found = mcpcore::find(space, call->environment);
        call->environmentKind = found ? found->kind : mcpcore::EnvironmentKind::Production;
        call->tool = tool;
        call->operation = tool;
        call->received = clock.wall();
        mcpcore::Approval approval;
        approval.call = call;
        approval.asked = clock.wall();
        approval.deadline = clock.wall() + std::chrono::minutes(5);
        return approval;
    }

    // A question without fields.
    mcpcore::Question sampleQuestion(const QString &environment = QStringLiteral("sandbox"))
    {
        mcpcore::Question question;
        question.id = nextId();
        question.client = {QStringLiteral("claude-code")};
        question.clientLabel = QStringLiteral("Claude Code");
        question.connection = {QStringLiteral("stack")};
        question.vendor = QStringLiteral("stack");
        question.environment = {environment};
        const mcpcore::Environment *found = mcpcore::find(space, question.environment);
        question.environmentKind = found ? found->kind : mcpcore::EnvironmentKind::Production;
        question.asker = QStringLiteral("api.getstack.run");
        question.tool = QStringLiteral("stack_revoke_passport");
        question.message = QStringLiteral("Revocation is final.");
        question.asked = clock.wall();
        question.deadline = clock.wall() + std::chrono::minutes(5);
        return question;
    }

    const FakeClock &clock;
    mcpcore::Workspace space = mcpcore::newWorkspace();
    Status shownStatus;
    QList<mcpcore::Approval> waiting;
    QList<mcpcore::Question> asking;
    QString path;
    QString refusal; // when set, every request fails with it
    QHash<mcpcore::EnvironmentId, std::chrono::milliseconds> unlocks;

    QList<Answered> answers;
    QList<Replied> replies;
    QList<std::pair<mcpcore::CallId, bool>> readings;
    QList<mcpcore::EnvironmentId> uses, locked;
    QList<Unlocked> unlocked;
    int testCalls = 0;
    QList<mcpcore::ConnectionState> states; // what connectionStates() answers
    int statesAsked = 0;
    std::vector<Begun> signIns; // their completions are the test's to answer
    QList<ConnectionPlace> cancelled, signedOut;
    Revoked revoked = Revoked::Yes;
    int practices = 0;
    QStringList opened;
    QList<ui::Vendor> packs;
    QList<ui::ConnectionWish> added;
    QList<std::pair<ConnectionPlace, QString>> placed;
    QList<mcpcore::ConnectionId> removed;
    QList<ConnectionPlace> resumed;
    std::vector<KeyAsked> keysSet, keysTested; // their completions are the test's to answer
    QList<ui::KeyWish> keysCancelled;
    QList<mcpcore::KeyId> keysDeleted;
    std::vector<KeyShown> keysShown;
    std::vector<KeysMoved> keysMoved;
    QList<ui::ListedTool> listed; // what tools() answers
    int toolsAsked = 0;
    QList<ui::ToolsWish> trusted;
    ui::ClientsSight clientsSeen; // what clients() answers
    int clientsAsked = 0;
    QMap<QString, ui::ClientEdit> previews; // by id
    ui::ClientEdit edit;                    // what every change of a client's file answers
    QList<ui::ClientWish> previewed, clientsConnected;
    QList<ClientEdited> clientsEdited;
    std::vector<ClientRotated> clientsRotated; // their completions are the test's to answer
    QList<QPair<mcpcore::ClientId, QString>> clientsAccepted;
    QList<std::pair<mcpcore::ClientId, std::optional<mcpcore::EnvironmentId>>> clientsMoved;
    QMap<ui::ClientWay, QString> snippets;
    QList<std::pair<QString, ui::ClientWay>> snippetsAsked;
    ui::ClientHints hints; // of every snippet for the bridge
    QStringList linksOpened;
    std::vector<SnippetAsked> snippetsMade;
    QMap<QString, ui::ImportFile> scans; // by path: what scanClient() answers
    QList<std::pair<QString, QString>> clientsScanned;
    ui::ClientEdit importPreview; // what previewImport() answers
    QList<ui::ImportWish> importsPreviewed;
    std::vector<ImportAsked> imports; // their completions are the test's to answer

private:
    static QByteArray bytesOf(const mcpcore::Secret &secret) { return {secret.reveal().data(), qsizetype(secret.reveal().size())}; }
    void answerEdit(const ui::ClientEdit &what, mcpcore::Completion<ui::ClientEdit> done)
    {
        if (refusal.isEmpty())
            done(what);
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    mcpcore::CallId nextId() { return {QStringLiteral("00000000-0000-7000-8000-%1").arg(++m_count, 12, 10, QLatin1Char('0'))}; }
    void finish(mcpcore::Completion<> done)
    {
        if (refusal.isEmpty())
            done({});
        else
            done(mcpcore::failure(mcpcore::Error::Kind::Conflict, refusal));
    }
    int m_count = 0;
};
