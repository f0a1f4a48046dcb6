// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ImportCopies.h"
#include "base/AtomicFile.h"
#include "clientconfig/Backups.h"
#include "clientconfig/ConfigFile.h"
#include <QDirIterator>
#include <QFileInfo>
#include <algorithm>

namespace mcpcore {

namespace {

void hide(MaskedText &text, const std::vector<ImportedKey> &keys)
{
    std::vector<const ImportedKey *> longestFirst;
    longestFirst.reserve(keys.size());
    for (const ImportedKey &key : keys)
        longestFirst.push_back(&key);
    std::stable_sort(longestFirst.begin(), longestFirst.end(),
                     [](const ImportedKey *left, const ImportedKey *right) { return left->secret.size() > right->secret.size(); });
    for (const ImportedKey *key : longestFirst)
        text.hide(key->secret, key->name);
}

} // namespace

MaskedText masked(const QByteArray &bytes, const std::vector<ImportedKey> &keys)
{
    MaskedText text{bytes};
    hide(text, keys);
    return text;
}

QStringList hideInCopies(const QString &profile, const ImportRecords &imports, const std::vector<ImportedKey> &keys)
{
    QStringList failed;
    for (const char *folder : {"/backups", "/connected"}) {
        QDirIterator files(profile + QLatin1String(folder), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
        while (files.hasNext()) {
            const QString path = files.next();
            const auto bytes = readFile(path, kMaximumConfigSize);
            const MaskedText text = bytes ? masked(*bytes, keys) : MaskedText();
            if (!bytes || (!text.holes.isEmpty() && !writeFile(path, text.bytes)))
                failed.append(path);
        }
    }
    for (ImportRecord record : imports.all()) {
        const qsizetype holes = record.kept.holes.size();
        hide(record.kept, keys);
        if (record.kept.holes.size() != holes && !imports.save(record))
            failed.append(record.file);
    }
    return failed;
}

void removeLeftOvers(FileSteps &steps, const ImportRecords &imports, Milliseconds wall, const QString &file)
{
    for (const ImportRecord &record : imports.all()) {
        if (!file.isEmpty() && record.file != file)
            continue;
        for (const QString &path : Backups({}, QFileInfo(record.file).canonicalFilePath()).leftOvers(steps, wall))
            if (const auto bytes = readFile(path, kMaximumConfigSize); bytes && digestOf(*bytes) == record.before)
                steps.remove(path);
    }
}

} // namespace mcpcore
