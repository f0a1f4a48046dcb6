// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "model/ConnectionState.h"

namespace mcpcore {

QString toText(SignInState::Kind kind)
{
    switch (kind) {
    case SignInState::Kind::SignedOut: return QStringLiteral("signed out");
    case SignInState::Kind::SignedIn: return QStringLiteral("signed in");
    case SignInState::Kind::SignInAgain: return QStringLiteral("sign in again");
    case SignInState::Kind::MoreAccess: return QStringLiteral("sign in again for more access");
    case SignInState::Kind::Waiting: return QStringLiteral("waiting for the browser");
    case SignInState::Kind::Unknown: return QStringLiteral("unknown");
    }
    Q_UNREACHABLE();
}

std::optional<SignInState::Kind> signInKindFrom(const QString &text)
{
    for (int kind = 0; kind <= int(SignInState::Kind::Unknown); ++kind)
        if (text == toText(SignInState::Kind(kind)))
            return SignInState::Kind(kind);
    return std::nullopt;
}

QString toText(ConnectionState::Link link)
{
    switch (link) {
    case ConnectionState::Link::Idle: return QStringLiteral("idle");
    case ConnectionState::Link::Starting: return QStringLiteral("starting");
    case ConnectionState::Link::Running: return QStringLiteral("running");
    case ConnectionState::Link::Failed: return QStringLiteral("failed");
    }
    Q_UNREACHABLE();
}

std::optional<ConnectionState::Link> linkFrom(const QString &text)
{
    for (int link = 0; link <= int(ConnectionState::Link::Failed); ++link)
        if (text == toText(ConnectionState::Link(link)))
            return ConnectionState::Link(link);
    return std::nullopt;
}

} // namespace mcpcore
