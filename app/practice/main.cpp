// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/practice/PracticeServer.h"
#include <cstdio>
#include <iostream>
#include <string>

namespace {

int stop(int code, const QString &why)
{
    std::fprintf(stderr, "countersign-practice: %s\n", qPrintable(why));
    return code;
}

} // namespace

int main(int argc, char **argv)
{
    const bool named = argc == 3 && std::string_view(argv[1]) == "--database";
    if (argc != 1 && !named)
        return stop(64, QStringLiteral("wrong usage.\nUsage: countersign-practice [--database FILE]"));
    auto business = app::Business::open(named ? QString::fromLocal8Bit(argv[2]) : QString());
    if (!business)
        return stop(1, QStringLiteral("the database cannot be used: ") + business.error().message);
    auto server = app::PracticeServer::open(std::move(*business));
    if (!server)
        return stop(1, server.error().message);
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        const QByteArray answer = server->receive(QByteArray::fromStdString(line));
        if (!answer.isEmpty())
            std::cout.write(answer.constData(), answer.size()).put('\n').flush();
    }
    return 0;
}
