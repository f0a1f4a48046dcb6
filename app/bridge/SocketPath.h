// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <climits>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <unistd.h>
#include <vector>

namespace app {

// Where the profile is when nobody says: $XDG_DATA_HOME/countersign, else ~/.local/share/countersign. Clients start us with
// few variables (often no XDG_*), so their configurations name a profile that is not at ~/.local/share.
inline std::string standardProfile()
{
    const char *data = std::getenv("XDG_DATA_HOME");
    if (data && data[0] == '/')
        return std::string(data) + "/countersign";
    const char *home = std::getenv("HOME");
    return home && home[0] == '/' ? std::string(home) + "/.local/share/countersign" : std::string();
}

// The names the app may have given the socket `name` of a profile, likeliest first; mcpcore/server/SocketPath.h is the
// other side (tst_SocketPath holds them together). With P = the profile's folder without symbolic links:
//   P/name if that has at most 100 bytes, else <folder>/countersign-<FNV-1a of P, 64 bits, 16 hex digits>-name,
//   where folder is $XDG_RUNTIME_DIR if absolute, else /tmp.
// We may lack the app's XDG_RUNTIME_DIR, so its usual value is tried too. Who listens must be our own user (AppLink).
inline std::vector<std::string> socketPaths(const std::string &profile, const std::string &name)
{
    constexpr size_t longest = 100;
    char canonical[PATH_MAX];
    if (!::realpath(profile.c_str(), canonical))
        return {};
    const std::string folder = canonical;
    if (folder.size() + 1 + name.size() <= longest)
        return {folder + '/' + name};

    std::uint64_t hash = 14695981039346656037u;
    for (const char c : folder)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    const std::string file = std::string("/countersign-") + text + '-' + name;

    std::vector<std::string> paths;
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime && runtime[0] == '/')
        paths.push_back(runtime + file);
    paths.push_back("/run/user/" + std::to_string(::getuid()) + file);
    paths.push_back("/tmp" + file);
    return paths;
}

} // namespace app
