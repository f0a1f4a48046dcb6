// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include <QByteArray>
#include <QList>
#include <QString>
#include <functional>
#include <optional>

namespace mcpcore {

// What stands in a copy of a file where a key was.
inline const QByteArray kMovedMark = QByteArrayLiteral("***moved to the keychain by Countersign***");

// A copy of a file without keys that are in the keychain, and where which one was. A plain value.
struct MaskedText {
    struct Hole {
        qsizetype offset; // of its mark
        QString key;      // the name under which the caller keeps it
    };
    QByteArray bytes;
    QList<Hole> holes = {}; // ascending

    // Hides a key wherever it stands. Longer ones first: a key may begin another.
    void hide(const Secret &key, const QString &name);
    // The text as it was. It holds the keys: it is for the file that they came from, and nothing else.
    QByteArray restored(const std::function<const Secret &(const QString &name)> &keyOf) const;
    // The text with a word in the place of each key, which any format takes there.
    QByteArray withStandIns() const;
};

bool holds(const QByteArray &text, const Secret &key);

} // namespace mcpcore
