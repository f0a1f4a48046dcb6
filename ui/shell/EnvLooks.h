// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "ui/theme/Theme.h"

namespace ui {

inline EnvLook lookOf(mcpcore::EnvironmentKind kind)
{
    switch (kind) {
    case mcpcore::EnvironmentKind::Sandbox: return EnvLook::Sandbox;
    case mcpcore::EnvironmentKind::Staging: return EnvLook::Staging;
    case mcpcore::EnvironmentKind::Production: return EnvLook::Production;
    }
    Q_UNREACHABLE();
}

// An environment that is gone looks like production: the loudest.
inline EnvLook lookOf(const mcpcore::Workspace &workspace, const mcpcore::EnvironmentId &id)
{
    const mcpcore::Environment *environment = mcpcore::find(workspace, id);
    return environment ? lookOf(environment->kind) : EnvLook::Production;
}

// "PRODUCTION": the word of an environment wherever a decision is taken.
inline QString wordOf(const mcpcore::EnvironmentId &id)
{
    return id.text.toUpper();
}

} // namespace ui
