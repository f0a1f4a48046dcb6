// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <functional>
#include <memory>
#include <string_view>

namespace mcpcore {

// Secret bytes in guarded, locked memory that is left out of core dumps and wiped when let go (libsodium). Move-only and
// without any conversion to text; reveal() is called only where the secret leaves to its vendor or its store.
class Secret
{
public:
    Secret() = default;
    // Copies `bytes`; the caller wipes its own copy (see wipe()).
    explicit Secret(std::string_view bytes);
    Secret(Secret &&) noexcept = default;
    Secret &operator=(Secret &&) noexcept = default;

    bool isEmpty() const { return m_size == 0; }
    size_t size() const { return m_size; }
    // Valid while this object lives.
    std::string_view reveal() const { return {m_bytes.get(), m_size}; }
    // Of `size` bytes that `fill` writes straight into the guarded memory.
    static Secret filled(size_t size, const std::function<void(char *bytes)> &fill);
    Secret duplicate() const { return Secret(reveal()); }

private:
    void allocate(size_t size);
    struct Free {
        void operator()(char *bytes) const;
    };
    std::unique_ptr<char, Free> m_bytes;
    size_t m_size = 0;
};

// Overwrites the bytes of a buffer that held a secret, without detaching.
void wipe(QByteArray &bytes);
// Compares two byte strings of equal length in a time that does not depend on where they differ.
bool equalInConstantTime(std::string_view left, std::string_view right);
bool equalInConstantTime(const Secret &left, const Secret &right);
QByteArray sha256(std::string_view bytes);
// Hash-based message authentication (HMAC-SHA-512/256) of `bytes` under `key` (32 bytes).
QByteArray authenticationCode(std::string_view bytes, const Secret &key);

} // namespace mcpcore
