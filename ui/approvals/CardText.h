// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include "ui/shell/Desk.h"
#include <QCoreApplication>

namespace ui {

// The words of the card. Pure: a call in, our sentences out. What a client or a server wrote (tool names, program paths,
// error texts) comes out with visible marks, shortened where the whole can be read elsewhere.
class CardText
{
    Q_DECLARE_TR_FUNCTIONS(CardText)
public:
    // A name somebody else chose, in a sentence of ours: marked, on one line, shortened.
    static QString named(const QString &text);
    // What will be done: "Call tool “create_refund” of Stripe. What it does is not known".
    static QString sentence(const mcpcore::ToolCall &call);
    // The same in a few words, for a row of the queue.
    static QString title(const mcpcore::ToolCall &call);
    static QString connectionName(const QString &vendor, const mcpcore::ConnectionId &connection); // "Stripe", or its id when it differs
    static QString connectionName(const mcpcore::ToolCall &call) { return connectionName(call.vendor, call.connection); }
    static QString placeBefore(const QString &connection);    // "Stripe · ", before the environment's word
    static QString clientName(const mcpcore::ToolCall &call); // its label
    // The account that a key opens, as its vendor said; what the person called it when the vendor was not asked.
    static QString account(const mcpcore::KeyRecord &key);
    static QString facts(const mcpcore::ToolCall &call); // "Stripe · PostRefunds"
    // What an accepted class says, e.g. "Money"; the name of its icon.
    static QString tag(mcpcore::ToolClass toolClass);
    static QString tagIcon(mcpcore::ToolClass toolClass);
    static QString clientIcon(const QString &kind);
    // "through the bridge · program /usr/bin/claude, pid 48121 (not verified)"
    static QString who(const mcpcore::Peer &peer);
    static QString strangerTitle(const mcpcore::ToolCall &call);    // "bash asks as Claude Desktop."
    static QString hiddenCharacters(const mcpcore::ToolCall &call); // a sentence, or empty when there are none
    // "These 259 bytes are sent as they are. sha256 2dd3 f868 … 013b"
    static QString digestLine(const mcpcore::ToolCall &call);
    static QString shortDigest(const QByteArray &digest);
    static QString allow(const mcpcore::EnvironmentId &environment); // "Allow in PRODUCTION"
    static QString typedPrompt(const mcpcore::Approval &approval);
    // How far the typed text is from the word: "2 characters to go." or what is wrong with it.
    static QString typedHint(const QString &word, const QString &typed);
    static QString whoDecided(const mcpcore::Approval &approval); // below the verdict's own reason
    static QString ended(const mcpcore::Approval &approval, mcpcore::ApprovalEnd end);
    static QString state(Desk::CallState state, const mcpcore::ToolCall &call, const QString &detail, std::chrono::milliseconds took);
    static QString duration(std::chrono::milliseconds span);      // "412 ms", "3.2 s", "5 minutes"
    static QString accessibleName(const mcpcore::ToolCall &call); // "Allow Stripe create_refund in PRODUCTION"
    static QString accessibleDescription(const mcpcore::Approval &approval, std::chrono::milliseconds now);

    // How long Allow stays unarmed for this call.
    static std::chrono::milliseconds armingTime(const mcpcore::ToolCall &call);
};

} // namespace ui
