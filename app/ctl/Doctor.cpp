// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/Doctor.h"
#include "app/Composition.h"
#include "app/Owner.h"
#include "app/ctl/KeychainKey.h"
#include "audit/Verifier.h"
#include "control/KeyFacts.h"
#include "secrets/KeyFile.h"
#include "store/WorkspaceFile.h"
#include <QCoreApplication>
#include <QFileInfo>

namespace app {

using namespace mcpcore;

namespace {

void add(Json &checks, const char *name, bool good, const QString &detail)
{
    checks.push_back({{"check", name}, {"ok", good}, {"detail", detail}});
}

// Which store has the keys, and whether the one who runs can read it.
void addKeyStore(Json &checks, const Profile &profile, const Json *status)
{
    if (!KeyFile::existsAt(profile.keys()))
        return add(checks, "key store", true, QStringLiteral("The keychain of this session."));
    const Json *keys = status ? memberAt(*status, "keys") : nullptr;
    const bool locked = keys && text(*keys, "state") == QLatin1String("locked");
    add(checks, "key store", !locked,
        QStringLiteral("The key file %1. %2")
            .arg(profile.keys(), locked
                                     ? QStringLiteral("It is locked, so nothing is sent: give its passphrase in the window of Countersign.")
                                 : keys ? QStringLiteral("It is open.")
                                        : QStringLiteral("Its passphrase is asked for when Countersign starts.")));
}

// Keys that ended, end soon, or are older than the person wanted.
void addKeyReminders(Json &checks, const Profile &profile, const Json *status)
{
    Json reminders = Json::array();
    if (const Json *said = status ? memberAt(*status, "keyReminders") : nullptr)
        reminders = *said;
    else if (!status && QFileInfo::exists(profile.workspace()))
        if (const auto workspace = WorkspaceFile::open(profile.workspace()))
            reminders = remindersOf((*workspace)->current(), SystemClock().wall());
    QStringList sentences;
    for (const Json &reminder : reminders)
        sentences.append(text(reminder, "text"));
    add(checks, "age of keys", sentences.isEmpty(),
        sentences.isEmpty() ? QStringLiteral("None ends soon or is due.") : sentences.join(QLatin1Char(' ')));
}

} // namespace

int doctor(const Invocation &invocation)
{
    Json checks = Json::array();
    const auto profile = Profile::at(invocation.profile);
    if (!profile)
        return fail(invocation, profile.error());
    const QFileInfo folder(profile->folder());
    const bool isPrivate = !(folder.permissions() & (QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther));
    add(checks, "profile", isPrivate,
        isPrivate ? profile->folder() : QStringLiteral("%1 can be read by others: chmod 700 it.").arg(profile->folder()));

    const auto owner = askOwner(*profile, QStringLiteral("status"), Json::object());
    const bool running = owner && *owner;
    add(checks, "gateway", running,
        running ? QStringLiteral("Running at %1.").arg(text(**owner, "url"))
                : QStringLiteral("Not running. Open Countersign, or start countersignctl serve."));
    if (running) {
        const Json *heard = memberAt(**owner, "screenLock");
        QStringList ways;
        if (heard && heard->is_array())
            for (const Json &way : *heard)
                ways.append(way.get<QString>());
        add(checks, "screen lock", true,
            ways.isEmpty() ? QStringLiteral("Not seen: nothing here tells of it (no logind, no screen saver). An unlocked production "
                                            "locks on time, by hand and when Countersign ends.")
                           : QStringLiteral("Production locks on: %1.").arg(ways.join(QStringLiteral(", "))));
    }
    for (const char *program : {"countersign-bridge", "countersign-child", "countersign-practice"}) {
        const QString path = siblingProgram(QLatin1String(program));
        add(checks, program, QFileInfo(path).isExecutable(),
            QFileInfo(path).isExecutable() ? path : QStringLiteral("%1 is missing: install Countersign again.").arg(path));
    }
    addKeyStore(checks, *profile, running ? &**owner : nullptr);
    addKeyReminders(checks, *profile, running ? &**owner : nullptr);
    if (QFileInfo::exists(profile->activity())) {
        const auto key = keychainKeyOf(invocation, *profile);
        const std::optional<Secret> secret = key ? std::optional(key->keyFor(ProfileKey::Purpose::Log)) : std::nullopt;
        const Verification verdict = verifyLog(profile->activity(), secret ? &*secret : nullptr);
        // Without a keychain a profile works, as long as it never had a key.
        const bool wanted = verdict.anchor == Verification::AnchorState::NotChecked;
        const bool inFile = KeyFile::existsAt(profile->keys());
        const bool notAsked = inFile && !key && key.error().kind == Error::Kind::Locked;
        add(checks, "profile key", key || !wanted || notAsked,
            key ? QStringLiteral("In the %1: workspace.json and the activity log are sealed with it.")
                      .arg(inFile ? QStringLiteral("key file") : QStringLiteral("keychain"))
            : notAsked ? key.error().message
            : wanted   ? QStringLiteral("Not to be had, so nothing is sent. %1").arg(key.error().message)
                       : QStringLiteral("None: workspace.json and the activity log are not signed, and who can write the files of this "
                                          "profile can change them unseen. %1")
                           .arg(key.error().message));
        add(checks, "activity log", verdict.status == Verification::Status::Intact, verdict.text);
    }
    bool good = true;
    for (const Json &check : checks)
        good = good && check["ok"].get<bool>();
    if (invocation.json) {
        printAnswer(invocation, Json{{"ok", good}, {"checks", checks}});
    } else {
        for (const Json &check : checks)
            say(QStringLiteral("%1  %2: %3")
                    .arg(check["ok"].get<bool>() ? QStringLiteral("ok ") : QStringLiteral("BAD"), text(check, "check"),
                         text(check, "detail")));
    }
    return good ? kDone : kFailed;
}

} // namespace app
