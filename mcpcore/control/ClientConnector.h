// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Post.h"
#include "clientconfig/ClientCatalog.h"
#include "clientconfig/ClientSetup.h"
#include "clientconfig/EntryCheck.h"
#include "control/Control.h"
#include <QThreadPool>

namespace mcpcore {

inline const QString kTokenPrefix = QStringLiteral("cst_");
QByteArray digestOfToken(const QString &token);

struct WatchedEntry;

// Connects the AI clients of this computer to Countersign and takes them off again: `client detect|preview|connect|disconnect|undo|repair|snippet`
// (DESIGN 2 and 8). Files are read and written in a thread of its own, since they wait for disks and for other programs; the workspace is changed
// in the core thread, before a file tells a client of it. Owned by Control.
class ClientConnector : public QObject
{
    Q_OBJECT
public:
    ClientConnector(Control &control, const ControlServices &services);
    ~ClientConnector() override;

    // What is installed, and how our entries in its files stand.
    void detect(Completion<Json> done);
    // The same of every entry that is ours.
    void watched(std::function<void(const QList<WatchedEntry> &)> then);
    // What a connect with these parameters would do.
    void preview(const Json &parameters, Completion<Json> done);
    void connectClient(const Json &parameters, Completion<Json> done);
    // Its access ends with its last entry, also where a file cannot be changed.
    void disconnectClient(const Json &parameters, Completion<Json> done);
    // Takes the last connect or disconnect back.
    void undo(const Json &parameters, Completion<Json> done);
    // Writes our entries again, where they are gone or altered.
    void repair(const Json &parameters, Completion<Json> done);
    // The text of an entry, to be copied by hand, and what may be typed or opened instead.
    void snippet(const Json &parameters, Completion<Json> done);
    // Writes this token, which is the client's by now, into those of its entries that hold one. Answers with what came of it.
    void rewrite(const ClientId &client, const QString &token, Completion<Json> done);

Q_SIGNALS:
    void wrote(); // into a client's file

private:
    friend class ClientImports; // takes part in the same work, in the same worker
    // What a command is about.
    struct Target {
        const ClientKind *kind = nullptr;
        ClientId client;      // there may be none of this id yet
        SetupOrder order;     // without a file: all files that belong to the user
        QString environment;  // an id, or "active"; empty: not said
        bool isNamed = false; // the name of the entry was said

        // Whether a command about this client means that entry of it.
        bool means(const QString &file, const EntryValues &entry) const;
    };
    struct Planned {
        QList<SetupOrder> orders;
        QList<SetupPreview> previews;
    };
    Result<Target> targetOf(const Json &parameters) const;
    ClientSetup::Surroundings surroundings() const;
    ClientSetup setup() const { return ClientSetup(surroundings()); }
    // The same for an entry that is to be written: what it reaches is there, and the client may reach it.
    Result<Target> writableTargetOf(const Json &parameters) const;
    QString urlForClients() const;
    bool mayComeIn(const ClientId &client) const;
    // The entry of a record, everything else as in that order.
    static SetupOrder orderOf(const EntryRecord &record, SetupOrder order);
    // In the worker: what is to be written, and all entries that the client has.
    QList<SetupOrder> ordersOf(const ClientSetup &setup, const Target &target) const;
    QList<SetupOrder> connectedOrders(const ClientSetup &setup, const Target &target) const;
    // Those that nobody recorded: a person pasted them, or the client wrote them by itself.
    QList<SetupOrder> unrecordedOrders(const ClientSetup &setup, const Target &target, EntriesOfHttp http) const;
    // Several entries of one file leave it as they came, the newest first, so that each finds what it left.
    QList<SetupResult> takeOut(const Target &target, QList<SetupOrder> orders) const;
    struct Undone {
        QList<SetupResult> results;
        QList<SetupOrder> again; // whose token is needed anew
        bool isConnected = false;
    };
    Undone undoIn(const Target &target) const;
    // In the core thread: lets the client in, with this token unless that is empty.
    Result<> admit(const Target &target, const QString &token);
    Result<> revoke(const ClientId &client);
    // No file tells the client to come: it is what it was. Null: it was not there.
    Result<> takeBack(const ClientId &client, const std::optional<Client> &before);
    void write(const Target &target, QList<SetupOrder> orders, Completion<Json> done);
    // "command" and "link": what a person may type or open so that the client writes its entry by itself.
    void addHints(Json &answer, const Target &target) const;
    template <typename T> void inWorker(std::function<T()> job, std::function<void(T)> then)
    {
        m_worker.start([this, job = std::move(job), then = std::move(then)] {
            const auto result = std::make_shared<T>(job());
            post(this, [result, then] { then(std::move(*result)); });
        });
    }

    Control &m_control;
    const ControlServices &m_services;
    mutable FileSteps m_steps;
    QThreadPool m_worker; // of one thread: no two commands write at a time
};

} // namespace mcpcore
