// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "packs/Pack.h"
#include <string_view>

namespace mcpcore {

// What one answer of a vendor, or all of them together, say of a key. What the vendor wrote is on one line, short, without
// control characters and angle brackets, and without any part of the key.
struct VerifyAnswer {
    enum class Verdict {
        Accepted,
        Refused,  // by the vendor
        NotAsked, // no answer, or none that is documented: nothing is known
    };
    Verdict verdict = Verdict::NotAsked;
    KeyVerification said; // without its time
    QString tellsWhat;    // "customers"
    QStringList tells;    // their names, for the person to recognise the account by; not kept
    int status = 0;       // of a refusal
    QString reason;       // the error code of a refusal, or why the vendor could not be asked, a sentence; may be empty
};

// Reads the answer to one of the calls of a pack. Pure.
VerifyAnswer readVerification(const Pack &pack, const VerifyCall &call, int status, std::string_view body, std::string_view key);
// What they say together: refused by one is refused, and not asked by one is not asked.
VerifyAnswer together(const QList<VerifyAnswer> &answers);

} // namespace mcpcore
