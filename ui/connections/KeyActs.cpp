// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyActs.h"

namespace ui {

using mcpcore::Completion;
using mcpcore::Error;
using mcpcore::KeyId;
using mcpcore::Result;

namespace {

// The vendor said no; anything else says nothing about the key.
bool isRefusal(Error::Kind kind)
{
    return kind == Error::Kind::Unauthorized || kind == Error::Kind::Conflict || kind == Error::Kind::InvalidArgument
           || kind == Error::Kind::Denied;
}

} // namespace

const KeyProgress *KeyActs::at(const KeyId &key) const
{
    const auto found = m_entries.constFind(key.text);
    return found == m_entries.cend() ? nullptr : &*found;
}

void KeyActs::verify(const mcpcore::KeyRecord &key)
{
    const KeyProgress *running = at(key.id);
    if (running && running->phase == KeyProgress::Phase::Asking)
        return;
    m_entries[key.id.text] = {KeyProgress::Phase::Asking, {}};
    Q_EMIT changed();
    m_desk.testKey(key.connection, key.environment, key.client.value_or(mcpcore::ClientId()),
                   Completion<QString>(this, [this, id = key.id](Result<QString> said) { finish(id, said); }));
}

void KeyActs::verifyAll()
{
    const QList<mcpcore::KeyRecord> keys = m_desk.workspace().keys;
    for (const mcpcore::KeyRecord &key : keys)
        verify(key);
}

void KeyActs::finish(const KeyId &key, const Result<QString> &said)
{
    if (said)
        m_entries[key.text] = {KeyProgress::Phase::Said, *said};
    else
        m_entries[key.text] = {isRefusal(said.error().kind) ? KeyProgress::Phase::Refused : KeyProgress::Phase::Failed,
                               said.error().message};
    Q_EMIT changed();
}

} // namespace ui
