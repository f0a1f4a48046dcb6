// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/Machine.h"

namespace mcpcore {

// A file into which an entry for us may be written: it is there, or may be made.
struct ClientFile {
    QString path; // as clients name it: links are not followed
    QString what;
    ClientFileKind::Scope scope = ClientFileKind::Scope::User;
    bool isThere = false;
};

// What there is of one kind of client on this computer, as its files show it. No program of it is ever started.
struct FoundClient {
    QString kind;
    QString evidence; // the folder, file or program that shows that it is installed; empty: it is not
    QString version;  // as far as a file beside the program says so; may be empty
    QList<ClientFile> files;

    bool isInstalled() const { return !evidence.isEmpty(); }
};

// `workspace` is the folder whose own files are meant as well; empty for none.
FoundClient lookFor(const ClientKind &kind, const Machine &machine, const QString &workspace = {});
QList<FoundClient> lookForAll(const ClientCatalog &catalog, const Machine &machine);

} // namespace mcpcore
