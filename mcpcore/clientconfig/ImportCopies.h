// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/FileSteps.h"
#include "clientconfig/ImportRecords.h"
#include <vector>

namespace mcpcore {

// A key and the name under which the caller keeps it: unique, and lasting as long as an import may be undone.
struct ImportedKey {
    QString name;
    Secret secret;
};

// The text with these keys hidden, wherever they stand.
MaskedText masked(const QByteArray &bytes, const std::vector<ImportedKey> &keys);
// Hides them in every copy of a client's file that the profile holds: backups, what undo goes back to, earlier imports. A copy that undo goes
// back to is not exact any more then. Returns the files in which it did not work.
QStringList hideInCopies(const QString &profile, const ImportRecords &imports, const std::vector<ImportedKey> &keys);

// Removes what an import that was killed left beside a client's file, or of all that were imported from (`file` empty): the old text with its
// keys, which is in the record and in the keychain.
void removeLeftOvers(FileSteps &steps, const ImportRecords &imports, Milliseconds wall, const QString &file = {});

} // namespace mcpcore
