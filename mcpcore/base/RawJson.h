// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QByteArray>
#include <string_view>
#include <vector>

namespace mcpcore {

// One JSON value as the bytes it arrived in: a slice and the buffer that owns it. Copies share the buffer, so a slice may
// cross threads and outlive its request. The path of a call uses these, never a JSON tree: what came in goes out.
class RawJson
{
public:
    RawJson() = default;
    // The whole of `bytes`.
    explicit RawJson(QByteArray bytes) : m_owner(std::move(bytes)), m_size(m_owner.size()) {}
    // A part of `owner`; `slice` must point into it.
    RawJson(const QByteArray &owner, std::string_view slice)
        : m_owner(owner), m_at(slice.data() - owner.constData()), m_size(qsizetype(slice.size()))
    {
        Q_ASSERT(slice.empty() || (m_at >= 0 && m_at + m_size <= owner.size()));
    }

    bool isEmpty() const { return m_size == 0; }
    qsizetype size() const { return m_size; }
    std::string_view view() const { return {m_owner.constData() + m_at, size_t(m_size)}; }
    // A copy of the slice, or the shared owner when the slice is all of it.
    QByteArray bytes() const { return m_at == 0 && m_size == m_owner.size() ? m_owner : m_owner.mid(m_at, m_size); }
    const QByteArray &owner() const { return m_owner; }

private:
    QByteArray m_owner;
    qsizetype m_at = 0;
    qsizetype m_size = 0;
};

// One member of an object, as sliced out of it. `key` is the text between the quotes, still escaped.
struct RawMember {
    std::string_view key;
    RawJson value;
};

// The members of a JSON object in their order, duplicates kept. Reads with simdjson: values are skipped, not checked
// (protocol/StrictJson checks what clients send). InvalidRequest when `object` is not an object.
Result<std::vector<RawMember>> membersOf(const RawJson &object);
// The value at `key`, first occurrence; an empty slice when absent.
RawJson memberOf(const std::vector<RawMember> &members, std::string_view key);
RawJson memberOf(const RawJson &object, std::string_view key);
// The elements of a JSON array. InvalidRequest when it is not one.
Result<std::vector<RawJson>> elementsOf(const RawJson &array);
// The text of a JSON string with its escapes resolved. InvalidRequest when it is not a string.
Result<QString> textOf(const RawJson &string);

// `text` as a JSON string with its quotes.
QByteArray quoted(const QString &text);
// Gives a buffer the spare bytes simdjson reads past its end, so that reading its slices needs no copy.
void padForReading(QByteArray &bytes);

} // namespace mcpcore
