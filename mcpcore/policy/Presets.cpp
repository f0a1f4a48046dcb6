// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Presets.h"
#include "base/Json.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

Result<QList<Preset>> presets()
{
    const auto file = parseJson(presetsText);
    const Json *list = file ? memberAt(*file, "presets") : nullptr;
    if (!list || !list->is_array())
        return failure(Error::Kind::FileFailed, QStringLiteral("The presets of this program cannot be read. Install Countersign again."));
    QList<Preset> found;
    for (const Json &one : *list) {
        Preset preset{stringAt(one, "name", {}), stringAt(one, "sentence", {}), {}};
        for (const Json &text : one.value("rules", Json::array())) {
            auto rule = ruleFrom(toBytes(text));
            if (!rule)
                return failure(Error::Kind::FileFailed,
                               QStringLiteral("The preset %1 of this program cannot be read: %2").arg(preset.name, rule.error().message));
            preset.rules.append(std::move(*rule));
        }
        found.append(std::move(preset));
    }
    return found;
}

} // namespace mcpcore
