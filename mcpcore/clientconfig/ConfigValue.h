// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include <QByteArray>
#include <QStringList>
#include <utility>
#include <vector>

namespace mcpcore {

// What a configuration file means, whatever its format: numbers and dates as they are written, members in their order with
// duplicates kept. A plain value, made by meaningOf().
struct ConfigValue {
    enum class Kind { Null, Boolean, Number, Text, Moment, List, Map };
    Kind kind = Kind::Null;
    QByteArray text = {};                                      // of Boolean, Number, Text, Moment
    std::vector<ConfigValue> items = {};                       // of List
    std::vector<std::pair<QByteArray, ConfigValue>> members{}; // of Map

    // The last member of this name, as every reader takes it; null where there is none or this is no map.
    const ConfigValue *member(const QByteArray &name) const;
    const ConfigValue *at(const QStringList &path) const;
};

ConfigValue configValue(const Json &json);
Json toJson(const ConfigValue &value); // numbers that JSON readers would round become texts

// Whether both mean the same: the order of members counts only among those of one name.
bool sameMeaning(const ConfigValue &left, const ConfigValue &right);

} // namespace mcpcore
