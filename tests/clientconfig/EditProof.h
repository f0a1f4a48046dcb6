// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "clientconfig/ConfigDocument.h"
#include <QMap>
#include <QRandomGenerator>

// What must hold of every edit of every document, whatever its format.

// Why the document does not come back byte for byte after an entry was put, written anew and taken out; empty where it does. The meaning is
// compared by values alone. A document that is refused is counted by its fault.
struct EditProof {
    mcpcore::ConfigDialect dialect;
    mcpcore::EntryPlace place;
    int edited = 0;
    QMap<mcpcore::ConfigFault::Kind, int> refused = {};

    QByteArray wrong(const QByteArray &before);
};

// The same bytes with some exchanged, taken out, put in or doubled.
QByteArray damaged(QByteArray document, QRandomGenerator &random, const QByteArray &alphabet);

QByteArray toldWith(quint32 seed, const QByteArray &what, const QByteArray &document);

// How many documents a property is tried with: many where COUNTERSIGN_LONG is set, as `./dev test --long` does.
quint32 documentCount();
inline constexpr quint32 kFirstDocument = 20261121; // seed

// Written to a file of its own format and read back, it shows what escapes are for.
const mcpcore::Json &entryWithEverything();
