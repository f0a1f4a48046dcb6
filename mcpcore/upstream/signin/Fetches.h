// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Completion.h"
#include "upstream/CurlLoop.h"

namespace mcpcore {

// An answer as a whole, up to 256 KiB. The body may hold secrets: whoever reads it wipes it.
struct Fetched {
    int status = 0;
    QByteArray head;
    QByteArray body;
};

// Requests whose whole answer is wanted. What runs ends with it. Core thread.
class Fetches
{
public:
    explicit Fetches(CurlLoop &loop);
    ~Fetches();

    // UpstreamFailed with the host and the reason when no complete answer came. The body sent is wiped afterwards.
    void send(HttpRequest request, Completion<Fetched> done);
    void get(const QByteArray &url, HttpRequest::Reach reach, Completion<Fetched> done);

private:
    class One;
    CurlLoop &m_loop;
    std::unordered_map<qint64, std::unique_ptr<One>> m_open;
};

} // namespace mcpcore
