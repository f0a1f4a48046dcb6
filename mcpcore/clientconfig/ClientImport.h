// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientSetup.h"
#include "clientconfig/ImportCopies.h"

namespace mcpcore {

// Entries of one file that are taken over, and ours which comes in their place.
struct ImportOrder {
    SetupOrder setup;              // the file, and our entry
    QList<EntryPlace> entries;     // FoundServer::place
    std::vector<ImportedKey> keys; // every key of those entries, in the keychain already under these names
    QByteArray digest = {};        // of the file that was looked at; empty: whatever it is now
};

struct ImportWarning {
    enum class What {
        MustQuit,    // of a preview: the client has to be quit first
        StaysInFile, // the key stands outside the entries too, in a comment or in another entry
        Versioned,   // older versions of the file keep the key
        CopyLeft,    // a copy in the profile could not be masked
    };
    What what;
    QString text;
    int line = 0;
};

struct ImportResult {
    SetupResult result;  // no key is in its lines
    QString record = {}; // id of what undo() takes back; of a file that was written
    QList<ImportWarning> warnings = {};
    bool mayBeOut = false; // nothing was done, as far as is known, and the file may be without its keys all the same: keep them
};

// Brings servers of a client's file behind us: their entries go, ours comes, in one write, and no copy that we keep holds their keys.
//
// How it is used: scanForImport() finds servers and keys; the caller checks the keys, sets them for connections and has them in the keychain;
// then preview() and takeOver() with the same order. To undo, the caller reads ImportRecord::keys() from the keychain and gives them to undo():
// the file gets its old bytes back, exactly, if nobody has changed it since; who undoes then revokes nothing of the connection.
// Made by who asks, lives on any one thread, blocks for some fsyncs.
class ClientImport
{
public:
    explicit ClientImport(const ClientSetup::Surroundings &surroundings);

    ImportResult preview(const ClientKind &kind, const ImportOrder &order) const;
    ImportResult takeOver(const ClientKind &kind, const ImportOrder &order) const;
    ImportResult undo(const ClientKind &kind, const ImportRecord &record, const std::vector<ImportedKey> &keys) const;

    const ImportRecords &records() const { return m_imports; }

private:
    struct Plan;
    tl::expected<Plan, SetupResult> plan(const ClientKind &kind, const ImportOrder &order) const;
    std::optional<SetupResult> putOurs(const ClientKind &kind, const SetupOrder &order, Plan &plan) const;
    QList<ImportWarning> warnings(const ImportOrder &order, const Plan &plan) const;
    ImportResult tryTakeOver(const ClientKind &kind, const ImportOrder &order) const;
    ImportResult tryUndo(const ClientKind &kind, const ImportRecord &record, const std::vector<ImportedKey> &keys) const;
    Result<> write(const ClientKind &kind, const ConfigFile &file, const QByteArray &bytes, const QByteArray &kept) const;
    bool isWithout(const QString &path, const std::vector<ImportedKey> &keys) const;

    ClientSetup::Surroundings m_around;
    ClientSetup m_setup;
    ImportRecords m_imports;
};

} // namespace mcpcore
