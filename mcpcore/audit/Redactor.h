// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include <QString>
#include <optional>

namespace mcpcore {

// Replaces secrets by [redacted:type:hmac8] before anything is recorded. Equal secrets get equal marks under the same key.
// Known: keys of Stripe and Statsig, webhook secrets, our own tokens, bearer and basic credentials, JWTs, sk- and GitHub
// tokens, and values of members that are named like secrets. A value without methods that change it; any one thread.
class Redactor
{
public:
    // `key`: 32 bytes; empty while it is not known yet: marks then tell the type only.
    explicit Redactor(Secret key) : m_key(std::move(key)) {}

    // Nothing when there is nothing to replace.
    std::optional<QByteArray> text(std::string_view utf8) const;
    // The same for JSON text, which stays as well-formed as it was. Escapes hide nothing.
    std::optional<QByteArray> json(std::string_view json) const;
    // The text, redacted.
    QByteArray apply(const QString &text) const;

private:
    QByteArray mark(const char *type, std::string_view secret) const;
    Secret m_key;
};

} // namespace mcpcore
