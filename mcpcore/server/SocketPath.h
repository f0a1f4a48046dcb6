// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>

namespace mcpcore {

// Where a profile's socket is: `profile`/`name`, or, when that is too long for a socket address, a hashed name in the
// user's runtime folder. Without Qt, so that the bridge can use it. `profile` is absolute and clean.
inline std::string socketPathFor(const std::string &profile, const std::string &name)
{
    constexpr std::size_t longest = 100;
    const std::string path = profile + '/' + name;
    if (path.size() <= longest)
        return path;
    std::uint64_t hash = 14695981039346656037u; // FNV-1a: a name, not a secret; the folder is the user's own
    for (const char c : profile)
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
    char text[17];
    std::snprintf(text, sizeof text, "%016llx", static_cast<unsigned long long>(hash));
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    const std::string folder = runtime && runtime[0] == '/' ? runtime : "/tmp";
    return folder + "/countersign-" + text + '-' + name;
}

} // namespace mcpcore
