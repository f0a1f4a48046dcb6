// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "model/Environment.h"
#include "model/ToolClass.h"
#include <QList>
#include <chrono>
#include <optional>

namespace mcpcore {

// In the order of strength: a stronger one of two matching rules holds.
enum class Effect { Allow, Ask, AskTyped, Deny };

QString toText(Effect effect); // "allow", "ask", "ask-typed", "deny"
std::optional<Effect> effectFrom(const QString &text);

// One condition on the arguments: a JSON Pointer (RFC 6901), an operator and the value as JSON text.
struct Condition {
    QString pointer;
    QString op; // "=", "!=", "<", "<=", ">", ">=", "in", "prefix", "absent"
    QByteArray value;
};

// The user's policy, one sentence of it. A field left out matches everything.
struct Rule {
    RuleId id;
    Effect effect = Effect::Ask;
    std::optional<ClientId> client;
    std::optional<ConnectionId> connection;
    std::optional<EnvironmentId> environment;
    std::optional<EnvironmentKind> environmentKind;
    QString tool;      // glob; empty = any
    QString operation; // glob; empty = any
    QList<ToolClass> classes;
    QList<Condition> where;
    std::optional<std::chrono::milliseconds> expires; // wall time
    QString note;
    std::chrono::milliseconds created{};
};

// What policy says of one call, and why, in words for the card and the log.
struct Verdict {
    enum class By { Default, Floor, Rule };
    Effect effect = Effect::Ask;
    QString reason;
    RuleId rule; // for By::Rule
    By by = By::Default;
};

} // namespace mcpcore
