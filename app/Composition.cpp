// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Composition.h"
#include "base/EventLoop.h"
#include "base/Json.h"
#include "base/Post.h"
#include "control/ProfileSeal.h"
#include "gateway/Gateway.h"
#include "secrets/KeychainStore.h"
#include "store/WorkspaceFile.h"

namespace app {

using namespace mcpcore;

Composition::Composition(const Profile &profile, Options options, QObject *parent)
    : QObject(parent), m_profile(profile), m_options(std::move(options))
{
    qRegisterMetaType<Approval>();
    qRegisterMetaType<CallId>();
    qRegisterMetaType<ApprovalEnd>();
    m_thread.setObjectName(QStringLiteral("core"));
    useScalingEventLoop(m_thread);
    m_thread.start();
}

Composition::~Composition()
{
    m_screen.reset();
    if (m_core)
        QMetaObject::invokeMethod(
            m_core, [core = m_core] { delete core; }, Qt::BlockingQueuedConnection);
    m_thread.quit();
    m_thread.wait();
}

void Composition::start(std::function<void(Result<Core *>)> ready)
{
    Core::Options options;
    options.listen = m_options.serve == Serve::Yes;
    options.port = m_options.port;
    options.asApp = m_options.asApp;
    options.passphrase = std::move(m_options.passphrase);
    options.makeKeychain = [this] { return std::make_unique<KeychainStore>(m_profile.keychainService(), m_clock); };
    if (m_options.confirm)
        options.confirm = [this, ask = m_options.confirm](const QString &sentence, const QString &detail, Completion<> done) {
            // The question goes to the main thread; the answer comes back to the core, which owns the completion.
            auto owed = std::make_shared<Completion<>>(std::move(done));
            post(this, [this, ask, sentence, detail, owed] {
                ask(sentence, detail,
                    Completion<>(this, [this, owed](Result<> answer) { post(m_core, [owed, answer] { (*owed)(answer); }); }));
            });
        };
    if (m_options.openBrowser)
        options.openBrowser = [this, open = m_options.openBrowser](const QString &url) { post(this, [open, url] { open(url); }); };
    m_core = new Core(m_profile, std::move(options));
    m_core->moveToThread(&m_thread);
    post(m_core, [this, core = m_core, ready = std::move(ready)]() mutable {
        core->start(Completion<>(core, [this, core, ready = std::move(ready)](Result<> started) mutable {
            const bool owned = started && core->workspace().current().ownedByApp;
            const bool fresh = started && core->isFirstStart();
            const bool locked = started && core->areKeysLocked();
            post(this, [this, core, started, url = core->url(), owned, fresh, locked, ready = std::move(ready)] {
                m_ready = started.has_value();
                m_url = url;
                m_ownedByApp = owned;
                m_firstStart = fresh;
                m_keysAreLocked = locked;
                if (started && m_options.serve == Serve::Yes)
                    watchScreen();
                ready(started ? Result<Core *>(core) : failure(started.error()));
            });
        }));
    });
}

void Composition::watchScreen()
{
    m_screen = std::make_unique<ScreenLock>();
    const auto tell = [this] { post(m_core, [core = m_core, heard = m_screen->heard()] { core->setScreenHeard(heard); }); };
    connect(m_screen.get(), &ScreenLock::heardChanged, this, tell);
    connect(m_screen.get(), &ScreenLock::happened, this, [this](ScreenLock::Event event) {
        const bool sleeps = event == ScreenLock::Event::Sleeps;
        post(m_core, [this, core = m_core, sleeps] {
            core->lockAll(sleeps ? LockCause::Suspend : LockCause::ScreenLock);
            if (sleeps)
                post(m_screen.get(), [screen = m_screen.get()] { screen->letSleep(); });
        });
    });
}

void Composition::unlockKeys(Secret passphrase, std::function<void(Result<>)> done)
{
    post(m_core, [this, core = m_core, passphrase = std::move(passphrase), done = std::move(done)]() mutable {
        core->unlockKeys(std::move(passphrase), Completion<>(core, [this, done = std::move(done)](Result<> unlocked) {
                             post(this, [this, unlocked, done] {
                                 m_keysAreLocked = m_keysAreLocked && !unlocked;
                                 done(unlocked);
                             });
                         }));
    });
}

void Composition::openPage(const QString &address)
{
    if (m_options.openBrowser)
        m_options.openBrowser(address);
}

void Composition::command(const QString &name, const Json &parameters, std::function<void(Result<Json>)> done, Authority authority)
{
    if (!m_ready)
        return done(failure(Error::Kind::Abandoned, QStringLiteral("Countersign could not start: see the message in the window.")));
    post(m_core, [this, core = m_core, name, parameters, authority, done = std::move(done)]() mutable {
        core->control().handle(name, parameters, authority,
                               Completion<Json>(core, [this, core, done = std::move(done)](Result<Json> answer) mutable {
                                   const auto answered = [this, answer = std::move(answer), done = std::move(done)] {
                                       post(this, [answer, done] { done(answer); });
                                   };
                                   // A process of one command ends with its answer: not before the keychain has its part of it.
                                   if (m_options.serve == Serve::Yes)
                                       return answered();
                                   core->seal().whenStored(Completion<>(core, [answered](Result<>) { answered(); }));
                               }));
    });
}

} // namespace app
