// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ConfigValue.h"
#include "clientconfig/YamlText.h"
#include <optional>

namespace mcpcore {

// The way to an entry, as far as it goes. Points into the YamlText it was found in.
struct YamlPlace {
    struct Step {
        const YamlNode *node = nullptr;   // a map on the way, at last the holder
        const YamlChild *owner = nullptr; // the member it is the value of; null at the root
        const YamlNode *in = nullptr;     // the map of that member
    };
    std::vector<Step> steps;       // the root first
    QStringList missing;           // keys of the path that are not there
    std::optional<size_t> entry;   // in the holder
    std::optional<size_t> another; // of the same name, in a list

    const Step &last() const { return steps.back(); }
};

// WrongType where something on the way is no map (or, at last, no list); Unsupported where the way leads through anchors, tags, merge keys
// or braces. `meaning` is that of the same file.
ConfigResult<YamlPlace> findPlace(const QByteArray &file, const YamlText &text, const ConfigValue &meaning, const EntryPlace &place);

// The value of a key is an empty map or list in braces, one space behind the colon: `key: {}`.
bool isEmptyFlow(const QByteArray &file, const YamlPlace::Step &step);

} // namespace mcpcore
