// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "clientconfig/ClientImport.h"
#include "clientconfig/ImportScan.h"
#include "control/ClientConnector.h"
#include "control/ImportOffer.h"

namespace mcpcore {

// Brings servers that stand in a client's file behind us: `client scan|import-preview|import`, and what `client undo` takes back of it.
// Each becomes a connection, its key is set for that as `key set` does it (the vendor is asked first), and only then the file is written: our
// entry in the place of theirs. What fails on the way leaves neither connection nor key behind. Files are read and written in the connector's
// worker; keys leave this class in no answer. Owned by Control.
class ClientImports : public QObject
{
    Q_OBJECT
public:
    ClientImports(Control &control, const ControlServices &services, ClientConnector &connector);

    // What is in the files of a client, and what could be done with it.
    void scan(const Json &parameters, Completion<Json> done);
    void preview(const Json &parameters, Completion<Json> done);
    void import(const Json &parameters, Completion<Json> done);
    // The same parameters with all that will be done: what a person is asked about, and import() keeps to.
    void describe(const Json &parameters, Completion<Json> done);
    // The last change of the client's files: an import, or what ClientConnector::undo takes back.
    void undo(const Json &parameters, Completion<Json> done);

private:
    using Target = ClientConnector::Target;
    struct ScannedFile {
        QString path;
        QByteArray digest;
        ConfigFault fault; // why it cannot be read
        QStringList ours;  // names of the entries that lead to us
        ImportScan scan;
    };
    struct Run;
    struct Undoing;
    using Files = std::vector<ScannedFile>;
    Files scanned(const Target &target) const;
    ImportKnowledge knowledge() const;
    ImportOffer offerOf(const FoundServer &server, const ImportScan &scan, const QList<ConnectionId> &taken) const;
    Json sightOf(const ScannedFile &file) const;
    // ClientImportScan.cpp: reads the file that is meant and finds in it what was chosen.
    void begin(const Json &parameters, std::function<void(Result<std::shared_ptr<Run>>)> then);
    Result<> choose(Run &run, const Json &entries) const;
    ImportOrder orderOf(const Run &run) const;
    void addNext(const std::shared_ptr<Run> &run);
    void checkKey(const std::shared_ptr<Run> &run);
    void setKey(const std::shared_ptr<Run> &run);
    QString changedMeanwhile(const Run &run) const;
    void takeOver(const std::shared_ptr<Run> &run);
    void finish(const std::shared_ptr<Run> &run, const ImportResult &result);
    // Takes the connections and keys of this run away again, then answers.
    void rollBack(const std::shared_ptr<Run> &run, Result<Json> answer);
    // ClientImportUndo.cpp
    void readNext(const std::shared_ptr<Undoing> &undoing);
    void putBack(const std::shared_ptr<Undoing> &undoing);

    Control &m_control;
    const ControlServices &m_services;
    ClientConnector &m_connector;
};

} // namespace mcpcore
