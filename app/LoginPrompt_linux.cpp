// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/LoginPrompt.h"
#include <QDBusArgument>
#include <QDBusError>
#include <QDBusMetaType>
#include <QDBusPendingCallWatcher>

namespace app {

using namespace mcpcore;

// Whom polkit asks about: us, by our name on the bus, which no other process can have.
struct LoginSubject {
    QString kind;
    QVariantMap details;
};

QDBusArgument &operator<<(QDBusArgument &argument, const LoginSubject &subject)
{
    argument.beginStructure();
    argument << subject.kind << subject.details;
    argument.endStructure();
    return argument;
}

const QDBusArgument &operator>>(const QDBusArgument &argument, LoginSubject &subject)
{
    argument.beginStructure();
    argument >> subject.kind >> subject.details;
    argument.endStructure();
    return argument;
}

} // namespace app

Q_DECLARE_METATYPE(app::LoginSubject)

namespace app {

namespace {

using Details = QMap<QString, QString>;

constexpr int kMinute = 60'000;
constexpr uint kMayAskThePerson = 1; // AllowUserInteraction

tl::unexpected<Error> cannot(const QString &why)
{
    return failure(Error::Kind::NeedsPerson, QStringLiteral("This system cannot ask for your login: %1.").arg(why));
}

Result<> resultOf(const QDBusMessage &reply)
{
    if (reply.type() == QDBusMessage::ErrorMessage) {
        switch (QDBusError(reply).type()) {
        case QDBusError::ServiceUnknown:
        case QDBusError::Disconnected: return cannot(QStringLiteral("polkit does not run"));
        case QDBusError::NoReply:
        case QDBusError::Timeout:
        case QDBusError::TimedOut: return failure(Error::Kind::Denied, QStringLiteral("Not shown: nobody gave the login in time."));
        default: break;
        }
        return cannot(reply.errorMessage().contains(QLatin1String("is not registered"))
                          ? QStringLiteral("the part of Countersign that says what may be asked is not installed")
                          : QStringLiteral("polkit refused the question"));
    }
    if (reply.signature() != QLatin1String("(bba{ss})"))
        return cannot(QStringLiteral("polkit answered nonsense"));
    bool authorized = false, challenge = false;
    Details details;
    const auto answer = reply.arguments().at(0).value<QDBusArgument>();
    answer.beginStructure();
    answer >> authorized >> challenge >> details;
    answer.endStructure();
    if (authorized)
        return {};
    // Still a challenge although it was allowed to ask: nothing on this desktop shows the question.
    if (challenge)
        return cannot(QStringLiteral("no program of this desktop shows the question"));
    return failure(Error::Kind::Denied, QStringLiteral("Not shown: the login was not given."));
}

} // namespace

void LoginPrompt::ask(Completion<> done)
{
    if (!m_bus.isConnected())
        return done(cannot(QStringLiteral("there is no system bus")));
    qDBusRegisterMetaType<LoginSubject>();
    qDBusRegisterMetaType<Details>();
    QDBusMessage question = QDBusMessage::createMethodCall(
        QStringLiteral("org.freedesktop.PolicyKit1"), QStringLiteral("/org/freedesktop/PolicyKit1/Authority"),
        QStringLiteral("org.freedesktop.PolicyKit1.Authority"), QStringLiteral("CheckAuthorization"));
    const LoginSubject us{QStringLiteral("system-bus-name"), {{QStringLiteral("name"), m_bus.baseService()}}};
    question.setArguments({QVariant::fromValue(us), QStringLiteral("io.countersign.reveal-key"), QVariant::fromValue(Details()),
                           kMayAskThePerson, QString()});
    auto owed = std::make_shared<Completion<>>(std::move(done));
    auto *watcher = new QDBusPendingCallWatcher(m_bus.asyncCall(question, 2 * kMinute), this);
    connect(watcher, &QDBusPendingCallWatcher::finished, this, [watcher, owed] {
        watcher->deleteLater();
        (*owed)(resultOf(watcher->reply()));
    });
}

} // namespace app
