// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "base/Secret.h"
#include <QString>
#include <map>

// The bytes of a key file (README.md has the table), without any disk: pure functions.

namespace mcpcore {

// How much work it is to try a passphrase (Argon2id).
struct KeyFileCost {
    quint32 passes = 3;
    quint32 kibibytes = 256 * 1024;
};

// What stands unencrypted at the beginning: how the key comes from the passphrase. It is authenticated.
struct KeyFileHeader {
    KeyFileCost cost;
    QByteArray salt;
    QByteArray check; // of the key: tells a wrong passphrase from a damaged file
    QByteArray nonce;
};

struct KeyFileContent {
    QByteArray id;          // of this file, from its making on
    quint64 generation = 0; // counts its writes
    std::map<QString, Secret> items;
};

inline constexpr qsizetype kKeyFileMaximum = 16 * 1024 * 1024;
inline constexpr qsizetype kKeyFileItemMaximum = 1024 * 1024;
inline constexpr qsizetype kPassphraseMinimum = 8; // characters

// Empty when the passphrase may be used for a new file; else what is wrong with it.
QString faultOf(const Secret &passphrase);

// With a salt of its own.
KeyFileHeader newKeyFileHeader(KeyFileCost cost);
// SecretUnavailable when the bytes are no whole key file, or ask for more memory or time than this program gives.
Result<KeyFileHeader> keyFileHeaderOf(const QByteArray &file);
// Takes the time and memory that the header says.
Result<Secret> keyFromPassphrase(const Secret &passphrase, const KeyFileHeader &header);
bool isKeyOf(const KeyFileHeader &header, const Secret &key);
// SecretUnavailable when anything of it was altered.
Result<KeyFileContent> openKeyFile(const QByteArray &file, const Secret &key);
// With a nonce of its own. `header` gives cost and salt.
QByteArray sealKeyFile(const KeyFileContent &content, const KeyFileHeader &header, const Secret &key);

} // namespace mcpcore
