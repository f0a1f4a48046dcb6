// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "RecordingServer.h"
#include <arpa/inet.h>
#include <cctype>
#include <cstdlib>
#include <poll.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace {

std::string valueAfter(const std::string &text, const std::string &key)
{
    const size_t at = text.find(key);
    if (at == std::string::npos)
        return {};
    size_t to = at + key.size();
    while (to < text.size() && text[to] != ',' && text[to] != '}')
        ++to;
    return text.substr(at + key.size(), to - at - key.size());
}

std::string httpAnswer(const std::string &body)
{
    if (body.empty())
        return "HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

std::string tool(const std::string &name)
{
    return R"({"name":")" + name + R"(","description":"For walking","inputSchema":{"type":"object"}})";
}

} // namespace

RecordingServer::RecordingServer() : m_listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(m_listener, 64) != 0
        || ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
        std::abort();
    m_port = ntohs(address.sin_port);
    m_thread = std::thread([this] { run(); });
}

RecordingServer::~RecordingServer()
{
    m_ends = true;
    m_thread.join();
    ::close(m_listener);
}

std::string RecordingServer::url() const
{
    return "http://127.0.0.1:" + std::to_string(m_port) + "/mcp";
}

std::vector<std::string> RecordingServer::requests() const
{
    const std::lock_guard lock(m_guard);
    return m_requests;
}

void RecordingServer::forget()
{
    const std::lock_guard lock(m_guard);
    m_requests.clear();
}

void RecordingServer::run()
{
    std::vector<Connection> connections;
    while (!m_ends) {
        std::vector<pollfd> waiting{{m_listener, POLLIN, 0}};
        for (const Connection &connection : connections)
            waiting.push_back({connection.fd, POLLIN, 0});
        ::poll(waiting.data(), nfds_t(waiting.size()), 50);
        for (size_t i = connections.size(); i > 0; --i) {
            Connection &connection = connections[i - 1];
            bool open = true;
            if (waiting[i].revents != 0) {
                char buffer[65536];
                const ssize_t n = ::recv(connection.fd, buffer, sizeof buffer, 0);
                open = n > 0;
                connection.in.append(buffer, size_t(std::max<ssize_t>(n, 0)));
            }
            while (open && take(connection)) {}
            if (!open) {
                ::close(connection.fd);
                connections.erase(connections.begin() + ptrdiff_t(i) - 1);
            }
        }
        if (waiting[0].revents != 0)
            if (const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_CLOEXEC); fd >= 0)
                connections.push_back({fd, {}, false});
    }
    for (const Connection &connection : connections)
        ::close(connection.fd);
}

// Answers one whole request of what has come; false when there is none that may be answered now.
bool RecordingServer::take(Connection &connection)
{
    const size_t end = connection.in.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    size_t length = 0;
    for (size_t at = connection.in.find("\r\n"); at < end; at = connection.in.find("\r\n", at + 2))
        if (::strncasecmp(connection.in.c_str() + at + 2, "content-length:", 15) == 0)
            length = std::strtoul(connection.in.c_str() + at + 17, nullptr, 10);
    if (connection.in.size() < end + 4 + length)
        return false;
    const std::string request = connection.in.substr(0, end + 4 + length);
    if (!std::exchange(connection.recorded, true)) {
        const std::lock_guard lock(m_guard);
        m_requests.push_back(request);
    }
    if (holdsCalls && request.find("\"tools/call\"") != std::string::npos)
        return false;
    const bool isPost = request.compare(0, 5, "POST ") == 0;
    const std::string answer = isPost ? httpAnswer(answerTo(request.substr(end + 4)))
                                      : std::string("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n");
    connection.in.erase(0, request.size());
    connection.recorded = false;
    return ::send(connection.fd, answer.data(), answer.size(), MSG_NOSIGNAL) == ssize_t(answer.size());
}

std::string RecordingServer::answerTo(const std::string &request)
{
    const std::string id = valueAfter(request, "\"id\":");
    if (id.empty())
        return {};
    const auto is = [&request](const char *method) {
        return request.find("\"method\":\"" + std::string(method) + '"') != std::string::npos;
    };
    std::string result = "{}";
    if (is("initialize"))
        result = R"({"protocolVersion":"2025-11-25","capabilities":{"tools":{},"resources":{"subscribe":true},"prompts":{},)"
                 R"("completions":{},"logging":{}},"serverInfo":{"name":"recorder","version":"1"}})";
    else if (is("server/discover"))
        return R"({"jsonrpc":"2.0","id":)" + id + R"(,"error":{"code":-32601,"message":"No such method"}})";
    else if (is("tools/list"))
        result = "{\"tools\":[" + tool("echo") + ',' + tool("refund") + "]}";
    else if (is("tools/call"))
        result = R"({"content":[{"type":"text","text":"done"}]})";
    else if (is("resources/read"))
        result = R"({"contents":[]})";
    else if (is("prompts/get"))
        result = R"({"messages":[]})";
    else if (is("completion/complete"))
        result = R"({"completion":{"values":[]}})";
    return R"({"jsonrpc":"2.0","id":)" + id + ",\"result\":" + result + '}';
}
