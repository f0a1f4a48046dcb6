// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "app/bridge/AppLink.h"
#include "app/bridge/ByteQueue.h"
#include "app/bridge/ClientOutput.h"
#include "app/bridge/Envelope.h"
#include <vector>

namespace app {

// Carries lines between the client (stdin, stdout) and the app (its socket) until the client closes stdin. Outlives the app:
// without it every request is answered with an error, and the next request after its return finds the session as it was.
// Nothing that the app may have read completely is ever sent again. One thread, one poll loop, at most about 64 KiB held
// each way.
class Relay
{
public:
    Relay(BridgeIdentity identity, int input, int output);
    int run();

private:
    enum class Link { Down, Greeting, Replaying, Up };
    enum class Readiness { Ready, Waiting, Failed };
    // The first line of the input. Long: its end is not in the buffer.
    enum class Line { None, Whole, Sending, Long, Streaming, Dropping };
    enum class Progress { Made, Blocked };
    enum class Asked { Initialize, ToolCall, Other };
    struct Pending {
        std::string id;
        Asked asked;
    };

    void readInput();
    void advanceInput();
    Progress advanceLine();
    Progress startLine();
    Progress routeWhole();
    Progress sendLine();
    Progress dropLine();
    void finishLine(size_t length);
    void lineDelivered(size_t length);

    Readiness readyFor(bool isInitialize);
    void greet(int socket);
    void readSocket();
    void takeAppLines();
    bool isForClient();
    void appAnswered();
    void sendFirst();
    void failLink(const std::string &problem);
    void loseLink();
    void closeSocket();

    void answerError(const std::string &id, int code, const std::string &quotedMessage);
    bool isOver();
    int waitMilliseconds() const;
    void waitForSomething();

    const BridgeIdentity m_identity;
    const int m_input;
    const int m_output;
    ClientOutput m_toClient;
    bool m_clientGone = false;

    ByteQueue m_in;
    bool m_inputEnded = false;
    Line m_line = Line::None;
    Envelope m_fromClient;
    size_t m_scanned = 0;    // of the current line, by m_fromClient
    size_t m_lineLength = 0; // with its line break; of a whole line
    size_t m_sent = 0;       // of a whole line
    int m_lineTries = 0;

    int m_socket = -1;
    Link m_link = Link::Down;
    bool m_socketBroken = false; // it takes no more; what it still holds for us is read first
    std::string m_first;         // greeting and replay, before any line
    Envelope m_fromApp;
    bool m_appLineIsLong = false;
    std::string m_problem; // a JSON string: why the link failed, for the request that wanted it
    bool m_problemIsNew = false;
    long long m_nextAttempt = 0;
    long long m_patienceEnds = 0;
    long long m_greetingEnds = 0;
    long long m_overAt = 0;

    std::vector<Pending> m_pending;            // asked by the client, with the app
    std::vector<std::string> m_serverRequests; // asked by the app, with the client
    std::string m_initialize;                  // the client's line, once the app accepted it
    std::string m_initializeSent;
    std::string m_initializeId;
};

} // namespace app
