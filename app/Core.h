// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Profile.h"
#include "audit/ActivityLog.h"
#include "base/Completion.h"
#include "base/Ids.h"
#include "clientconfig/ClientCatalog.h"
#include "control/Control.h"
#include "gateway/Locks.h"
#include "packs/Pack.h"
#include "secrets/SecretStore.h"
#include "server/ControlSocket.h"
#include "server/Limits.h"

namespace mcpcore {
class ApprovalQueue;
class BridgeSocket;
class ClientGuardian;
class CurlLoop;
class SignIn;
class HttpServer;
class KeptTools;
class ProfileSeal;
class ProfileStore;
class Questions;
class McpEndpoint;
} // namespace mcpcore

namespace app {

inline constexpr quint16 kStandardPort = 7345;

// Everything that lives in the core thread, built in the order of its dependencies. The only place that names the concrete
// classes together. Made and destroyed in that thread by Composition.
class Core final : public QObject, public mcpcore::ControlPort
{
    Q_OBJECT
public:
    struct Options {
        bool listen = false; // endpoint and sockets; without them it serves one command of countersignctl
        quint16 port = 0;
        bool asApp = false; // the app opens the profile: it belongs to the app from now on
        std::function<std::unique_ptr<mcpcore::SecretStore>()> makeKeychain;
        mcpcore::Secret passphrase = {}; // of the key file: empty, it stays locked
        mcpcore::Confirm confirm;
        std::function<void(const QString &url)> openBrowser; // null: countersignctl tells the address
    };
    Core(const Profile &profile, Options options);
    ~Core() override;

    // Opens log and workspace, compares them, listens. Answers when everything is ready.
    void start(mcpcore::Completion<> ready);

    mcpcore::ApprovalQueue &approvals() { return *m_approvals; }
    mcpcore::Questions *questions() { return m_questions.get(); } // null without a window
    mcpcore::Control &control() { return *m_control; }
    mcpcore::Gateway &gateway() { return *m_gateway; }
    mcpcore::ActivityLog &log() { return *m_log; }
    mcpcore::Locks &locks() { return *m_locks; }
    const mcpcore::WorkspaceFile &workspace() const { return *m_workspace; }
    const QList<mcpcore::Pack> &packs() const { return m_packs; }
    mcpcore::ProfileSeal &seal() { return *m_seal; }
    // Opens the key file; what waited for its keys goes on. InvalidArgument for a wrong passphrase.
    void unlockKeys(mcpcore::Secret passphrase, mcpcore::Completion<> done);
    bool areKeysLocked() const;
    mcpcore::SignIn &signIn() { return *m_signIn; }
    mcpcore::UpstreamPool &upstreams() { return *m_upstreams; }
    // Null while it does not listen.
    mcpcore::ClientGuardian *guardian() { return m_guardian.get(); }
    QString url() const;
    // Production closes and no key stays in memory: the screen was locked, or the computer goes to sleep.
    void lockAll(mcpcore::LockCause cause);
    // Who tells of such events here; for `status`.
    void setScreenHeard(const QStringList &heard) { m_screenHeard = heard; }
    // The app opened this profile now for the first time, and nothing was set up in it.
    bool isFirstStart() const { return m_firstStart; }

Q_SIGNALS:
    void windowWanted(); // a second start of the app
    void endWanted();    // the app wants to take the profile over from `serve`

private:
    void handle(const mcpcore::RawJson &request, std::function<void(QByteArray line, bool last)> reply) override;
    mcpcore::Result<> build();
    void open();
    void settle();
    mcpcore::Result<> begin();
    mcpcore::Result<> compareWorkspace();
    void keyCame();
    mcpcore::Result<> serve();
    mcpcore::Result<> listen();

    const Profile m_profile;
    Options m_options;
    const mcpcore::SystemClock m_clock;
    mcpcore::SystemIds m_ids{m_clock};
    const mcpcore::Limits m_limits;
    bool m_firstStart = false;
    // The log opens while the keychain answers.
    mcpcore::Completion<> m_ready;
    std::optional<mcpcore::ActivityLog::Opened> m_opened;
    bool m_keychainAsked = false;
    QStringList m_screenHeard;
    // In the order of destruction from the end: what uses comes after what is used.
    std::unique_ptr<mcpcore::ActivityLog> m_log;
    std::unique_ptr<mcpcore::WorkspaceFile> m_workspace;
    std::unique_ptr<mcpcore::ProfileStore> m_secrets;
    std::unique_ptr<mcpcore::Locks> m_locks;
    std::unique_ptr<mcpcore::ProfileSeal> m_seal;
    std::unique_ptr<mcpcore::KeyRing> m_keys;
    std::unique_ptr<mcpcore::CurlLoop> m_curl;
    std::unique_ptr<mcpcore::SignIn> m_signIn;
    std::unique_ptr<mcpcore::UpstreamPool> m_upstreams;
    std::unique_ptr<mcpcore::ApprovalQueue> m_approvals;
    std::unique_ptr<mcpcore::Questions> m_questions; // of the app: there is a window to ask in
    std::unique_ptr<mcpcore::KeptTools> m_kept;
    QList<mcpcore::Pack> m_packs;
    mcpcore::ClientCatalog m_clientKinds;
    std::unique_ptr<mcpcore::Gateway> m_gateway;
    std::unique_ptr<mcpcore::Control> m_control;
    std::unique_ptr<mcpcore::ClientGuardian> m_guardian;
    std::unique_ptr<mcpcore::McpEndpoint> m_endpoint;
    std::unique_ptr<mcpcore::HttpServer> m_http;
    std::unique_ptr<mcpcore::BridgeSocket> m_bridgeSocket;
    std::unique_ptr<mcpcore::ControlSocket> m_controlSocket;
};

} // namespace app
