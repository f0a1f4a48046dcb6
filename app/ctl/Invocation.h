// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Json.h"
#include "base/Secret.h"
#include <functional>
#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace app {

class Profile;

// What one run of countersignctl is to do, as the command line says it. Filled by the command groups while parsing.
struct Invocation {
    QString profile;
    bool json = false;
    std::optional<int> passphraseFd; // --passphrase-fd
    std::vector<std::string> rest;   // what follows "--": words of another program, never options of ours

    // A command for the owner of the profile (mcpcore/control), and how its answer looks to people.
    QString command;
    mcpcore::Json parameters = mcpcore::Json::object();
    std::function<void(const mcpcore::Json &)> print;
    // Of an answer that is no error, where that is not always kDone.
    std::function<int(const mcpcore::Json &)> code;
    // Asks for what the command needs besides, once the profile is known; an error ends it.
    std::function<mcpcore::Result<>(Invocation &, const Profile &)> prepare;
    std::shared_ptr<mcpcore::Secret> passphrase; // of the key file, when `prepare` has asked for it
    // A command that goes on from the answer of the first, with that as its parameters: only its own answer is then printed by
    // `print`, and `between` tells the first one.
    QString next;
    std::function<void(const mcpcore::Json &)> between;

    // Or something that needs no owner; returns the exit code.
    std::function<int(const Invocation &)> local;
};

// One function a command group: adds its commands to `program`; a command that is chosen fills `invocation`.
void addServeCommands(CLI::App &program, Invocation &invocation);       // serve
void addStatusCommands(CLI::App &program, Invocation &invocation);      // status, doctor, limits, try, pause, resume
void addEnvironmentCommands(CLI::App &program, Invocation &invocation); // env
void addConnectionCommands(CLI::App &program, Invocation &invocation);  // connection
void addKeyCommands(CLI::App &program, Invocation &invocation);         // key
void addClientCommands(CLI::App &program, Invocation &invocation);      // client
void addRuleCommands(CLI::App &program, Invocation &invocation);        // rule
void addLogCommands(CLI::App &program, Invocation &invocation);         // log
void addPackCommands(CLI::App &program, Invocation &invocation);        // pack

inline constexpr int kDone = 0;
inline constexpr int kFailed = 1;
inline constexpr int kWrongUsage = 64;

// Prints one line for people on standard output. Control characters of what others wrote become visible.
void say(const QString &text);
// Prints an error: an object on standard output with --json, text for people on standard error. Returns kFailed.
int fail(const Invocation &invocation, const mcpcore::Error &error);
// Prints the answer of a command.
void printAnswer(const Invocation &invocation, const mcpcore::Json &answer);
// Puts one line of standard input into the parameter "secret"; on a terminal it is asked for and not shown while typed.
void readSecret(Invocation &invocation);
// A text member for printing.
QString text(const mcpcore::Json &object, const char *key);

} // namespace app
