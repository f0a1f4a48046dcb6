// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/RawJson.h"
#include <QStringList>
#include <functional>

namespace mcpcore {

// Reads one JSON object strictly, member by member, for a form that a person may have written. The first complaint, with
// the path of the member, is kept in `complaint`, which all readers of one file share; after it everything reads as empty.
class MemberReader
{
public:
    MemberReader(const RawJson &object, QString path, QString &complaint);

    bool has(const char *key) const;
    QString text(const char *key);
    QString text(const char *key, const QString &otherwise);
    bool flag(const char *key, bool otherwise);
    int number(const char *key);
    QByteArray hex(const char *key);
    Milliseconds time(const char *key); // wall time, written as 2026-11-21T10:00:00.000Z; absent = 0
    QStringList texts(const char *key); // absent = empty
    RawJson value(const char *key);     // empty when absent
    // Calls `read` for an object that may be absent.
    void object(const char *key, const std::function<void(MemberReader &)> &read);
    // Calls `read` for each element of an array of objects.
    void each(const char *key, const std::function<void(MemberReader &)> &read);
    // Calls `read` for each member of an object of texts.
    void eachText(const char *key, const std::function<void(const QString &name, const QString &text)> &read);
    // One of a closed set of words.
    template <typename Enum> Enum word(const char *key, std::optional<Enum> (*from)(const QString &))
    {
        const QString word = text(key);
        const std::optional<Enum> found = from(word);
        if (!found)
            complain(key, QStringLiteral("has the unknown word \"%1\"").arg(word));
        return found.value_or(Enum{});
    }
    // Complains about members nobody asked for.
    void finish();

    void complain(const char *key, const QString &what);

private:
    const RawMember *find(const char *key);
    QString textOfMember(const RawJson &value, const QString &path);
    QString pathOf(const QString &key) const;
    void complainAt(const QString &path, const QString &what);

    std::vector<RawMember> m_members;
    std::vector<bool> m_asked;
    QString m_path;
    QString &m_complaint;
};

} // namespace mcpcore
