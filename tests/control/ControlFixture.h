// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "GatewayFixture.h"
#include "base/Json.h"
#include "clientconfig/ClientCatalog.h"
#include "control/Control.h"
#include "control/ProfileSeal.h"
#include "secrets/KeyRing.h"
#include "secrets/ProfileStore.h"
#include "support/MemoryStore.h"
#include "upstream/signin/SignIn.h"
#include <QEventLoop>
#include <QTimer>

// The keychain of a profile, which outlives the program.
class BorrowedStore final : public mcpcore::SecretStore
{
public:
    explicit BorrowedStore(mcpcore::SecretStore &lender) : m_lender(lender) {}
    void read(const QString &name, mcpcore::Completion<mcpcore::Secret> done) override { m_lender.read(name, std::move(done)); }
    void write(const QString &name, mcpcore::Secret secret, mcpcore::Completion<> done) override
    {
        m_lender.write(name, std::move(secret), std::move(done));
    }
    void remove(const QString &name, mcpcore::Completion<> done) override { m_lender.remove(name, std::move(done)); }
    void probe(mcpcore::Completion<> done) override { m_lender.probe(std::move(done)); }
    QString kind() const override { return m_lender.kind(); }

private:
    mcpcore::SecretStore &m_lender;
};

// All commands over a real workspace.json and a real activity log in a temporary folder; the upstream is scripted. Besides
// what GatewayFixture sets up: the connections in sandbox "paid", which needs a key, and "signed", where nobody listens.
class ControlFixture : public GatewayFixture
{
public:
    const mcpcore::ClientCatalog clientKinds = *mcpcore::ClientCatalog::builtIn();
    enum class Window { Open, None };
    explicit ControlFixture(Window window = Window::Open)
    {
        using namespace mcpcore;
        bool settled = false;
        seal.ask(ProfileSeal::Ask::Quietly,
                 Completion<>(this, [&](Result<>) { seal.settle({}, Completion<>(this, [&](Result<>) { settled = true; })); }));
        [&] { QTRY_VERIFY_WITH_TIMEOUT(settled, 20'000); }();
        change([](Workspace &edited) {
            const EnvironmentId sandbox{QStringLiteral("sandbox")};
            edited.connections.append(
                {{QStringLiteral("paid")},
                 {},
                 {sandbox},
                 HttpTarget{{{sandbox, QStringLiteral("https://paid.example.com/mcp")}}, {HttpAuth::Kind::Bearer, {}}, {}},
                 {}});
            edited.connections.append({{QStringLiteral("signed")},
                                       {},
                                       {sandbox},
                                       HttpTarget{{{sandbox, QStringLiteral("http://127.0.0.1:1/mcp")}}, {HttpAuth::Kind::OAuth, {}}, {}},
                                       {}});
        });
        ControlServices services{*workspace,
                                 *log,
                                 *gateway,
                                 *approvals,
                                 keys,
                                 *pool,
                                 locks,
                                 packs,
                                 clientKinds,
                                 clock,
                                 ids,
                                 folder.path(),
                                 QStringLiteral("/usr/bin/true"),
                                 QStringLiteral("/opt/countersign/countersign-bridge"),
                                 folder.path(),
                                 QStringLiteral("http://127.0.0.1:7345/mcp"),
                                 {},
                                 [] { return QString(); },
                                 seal,
                                 signIn,
                                 loop};
        Confirm confirm = [this](const QString &sentence, const QString &detail, Completion<> done) {
            question = sentence;
            questionDetail = detail;
            if (onQuestion)
                onQuestion();
            if (!personIsThere)
                return done(failure(Error::Kind::NeedsPerson, QStringLiteral("Nobody is there.")));
            done(personAgrees ? Result<>() : failure(Error::Kind::Denied, QStringLiteral("Refused by the person at the window.")));
        };
        services.store = &places;
        if (window == Window::Open)
            services.confirm = std::move(confirm);
        control = std::make_unique<Control>(std::move(services));
    }
    // Gives a command and waits for its answer.
    mcpcore::Result<mcpcore::Json> run(const char *command, const mcpcore::Json &parameters = mcpcore::Json::object(),
                                       mcpcore::Authority authority = mcpcore::Authority::CommandLine)
    {
        std::optional<mcpcore::Result<mcpcore::Json>> answer;
        question.clear();
        QEventLoop waiting;
        control->handle(QString::fromLatin1(command), parameters, authority,
                        mcpcore::Completion<mcpcore::Json>(&waiting, [&](mcpcore::Result<mcpcore::Json> result) {
                            answer = std::move(result);
                            waiting.quit();
                        }));
        if (!answer) {
            QTimer::singleShot(std::chrono::seconds(20), &waiting, &QEventLoop::quit);
            waiting.exec();
        }
        return answer ? *answer : mcpcore::failure(mcpcore::Error::Kind::Abandoned, QStringLiteral("No answer came."));
    }
    // A command that has to succeed; null when it does not.
    mcpcore::Json must(const char *command, const mcpcore::Json &parameters = mcpcore::Json::object())
    {
        const auto answer = run(command, parameters);
        if (!answer)
            qWarning("%s: %s", command, qPrintable(answer.error().message));
        return answer ? *answer : mcpcore::Json();
    }
    // From now on the profile belongs to the app.
    void giveToApp() { QVERIFY(control->takeForApp()); }
    // Adds "zed" beside "cursor", and answers its id.
    QString addClient()
    {
        must("client add", {{"name", "Zed"}});
        return QStringLiteral("zed");
    }
    // A key of "paid" for all clients, or one of them. Answers its id.
    QString setKey(const char *client = nullptr)
    {
        mcpcore::Json parameters{{"connection", "paid"}, {"environment", "sandbox"}, {"secret", "sk_test_0123456789abcdef"}};
        if (client)
            parameters["client"] = client;
        return must("key set", parameters).value("id", QString());
    }
    const mcpcore::Workspace &space() const { return workspace->current(); }

    MemoryStore store; // the keychain
    mcpcore::ProfileStore places{folder.filePath(QStringLiteral("keys")), std::make_unique<BorrowedStore>(store), clock,
                                 mcpcore::KeyFileCost{1, 8}};
    mcpcore::KeyRing keys{places, clock};
    mcpcore::CurlLoop loop;
    mcpcore::SignIn signIn{loop, keys, clock, ids};
    mcpcore::ProfileSeal seal{places, *log, locks, clock, ids};
    QString question;       // what the person was asked last
    QString questionDetail; // and what was shown with it
    std::function<void()> onQuestion;
    bool personIsThere = false;
    bool personAgrees = true;
    std::unique_ptr<mcpcore::Control> control;
};

// The message of a refusal; empty when the command was done.
inline QString refusalOf(const mcpcore::Result<mcpcore::Json> &answer)
{
    return answer ? QString() : answer.error().message;
}
