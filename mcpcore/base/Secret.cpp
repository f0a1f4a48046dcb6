// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Secret.h"
#include <array>
#include <atomic>
#include <bit>
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

// Short secrets, which are nearly all, share one guarded and locked region: one of its own for each costs a dozen system
// calls, more than all the rest of sending a call. Never freed, because secrets may outlive it; used from every thread.
class SharedRegion
{
public:
    SharedRegion() : m_region(static_cast<char *>(sodium_malloc(slotSize * 64 * m_used.size()))) {}

    char *take()
    {
        for (size_t word = 0; m_region && word < m_used.size(); ++word) {
            uint64_t used = m_used[word].load(std::memory_order_relaxed);
            while (~used) {
                const int bit = std::countr_one(used);
                if (m_used[word].compare_exchange_weak(used, used | uint64_t(1) << bit, std::memory_order_acquire))
                    return m_region + (word * 64 + size_t(bit)) * slotSize;
            }
        }
        return nullptr;
    }
    // False when it is not one of ours.
    bool give(char *bytes)
    {
        if (!m_region || bytes < m_region || bytes >= m_region + slotSize * 64 * m_used.size())
            return false;
        sodium_memzero(bytes, slotSize);
        const size_t slot = size_t(bytes - m_region) / slotSize;
        m_used[slot / 64].fetch_and(~(uint64_t(1) << slot % 64), std::memory_order_release);
        return true;
    }

    static constexpr size_t slotSize = 256;

private:
    std::array<std::atomic<uint64_t>, 4> m_used{};
    char *const m_region;
};

SharedRegion &sharedRegion()
{
    static SharedRegion *const region = new SharedRegion;
    return *region;
}

} // namespace

Secret::Secret(std::string_view bytes)
{
    allocate(bytes.size());
    std::copy(bytes.begin(), bytes.end(), m_bytes.get());
}

Secret Secret::filled(size_t size, const std::function<void(char *bytes)> &fill)
{
    Secret made;
    made.allocate(size);
    fill(made.m_bytes.get());
    return made;
}

void Secret::allocate(size_t size)
{
    initialiseOnce();
    if (size <= SharedRegion::slotSize)
        m_bytes.reset(sharedRegion().take());
    if (!m_bytes)
        m_bytes.reset(static_cast<char *>(sodium_malloc(std::max<size_t>(size, 1))));
    if (!m_bytes)
        qFatal("no locked memory for a secret");
    m_size = size;
}

void Secret::Free::operator()(char *bytes) const
{
    if (!sharedRegion().give(bytes))
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

bool equalInConstantTime(const Secret &left, const Secret &right)
{
    return equalInConstantTime(left.reveal(), right.reveal());
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
