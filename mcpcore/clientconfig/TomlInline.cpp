// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/TomlInline.h"
#include <algorithm>

namespace mcpcore {

QList<TextSpan> inlineRemoval(const QByteArray &file, const TomlValue &table, const std::vector<TomlPlace::Member> &gone, int created)
{
    const auto isGone = [&gone](const TomlMember &member) {
        return std::any_of(gone.begin(), gone.end(), [&member](const auto &one) { return one.key == &member.key; });
    };
    const auto &members = table.members;
    if (std::all_of(members.begin(), members.end(), isGone)) {
        TextSpan inside{members.front().key.span.begin, members.back().value.span.end};
        const bool isPadded = inside.end == table.span.end - 2 && file[inside.end] == ' ';
        inside.begin -= file[inside.begin - 1] == ' ' ? 1 : 0;
        inside.end += isPadded && !(created & kHeldSpace) ? 1 : 0;
        return {inside};
    }
    QList<TextSpan> spans;
    const TomlMember *kept = nullptr;
    for (size_t i = 0; i < members.size(); ++i) {
        if (!isGone(members[i]))
            kept = &members[i];
        else if (kept)
            spans.append({members[i - 1].value.span.end, members[i].value.span.end});
        else
            spans.append({members[i].key.span.begin, members[i + 1].key.span.begin});
    }
    return merged(spans);
}

EntryEdit inlineInsertion(const QByteArray &file, const TomlValue &table, const QByteArray &member, int created)
{
    if (!table.members.empty())
        return {{{table.members.back().value.span.end, 0, ", " + member}}, created};
    const QByteArray inside = file.mid(table.span.begin + 1, table.span.end - table.span.begin - 2);
    const int held = inside == " " ? kHeldSpace : 0;
    return {{{table.span.begin + 1, 0, inside.isEmpty() ? ' ' + member + ' ' : ' ' + member}}, created | held};
}

} // namespace mcpcore
