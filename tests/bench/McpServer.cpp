// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "McpServer.h"
#include <arpa/inet.h>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

using Clock = std::chrono::steady_clock;

// The value of a top-level "id" in what our own programs send: an integer or a string without escapes.
std::string idOf(const std::string &message)
{
    const size_t at = message.find("\"id\":");
    if (at == std::string::npos)
        return {};
    size_t from = at + 5, to = from;
    if (message[from] == '"')
        to = message.find('"', from + 1) + 1;
    else
        while (to < message.size() && (std::isdigit(uint8_t(message[to])) || message[to] == '-'))
            ++to;
    return message.substr(from, to - from);
}

struct Answer {
    std::string body; // empty = a notification, nothing to say
    bool slow = false;
};

Answer answerTo(const std::string &message)
{
    static const std::string big(1024 * 1024, 'x');
    static const std::string named[] = {"echo", "big", "slow"};
    const std::string id = idOf(message);
    if (id.empty())
        return {};
    const std::string head = "{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"result\":";
    if (message.find("\"method\":\"initialize\"") != std::string::npos)
        return {head + R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"bench","version":"1"}}})"};
    if (message.find("\"method\":\"tools/list\"") != std::string::npos) {
        std::string tools;
        for (int i = 0; i < kTools; ++i)
            tools += (tools.empty() ? "" : ",") + std::string(R"({"name":")") + (i < 3 ? named[i] : "tool_" + std::to_string(i))
                     + R"(","description":"For measuring","inputSchema":{"type":"object"}})";
        return {head + "{\"tools\":[" + tools + "]}}"};
    }
    if (message.find("\"name\":\"big\"") != std::string::npos)
        return {head + R"({"content":[{"type":"text","text":")" + big + "\"}]}}"};
    const bool slow = message.find("\"name\":\"slow\"") != std::string::npos;
    return {head + R"({"content":[{"type":"text","text":"done"}]}})", slow};
}

struct Connection {
    std::string in, out;
};

void send(int fd, Connection &connection)
{
    while (!connection.out.empty()) {
        const ssize_t n = ::send(fd, connection.out.data(), connection.out.size(), MSG_NOSIGNAL);
        if (n <= 0)
            return;
        connection.out.erase(0, size_t(n));
    }
}

std::string httpAnswer(const std::string &body)
{
    if (body.empty())
        return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

// Takes whole requests out of `connection.in`; false when the peer asks for something else than POST.
bool takeRequests(Connection &connection, int fd, std::multimap<Clock::time_point, std::pair<int, std::string>> &later)
{
    for (;;) {
        const size_t end = connection.in.find("\r\n\r\n");
        if (end == std::string::npos)
            return true;
        if (connection.in.compare(0, 5, "POST ") != 0) {
            connection.out += "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n";
            connection.in.erase(0, end + 4);
            send(fd, connection);
            continue;
        }
        size_t length = 0;
        for (const char *name : {"Content-Length: ", "content-length: "})
            if (const size_t at = connection.in.find(name); at != std::string::npos && at < end)
                length = std::strtoul(connection.in.c_str() + at + std::strlen(name), nullptr, 10);
        if (connection.in.size() < end + 4 + length)
            return true;
        const Answer answer = answerTo(connection.in.substr(end + 4, length));
        connection.in.erase(0, end + 4 + length);
        if (answer.slow)
            later.emplace(Clock::now() + std::chrono::milliseconds(50), std::pair(fd, httpAnswer(answer.body)));
        else
            connection.out += httpAnswer(answer.body);
        send(fd, connection);
    }
}

} // namespace

void serveHttp(int readyDescriptor)
{
    std::signal(SIGPIPE, SIG_IGN);
    const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(listener, 4096) != 0
        || ::getsockname(listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        std::exit(1);
    const std::string port = std::to_string(ntohs(address.sin_port));
    if (::write(readyDescriptor, port.data(), port.size()) != ssize_t(port.size()))
        std::exit(1);
    ::close(readyDescriptor);

    const int epoll = ::epoll_create1(EPOLL_CLOEXEC);
    epoll_event event{EPOLLIN, {.fd = listener}};
    ::epoll_ctl(epoll, EPOLL_CTL_ADD, listener, &event);
    std::map<int, Connection> connections;
    std::multimap<Clock::time_point, std::pair<int, std::string>> later;
    std::vector<char> buffer(1 << 20);
    for (;;) {
        int wait = -1;
        if (!later.empty())
            wait = std::max(0, int(std::chrono::ceil<std::chrono::milliseconds>(later.begin()->first - Clock::now()).count()));
        epoll_event events[256];
        const int count = ::epoll_wait(epoll, events, 256, wait);
        for (int i = 0; i < count; ++i) {
            const int fd = events[i].data.fd;
            if (fd == listener) {
                int peer;
                while ((peer = ::accept4(listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
                    const int one = 1;
                    ::setsockopt(peer, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                    epoll_event added{EPOLLIN | EPOLLOUT | EPOLLET, {.fd = peer}};
                    ::epoll_ctl(epoll, EPOLL_CTL_ADD, peer, &added);
                    connections[peer];
                }
                continue;
            }
            Connection &connection = connections[fd];
            ssize_t n;
            while ((n = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0)
                connection.in.append(buffer.data(), size_t(n));
            const bool open = n < 0 && takeRequests(connection, fd, later);
            send(fd, connection);
            if (!open) {
                ::close(fd);
                connections.erase(fd);
            }
        }
        while (!later.empty() && later.begin()->first <= Clock::now()) {
            const auto [fd, text] = later.begin()->second;
            later.erase(later.begin());
            if (const auto found = connections.find(fd); found != connections.end()) {
                found->second.out += text;
                send(fd, found->second);
            }
        }
    }
}

void serveStdio()
{
    std::string in;
    char buffer[65536];
    ssize_t n;
    while ((n = ::read(STDIN_FILENO, buffer, sizeof buffer)) > 0) {
        in.append(buffer, size_t(n));
        for (size_t end = in.find('\n'); end != std::string::npos; end = in.find('\n')) {
            const Answer answer = answerTo(in.substr(0, end));
            in.erase(0, end + 1);
            if (answer.body.empty())
                continue;
            const std::string line = answer.body + '\n';
            for (size_t done = 0; done < line.size();)
                done += size_t(std::max<ssize_t>(0, ::write(STDOUT_FILENO, line.data() + done, line.size() - done)));
        }
    }
    std::exit(0);
}

} // namespace bench
