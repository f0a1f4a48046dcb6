// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "clientconfig/TomlText.h"

namespace mcpcore {

// How members are written: taken from what stands around them.
struct TomlStyle {
    QByteArray eol = QByteArrayLiteral("\n");
    QByteArray headerIndent;
    QByteArray memberIndent;
    QByteArray assign = QByteArrayLiteral(" = ");
};

// Bare where that can be, else in double quotes.
QByteArray tomlKey(const TomlPath &names);

// A value on one line: objects as inline tables, text in double quotes with escapes. Unsupported for what TOML has no word for
// (null, integers above 2^63, text that is not UTF-8).
ConfigResult<QByteArray> tomlValue(const Json &json);

// The members of an object as lines without their ends. `prefix` stands in front of each key.
ConfigResult<QList<QByteArray>> tomlMembers(const Json &object, const QByteArray &prefix, const QByteArray &assign);

} // namespace mcpcore
