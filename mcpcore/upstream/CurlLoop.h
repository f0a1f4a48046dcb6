// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Secret.h"
#include <QByteArrayList>
#include <QTimer>
#include <unordered_map>

struct curl_slist;

namespace mcpcore {

// One request of ours to a server. The body is sent once: where curl would send it again, the transfer fails instead.
struct HttpRequest {
    enum class Method { Get, Post, Delete };
    enum class Proxy { OfSystem, None };
    enum class Reach { Anywhere, Public }; // Public: connects to no private address, whatever the name resolves to
    Method method = Method::Get;
    Proxy proxy = Proxy::OfSystem;
    Reach reach = Reach::Anywhere;
    QByteArray url;         // http or https
    QByteArrayList fields;  // "Name: value"
    QByteArray secretField; // "Authorization: Bearer ", put before the secret if there is one
    Secret secret;          // wiped as soon as it is not needed any more
    QByteArray body;
    Milliseconds limit{0}; // for the whole exchange; 0 = none
};

// The head of an answer.
struct HttpHead {
    int status = 0;
    QByteArray lines; // as received
    // The value of a field without spaces around it; empty when absent. `name` in lower case.
    std::string_view field(std::string_view name) const;
};

struct HttpEnd {
    enum class Kind {
        Complete,
        NotSent, // no byte of the request left
        Cut,     // the request left, or a part of it, and the answer is not complete
    };
    Kind kind = Kind::Complete;
    QString reason; // half a sentence without address or header
};

// Takes one answer. Returning false ends the exchange; takeEnd() follows. CurlLoop::abort() before it is destroyed.
class HttpReceiver
{
public:
    virtual ~HttpReceiver() = default;
    virtual bool takeHead(const HttpHead &head) = 0;
    virtual bool takeBody(std::string_view bytes) = 0;
    virtual void takeEnd(const HttpEnd &end) = 0;
};

// Everything outgoing over HTTP: libcurl in the event loop of the thread it lives in, with connections kept for reuse.
// Follows no redirects, keeps no cookies, verifies TLS. One per core, outlives all who use it.
class CurlLoop : public QObject
{
    Q_OBJECT
public:
    explicit CurlLoop(QObject *parent = nullptr);
    ~CurlLoop() override;

    // Sends at once. `receiver` may be null when nobody cares; its takeEnd() is never called from within start().
    qint64 start(HttpRequest request, HttpReceiver *receiver);
    // Ends the exchange and its connection; the receiver hears nothing more. Unknown numbers are ignored.
    void abort(qint64 exchange);

private:
    struct Exchange;
    struct Callbacks;
    struct Watch;
    void add(Exchange &exchange);
    void configure(Exchange &exchange);
    Watch &watchOf(int socket);
    void watch(int socket, int events);
    void act(int socket, int events);
    int drive(int socket, int events);
    void collect();
    void release(std::unique_ptr<Exchange> exchange);

    void *m_multi;
    std::vector<void *> m_spareHandles;
    std::unordered_map<qint64, std::unique_ptr<Exchange>> m_exchanges;
    std::unordered_map<int, std::unique_ptr<Watch>> m_watches;
    std::vector<qint64> m_toAdd; // started and aborted from within curl's own callbacks
    std::vector<qint64> m_toRemove;
    QTimer m_timer;
    qint64 m_lastExchange = 0;
    int m_added = 0; // exchanges that curl has
    bool m_insideCurl = false;
};

} // namespace mcpcore
