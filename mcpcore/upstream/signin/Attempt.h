// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "upstream/signin/Fetches.h"
#include "upstream/signin/StoredSignIn.h"

namespace mcpcore {

class CallbackServer;

// What one sign-in is to reach, and what is known beforehand.
struct AttemptPlan {
    QString url;                             // of the MCP server
    QByteArray clientId;                     // registered by the user beforehand; empty = none
    QByteArray clientDocument;               // address of a document about us; empty = none
    Secret clientSecret;                     // of clientId
    std::optional<Challenge> challenge;      // what the server said last
    QByteArrayList scopesBefore;             // asked for the last time
    std::optional<OAuthClient> registration; // from an earlier time
};

// One sign-in from the first question to the token: where to sign in, as whom, the browser, its answer, the exchange. Ends
// itself after five minutes. Owned by SignIn; its completions may destroy it. Core thread.
class Attempt final : public QObject
{
    Q_OBJECT
public:
    Attempt(Fetches &fetches, const Clock &clock, Ids &ids, AttemptPlan plan, QObject *parent = nullptr);
    ~Attempt() override;

    // `page` gets the address for the browser, `finished` what the sign-in brought. Both are answered in every case.
    void start(Completion<QByteArray> page, Completion<StoredSignIn> finished);
    void cancel(const QString &why);
    // We registered anew: worth keeping whatever comes of the sign-in.
    const OAuthClient *newRegistration() const { return m_registered ? &m_client : nullptr; }

private:
    Completion<Fetched> use(void (Attempt::*next)(Fetched));
    void probe();
    void takeProbe(Fetched answer);
    void askResource();
    void takeResource(Fetched answer);
    void askServer();
    void takeServer(Fetched answer);
    void chooseClient();
    void takeRegistration(Fetched answer);
    void openPage();
    void takeCallback(CallbackAnswer answer);
    void takeToken(Fetched answer);
    void fail(const Error &why);

    Fetches &m_fetches;
    const Clock &m_clock;
    Ids &m_ids;
    AttemptPlan m_plan;
    const HttpRequest::Reach m_reach;
    Completion<QByteArray> m_page;
    Completion<StoredSignIn> m_finished;
    QByteArrayList m_addresses; // still to be tried
    ResourceMetadata m_resource;
    ServerMetadata m_server;
    OAuthClient m_client;
    bool m_registered = false;
    QByteArrayList m_scopes;
    Proof m_proof;
    QByteArray m_state;
    std::unique_ptr<CallbackServer> m_callback;
};

} // namespace mcpcore
