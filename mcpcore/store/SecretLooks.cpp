// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/SecretLooks.h"
#include <QRegularExpression>

namespace mcpcore {

bool looksLikeKey(const QString &text)
{
    static const QRegularExpression forms(QStringLiteral("(?:^|[^A-Za-z0-9])(?:"
                                                         "(?:sk|rk|ek)_(?:test|live|org)_|whsec_|" // Stripe, STACK
                                                         "(?:console|secret)-[A-Za-z0-9]{20}|"     // Statsig
                                                         "gh[pousr]_[A-Za-z0-9]{20}|github_pat_|glpat-|xox[abprs]-|AKIA[0-9A-Z]{16}|"
                                                         "cst_[A-Za-z0-9_-]{43}|"                       // ours
                                                         "eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.|" // JWT
                                                         "[Bb]earer +[^ $<{]{8})"));
    return forms.match(text).hasMatch();
}

bool isSecretName(const QString &name)
{
    static const QRegularExpression words(QStringLiteral("authorization|cookie|(?:^|[-_])(?:x-)?auth$|token$|secret$|passw|credential|api[-"
                                                         "_]?key|access[-_]?key|private[-_]?key|^key$|^sig$"),
                                          QRegularExpression::CaseInsensitiveOption);
    return words.match(name).hasMatch();
}

QString secretArgument(const QStringList &arguments)
{
    static const QRegularExpression option(QStringLiteral("\\A--?([A-Za-z][A-Za-z0-9_-]*)(=(.*))?\\z"),
                                           QRegularExpression::DotMatchesEverythingOption);
    static const QRegularExpression reference(QStringLiteral("\\A(\\z|[$./~])|\\$\\{")); // a variable or a path
    for (qsizetype i = 0; i < arguments.size(); ++i) {
        const auto match = option.match(arguments[i]);
        const QString name = match.captured(1);
        if (looksLikeKey(arguments[i]))
            return name.isEmpty() ? QStringLiteral("%1").arg(i + 1) : QStringLiteral("--") + name;
        const QString next = i + 1 < arguments.size() && !arguments[i + 1].startsWith(QLatin1Char('-')) ? arguments[i + 1] : QString();
        const QString value = match.capturedStart(2) >= 0 ? match.captured(3) : next;
        if (value.contains(reference))
            continue;
        if (isSecretName(name))
            return QStringLiteral("--") + name;
        if (name == QLatin1String("header") && isSecretName(value.section(QLatin1Char(':'), 0, 0).trimmed()))
            return QStringLiteral("--header");
    }
    return {};
}

} // namespace mcpcore
