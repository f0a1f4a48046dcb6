// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Workspace.h"
#include "ui/shell/ClientWishes.h"
#include <QCoreApplication>

namespace ui {

// What a row of the list stands for: a client that may connect, or a kind of client without one.
struct ClientKey {
    QString kind;
    mcpcore::ClientId client; // empty: not connected

    friend bool operator==(const ClientKey &, const ClientKey &) = default;
    bool isEmpty() const { return kind.isEmpty() && client.isEmpty(); }
};

// The words of the clients page. Pure: what the core knows in, our sentences out, what others wrote with visible marks.
class ClientText
{
    Q_DECLARE_TR_FUNCTIONS(ClientText)
public:
    // All that is known of one row; `client` is null when it is not connected, `kind` when we have no file for it.
    struct Known {
        const mcpcore::Workspace &workspace;
        const ClientKindSight *kind = nullptr;
        const ClientSight *client = nullptr;
        std::chrono::milliseconds now{};

        const mcpcore::Client *record() const;
        mcpcore::EnvironmentId environment() const; // where it acts now
        bool isPinned() const;
    };
    enum class Group { Connected, Installed, Unreachable, ByHand };
    static Group groupOf(const Known &known);
    static QString groupName(Group group);

    // What a person has to look at first.
    enum class Care { None, Stranger, WrongToken, Entry, Unreadable, Bypass, TooManyTools, PlainKeys };
    static Care careOf(const Known &known);
    static const ClientFile *fileIn(const Known &known, ClientFile::Entry entry);
    static int plainKeys(const ClientKindSight &kind);
    static const ClientFile *fileWithKeys(const ClientKindSight &kind);
    // The file from which servers are brought behind us first: one with keys, else one that goes around; null: none.
    static const ClientFile *fileToImport(const ClientKindSight &kind);
    // "settings.json has 2 plaintext keys."
    static QString plainKeysIn(const ClientFile &file);
    // Where it waits for its next start: the entry is there and the client was not seen since.
    static bool waitsForRestart(const Known &known);

    // The two lines of a row. The word of the environment stands between `before` and `after`; it may be empty.
    struct Row {
        QString title, before, word, after;
        mcpcore::EnvironmentKind environment = mcpcore::EnvironmentKind::Production;
        QString state; // at the right end
        enum class Tone { Muted, Link, Caution } tone = Tone::Muted;
        QString sentence; // the whole row for a screen reader
        friend bool operator==(const Row &, const Row &) = default;
    };
    static Row row(const Known &known);

    static QString name(const Known &known);
    static QString icon(const Known &known);
    // "83 tools", "40 of 80"
    static QString tools(const Known &known);
    // "14:06", "12 November 14:06"
    static QString time(std::chrono::milliseconds wall, std::chrono::milliseconds now);
    // "~/.gemini/settings.json", with visible marks.
    static QString path(const QString &path);
    static QString fileName(const QString &path);
    static QString way(ClientWay way);
    static QString bytes(const ClientEdit &edit);
    // "Our entry is gone", "Not readable: …"; empty when there is nothing to say.
    static QString entryState(const ClientFile &file);
    // Where its calls go with this choice.
    static QString environmentHint(const std::optional<mcpcore::EnvironmentId> &environment);
    // "Not written: ~/.cursor/mcp.json, line 41, column 3."
    static QString notWritten(const ClientEdit &edit);
    // "~/.cursor/mcp.json cannot be read: line 41, column 3." Line 0: nowhere in particular.
    static QString notRead(const QString &file, int line, int column);
    // What came of a change, as one line.
    static QString outcome(const QString &written, const ClientEdit &edit);
};

// A sentence of the core as first words, which are set in bold, and the rest.
struct TwoParts {
    QString strong, rest;
};
TwoParts firstSentence(const QString &text);

} // namespace ui
