// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionText.h"
#include "ui/connections/KeyText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"
#include <QDateTime>
#include <QLocale>
#include <QSet>
#include <QUrl>

namespace ui {

using mcpcore::Connection;
using mcpcore::ConnectionState;
using mcpcore::KeyRecord;
using mcpcore::SignInState;
using mcpcore::Workspace;
using Cell = ConnectionText::Cell;

namespace {

constexpr qsizetype kLongestName = 120;

bool isHere(const QString &address)
{
    const QString host = QUrl(address).host();
    return host == QLatin1String("localhost") || host == QLatin1String("::1") || host.startsWith(QLatin1String("127."));
}

} // namespace

QString ConnectionText::name(const QString &text)
{
    QString out = visibleText(text.size() > kLongestName ? text.left(kLongestName) + QStringLiteral("…") : text);
    return out.remove(QLatin1Char('\n'));
}

QString ConnectionText::time(std::chrono::milliseconds wall, std::chrono::milliseconds now)
{
    const QDateTime at = QDateTime::fromMSecsSinceEpoch(wall.count());
    if (at.date() == QDateTime::fromMSecsSinceEpoch(now.count()).date())
        return at.toString(QStringLiteral("hh:mm"));
    return QLocale().toString(at, QStringLiteral("d MMMM hh:mm"));
}

QString ConnectionText::keyText(const KeyRecord &key)
{
    if (key.prefix.isEmpty() && key.lastFour.isEmpty())
        return {};
    return name(key.prefix) + QStringLiteral(" ··· ") + name(key.lastFour);
}

QString ConnectionText::lasts(const SignInState &signIn, std::chrono::milliseconds now)
{
    if (signIn.expires.count() == 0)
        return signIn.renews ? tr("renewed by itself") : tr("the server does not say until when");
    const QString until = time(signIn.expires, now);
    if (!signIn.renews)
        return tr("until %1").arg(until);
    return signIn.expires > now ? tr("until %1, renewed by itself").arg(until) : tr("renewed by itself when used next");
}

QString ConnectionText::originOfPage(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    const QString port = url.port() > 0 ? QLatin1Char(':') + QString::number(url.port()) : QString();
    return name(url.scheme() + QStringLiteral("://") + url.host(QUrl::FullyEncoded) + port);
}

mcpcore::EnvironmentKind ConnectionText::Known::kind() const
{
    const mcpcore::Environment *place = mcpcore::find(workspace, environment);
    return place ? place->kind : mcpcore::EnvironmentKind::Production;
}

const KeyRecord *ConnectionText::Known::key() const
{
    return keyOf(workspace, {connection.id, environment}, client);
}

QString ConnectionText::rowCaption(const Workspace &workspace, const Connection &connection)
{
    QSet<QString> tools;
    for (const mcpcore::ToolTrust &trust : workspace.trusts)
        if (trust.connection == connection.id)
            tools.insert(trust.tool);
    QString way = tr("program");
    if (const auto *http = std::get_if<mcpcore::HttpTarget>(&connection.target))
        way = std::all_of(http->urls.begin(), http->urls.end(), isHere) ? tr("local") : tr("hosted");
    return tools.size() == 1 ? tr("%1 · 1 tool", "where it is").arg(way)
                             : tr("%1 · %2 tools", "where it is, tools that are trusted").arg(way).arg(tools.size());
}

// How the link stands, in the order of what a person has to do.
void ConnectionText::addLink(Cell &cell, const Known &known)
{
    const ConnectionState *state = known.state;
    const bool failed = state && state->link == ConnectionState::Link::Failed && !state->error.isEmpty();
    const auto set = [&cell](const QString &icon, const QString &title, Cell::Tone tone) {
        cell.icon = icon;
        cell.title = title;
        cell.tone = tone;
    };
    if (failed)
        set(QStringLiteral("caution"), tr("Does not connect"), Cell::Tone::Caution);
    else if (state && state->tools && state->tools->changed > 0)
        set(QStringLiteral("caution"), tr("Tools changed"), Cell::Tone::Caution);
    else if (state && state->tools && state->tools->waiting > 0)
        set(QStringLiteral("caution"), state->tools->waiting == 1 ? tr("1 tool waits") : tr("%1 tools wait").arg(state->tools->waiting),
            Cell::Tone::Caution);
    else if (cell.title.isEmpty() && state && state->link == ConnectionState::Link::Running)
        set(QStringLiteral("check"), tr("Connected"), Cell::Tone::Plain);
    else if (cell.title.isEmpty() && state && state->link == ConnectionState::Link::Starting)
        set(QStringLiteral("spinner"), tr("Connecting"), Cell::Tone::Plain);
    else if (cell.title.isEmpty())
        set({}, tr("Not used yet"), Cell::Tone::Plain);
}

Cell ConnectionText::signInCell(const Known &known)
{
    const SignInState *signIn = known.state && known.state->signIn ? &*known.state->signIn : nullptr;
    const bool runs = known.progress && known.progress->runs() && known.progress->phase != SignInProgress::Phase::SigningOut;
    Cell cell;
    if (runs || (signIn && signIn->kind == SignInState::Kind::Waiting)) {
        cell.icon = QStringLiteral("spinner");
        cell.title =
            runs && known.progress->phase == SignInProgress::Phase::Asking ? tr("Asking where to sign in") : tr("Waiting for the browser");
        return cell;
    }
    if (!signIn) {
        cell.title = KeyText::asking(known.store);
        cell.tone = Cell::Tone::Muted;
        return cell;
    }
    const auto again = [&cell](const QString &title) {
        cell.icon = QStringLiteral("caution");
        cell.title = title;
        cell.tone = Cell::Tone::Caution;
        cell.act = Act::SignIn;
        cell.actText = tr("Sign in again");
    };
    switch (signIn->kind) {
    case SignInState::Kind::SignedOut:
        cell.title = tr("Not signed in");
        cell.tone = Cell::Tone::Muted;
        cell.act = Act::SignIn;
        cell.actText = tr("Sign in");
        break;
    case SignInState::Kind::SignedIn:
        cell.icon = QStringLiteral("check");
        cell.title = tr("Signed in");
        cell.account = signIn->account.isEmpty() ? tr("at %1").arg(name(signIn->at)) : name(signIn->account);
        cell.caption = lasts(*signIn, known.now);
        addLink(cell, known);
        break;
    case SignInState::Kind::SignInAgain: again(tr("The sign-in ended")); break;
    case SignInState::Kind::MoreAccess: again(tr("Wants more access")); break;
    case SignInState::Kind::Waiting: break;
    case SignInState::Kind::Unknown:
        cell.icon = QStringLiteral("caution");
        cell.title = KeyText::shut(known.store);
        cell.tone = Cell::Tone::Caution;
        break;
    }
    return cell;
}

Cell ConnectionText::keyCell(const Known &known)
{
    Cell cell;
    if (!mcpcore::needsKey(known.connection)) {
        cell.caption = tr("Needs no key");
        addLink(cell, known);
        return cell;
    }
    const Place place{known.connection.id, known.environment};
    if (const KeyRecord *key = keyOf(known.workspace, place, {}))
        return cellWithKey(*key, known);
    const auto owned = std::count_if(known.workspace.keys.begin(), known.workspace.keys.end(), [&](const KeyRecord &key) {
        return key.connection == place.connection && key.environment == place.environment;
    });
    cell.title = owned == 0 ? tr("No key") : owned == 1 ? tr("One client has a key") : tr("%1 clients have keys").arg(owned);
    cell.tone = owned == 0 ? Cell::Tone::Muted : Cell::Tone::Plain;
    cell.act = Act::SetKey;
    cell.actText = tr("Set key …");
    return cell;
}

// The most urgent first: what the key cannot do, what the link does not, what is to come, what waits; then that all is well.
Cell ConnectionText::cellWithKey(const KeyRecord &key, const Known &known)
{
    Cell cell;
    cell.code = keyText(key);
    const bool named = key.verified && !(key.verified->accountName + key.verified->account).isEmpty();
    cell.account = name(!named ? key.label : key.verified->accountName.isEmpty() ? key.verified->account : key.verified->accountName);
    const KeyText::State state = KeyText::stateOf(key, known);
    const bool failed = known.state && known.state->link == ConnectionState::Link::Failed && !known.state->error.isEmpty();
    const bool care = KeyText::needsCare(state);
    const bool urgent = state == KeyText::State::Ended || state == KeyText::State::Refused || state == KeyText::State::StoreShut;
    if (care && (urgent || !failed)) {
        cell.icon = QStringLiteral("caution");
        cell.tone = Cell::Tone::Caution;
    } else if (state == KeyText::State::Asking) {
        cell.icon = QStringLiteral("spinner");
    } else if (state == KeyText::State::Verified) {
        cell.icon = QStringLiteral("check");
    }
    const bool set = state == KeyText::State::Set; // nobody can be asked about it: how the link stands says more
    if (!set && (cell.tone == Cell::Tone::Caution || !failed))
        cell.title = KeyText::stateText(state, key, known);
    if (set && cell.code.isEmpty())
        cell.caption = KeyText::stateText(state, key, known);
    if (cell.tone != Cell::Tone::Caution && state != KeyText::State::Asking)
        addLink(cell, known);
    return cell;
}

QString ConnectionText::alarmText(const mcpcore::Alarm &alarm)
{
    const QString what = name(alarm.what);
    return what.startsWith(QLatin1String("Stopped")) ? what : tr("Stopped: %1").arg(what);
}

Cell ConnectionText::alarmCell(const mcpcore::Alarm &alarm)
{
    Cell cell;
    cell.icon = QStringLiteral("caution");
    cell.title = alarmText(alarm);
    cell.tone = Cell::Tone::Caution;
    cell.act = Act::LookAtAlarm;
    cell.actText = tr("Look at it");
    return cell;
}

bool ConnectionText::canComeHere(const Known &known)
{
    const bool impossible = known.vendor && !known.vendor->places.value(known.kind()).impossible.isEmpty();
    return !impossible && !known.connection.environments.contains(known.environment)
           && known.connection.vendor != QLatin1String("practice");
}

QString ConnectionText::commandLine(const QStringList &command)
{
    QStringList words;
    for (const QString &word : command)
        words.append(word.contains(QLatin1Char(' ')) ? QStringLiteral("'%1'").arg(word) : word);
    return words.join(QLatin1Char(' '));
}

// What is not set up here, or cannot be.
Cell ConnectionText::absentCell(const Known &known)
{
    Cell cell;
    cell.tone = Cell::Tone::Muted;
    cell.title = known.vendor ? name(known.vendor->places.value(known.kind()).impossible) : QString();
    if (cell.title.isEmpty())
        cell.title = known.connection.vendor == QLatin1String("practice") ? tr("Practice is for sandbox only")
                                                                          : tr("Not set up for %1").arg(name(known.environment.text));
    if (canComeHere(known)) {
        cell.act = Act::Place;
        cell.actText = tr("Add …");
    }
    return cell;
}

Cell ConnectionText::cell(const Known &known)
{
    Cell cell;
    const mcpcore::Alarm *alarm = mcpcore::findAlarm(known.workspace, known.connection.id, known.environment);
    if (!known.connection.environments.contains(known.environment))
        cell = absentCell(known);
    else if (alarm)
        cell = alarmCell(*alarm);
    else
        cell = mcpcore::needsSignIn(known.connection) ? signInCell(known) : keyCell(known);
    if (known.locked && cell.icon == QLatin1String("check"))
        cell.icon = QStringLiteral("lock");
    QStringList said{name(known.connection.id.text), name(known.environment.text), cell.title};
    if (!cell.code.isEmpty())
        said.append(tr("key %1").arg(cell.code));
    if (!cell.account.isEmpty() && mcpcore::needsSignIn(known.connection))
        said.append(tr("signed in as %1").arg(cell.account));
    else if (!cell.account.isEmpty())
        said.append(cell.account);
    if (!cell.caption.isEmpty())
        said.append(cell.caption);
    if (known.locked && known.connection.environments.contains(known.environment))
        said.append(tr("locked"));
    cell.sentence = said.join(QStringLiteral(", "));
    return cell;
}

} // namespace ui
