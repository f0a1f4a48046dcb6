// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include <openssl/evp.h>
#include <sodium.h>

namespace mcpcore {

namespace {

void initialiseOnce()
{
    static const int ready = sodium_init();
    if (ready < 0)
        qFatal("libsodium cannot start");
}

} // namespace

Secret::Secret(std::string_view bytes)
{
    initialiseOnce();
    m_bytes.reset(static_cast<char *>(sodium_malloc(std::max<size_t>(bytes.size(), 1))));
    if (!m_bytes)
        qFatal("no locked memory for a secret");
    std::copy(bytes.begin(), bytes.end(), m_bytes.get());
    m_size = bytes.size();
}

void Secret::Free::operator()(char *bytes) const
{
    sodium_free(bytes);
}

void wipe(QByteArray &bytes)
{
    if (!bytes.isEmpty())
        sodium_memzero(const_cast<char *>(bytes.constData()), size_t(bytes.size()));
    bytes.clear();
}

bool equalInConstantTime(std::string_view left, std::string_view right)
{
    return left.size() == right.size() && sodium_memcmp(left.data(), right.data(), left.size()) == 0;
}

// OpenSSL uses the processor's instructions: five times as fast as libsodium, which counts for rows of the log and for
// large results. libcurl has it loaded anyway.
QByteArray sha256(std::string_view bytes)
{
    static const EVP_MD *const algorithm = EVP_MD_fetch(nullptr, "SHA256", nullptr);
    thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
    QByteArray digest(32, Qt::Uninitialized);
    if (!algorithm || !context || EVP_DigestInit_ex2(context.get(), algorithm, nullptr) != 1
        || EVP_DigestUpdate(context.get(), bytes.data(), bytes.size()) != 1
        || EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char *>(digest.data()), nullptr) != 1)
        qFatal("OpenSSL has no SHA-256");
    return digest;
}

QByteArray authenticationCode(std::string_view bytes, const Secret &key)
{
    Q_ASSERT(key.reveal().size() == crypto_auth_KEYBYTES);
    QByteArray code(crypto_auth_BYTES, Qt::Uninitialized);
    crypto_auth(reinterpret_cast<unsigned char *>(code.data()), reinterpret_cast<const unsigned char *>(bytes.data()), bytes.size(),
                reinterpret_cast<const unsigned char *>(key.reveal().data()));
    return code;
}

} // namespace mcpcore
