// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "clientconfig/ClientEntry.h"
#include "clientconfig/ConfigFile.h"
#include "clientconfig/EntryRecords.h"
#include "clientconfig/LineDiff.h"
#include "clientconfig/Machine.h"
#include "packs/Pack.h"
#include <functional>

namespace mcpcore {

// One entry in one file of one client.
struct SetupOrder {
    enum class Existing { Keep, Overwrite }; // an entry of that name that somebody else made
    QString file;
    Way way = Way::Bridge;
    EntryValues values; // with the id of the client and the name of the entry
    Existing existing = Existing::Keep;
    int linesAround = 3;
};

// What was done, or would be. Line and column are of the fault in the file, 0 where it has no place.
struct SetupResult {
    enum class Status { Written, Unchanged, Refused, Conflict };
    QString client;
    QString file;
    Status status = Status::Refused;
    int line = 0;
    int column = 0;
    QString reason;            // why not; empty when written
    QList<DiffLine> diff = {}; // what changed since, where that is the reason
};

struct SetupWarning {
    enum class What { MustQuit, Versioned, OthersMayRead, LeftOut, Bypass };
    What what;
    QString text;
    QString entry = {};  // of a bypass
    QString vendor = {}; // of a bypass
};

struct SetupPreview {
    SetupResult result; // as connect() would answer; a client that has to be quit first is a warning here
    bool replaces = false;
    qsizetype bytesAdded = 0;
    QStringList checked = {}; // sentences
    QString timeout = {};
    QString restart = {};
    QList<SetupWarning> warnings = {};
};

// Connects clients: one entry into a client's file and out again, with everything else in it kept. Created by who asks, lives on any one
// thread, blocks for some fsyncs. What it did is in records of the profile; tokens come from who asks, and are in no record.
class ClientSetup
{
public:
    struct Surroundings {
        FileSteps &steps;
        const Clock &clock;
        Machine machine;
        QString profile;
        QList<Pack> packs;
        std::function<QStringList(const QStringList &)> running; // which of these programs run
    };
    explicit ClientSetup(Surroundings surroundings);

    SetupPreview preview(const ClientKind &kind, const SetupOrder &order) const;
    SetupResult connect(const ClientKind &kind, const SetupOrder &order) const;
    // Takes our entry out: the file is exactly what it was where nothing else has changed in it.
    SetupResult disconnect(const ClientKind &kind, const SetupOrder &order) const;
    // Takes the last connect or disconnect back. A file that changed since is not touched: its difference is in the result.
    SetupResult undo(const ClientKind &kind, const SetupOrder &order) const;
    // The whole text of a file with our entry only, in the format of this client: to be copied by hand. Holds the token over HTTP.
    static Result<QByteArray> snippet(const ClientKind &kind, Way way, const EntryValues &values);

    // Why nothing of this order can be written to that file ever, or now: a client that has to be quit first.
    std::optional<SetupResult> impossible(const ClientKind &kind, const SetupOrder &order) const;
    std::optional<SetupResult> running(const ClientKind &kind, const SetupOrder &order) const;

    const EntryRecords &records() const { return m_records; }

private:
    struct Plan;
    using Act = SetupResult (ClientSetup::*)(const ClientKind &, const SetupOrder &) const;
    SetupResult repeated(Act act, const ClientKind &kind, const SetupOrder &order) const;
    tl::expected<Plan, SetupResult> plan(const ClientKind &kind, const SetupOrder &order) const;
    SetupResult tryConnect(const ClientKind &kind, const SetupOrder &order) const;
    SetupResult tryDisconnect(const ClientKind &kind, const SetupOrder &order) const;
    SetupResult takeOut(const ClientKind &kind, const SetupOrder &order, const ConfigFile &file,
                        const std::optional<EntryRecord> &record) const;
    void handOver(const EntryRecord &gone, const QByteArray &before, const QByteArray &after) const;
    SetupResult tryUndo(const ClientKind &kind, const SetupOrder &order) const;
    SetupResult change(const ClientKind &kind, const SetupOrder &order, const ConfigFile &file, const std::optional<QByteArray> &bytes,
                       EntryRecord record, const std::optional<EntryRecord> &old) const;
    Result<> write(const ClientKind &kind, const ConfigFile &file, const std::optional<QByteArray> &bytes) const;
    QList<SetupWarning> warnings(const ClientKind &kind, const SetupOrder &order, const Plan &plan) const;

    Surroundings m_around;
    EntryRecords m_records;
};

} // namespace mcpcore
