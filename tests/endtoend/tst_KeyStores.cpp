// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Keys in the encrypted file and in the keychain, and on their way between them, with the programs as people run them.
#include "Programs.h"
#include "RecordingServer.h"
#include "support/Runner.h"
#include <QDirIterator>
#include <fcntl.h>
#include <pty.h>
#include <sys/wait.h>
#include <unistd.h>

using mcpcore::Json;

namespace {

const QByteArray kKey = "sk_test_canary5c1f0ab2e9";
const QByteArray kPassphrase = "canary horse battery", kOther = "canary staple correct";

QStringList words(const QString &line)
{
    return line.split(QLatin1Char(' '));
}

enum class Keychain { None, There };

QProcessEnvironment environmentWith(Keychain keychain, const Setup &setup)
{
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    if (keychain == Keychain::None) {
        environment.remove(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"));
        environment.remove(QStringLiteral("DISPLAY"));
        environment.insert(QStringLiteral("XDG_RUNTIME_DIR"), setup.profile());
    }
    return environment;
}

// Gives a process these lines on file descriptor 3, and no terminal.
class Lines
{
public:
    explicit Lines(const QByteArrayList &lines)
    {
        if (::pipe2(m_ends, O_CLOEXEC) != 0)
            qFatal("no pipe");
        for (const QByteArray &line : lines)
            if (::write(m_ends[1], QByteArray(line + '\n').constData(), size_t(line.size() + 1)) < 0)
                qFatal("no line");
        ::close(m_ends[1]);
    }
    ~Lines() { ::close(m_ends[0]); }
    void give(QProcess &process) const
    {
        process.setChildProcessModifier([end = m_ends[0]] {
            ::setsid();
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::dup2(end, 3);
        });
    }

private:
    int m_ends[2] = {-1, -1};
};

struct World : Setup {
    RecordingServer server;
    Keychain keychain = Keychain::None;
    QByteArray printed; // all that every command said

    Done run(const QString &line, const QByteArrayList &passphrases = {}, const QByteArray &input = {})
    {
        const Lines lines(passphrases);
        QProcess process;
        lines.give(process);
        process.setProcessEnvironment(environmentWith(keychain, *this));
        QStringList all{QStringLiteral("--json"), QStringLiteral("--profile"), profile()};
        if (!passphrases.isEmpty())
            all += words(QStringLiteral("--passphrase-fd 3"));
        process.start(binary("countersignctl"), all + words(line));
        process.write(input);
        process.closeWriteChannel();
        process.waitForFinished(120'000);
        Done done{process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1,
                  {},
                  process.readAllStandardOutput(),
                  process.readAllStandardError()};
        if (const auto answer = mcpcore::parseJson(done.out.trimmed().toStdString()))
            done.answer = *answer;
        printed += done.out + done.err;
        return done;
    }
    Done must(const QString &line, const QByteArrayList &passphrases = {}, const QByteArray &input = {})
    {
        const Done done = run(line, passphrases, input);
        if (done.code != 0)
            qWarning("countersignctl %s: %s", qPrintable(line), done.err.constData());
        return done;
    }
    QString said(const Done &done, const char *member) const { return QString::fromStdString(done.answer.value(member, "")); }
    Json keysOf(const Done &done) const { return done.answer.value("keys", Json::object()); }
    // A connection to the server, in the file of a machine without a keychain.
    void makeFile()
    {
        QCOMPARE(must(QStringLiteral("connection add acme --auth bearer --url ") + QString::fromStdString(server.url())).code, 0);
        const Done moved = must(QStringLiteral("key move --to file"), {kPassphrase});
        QCOMPARE(moved.code, 0);
        QCOMPARE(said(moved, "store"), QStringLiteral("file"));
        QCOMPARE(moved.answer.value("moved", -1), 0);
    }
    void setKey()
    {
        const Done set = must(QStringLiteral("key set acme sandbox --unverified"), {kPassphrase}, kKey + '\n');
        QCOMPARE(set.code, 0);
        QCOMPARE(said(set, "store"), QStringLiteral("file"));
    }
    void allowEverything(const QByteArrayList &passphrases)
    {
        QCOMPARE(must(QStringLiteral("connection trust acme sandbox --all"), passphrases).code, 0);
        QCOMPARE(must(QStringLiteral("rule add --json-file -"), passphrases, R"({"effect":"allow"})").code, 0);
    }
    bool carriedTheKey() const
    {
        for (const std::string &request : server.requests())
            if (QByteArray::fromStdString(request).toLower().contains("authorization: bearer " + kKey))
                return true;
        return false;
    }
    // Neither key nor passphrase is in a file, or in what any process of ours was started with or has said.
    void nothingLeaked()
    {
        for (const QByteArray &secret : {kKey, kPassphrase, kOther}) {
            for (QDirIterator files(profile(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); files.hasNext();) {
                QFile file(files.next());
                QVERIFY2(!file.open(QIODevice::ReadOnly) || !file.readAll().contains(secret), qPrintable(file.fileName()));
            }
            for (QDirIterator processes(QStringLiteral("/proc"), QDir::Dirs); processes.hasNext();) {
                const QString process = processes.next();
                for (const char *name : {"/cmdline", "/environ"}) {
                    QFile file(process + QLatin1String(name));
                    QVERIFY2(!file.open(QIODevice::ReadOnly) || !file.readAll().contains(secret), qPrintable(file.fileName()));
                }
            }
            QVERIFY2(!printed.contains(secret), printed.constData());
        }
    }
};

// `serve` with a passphrase.
class Served : public Gateway
{
public:
    void serve(World &world, const QByteArrayList &passphrases)
    {
        const Lines lines(passphrases);
        lines.give(*this);
        setProcessEnvironment(environmentWith(world.keychain, world));
        QStringList all{QStringLiteral("--profile"), world.profile(), QStringLiteral("serve"), QStringLiteral("--port"),
                        QStringLiteral("0")};
        if (!passphrases.isEmpty())
            all += words(QStringLiteral("--passphrase-fd 3"));
        start(binary("countersignctl"), all);
        closeWriteChannel();
        url = QString::fromStdString(event("ready").value("url", ""));
    }
};

// A command on a terminal of its own. Answers its exit code; `shown` is what the person saw.
int onTerminal(const QStringList &line, const QByteArrayList &typed, const QByteArrayList &prompts, QByteArray *shown)
{
    int fd = -1;
    const pid_t pid = ::forkpty(&fd, nullptr, nullptr, nullptr);
    if (pid == 0) {
        std::vector<QByteArray> bytes{binary("countersignctl").toLocal8Bit()};
        for (const QString &word : line)
            bytes.push_back(word.toLocal8Bit());
        std::vector<char *> arguments;
        for (QByteArray &word : bytes)
            arguments.push_back(word.data());
        arguments.push_back(nullptr);
        ::execv(arguments[0], arguments.data());
        ::_exit(127);
    }
    char buffer[4096];
    qsizetype next = 0, from = shown->size();
    for (ssize_t n = 0; (n = ::read(fd, buffer, sizeof buffer)) > 0;) {
        shown->append(buffer, n);
        // Each answer is typed when it is asked for.
        while (next < typed.size() && shown->indexOf(prompts[next], from) >= 0) {
            from = shown->indexOf(prompts[next], from) + prompts[next].size();
            const QByteArray answer = typed[next++] + '\n';
            if (::write(fd, answer.constData(), size_t(answer.size())) != answer.size())
                return -1;
        }
    }
    int status = -1;
    ::waitpid(pid, &status, 0);
    ::close(fd);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

} // namespace

class tst_KeyStores : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutAKeychainTheWayIsTheFile()
    {
        World world;
        QCOMPARE(world.must(QStringLiteral("connection add acme --auth bearer --url http://127.0.0.1:9/mcp")).code, 0);
        const Setup::Done refused = world.run(QStringLiteral("key set acme sandbox --unverified"), {}, kKey + '\n');
        QCOMPARE(refused.code, 1);
        QVERIFY2(refused.err.contains("countersignctl key move --to file"), refused.err.constData());
        QCOMPARE(world.keysOf(world.must(QStringLiteral("status"))).value("state", ""), "none");
        QVERIFY(!QFile::exists(world.file("keys"))); // never by itself
        world.nothingLeaked();
    }
    void aKeyInTheFileIsCarriedToItsServer()
    {
        World world;
        world.makeFile();
        world.setKey();
        world.allowEverything({kPassphrase});
        QCOMPARE(QFileInfo(world.file("keys")).permissions() & ~(QFile::ReadUser | QFile::WriteUser), QFile::ReadOwner | QFile::WriteOwner);

        Served served;
        served.serve(world, {kPassphrase});
        QVERIFY2(!served.url.isEmpty(), "it did not start");
        const Setup::Done status = world.must(QStringLiteral("status"));
        QCOMPARE(world.keysOf(status).value("store", ""), "file");
        QCOMPARE(world.keysOf(status).value("state", ""), "open");
        QCOMPARE(status.answer["seal"].value("state", ""), "sealed");
        const Setup::Done tried = world.must(QStringLiteral("try acme__echo"));
        QCOMPARE(tried.code, 0);
        QVERIFY2(tried.out.contains("done"), tried.out.constData());
        QVERIFY(world.carriedTheKey());
        world.nothingLeaked();
    }
    void aWrongPassphraseOpensNothing()
    {
        World world;
        world.makeFile();
        world.setKey();
        const QByteArray before = [&] {
            QFile file(world.file("keys"));
            return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
        }();
        Served served;
        served.setProcessChannelMode(QProcess::MergedChannels);
        served.serve(world, {kOther});
        QVERIFY(served.url.isEmpty());
        QVERIFY(served.state() == QProcess::NotRunning || served.waitForFinished());
        QCOMPARE(served.exitCode(), 1);
        const Setup::Done wrong = world.run(QStringLiteral("key set acme sandbox --unverified"), {kOther}, "sk_test_another0000000001\n");
        QCOMPARE(wrong.code, 1);
        QVERIFY2(wrong.err.contains("not the passphrase"), wrong.err.constData());
        QFile file(world.file("keys"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QCOMPARE(file.readAll(), before);
        world.nothingLeaked();
    }
    void withoutAPassphraseOnlyWhatNeedsNoneIsDone()
    {
        World world;
        world.makeFile();
        for (const char *line : {"status", "env list", "connection list", "key list", "client list", "rule list", "log list", "log verify"})
            QVERIFY2(world.must(QLatin1String(line)).code == 0, line);
        QCOMPARE(world.keysOf(world.must(QStringLiteral("status"))).value("state", ""), "locked");
        QVERIFY(world.run(QStringLiteral("doctor")).out.contains("Its passphrase is asked for when Countersign starts"));
        for (const char *line : {"client add Mine", "env use staging", "key move --to keychain", "key passphrase", "resume"}) {
            const Setup::Done refused = world.run(QLatin1String(line));
            QVERIFY2(refused.code == 1, line);
            QVERIFY2(refused.err.contains("--passphrase-fd"), refused.err.constData());
        }
        Served served;
        served.serve(world, {});
        QVERIFY(served.url.isEmpty());
        QVERIFY(served.state() == QProcess::NotRunning || served.waitForFinished());
        QCOMPARE(served.exitCode(), 1);
        const Setup::Done with = world.must(QStringLiteral("log verify"), {kPassphrase});
        QCOMPARE(with.answer.value("anchor", ""), "signed");
        QCOMPARE(world.must(QStringLiteral("pause")).code, 0); // what makes it narrower does not wait for one
    }
    void thePassphraseIsChanged()
    {
        World world;
        world.makeFile();
        world.setKey();
        QCOMPARE(world.run(QStringLiteral("key passphrase"), {kOther, kPassphrase}).code, 1);
        QCOMPARE(world.run(QStringLiteral("key passphrase"), {kPassphrase, "short"}).code, 1);
        QCOMPARE(world.must(QStringLiteral("key passphrase"), {kPassphrase, kOther}).code, 0);
        QCOMPARE(world.run(QStringLiteral("client add Mine"), {kPassphrase}).code, 1);
        QCOMPARE(world.must(QStringLiteral("client add Mine"), {kOther}).code, 0);
        // And while it is served.
        Served served;
        served.serve(world, {kOther});
        QVERIFY(!served.url.isEmpty());
        QCOMPARE(world.must(QStringLiteral("key passphrase"), {kOther, kPassphrase}).code, 0);
        QCOMPARE(world.must(QStringLiteral("client add Other")).code, 0); // it is open
        served.terminate();
        QVERIFY(served.waitForFinished());
        QCOMPARE(world.must(QStringLiteral("client add Third"), {kPassphrase}).code, 0);
        QVERIFY(world.must(QStringLiteral("log export --format jsonl")).out.contains("Changed the passphrase of the key file"));
        world.nothingLeaked();
    }
    // From the keychain to the file and back, while it is served: calls carry the key all the time.
    void keysMoveBothWaysWhileServed()
    {
        World world;
        world.keychain = Keychain::There;
        QCOMPARE(world.must(QStringLiteral("connection add acme --auth bearer --url ") + QString::fromStdString(world.server.url())).code,
                 0);
        const Setup::Done set = world.must(QStringLiteral("key set acme sandbox --unverified"), {}, kKey + '\n');
        QCOMPARE(world.said(set, "store"), QStringLiteral("keychain"));
        const QString id = world.said(set, "id");
        world.allowEverything({});
        const auto inKeyring = [&] {
            QProcess lookup;
            lookup.start(QStringLiteral("secret-tool"), {QStringLiteral("lookup"), QStringLiteral("user"), id});
            lookup.waitForFinished();
            const QByteArray found = lookup.readAllStandardOutput();
            return found.contains(kKey) || QByteArray::fromBase64(found).contains(kKey);
        };
        QVERIFY(inKeyring());

        Served served;
        served.serve(world, {});
        QVERIFY(!served.url.isEmpty());
        const Setup::Done there = world.must(QStringLiteral("key move --to file"), {kPassphrase});
        QCOMPARE(there.code, 0);
        QCOMPARE(there.answer.value("moved", 0), 2); // the key, and that of the profile
        QVERIFY(!there.answer.contains("note"));
        QVERIFY(!inKeyring());
        QCOMPARE(world.keysOf(world.must(QStringLiteral("status"))).value("store", ""), "file");
        QCOMPARE(world.must(QStringLiteral("key list")).answer["keys"][0].value("store", ""), "file");
        QVERIFY(world.must(QStringLiteral("try acme__echo")).out.contains("done"));
        served.terminate();
        QVERIFY(served.waitForFinished());

        Served again;
        again.serve(world, {kPassphrase});
        QVERIFY(!again.url.isEmpty());
        QCOMPARE(world.must(QStringLiteral("status")).answer["seal"].value("state", ""), "sealed");
        world.server.forget();
        QVERIFY(world.must(QStringLiteral("try acme__echo")).out.contains("done"));
        QVERIFY(world.carriedTheKey());
        const Setup::Done back = world.must(QStringLiteral("key move --to keychain"));
        QCOMPARE(back.code, 0);
        QCOMPARE(back.answer.value("moved", 0), 2);
        QVERIFY(inKeyring());
        QVERIFY(!QFile::exists(world.file("keys")));
        again.terminate();
        QVERIFY(again.waitForFinished());
        world.server.forget();
        Served last;
        last.serve(world, {});
        QVERIFY(world.must(QStringLiteral("try acme__echo")).out.contains("done"));
        QVERIFY(world.carriedTheKey());
        QVERIFY(!world.must(QStringLiteral("status")).answer.value("paused", true));
        const QByteArray log = world.must(QStringLiteral("log export --format jsonl")).out;
        QVERIFY(log.contains("Moved the keys of this profile to the key file (2 items)"));
        QVERIFY(log.contains("Moved the keys of this profile to the keychain (2 items)"));
        world.nothingLeaked();
    }
    // Killed as soon as the disk shows how far it is: the keys are wholly in one of the two.
    void aMoveThatIsKilledLosesNothing_data()
    {
        QTest::addColumn<bool>("toFile");
        QTest::addColumn<QString>("at");
        QTest::newRow("as it starts") << true << "lock";
        QTest::newRow("the new file is written") << true << "keys.moving";
        QTest::newRow("the new file is the store") << true << "keys";
        QTest::newRow("back, as it starts") << false << "lock";
        QTest::newRow("back, the file is gone") << false << "!keys";
    }
    void aMoveThatIsKilledLosesNothing()
    {
        QFETCH(bool, toFile);
        QFETCH(QString, at);
        World world;
        world.keychain = Keychain::There;
        QCOMPARE(world.must(QStringLiteral("connection add acme --auth bearer --url ") + QString::fromStdString(world.server.url())).code,
                 0);
        QCOMPARE(world.must(QStringLiteral("key set acme sandbox --unverified"), {}, kKey + '\n').code, 0);
        world.allowEverything({});
        if (!toFile)
            QCOMPARE(world.must(QStringLiteral("key move --to file"), {kPassphrase}).code, 0);
        QFile::remove(world.file("lock"));
        const Lines lines({kPassphrase});
        QProcess move;
        lines.give(move);
        move.setProcessEnvironment(environmentWith(world.keychain, world));
        const QString to = toFile ? QStringLiteral("file") : QStringLiteral("keychain");
        move.start(binary("countersignctl"), QStringList{QStringLiteral("--profile"), world.profile()}
                                                 + words(QStringLiteral("--passphrase-fd 3 key move --to ") + to));
        move.closeWriteChannel();
        const auto isThere = [&] {
            const bool gone = at.startsWith(QLatin1Char('!'));
            return QFile::exists(world.profile() + QLatin1Char('/') + (gone ? at.mid(1) : at)) != gone;
        };
        while (!isThere() && !move.waitForFinished(1) && move.state() == QProcess::Running)
            ;
        move.kill();
        move.waitForFinished();
        const bool inFile = QFile::exists(world.file("keys"));
        QCOMPARE(inFile, at == QLatin1String("lock") ? !toFile : at == QLatin1String("keys"));

        Served served;
        served.serve(world, inFile ? QByteArrayList{kPassphrase} : QByteArrayList{});
        QVERIFY(!served.url.isEmpty());
        // One that ends between a write of workspace.json and the row about it is found paused, as after any other change.
        const Setup::Done status = world.must(QStringLiteral("status"));
        if (status.answer.value("paused", true)) {
            QVERIFY2(status.answer["seal"].value("text", "").find("(keys)") != std::string::npos, status.out.constData());
            QCOMPARE(world.must(QStringLiteral("resume")).code, 0);
        }
        const Setup::Done tried = world.must(QStringLiteral("try acme__echo"));
        QVERIFY2(tried.out.contains("done"), tried.out.constData());
        QVERIFY(world.carriedTheKey());
        QVERIFY(!QFile::exists(world.file("keys.moving")));
        world.nothingLeaked();
    }
    void thePassphraseIsTypedUnseenOnATerminal()
    {
        World world;
        world.keychain = Keychain::There;
        const QStringList profile{QStringLiteral("--profile"), world.profile()};
        const QByteArray fresh = "New passphrase of the key file: ", again = "Once more: ", current = "Passphrase of the key file: ";
        QByteArray shown;
        QCOMPARE(onTerminal(profile + words(QStringLiteral("key move --to file")), {kPassphrase, kOther}, {fresh, again}, &shown), 1);
        QVERIFY2(shown.contains("not the same"), shown.constData());
        QVERIFY(!QFile::exists(world.file("keys")));
        QCOMPARE(onTerminal(profile + words(QStringLiteral("key move --to file")), {kPassphrase, kPassphrase}, {fresh, again}, &shown), 0);
        QVERIFY(QFile::exists(world.file("keys")));
        QCOMPARE(onTerminal(profile + words(QStringLiteral("client add Mine")), {kPassphrase}, {current}, &shown), 0);
        QCOMPARE(
            onTerminal(profile + words(QStringLiteral("key passphrase")), {kPassphrase, kOther, kOther}, {current, fresh, again}, &shown),
            0);
        QCOMPARE(onTerminal(profile + words(QStringLiteral("client add Other")), {kPassphrase}, {current}, &shown), 1);
        QCOMPARE(onTerminal(profile + words(QStringLiteral("status")), {}, {}, &shown), 0);
        QVERIFY2(!shown.contains("canary"), shown.constData());
    }
};

COUNTERSIGN_TEST(tst_KeyStores)
#include "tst_KeyStores.moc"
