// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionText.h"

namespace ui {

// The words about one key. Pure.
class KeyText
{
    Q_DECLARE_TR_FUNCTIONS(KeyText)
public:
    // What matters most of a key now.
    enum class State { Asking, Ended, Refused, StoreShut, EndsSoon, Exposed, Due, Verified, NotVerified, Set };
    static State stateOf(const mcpcore::KeyRecord &key, const ConnectionText::Known &known);
    // "Verified 13:52", "Rotate: 94 days old"
    static QString stateText(State state, const mcpcore::KeyRecord &key, const ConnectionText::Known &known);
    static bool needsCare(State state);
    // What to do about a key that stood in a file in plain text.
    static QString exposed(const mcpcore::KeyRecord &key, const ConnectionText::Known &known);
    // When stateOf() says something else without anybody telling; zero: never.
    static std::chrono::milliseconds nextChange(const mcpcore::KeyRecord &key, std::chrono::milliseconds now);

    // "Restricted key", "Key"
    static QString kind(const mcpcore::KeyRecord &key);
    // "Stripe", or the connection's name where there is no pack.
    static QString vendorName(const ConnectionText::Known &known);
    // "for all clients", "for claude-code only"
    static QString forWhom(const mcpcore::KeyRecord &key, const mcpcore::Workspace &workspace);
    static QString clientName(const mcpcore::Workspace &workspace, const mcpcore::ClientId &client);
    static QString store(const mcpcore::KeyRecord &key);
    // "Asking the keychain", "Key file locked": which of the two it is matters to who has to open it.
    static QString asking(const KeyStore &store);
    static QString shut(const KeyStore &store);
    // "3 September, 78 days ago"
    static QString dayAndAge(std::chrono::milliseconds wall, std::chrono::milliseconds now);
    static QString rotateBy(const mcpcore::KeyRecord &key, std::chrono::milliseconds now);
    static QString ends(const mcpcore::KeyRecord &key, std::chrono::milliseconds now);
    static QString mode(const mcpcore::KeyVerification &verified, mcpcore::EnvironmentKind kind);
    // Beside the button that deletes it: what stops working.
    static QString lostWith(const mcpcore::KeyRecord &key, const mcpcore::Workspace &workspace);
    static QString span(std::chrono::milliseconds left);
};

// The keys of one place: the one for all clients first.
QList<mcpcore::KeyRecord> keysAt(const mcpcore::Workspace &workspace, const Place &place);
// The key of that slot, or null. Other than mcpcore::findKey() it is never another client's or the common one.
const mcpcore::KeyRecord *keyOf(const mcpcore::Workspace &workspace, const Place &place, const mcpcore::ClientId &client);

} // namespace ui
