// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled by ctest once for each FORGERY, to see the compiler refuse it; with FORGERY 0, to see that nothing else is wrong.
#include "base/Secret.h"
#include "model/ApprovedCall.h"
#include "upstream/Upstream.h"

using namespace mcpcore;

void forge(Upstream &upstream, const ToolCallPtr &call, ApprovedCall approved, Secret secret)
{
#if FORGERY == 0 // what is meant to be done
    upstream.call(std::move(approved), {}, {});
    const Secret moved = std::move(secret);
#elif FORGERY == 1 // an approval out of nothing
    const ApprovedCall forged(call);
#elif FORGERY == 2 // one approval for two calls
    const ApprovedCall twice = approved;
#elif FORGERY == 3 // a call that nobody approved
    upstream.call(call, {}, {});
#elif FORGERY == 4 // a second copy of a secret, unseen
    const Secret copy = secret;
#elif FORGERY == 5 // a secret as text
    const QString text = secret;
#endif
}
