// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Ids.h"
#include "base/Secret.h"
#include <optional>

namespace mcpcore {

// Seals what a client is given to keep between two rounds of one request (`requestState`), so that it can neither read nor
// change it, nor use what another one got. The key lives as long as the process; one use is up to whoever gave it out.
class RequestSeal
{
public:
    explicit RequestSeal(Ids &ids);

    // `binding` tells whose it is and what for; the same is needed to open it.
    QByteArray sealed(const QByteArray &content, const QByteArray &binding) const;
    std::optional<QByteArray> opened(const QByteArray &state, const QByteArray &binding) const;

private:
    Ids &m_ids;
    Secret m_key;
};

} // namespace mcpcore
