// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/SignIns.h"

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;

const SignInProgress *SignIns::at(const Place &place) const
{
    const auto found = m_entries.constFind(place);
    return found == m_entries.cend() ? nullptr : &found->progress;
}

SignIns::Entry *SignIns::find(const Place &place, quint64 number)
{
    const auto found = m_entries.find(place);
    return found == m_entries.end() || found->number != number ? nullptr : &*found;
}

quint64 SignIns::start(const Place &place, SignInProgress::Phase phase)
{
    m_entries[place] = {{phase, {}, {}}, ++m_last};
    Q_EMIT changed();
    return m_last;
}

void SignIns::finish(const Place &place, quint64 number, const Result<> &how)
{
    Entry *entry = find(place, number);
    if (!entry)
        return;
    // A person who cancelled knows it.
    const bool failed = !how && how.error().kind != mcpcore::Error::Kind::Cancelled;
    entry->progress = {SignInProgress::Phase::Over, {}, failed ? how.error().message : QString()};
    Q_EMIT changed();
}

void SignIns::begin(const Place &place)
{
    const quint64 number = start(place, SignInProgress::Phase::Asking);
    m_desk.signIn(place.connection, place.environment,
                  Completion<QString>(this,
                                      [this, place, number](Result<QString> page) {
                                          Entry *entry = find(place, number);
                                          if (!entry || !entry->progress.runs() || !page)
                                              return; // `ended` says why
                                          entry->progress.phase = SignInProgress::Phase::Browser;
                                          entry->progress.address = *page;
                                          Q_EMIT changed();
                                      }),
                  Completion<>(this, [this, place, number](Result<> ended) {
                      finish(place, number, ended);
                      if (ended)
                          Q_EMIT said(tr("Signed in to %1 in %2.")
                                          .arg(ConnectionText::name(place.connection.text), ConnectionText::name(place.environment.text)));
                  }));
}

void SignIns::cancel(const Place &place)
{
    m_desk.cancelSignIn(place.connection, place.environment);
}

void SignIns::signOut(const Place &place)
{
    const quint64 number = start(place, SignInProgress::Phase::SigningOut);
    m_desk.signOut(
        place.connection, place.environment, Completion<Desk::Revoked>(this, [this, place, number](Result<Desk::Revoked> revoked) {
            finish(place, number, revoked ? Result<>() : mcpcore::failure(revoked.error()));
            if (!revoked)
                return;
            const QString out = tr("Signed out of %1 in %2.")
                                    .arg(ConnectionText::name(place.connection.text), ConnectionText::name(place.environment.text));
            Q_EMIT said(*revoked == Desk::Revoked::No
                            ? tr("%1 The server could not be told: end the session on its own page, too.").arg(out)
                            : out);
        }));
}

} // namespace ui
