// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyFileForm.h"
#include <QtEndian>
#include <sodium.h>

namespace mcpcore {

namespace {

constexpr std::string_view magic = "countersign-keys";
constexpr char formVersion = 1;
constexpr qsizetype passesAt = qsizetype(magic.size()) + 1;
constexpr qsizetype kibibytesAt = passesAt + 4;
constexpr qsizetype saltAt = kibibytesAt + 4;
constexpr qsizetype saltSize = crypto_pwhash_SALTBYTES;
constexpr qsizetype checkAt = saltAt + saltSize;
constexpr qsizetype checkSize = 16;
constexpr qsizetype nonceAt = checkAt + checkSize;
constexpr qsizetype nonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr qsizetype headerSize = nonceAt + nonceSize;
constexpr qsizetype tagSize = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr qsizetype digestSize = 32;
constexpr qsizetype idSize = 16;
constexpr quint32 mostPasses = 10, mostKibibytes = 512 * 1024, leastKibibytes = crypto_pwhash_MEMLIMIT_MIN / 1024;

using Bytes = unsigned char;

QByteArray randomBytes(qsizetype size)
{
    QByteArray bytes(size, Qt::Uninitialized);
    randombytes_buf(bytes.data(), size_t(size));
    return bytes;
}

std::string_view viewOf(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

tl::unexpected<Error> damaged(const QString &what)
{
    return failure(Error::Kind::SecretUnavailable,
                   QStringLiteral("The key file %1. Nothing was written to it. Put back a copy of it; without one, move it away and set "
                                  "the keys again.")
                       .arg(what));
}

QByteArray checkOf(const Secret &key)
{
    return authenticationCode("countersign key file check 1", key).left(checkSize);
}

Secret dataKeyOf(const Secret &key)
{
    QByteArray code = authenticationCode("countersign key file data 1", key);
    Secret data(viewOf(code));
    wipe(code);
    return data;
}

QByteArray toBytes(const KeyFileHeader &header)
{
    QByteArray bytes(magic.data(), qsizetype(magic.size()));
    bytes.resize(saltAt);
    bytes[passesAt - 1] = formVersion;
    qToBigEndian(header.cost.passes, bytes.data() + passesAt);
    qToBigEndian(header.cost.kibibytes, bytes.data() + kibibytesAt);
    return bytes + header.salt + header.check + header.nonce;
}

// Writes forward into memory that was measured before.
struct Writer {
    char *at;
    template <typename Number> void number(Number value)
    {
        qToBigEndian(value, at);
        at += sizeof(Number);
    }
    void bytes(std::string_view view) { at = std::copy(view.begin(), view.end(), at); }
};

// Reads forward; says nothing after the end.
struct Reader {
    std::string_view rest;
    template <typename Number> std::optional<Number> number()
    {
        const auto view = bytes(sizeof(Number));
        return view ? std::optional(qFromBigEndian<Number>(view->data())) : std::nullopt;
    }
    std::optional<std::string_view> bytes(size_t size)
    {
        if (size > rest.size())
            return std::nullopt;
        const std::string_view view = rest.substr(0, size);
        rest.remove_prefix(size);
        return view;
    }
};

// The plain text: id, generation, number of items; of each the name and the value after their lengths.
Secret toPlain(const KeyFileContent &content)
{
    size_t size = size_t(idSize) + 8 + 4;
    for (const auto &[name, value] : content.items)
        size += 2 + size_t(name.toUtf8().size()) + 4 + value.reveal().size();
    return Secret::filled(size, [&](char *bytes) {
        Writer out{bytes};
        out.bytes(viewOf(content.id));
        out.number(content.generation);
        out.number(quint32(content.items.size()));
        for (const auto &[name, value] : content.items) {
            const QByteArray utf8 = name.toUtf8();
            out.number(quint16(utf8.size()));
            out.bytes(viewOf(utf8));
            out.number(quint32(value.reveal().size()));
            out.bytes(value.reveal());
        }
    });
}

std::optional<KeyFileContent> fromPlain(const Secret &plain)
{
    Reader in{plain.reveal()};
    KeyFileContent content;
    const auto id = in.bytes(size_t(idSize));
    const auto generation = in.number<quint64>();
    const auto count = in.number<quint32>();
    if (!id || !generation || !count)
        return std::nullopt;
    content.id = QByteArray(id->data(), idSize);
    content.generation = *generation;
    for (quint32 i = 0; i < *count; ++i) {
        const auto nameSize = in.number<quint16>();
        const auto name = in.bytes(nameSize.value_or(0));
        const auto valueSize = in.number<quint32>();
        const auto value = in.bytes(valueSize.value_or(0));
        if (!nameSize || !name || !valueSize || !value)
            return std::nullopt;
        content.items.emplace(QString::fromUtf8(name->data(), qsizetype(name->size())), Secret(*value));
    }
    return in.rest.empty() && content.items.size() == *count ? std::optional(std::move(content)) : std::nullopt;
}

} // namespace

QString faultOf(const Secret &passphrase)
{
    const std::string_view bytes = passphrase.reveal();
    const auto characters = std::count_if(bytes.begin(), bytes.end(), [](char c) { return (uchar(c) & 0xc0) != 0x80; });
    return characters < kPassphraseMinimum
               ? QStringLiteral("A passphrase needs at least %1 characters. Nothing was changed.").arg(kPassphraseMinimum)
               : QString();
}

KeyFileHeader newKeyFileHeader(KeyFileCost cost)
{
    return {cost, randomBytes(saltSize), {}, {}};
}

Result<KeyFileHeader> keyFileHeaderOf(const QByteArray &file)
{
    if (!viewOf(file).starts_with(magic))
        return damaged(file.isEmpty() ? QStringLiteral("is empty") : QStringLiteral("is none: it begins with something else"));
    if (file.size() < headerSize + tagSize + digestSize)
        return damaged(QStringLiteral("is cut off"));
    if (file[passesAt - 1] != formVersion)
        return failure(Error::Kind::SecretUnavailable,
                       QStringLiteral("The key file was written by another version of Countersign (form %1). Install that version.")
                           .arg(int(file[passesAt - 1])));
    if (sha256(viewOf(file).substr(0, size_t(file.size() - digestSize))) != file.right(digestSize))
        return damaged(QStringLiteral("is damaged or cut off"));
    KeyFileHeader header;
    header.cost.passes = qFromBigEndian<quint32>(file.constData() + passesAt);
    header.cost.kibibytes = qFromBigEndian<quint32>(file.constData() + kibibytesAt);
    if (header.cost.passes < 1 || header.cost.passes > mostPasses || header.cost.kibibytes < leastKibibytes
        || header.cost.kibibytes > mostKibibytes)
        return damaged(QStringLiteral("was changed outside Countersign: it asks for more memory or time than is ever used"));
    header.salt = file.mid(saltAt, saltSize);
    header.check = file.mid(checkAt, checkSize);
    header.nonce = file.mid(nonceAt, nonceSize);
    return header;
}

Result<Secret> keyFromPassphrase(const Secret &passphrase, const KeyFileHeader &header)
{
    bool made = false;
    Secret key = Secret::filled(crypto_auth_KEYBYTES, [&](char *bytes) {
        const std::string_view words = passphrase.reveal();
        made = crypto_pwhash(reinterpret_cast<Bytes *>(bytes), crypto_auth_KEYBYTES, words.data(), words.size(),
                             reinterpret_cast<const Bytes *>(header.salt.constData()), header.cost.passes,
                             size_t(header.cost.kibibytes) * 1024, crypto_pwhash_ALG_ARGON2ID13)
               == 0;
    });
    if (!made)
        return failure(Error::Kind::SecretUnavailable,
                       QStringLiteral("There is not enough memory to open the key file: it takes %1 MiB for a moment. Close something and "
                                      "try again.")
                           .arg(header.cost.kibibytes / 1024));
    return key;
}

bool isKeyOf(const KeyFileHeader &header, const Secret &key)
{
    return equalInConstantTime(viewOf(checkOf(key)), viewOf(header.check));
}

Result<KeyFileContent> openKeyFile(const QByteArray &file, const Secret &key)
{
    const auto header = keyFileHeaderOf(file);
    if (!header)
        return failure(header.error());
    const qsizetype sealedSize = file.size() - headerSize - digestSize;
    const Secret dataKey = dataKeyOf(key);
    bool opened = false;
    const Secret plain = Secret::filled(size_t(sealedSize - tagSize), [&](char *bytes) {
        const auto *at = reinterpret_cast<const Bytes *>(file.constData());
        opened = crypto_aead_xchacha20poly1305_ietf_decrypt(reinterpret_cast<Bytes *>(bytes), nullptr, nullptr, at + headerSize,
                                                            quint64(sealedSize), at, quint64(headerSize), at + nonceAt,
                                                            reinterpret_cast<const Bytes *>(dataKey.reveal().data()))
                 == 0;
    });
    auto content = opened ? fromPlain(plain) : std::nullopt;
    if (!content)
        return damaged(QStringLiteral("was changed outside Countersign"));
    return std::move(*content);
}

QByteArray sealKeyFile(const KeyFileContent &content, const KeyFileHeader &header, const Secret &key)
{
    KeyFileHeader fresh = header;
    fresh.check = checkOf(key);
    fresh.nonce = randomBytes(nonceSize);
    const Secret plain = toPlain(content);
    const Secret dataKey = dataKeyOf(key);
    QByteArray file = toBytes(fresh);
    file.resize(headerSize + qsizetype(plain.reveal().size()) + tagSize);
    auto *at = reinterpret_cast<Bytes *>(file.data());
    crypto_aead_xchacha20poly1305_ietf_encrypt(at + headerSize, nullptr, reinterpret_cast<const Bytes *>(plain.reveal().data()),
                                               plain.reveal().size(), at, quint64(headerSize), nullptr, at + nonceAt,
                                               reinterpret_cast<const Bytes *>(dataKey.reveal().data()));
    return file + sha256(viewOf(file));
}

} // namespace mcpcore
