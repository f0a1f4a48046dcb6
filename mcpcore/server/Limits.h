// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include <QString>
#include <vector>

namespace mcpcore {

// Every limit of the endpoint and the local sockets, in one place: the code reads them here and `countersignctl limits`
// prints them from here.
struct Limits {
    qsizetype url = 2 * 1024;
    qsizetype header = 16 * 1024;
    int headerFields = 64;
    qint64 body = 4 * 1024 * 1024;
    Milliseconds headerTime{10'000};
    Milliseconds bodyTime{30'000};
    Milliseconds idleTime{75'000};  // between two requests; never for an open stream
    Milliseconds lingerTime{2'000}; // for a refused client to read why
    int connections = 2'048;
    int unauthenticated = 32;
    Milliseconds unauthenticatedGrace{1'000}; // a surplus connection gets this long to show a token
    int backlog = 1'024;
    qint64 queuedOutput = 8 * 1024 * 1024; // a reader further behind is cut off
    Milliseconds stalledOutput{30'000};    // and one that reads nothing for this long
    Milliseconds streamAfter{20};          // the head of a stream goes out alone when the answer takes longer
    Milliseconds keepAlive{15'000};        // comments on a quiet open stream
    int sessions = 2'048;
    int sessionsPerClient = 1'024;
    Milliseconds sessionIdle{3'600'000}; // without any open stream or request
    int keptMessages = 64;               // per session, while no stream is open for them
    qsizetype keptBytes = 256 * 1024;
    int replayedEvents = 256; // per session, for clients that come back with Last-Event-ID
    qsizetype replayedBytes = 512 * 1024;
    Milliseconds returnTime{10'000};  // for them to come back while a person is still asked
    Milliseconds answerTime{300'000}; // and while what was sent is still to be answered
    int batch = 64;
    int capabilitySets = 16;               // of one client of the stateless generation, known at once
    Milliseconds modernStreamAfter{2'000}; // an error that comes sooner still has its own status
    Milliseconds inputWindow{15};          // what a server asks within this time is asked in one answer
    Milliseconds inputTime{300'000};       // for a client to come back with what it was asked
    int listeners = 32;                    // streams of subscriptions/listen of one client
    int subscriptions = 256;               // resources that one of them names
    int localConnections = 256;            // per socket
    qsizetype bridgeLine = 8 * 1024 * 1024;
    qsizetype controlLine = 1024 * 1024;
};

struct LimitRow {
    QString name;
    qint64 value;
    QString unit;
};
std::vector<LimitRow> rowsOf(const Limits &limits);

} // namespace mcpcore
