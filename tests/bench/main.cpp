// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Measures the rows of the design's speed table that exist so far: direct and through Countersign, interleaved in one run,
// reported as ratios. Usage: countersign-bench [--rounds N] [--profile FOLDER]; FOLDER on a memory file system by default.
#include "Floor.h"
#include "HttpCaller.h"
#include "McpServer.h"
#include "Processes.h"
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <netinet/in.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace bench;

namespace {

using Clock = std::chrono::steady_clock;

double microseconds(Clock::duration span)
{
    return std::chrono::duration<double, std::micro>(span).count();
}

double timed(HttpCaller &caller, const std::string &tool)
{
    const std::string message = caller.callMessage(tool);
    const auto begin = Clock::now();
    caller.post(message);
    return microseconds(Clock::now() - begin);
}

// Calls over all connections at once until `calls` are answered; answers with the calls per second.
double throughput(std::vector<HttpCaller> &callers, const std::string &tool, int calls)
{
    int sent = 0, answered = 0;
    const auto begin = Clock::now();
    for (HttpCaller &caller : callers)
        if (sent++ < calls)
            caller.send(caller.callMessage(tool));
    while (answered < calls)
        for (HttpCaller &caller : callers) {
            if (!caller.poll())
                continue;
            caller.receive();
            ++answered;
            if (sent < calls) {
                ++sent;
                caller.send(caller.callMessage(tool));
            }
        }
    return calls / (microseconds(Clock::now() - begin) / 1e6);
}

void row(const char *what, const char *format, double value, double worst, double aim)
{
    char text[64];
    std::snprintf(text, sizeof text, format, value);
    std::printf("%-62s %12s   never worse than %-8g aim %g\n", what, text, worst, aim);
}

struct Set {
    std::string bin, profile;
    int rounds;
    int upstreamPort = 0;
    int floorPort = 0;
    pid_t floor = 0;
};

// A server in a process of its own, which answers on the port it tells.
template <typename Serve> pid_t forked(Serve serve, int &portOut)
{
    int ready[2];
    if (::pipe(ready) != 0)
        std::exit(1);
    const pid_t server = ::fork();
    if (server == 0)
        serve(ready[1]);
    ::close(ready[1]);
    char port[16] = {};
    if (::read(ready[0], port, sizeof port - 1) <= 0)
        std::exit(1);
    ::close(ready[0]);
    portOut = std::atoi(port);
    return server;
}

std::string ctl(const Set &set)
{
    return set.bin + "/countersignctl";
}

// A profile with the HTTP and the stdio connection, one client and a rule that allows what the client calls.
std::string prepare(const Set &set, const std::string &self)
{
    const std::vector<std::string> base{ctl(set), "--json", "--profile", set.profile};
    const auto command = [&](std::vector<std::string> words, const std::string &input = {}) {
        std::vector<std::string> all = base;
        all.insert(all.end(), words.begin(), words.end());
        return run(all, input);
    };
    command({"connection", "add", "direct", "--url", "http://127.0.0.1:" + std::to_string(set.upstreamPort) + "/mcp"});
    command({"connection", "add", "local", "--stdio", "--", self, "--serve-stdio"});
    command({"connection", "trust", "direct", "sandbox", "--all"});
    command({"connection", "trust", "local", "sandbox", "--all"});
    const std::string rule = set.profile + "/rule.json";
    if (FILE *file = std::fopen(rule.c_str(), "w")) {
        std::fputs(R"({"effect":"allow","environment":"sandbox"})", file);
        std::fclose(file);
    }
    command({"rule", "add", "--json-file", rule});
    return member(command({"client", "add", "Bench"}), "token");
}

int portOf(const std::string &ready)
{
    const std::string url = member(ready, "url");
    return std::atoi(url.c_str() + url.rfind(':') + 1);
}

void measureCalls(const Set &set, Process &gateway, int port, const std::string &token)
{
    HttpCaller direct(set.upstreamPort, "/mcp", {});
    HttpCaller through(port, "/mcp", token);
    HttpCaller floor(set.floorPort, "/mcp", {});
    direct.initialize();
    through.initialize();
    floor.initialize();
    std::vector<double> directTimes, floorTimes, throughTimes, stdioTimes, bigDirect, bigThrough;
    for (int i = 0; i < 50; ++i) {
        timed(direct, "echo");
        timed(through, "direct__echo");
        timed(through, "local__echo");
    }
    for (int i = 0; i < set.rounds; ++i) {
        directTimes.push_back(timed(direct, "echo"));
        floorTimes.push_back(timed(floor, "direct__echo"));
        throughTimes.push_back(timed(through, "direct__echo"));
        stdioTimes.push_back(timed(through, "local__echo"));
    }
    const long cpuBefore = gateway.cpuMicroseconds();
    for (int i = 0; i < set.rounds / 10; ++i) {
        bigDirect.push_back(timed(direct, "big"));
        bigThrough.push_back(timed(through, "direct__big"));
    }
    const double bigCpu = double(gateway.cpuMicroseconds() - cpuBefore) / bigThrough.size() / 1000;
    std::printf("call p50: direct %.0f us, through the floor %.0f us, through Countersign %.0f us\n", median(directTimes),
                median(floorTimes), median(throughTimes));
    row("allowed call, HTTP to HTTP, p50 against direct", "%.2f x", median(throughTimes) / median(directTimes), 6, 3);

    Process pipe({std::filesystem::read_symlink("/proc/self/exe"), "--serve-stdio"});
    std::vector<double> pipeTimes;
    for (int i = 0; i < set.rounds; ++i) {
        const auto begin = Clock::now();
        pipe.writeLine(direct.callMessage("echo"));
        pipe.readLine();
        pipeTimes.push_back(microseconds(Clock::now() - begin));
    }
    row("HTTP to stdio, p50 against a direct HTTP call", "%.2f x", median(stdioTimes) / median(directTimes), 5, 2.5);
    row("1 MiB result, p50 against direct", "%.2f x", median(bigThrough) / median(bigDirect), 6, 2.5);
    row("1 MiB result, CPU of the gateway", "%.2f ms", bigCpu, 1.5, 0.6);
    std::printf("(direct stdio call p50 %.0f us)\n", median(pipeTimes));
}

std::vector<HttpCaller> connections(int count, int port, const std::string &token)
{
    std::vector<HttpCaller> callers;
    for (int i = 0; i < count; ++i) {
        callers.emplace_back(port, "/mcp", token);
        callers.back().initialize();
    }
    return callers;
}

void measureParallel(const Set &set, Process &gateway, int port, const std::string &token)
{
    auto direct = connections(64, set.upstreamPort, {});
    auto floor = connections(64, set.floorPort, {});
    auto through = connections(64, port, token);
    throughput(through, "direct__echo", 500);
    const long floorBefore = cpuMicrosecondsOf(set.floor);
    const double floorRate = throughput(floor, "direct__echo", set.rounds * 10);
    const double floorCpu = double(cpuMicrosecondsOf(set.floor) - floorBefore) / (set.rounds * 10);
    const double directRate = throughput(direct, "echo", set.rounds * 10);
    const long cpuBefore = gateway.cpuMicroseconds(), logBefore = gateway.threadMicroseconds("log");
    const double throughRate = throughput(through, "direct__echo", set.rounds * 10);
    const double cpu = double(gateway.cpuMicroseconds() - cpuBefore) / (set.rounds * 10);
    const double log = double(gateway.threadMicroseconds("log") - logBefore) / (set.rounds * 10);
    row("throughput at 64 in parallel, against direct", "%.3f x", throughRate / directRate, 0.15, 0.33);
    row("CPU of a call at 64 in parallel, against the floor", "%.1f x", cpu / floorCpu, 5, 2);
    std::printf("(CPU of a call: %.1f us, of the floor %.1f us; throughput of the floor against direct: %.3f x)\n", cpu, floorCpu,
                floorRate / directRate);
    row("log: CPU of a call, its thread", "%.1f us", log, 25, 10);
    const auto span = [](std::vector<HttpCaller> &callers, const char *tool) { return 64 / throughput(callers, tool, 64); };
    const double slowDirect = span(direct, "slow");
    row("64 parallel calls of 50 ms each", "%.3f x", span(through, "direct__slow") / slowDirect, 1.1, 1.04);
}

void measureSessions(const Set &set, int port, const std::string &token)
{
    const auto p50 = [&](HttpCaller &caller) {
        std::vector<double> times;
        for (int i = 0; i < set.rounds; ++i)
            times.push_back(timed(caller, "direct__echo"));
        return median(times);
    };
    auto few = connections(10, port, token);
    const double before = p50(few[0]);
    const auto many = connections(900, port, token);
    row("call p50 with 1,000 open sessions against 76", "%.2f x", p50(few[0]) / before, 1.3, 1.05);
}

void measureStart(const Set &set, const std::string &token)
{
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
        const auto begin = Clock::now();
        Process gateway({ctl(set), "--profile", set.profile, "serve", "--port", "0"});
        HttpCaller caller(portOf(gateway.readLine()), "/mcp", token);
        caller.initialize();
        timed(caller, "direct__echo");
        times.push_back(microseconds(Clock::now() - begin) / 1000);
    }
    row("first call, headless, from the start of the program", "%.0f ms", median(times), 120, 45);
}

// What a program uses that has nothing to do, over five seconds after two.
void measureRestOf(const Process &program)
{
    ::sleep(2);
    const long cpu = program.cpuMicroseconds();
    const auto waits = program.waits();
    ::sleep(5);
    std::printf("(of it private: %.1f MB)\n", program.privateKib() / 1024.0);
    row("at rest: CPU a second", "%.2f ms", double(program.cpuMicroseconds() - cpu) / 5000, 1, 0.05);
    row("at rest: wake-ups a second", "%.1f", double(program.waitsSince(waits)) / 5, 2, 0.5);
}

void measureRest(const Set &set)
{
    Process gateway({ctl(set), "--profile", set.profile, "serve", "--port", "0"});
    gateway.readLine();
    row("memory at rest, headless (resident)", "%.1f MB", gateway.residentKib() / 1024.0, 30, 16);
    measureRestOf(gateway);
}

// A port that is free now: the app says nowhere which one it took.
int freePort()
{
    const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    if (::bind(socket, reinterpret_cast<sockaddr *>(&address), length) != 0
        || ::getsockname(socket, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        std::exit(1);
    ::close(socket);
    return ntohs(address.sin_port);
}

// Last: from then on the profile belongs to the app. Needs a display.
void measureWindow(const Set &set, const std::string &token)
{
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
        const int port = freePort();
        const auto begin = Clock::now();
        Process app({set.bin + "/countersign", "--profile", set.profile, "--port", std::to_string(port)});
        for (bool answered = false; !answered && microseconds(Clock::now() - begin) < 10e6;) {
            try {
                HttpCaller caller(port, "/mcp", token);
                caller.initialize();
                timed(caller, "direct__echo");
                answered = true;
            } catch (const std::exception &) {
                ::poll(nullptr, 0, 1); // it does not listen yet
            }
        }
        times.push_back(microseconds(Clock::now() - begin) / 1000);
        if (i < 4)
            continue;
        ::sleep(1);
        row("first call, with window, from the start of the program", "%.0f ms", median(times), 250, 100);
        row("memory at rest, with window (resident)", "%.1f MB", app.residentKib() / 1024.0, 70, 45);
        measureRestOf(app);
    }
}

// As many rows as in years: each call leaves four.
void measureLog(const Set &set, int port, const std::string &token)
{
    auto callers = connections(64, port, token);
    std::vector<double> times;
    const auto p50 = [&] {
        times.clear();
        for (int i = 0; i < set.rounds; ++i)
            times.push_back(timed(callers[0], "direct__echo"));
        return median(times);
    };
    const double before = p50();
    throughput(callers, "direct__echo", 250'000);
    row("call p50 with a million rows more in the log", "%.2f x", p50() / before, 1.3, 1.05);
    times.clear();
    for (int i = 0; i < 20; ++i) {
        const auto begin = Clock::now();
        run({ctl(set), "--json", "--profile", set.profile, "log", "list", "--limit", "50"});
        times.push_back(microseconds(Clock::now() - begin) / 1000);
    }
    row("newest page of them, with the start of countersignctl", "%.1f ms", median(times), 20, 1);
}

// From the start of the program to one list of all tools of 50 connections.
void measureUpstreams(Set set)
{
    constexpr int count = 50;
    set.profile += "-many";
    std::filesystem::create_directory(set.profile);
    ::chmod(set.profile.c_str(), 0700);
    const std::vector<std::string> base{ctl(set), "--json", "--profile", set.profile};
    const auto command = [&](std::vector<std::string> words) {
        words.insert(words.begin(), base.begin(), base.end());
        return run(words);
    };
    for (int i = 0; i < count; ++i) {
        const std::string id = "many-" + std::to_string(i);
        command({"connection", "add", id, "--url", "http://127.0.0.1:" + std::to_string(set.upstreamPort) + "/mcp"});
        command({"connection", "trust", id, "sandbox", "--all"});
    }
    const std::string token = member(command({"client", "add", "Bench"}), "token");
    std::vector<double> times;
    for (int i = 0; i < 5; ++i) {
        const auto begin = Clock::now();
        Process gateway({ctl(set), "--profile", set.profile, "serve", "--port", "0"});
        HttpCaller caller(portOf(gateway.readLine()), "/mcp", token);
        caller.initialize();
        const std::string list = caller.post(R"({"jsonrpc":"2.0","id":7,"method":"tools/list"})");
        times.push_back(microseconds(Clock::now() - begin) / 1000);
        int listed = 0;
        for (size_t at = list.find("\"inputSchema\""); at != std::string::npos; at = list.find("\"inputSchema\"", at + 1))
            ++listed;
        if (listed != count * kTools)
            throw std::runtime_error("not all tools are listed: " + std::to_string(listed));
    }
    std::filesystem::remove_all(set.profile);
    row("50 upstreams x 20 tools, start to the full list", "%.0f ms", median(times), 250, 80);
}

void measureBridge(const Set &set, const std::string &client)
{
    Process gateway({ctl(set), "--profile", set.profile, "serve", "--port", "0"});
    gateway.readLine();
    std::vector<double> times;
    long memory = 0;
    for (int i = 0; i < 11; ++i) {
        const auto begin = Clock::now();
        Process bridge({set.bin + "/countersign-bridge", "--profile", set.profile, "--client", client});
        bridge.writeLine(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},)"
                         R"("clientInfo":{"name":"bench","version":"1"}}})");
        bridge.readLine();
        bridge.writeLine(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
        bridge.writeLine(R"({"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"direct__echo","arguments":{}}})");
        const std::string answer = bridge.readLine();
        if (answer.find("done") == std::string::npos) {
            std::fprintf(stderr, "bench: the bridge answered %s\n", answer.c_str());
            std::exit(1);
        }
        times.push_back(microseconds(Clock::now() - begin) / 1000);
        memory = bridge.residentKib();
    }
    row("bridge: start to the answer of its first call", "%.1f ms", median(times), 40, 8);
    row("bridge: memory at rest (resident)", "%.2f MB", memory / 1024.0, 5, 1.5);
}

} // namespace

int main(int argc, char **argv)
{
    std::setvbuf(stdout, nullptr, _IOLBF, 0);
    const std::string self = std::filesystem::read_symlink("/proc/self/exe");
    Set set{std::filesystem::path(self).parent_path(), {}, 1000, 0};
    for (int i = 1; i < argc; ++i) {
        if (!std::strcmp(argv[i], "--serve-stdio"))
            serveStdio();
        if (!std::strcmp(argv[i], "--rounds") && i + 1 < argc)
            set.rounds = std::max(10, std::atoi(argv[++i]));
        else if (!std::strcmp(argv[i], "--profile") && i + 1 < argc)
            set.profile = argv[++i];
    }
    std::string made = std::filesystem::is_directory("/dev/shm") ? "/dev/shm/countersign-bench-XXXXXX" : "/tmp/countersign-bench-XXXXXX";
    if (set.profile.empty())
        set.profile = ::mkdtemp(made.data());
    const pid_t server = forked(serveHttp, set.upstreamPort);
    set.floor = forked([&](int readyDescriptor) { serveFloor(set.upstreamPort, readyDescriptor); }, set.floorPort);
    const std::string token = prepare(set, self);
    std::printf("profile in %s, %d rounds\n", set.profile.c_str(), set.rounds);
    {
        Process gateway({ctl(set), "--profile", set.profile, "serve", "--port", "0"});
        const int gatewayPort = portOf(gateway.readLine());
        measureCalls(set, gateway, gatewayPort, token);
        measureParallel(set, gateway, gatewayPort, token);
        measureSessions(set, gatewayPort, token);
        if (set.rounds >= 1000)
            measureLog(set, gatewayPort, token);
    }
    measureStart(set, token);
    measureRest(set);
    measureUpstreams(set);
    measureBridge(set, "bench");
    if (std::getenv("DISPLAY"))
        measureWindow(set, token);
    else
        std::puts("There is no display: nothing measured with a window.");
    ::kill(set.floor, SIGTERM);
    ::kill(server, SIGTERM);
    ::waitpid(server, nullptr, 0);
    if (set.profile == made)
        std::filesystem::remove_all(made);
    return 0;
}
