// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Connection.h"
#include "packs/VerifyAnswer.h"
#include "upstream/signin/Fetches.h"

namespace mcpcore {

// Where and how the vendor of a key is asked about it.
struct VendorRoute {
    Pack pack;
    QByteArray base; // "https://api.stripe.com"
    QByteArray secretField;
    QByteArrayList fields;
    HttpRequest::Reach reach;
    HttpRequest::Proxy proxy;
};

// The vendor's REST API where the connection goes to the vendor; the same path at the address that the person gave where it
// goes elsewhere, and nowhere else. None when nobody can be asked: the pack has no calls for it, or a program of the person's
// gets the key.
std::optional<VendorRoute> routeTo(const Pack &pack, const Connection &connection, const Environment &environment);

// Asks vendors about keys: the read-only calls of the pack, one after the other, until one is not accepted. Owned by Control;
// what runs ends with it. Core thread.
class VendorCheck final : public QObject
{
    Q_OBJECT
public:
    static constexpr Milliseconds kLimit = std::chrono::seconds(10);

    // `limit`: for all calls about one key.
    VendorCheck(CurlLoop &loop, const Clock &clock, Milliseconds limit = kLimit, QObject *parent = nullptr);

    // Never an error: what keeps the vendor from being asked is in the answer.
    void ask(VendorRoute route, Secret key, Completion<VerifyAnswer> done);

private:
    struct Question;
    void askNext(std::shared_ptr<Question> question);
    void take(const std::shared_ptr<Question> &question, Result<Fetched> fetched);

    Fetches m_fetches;
    const Clock &m_clock;
    const Milliseconds m_limit;
};

} // namespace mcpcore
