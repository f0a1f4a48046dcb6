// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include <QByteArrayList>
#include <QRandomGenerator>

// Files that every reader of YAML takes alike, and that nobody would write. The seed decides everything.
class YamlDocuments
{
public:
    explicit YamlDocuments(quint32 seed);

    const mcpcore::EntryPlace &place() const { return m_place; }
    QByteArray next();
    QRandomGenerator &random() { return m_random; }

private:
    bool chance(int percent) { return m_random.bounded(100) < percent; }
    template <typename T> T oneOf(std::initializer_list<T> list) { return *(list.begin() + m_random.bounded(int(list.size()))); }

    // Lines of a block whose keys or dashes stand in `column`.
    QByteArrayList map(int column, int depth);
    QByteArrayList list(int column, int depth);
    QByteArrayList holder(int column);
    // What stands behind a colon or a dash in `column`: the rest of the line, then lines below it.
    QByteArrayList value(int column, int depth);
    QByteArrayList textBlock(int column);
    QByteArray scalar();
    QByteArray flow(int depth);
    QByteArray key();
    QByteArray comment();
    QByteArrayList trivia(int column);

    QRandomGenerator m_random;
    mcpcore::EntryPlace m_place;
    int m_names = 0;
    int m_step = 2;
};
