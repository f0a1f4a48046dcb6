// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArrayList>
#include <QRandomGenerator>

// Files of Codex that it reads, and that nobody would write: every freedom of TOML is taken. The seed decides everything.
class TomlDocuments
{
public:
    explicit TomlDocuments(quint32 seed) : m_random(seed) {}

    QByteArray next();
    QRandomGenerator &random() { return m_random; }

private:
    bool chance(int percent) { return m_random.bounded(100) < percent; }
    template <typename T> T oneOf(std::initializer_list<T> list) { return *(list.begin() + m_random.bounded(int(list.size()))); }

    QByteArray root();
    QByteArray table();
    QByteArray servers(); // [mcp_servers.x] and what else leads there
    QByteArray members(int most);
    QByteArray member(const QByteArray &key);
    QByteArray value(int depth);
    QByteArray inlineTable(int depth);
    QByteArray array(int depth);
    QByteArray name(); // another one each time
    QByteArray header(const QByteArrayList &names);
    QByteArray spaces();
    QByteArray trivia(); // blank lines and comments
    QByteArray lineRest();

    enum class Written { Nowhere, InBraces, Dotted }; // servers in front of the first table
    QRandomGenerator m_random;
    Written m_servers = Written::Nowhere;
    int m_names = 0;
    bool m_isWild = false;
};
