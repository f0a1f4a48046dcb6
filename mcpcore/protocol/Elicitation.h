// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include "model/Question.h"

namespace mcpcore {

// What a server asks its user in elicitation/create, as a question for a person, and the person's answer as its result
// (MCP 2025-11-25 and 2026-07-28, client/elicitation). Pure functions.

// Fills kind, message, fields, url, urlHost and problem of `question`. InvalidArgument when the parameters are not those of an
// elicitation: then nobody can be asked. Fields that look as if a secret belongs into them are marked; a page that may not be
// opened (not https, a user name in it) leaves `problem`.
Result<> readElicitation(const RawJson &params, Question &question);

// The result for the server. InvalidArgument, in a person's words, when a value is missing or not what was asked for, and for
// an accepted question that has a problem. Values of fields that look secret or are unknown are refused, not left out.
Result<QByteArray> elicitationResult(const Question &question, const QuestionAnswer &answer);

} // namespace mcpcore
