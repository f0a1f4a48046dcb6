// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigBytes.h"
#include <QList>

namespace mcpcore {

// Bytes of a file by lines, for the formats where lines matter (TOML, YAML). Pure functions over the bytes of one file.

struct TextSpan {
    qsizetype begin = 0;
    qsizetype end = 0;
};

// The first byte of the line that holds `at`, and the first byte behind it and its line end.
qsizetype lineBegin(const QByteArray &file, qsizetype at);
qsizetype lineEnd(const QByteArray &file, qsizetype at);
// Spaces and tabs in front of what the line says.
QByteArray indentation(const QByteArray &file, qsizetype at);

enum class LineKind { Blank, Comment, Content };
LineKind lineKind(const QByteArray &file, qsizetype begin);

bool endsWithoutEol(const QByteArray &file);

// Where the line in front of `at` (the begin of a line) begins if it is blank; else `at`.
qsizetype blankLineBefore(const QByteArray &file, qsizetype at);

// Whole lines to take out. Where the last of them is the last of the file and has no line end, the one before loses its.
TextSpan withLineEnd(const QByteArray &file, TextSpan lines);

// Spans that meet or overlap become one; the result ascends.
QList<TextSpan> merged(QList<TextSpan> spans);

} // namespace mcpcore
