// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/Core.h"
#include "app/ScreenLock.h"
#include <QThread>

namespace app {

// The program around the core: starts the core thread and ends it in order. Lives in the main thread, whose event loop must
// run (keychain jobs need it).
class Composition final : public QObject
{
    Q_OBJECT
public:
    enum class Serve { No, Yes };
    struct Options {
        Serve serve = Serve::No;
        quint16 port = 0;
        mcpcore::Confirm confirm; // set by the app: called in the main thread
        bool asApp = false;
        std::function<void(const QString &url)> openBrowser = {}; // set by the app: called in the main thread
        mcpcore::Secret passphrase = {};                          // of the key file
    };
    Composition(const Profile &profile, Options options, QObject *parent = nullptr);
    ~Composition() override;

    // `ready` is called in the main thread.
    void start(std::function<void(mcpcore::Result<Core *>)> ready);
    // Does a command in the core; `done` is called in the main thread. Refused while no core is ready.
    void command(const QString &name, const mcpcore::Json &parameters, std::function<void(mcpcore::Result<mcpcore::Json>)> done,
                 mcpcore::Authority authority = mcpcore::Authority::CommandLine);

    // Opens the key file, see Core; `done` is called in the main thread.
    void unlockKeys(mcpcore::Secret passphrase, std::function<void(mcpcore::Result<>)> done);

    // Opens a page in the person's browser, where this program has one.
    void openPage(const QString &address);

    // Known once started.
    QString url() const { return m_url; }
    bool ownedByApp() const { return m_ownedByApp; }
    // The key file waited for its passphrase when it started.
    bool keysAreLocked() const { return m_keysAreLocked; }
    // See Core::isFirstStart.
    bool firstStart() const { return m_firstStart; }
    Core *core() const { return m_core; }
    // Null before it is started, and when nothing is served.
    ScreenLock *screen() const { return m_screen.get(); }

private:
    void watchScreen();

    const Profile m_profile;
    Options m_options;
    QThread m_thread;
    const mcpcore::SystemClock m_clock;
    Core *m_core = nullptr; // lives in m_thread
    std::unique_ptr<ScreenLock> m_screen;
    QString m_url;
    bool m_ready = false;
    bool m_ownedByApp = false;
    bool m_keysAreLocked = false;
    bool m_firstStart = false;
};

// SIGINT and SIGTERM end the event loop in order.
void quitOnSignals();
// No core dumps, and no reading of our memory by other programs of this user.
void keepSecretsOutOfCoreDumps();

} // namespace app
