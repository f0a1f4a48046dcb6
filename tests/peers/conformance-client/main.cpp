// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
//
// A client for `conformance client --command PATH`: does for each scenario what a person's client would ask of Countersign, through
// the code that the app reaches servers with. The suite judges what arrives. Its name comes in MCP_CONFORMANCE_SCENARIO, values in
// MCP_CONFORMANCE_CONTEXT, the address of the server as the last argument.
#include "Driver.h"
#include <QCoreApplication>
#include <cstdio>

using namespace mcpcore;

namespace {

Result<> onlyIf(const Result<Json> &result)
{
    return result ? Result<>() : failure(result.error());
}

Result<> listTools(Driver &driver)
{
    const auto tools = driver.tools();
    return tools ? Result<>() : failure(tools.error());
}

Result<> callOne(Driver &driver, const char *tool, const Json &arguments = Json::object())
{
    const auto listed = listTools(driver);
    return listed ? onlyIf(driver.call(tool, arguments)) : listed;
}

Result<> askTwiceAndSomethingElse(Driver &driver)
{
    if (const auto listed = listTools(driver); !listed)
        return listed;
    driver.beforeAnswering = [&] { driver.call("test_mrtr_unrelated"); };
    for (const char *tool : {"test_mrtr_echo_state", "test_mrtr_no_state", "test_mrtr_no_result_type"})
        if (const auto called = driver.call(tool); !called)
            return failure(called.error());
    return {};
}

Result<> callAsTold(Driver &driver, const Json &context)
{
    if (const auto listed = listTools(driver); !listed)
        return listed;
    const Json *calls = memberAt(context, "toolCalls");
    for (const Json &call : calls ? *calls : Json::array())
        if (const auto called = driver.call(stringAt(call, "name", {}).toStdString(), call.value("arguments", Json::object())); !called)
            return failure(called.error());
    return {};
}

Result<> callAll(Driver &driver)
{
    const auto tools = driver.tools();
    if (!tools)
        return failure(tools.error());
    for (const RawJson &tool : *tools)
        driver.call(textOf(memberOf(tool, "name"))->toStdString(), {{"region", "x"}});
    return {};
}

Result<> useEverything(Driver &driver)
{
    if (const auto called = callOne(driver, "test_headers"); !called)
        return called;
    const auto resources = driver.request("resources/list");
    const auto prompts = driver.request("prompts/list");
    if (!resources || !prompts)
        return failure(resources ? prompts.error() : resources.error());
    if (const auto read = driver.request("resources/read", {{"uri", resources->at("resources").at(0).at("uri")}}); !read)
        return failure(read.error());
    return onlyIf(driver.request("prompts/get", {{"name", prompts->at("prompts").at(0).at("name")}}));
}

Result<> sendSchemaBack(Driver &driver)
{
    const auto tools = driver.tools();
    if (!tools)
        return failure(tools.error());
    for (const RawJson &tool : *tools)
        if (textOf(memberOf(tool, "name")) != QStringLiteral("json_schema_echo"))
            if (const auto called = driver.call("json_schema_echo", {{"schema", *parseJson(memberOf(tool, "inputSchema").view())}});
                !called)
                return failure(called.error());
    return {};
}

// As a person would: try, sign in when the server wants it, try again, and see that it is enough at some time.
Result<> callSignedIn(Driver &driver, const Json &context)
{
    constexpr int maximumSignIns = 3;
    const std::string secret = stringAt(context, "client_secret", {}).toStdString();
    Result<> done = failure(Error::Kind::Unauthorized, QString());
    for (int signIns = 0; signIns < maximumSignIns; ++signIns) {
        if (const auto signedIn = driver.signIn(secret); !signedIn)
            return signedIn;
        const auto connected = driver.connect();
        done = connected ? callOne(driver, "test-tool") : connected;
        if (done || !driver.wantsSignIn())
            break;
    }
    return done;
}

Result<> run(const QByteArray &scenario, Driver &driver, const Json &context)
{
    if (scenario.startsWith("auth/"))
        return callSignedIn(driver, context);
    if (const auto connected = driver.connect(); !connected)
        return connected;
    if (scenario == "tools_call")
        return callOne(driver, "add_numbers", {{"a", 2}, {"b", 3}});
    if (scenario == "elicitation-sep1034-client-defaults")
        return callOne(driver, "test_client_elicitation_defaults");
    if (scenario == "sse-retry")
        return callOne(driver, "test_reconnection");
    if (scenario == "sep-2322-client-request-state")
        return askTwiceAndSomethingElse(driver);
    if (scenario == "http-custom-headers")
        return callAsTold(driver, context);
    if (scenario == "http-invalid-tool-headers")
        return callAll(driver);
    if (scenario == "http-standard-headers")
        return useEverything(driver);
    if (scenario == "json-schema-2020-12-preservation")
        return sendSchemaBack(driver);
    return listTools(driver);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc < 2)
        return 64;
    const QByteArray scenario = qgetenv("MCP_CONFORMANCE_SCENARIO"), context = qgetenv("MCP_CONFORMANCE_CONTEXT");
    const Json values = parseJson(context.toStdString()).value_or(Json());
    HttpAuth auth;
    if (scenario.startsWith("auth/")) {
        auth.kind = HttpAuth::Kind::OAuth;
        auth.clientId = stringAt(values, "client_id", {});
        auth.clientDocument = QStringLiteral("https://conformance-test.local/client-metadata.json"); // which the suite knows
    }
    Driver driver(QString::fromLocal8Bit(argv[argc - 1]), auth);
    const auto done = run(scenario, driver, values);
    if (!done)
        std::fprintf(stderr, "%s: %s\n", scenario.constData(), qPrintable(done.error().message));
    return done ? 0 : 1;
}
