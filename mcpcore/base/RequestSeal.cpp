// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/RequestSeal.h"
#include <sodium.h>

namespace mcpcore {

namespace {

constexpr qsizetype nonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr qsizetype tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr auto encoding = QByteArray::Base64UrlEncoding | QByteArray::OmitTrailingEquals;

const uchar *bytes(const QByteArray &array)
{
    return reinterpret_cast<const uchar *>(array.constData());
}

} // namespace

RequestSeal::RequestSeal(Ids &ids) : m_ids(ids)
{
    QByteArray key = ids.randomBytes(crypto_aead_xchacha20poly1305_ietf_KEYBYTES);
    m_key = Secret({key.constData(), size_t(key.size())});
    wipe(key);
}

QByteArray RequestSeal::sealed(const QByteArray &content, const QByteArray &binding) const
{
    QByteArray out = m_ids.randomBytes(nonceSize);
    out.resize(nonceSize + content.size() + tagSize);
    auto *raw = reinterpret_cast<uchar *>(out.data());
    crypto_aead_xchacha20poly1305_ietf_encrypt(raw + nonceSize, nullptr, bytes(content), size_t(content.size()), bytes(binding),
                                               size_t(binding.size()), nullptr, raw,
                                               reinterpret_cast<const uchar *>(m_key.reveal().data()));
    return out.toBase64(encoding);
}

std::optional<QByteArray> RequestSeal::opened(const QByteArray &state, const QByteArray &binding) const
{
    const auto decoded = QByteArray::fromBase64Encoding(state, encoding | QByteArray::AbortOnBase64DecodingErrors);
    if (!decoded || decoded.decoded.size() < nonceSize + tagSize)
        return std::nullopt;
    const QByteArray &in = decoded.decoded;
    QByteArray content(in.size() - nonceSize - tagSize, Qt::Uninitialized);
    const int opened = crypto_aead_xchacha20poly1305_ietf_decrypt(
        reinterpret_cast<uchar *>(content.data()), nullptr, nullptr, bytes(in) + nonceSize, size_t(in.size() - nonceSize), bytes(binding),
        size_t(binding.size()), bytes(in), reinterpret_cast<const uchar *>(m_key.reveal().data()));
    return opened == 0 ? std::optional(content) : std::nullopt;
}

} // namespace mcpcore
