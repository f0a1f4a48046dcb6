// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Result.h"
#include <QIODevice>
#include <optional>

namespace mcpcore {

enum class ExportFormat {
    Jsonl, // exact records and hashes: the form that can be verified
    Csv,   // for people and spreadsheets
    Otlp,  // OpenTelemetry traces as JSON lines: one span a call, named after the GenAI and MCP conventions
};

std::optional<ExportFormat> exportFormatFrom(const QString &text); // "jsonl", "csv", "otlp"

// Writes the log at `path` to `out` as it is now, row by row and of any length; what is appended meanwhile is not in it.
// From the first row (Otlp: call) not older than `since`. The number of rows or calls written.
Result<qint64> exportLog(const QString &path, ExportFormat format, QIODevice &out, std::optional<Milliseconds> since = std::nullopt);

} // namespace mcpcore
