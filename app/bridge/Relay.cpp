// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bridge/Relay.h"
#include "app/bridge/AppStart.h"
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <ctime>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace app {

namespace {

constexpr size_t capacity = 64 * 1024;
constexpr size_t longestReplay = 16 * 1024 * 1024;
constexpr size_t mostRemembered = 4096;
constexpr long long patience = 2000;        // with an app that is starting or restarting, once per absence
constexpr long long startPatience = 20'000; // with an app that we have started
constexpr long long retryInterval = 50;
constexpr long long greetingTime = 5000; // for the app to answer greeting and replay
constexpr long long lastAnswers = 1000;  // after the client closed stdin
constexpr long long lastFlush = 5000;
constexpr int mostTries = 3;
constexpr int parseError = -32700;
constexpr int internalError = -32603;

const char *const unreadable = "\"This is not a JSON-RPC message. Nothing was done.\"";
const char *const noAnswer = "\"Countersign does not answer. Look at its window, then try again.\"";
const char *const closedOnUs = "\"Countersign closed the connection. Look at its window, then try again.\"";
const char *const notTakenBack = "\"Countersign did not take this client back. Restart the client.\"";
const char *const lost = "\"Countersign was closed before it answered. Open it, then try again.\"";
const char *const outcomeUnknown = "\"Countersign was closed while this call was running. Its outcome is unknown: do not repeat it. "
                                   "Look into the activity log first.\"";
const char *const notSent = "\"Countersign was closed before it had all of this request. Nothing was done; try again.\"";

long long now()
{
    timespec t;
    ::clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000LL + t.tv_nsec / 1000000;
}

// Cancelled requests get no answer, so the oldest are forgotten some day.
template <typename T> void remember(std::vector<T> &list, T value)
{
    if (list.size() == mostRemembered)
        list.erase(list.begin());
    list.push_back(std::move(value));
}

char scratch[capacity];

} // namespace

Relay::Relay(BridgeIdentity identity, int input, int output)
    : m_identity(std::move(identity)), m_input(input), m_output(output), m_toClient(output)
{}

int Relay::run()
{
    while (true) {
        advanceInput();
        if (m_toClient.flush() == ClientOutput::Client::Gone || m_clientGone || isOver())
            break;
        waitForSomething();
    }
    closeSocket();
    return 0;
}

void Relay::waitForSomething()
{
    // A descriptor we want nothing from is left out: poll would report its end over and over.
    const bool wantsInput = !m_inputEnded && m_in.size() < capacity;
    const bool canHold = !m_toClient.isFull();
    const bool sending = !m_first.empty() || m_line == Line::Sending || (m_line == Line::Streaming && !m_in.empty());
    const short socketEvents = short((canHold ? POLLIN : 0) | (sending && !m_socketBroken ? POLLOUT : 0));
    pollfd watched[] = {{wantsInput ? m_input : -1, POLLIN, 0},
                        {m_output, short(m_toClient.isEmpty() ? 0 : POLLOUT), 0},
                        {socketEvents ? m_socket : -1, socketEvents, 0}};
    if (::poll(watched, 3, waitMilliseconds()) < 0)
        return;
    if (watched[0].revents)
        readInput();
    m_clientGone = watched[1].revents & (POLLERR | POLLHUP | POLLNVAL);
    if (m_socket >= 0 && (watched[2].revents & (POLLIN | POLLHUP | POLLERR)) && canHold)
        readSocket();
    if ((m_link == Link::Greeting || m_link == Link::Replaying) && now() >= m_greetingEnds)
        failLink(noAnswer);
    sendFirst();
}

int Relay::waitMilliseconds() const
{
    long long until = -1;
    const auto consider = [&until](long long time) { until = until < 0 ? time : std::min(until, time); };
    if (m_link == Link::Greeting || m_link == Link::Replaying)
        consider(m_greetingEnds);
    else if (m_link == Link::Down && !m_toClient.isFull() && (m_line == Line::Whole || m_line == Line::Long))
        consider(m_nextAttempt);
    if (m_overAt > 0)
        consider(m_overAt);
    return until < 0 ? -1 : int(std::max(0LL, until - now()));
}

// The client has closed stdin: answers that are nearly there are still brought, then everything ends.
bool Relay::isOver()
{
    if (!m_inputEnded || !m_in.empty() || m_line != Line::None)
        return false;
    if (m_overAt == 0)
        m_overAt = now() + lastAnswers;
    if (m_socket >= 0 && !m_pending.empty() && now() < m_overAt)
        return false;
    if (m_socket >= 0) {
        closeSocket();
        m_overAt = now() + lastFlush;
    }
    return m_toClient.isEmpty() || now() >= m_overAt;
}

void Relay::readInput()
{
    const ssize_t n = ::read(m_input, scratch, capacity);
    if (n > 0) {
        m_in.append(scratch, size_t(n));
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        m_inputEnded = true;
        if (m_in.empty() ? m_line != Line::None : m_in.data()[m_in.size() - 1] != '\n')
            m_in.append("\n", 1);
    }
}

void Relay::advanceInput()
{
    while (!m_toClient.isFull() && advanceLine() == Progress::Made) {}
}

Relay::Progress Relay::advanceLine()
{
    switch (m_line) {
    case Line::None: return startLine();
    case Line::Whole: return routeWhole();
    case Line::Sending:
    case Line::Streaming: return sendLine();
    case Line::Dropping: return dropLine();
    case Line::Long: break;
    }
    const Readiness readiness = readyFor(false);
    if (readiness == Readiness::Waiting)
        return Progress::Blocked;
    m_line = readiness == Readiness::Ready ? Line::Streaming : Line::Dropping;
    return Progress::Made;
}

Relay::Progress Relay::startLine()
{
    const size_t end = m_in.find('\n');
    if (end == ByteQueue::npos && m_in.size() < capacity)
        return Progress::Blocked;
    m_fromClient.reset();
    m_lineTries = 0;
    m_scanned = std::min(end, m_in.size());
    m_fromClient.feed(m_in.data(), m_scanned);
    m_line = end == ByteQueue::npos ? Line::Long : Line::Whole;
    m_lineLength = end + 1;
    return Progress::Made;
}

Relay::Progress Relay::routeWhole()
{
    using Kind = Envelope::Kind;
    const Kind kind = m_fromClient.kind();
    const bool isLateAnswer =
        kind == Kind::Response && std::find(m_serverRequests.begin(), m_serverRequests.end(), m_fromClient.id()) == m_serverRequests.end();
    if (kind == Kind::Blank || (m_link == Link::Down && kind == Kind::Notification) || isLateAnswer) {
        finishLine(m_lineLength);
        return Progress::Made;
    }
    if (m_link == Link::Down && kind == Kind::Unreadable) {
        answerError("null", parseError, unreadable);
        finishLine(m_lineLength);
        return Progress::Made;
    }
    const Readiness readiness = m_lineTries < mostTries ? readyFor(m_fromClient.method() == "initialize") : Readiness::Failed;
    if (readiness == Readiness::Waiting)
        return Progress::Blocked;
    if (readiness == Readiness::Ready) {
        m_line = Line::Sending;
        m_sent = 0;
        return Progress::Made;
    }
    if (kind == Kind::Request)
        answerError(m_fromClient.id(), internalError, m_problem);
    finishLine(m_lineLength);
    return Progress::Made;
}

Relay::Progress Relay::sendLine()
{
    if (!m_first.empty() || m_socketBroken || m_in.empty())
        return Progress::Blocked;
    const bool whole = m_line == Line::Sending;
    size_t end = m_lineLength;
    bool complete = true;
    if (!whole) {
        const size_t lineBreak = m_in.find('\n', m_scanned);
        complete = lineBreak != ByteQueue::npos;
        end = complete ? lineBreak + 1 : m_in.size();
        const size_t content = complete ? lineBreak : end;
        m_fromClient.feed(m_in.data() + m_scanned, content - m_scanned);
        m_scanned = content;
    }
    const size_t from = whole ? m_sent : 0;
    const ssize_t n = ::send(m_socket, m_in.data() + from, end - from, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n < 0) {
        m_socketBroken = errno != EAGAIN && errno != EINTR;
        return Progress::Blocked;
    }
    const bool all = size_t(n) == end - from;
    if (all && complete) {
        lineDelivered(end);
    } else if (whole) {
        m_sent += size_t(n);
    } else {
        m_in.consume(size_t(n));
        m_scanned -= size_t(n);
    }
    return all ? Progress::Made : Progress::Blocked;
}

Relay::Progress Relay::dropLine()
{
    const size_t end = std::min(m_in.find('\n', m_scanned), m_in.size());
    m_fromClient.feed(m_in.data() + m_scanned, end - m_scanned);
    if (end == m_in.size()) {
        m_in.consume(end);
        m_scanned = 0;
        return Progress::Blocked;
    }
    if (m_fromClient.kind() == Envelope::Kind::Request)
        answerError(m_fromClient.id(), internalError, m_problem);
    finishLine(end + 1);
    return Progress::Made;
}

void Relay::finishLine(size_t length)
{
    m_in.consume(length);
    m_line = Line::None;
    m_scanned = 0;
}

// From here on the app may have acted on it.
void Relay::lineDelivered(size_t length)
{
    const std::string &method = m_fromClient.method();
    if (m_fromClient.kind() == Envelope::Kind::Request) {
        Asked asked = method == "tools/call" ? Asked::ToolCall : Asked::Other;
        if (method == "initialize") {
            asked = Asked::Initialize;
            m_initialize.clear();
            m_initializeId = m_fromClient.id();
            m_initializeSent = m_line == Line::Sending ? std::string(m_in.data(), length) : std::string();
        }
        remember(m_pending, Pending{m_fromClient.id(), asked});
    } else if (m_fromClient.kind() == Envelope::Kind::Response) {
        m_serverRequests.erase(std::remove(m_serverRequests.begin(), m_serverRequests.end(), m_fromClient.id()), m_serverRequests.end());
    }
    finishLine(length);
}

Relay::Readiness Relay::readyFor(bool isInitialize)
{
    if (m_link == Link::Up)
        return Readiness::Ready;
    if (m_link != Link::Down)
        return Readiness::Waiting;
    if (m_problemIsNew) {
        m_problemIsNew = false;
        return Readiness::Failed;
    }
    if (now() < m_nextAttempt)
        return Readiness::Waiting;
    const Attempt attempt = connectToApp(m_identity);
    if (attempt.socket >= 0) {
        if (isInitialize)
            m_initialize.clear();
        greet(attempt.socket);
        return Readiness::Waiting;
    }
    if (m_patienceEnds == 0)
        m_patienceEnds = now() + (attempt.mayPass && startApp(m_identity.profile) ? startPatience : patience);
    if (attempt.mayPass && now() < m_patienceEnds) {
        m_nextAttempt = now() + retryInterval;
        return Readiness::Waiting;
    }
    m_problem = '"' + attempt.problem + '"';
    return Readiness::Failed;
}

void Relay::greet(int socket)
{
    m_socket = socket;
    m_socketBroken = false;
    m_link = Link::Greeting;
    m_greetingEnds = now() + greetingTime;
    m_first = greeting(m_identity);
    m_fromApp.reset();
    sendFirst();
}

void Relay::sendFirst()
{
    if (m_first.empty() || m_socket < 0 || m_socketBroken)
        return;
    const ssize_t n = ::send(m_socket, m_first.data(), m_first.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0)
        m_first.erase(0, size_t(n));
    else
        m_socketBroken = errno != EAGAIN && errno != EINTR;
}

void Relay::readSocket()
{
    const ssize_t n = ::read(m_socket, scratch, capacity);
    if (n > 0) {
        m_toClient.hold(scratch, size_t(n));
        takeAppLines();
    } else if (n == 0 || (errno != EINTR && errno != EAGAIN)) {
        if (m_link == Link::Up)
            loseLink();
        else
            failLink(closedOnUs);
    }
}

void Relay::takeAppLines()
{
    while (m_socket >= 0 && m_toClient.heldSize() > 0) {
        const char *const held = m_toClient.held();
        const char *const lineBreak = static_cast<const char *>(std::memchr(held, '\n', m_toClient.heldSize()));
        if (!lineBreak && m_link != Link::Up) {
            if (m_toClient.heldSize() > longestReplay)
                failLink(noAnswer);
            return;
        }
        if (!lineBreak && !m_appLineIsLong && m_toClient.heldSize() < capacity)
            return;
        const size_t content = lineBreak ? size_t(lineBreak - held) : m_toClient.heldSize();
        m_fromApp.feed(held, content);
        if (!lineBreak) {
            m_appLineIsLong = true;
            m_toClient.release(content);
            return;
        }
        // Deciding may end the link, and with it what is held.
        const bool forClient = isForClient();
        if (m_toClient.heldSize() <= content)
            return;
        if (forClient)
            m_toClient.release(content + 1);
        else
            m_toClient.drop(content + 1);
        m_appLineIsLong = false;
        m_fromApp.reset();
    }
}

// Looks at a complete line of the app and acts on it.
bool Relay::isForClient()
{
    if (m_link == Link::Greeting) {
        if (!m_fromApp.isWelcome()) {
            const char *const held = m_toClient.held();
            failLink(messageOf(std::string(held, std::find(held, held + m_toClient.heldSize(), '\n'))));
            return false;
        }
        m_link = m_initialize.empty() ? Link::Up : Link::Replaying;
        m_first = m_initialize;
        m_patienceEnds = 0;
        return false;
    }
    const Envelope::Kind kind = m_fromApp.kind();
    if (m_link == Link::Replaying && kind == Envelope::Kind::Response && m_fromApp.id() == m_initializeId) {
        if (m_fromApp.isError()) {
            failLink(notTakenBack);
            return false;
        }
        m_link = Link::Up;
        m_first += "{\"jsonrpc\":\"2.0\",\"method\":\"notifications/initialized\"}\n";
        return false;
    }
    if (kind == Envelope::Kind::Response)
        appAnswered();
    else if (kind == Envelope::Kind::Request)
        remember(m_serverRequests, m_fromApp.id());
    return true;
}

void Relay::appAnswered()
{
    const auto found = std::find_if(m_pending.begin(), m_pending.end(), [this](const Pending &p) { return p.id == m_fromApp.id(); });
    if (found == m_pending.end())
        return;
    if (found->asked == Asked::Initialize && !m_fromApp.isError())
        m_initialize = std::move(m_initializeSent);
    m_pending.erase(found);
}

void Relay::failLink(const std::string &problem)
{
    m_problem = problem;
    m_problemIsNew = true;
    loseLink();
}

void Relay::loseLink()
{
    closeSocket();
    m_toClient.drop(m_toClient.heldSize());
    if (m_appLineIsLong)
        m_toClient.write("\n"); // its beginning is with the client already
    m_appLineIsLong = false;
    for (const Pending &pending : m_pending)
        answerError(pending.id, internalError, pending.asked == Asked::ToolCall ? outcomeUnknown : lost);
    m_pending.clear();
    // A late answer must not meet a request of the app's next life that has the same id.
    for (const std::string &id : m_serverRequests)
        m_toClient.write("{\"jsonrpc\":\"2.0\",\"method\":\"notifications/cancelled\",\"params\":{\"requestId\":" + id
                         + ",\"reason\":\"Countersign was closed.\"}}\n");
    m_serverRequests.clear();
    if (m_line == Line::Sending) {
        m_line = Line::Whole;
        ++m_lineTries;
        if (m_lineTries == mostTries)
            m_problem = notSent;
    } else if (m_line == Line::Streaming) {
        m_line = Line::Dropping;
        m_problem = notSent;
    }
}

void Relay::closeSocket()
{
    if (m_socket >= 0)
        ::close(m_socket);
    m_socket = -1;
    m_link = Link::Down;
    m_first.clear();
}

void Relay::answerError(const std::string &id, int code, const std::string &quotedMessage)
{
    m_toClient.write("{\"jsonrpc\":\"2.0\",\"id\":" + id + ",\"error\":{\"code\":" + std::to_string(code) + ",\"message\":" + quotedMessage
                     + "}}\n");
}

} // namespace app
