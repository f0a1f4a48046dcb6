// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Invocation.h"
#include "app/ctl/Passphrase.h"
#include "base/Secret.h"
#include "secrets/KeyFile.h"
#include <CLI/CLI.hpp>
#include <QByteArray>
#include <cstdio>
#include <termios.h>
#include <unistd.h>

namespace app {

using mcpcore::failure;
using mcpcore::Json;
using mcpcore::KeyFile;
using mcpcore::Result;
using mcpcore::Secret;

void readSecret(Invocation &invocation)
{
    termios before{};
    const bool terminal = ::isatty(STDIN_FILENO) == 1 && ::tcgetattr(STDIN_FILENO, &before) == 0;
    if (terminal) {
        std::fprintf(stderr, "Key: ");
        termios silent = before;
        silent.c_lflag &= ~tcflag_t(ECHO);
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    }
    QByteArray secret;
    secret.reserve(16 * 1024);
    char c = 0;
    while (secret.size() < 16 * 1024 && ::read(STDIN_FILENO, &c, 1) == 1 && c != '\n')
        secret += c;
    if (terminal) {
        ::tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
        std::fprintf(stderr, "\n");
    }
    invocation.parameters["secret"] = std::string(secret.constData(), size_t(secret.size()));
    mcpcore::wipe(secret);
}

namespace {

void printKey(const Json &key)
{
    const QString client = text(key, "client");
    say(QStringLiteral("%1  %2  %3%4  %5  %6…%7  %8")
            .arg(text(key, "id"), text(key, "connection"), text(key, "environment"),
                 client.isEmpty() ? QString() : QStringLiteral(" (%1)").arg(client), text(key, "kind"), text(key, "prefix"),
                 text(key, "lastFour"), text(key, "label")));
}

void printVerification(const Json &key)
{
    const Json *said = mcpcore::memberAt(key, "verification");
    if (!said)
        return say(QStringLiteral("    Not verified."));
    QStringList facts{text(*said, "mode") == QLatin1String("not said") ? QStringLiteral("Whether it is live or test was not said")
                                                                       : text(*said, "mode")};
    if (const QString account = text(*said, "account"); !account.isEmpty())
        facts.append(QStringLiteral("account %1 %2").arg(account, text(*said, "accountName")).trimmed());
    say(QStringLiteral("    Verified %1: %2.").arg(text(*said, "at"), facts.join(QStringLiteral(", "))));
    QStringList abilities;
    for (const Json &ability : (*said)["abilities"])
        abilities.append(QString::fromStdString(ability.get<std::string>()));
    if (!abilities.isEmpty())
        say(QStringLiteral("    ") + abilities.join(QLatin1Char(' ')));
}

// What the vendor shows of the account, for the person to recognise it by.
void printTells(const Json &key)
{
    const Json *tells = mcpcore::memberAt(key, "tells");
    if (!tells)
        return;
    QStringList values;
    for (const Json &value : (*tells)["values"])
        values.append(QStringLiteral("\"%1\"").arg(QString::fromStdString(value.get<std::string>())));
    say(QStringLiteral("    Is it the right one? %1: %2.").arg(text(*tells, "what"), values.join(QStringLiteral(", "))));
}

void printUse(const Json &key, const QString &rows)
{
    QStringList by;
    if (const Json *uses = mcpcore::memberAt(key, "usedBy"); uses && uses->is_array())
        for (const Json &use : *uses)
            by.append(QStringLiteral("%1 (%2)").arg(text(use, "client"), text(use, "at")));
    const QString due = text(key, "rotationDue"), end = text(key, "expires");
    say(QStringLiteral("    %1 days old%2%3. Used by: %4.")
            .arg(text(key, "ageDays"), due.isEmpty() ? QString() : QStringLiteral(", a new one is due ") + due,
                 end.isEmpty() ? QString() : QStringLiteral(", ends ") + end,
                 by.isEmpty() ? QStringLiteral("nobody in the newest %1 rows of the log").arg(rows) : by.join(QStringLiteral(", "))));
    if (const QString reminder = text(key, "reminder"); !reminder.isEmpty())
        say(QStringLiteral("    ! ") + reminder);
}

void printTested(const Json &tested)
{
    printKey(tested);
    if (const QString connected = text(tested, "connected"); !connected.isEmpty())
        say((connected == QLatin1String("now")
                 ? QStringLiteral("It is in the %1 and can be read. The server accepted a connection with it.")
                 : QStringLiteral("It is in the %1 and can be read. A connection made with it earlier is open."))
                .arg(text(tested, "store")));
    else
        printVerification(tested);
    printTells(tested);
    say(text(tested, "note"));
}

void printWithNote(const Json &key)
{
    printKey(key);
    if (key.contains("verification"))
        printVerification(key);
    printTells(key);
    say(text(key, "note"));
}

void put(Invocation &invocation, const char *member, const Secret &secret)
{
    invocation.parameters[member] = std::string(secret.reveal());
}

// A file that is made takes a passphrase; one that is there is opened with its own.
Result<> askForNewFile(Invocation &invocation, const Profile &profile)
{
    if (text(invocation.parameters, "to") != QLatin1String("file") || KeyFile::existsAt(profile.keys()))
        return {};
    const auto fresh = askPassphrase(invocation, Prompt::New);
    if (!fresh)
        return failure(fresh.error());
    put(invocation, "secret", *fresh);
    return {};
}

Result<> askForChange(Invocation &invocation, const Profile &profile)
{
    if (!KeyFile::existsAt(profile.keys()))
        return {}; // the owner says where keys are
    auto old = askPassphrase(invocation, Prompt::Current);
    if (!old)
        return failure(old.error());
    const auto fresh = askPassphrase(invocation, Prompt::New);
    if (!fresh)
        return failure(fresh.error());
    put(invocation, "oldSecret", *old);
    put(invocation, "secret", *fresh);
    invocation.passphrase = std::make_shared<Secret>(std::move(*old));
    return {};
}

} // namespace

void addKeyCommands(CLI::App &program, Invocation &invocation)
{
    CLI::App *key = program.add_subcommand("key", "Keys of vendors, kept in the keychain or an encrypted file");
    key->require_subcommand(1);
    CLI::App *set = key->add_subcommand("set", "Ask the vendor about a key and store it; read from standard input or the terminal");
    const auto member = [&invocation](const char *name) {
        return [&invocation, name](const std::string &value) { invocation.parameters[name] = value; };
    };
    set->add_option_function<std::string>("CONNECTION", member("connection"), "The connection")->required();
    set->add_option_function<std::string>("ENV", member("environment"), "The environment")->required();
    set->add_option_function<std::string>("--client", member("client"), "For this client only");
    set->add_option_function<std::string>("--from", member("madeBy"), "The vendor that made it, when its form leaves that open");
    set->add_option_function<std::string>("--label", member("label"), "Your note");
    set->add_option_function<int>(
        "--rotate-days", [&invocation](int days) { invocation.parameters["rotateDays"] = days; },
        "Remind of a new one after so many days (90), 0 = never");
    set->add_flag_callback(
        "--unverified", [&invocation] { invocation.parameters["unverified"] = true; }, "Store it without asking the vendor");
    set->callback([&invocation] {
        invocation.command = QStringLiteral("key set");
        readSecret(invocation);
        invocation.print = printWithNote;
    });
    CLI::App *test = key->add_subcommand("test", "Ask the vendor about the key again, or connect with it where no vendor can be asked");
    test->add_option_function<std::string>("CONNECTION", member("connection"), "The connection")->required();
    test->add_option_function<std::string>("ENV", member("environment"), "The environment")->required();
    test->add_option_function<std::string>("--client", member("client"), "The key that this client gets");
    test->callback([&invocation] {
        invocation.command = QStringLiteral("key test");
        invocation.print = printTested;
    });
    CLI::App *move = key->add_subcommand("move", "Move all keys to the OS keychain, or to an encrypted file with a passphrase");
    move->add_option_function<std::string>("--to", member("to"), "keychain or file")->required();
    move->callback([&invocation] {
        invocation.command = QStringLiteral("key move");
        invocation.prepare = askForNewFile;
        invocation.print = [](const Json &answer) {
            const QString store = text(answer, "store") == QLatin1String("file") ? QStringLiteral("key file") : QStringLiteral("keychain");
            if (text(answer, "moved") == QLatin1String("0") && text(answer, "keys") != QLatin1String("0"))
                return say(QStringLiteral("All %1 keys are in the %2 already.").arg(text(answer, "keys"), store));
            say(QStringLiteral("The keys of this profile are in the %1 from now on: %2 items were moved.")
                    .arg(store, text(answer, "moved")));
            if (const QString note = text(answer, "note"); !note.isEmpty())
                say(note);
        };
    });
    key->add_subcommand("passphrase", "Change the passphrase of the key file")->callback([&invocation] {
        invocation.command = QStringLiteral("key passphrase");
        invocation.prepare = askForChange;
        invocation.print = [](const Json &) { say(QStringLiteral("The key file has a new passphrase.")); };
    });
    key->add_subcommand("list", "List them, without the keys")->callback([&invocation] {
        invocation.command = QStringLiteral("key list");
        invocation.print = [](const Json &answer) {
            for (const Json &item : answer["keys"]) {
                printKey(item);
                printVerification(item);
                printUse(item, text(answer, "useRows"));
            }
        };
    });
    CLI::App *remove = key->add_subcommand("delete", "Delete one");
    remove->add_option_function<std::string>("KEY", member("id"), "Its id, see list")->required();
    remove->callback([&invocation] {
        invocation.command = QStringLiteral("key delete");
        invocation.print = [](const Json &answer) { say(QStringLiteral("Deleted %1.").arg(text(answer, "deleted"))); };
    });
}

} // namespace app
