// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include <QRandomGenerator>

// Documents that one client reads, and that nobody would write: every freedom of its dialect is taken. The seed decides everything.
class JsonDocuments
{
public:
    JsonDocuments(quint32 seed);

    const mcpcore::ConfigDialect &dialect() const { return m_dialect; }
    const mcpcore::EntryPlace &place() const { return m_place; }
    // The holders of the path are there or not, now and then as something else; the entry is there seldom.
    QByteArray next();
    // The same with some bytes exchanged, taken out, put in or doubled.
    QByteArray damaged(QByteArray document);

private:
    bool chance(int percent) { return m_random.bounded(100) < percent; }
    template <typename T> T oneOf(std::initializer_list<T> list) { return *(list.begin() + m_random.bounded(int(list.size()))); }

    QByteArray value(int depth);
    QByteArray holder(qsizetype level, int depth);
    QByteArray closed(char open, QByteArrayList members, int depth);
    QByteArray member(const QByteArray &key, const QByteArray &value);
    QByteArray quoted(const QString &text);
    QByteArray number();
    QByteArray lineEnd();
    QByteArray blanks();
    QByteArray comment();
    QByteArray trivia();
    QByteArray lead(int depth); // in front of a member

    enum class Style { Neat, OneLine, Wild };
    QRandomGenerator m_random;
    mcpcore::ConfigDialect m_dialect;
    mcpcore::EntryPlace m_place;
    Style m_style = Style::Neat;
    QByteArray m_unit;
    QByteArrayList m_lineEnds;
    bool m_hasLastCommas = false;
};
