// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QStringList>

namespace mcpcore {

// workspace.json holds no secret. These recognise the ones that people paste into the wrong place; they cannot know all.

// The text holds a secret of a known form (Stripe, Statsig, GitHub, Slack, AWS, a JWT, one of our tokens, "Bearer ...").
bool looksLikeKey(const QString &text);
// A header, query item or option of this name carries a secret.
bool isSecretName(const QString &name);
// The first argument that carries a secret ("--api-key=..."), shortened to what may be shown; empty when there is none.
QString secretArgument(const QStringList &arguments);

} // namespace mcpcore
