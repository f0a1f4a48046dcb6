// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include <QObject>
#include <QSocketNotifier>
#include <functional>

namespace app {

// Asks for approvals on the terminal of `countersignctl serve`, one at a time, oldest first. Allowing takes the typed line
// `allow WORD`, where WORD is shown with the call; anything else but `deny` is asked again. Main thread.
class TerminalDesk final : public QObject
{
    Q_OBJECT
public:
    using AnswerTo = std::function<void(const mcpcore::CallId &call, const mcpcore::Answer &answer)>;
    explicit TerminalDesk(AnswerTo answer, QObject *parent = nullptr);

    void added(const mcpcore::Approval &approval);
    void removed(const mcpcore::CallId &call, mcpcore::ApprovalEnd end);

private:
    void show();
    void readLine();
    void decide(const QString &line);

    AnswerTo m_answer;
    QSocketNotifier m_input;
    QByteArray m_typed;
    QList<mcpcore::Approval> m_waiting;
    mcpcore::CallId m_shown;
};

} // namespace app
