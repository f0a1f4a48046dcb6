// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/Peers.h"
#include <QCoreApplication>
#include <cstdio>

using namespace mcpcore;

// Owns a stdio transport until it is killed: prints the processes below it, then waits.
int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    SystemClock clock;
    ProgramEnder ender{clock};
    Upstream upstream(std::make_unique<StdioTransport>(ender, stdioPeer({QStringLiteral("2025-11-25")}), KeySource()), clock,
                      QByteArrayLiteral("{}"));
    upstream.start(Completion<>(&upstream, [](Result<> ready) {
        if (!ready)
            std::puts("failed");
    }));
    upstream.call(approvedCall(QStringLiteral("family"), "{\"name\":\"f\"}"), {},
                  Completion<UpstreamAnswer>(&upstream, [](Result<UpstreamAnswer> answer) {
                      std::puts(answer ? memberOf(answer->result, "processes").bytes().constData() : "failed");
                      std::fflush(stdout);
                  }));
    return application.exec();
}
