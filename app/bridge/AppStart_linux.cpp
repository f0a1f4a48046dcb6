// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/AppStart.h"
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <unistd.h>

namespace app {

namespace {

bool isAllowed(const std::string &profile)
{
    struct stat marker {};
    return ::lstat((profile + "/start-app").c_str(), &marker) == 0 && S_ISREG(marker.st_mode) && marker.st_uid == ::geteuid();
}

bool hasDisplay()
{
    const char *x11 = std::getenv("DISPLAY"), *wayland = std::getenv("WAYLAND_DISPLAY");
    return (x11 && *x11) || (wayland && *wayland);
}

// The app that was installed with this bridge, and no other.
std::string appProgram()
{
    char path[4096];
    const ssize_t length = ::readlink("/proc/self/exe", path, sizeof path);
    if (length <= 0 || size_t(length) == sizeof path)
        return {};
    const std::string own(path, size_t(length));
    return own.substr(0, own.rfind('/') + 1) + "countersign";
}

} // namespace

bool startApp(const std::string &profile)
{
    const std::string program = appProgram();
    if (program.empty() || !isAllowed(profile) || !hasDisplay())
        return false;
    std::signal(SIGCHLD, SIG_IGN); // nobody waits for it: it outlives us
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    ::posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 1, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addopen(&files, 2, "/dev/null", O_WRONLY, 0);
    ::posix_spawn_file_actions_addclosefrom_np(&files, 3);
    posix_spawnattr_t attributes;
    ::posix_spawnattr_init(&attributes);
    ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
    const char *words[] = {program.c_str(), "--profile", profile.c_str(), "--background", nullptr};
    pid_t process = 0;
    const int failed = ::posix_spawn(&process, program.c_str(), &files, &attributes, const_cast<char **>(words), environ);
    ::posix_spawnattr_destroy(&attributes);
    ::posix_spawn_file_actions_destroy(&files);
    return failed == 0;
}

} // namespace app
