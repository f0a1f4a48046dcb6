// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/child/ChildGuard.h"
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>

// `deathPipeFd` is the read end of a pipe whose write end only the starting program holds (O_CLOEXEC there): however that
// program ends, the kernel closes it and we notice.
int main(int argc, char **argv)
{
    char *end = nullptr;
    const long fd = argc > 3 ? std::strtol(argv[1], &end, 10) : -1;
    if (argc < 4 || *argv[1] == '\0' || *end != '\0' || fd < 3 || fd > 0x7fffffff || std::strcmp(argv[2], "--") != 0) {
        std::fputs("Usage: countersign-child DEATH_PIPE_FD -- PROGRAM [ARGUMENT...]\n", stderr);
        return 64;
    }
    if (::fcntl(int(fd), F_GETFD) < 0) {
        std::fprintf(stderr, "countersign-child: descriptor %ld is not open.\n", fd);
        return 64;
    }
    return app::runGuarded(int(fd), argv + 3);
}
