// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"

namespace mcpcore {

// What a server wants to know before it goes on. The generation with sessions asks in requests of its own; 2026-07-28 answers
// "input_required" and is asked again with the answers. Pure functions from one to the other.

struct InputRequest {
    QByteArray key; // what its answer goes under; still escaped
    QString method; // elicitation/create, sampling/createMessage, roots/list
    RawJson params; // an object, or empty
};

struct InputRequired {
    std::vector<InputRequest> requests;
    RawJson state; // the text as received, with its quotes; empty when there is none
};

// An answer to one of them: the result of the request.
struct InputResponse {
    QByteArray key;
    RawJson result;
};

// The methods whose answer may be "input_required".
bool mayRequireInput(const QString &method);
// Empty: an answer like any other (also one without resultType). InvalidRequest: what it asks for cannot be read.
Result<std::optional<InputRequired>> inputRequiredOf(const RawJson &result);
// The same as the result that asks for it.
QByteArray inputRequiredResult(const InputRequired &input);
// The parameters of the request again, with the answers. The state goes back byte for byte.
QByteArray retryParams(const RawJson &params, const std::vector<InputResponse> &responses, const RawJson &state);
// The parameters without an answer or a state that somebody put there.
RawJson withoutInput(const RawJson &params);

// Elicitations by URL carry an id in the generation with sessions and none in 2026-07-28. `newId` is used where there is none.
RawJson inputParamsForLegacy(const InputRequest &request, const QString &newId);
RawJson inputParamsForModern(const QString &method, const RawJson &params);

// Error -32042 of the generation with sessions (a page must be visited first) as the requests it stands for; empty when it is none.
std::optional<InputRequired> urlElicitationsOf(const RawJson &error);

// Whether a client with these capabilities may be asked this. `elicitation: {}` is forms only.
bool isDeclared(const RawJson &capabilities, const QString &method, const RawJson &params);
// The capability it needs, as error -32021 names it: {"sampling":{}}.
QByteArray capabilityNeeded(const QString &method, const RawJson &params);
// The error a server gets whose client cannot be asked: -32601, or -32602 for a kind of elicitation the client does not have.
QByteArray refusalOfInput(const QString &method, const RawJson &capabilities);
// What stands for a client's error, which 2026-07-28 has no place for: a cancelled elicitation; empty = the call must end.
RawJson inputAfterError(const QString &method);
// InvalidArgument when the result cannot be the answer to such a request.
Result<> checkInput(const QString &method, const RawJson &result);

} // namespace mcpcore
