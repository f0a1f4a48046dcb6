// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "control/ProfileSeal.h"
#include "base/Json.h"
#include "gateway/Locks.h"
#include "store/WorkspaceFile.h"

namespace mcpcore {

namespace {

std::string_view view(const QByteArray &bytes)
{
    return {bytes.constData(), size_t(bytes.size())};
}

Json objectFrom(const QByteArray &bytes)
{
    auto parsed = parseJson(view(bytes));
    return parsed && parsed->is_object() ? *parsed : Json::object();
}

// "clients=0123456789abcdef rules=..."
QString textOf(const QMap<QString, QByteArray> &sections)
{
    QStringList words;
    for (auto it = sections.cbegin(); it != sections.cend(); ++it)
        words << it.key() + QLatin1Char('=') + QString::fromLatin1(it.value());
    return words.join(QLatin1Char(' '));
}

QStringList differenceOf(const QString &before, const QString &now)
{
    const QStringList was = before.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    const QStringList is = now.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    QStringList names;
    for (const QString &word : was + is)
        if (was.contains(word) != is.contains(word))
            names << word.section(QLatin1Char('='), 0, 0);
    names.removeDuplicates();
    names.sort();
    return names;
}

const QString kPaused = QStringLiteral("Everything is paused until a person has looked and resumes.");

} // namespace

ProfileSeal::ProfileSeal(SecretStore &store, ActivityLog &log, Locks &locks, const Clock &clock, Ids &ids, QObject *parent)
    : QObject(parent), m_store(store), m_log(log), m_locks(locks), m_clock(clock), m_ids(ids)
{}

std::optional<ProfileSeal::Difference> ProfileSeal::compare(const WorkspaceFile &workspace)
{
    if (!m_start)
        m_start = Start{workspace.digest(), textOf(workspace.sections()), workspace.current().ownedByApp};
    const Json row = objectFrom(m_opened->workspace);
    Difference difference;
    QStringList why;
    const bool sealed = m_state == State::Sealed && !m_isNew;
    Json bare = row;
    bare.erase("code");
    const QByteArray code = QByteArray::fromHex(stringAt(row, "code", {}).toLatin1());
    const bool authentic = sealed && equalInConstantTime(view(codeOf(toBytes(bare))), view(code));
    if (!m_opened->movedAside.isEmpty())
        why << QStringLiteral("The activity log was damaged; it is kept as %1 and a new one begins.").arg(m_opened->movedAside);
    else if (sealed && !m_key->log.isEmpty() && m_key->log != m_opened->log.toLatin1())
        why << QStringLiteral("The activity log was exchanged or deleted outside Countersign.");
    else if (sealed && m_recordedKey != m_key->fingerprint())
        why << QStringLiteral("The %1 has another key for this profile than the activity log names.").arg(place());
    else if (sealed && m_anchor && *m_anchor != Anchor::Found::Signed)
        why << QStringLiteral("The anchor of the activity log was removed or altered outside Countersign: rows may be missing.");
    else if (sealed && !row.empty() && !authentic)
        why << QStringLiteral("The record of workspace.json was made without the key of this profile: nothing in it can be relied on.");
    else if (sealed && integerAt(row, "number", 0) < m_key->seals)
        why << QStringLiteral("workspace.json and the activity log were turned back to an older state outside Countersign.");
    const bool owned = m_opened->ownedByApp || m_foundOwned;
    difference.ownedByApp = owned;
    const bool exchanged = row.empty() && !why.isEmpty(); // there is nothing to compare with
    if (!exchanged && (m_opened->lastWorkspaceDigest != m_start->digest || (owned && !m_start->ownedByApp))) {
        const bool known = !sealed || authentic;
        difference.sections = known ? differenceOf(stringAt(row, "sections", {}), m_start->sections) : QStringList();
        why << (difference.sections.isEmpty() ? QStringLiteral("workspace.json was changed outside Countersign.")
                                              : QStringLiteral("workspace.json was changed outside Countersign (%1).")
                                                    .arg(difference.sections.join(QStringLiteral(", "))));
    }
    m_number = std::max(m_number, authentic ? integerAt(row, "number", 0) : 0);
    if (workspace.current().ownedByApp)
        belongsToApp();
    if (why.isEmpty()) {
        // Nobody has looked yet at what was found at an earlier start.
        m_difference = stringAt(row, "differs", {});
        m_sections = stringAt(row, "differingSections", {}).split(QLatin1Char(' '), Qt::SkipEmptyParts);
        return std::nullopt;
    }
    why << kPaused;
    difference.sentence = why.join(QLatin1Char(' '));
    m_difference = difference.sentence;
    m_sections = difference.sections;
    Q_EMIT problemChanged(problem());
    return difference;
}

QString ProfileSeal::place() const
{
    return m_store.kind() == QLatin1String("file") ? QStringLiteral("key file") : QStringLiteral("keychain");
}

QByteArray ProfileSeal::fingerprintOf(std::string_view key) const
{
    return m_state == State::Sealed ? authenticationCode(key, m_key->keyFor(ProfileKey::Purpose::Keys)).left(16) : QByteArray();
}

// The code covers the log, so that a row proves nothing in another one, and every other member of the detail.
QByteArray ProfileSeal::codeOf(const QByteArray &detail) const
{
    const QByteArray text = "countersign workspace row 1\n" + m_opened->log.toLatin1() + '\n' + detail;
    return authenticationCode(view(text), m_key->keyFor(ProfileKey::Purpose::Workspace));
}

QByteArray ProfileSeal::detailFor(const QByteArray &before, const WorkspaceFile &workspace)
{
    Json detail{{"before", before.toHex().toStdString()}, {"after", workspace.digest().toHex().toStdString()}};
    detail["sections"] = textOf(workspace.sections());
    if (!m_difference.isEmpty()) {
        detail["differs"] = m_difference;
        detail["differingSections"] = m_sections.join(QLatin1Char(' '));
    }
    m_rowOwed = m_state != State::Sealed;
    if (m_rowOwed)
        return toBytes(detail);
    detail["number"] = ++m_number;
    detail["code"] = codeOf(toBytes(detail)).toHex().toStdString();
    m_isNew = false;
    return toBytes(detail);
}

void ProfileSeal::recorded(qint64 number)
{
    if (m_state != State::Sealed || number <= m_key->seals)
        return;
    m_key->seals = number;
    m_key->log = m_opened->log.toLatin1();
    store();
}

void ProfileSeal::belongsToApp()
{
    m_owned = true;
    if (m_state != State::Sealed || m_key->ownedByApp)
        return;
    m_key->ownedByApp = true;
    store();
}

void ProfileSeal::resume(Completion<> done)
{
    const auto looked = [this] {
        m_difference.clear();
        m_sections.clear();
        Q_EMIT problemChanged(problem());
    };
    if (!isHeld()) {
        looked();
        return done({});
    }
    m_how = Ask::MayPrompt;
    m_personResumes = true;
    read({this, [this, looked, done = std::move(done)](Result<>) mutable {
              decide({this, [this, looked, done = std::move(done)](Result<>) mutable {
                          m_personResumes = false;
                          if (isHeld())
                              return done(failure(Error::Kind::SecretUnavailable, m_text));
                          // Who heard keyCame() has compared by now: what shows only now was not looked at yet.
                          if (!m_difference.isEmpty())
                              return done(failure(Error::Kind::Conflict, m_difference));
                          looked();
                          done({});
                      }});
          }});
}

QString ProfileSeal::text() const
{
    QStringList sentences{m_text, m_difference};
    sentences.removeAll({});
    return sentences.join(QLatin1Char(' '));
}

void ProfileSeal::release()
{
    m_locks.release();
}

QString toText(ProfileSeal::State state)
{
    switch (state) {
    case ProfileSeal::State::Sealed: return QStringLiteral("sealed");
    case ProfileSeal::State::Unsigned: return QStringLiteral("unsigned");
    case ProfileSeal::State::Held: return QStringLiteral("held");
    }
    Q_UNREACHABLE();
}

} // namespace mcpcore
