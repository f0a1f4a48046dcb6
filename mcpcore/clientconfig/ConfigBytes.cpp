// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ConfigBytes.h"

namespace mcpcore {

namespace {

uchar byteAt(const QByteArray &file, qsizetype at)
{
    return at < file.size() ? uchar(file[at]) : 0;
}

// The length of the character at `at`, 0 where none is well-formed (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
int characterLength(const QByteArray &file, qsizetype at)
{
    const uchar lead = byteAt(file, at);
    if (lead < 0x80)
        return 1;
    const int length = lead < 0xC2 ? 0 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 0;
    const uchar second = byteAt(file, at + 1);
    const uchar lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    const uchar highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
    if (length == 0 || at + length > file.size() || second < lowest || second > highest)
        return 0;
    for (int i = 2; i < length; ++i)
        if ((byteAt(file, at + i) & 0xC0) != 0x80)
            return 0;
    return length;
}

// The first two characters of such a file are nearly always ASCII: a brace, a letter, a line end.
bool isWide(const QByteArray &file)
{
    const QByteArray head = file.left(4);
    return head.startsWith("\xFF\xFE") || head.startsWith("\xFE\xFF") || head.startsWith(QByteArray("\0\0\xFE\xFF", 4))
           || (head.size() >= 2 && (head[0] == 0) != (head[1] == 0)) || (head.size() == 4 && head.startsWith(QByteArray("\0\0\0", 3)));
}

} // namespace

ConfigFault faultAt(const QByteArray &file, qsizetype offset, ConfigFault::Kind kind, const QString &reason)
{
    ConfigFault fault{kind, 1, 1, reason};
    for (qsizetype i = byteOrderMarkLength(file); i < qMin(offset, file.size()); ++i) {
        const char c = file[i];
        if (c == '\n' || (c == '\r' && byteAt(file, i + 1) != '\n')) {
            ++fault.line;
            fault.column = 1;
        } else if ((uchar(c) & 0xC0) != 0x80) {
            ++fault.column;
        }
    }
    return fault;
}

std::optional<ConfigFault> encodingFault(const QByteArray &file)
{
    if (isWide(file))
        return ConfigFault{ConfigFault::Kind::Encoding, 0, 0,
                           QStringLiteral("The file is in UTF-16 or UTF-32: save it as UTF-8 in an editor, then try again.")};
    for (qsizetype i = 0; i < file.size();) {
        const int length = characterLength(file, i);
        if (length == 0)
            return faultAt(file, i, ConfigFault::Kind::Encoding,
                           QStringLiteral("This byte is not UTF-8: save the file as UTF-8 in an editor, then try again."));
        i += length;
    }
    return {};
}

qsizetype byteOrderMarkLength(const QByteArray &file)
{
    return file.startsWith("\xEF\xBB\xBF") ? 3 : 0;
}

QByteArray lineEndOf(const QByteArray &file)
{
    const auto all = file.count('\n');
    const auto withReturn = file.count("\r\n");
    return withReturn * 2 > all ? QByteArrayLiteral("\r\n") : QByteArrayLiteral("\n");
}

} // namespace mcpcore
