// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <string>
#include <vector>

namespace bench {

// One keep-alive connection that posts JSON-RPC messages and waits for their answers. Understands Content-Length, chunked
// answers and event streams, as far as our server and the gateway send them. Throws std::runtime_error on a failure.
class HttpCaller
{
public:
    HttpCaller(int port, std::string path, std::string token);
    HttpCaller(HttpCaller &&other) noexcept;
    HttpCaller(const HttpCaller &) = delete;
    ~HttpCaller();

    // Sends initialize and notifications/initialized.
    void initialize();
    // Sends one message; answers with the body.
    std::string post(const std::string &message);
    // The two halves, for many callers at once.
    void send(const std::string &message);
    std::string receive();
    // True when a whole answer has arrived; reads what is there without waiting.
    bool poll();
    int descriptor() const { return m_socket; }
    // {"jsonrpc":...,"method":"tools/call",...} with the next id.
    std::string
    callMessage(const std::string &tool,
                const std::string &arguments = R"({"customer":"cus_NffrFeUfNV2Hib","amount":5000,"currency":"usd","note":"measured"})");

private:
    bool complete();
    int m_socket;
    std::string m_path, m_token, m_session, m_host;
    std::string m_in;
    std::string m_body;
    long m_id = 0;
};

} // namespace bench
