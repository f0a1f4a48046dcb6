// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigDocument.h"
#include <QString>
#include <vector>

// One row of a file of golden/: a client's file before and after a change, with what is special about the client and the place.
//
//   ==== what is special
//   reads: comments, trailing commas, byte order mark, empty file
//   path: mcpServers            (keys between " > ")
//   holder: list
//   created: 1
//   ---- before
//   ---- after
struct GoldenRow {
    QByteArray name = {};
    mcpcore::ConfigDialect dialect = {};
    mcpcore::EntryPlace place = {};
    int created = 0;
    QByteArray before = {};
    QByteArray after = {};
};

// Rows of tests/clientconfig/golden/<file>, none where something in it is not understood.
std::vector<GoldenRow> goldenRows(const QString &file, mcpcore::ConfigDialect::Format format);
