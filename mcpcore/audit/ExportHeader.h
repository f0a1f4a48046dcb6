// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/Anchor.h"
#include <optional>

namespace mcpcore {

// The first line of an exported JSONL file. Each further line is {"sequence":n,"hash":"<hex>","record":<exact bytes>}.
struct ExportHeader {
    QString log;
    qint64 first = 1;
    qint64 last = 0;
    QByteArray before; // hash of the row before `first`
    QByteArray head;   // hash of row `last`
    std::optional<Anchor> anchor;

    QByteArray toLine() const;
    static Result<ExportHeader> fromLine(const QByteArray &line);
};

// One line of it, taken apart without parsing the record. InvalidRequest when it is not of the form.
struct ExportLine {
    qint64 sequence = 0;
    QByteArray hash;
    std::string_view record; // points into the line

    static QByteArray toLine(qint64 sequence, std::string_view hash, std::string_view record);
    static Result<ExportLine> fromLine(std::string_view line);
};

} // namespace mcpcore
