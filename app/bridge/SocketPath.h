// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <climits>
#include <cstdlib>
#include <sodium/crypto_hash_sha256.h>
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

// The names the app may have given the socket `name` of a profile, likeliest first. mcpcore/server chooses by the same rule:
//   path = canonical profile folder (no symbolic links) + "/" + name; used if it has at most 100 bytes;
//   else <runtime folder>/countersign-<first 16 hex digits of SHA-256 of that path>.sock, where the runtime folder is
//   $XDG_RUNTIME_DIR if it is an absolute path, else /run/user/<uid> if that exists, else /tmp/countersign-<uid> (0700).
// We may lack the app's variables: therefore all three are tried. Whoever listens there must be our own user (AppLink).
inline std::vector<std::string> socketPaths(const std::string &profile, const std::string &name)
{
    constexpr size_t longest = 100;
    char canonical[PATH_MAX];
    if (!::realpath(profile.c_str(), canonical))
        return {};
    const std::string path = std::string(canonical) + '/' + name;
    if (path.size() <= longest)
        return {path};

    unsigned char digest[crypto_hash_sha256_BYTES];
    crypto_hash_sha256(digest, reinterpret_cast<const unsigned char *>(path.data()), path.size());
    std::string file = "/countersign-";
    for (int i = 0; i < 8; ++i)
        for (const int nibble : {digest[i] >> 4, digest[i] & 15})
            file += "0123456789abcdef"[nibble];
    file += ".sock";

    std::vector<std::string> paths;
    const char *runtime = std::getenv("XDG_RUNTIME_DIR");
    if (runtime && runtime[0] == '/')
        paths.push_back(runtime + file);
    const std::string user = std::to_string(::getuid());
    paths.push_back("/run/user/" + user + file);
    paths.push_back("/tmp/countersign-" + user + file);
    return paths;
}

} // namespace app
