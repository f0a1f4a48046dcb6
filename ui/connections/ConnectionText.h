// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/ConnectionState.h"
#include "model/Workspace.h"
#include "ui/shell/ConnectionWishes.h"
#include <QCoreApplication>

namespace ui {

// One cell of the grid: a connection in an environment.
struct Place {
    mcpcore::ConnectionId connection;
    mcpcore::EnvironmentId environment;

    friend bool operator==(const Place &, const Place &) = default;
    bool isEmpty() const { return connection.isEmpty(); }
};
inline size_t qHash(const Place &place, size_t seed = 0)
{
    return qHashMulti(seed, place.connection.text, place.environment.text);
}

// A sign-in that was begun or ended from this window.
struct SignInProgress {
    enum class Phase { Asking, Browser, SigningOut, Over };
    Phase phase = Phase::Asking;
    QString address; // of the page in the browser, whole
    QString trouble; // why it ended without success; a sentence
    bool runs() const { return phase != Phase::Over; }
};

// What was begun in this window with one key.
struct KeyProgress {
    enum class Phase { Asking, Refused, Failed, Said }; // failed: the vendor could not be asked
    Phase phase = Phase::Asking;
    QString text; // what the vendor said, or why not; sentences
};

// What the activity log says of the use of one key.
struct KeyUse {
    std::chrono::milliseconds last{};
    QString by;          // who used it last
    QStringList clients; // all of them, of the newest calls
};

// The words of the connections page. Pure: workspace and states in, our sentences out, what others wrote with visible marks.
class ConnectionText
{
    Q_DECLARE_TR_FUNCTIONS(ConnectionText)
public:
    // All that is known of one cell. `state` is null until the core has answered, `progress` while nothing was begun here.
    struct Known {
        const mcpcore::Workspace &workspace;
        const mcpcore::Connection &connection;
        mcpcore::EnvironmentId environment;
        const mcpcore::ConnectionState *state = nullptr;
        const SignInProgress *progress = nullptr;
        std::chrono::milliseconds now{};
        const Vendor *vendor = nullptr; // null: there is no pack
        const KeyProgress *keyProgress = nullptr;
        KeyStore store = {};
        bool locked = false;                   // production that a person has not unlocked
        mcpcore::ClientId client = {};         // whose key is looked at; empty: the one for all
        const KeyUse *use = nullptr;           // null: not known yet
        mcpcore::EnvironmentKind kind() const; // of the environment; one that is gone counts as production
        const mcpcore::KeyRecord *key() const; // the one looked at, or null
    };
    enum class Act { None, SignIn, SetKey, LookAtAlarm, Place };
    struct Cell {
        enum class Tone { Plain, Muted, Caution };
        QString icon;  // empty: none
        QString title; // the state
        Tone tone = Tone::Plain;
        QString code;    // prefix and last four of the key
        QString account; // what others wrote
        QString caption; // ours
        Act act = Act::None;
        QString actText;
        QString sentence; // the whole cell for a screen reader

        friend bool operator==(const Cell &, const Cell &) = default;
    };
    static Cell cell(const Known &known);
    // It is not in this environment yet, and nothing says that it cannot be.
    static bool canComeHere(const Known &known);
    // The whole command, with quotes where a space is no border.
    static QString commandLine(const QStringList &command);

    // "hosted · 18 tools"
    static QString rowCaption(const mcpcore::Workspace &workspace, const mcpcore::Connection &connection);
    // "sk_test_ ··· c0Rz"; empty when nothing of the key may be shown.
    static QString keyText(const mcpcore::KeyRecord &key);
    // "until 14:22, renewed by itself"
    static QString lasts(const mcpcore::SignInState &signIn, std::chrono::milliseconds now);
    static QString time(std::chrono::milliseconds wall, std::chrono::milliseconds now);
    // Where a page is, for a sentence: "https://auth.example.com", always in letters that cannot look like others.
    static QString originOfPage(const QString &address);
    // "Stopped: Stripe answered livemode true to a sandbox call."
    static QString alarmText(const mcpcore::Alarm &alarm);
    // A name somebody else chose: marked, on one line, shortened.
    static QString name(const QString &text);

private:
    static Cell signInCell(const Known &known);
    static Cell keyCell(const Known &known);
    static Cell cellWithKey(const mcpcore::KeyRecord &key, const Known &known);
    static Cell alarmCell(const mcpcore::Alarm &alarm);
    static Cell absentCell(const Known &known);
    static void addLink(Cell &cell, const Known &known);
};

} // namespace ui
