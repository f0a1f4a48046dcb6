// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/MaskedText.h"

namespace mcpcore {

namespace {

QByteArray filled(const MaskedText &masked, const std::function<std::string_view(const QString &name)> &with)
{
    QByteArray text;
    qsizetype at = 0;
    for (const MaskedText::Hole &hole : masked.holes) {
        const std::string_view key = with(hole.key);
        text.append(masked.bytes.constData() + at, hole.offset - at).append(key.data(), qsizetype(key.size()));
        at = hole.offset + kMovedMark.size();
    }
    return text.append(masked.bytes.constData() + at, masked.bytes.size() - at);
}

} // namespace

void MaskedText::hide(const Secret &secret, const QString &name)
{
    const std::string_view key = secret.reveal();
    if (key.empty())
        return;
    QByteArray masked;
    QList<Hole> found;
    qsizetype at = 0;
    const auto mark = [&](const QString &of) {
        found.append({masked.size(), of});
        masked.append(kMovedMark);
    };
    const auto hideUntil = [&](qsizetype end) {
        const std::string_view part(bytes.constData() + at, size_t(end - at));
        size_t from = 0;
        for (size_t hit = part.find(key); hit != std::string_view::npos; hit = part.find(key, from)) {
            masked.append(part.data() + from, qsizetype(hit - from));
            mark(name);
            from = hit + key.size();
        }
        masked.append(part.data() + from, qsizetype(part.size() - from));
    };
    for (const Hole &hole : qAsConst(holes)) {
        hideUntil(hole.offset);
        mark(hole.key);
        at = hole.offset + kMovedMark.size();
    }
    hideUntil(bytes.size());
    bytes = masked;
    holes = found;
}

QByteArray MaskedText::restored(const std::function<const Secret &(const QString &name)> &keyOf) const
{
    return filled(*this, [&](const QString &name) { return keyOf(name).reveal(); });
}

QByteArray MaskedText::withStandIns() const
{
    return filled(*this, [](const QString &) { return std::string_view("moved_by_countersign"); });
}

bool holds(const QByteArray &text, const Secret &key)
{
    return std::string_view(text.constData(), size_t(text.size())).find(key.reveal()) != std::string_view::npos;
}

} // namespace mcpcore
