// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyFile.h"
#include "base/AtomicFile.h"
#include "secrets/KeyFileDisk.h"
#include <QFileInfo>
#include <sodium.h>

namespace mcpcore {

namespace {

QByteArray digestOf(const QByteArray &bytes)
{
    return sha256({bytes.constData(), size_t(bytes.size())});
}

tl::unexpected<Error> locked()
{
    return failure(
        Error::Kind::SecretUnavailable,
        QStringLiteral("The key file is locked: its passphrase was not given yet. Give it in the window of Countersign, or start "
                       "countersignctl serve on a terminal or with --passphrase-fd."));
}

tl::unexpected<Error> wrongPassphrase()
{
    return failure(Error::Kind::InvalidArgument,
                   QStringLiteral("This is not the passphrase of the key file. Nothing was changed. Try again."));
}

tl::unexpected<Error> notTheSame(const QString &path, const QString &what)
{
    return failure(
        Error::Kind::SecretUnavailable,
        QStringLiteral("The key file %1 was %2 while Countersign ran. Nothing was written to it. Put the right one back, or start "
                       "Countersign again to use this one.")
            .arg(path, what));
}

} // namespace

bool KeyFile::existsAt(const QString &path)
{
    const QFileInfo info(path);
    return info.exists() || info.isSymLink(); // also a link to nowhere: it is looked at, and refused
}

Result<QByteArray> KeyFile::bytes() const
{
    auto bytes = readPrivateFile(m_path);
    if (!bytes && bytes.error().kind == Error::Kind::NotFound)
        return failure(Error::Kind::SecretUnavailable,
                       QStringLiteral("The key file %1 is gone. No key can be read or stored until it is put back.").arg(m_path));
    return bytes;
}

Result<KeyFile::Found> KeyFile::load(const Secret &key) const
{
    auto read = bytes();
    if (!read)
        return failure(read.error());
    auto header = keyFileHeaderOf(*read);
    if (!header)
        return failure(header.error());
    if (!isKeyOf(*header, key))
        return wrongPassphrase();
    auto content = openKeyFile(*read, key);
    if (!content)
        return failure(content.error());
    return Found{std::move(*read), std::move(*header), std::move(*content)};
}

Result<KeyFile::Found> KeyFile::current() const
{
    if (!isOpen())
        return locked();
    auto found = load(m_key);
    if (!found && found.error().kind == Error::Kind::InvalidArgument)
        return notTheSame(m_path, QStringLiteral("replaced by another one"));
    if (!found)
        return found;
    if (found->content.id != m_id)
        return notTheSame(m_path, QStringLiteral("replaced by another one"));
    if (found->content.generation < m_generation || (found->content.generation == m_generation && digestOf(found->bytes) != m_digest))
        return notTheSame(m_path, QStringLiteral("replaced by an older copy of itself"));
    keep(*found);
    return found;
}

void KeyFile::keep(const Found &found) const
{
    m_id = found.content.id;
    m_generation = found.content.generation;
    m_digest = digestOf(found.bytes);
}

Result<> KeyFile::store(const KeyFileContent &content, const KeyFileHeader &header, const Secret &key)
{
    const QByteArray bytes = sealKeyFile(content, header, key);
    if (bytes.size() > kKeyFileMaximum)
        return failure(Error::Kind::SecretUnavailable, QStringLiteral("The key file is full. Delete keys that are not used any more."));
    if (const auto written = writeFile(m_path, bytes); !written)
        return failure(Error::Kind::SecretUnavailable,
                       QStringLiteral("The key file could not be written; the one before is as it was. %1").arg(written.error().message));
    m_id = content.id;
    m_generation = content.generation;
    m_digest = digestOf(bytes);
    return {};
}

Result<> KeyFile::make(const Secret &passphrase, std::map<QString, Secret> items, KeyFileCost cost)
{
    if (const QString problem = faultOf(passphrase); !problem.isEmpty())
        return failure(Error::Kind::InvalidArgument, problem);
    const auto lock = FolderLock::take(QFileInfo(m_path).absolutePath());
    if (!lock)
        return failure(lock.error());
    if (existsAt(m_path))
        return failure(Error::Kind::Conflict, QStringLiteral("There is a key file %1 already. Nothing was changed.").arg(m_path));
    const KeyFileHeader header = newKeyFileHeader(cost);
    auto key = keyFromPassphrase(passphrase, header);
    if (!key)
        return failure(key.error());
    QByteArray id(16, Qt::Uninitialized);
    randombytes_buf(id.data(), size_t(id.size()));
    const auto stored = store({id, 1, std::move(items)}, header, *key);
    if (stored)
        m_key = std::move(*key);
    return stored;
}

Result<> KeyFile::open(const Secret &passphrase)
{
    const auto read = bytes();
    if (!read)
        return failure(read.error());
    const auto header = keyFileHeaderOf(*read);
    if (!header)
        return failure(header.error());
    auto key = keyFromPassphrase(passphrase, *header);
    if (!key)
        return failure(key.error());
    const auto found = load(*key);
    if (!found)
        return failure(found.error());
    m_key = std::move(*key);
    keep(*found);
    return {};
}

Result<> KeyFile::check(const Secret &passphrase) const
{
    const auto found = current();
    if (!found)
        return failure(found.error());
    const auto key = keyFromPassphrase(passphrase, found->header);
    if (!key)
        return failure(key.error());
    return isKeyOf(found->header, *key) ? Result<>() : wrongPassphrase();
}

Result<> KeyFile::changePassphrase(const Secret &old, const Secret &fresh, KeyFileCost cost)
{
    if (const QString problem = faultOf(fresh); !problem.isEmpty())
        return failure(Error::Kind::InvalidArgument, problem);
    const auto lock = FolderLock::take(QFileInfo(m_path).absolutePath());
    if (!lock)
        return failure(lock.error());
    auto found = current();
    if (!found)
        return failure(found.error());
    const auto oldKey = keyFromPassphrase(old, found->header);
    if (!oldKey)
        return failure(oldKey.error());
    if (!isKeyOf(found->header, *oldKey))
        return wrongPassphrase();
    const KeyFileHeader header = newKeyFileHeader(cost);
    auto key = keyFromPassphrase(fresh, header);
    if (!key)
        return failure(key.error());
    ++found->content.generation;
    const auto stored = store(found->content, header, *key);
    if (stored)
        m_key = std::move(*key);
    return stored;
}

Result<Secret> KeyFile::read(const QString &name) const
{
    auto found = current();
    if (!found)
        return failure(found.error());
    const auto item = found->content.items.find(name);
    if (item == found->content.items.end())
        return failure(Error::Kind::NotFound, QStringLiteral("The key file has no such key."));
    return std::move(item->second);
}

Result<> KeyFile::change(const std::function<bool(std::map<QString, Secret> &)> &edit)
{
    const auto lock = FolderLock::take(QFileInfo(m_path).absolutePath());
    if (!lock)
        return failure(lock.error());
    auto found = current();
    if (!found)
        return failure(found.error());
    if (!edit(found->content.items))
        return {};
    ++found->content.generation;
    return store(found->content, found->header, m_key);
}

Result<> KeyFile::write(const QString &name, Secret secret)
{
    if (secret.isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("An empty key cannot be stored."));
    if (qsizetype(secret.reveal().size()) > kKeyFileItemMaximum || name.size() > 1000)
        return failure(Error::Kind::InvalidArgument, QStringLiteral("This is too long for the key file."));
    return change([&](std::map<QString, Secret> &items) {
        items[name] = std::move(secret);
        return true;
    });
}

Result<> KeyFile::remove(const QString &name)
{
    return change([&](std::map<QString, Secret> &items) { return items.erase(name) > 0; });
}

Result<QStringList> KeyFile::names() const
{
    const auto found = current();
    if (!found)
        return failure(found.error());
    QStringList names;
    for (const auto &[name, value] : found->content.items)
        names << name;
    return names;
}

Result<> KeyFile::moveTo(const QString &path)
{
    const auto lock = FolderLock::take(QFileInfo(path).absolutePath());
    const auto found = lock ? current() : failure(lock.error());
    const auto placed = found ? putInPlace(m_path, path) : failure(found.error());
    if (placed)
        m_path = path;
    return placed;
}

Result<> KeyFile::erase()
{
    const auto lock = FolderLock::take(QFileInfo(m_path).absolutePath());
    const auto found = lock ? current() : failure(lock.error());
    return found ? removeDurably(m_path) : failure(found.error());
}

Result<bool> KeyFile::holds(const Secret &passphrase, const std::map<QString, Secret> &items)
{
    KeyFile again(m_path);
    if (const auto opened = again.open(passphrase); !opened)
        return failure(opened.error());
    const auto found = again.current();
    if (!found)
        return failure(found.error());
    return std::equal(items.begin(), items.end(), found->content.items.begin(), found->content.items.end(),
                      [](const auto &a, const auto &b) { return a.first == b.first && equalInConstantTime(a.second, b.second); });
}

} // namespace mcpcore
