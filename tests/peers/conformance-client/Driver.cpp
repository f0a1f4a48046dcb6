// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Driver.h"
#include "support/ApprovedCalls.h"
#include "upstream/HttpTransport.h"
#include <QNetworkAccessManager>
#include <QNetworkReply>
#include <QTest>

using namespace mcpcore;

namespace {

constexpr int limit = 20'000; // milliseconds for one step

// What a person who accepts a form as it stands sends back.
Json accepted(const Json &params)
{
    Json content = Json::object();
    if (const Json *schema = memberAt(params, "requestedSchema"))
        if (const Json *properties = memberAt(*schema, "properties"))
            for (const auto &[name, property] : properties->items()) {
                if (const Json *value = memberAt(property, "default"))
                    content[name] = *value;
                else if (stringAt(property, "type", {}) == QLatin1String("boolean"))
                    content[name] = true;
            }
    return {{"action", "accept"}, {"content", content}};
}

void waitFor(const std::optional<Result<UpstreamAnswer>> &answer)
{
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, limit))
        qWarning("no answer in time");
}

Result<Json> resultOf(const std::optional<Result<UpstreamAnswer>> &answer)
{
    if (!answer)
        return failure(Error::Kind::Expired, QStringLiteral("no answer in time"));
    if (!*answer)
        return failure(answer->error());
    if (!(*answer)->error.isEmpty())
        return failure(Error::Kind::UpstreamFailed, QString::fromUtf8((*answer)->error.bytes()));
    return parseJson((*answer)->result.view());
}

} // namespace

Driver::Driver(const QString &url, const HttpAuth &auth)
    : m_connection{{QStringLiteral("suite")}, {}, {m_environment.id}, HttpTarget{{{m_environment.id, url}}, auth, {}}, {}}
{}

template <typename T> Result<T> Driver::wait(const std::function<void(Completion<T>)> &ask)
{
    std::optional<Result<T>> answer;
    QObject guard;
    ask(Completion<T>(&guard, [&](Result<T> result) { answer.emplace(std::move(result)); }));
    if (!QTest::qWaitFor([&] { return answer.has_value(); }, limit))
        return failure(Error::Kind::Expired, QStringLiteral("no answer in time"));
    return std::move(*answer);
}

Result<> Driver::connect()
{
    const QByteArray capabilities = "{\"roots\":{\"listChanged\":true},\"sampling\":{},\"elicitation\":{\"form\":{},\"url\":{}}}";
    const auto &target = std::get<HttpTarget>(m_connection.target);
    HttpEndpoint endpoint{target.urls.first(), destinationOf(m_connection, m_environment.id), target.auth, {}};
    endpoint.refused = [this](int status, std::string_view head) {
        m_wantsSignIn = true;
        return m_signIn.refused(m_connection, m_environment, status, head);
    };
    auto transport = std::make_unique<HttpTransport>(
        m_loop, m_clock, endpoint, [this](Completion<Secret> done) { m_signIn.token(m_connection, m_environment, std::move(done)); });
    m_upstream = std::make_unique<Upstream>(std::move(transport), m_clock, capabilities);
    // Some servers ask on the stream that belongs to no call.
    QObject::connect(m_upstream.get(), &Upstream::unsolicited, m_upstream.get(),
                     [this](const UpstreamMessage &message) { answer(message); });
    return wait<void>([this](Completion<> done) { m_upstream->start(std::move(done)); });
}

Result<> Driver::signIn(const std::string &clientSecret)
{
    m_wantsSignIn = false;
    const auto page =
        wait<SignIn::Page>([&](auto done) { m_signIn.begin(m_connection, m_environment, Secret(clientSecret), std::move(done)); });
    if (!page)
        return failure(page.error());
    QNetworkAccessManager browser;
    const std::unique_ptr<QNetworkReply> reply(browser.get(QNetworkRequest(QUrl(QString::fromLatin1(page->address), QUrl::StrictMode))));
    const auto state = wait<SignInState>([&](auto done) { m_signIn.wait(page->attempt, std::move(done)); });
    return state ? Result<>() : failure(state.error());
}

Completion<UpstreamAnswer> Driver::into(std::optional<Result<UpstreamAnswer>> &slot)
{
    return {m_upstream.get(), [&slot](Result<UpstreamAnswer> answer) { slot.emplace(std::move(answer)); }};
}

Result<Json> Driver::request(const char *method, const Json &params)
{
    std::optional<Result<UpstreamAnswer>> answer;
    m_upstream->request(
        QString::fromLatin1(method), RawJson(toBytes(params)), [this](const UpstreamMessage &message) { this->answer(message); },
        into(answer));
    waitFor(answer);
    return resultOf(answer);
}

Result<Json> Driver::call(const std::string &tool, const Json &arguments)
{
    auto call = std::make_shared<ToolCall>();
    call->tool = QString::fromStdString(tool);
    call->arguments = RawJson(toBytes(arguments));
    call->toolDefinition = m_definitions[tool];
    std::optional<Result<UpstreamAnswer>> answer;
    m_upstream->call(
        ActivityLog::approve(call), [this](const UpstreamMessage &message) { this->answer(message); }, into(answer));
    waitFor(answer);
    return resultOf(answer);
}

Result<std::vector<RawJson>> Driver::tools()
{
    std::optional<Result<UpstreamAnswer>> answer;
    m_upstream->request(QStringLiteral("tools/list"), {}, {}, into(answer));
    waitFor(answer);
    if (const auto result = resultOf(answer); !result)
        return failure(result.error());
    auto list = elementsOf(memberOf((*answer)->result, "tools"));
    if (list)
        for (const RawJson &tool : *list)
            m_definitions[textOf(memberOf(tool, "name")).value_or(QString()).toStdString()] = tool;
    return list;
}

void Driver::answer(const UpstreamMessage &message)
{
    if (message.kind != UpstreamMessage::Kind::Request)
        return;
    if (message.method != QLatin1String("elicitation/create"))
        return m_upstream->respond(message.id, {}, RawJson(QByteArrayLiteral("{\"code\":-32601,\"message\":\"Not here.\"}")));
    if (beforeAnswering)
        std::exchange(beforeAnswering, {})();
    const auto params = parseJson(message.params.view());
    m_upstream->respond(message.id, RawJson(toBytes(accepted(params.value_or(Json())))), {});
}
