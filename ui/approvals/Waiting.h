// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include "model/Question.h"

namespace ui {

// What waits for a person, a call or a server's question, with what the queue shows of either: our words, marked.
struct Waiting {
    std::variant<mcpcore::Approval, mcpcore::Question> what;
    mcpcore::CallId id;
    mcpcore::ClientId client;
    QString clientName, title, sentence, place;
    mcpcore::EnvironmentId environment;
    mcpcore::EnvironmentKind environmentKind = mcpcore::EnvironmentKind::Sandbox;
    std::chrono::milliseconds asked{}, deadline{}; // wall time

    static Waiting of(const mcpcore::Approval &approval);
    static Waiting of(const mcpcore::Question &question);
    const mcpcore::Approval *approval() const { return std::get_if<mcpcore::Approval>(&what); }
    const mcpcore::Question *question() const { return std::get_if<mcpcore::Question>(&what); }
};

} // namespace ui
