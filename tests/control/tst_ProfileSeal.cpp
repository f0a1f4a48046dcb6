// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/TestLog.h"
#include "audit/Verifier.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include "control/ProfileSeal.h"
#include "gateway/Locks.h"
#include "store/WorkspaceFile.h"
#include "support/MemoryStore.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

// A keychain that takes its time: reads are answered when the test says so.
class SlowStore final : public SecretStore
{
public:
    explicit SlowStore(SecretStore &behind) : m_behind(behind) {}
    void read(const QString &name, Completion<Secret> done) override { m_reads.emplace_back(name, std::move(done)); }
    void write(const QString &name, Secret secret, Completion<> done) override { m_behind.write(name, std::move(secret), std::move(done)); }
    void remove(const QString &name, Completion<> done) override { m_behind.remove(name, std::move(done)); }
    void probe(Completion<> done) override { m_behind.probe(std::move(done)); }
    QString kind() const override { return m_behind.kind(); }
    void answer()
    {
        for (auto &[name, done] : std::exchange(m_reads, {}))
            m_behind.read(name, std::move(done));
    }

private:
    SecretStore &m_behind;
    std::vector<std::pair<QString, Completion<Secret>>> m_reads;
};

// A profile that can be started again and again, with one keychain behind it.
struct Profile {
    TestLog files;
    MemoryStore keychain;
    SlowStore slow{keychain};
    std::unique_ptr<Locks> locks;
    std::unique_ptr<WorkspaceFile> workspace;
    std::unique_ptr<ProfileSeal> seal;
    std::optional<ProfileSeal::Difference> difference;
    QByteArray digest;
    bool cameLate = false;

    QString path() const { return files.folder.filePath(QStringLiteral("workspace.json")); }
    const QByteArray item() const { return keychain.items.value(ProfileKey::itemName()); }
    ProfileKey remembered() const
    {
        auto key = ProfileKey::fromItem(Secret({item().constData(), size_t(item().size())}));
        return key ? std::move(*key) : ProfileKey();
    }
    template <typename Function> bool wait(Function function)
    {
        bool done = false;
        function(Completion<>(&files.guard, [&](Result<>) { done = true; }));
        return QTest::qWaitFor([&] { return done; }, 20'000);
    }
    // As the core does it.
    void start(ProfileSeal::Ask how = ProfileSeal::Ask::Quietly, SecretStore *store = nullptr)
    {
        end();
        const auto opened = files.open();
        QVERIFY2(opened, opened ? "" : qPrintable(opened.error().message));
        locks = std::make_unique<Locks>(files.clock);
        auto file = WorkspaceFile::open(path());
        QVERIFY(file);
        workspace = std::move(*file);
        digest = workspace->digest();
        seal = std::make_unique<ProfileSeal>(store ? *store : keychain, *files.log, *locks, files.clock, files.ids);
        bool asked = false;
        seal->ask(how, Completion<>(&files.guard, [&asked](Result<>) { asked = true; }));
        if (store)
            files.clock.advance(Milliseconds(3'000));
        QVERIFY(QTest::qWaitFor([&] { return asked; }, 20'000));
        QVERIFY(wait([&](Completion<> done) { seal->settle(*opened, std::move(done)); }));
        compare();
        QObject::connect(seal.get(), &ProfileSeal::keyCame, &files.guard, [this] {
            cameLate = true;
            compare();
            seal->release();
        });
    }
    void compare()
    {
        difference = seal->compare(*workspace);
        if (seal->wantsRow())
            record();
    }
    void record()
    {
        const QByteArray detail = seal->detailFor(digest, *workspace);
        digest = workspace->digest();
        files.log->append({LogRow::Kind::Workspace, {}, QStringLiteral("Changed."), detail});
    }
    // Changes one environment more.
    void change()
    {
        write();
        QVERIFY(files.settle());
        seal->recorded(seal->number());
        QVERIFY(wait([&](Completion<> done) { seal->whenStored(std::move(done)); }));
    }
    void write()
    {
        QVERIFY(workspace->change([](Workspace &edited) -> Result<> {
            edited.paused = !edited.paused;
            edited.environments.append({{QStringLiteral("env%1").arg(edited.environments.size())}, EnvironmentKind::Sandbox});
            return {};
        }));
        record();
    }
    void end()
    {
        seal.reset();
        workspace.reset();
        cameLate = false;
        files.close();
    }
    QByteArray read(const QString &file) const { return readFile(file).value_or(QByteArray()); }
    QList<QByteArray> copy() const { return {read(path()), read(files.path()), read(files.anchorPath())}; }
    void restore(const QList<QByteArray> &copied) const
    {
        QVERIFY(writeFile(path(), copied[0]) && writeFile(files.path(), copied[1]) && writeFile(files.anchorPath(), copied[2]));
    }
    int sealRows() const { return int(TestLog::kinds(files.rows()).split(' ').count("seal")); }
};

} // namespace

class tst_ProfileSeal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theFirstStartMakesAKeyAndSealsEachRow()
    {
        Profile p;
        p.start();
        QCOMPARE(p.seal->state(), ProfileSeal::State::Sealed);
        QVERIFY(!p.difference);
        QCOMPARE(p.remembered().seals, 0);
        p.change();
        p.change();
        QCOMPARE(p.remembered().seals, 2);
        QCOMPARE(p.sealRows(), 1);
        for (const LogEntry &row : p.files.rows())
            QCOMPARE(row.record.contains("\"code\":\""), row.kind == QLatin1String("workspace"));
        p.end();
        const Secret key = p.remembered().keyFor(ProfileKey::Purpose::Log);
        QCOMPARE(verifyLog(p.files.path(), &key).anchor, Verification::AnchorState::Valid);
    }
    void whatNobodyTouchedFits()
    {
        Profile p;
        p.start();
        p.change();
        for (int i = 0; i < 3; ++i) {
            p.start();
            QCOMPARE(p.seal->state(), ProfileSeal::State::Sealed);
            QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
            QVERIFY(p.seal->text().isEmpty());
            QVERIFY(!p.locks->isHeld());
            p.change();
        }
        QCOMPARE(p.sealRows(), 1);
    }
    void anEditIsFoundAndItsSectionsNamedUntilAPersonLooked()
    {
        Profile p;
        p.start();
        p.change();
        p.end();
        QVERIFY(writeFile(p.path(), p.read(p.path()).replace("\"env3\"", "\"mine\"")));
        p.start();
        QVERIFY(p.difference);
        QCOMPARE(p.difference->sections, QStringList{QStringLiteral("environments")});
        QVERIFY2(p.difference->sentence.contains(QStringLiteral("changed outside Countersign (environments)")),
                 qPrintable(p.difference->sentence));
        p.change();
        p.start(); // it fits now, but nobody has looked yet
        QVERIFY(!p.difference);
        QVERIFY(p.seal->text().contains(QStringLiteral("(environments)")));
        QCOMPARE(p.seal->differingSections(), QStringList{QStringLiteral("environments")});
        QVERIFY(p.wait([&](Completion<> done) { p.seal->resume(std::move(done)); }));
        p.change();
        p.start();
        QVERIFY(p.seal->text().isEmpty());
    }
    // The file and a row about it, made by somebody who has everything but the key.
    void aPairForgedWithoutTheKeyIsFound()
    {
        Profile p;
        p.start();
        p.change();
        p.end();
        const QByteArray forged = p.read(p.path()).replace("\"env3\"", "\"mine\"");
        QVERIFY(writeFile(p.path(), forged));
        QVERIFY(p.files.open());
        Json row{{"before", ""}, {"after", sha256({forged.constData(), size_t(forged.size())}).toHex().toStdString()}, {"number", 99}};
        row["code"] = QByteArray(32, 'x').toHex().toStdString();
        p.files.log->append({LogRow::Kind::Workspace, {}, QStringLiteral("Changed."), toBytes(row)});
        QVERIFY(p.files.settle());
        p.start();
        QVERIFY(p.difference);
        QVERIFY2(p.difference->sentence.contains(QStringLiteral("made without the key")), qPrintable(p.difference->sentence));
    }
    // Two changes at once, and the power goes when only the first is on the disk.
    void theKeychainNeverKnowsOfAChangeThatTheDiskMayNotHave()
    {
        Profile p;
        p.start();
        p.write();
        QVERIFY(p.files.settle());
        const qint64 first = p.seal->number();
        p.end();
        const auto onTheDisk = p.copy();
        p.start();
        p.write();
        p.seal->recorded(first);
        QVERIFY(p.wait([&](Completion<> done) { p.seal->whenStored(std::move(done)); }));
        p.end();
        p.restore(onTheDisk);
        p.start();
        QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
    }
    void anOlderPairIsFound()
    {
        Profile p;
        p.start();
        p.change();
        p.end();
        const auto older = p.copy();
        p.start();
        p.change();
        p.end();
        p.restore(older);
        p.start();
        QVERIFY(p.difference);
        QVERIFY2(p.difference->sentence.contains(QStringLiteral("turned back")), qPrintable(p.difference->sentence));
    }
    void aLogThatWasExchangedIsFound()
    {
        Profile p;
        p.start();
        p.change();
        p.end();
        for (const QString &file : {p.files.path(), p.files.anchorPath()})
            QVERIFY(QFile::remove(file));
        p.start();
        QVERIFY(p.difference);
        QVERIFY2(p.difference->sentence.contains(QStringLiteral("exchanged or deleted")), qPrintable(p.difference->sentence));
    }
    void anAnchorThatWasTakenAwayIsFound_data()
    {
        QTest::addColumn<bool>("removed");
        QTest::newRow("removed") << true;
        QTest::newRow("without its signature") << false;
    }
    void anAnchorThatWasTakenAwayIsFound()
    {
        QFETCH(bool, removed);
        Profile p;
        p.start();
        p.change();
        p.end();
        Anchor anchor = *Anchor::read(p.files.anchorPath());
        anchor.code.clear();
        QVERIFY(removed ? QFile::remove(p.files.anchorPath()) : bool(writeFile(p.files.anchorPath(), anchor.toBytes())));
        p.start();
        QVERIFY(p.difference);
        QVERIFY2(p.difference->sentence.contains(QStringLiteral("anchor")), qPrintable(p.difference->sentence));
    }
    void whatBelongsToTheAppStillDoesWhenAllFilesAreGone()
    {
        Profile p;
        p.start();
        p.seal->belongsToApp();
        QVERIFY(p.wait([&](Completion<> done) { p.seal->whenStored(std::move(done)); }));
        QVERIFY(p.remembered().ownedByApp);
        p.end();
        for (const QString &file : {p.files.path(), p.files.anchorPath()})
            QVERIFY(QFile::remove(file));
        p.start();
        QVERIFY(p.difference && p.difference->ownedByApp);
    }
    void withoutAKeychainNothingIsSealedAndTheLogSaysSoOnce()
    {
        Profile p;
        p.keychain.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("There is no keychain.")};
        for (int i = 0; i < 2; ++i) {
            p.start();
            QCOMPARE(p.seal->state(), ProfileSeal::State::Unsigned);
            QVERIFY(!p.locks->isHeld() && !p.difference);
            QVERIFY(p.seal->text().contains(QStringLiteral("no keychain")));
            QVERIFY(p.seal->problem().isEmpty()); // calls are served
            p.change();
            QCOMPARE(p.sealRows(), 1);
        }
        // One that is there later seals what there is.
        p.keychain.failsWith.reset();
        p.start();
        QCOMPARE(p.seal->state(), ProfileSeal::State::Sealed);
        QVERIFY(!p.difference);
        QVERIFY(p.files.settle());
        QCOMPARE(p.sealRows(), 2);
        p.start();
        QVERIFY(!p.difference);
    }
    void aProfileWithAKeyIsHeldWhereThereIsNoKeychain()
    {
        Profile p;
        p.start();
        p.change();
        p.keychain.failsWith = Error{Error::Kind::SecretUnavailable, QStringLiteral("There is no keychain.")};
        p.start(ProfileSeal::Ask::MayPrompt);
        QVERIFY(p.seal->isHeld());
        QVERIFY2(p.locks->heldBecause().startsWith(QStringLiteral("Nothing is sent:")), qPrintable(p.locks->heldBecause()));
        QCOMPARE(p.seal->problem(), p.seal->text());
        p.keychain.failsWith.reset();
        p.files.clock.advance(Milliseconds(5'000));
        QTRY_VERIFY_WITH_TIMEOUT(p.cameLate, 20'000);
        QVERIFY(!p.locks->isHeld() && !p.seal->isHeld() && !p.difference);
    }
    void aLockedKeychainIsNotWokenByACommandAndHolds()
    {
        Profile p;
        p.start();
        p.keychain.isLocked = true;
        p.keychain.reads = 0;
        p.start();
        QVERIFY(p.seal->isHeld());
        QCOMPARE(p.keychain.reads, 0);
    }
    void aSilentKeychainDoesNotKeepAStartWaiting()
    {
        Profile p;
        p.start();
        p.change();
        p.start(ProfileSeal::Ask::MayPrompt, &p.slow);
        QVERIFY(p.seal->isHeld() && p.locks->isHeld());
        p.change(); // such as a pause
        p.slow.answer();
        QTRY_VERIFY_WITH_TIMEOUT(p.cameLate, 20'000);
        QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
        QVERIFY(!p.locks->isHeld());
        p.start(); // what was changed meanwhile is sealed by now
        QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
    }
    // What the app notes at its first start, while the key is late, is its own word and no foreign edit.
    void anAppThatTakesTheProfileOverBeforeALateKeyComesIsNotPausedByIt()
    {
        Profile p;
        p.start();
        p.change();
        p.start(ProfileSeal::Ask::MayPrompt, &p.slow);
        QVERIFY(p.seal->isHeld());
        QVERIFY(p.workspace->change([](Workspace &edited) -> Result<> {
            edited.ownedByApp = true;
            return {};
        }));
        p.record();
        p.seal->belongsToApp();
        p.slow.answer();
        QTRY_VERIFY_WITH_TIMEOUT(p.cameLate, 20'000);
        QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
        QVERIFY(!p.locks->isHeld());
        QVERIFY(p.wait([&](Completion<> done) { p.seal->whenStored(std::move(done)); }));
        QVERIFY(p.remembered().ownedByApp);
    }
    void whatWasChangedBeforeALateKeyIsFoundWhenItComes()
    {
        Profile p;
        p.start();
        p.change();
        p.end();
        const auto older = p.copy();
        p.start();
        p.change();
        p.end();
        p.restore(older);
        p.start(ProfileSeal::Ask::MayPrompt, &p.slow);
        QVERIFY(!p.difference); // by the files alone it fits
        std::optional<Result<>> resumed;
        p.seal->resume(Completion<>(&p.files.guard, [&](Result<> answer) { resumed = std::move(answer); }));
        p.slow.answer();
        QTRY_VERIFY_WITH_TIMEOUT(resumed.has_value(), 20'000);
        QVERIFY(p.difference && p.difference->sentence.contains(QStringLiteral("turned back")));
        QCOMPARE(resumed->error().kind, Error::Kind::Conflict); // shown now, so not looked at yet
        QVERIFY(p.wait([&](Completion<> done) { p.seal->resume(std::move(done)); }));
        QVERIFY(p.seal->text().isEmpty());
    }
    void aKeyThatIsGoneHoldsUntilAPersonResumes()
    {
        Profile p;
        p.start();
        p.change();
        const QByteArray lost = p.item();
        p.keychain.items.clear();
        p.start(ProfileSeal::Ask::MayPrompt);
        QVERIFY(p.seal->isHeld());
        QVERIFY(p.seal->text().contains(QStringLiteral("then resume")));
        QVERIFY(p.item().isEmpty()); // not made without being asked to
        std::optional<Result<>> resumed;
        p.seal->resume(Completion<>(&p.files.guard, [&](Result<> answer) { resumed = std::move(answer); }));
        QTRY_VERIFY_WITH_TIMEOUT(resumed.has_value(), 20'000);
        QVERIFY2(*resumed, *resumed ? "" : qPrintable(resumed->error().message));
        QVERIFY(!p.locks->isHeld());
        QVERIFY(!p.item().isEmpty() && p.item() != lost);
        p.change();
        QCOMPARE(p.sealRows(), 2);
        p.start();
        QCOMPARE(p.seal->state(), ProfileSeal::State::Sealed);
        QVERIFY2(!p.difference, p.difference ? qPrintable(p.difference->sentence) : "");
    }
    void marksOfSecretsAreEqualOverRestarts()
    {
        Profile p;
        QSet<QByteArray> marks;
        for (int i = 0; i < 2; ++i) {
            p.start();
            QVERIFY(p.files.wholeCall("{\"note\":\"sk_test_4eC39HqLyjWDarjtT1zdp7dc\"}"));
            for (const LogEntry &row : p.files.rows())
                if (const qsizetype at = row.record.indexOf("[redacted:"); at >= 0)
                    marks.insert(row.record.mid(at, row.record.indexOf(']', at) - at + 1));
        }
        QCOMPARE(marks.size(), 1);
        QVERIFY2(marks.constBegin()->count(':') == 2, marks.constBegin()->constData());
    }
    // A mark made before the key came would differ from those after it: it names the type only.
    void marksWithoutTheKeyNameTheTypeOnly()
    {
        Profile p;
        p.start();
        p.start(ProfileSeal::Ask::MayPrompt, &p.slow);
        QVERIFY(p.files.wholeCall("{\"note\":\"sk_test_4eC39HqLyjWDarjtT1zdp7dc\"}"));
        QByteArray marked;
        for (const LogEntry &row : p.files.rows())
            if (row.record.contains("[redacted:"))
                marked = row.record;
        QVERIFY(!marked.isEmpty());
        const qsizetype at = marked.indexOf("[redacted:");
        QCOMPARE(marked.mid(at, marked.indexOf(']', at) - at).count(':'), 1);
    }
};

COUNTERSIGN_TEST(tst_ProfileSeal)
#include "tst_ProfileSeal.moc"
