// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/AppLink.h"
#include "app/bridge/SocketPath.h"
#include <cerrno>
#include <cstring>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace app {

namespace {

const char *const notRunning = "Countersign is not running. Open it, then try again.";
const char *const notOurs = "Another user's program listens in place of Countersign. Nothing was sent to it.";

bool listenerIsOurUser(int socket)
{
    ucred peer{};
    socklen_t size = sizeof peer;
    return ::getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0 && peer.uid == ::geteuid();
}

int connectTo(const std::string &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return -1;
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    const int socket = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (socket < 0)
        return -1;
    if (::connect(socket, reinterpret_cast<const sockaddr *>(&address), sizeof address) == 0)
        return socket;
    ::close(socket);
    return -1;
}

} // namespace

Attempt connectToApp(const BridgeIdentity &identity)
{
    Attempt attempt{-1, notRunning, true};
    for (const std::string &path : socketPaths(identity.profile, "bridge.sock")) {
        const int socket = connectTo(path);
        if (socket < 0)
            continue;
        if (listenerIsOurUser(socket))
            return {socket, {}, false};
        ::close(socket);
        attempt = {-1, notOurs, false};
    }
    return attempt;
}

std::string greeting(const BridgeIdentity &identity)
{
    std::string line = "{\"bridge\":1,\"client\":\"" + identity.client + '"';
    if (!identity.connection.empty())
        line += ",\"connection\":\"" + identity.connection + "\",\"environment\":\"" + identity.environment + '"';
    return line + "}\n";
}

std::string messageOf(const std::string &refusal)
{
    const std::string key = "\"message\":";
    size_t from = refusal.find(key);
    if (from != std::string::npos) {
        from = refusal.find_first_not_of(' ', from + key.size());
        for (size_t to = from + 1; from != std::string::npos && refusal[from] == '"' && to < refusal.size(); ++to) {
            if (refusal[to] == '\\')
                ++to;
            else if (refusal[to] == '"')
                return refusal.substr(from, to + 1 - from);
        }
    }
    return "\"Countersign refused this client. Look at its window.\"";
}

} // namespace app
