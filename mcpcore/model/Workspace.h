// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Client.h"
#include "model/Connection.h"
#include "model/Environment.h"
#include "model/Rule.h"
#include "model/Tool.h"

namespace mcpcore {

// What the vendor said of a key when it was asked last.
struct KeyVerification {
    enum class Mode { NotSaid, Test, Live };
    std::chrono::milliseconds at{}; // wall
    Mode mode = Mode::NotSaid;
    QString account;       // its id at the vendor; empty = not said
    QString accountName;   // what others wrote; may be empty
    QStringList abilities; // what it may and may not do, as far as was asked; sentences of ours
};

QString toText(KeyVerification::Mode mode);
std::optional<KeyVerification::Mode> verifiedModeFrom(const QString &text);

inline constexpr int kUsualRotationDays = 90;

// What is known of a key without the key. The secret is in the keychain under `id`.
struct KeyRecord {
    KeyId id;
    ConnectionId connection;
    EnvironmentId environment;
    std::optional<ClientId> client; // none = for every client
    QString label;
    QString destination; // the origin or command hash it may be given to
    QString prefix;      // public part for display, e.g. "sk_test_"; may be empty
    QString lastFour;
    QString store; // "keychain" or "file"
    std::chrono::milliseconds created{};
    QByteArray fingerprint = {};                  // tells whether two keys are the same one; only with the key of the profile. May be empty
    QString kind = {};                            // in the vendor's words: "restricted"; empty = not known
    std::optional<KeyVerification> verified = {}; // none = the vendor was not asked
    std::chrono::milliseconds expires{};          // wall: the end that the key itself carries; 0 = none
    int rotationDays = kUsualRotationDays;        // a newer one is due after so many days; 0 = no reminder
    QString foundIn = {};                         // the file in which it stood in plain text before; empty = none
};

// A connection that answered from another environment than the one it is set up for. Nothing is sent to it there until a
// person has looked.
struct Alarm {
    ConnectionId connection;
    EnvironmentId environment;
    QString what; // a sentence
    std::chrono::milliseconds since{};
};

// A tool that one client does not get to see: not listed to it, and unknown when it calls it.
struct HiddenTool {
    ClientId client;
    ConnectionId connection;
    EnvironmentId environment;
    QString tool; // the upstream's name

    friend bool operator==(const HiddenTool &, const HiddenTool &) = default;
};

// Everything in workspace.json: what the user has set up. No secrets. A plain value; store/WorkspaceFile keeps it.
struct Workspace {
    QList<Environment> environments;
    EnvironmentId activeEnvironment;
    QList<Connection> connections;
    QList<Client> clients;
    QList<Rule> rules;
    QList<ToolTrust> trusts;
    QList<KeyRecord> keys;
    QList<HiddenTool> hidden;
    QList<Alarm> alarms;
    bool paused = false;
    bool ownedByApp = false; // the app opened this profile once: what widens needs its window
};

// sandbox (active), staging, production; nothing else.
Workspace newWorkspace();

const Environment *find(const Workspace &workspace, const EnvironmentId &id);
const Connection *find(const Workspace &workspace, const ConnectionId &id);
const Client *find(const Workspace &workspace, const ClientId &id);
const ToolTrust *findTrust(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment,
                           const QString &tool);
// The names of the tools hidden from this client there.
QStringList hiddenTools(const Workspace &workspace, const ClientId &client, const ConnectionId &connection,
                        const EnvironmentId &environment);
// The key for this client: its own one before the common one.
const KeyRecord *findKey(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment,
                         const ClientId &client);
const Alarm *findAlarm(const Workspace &workspace, const ConnectionId &connection, const EnvironmentId &environment);
// The environment this client acts in: its own, or the active one.
EnvironmentId environmentOf(const Workspace &workspace, const Client &client);

} // namespace mcpcore
