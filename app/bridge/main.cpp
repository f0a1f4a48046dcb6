// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/Relay.h"
#include "app/bridge/SocketPath.h"
#include <csignal>
#include <cstdio>
#include <cstring>

namespace {

int explainUsage(const char *problem)
{
    std::fprintf(stderr,
                 "countersign-bridge: %s\n"
                 "Usage: countersign-bridge --client ID [--profile DIR] [--connection ID --environment ID]\n",
                 problem);
    return 64;
}

// ^[a-z][a-z0-9-]{0,19}$
bool isId(const std::string &text)
{
    if (text.empty() || text.size() > 20 || text[0] < 'a' || text[0] > 'z')
        return false;
    for (const char c : text) {
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '-')
            return false;
    }
    return true;
}

} // namespace

int main(int argc, char **argv)
{
    app::BridgeIdentity identity;
    const struct {
        const char *name;
        std::string &value;
    } options[] = {{"--profile", identity.profile},
                   {"--client", identity.client},
                   {"--connection", identity.connection},
                   {"--environment", identity.environment}};
    for (int i = 1; i < argc; i += 2) {
        bool known = false;
        for (const auto &option : options) {
            if (std::strcmp(argv[i], option.name) == 0 && i + 1 < argc) {
                option.value = argv[i + 1];
                known = true;
            }
        }
        if (!known)
            return explainUsage("an option is unknown or has no value.");
    }
    if (!isId(identity.client))
        return explainUsage("--client needs the id of a client: a-z, 0-9 and -, at most 20 characters.");
    if (identity.connection.empty() != identity.environment.empty())
        return explainUsage("--connection and --environment go together.");
    if (!identity.connection.empty() && (!isId(identity.connection) || !isId(identity.environment)))
        return explainUsage("--connection and --environment need ids: a-z, 0-9 and -, at most 20 characters.");
    if (identity.profile.empty())
        identity.profile = app::standardProfile();
    std::signal(SIGPIPE, SIG_IGN);
    return app::Relay(std::move(identity), 0, 1).run();
}
