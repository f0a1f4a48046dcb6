// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "clientconfig/YamlText.h"

namespace mcpcore {

// How maps and lists are indented: taken from what stands around them.
struct YamlStyle {
    int step = 2;      // of a map below its key
    int listStep = 2;  // of a list below its key; 0 where dashes stand in the column of the key
    int dashWidth = 2; // from a dash to what it stands before
};

// Lines without their ends. Every text in double quotes, so that no reader takes `no` or `1.0` for something else.
using YamlLines = QList<QByteArray>;

// `name:` and the entry below it, as the member of a map in `column`.
ConfigResult<YamlLines> yamlMember(const QByteArray &key, const Json &value, int column, const YamlStyle &style);
// `- name: ..` and the members of the entry below it.
ConfigResult<YamlLines> yamlItem(const QByteArray &name, const Json &entry, int column, const YamlStyle &style);

// Plain where no reader takes it for anything but text, else in double quotes.
QByteArray yamlKey(const QByteArray &name);

} // namespace mcpcore
