// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "upstream/CurlLoop.h"
#include "upstream/Addresses.h"
#include <QSocketNotifier>
#include <curl/curl.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace mcpcore {

namespace {

constexpr long connectMilliseconds = 10'000;
constexpr qsizetype maximumHead = 64 * 1024;
constexpr long keptConnections = 128;
constexpr size_t spareHandles = 64;

void overwrite(char *text)
{
    for (volatile char *at = text; *at; ++at)
        *at = '\0';
}

QString reasonOf(CURLcode code)
{
    switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST: return QStringLiteral("its name could not be found");
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_PROXY: return QStringLiteral("the proxy of this computer does not let us through");
    case CURLE_COULDNT_CONNECT: return QStringLiteral("nothing accepts a connection there");
    case CURLE_OPERATION_TIMEDOUT: return QStringLiteral("it did not answer in time");
    case CURLE_PEER_FAILED_VERIFICATION: return QStringLiteral("its certificate could not be verified");
    case CURLE_SSL_CONNECT_ERROR: return QStringLiteral("no secure connection could be made");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_URL_MALFORMAT:
    case CURLE_LOGIN_DENIED: return QStringLiteral("its address is not an http or https address that may be used");
    case CURLE_SEND_ERROR: return QStringLiteral("the connection was lost while the request was sent");
    case CURLE_OK:
    case CURLE_ABORTED_BY_CALLBACK: // aboutToSend()
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_RECV_ERROR:
    case CURLE_HTTP2:
    case CURLE_HTTP2_STREAM: return QStringLiteral("the connection was lost before the answer was complete");
    default: return QStringLiteral("the exchange failed (curl %1)").arg(int(code));
    }
}

} // namespace

struct CurlLoop::Exchange {
    ~Exchange() { dropFields(); }
    void dropSecret()
    {
        if (secretLine)
            overwrite(secretLine);
        secretLine = nullptr;
        request.secret = Secret();
    }
    void dropFields()
    {
        dropSecret();
        curl_slist_free_all(fields);
        fields = nullptr;
    }

    qint64 number = 0;
    HttpRequest request;
    HttpReceiver *receiver = nullptr;
    CURL *handle = nullptr;
    curl_slist *fields = nullptr;
    char *secretLine = nullptr;
    int attempts = 0; // how often curl was about to send
    HttpHead head;
    bool headComplete = false;
    bool aborted = false;
    bool isPrivate = false; // its address, and it may not be
};

// What is watched on one socket; kept for the next socket of that number. A connection that rests stays watched for reading
// until something comes or it is closed: changing what is watched costs more than all the rest of a turn of the event loop.
struct CurlLoop::Watch {
    Watch(CurlLoop *loop, int socket) : readable(socket, QSocketNotifier::Read), writable(socket, QSocketNotifier::Write)
    {
        readable.setEnabled(false);
        writable.setEnabled(false);
        connect(&readable, &QSocketNotifier::activated, loop, [this, loop, socket] {
            if (wanted)
                loop->act(socket, CURL_CSELECT_IN);
            else
                readable.setEnabled(false); // the server closed a connection that rests; curl notices when it needs it
        });
        connect(&writable, &QSocketNotifier::activated, loop, [loop, socket] { loop->act(socket, CURL_CSELECT_OUT); });
    }
    bool isConnection = false; // curl tells when it closes those
    bool wanted = false;       // by curl, for reading
    QSocketNotifier readable;
    QSocketNotifier writable;
};

struct CurlLoop::Callbacks {
    static int socket(CURL *, curl_socket_t socket, int what, void *loop, void *)
    {
        static_cast<CurlLoop *>(loop)->watch(int(socket), what);
        return 0;
    }
    static int opened(void *loop, curl_socket_t socket, curlsocktype)
    {
        ::fcntl(socket, F_SETFD, FD_CLOEXEC);
        static_cast<CurlLoop *>(loop)->watchOf(int(socket)).isConnection = true;
        return CURL_SOCKOPT_OK;
    }
    static curl_socket_t openToPublic(void *exchange, curlsocktype, curl_sockaddr *address)
    {
        if (isPrivateAddress(&address->addr)) {
            static_cast<Exchange *>(exchange)->isPrivate = true;
            return CURL_SOCKET_BAD;
        }
        return ::socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
    }
    static int close(void *loop, curl_socket_t socket)
    {
        Watch &watch = static_cast<CurlLoop *>(loop)->watchOf(int(socket));
        watch.isConnection = false;
        watch.readable.setEnabled(false);
        return ::close(socket);
    }
    static int timer(CURLM *, long milliseconds, void *loop)
    {
        QTimer &timer = static_cast<CurlLoop *>(loop)->m_timer;
        if (milliseconds < 0)
            timer.stop();
        else
            timer.start(int(std::min<long>(milliseconds, 1 << 30)));
        return 0;
    }
    // Called before each time curl sends the request. A message never leaves twice: curl would send it again by itself when
    // a connection that it had kept turns out to be dead.
    static int aboutToSend(void *exchange, char *, char *, int, int)
    {
        return ++static_cast<Exchange *>(exchange)->attempts == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
    }
    static size_t headLine(char *from, size_t size, size_t count, void *data)
    {
        auto &exchange = *static_cast<Exchange *>(data);
        const std::string_view line(from, size * count);
        if (exchange.aborted || exchange.headComplete)
            return exchange.aborted ? 0 : line.size(); // trailers
        if (line.substr(0, 5) == "HTTP/") {
            long status = 0;
            curl_easy_getinfo(exchange.handle, CURLINFO_RESPONSE_CODE, &status);
            exchange.head = {int(status), {}};
            return line.size();
        }
        if (line == "\r\n" || line == "\n") {
            if (exchange.head.status < 200) // 100 Continue, 103 Early Hints
                return line.size();
            exchange.headComplete = true;
            exchange.dropSecret();
            return !exchange.receiver || exchange.receiver->takeHead(exchange.head) ? line.size() : 0;
        }
        if (exchange.head.lines.size() + qsizetype(line.size()) > maximumHead)
            return 0;
        exchange.head.lines.append(line.data(), qsizetype(line.size()));
        return line.size();
    }
    static size_t answer(char *from, size_t size, size_t count, void *data)
    {
        auto &exchange = *static_cast<Exchange *>(data);
        const std::string_view bytes(from, size * count);
        if (exchange.aborted)
            return bytes.empty() ? 1 : 0;
        return !exchange.receiver || exchange.receiver->takeBody(bytes) ? bytes.size() : 0;
    }
};

std::string_view HttpHead::field(std::string_view name) const
{
    std::string_view rest(lines.constData(), size_t(lines.size()));
    while (!rest.empty()) {
        const size_t end = std::min(rest.find('\n'), rest.size());
        const std::string_view line = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        if (line.size() <= name.size() || line[name.size()] != ':')
            continue;
        if (qstrnicmp(line.data(), name.data(), name.size()) != 0)
            continue;
        std::string_view value = line.substr(name.size() + 1);
        const size_t first = value.find_first_not_of(" \t\r");
        if (first == std::string_view::npos)
            return {};
        return value.substr(first, value.find_last_not_of(" \t\r") - first + 1);
    }
    return {};
}

CurlLoop::CurlLoop(QObject *parent) : QObject(parent), m_timer(this)
{
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    m_multi = ready == CURLE_OK ? curl_multi_init() : nullptr;
    if (!m_multi)
        qFatal("libcurl cannot start");
    m_timer.setSingleShot(true);
    connect(&m_timer, &QTimer::timeout, this, [this] { act(CURL_SOCKET_TIMEOUT, 0); });
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETFUNCTION, &Callbacks::socket);
    curl_multi_setopt(m_multi, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERFUNCTION, &Callbacks::timer);
    curl_multi_setopt(m_multi, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(m_multi, CURLMOPT_MAXCONNECTS, keptConnections);
}

CurlLoop::~CurlLoop()
{
    for (auto &[number, exchange] : m_exchanges) {
        if (!exchange->handle)
            continue;
        curl_multi_remove_handle(m_multi, exchange->handle);
        curl_easy_cleanup(exchange->handle);
    }
    for (void *handle : m_spareHandles)
        curl_easy_cleanup(handle);
    curl_multi_cleanup(m_multi);
}

qint64 CurlLoop::start(HttpRequest request, HttpReceiver *receiver)
{
    auto exchange = std::make_unique<Exchange>();
    const qint64 number = ++m_lastExchange;
    exchange->number = number;
    exchange->request = std::move(request);
    exchange->receiver = receiver;
    Exchange &started = *exchange;
    m_exchanges.emplace(number, std::move(exchange));
    if (m_insideCurl) {
        m_toAdd.push_back(number);
        return number;
    }
    add(started);
    // Sends without waiting for the event loop. What has ended already is told from there.
    if (drive(CURL_SOCKET_TIMEOUT, 0) < m_added)
        m_timer.start(0);
    return number;
}

void CurlLoop::abort(qint64 number)
{
    const auto found = m_exchanges.find(number);
    if (found == m_exchanges.end())
        return;
    found->second->aborted = true;
    found->second->receiver = nullptr;
    if (m_insideCurl) {
        m_toRemove.push_back(number);
        return;
    }
    std::unique_ptr<Exchange> exchange = std::move(found->second);
    m_exchanges.erase(found);
    release(std::move(exchange));
}

void CurlLoop::add(Exchange &exchange)
{
    if (m_spareHandles.empty()) {
        exchange.handle = curl_easy_init();
        if (!exchange.handle)
            qFatal("libcurl has no memory");
    } else {
        exchange.handle = m_spareHandles.back();
        m_spareHandles.pop_back();
    }
    configure(exchange);
    curl_multi_add_handle(m_multi, exchange.handle);
    ++m_added;
}

void CurlLoop::configure(Exchange &exchange)
{
    CURL *handle = exchange.handle;
    HttpRequest &request = exchange.request;
    curl_easy_setopt(handle, CURLOPT_PRIVATE, &exchange);
    curl_easy_setopt(handle, CURLOPT_URL, request.url.constData());
    curl_easy_setopt(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    curl_easy_setopt(handle, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(handle, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(handle, CURLOPT_SOCKOPTFUNCTION, &Callbacks::opened);
    curl_easy_setopt(handle, CURLOPT_SOCKOPTDATA, this);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETFUNCTION, &Callbacks::close);
    curl_easy_setopt(handle, CURLOPT_CLOSESOCKETDATA, this);
    curl_easy_setopt(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle, CURLOPT_HTTP_VERSION, long(CURL_HTTP_VERSION_2TLS));
    curl_easy_setopt(handle, CURLOPT_SSLVERSION, long(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    curl_easy_setopt(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    curl_easy_setopt(handle, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(handle, CURLOPT_CONNECTTIMEOUT_MS, connectMilliseconds);
    if (request.limit.count() > 0)
        curl_easy_setopt(handle, CURLOPT_TIMEOUT_MS, long(request.limit.count()));
    if (request.reach == HttpRequest::Reach::Public) {
        curl_easy_setopt(handle, CURLOPT_OPENSOCKETFUNCTION, &Callbacks::openToPublic);
        curl_easy_setopt(handle, CURLOPT_OPENSOCKETDATA, &exchange);
        curl_easy_setopt(handle, CURLOPT_FRESH_CONNECT, 1L); // others may have been opened without looking
    }
    if (request.proxy == HttpRequest::Proxy::None)
        curl_easy_setopt(handle, CURLOPT_PROXY, ""); // curl asks the proxy for 127.0.0.1 as well
    curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, &Callbacks::headLine);
    curl_easy_setopt(handle, CURLOPT_HEADERDATA, &exchange);
    curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, &Callbacks::answer);
    curl_easy_setopt(handle, CURLOPT_WRITEDATA, &exchange);

    for (const QByteArray &field : std::as_const(request.fields))
        exchange.fields = curl_slist_append(exchange.fields, field.constData());
    if (!request.secret.isEmpty()) {
        QByteArray line;
        line.reserve(request.secretField.size() + qsizetype(request.secret.reveal().size()) + 1);
        line += request.secretField;
        line.append(request.secret.reveal().data(), qsizetype(request.secret.reveal().size()));
        exchange.fields = curl_slist_append(exchange.fields, line.constData());
        wipe(line);
        curl_slist *last = exchange.fields;
        while (last->next)
            last = last->next;
        exchange.secretLine = last->data;
        request.secret = Secret();
    }
    switch (request.method) {
    case HttpRequest::Method::Get: break;
    case HttpRequest::Method::Delete: curl_easy_setopt(handle, CURLOPT_CUSTOMREQUEST, "DELETE"); break;
    case HttpRequest::Method::Post:
        exchange.fields = curl_slist_append(exchange.fields, "Expect:");
        curl_easy_setopt(handle, CURLOPT_POST, 1L);
        curl_easy_setopt(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(request.body.size()));
        curl_easy_setopt(handle, CURLOPT_POSTFIELDS, request.body.constData()); // in one piece with the head
        curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, &Callbacks::aboutToSend);
        curl_easy_setopt(handle, CURLOPT_PREREQDATA, &exchange);
        break;
    }
    curl_easy_setopt(handle, CURLOPT_HTTPHEADER, exchange.fields);
}

CurlLoop::Watch &CurlLoop::watchOf(int socket)
{
    auto &watch = m_watches[socket];
    if (!watch)
        watch = std::make_unique<Watch>(this, socket);
    return *watch;
}

void CurlLoop::watch(int socket, int what)
{
    Watch &watch = watchOf(socket);
    watch.wanted = what == CURL_POLL_IN || what == CURL_POLL_INOUT;
    if (watch.wanted || !watch.isConnection)
        watch.readable.setEnabled(watch.wanted);
    watch.writable.setEnabled(what == CURL_POLL_OUT || what == CURL_POLL_INOUT);
}

void CurlLoop::act(int socket, int events)
{
    drive(socket, events);
    collect();
}

int CurlLoop::drive(int socket, int events)
{
    int running = 0;
    m_insideCurl = true;
    curl_multi_socket_action(m_multi, socket, events, &running);
    m_insideCurl = false;
    for (const qint64 number : std::exchange(m_toRemove, {}))
        abort(number);
    for (const qint64 number : std::exchange(m_toAdd, {})) {
        const auto found = m_exchanges.find(number);
        if (found != m_exchanges.end())
            add(*found->second); // sets the timer, which sends
    }
    return running;
}

// Tells what has ended by now. What ends while it is told (receivers start new exchanges) has its turn after the other sockets.
void CurlLoop::collect()
{
    int left = 0;
    int more = 1;
    for (bool first = true; more > 0; first = false) {
        const CURLMsg *message = curl_multi_info_read(m_multi, &left);
        more = first ? left : more - 1;
        if (!message || message->msg != CURLMSG_DONE)
            continue;
        CURL *handle = message->easy_handle;
        const CURLcode code = message->data.result;
        Exchange *ended = nullptr;
        curl_off_t ready = 0;
        long bytes = 0;
        curl_easy_getinfo(handle, CURLINFO_PRIVATE, &ended);
        curl_easy_getinfo(handle, CURLINFO_PRETRANSFER_TIME_T, &ready);
        curl_easy_getinfo(handle, CURLINFO_REQUEST_SIZE, &bytes);
        const bool complete = code == CURLE_OK && ended->headComplete;
        // A CONNECT to a proxy also counts bytes, but comes before `ready`.
        const bool sent = (ready > 0 && bytes > 0) || ended->attempts > 1;
        const HttpEnd end{complete ? HttpEnd::Kind::Complete
                          : sent   ? HttpEnd::Kind::Cut
                                   : HttpEnd::Kind::NotSent,
                          complete           ? QString()
                          : ended->isPrivate ? QStringLiteral("its address is in a private network, and the connection is not")
                                             : reasonOf(code)};
        const auto found = m_exchanges.find(ended->number);
        std::unique_ptr<Exchange> exchange = std::move(found->second);
        m_exchanges.erase(found);
        HttpReceiver *receiver = exchange->receiver;
        release(std::move(exchange));
        if (receiver)
            receiver->takeEnd(end);
    }
    if (left > 0)
        m_timer.start(0);
}

void CurlLoop::release(std::unique_ptr<Exchange> exchange)
{
    if (!exchange->handle)
        return; // never added
    --m_added;
    curl_multi_remove_handle(m_multi, exchange->handle);
    if (m_spareHandles.size() >= spareHandles) {
        curl_easy_cleanup(exchange->handle);
        return;
    }
    curl_easy_reset(exchange->handle);
    m_spareHandles.push_back(exchange->handle);
}

} // namespace mcpcore
