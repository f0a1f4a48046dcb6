// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

// An MCP server on a port of this machine that keeps every request it gets, whole. Speaks the generation with sessions, as
// plain JSON. Lives in a thread of its own, so that a test that waits does not keep it from answering.
class RecordingServer
{
public:
    RecordingServer();
    ~RecordingServer();
    std::string url() const;
    // Every request so far, head and body.
    std::vector<std::string> requests() const;
    void forget();
    // Answers to tools/call wait until this is false again.
    std::atomic<bool> holdsCalls = false;

private:
    struct Connection {
        int fd;
        std::string in;
        bool recorded = false; // the first request of `in`, which waits
    };
    void run();
    bool take(Connection &connection);
    std::string answerTo(const std::string &request);

    int m_listener;
    int m_port = 0;
    std::atomic<bool> m_ends = false;
    mutable std::mutex m_guard;
    std::vector<std::string> m_requests;
    std::thread m_thread;
};
