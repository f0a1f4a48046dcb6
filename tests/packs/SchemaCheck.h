// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include <QStringList>

// What is wrong with `value` according to `schema`: JSON Schema as far as resources/packs/schema.json and
// resources/clients/schema.json use it. A word that is
// not known here is a fault, too, so that none is passed over.
QStringList faultsBySchema(const mcpcore::Json &value, const mcpcore::Json &schema, const mcpcore::Json &root,
                           const QString &path = QStringLiteral("$"));
