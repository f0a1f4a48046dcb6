// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/LoginPrompt.h"
#include "support/Runner.h"
#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>
#include <QFile>
#include <QTest>
#include <QXmlStreamReader>

using app::LoginPrompt;
using mcpcore::Completion;
using mcpcore::Error;
using mcpcore::Result;

namespace {

// Answers as polkit does: what a test tells it to, and keeps what it was asked.
class Authority final : public QDBusVirtualObject
{
public:
    enum class Says { Yes, No, Challenge, Unregistered, Refusal, Nonsense, Nothing };
    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        asked = message;
        const auto answer = [&](bool authorized, bool challenge) {
            QDBusArgument result;
            result.beginStructure();
            result << authorized << challenge << QMap<QString, QString>();
            result.endStructure();
            bus.send(message.createReply(QVariant::fromValue(result)));
        };
        switch (says) {
        case Says::Yes: answer(true, false); break;
        case Says::No: answer(false, false); break;
        case Says::Challenge: answer(false, true); break;
        case Says::Unregistered:
            bus.send(message.createErrorReply(QStringLiteral("org.freedesktop.PolicyKit1.Error.Failed"),
                                              QStringLiteral("Action io.countersign.reveal-key is not registered")));
            break;
        case Says::Refusal:
            bus.send(message.createErrorReply(QStringLiteral("org.freedesktop.PolicyKit1.Error.NotAuthorized"), QStringLiteral("No.")));
            break;
        case Says::Nonsense: bus.send(message.createReply(QStringLiteral("yes"))); break;
        case Says::Nothing: bus.send(message.createErrorReply(QDBusError::NoReply, QStringLiteral("No reply."))); break;
        }
        return true;
    }
    Says says = Says::Yes;
    QDBusMessage asked;
};

struct Bench {
    enum class Polkit { Runs, Absent };
    explicit Bench(Polkit polkit = Polkit::Runs)
    {
        if (polkit == Polkit::Absent)
            return;
        server.registerVirtualObject(QStringLiteral("/org/freedesktop/PolicyKit1/Authority"), &authority);
        [&] { QVERIFY(server.registerService(QStringLiteral("org.freedesktop.PolicyKit1"))); }();
    }
    ~Bench()
    {
        server.unregisterService(QStringLiteral("org.freedesktop.PolicyKit1"));
        server.unregisterObject(QStringLiteral("/org/freedesktop/PolicyKit1/Authority"));
    }
    // "" for a login that was given, else kind and sentence.
    QString ask()
    {
        std::optional<Result<>> given;
        prompt.ask(Completion<>(&prompt, [&given](Result<> result) { given = std::move(result); }));
        [&] { QTRY_VERIFY(given); }();
        if (*given)
            return {};
        return (given->error().kind == Error::Kind::Denied        ? QStringLiteral("denied: ")
                : given->error().kind == Error::Kind::NeedsPerson ? QStringLiteral("cannot: ")
                                                                  : QStringLiteral("wrong kind: "))
               + given->error().message;
    }
    QDBusConnection server = QDBusConnection::connectToBus(QDBusConnection::SessionBus, QStringLiteral("authority"));
    Authority authority;
    LoginPrompt prompt{QDBusConnection::sessionBus()};
};

} // namespace

// Asking the OS for the login, against a stand-in of polkit on the bus of the test.
class tst_LoginPrompt : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void polkitIsAskedAboutUsAndMayAskThePerson()
    {
        Bench bench;
        QCOMPARE(bench.ask(), QString());
        QCOMPARE(bench.authority.asked.member(), QStringLiteral("CheckAuthorization"));
        QCOMPARE(bench.authority.asked.signature(), QStringLiteral("(sa{sv})sa{ss}us"));
        const QVariantList arguments = bench.authority.asked.arguments();
        QString kind;
        QVariantMap details;
        const auto subject = arguments[0].value<QDBusArgument>();
        subject.beginStructure();
        subject >> kind >> details;
        subject.endStructure();
        QCOMPARE(kind, QStringLiteral("system-bus-name"));
        QCOMPARE(details.value(QStringLiteral("name")).toString(), QDBusConnection::sessionBus().baseService());
        QCOMPARE(arguments[1].toString(), QStringLiteral("io.countersign.reveal-key"));
        QCOMPARE(arguments[3].toUInt(), 1u); // it may ask
    }
    void everyAnswerOfPolkitHasItsMeaning_data()
    {
        QTest::addColumn<int>("says");
        QTest::addColumn<QString>("means");
        const auto row = [](const char *name, Authority::Says says, const char *means) {
            QTest::newRow(name) << int(says) << QString::fromLatin1(means);
        };
        row("given", Authority::Says::Yes, "");
        row("not given", Authority::Says::No, "denied: Not shown: the login was not given.");
        row("no agent", Authority::Says::Challenge,
            "cannot: This system cannot ask for your login: no program of this desktop shows the question.");
        row("no action", Authority::Says::Unregistered,
            "cannot: This system cannot ask for your login: the part of Countersign that says what may be asked is not installed.");
        row("refused", Authority::Says::Refusal, "cannot: This system cannot ask for your login: polkit refused the question.");
        row("nonsense", Authority::Says::Nonsense, "cannot: This system cannot ask for your login: polkit answered nonsense.");
        row("nobody answered", Authority::Says::Nothing, "denied: Not shown: nobody gave the login in time.");
    }
    void everyAnswerOfPolkitHasItsMeaning()
    {
        QFETCH(int, says);
        Bench bench;
        bench.authority.says = Authority::Says(says);
        QTEST(bench.ask(), "means");
    }
    void withoutPolkitItCannotAsk()
    {
        Bench bench(Bench::Polkit::Absent);
        QCOMPARE(bench.ask(), QStringLiteral("cannot: This system cannot ask for your login: polkit does not run."));
    }
    void withoutABusItCannotAsk()
    {
        LoginPrompt prompt{QDBusConnection(QStringLiteral("no such connection"))};
        std::optional<Result<>> given;
        prompt.ask(Completion<>(&prompt, [&given](Result<> result) { given = std::move(result); }));
        QVERIFY(given && !*given);
        QVERIFY(given->error().kind == Error::Kind::NeedsPerson);
    }
    // The action that is asked for is the one that is installed, and it wants the person's own login each time.
    void theInstalledActionIsTheOneAskedFor()
    {
        QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/installer/linux/io.countersign.policy"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        QXmlStreamReader xml(&file);
        QString id;
        QStringList defaults;
        while (!xml.atEnd()) {
            xml.readNext();
            if (xml.isStartElement() && xml.name() == QLatin1String("action"))
                id = xml.attributes().value(QLatin1String("id")).toString();
            else if (xml.isStartElement() && xml.name().startsWith(QLatin1String("allow_")))
                defaults.append(xml.readElementText());
        }
        QVERIFY2(!xml.hasError(), qPrintable(xml.errorString()));
        QCOMPARE(id, QStringLiteral("io.countersign.reveal-key"));
        QCOMPARE(defaults, (QStringList{QStringLiteral("auth_self"), QStringLiteral("auth_self"), QStringLiteral("auth_self")}));
    }
};

COUNTERSIGN_TEST(tst_LoginPrompt)
#include "tst_LoginPrompt.moc"
