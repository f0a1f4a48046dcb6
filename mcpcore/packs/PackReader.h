// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "packs/Pack.h"
#include <QByteArray>
#include <tl/expected.hpp>

namespace mcpcore {

inline constexpr qsizetype kMaximumPackSize = 1024 * 1024;

// One thing that is wrong with a pack file. Lines and columns (of bytes) count from 1; 0 when there is no place to point to.
struct PackFault {
    qsizetype line = 0;
    qsizetype column = 0;
    QString path; // "keys.accepted[2].prefix"; empty for the whole file
    QString what;
};

// "12:5: keys.accepted[2].prefix is missing.", one line.
QString toText(const PackFault &fault);

// Reads a pack file strictly: members it does not know, keys written twice and values of another form are faults, all of
// which are found. resources/packs/schema.json says the same to editors.
tl::expected<Pack, QList<PackFault>> readPack(const QByteArray &bytes);

} // namespace mcpcore
