// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Programs.h"
#include "support/Runner.h"
#include <QDirIterator>

using mcpcore::Json;

// A person signs in to a server with the command line, the programs and a keychain as they are, and nothing that only the server
// and the keychain may know is anywhere else.
class tst_RealSignIn : public QObject
{
    Q_OBJECT

    std::unique_ptr<Setup> setup;
    std::unique_ptr<Talker> server;
    QString origin;
    QByteArray said; // by our programs, and what /proc shows of them

    Setup::Done ctl(const QStringList &words)
    {
        const Setup::Done done = setup->ctl(words);
        said += done.out + done.err;
        return done;
    }
    // What the person's browser shows in the end.
    static Json open(const QString &address, const QString &body = {})
    {
        Talker browser;
        browser.start(peer("node"), QStringList{peer("browser.mjs"), address} + (body.isEmpty() ? QStringList() : QStringList{body}));
        return browser.event("page");
    }
    // Our programs' arguments and environments, as everybody on this computer may read them.
    QStringList lookAtProcesses()
    {
        QStringList names;
        for (QDirIterator processes(QStringLiteral("/proc"), QDir::Dirs); processes.hasNext();) {
            const QString process = processes.next();
            const QString program = QFile::symLinkTarget(process + QStringLiteral("/exe"));
            if (!program.startsWith(QStringLiteral(COUNTERSIGN_BINARY_DIR "/countersign")))
                continue;
            names += QFileInfo(program).fileName();
            for (const char *what : {"/cmdline", "/environ"}) {
                QFile file(process + QLatin1String(what));
                if (file.open(QIODevice::ReadOnly))
                    said += file.readAll();
            }
        }
        return names;
    }
    // The files of the profile that hold it.
    QStringList filesWith(const QByteArray &text) const
    {
        QStringList found;
        for (QDirIterator files(setup->profile(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories); files.hasNext();) {
            QFile file(files.next());
            if (file.open(QIODevice::ReadOnly) && file.readAll().contains(text))
                found += file.fileName();
        }
        return found;
    }
    // By a tool that is not ours. An item that is no text may be shown in base64.
    static QByteArray itemNamed(const char *name)
    {
        QProcess tool;
        tool.start(QStringLiteral("secret-tool"), {QStringLiteral("lookup"), QStringLiteral("user"), QLatin1String(name)});
        if (!tool.waitForFinished())
            return "secret-tool did not run";
        const QByteArray item = tool.readAllStandardOutput();
        return item.contains("\"version\"") ? item : QByteArray::fromBase64(item);
    }
    Json secrets() { return mcpcore::parseJson(open(origin + QStringLiteral("/secrets")).value("text", "")).value_or(Json::object()); }
    static QByteArray last(const Json &secrets, const char *kind)
    {
        return secrets[kind].empty() ? QByteArray("none was made") : QByteArray::fromStdString(secrets[kind].back().get<std::string>());
    }
    Json told(const char *event, const char *grant = nullptr)
    {
        return server->until([&](const Json &e) { return e.value("event", "") == event && (!grant || e.value("grant", "") == grant); });
    }

    // `countersignctl connection sign-in --no-browser`; the address that it prints.
    QString beginSignIn(Talker &command)
    {
        command.setProcessChannelMode(QProcess::SeparateChannels);
        command.start(binary("countersignctl"),
                      {QStringLiteral("--json"), QStringLiteral("--profile"), setup->profile(), QStringLiteral("connection"),
                       QStringLiteral("sign-in"), QStringLiteral("acme"), QStringLiteral("sandbox"), QStringLiteral("--no-browser")});
        QByteArray printed;
        const bool whole = QTest::qWaitFor(
            [&] {
                printed += command.readAllStandardError();
                return printed.endsWith('\n');
            },
            30'000);
        said += printed;
        return whole ? QString::fromUtf8(printed.trimmed()) : QString();
    }
    void signIn()
    {
        Talker command;
        const QString address = beginSignIn(command);
        QVERIFY2(address.startsWith(origin), said.constData());
        QVERIFY(lookAtProcesses().contains(QStringLiteral("countersignctl")));
        const Json page = open(address);
        QVERIFY2(page.value("text", "").find("You are signed in") != std::string::npos, page.dump().c_str());
        QVERIFY(command.waitForFinished());
        const QByteArray answer = command.readAllStandardOutput();
        said += answer + command.readAllStandardError();
        QVERIFY2(command.exitCode() == 0 && answer.contains("\"state\":\"signed in\"") && answer.contains("ada@example.com"),
                 said.constData());
    }
    // What the server made and was shown until now, beside the keychain.
    void isNowhereElse(const Json &secrets, int expected)
    {
        // It would be found: what is no secret is.
        QVERIFY(!filesWith("acme").isEmpty() && said.contains("--no-browser"));
        int looked = 0;
        for (const auto &[kind, values] : secrets.items()) {
            QVERIFY2(!values.empty(), kind.c_str());
            for (const Json &value : values) {
                const QByteArray text = QByteArray::fromStdString(value.get<std::string>());
                const QStringList files = filesWith(text);
                QVERIFY2(files.isEmpty(), (kind + " in " + files.join(QLatin1Char(' ')).toStdString()).c_str());
                QVERIFY2(!said.contains(text), kind.c_str());
                ++looked;
            }
        }
        QCOMPARE(looked, expected);
    }

private Q_SLOTS:
    void init()
    {
        said.clear();
        setup = std::make_unique<Setup>();
        server = std::make_unique<Talker>();
        // It registers clients with a secret only, so there is one to lose.
        server->start(peer("node"), {peer("oauth-server.mjs"),
                                     QStringLiteral(R"({"account":"ada@example.com",)"
                                                    R"("server":{"token_endpoint_auth_methods_supported":["client_secret_basic"]}})")});
        const Json ready = server->event("ready");
        origin = QString::fromStdString(ready.value("origin", ""));
        QVERIFY(!origin.isEmpty());
        const auto added = ctl({QStringLiteral("connection"), QStringLiteral("add"), QStringLiteral("acme"), QStringLiteral("--url"),
                                QString::fromStdString(ready.value("url", "")), QStringLiteral("--auth"), QStringLiteral("oauth")});
        QVERIFY2(added.code == 0, added.err.constData());
    }
    void cleanup()
    {
        server.reset();
        setup.reset();
    }

    void aPersonSignsInAndNobodyElseLearnsWhatTheServerGave_data()
    {
        QTest::addColumn<bool>("owned");
        QTest::newRow("while the gateway runs") << true;
        QTest::newRow("before the gateway runs") << false;
    }
    void aPersonSignsInAndNobodyElseLearnsWhatTheServerGave()
    {
        QFETCH(bool, owned);
        setup->addRule(R"({"effect":"allow","connection":"acme","environment":"sandbox"})");
        const QString token = setup->addClient();
        const QTemporaryDir outside;
        Gateway gateway;
        gateway.setProcessChannelMode(QProcess::SeparateChannels);
        gateway.setStandardErrorFile(outside.filePath(QStringLiteral("stderr")));
        if (owned)
            gateway.serve(*setup);

        const auto signedOut =
            ctl({QStringLiteral("connection"), QStringLiteral("test"), QStringLiteral("acme"), QStringLiteral("sandbox")});
        QVERIFY2(signedOut.code == 1 && signedOut.err.contains("nobody is signed in"), signedOut.err.constData());
        signIn();
        const Json given = secrets();
        const QByteArray item = itemNamed("sign-in:acme:sandbox");
        for (const char *kind : {"access", "refresh", "client"})
            QVERIFY2(item.contains(last(given, kind)), kind);
        const QByteArray registration = itemNamed("client:acme:sandbox");
        QVERIFY(registration.contains(last(given, "client")) && !registration.contains(last(given, "refresh")));

        const auto trusted = ctl({QStringLiteral("connection"), QStringLiteral("trust"), QStringLiteral("acme"), QStringLiteral("sandbox"),
                                  QStringLiteral("--all")});
        QVERIFY2(trusted.code == 0, trusted.err.constData());
        if (!owned)
            gateway.serve(*setup);
        SdkClient client;
        client.connectTo(*setup, gateway, token, SdkClient::Way::Http);
        client.call("first", "acme__whoami", Json::object());
        QCOMPARE(SdkClient::textOf(client.outcome("first")), QStringLiteral("let in"));
        QVERIFY(lookAtProcesses().contains(QStringLiteral("countersignctl")));

        // An access that the server takes no more is renewed before the next request, and what is kept is the new one.
        QCOMPARE(open(origin + QStringLiteral("/behave"), QStringLiteral(R"({"forget":"access"})")).value("status", 0), 200);
        client.call("refused", "acme__whoami", Json::object());
        const QString refusal = SdkClient::textOf(client.outcome("refused"));
        QVERIFY2(refusal.contains(QStringLiteral("Try again: it is renewed first")), qPrintable(refusal));
        client.call("renewed", "acme__whoami", Json::object());
        QCOMPARE(SdkClient::textOf(client.outcome("renewed")), QStringLiteral("let in"));
        QVERIFY(told("token", "refresh_token").value("ok", false));
        const Json renewed = secrets();
        QVERIFY(last(renewed, "refresh") != last(given, "refresh"));
        QVERIFY(itemNamed("sign-in:acme:sandbox").contains(last(renewed, "refresh")));
        lookAtProcesses();
        isNowhereElse(renewed, 7); // access and refresh twice; code, client and verifier once

        const auto out = ctl({QStringLiteral("connection"), QStringLiteral("sign-out"), QStringLiteral("acme"), QStringLiteral("sandbox")});
        QVERIFY2(out.code == 0 && out.answer.value("revoked", "") == "yes", (out.out + out.err).constData());
        QVERIFY(told("revoke").value("ok", false));
        QCOMPARE(itemNamed("sign-in:acme:sandbox"), QByteArray());
        client.call("last", "acme__whoami", Json::object());
        const QString noMore = SdkClient::textOf(client.outcome("last"));
        QVERIFY2(noMore.contains(QStringLiteral("nobody is signed in")), qPrintable(noMore));
        lookAtProcesses();
        said += refusal.toUtf8() + noMore.toUtf8(); // a client sees them

        const auto shown = ctl({QStringLiteral("log"), QStringLiteral("export"), QStringLiteral("--format"), QStringLiteral("jsonl")});
        QVERIFY2(shown.out.contains("Signed in to acme in sandbox."), shown.out.constData());
        gateway.terminate();
        QVERIFY(gateway.waitForFinished());
        said += gateway.readAllStandardOutput();
        QFile errors(outside.filePath(QStringLiteral("stderr")));
        QVERIFY(errors.open(QIODevice::ReadOnly));
        said += errors.readAll();

        isNowhereElse(secrets(), 7);
    }
    void aPersonWhoSaysNoIsNotSignedIn()
    {
        QCOMPARE(open(origin + QStringLiteral("/behave"), QStringLiteral(R"({"refuse":"access_denied"})")).value("status", 0), 200);
        Talker command;
        open(beginSignIn(command));
        QVERIFY(command.waitForFinished());
        QCOMPARE(command.exitCode(), 1);
        QCOMPARE(itemNamed("sign-in:acme:sandbox"), QByteArray());
    }
};

COUNTERSIGN_TEST(tst_RealSignIn)
#include "tst_RealSignIn.moc"
