// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Core.h"
#include "secrets/ProfileKey.h"
#include "store/WorkspaceFile.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"
#include <QTemporaryDir>

using namespace app;
using namespace mcpcore;

namespace {

// A keychain that is slow to take the word that the profile is the app's: until the test lets it pass. Outlives the core that
// borrows it.
struct Keychain {
    MemoryStore store;
    bool holdsWrites = true;
    std::vector<std::function<void()>> held;

    void letPass()
    {
        holdsWrites = false;
        for (const auto &write : std::exchange(held, {}))
            write();
    }
};

class Borrowed final : public SecretStore
{
public:
    explicit Borrowed(Keychain &lender) : m_lender(lender) {}
    void read(const QString &name, Completion<Secret> done) override { m_lender.store.read(name, std::move(done)); }
    void write(const QString &name, Secret secret, Completion<> done) override
    {
        const auto owed = std::make_shared<std::pair<Secret, Completion<>>>(std::move(secret), std::move(done));
        const auto write = [this, name, owed] { m_lender.store.write(name, std::move(owed->first), std::move(owed->second)); };
        const auto key = ProfileKey::fromItem(owed->first);
        if (!m_lender.holdsWrites || !key || !key->ownedByApp)
            return write();
        m_lender.held.push_back(write);
    }
    void remove(const QString &name, Completion<> done) override { m_lender.store.remove(name, std::move(done)); }
    void probe(Completion<> done) override { m_lender.store.probe(std::move(done)); }
    QString kind() const override { return m_lender.store.kind(); }

private:
    Keychain &m_lender;
};

struct Started {
    Keychain keychain;
    QTemporaryDir folder;
    std::unique_ptr<Core> core;
    std::optional<Result<>> ready;

    void start(bool asApp)
    {
        ready.reset();
        const auto profile = Profile::at(folder.path());
        QVERIFY2(profile, profile ? "" : qPrintable(profile.error().message));
        Core::Options options;
        options.listen = true;
        options.asApp = asApp;
        options.makeKeychain = [this] { return std::make_unique<Borrowed>(keychain); };
        core = std::make_unique<Core>(*profile, std::move(options));
        core->start(Completion<>(core.get(), [this](Result<> started) { ready = started; }));
    }
    bool isAppsInKeychain() const
    {
        const QByteArray item = keychain.store.items.value(ProfileKey::itemName());
        const auto key = ProfileKey::fromItem(Secret({item.constData(), size_t(item.size())}));
        return key && key->ownedByApp;
    }
};

} // namespace

class tst_Core : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    // An app that ended at once would leave a profile behind that anybody could take for a headless one.
    void nobodyIsServedBeforeTheKeychainKnowsThatTheProfileIsTheApps()
    {
        Started app;
        app.start(true);
        QTRY_VERIFY_WITH_TIMEOUT(!app.keychain.held.empty(), 20'000);
        QVERIFY(!app.ready);
        QVERIFY(app.core->url().isEmpty());
        QVERIFY(!app.isAppsInKeychain());
        app.keychain.letPass();
        QTRY_VERIFY_WITH_TIMEOUT(app.ready.has_value(), 20'000);
        QVERIFY2(*app.ready, *app.ready ? "" : qPrintable(app.ready->error().message));
        QVERIFY(!app.core->url().isEmpty());
        QVERIFY(app.isAppsInKeychain());
    }

    void aProfileThatIsTheAppsAlreadyIsServedAtOnce()
    {
        Started app;
        app.keychain.holdsWrites = false;
        app.start(true);
        QTRY_VERIFY_WITH_TIMEOUT(app.ready.has_value(), 20'000);
        app.core.reset();
        app.start(true);
        QTRY_VERIFY_WITH_TIMEOUT(app.ready.has_value(), 20'000);
        QVERIFY(!app.core->isFirstStart());
        QVERIFY(!app.core->url().isEmpty());
        QVERIFY(app.core->workspace().current().ownedByApp);
        QVERIFY(!app.core->workspace().current().paused);
    }
};

COUNTERSIGN_TEST(tst_Core)
#include "tst_Core.moc"
