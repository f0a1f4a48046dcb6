// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/ProfileKey.h"
#include <QtEndian>

namespace mcpcore {

namespace {

// The item: version, owner (0 or 1), number of seals (64 bits, big-endian), id of the log (zeros: none), key.
constexpr char formVersion = 1;
constexpr qsizetype logSize = 16;
constexpr qsizetype keySize = 32;
constexpr qsizetype itemSize = 2 + 8 + logSize + keySize;

Secret derived(const char *label, const Secret &from)
{
    QByteArray code = authenticationCode(label, from);
    Secret key(std::string_view(code.constData(), size_t(code.size())));
    wipe(code);
    return key;
}

} // namespace

ProfileKey ProfileKey::make(Ids &ids)
{
    ProfileKey made;
    QByteArray bytes = ids.randomBytes(keySize);
    made.secret = Secret(std::string_view(bytes.constData(), size_t(bytes.size())));
    wipe(bytes);
    return made;
}

Result<ProfileKey> ProfileKey::fromItem(const Secret &item)
{
    const std::string_view bytes = item.reveal();
    if (qsizetype(bytes.size()) != itemSize || bytes[0] != formVersion || (bytes[1] != 0 && bytes[1] != 1))
        return failure(Error::Kind::InvalidRequest,
                       QStringLiteral("What is stored as the key of this profile is none. A newer version may have written it."));
    ProfileKey key;
    key.ownedByApp = bytes[1] == 1;
    key.seals = qFromBigEndian<qint64>(bytes.data() + 2);
    const QByteArray log(bytes.data() + 10, logSize);
    if (log != QByteArray(logSize, '\0'))
        key.log = log.toHex();
    key.secret = Secret(bytes.substr(size_t(itemSize - keySize)));
    return key;
}

Secret ProfileKey::toItem() const
{
    QByteArray bytes(10, '\0');
    bytes.reserve(itemSize); // no copy is left behind by growing
    bytes[0] = formVersion;
    bytes[1] = ownedByApp ? 1 : 0;
    qToBigEndian(seals, bytes.data() + 2);
    bytes += QByteArray::fromHex(log).leftJustified(logSize, '\0', true);
    bytes.append(secret.reveal().data(), keySize);
    Secret item(std::string_view(bytes.constData(), size_t(bytes.size())));
    wipe(bytes);
    return item;
}

Secret ProfileKey::keyFor(Purpose purpose) const
{
    switch (purpose) {
    case Purpose::Workspace: return derived("countersign workspace 1", secret);
    case Purpose::Log: return derived("countersign log 1", secret);
    case Purpose::Keys: return derived("countersign keys 1", secret);
    }
    Q_UNREACHABLE();
}

QByteArray ProfileKey::fingerprint() const
{
    return authenticationCode("countersign fingerprint 1", secret).left(8).toHex();
}

} // namespace mcpcore
