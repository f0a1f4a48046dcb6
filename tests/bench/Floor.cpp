// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "Floor.h"
#include <arpa/inet.h>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <map>
#include <netinet/tcp.h>
#include <string>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

namespace bench {

namespace {

// One end of a pair: what came in and is not whole yet, what waits to go out, and the other end.
struct End {
    int other = -1;
    bool isClient = false;
    std::string in, out;
};

sockaddr_in loopback(int port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(uint16_t(port));
    return address;
}

// The size of the first whole message in `text`, 0 while there is none. Our own programs always say Content-Length.
size_t wholeMessage(const std::string &text, size_t &head)
{
    const size_t end = text.find("\r\n\r\n");
    if (end == std::string::npos)
        return 0;
    head = end + 4;
    const size_t at = text.find("Content-Length: ");
    const size_t length = at < end ? std::strtoul(text.c_str() + at + 16, nullptr, 10) : 0;
    return text.size() < head + length ? 0 : head + length;
}

// "direct__echo" is the upstream's "echo": the head is made anew, because the length is another one.
std::string forwarded(const std::string &body)
{
    std::string renamed = body;
    if (const size_t at = renamed.find("\"direct__"); at != std::string::npos)
        renamed.erase(at + 1, 8);
    return "POST /mcp HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\n"
           "Content-Length: "
           + std::to_string(renamed.size()) + "\r\n\r\n" + renamed;
}

class Floor
{
public:
    explicit Floor(int upstreamPort) : m_upstreamPort(upstreamPort), m_epoll(::epoll_create1(EPOLL_CLOEXEC)), m_buffer(1 << 20) {}

    int listen()
    {
        m_listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in address = loopback(0);
        socklen_t size = sizeof address;
        if (::bind(m_listener, reinterpret_cast<sockaddr *>(&address), size) != 0 || ::listen(m_listener, 4096) != 0
            || ::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &size) != 0)
            std::exit(1);
        watch(m_listener, EPOLLIN);
        return ntohs(address.sin_port);
    }
    [[noreturn]] void run()
    {
        for (;;) {
            epoll_event events[256];
            const int count = ::epoll_wait(m_epoll, events, 256, -1);
            for (int i = 0; i < count; ++i) {
                if (events[i].data.fd == m_listener)
                    accept();
                else
                    move(events[i].data.fd);
            }
        }
    }

private:
    void watch(int fd, uint32_t what)
    {
        epoll_event event{what, {.fd = fd}};
        ::epoll_ctl(m_epoll, EPOLL_CTL_ADD, fd, &event);
    }
    void accept()
    {
        int client;
        while ((client = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
            const int upstream = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
            const sockaddr_in address = loopback(m_upstreamPort);
            if (::connect(upstream, reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0)
                std::exit(1);
            const int one = 1;
            for (const int fd : {client, upstream}) {
                ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
                m_ends[fd].other = fd == client ? upstream : client;
                m_ends[fd].isClient = fd == client;
                watch(fd, EPOLLIN | EPOLLOUT | EPOLLET);
            }
        }
    }
    void move(int fd)
    {
        const auto end = m_ends.find(fd);
        if (end == m_ends.end())
            return; // its pair was closed in this turn
        send(fd, end->second);
        ssize_t n;
        while ((n = ::recv(fd, m_buffer.data(), m_buffer.size(), MSG_DONTWAIT)) > 0)
            end->second.in.append(m_buffer.data(), size_t(n));
        if (n == 0) {
            const int other = end->second.other;
            m_ends.erase(fd);
            m_ends.erase(other);
            ::close(fd);
            ::close(other);
            return;
        }
        End &here = end->second, &there = m_ends[here.other];
        size_t head = 0;
        while (const size_t size = wholeMessage(here.in, head)) {
            there.out += here.isClient ? forwarded(here.in.substr(head, size - head)) : here.in.substr(0, size);
            here.in.erase(0, size);
        }
        send(here.other, there);
    }
    static void send(int fd, End &end)
    {
        while (!end.out.empty()) {
            const ssize_t n = ::send(fd, end.out.data(), end.out.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
            if (n <= 0)
                return;
            end.out.erase(0, size_t(n));
        }
    }

    const int m_upstreamPort;
    const int m_epoll;
    int m_listener = -1;
    std::map<int, End> m_ends;
    std::vector<char> m_buffer;
};

} // namespace

void serveFloor(int upstreamPort, int readyDescriptor)
{
    std::signal(SIGPIPE, SIG_IGN);
    Floor floor(upstreamPort);
    const std::string port = std::to_string(floor.listen());
    if (::write(readyDescriptor, port.data(), port.size()) != ssize_t(port.size()))
        std::exit(1);
    ::close(readyDescriptor);
    floor.run();
}

} // namespace bench
