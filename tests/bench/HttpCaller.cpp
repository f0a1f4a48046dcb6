// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "HttpCaller.h"
#include <arpa/inet.h>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdexcept>
#include <sys/socket.h>
#include <unistd.h>
#include <utility>

namespace bench {

namespace {

[[noreturn]] void stop(const std::string &why, const std::string &detail = {})
{
    throw std::runtime_error(why + ' ' + detail.substr(0, 600));
}

std::string field(const std::string &head, const char *lowerCaseName)
{
    const size_t length = std::strlen(lowerCaseName);
    for (size_t at = head.find("\r\n"); at != std::string::npos; at = head.find("\r\n", at + 2)) {
        if (::strncasecmp(head.c_str() + at + 2, lowerCaseName, length) != 0 || head[at + 2 + length] != ':')
            continue;
        size_t from = at + 3 + length;
        while (head[from] == ' ')
            ++from;
        return head.substr(from, head.find("\r\n", from) - from);
    }
    return {};
}

} // namespace

HttpCaller::HttpCaller(int port, std::string path, std::string token)
    : m_socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)),
      m_path(std::move(path)),
      m_token(std::move(token)),
      m_host("127.0.0.1:" + std::to_string(port))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(uint16_t(port));
    if (::connect(m_socket, reinterpret_cast<sockaddr *>(&address), sizeof address) != 0)
        stop("cannot connect to", m_host);
    const int one = 1;
    ::setsockopt(m_socket, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
}

HttpCaller::HttpCaller(HttpCaller &&other) noexcept
    : m_socket(std::exchange(other.m_socket, -1)),
      m_path(std::move(other.m_path)),
      m_token(std::move(other.m_token)),
      m_session(std::move(other.m_session)),
      m_host(std::move(other.m_host)),
      m_in(std::move(other.m_in)),
      m_body(std::move(other.m_body)),
      m_id(other.m_id)
{}

// The session ends with its caller: a client may have a thousand of them, and no more.
HttpCaller::~HttpCaller()
{
    if (m_socket < 0)
        return;
    if (!m_session.empty()) {
        const std::string text = "DELETE " + m_path + " HTTP/1.1\r\nHost: " + m_host + "\r\nAuthorization: Bearer " + m_token
                                 + "\r\nMcp-Session-Id: " + m_session + "\r\nContent-Length: 0\r\n\r\n";
        char answer[1024];
        if (::send(m_socket, text.data(), text.size(), MSG_NOSIGNAL) > 0)
            (void)!::recv(m_socket, answer, sizeof answer, 0); // it has ended then
    }
    ::close(m_socket);
}

void HttpCaller::initialize()
{
    const std::string answer =
        post(R"({"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},)"
             R"("clientInfo":{"name":"bench","version":"1"}}})");
    if (answer.find("\"result\"") == std::string::npos)
        stop("initialize failed:", answer);
    post(R"({"jsonrpc":"2.0","method":"notifications/initialized"})");
}

std::string HttpCaller::callMessage(const std::string &tool, const std::string &arguments)
{
    return R"({"jsonrpc":"2.0","id":)" + std::to_string(++m_id) + R"(,"method":"tools/call","params":{"name":")" + tool
           + R"(","arguments":)" + arguments + "}}";
}

std::string HttpCaller::post(const std::string &message)
{
    send(message);
    return receive();
}

void HttpCaller::send(const std::string &message)
{
    std::string text = "POST " + m_path + " HTTP/1.1\r\nHost: " + m_host
                       + "\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n";
    if (!m_token.empty())
        text += "Authorization: Bearer " + m_token + "\r\n";
    if (!m_session.empty())
        text += "Mcp-Session-Id: " + m_session + "\r\nMCP-Protocol-Version: 2025-11-25\r\n";
    text += "Content-Length: " + std::to_string(message.size()) + "\r\n\r\n" + message;
    for (size_t done = 0; done < text.size();) {
        const ssize_t n = ::send(m_socket, text.data() + done, text.size() - done, MSG_NOSIGNAL);
        if (n <= 0)
            stop("cannot send");
        done += size_t(n);
    }
}

std::string HttpCaller::receive()
{
    while (!complete()) {
        pollfd waiting{m_socket, POLLIN, 0};
        const int ready = ::poll(&waiting, 1, 30'000);
        if (ready < 0 && errno == EINTR)
            continue; // a child of the test ended: its signal may come to this thread
        if (ready != 1)
            stop("no answer within 30 s");
        poll();
    }
    return std::exchange(m_body, {});
}

bool HttpCaller::poll()
{
    static thread_local std::vector<char> buffer(1 << 20);
    const ssize_t n = ::recv(m_socket, buffer.data(), buffer.size(), MSG_DONTWAIT);
    if (n == 0)
        stop("the connection was closed:", m_in);
    if (n > 0)
        m_in.append(buffer.data(), size_t(n));
    return complete();
}

// Takes one whole answer from m_in into m_body.
bool HttpCaller::complete()
{
    if (!m_body.empty())
        return true;
    const size_t end = m_in.find("\r\n\r\n");
    if (end == std::string::npos)
        return false;
    const std::string head = m_in.substr(0, end + 2);
    const int status = std::atoi(head.c_str() + 9);
    if (status != 200 && status != 202)
        stop("refused:", m_in);
    std::string body;
    size_t next = end + 4;
    if (field(head, "transfer-encoding") == "chunked") {
        for (;;) {
            const size_t line = m_in.find("\r\n", next);
            if (line == std::string::npos)
                return false;
            const size_t length = std::strtoul(m_in.c_str() + next, nullptr, 16);
            if (m_in.size() < line + 2 + length + 2)
                return false;
            body.append(m_in, line + 2, length);
            next = line + 2 + length + 2;
            if (length == 0)
                break;
        }
    } else {
        const size_t length = std::strtoul(field(head, "content-length").c_str(), nullptr, 10);
        if (m_in.size() < next + length)
            return false;
        body = m_in.substr(next, length);
        next += length;
    }
    if (const std::string session = field(head, "mcp-session-id"); !session.empty())
        m_session = session;
    m_in.erase(0, next);
    if (status == 200 && body.find("\"isError\":true") != std::string::npos)
        stop("a call was not done:", body);
    m_body = body.empty() ? std::string("\n") : std::move(body);
    return true;
}

} // namespace bench
