// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/VendorCheck.h"
#include "upstream/Addresses.h"
#include <QFileInfo>
#include <QUrl>

namespace mcpcore {

namespace {

bool isOf(const Pack &pack, const StdioTarget &target)
{
    const auto isIt = [&target](const LocalBridge &local) {
        return QFileInfo(target.program).fileName() == local.program && target.arguments.mid(0, local.arguments.size()) == local.arguments
               && target.secretVariable == local.secretVariable;
    };
    return std::any_of(pack.local.begin(), pack.local.end(), isIt);
}

// Empty when nobody can be asked.
QUrl baseFor(const Pack &pack, const RestBase &rest, const Connection &connection, const EnvironmentId &environment)
{
    const QUrl own(rest.url, QUrl::StrictMode);
    const auto *http = std::get_if<HttpTarget>(&connection.target);
    if (!http)
        return isOf(pack, std::get<StdioTarget>(connection.target)) ? own : QUrl();
    const QString address = http->urls.value(environment);
    const QString origin = originOf(address);
    const auto isIt = [&origin](const HostedEndpoint &hosted) { return originOf(hosted.url) == origin; };
    if (origin.isEmpty() || std::any_of(pack.hosted.begin(), pack.hosted.end(), isIt))
        return origin.isEmpty() ? QUrl() : own;
    QUrl theirs =
        QUrl(address, QUrl::StrictMode).adjusted(QUrl::RemoveUserInfo | QUrl::RemovePath | QUrl::RemoveQuery | QUrl::RemoveFragment);
    theirs.setPath(own.path());
    return theirs;
}

} // namespace

std::optional<VendorRoute> routeTo(const Pack &pack, const Connection &connection, const Environment &environment)
{
    const RestBase *rest = pack.restIn(environment.kind);
    if (pack.verify.calls.isEmpty() || !rest || !rest->auth)
        return std::nullopt;
    const QUrl base = baseFor(pack, *rest, connection, environment.id);
    if (base.isEmpty())
        return std::nullopt;
    VendorRoute route;
    route.pack = pack;
    route.base = base.toEncoded(QUrl::StripTrailingSlash);
    route.secretField = rest->auth->kind == HttpAuth::Kind::Header ? rest->auth->header.toLatin1() + ": " : "Authorization: Bearer ";
    route.fields = {QByteArrayLiteral("Accept: application/json"), QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    for (const auto &[name, value] : rest->headers)
        route.fields.append(name.toLatin1() + ": " + value.toUtf8());
    // A private address only where the person gave one.
    route.reach = isPrivateHost(base.host()) ? HttpRequest::Reach::Anywhere : HttpRequest::Reach::Public;
    route.proxy = isLoopbackHost(base.host()) ? HttpRequest::Proxy::None : HttpRequest::Proxy::OfSystem;
    return route;
}

struct VendorCheck::Question {
    VendorRoute route;
    Secret key;
    Completion<VerifyAnswer> done;
    Milliseconds deadline{}; // monotonic
    QList<VerifyAnswer> answers;
};

VendorCheck::VendorCheck(CurlLoop &loop, const Clock &clock, Milliseconds limit, QObject *parent)
    : QObject(parent), m_fetches(loop), m_clock(clock), m_limit(limit)
{}

void VendorCheck::ask(VendorRoute route, Secret key, Completion<VerifyAnswer> done)
{
    askNext(std::make_shared<Question>(Question{std::move(route), std::move(key), std::move(done), m_clock.monotonic() + m_limit, {}}));
}

void VendorCheck::askNext(std::shared_ptr<Question> question)
{
    const VendorRoute &route = question->route;
    HttpRequest request;
    request.url = route.base + route.pack.verify.calls[question->answers.size()].path.toLatin1();
    request.fields = route.fields;
    request.reach = route.reach;
    request.proxy = route.proxy;
    request.limit = std::max(Milliseconds(1), question->deadline - m_clock.monotonic());
    request.secretField = route.secretField;
    request.secret = question->key.duplicate();
    m_fetches.send(std::move(request), Completion<Fetched>(this, [this, question = std::move(question)](Result<Fetched> fetched) {
                       take(question, std::move(fetched));
                   }));
}

void VendorCheck::take(const std::shared_ptr<Question> &question, Result<Fetched> fetched)
{
    const Pack &pack = question->route.pack;
    VerifyAnswer answer;
    if (fetched) {
        answer = readVerification(pack, pack.verify.calls[question->answers.size()], fetched->status,
                                  {fetched->body.constData(), size_t(fetched->body.size())}, question->key.reveal());
        wipe(fetched->body);
    } else {
        answer.reason = fetched.error().message;
    }
    question->answers.append(answer);
    if (answer.verdict == VerifyAnswer::Verdict::Accepted && question->answers.size() < pack.verify.calls.size())
        return askNext(question);
    question->key = Secret();
    question->done(together(question->answers));
}

} // namespace mcpcore
