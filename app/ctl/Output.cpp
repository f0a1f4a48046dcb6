// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "protocol/ErrorMapping.h"
#include <cstdio>

namespace app {

using mcpcore::Json;

namespace {

// What reaches a terminal must not steer it: control and direction characters are shown as their code point.
QByteArray visible(const QString &text)
{
    QByteArray out;
    for (const QChar c : text) {
        const ushort u = c.unicode();
        const bool steers = (u < 0x20 && u != '\n') || (u >= 0x7f && u <= 0x9f) || (u >= 0x200b && u <= 0x200f)
                            || (u >= 0x202a && u <= 0x202e) || (u >= 0x2060 && u <= 0x2069) || u == 0xfeff;
        if (steers)
            out += "<U+" + QByteArray::number(u, 16).rightJustified(4, '0').toUpper() + '>';
        else
            out += QString(c).toUtf8();
    }
    return out;
}

} // namespace

void say(const QString &line)
{
    // Surrogate pairs are converted whole: visible() works on what is left of them.
    QByteArray bytes;
    qsizetype from = 0;
    for (qsizetype i = 0; i < line.size(); ++i) {
        if (!line[i].isHighSurrogate() || i + 1 >= line.size())
            continue;
        bytes += visible(line.mid(from, i - from)) + line.mid(i, 2).toUtf8();
        from = ++i + 1;
    }
    bytes += visible(line.mid(from)) + '\n';
    std::fwrite(bytes.constData(), 1, size_t(bytes.size()), stdout);
    std::fflush(stdout);
}

int fail(const Invocation &invocation, const mcpcore::Error &error)
{
    if (invocation.json) {
        const QByteArray line =
            mcpcore::toBytes(Json{{"error", {{"kind", mcpcore::nameOf(error.kind)}, {"message", error.message}}}}) + '\n';
        std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    }
    std::fprintf(stderr, "%s\n", visible(error.message).constData());
    return kFailed;
}

void printAnswer(const Invocation &invocation, const Json &answer)
{
    if (!invocation.json && invocation.print)
        return invocation.print(answer);
    const QByteArray line = mcpcore::toBytes(answer) + '\n';
    std::fwrite(line.constData(), 1, size_t(line.size()), stdout);
    std::fflush(stdout);
}

QString text(const Json &object, const char *key)
{
    const Json *member = mcpcore::memberAt(object, key);
    if (!member || member->is_null())
        return {};
    return member->is_string() ? member->get<QString>() : QString::fromUtf8(mcpcore::toBytes(*member));
}

} // namespace app
