// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/signin/Fetches.h"
#include "base/RawJson.h"
#include "upstream/Addresses.h"
#include <QUrl>

namespace mcpcore {

namespace {

constexpr qsizetype maximumBody = 256 * 1024;

} // namespace

class Fetches::One final : public HttpReceiver
{
public:
    One(Fetches &all, const HttpRequest &request, Completion<Fetched> done)
        : m_all(all), m_host(QUrl(QString::fromUtf8(request.url)).host()), m_sent(request.body), m_done(std::move(done))
    {}
    ~One() override { wipe(m_sent); }

    bool takeHead(const HttpHead &head) override
    {
        m_answer.status = head.status;
        m_answer.head = head.lines;
        m_answer.body.reserve(maximumBody); // no copy is left behind by growing
        return true;
    }
    bool takeBody(std::string_view bytes) override
    {
        m_tooLong = m_answer.body.size() + qsizetype(bytes.size()) > maximumBody - 1024;
        if (!m_tooLong)
            m_answer.body.append(bytes.data(), qsizetype(bytes.size()));
        return !m_tooLong;
    }
    void takeEnd(const HttpEnd &end) override
    {
        const auto self = std::move(m_all.m_open[number]);
        m_all.m_open.erase(number);
        if (m_tooLong || end.kind != HttpEnd::Kind::Complete) {
            wipe(m_answer.body);
            return m_done(failure(Error::Kind::UpstreamFailed,
                                  m_tooLong ? QStringLiteral("%1 answered with more than is read of it.").arg(m_host)
                                            : QStringLiteral("%1 could not be asked, because %2.").arg(m_host, end.reason)));
        }
        padForReading(m_answer.body);
        m_done(std::move(m_answer));
    }

    qint64 number = 0;

private:
    Fetches &m_all;
    const QString m_host;
    QByteArray m_sent; // shares the bytes that the loop sends
    Completion<Fetched> m_done;
    Fetched m_answer;
    bool m_tooLong = false;
};

Fetches::Fetches(CurlLoop &loop) : m_loop(loop) {}

Fetches::~Fetches()
{
    for (const auto &[number, one] : m_open)
        m_loop.abort(number);
}

void Fetches::send(HttpRequest request, Completion<Fetched> done)
{
    request.body.detach(); // ours alone to wipe, never a literal
    auto one = std::make_unique<One>(*this, request, std::move(done));
    One *receiver = one.get();
    receiver->number = m_loop.start(std::move(request), receiver);
    m_open.emplace(receiver->number, std::move(one));
}

void Fetches::get(const QByteArray &url, HttpRequest::Reach reach, Completion<Fetched> done)
{
    HttpRequest request;
    request.reach = reach;
    request.url = url;
    request.limit = std::chrono::seconds(20);
    request.fields = {QByteArrayLiteral("Accept: application/json"), QByteArrayLiteral("MCP-Protocol-Version: 2025-11-25"),
                      QByteArrayLiteral("User-Agent: countersign/" COUNTERSIGN_VERSION)};
    if (isLoopbackHost(QUrl(QString::fromUtf8(url)).host()))
        request.proxy = HttpRequest::Proxy::None;
    send(std::move(request), std::move(done));
}

} // namespace mcpcore
