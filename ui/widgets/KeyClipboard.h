// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Secret.h"
#include <QMimeData>
#include <QObject>
#include <QPointer>

namespace ui {

// A key on the clipboard, for half a minute: marked as a secret, so that managers of the clipboard keep no history of it, and
// taken off again if nobody has put something else there; also at quit. What was pasted meanwhile is out of our hands.
class KeyClipboard final : public QObject
{
    Q_OBJECT
public:
    static constexpr mcpcore::Milliseconds time = std::chrono::seconds(30);

    KeyClipboard(const mcpcore::Clock &clock, QObject *parent);
    ~KeyClipboard() override;

    void put(mcpcore::Secret key);
    void clear();
    bool holds() const;
    mcpcore::Milliseconds left() const;

Q_SIGNALS:
    // Each second while it is there, and when it is gone.
    void changed();

private:
    void tick(int round);

    const mcpcore::Clock &m_clock;
    QPointer<QMimeData> m_data; // the clipboard owns it
    mcpcore::Milliseconds m_until{0};
    int m_round = 0;
};

} // namespace ui
