// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/ctl/TerminalDesk.h"
#include "app/ctl/Invocation.h"
#include <unistd.h>

namespace app {

using namespace mcpcore;

namespace {

// What must be typed to allow: the object, or the tool where the call names no object.
QString wordFor(const Approval &approval)
{
    return approval.typedWord.isEmpty() ? approval.call->tool : approval.typedWord;
}

} // namespace

TerminalDesk::TerminalDesk(AnswerTo answer, QObject *parent)
    : QObject(parent), m_answer(std::move(answer)), m_input(STDIN_FILENO, QSocketNotifier::Read)
{
    connect(&m_input, &QSocketNotifier::activated, this, &TerminalDesk::readLine);
}

void TerminalDesk::added(const Approval &approval)
{
    m_waiting.append(approval);
    if (m_waiting.size() == 1)
        show();
    else
        say(QStringLiteral("(%1 more waiting)").arg(m_waiting.size() - 1));
}

void TerminalDesk::removed(const CallId &call, ApprovalEnd end)
{
    const bool first = !m_waiting.isEmpty() && m_waiting.first().call->id == call;
    m_waiting.removeIf([&](const Approval &approval) { return approval.call->id == call; });
    if (!first)
        return;
    static constexpr const char *words[] = {"Allowed.", "Denied.", "Nobody answered in time: denied.",
                                            "The client no longer waits. Nothing was sent."};
    say(QLatin1String(words[size_t(end)]));
    if (!m_waiting.isEmpty())
        show();
}

void TerminalDesk::show()
{
    const Approval &approval = m_waiting.first();
    const ToolCall &call = *approval.call;
    m_shown = call.id;
    say(QString());
    say(QStringLiteral("== %1 ==").arg(call.environment.text.toUpper()));
    say(QStringLiteral("%1 asks to call the tool \"%2\" of %3 (class %4).")
            .arg(call.clientLabel, call.tool, call.connection.text, toText(call.toolClass)));
    say(QStringLiteral("Why you are asked: %1").arg(approval.verdict.reason));
    say(QStringLiteral("These %1 bytes are sent as they are, sha256 %2:")
            .arg(call.arguments.size())
            .arg(QString::fromLatin1(call.argumentsDigest.toHex())));
    say(call.arguments.isEmpty() ? QStringLiteral("(no arguments)") : QString::fromUtf8(call.arguments.bytes()));
    say(QStringLiteral("Type: allow %1   or: deny   or: deny REASON").arg(wordFor(approval)));
}

void TerminalDesk::readLine()
{
    char buffer[4096];
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n <= 0) {
        m_input.setEnabled(false); // the terminal is gone: what waits ends at its deadline, denied
        return;
    }
    m_typed.append(buffer, qsizetype(n));
    for (qsizetype end = m_typed.indexOf('\n'); end >= 0; end = m_typed.indexOf('\n')) {
        const QByteArray line = m_typed.left(end);
        m_typed.remove(0, end + 1);
        decide(QString::fromUtf8(line).trimmed());
    }
    if (m_typed.size() > 64 * 1024)
        m_typed.clear();
}

void TerminalDesk::decide(const QString &line)
{
    if (m_waiting.isEmpty() || line.isEmpty())
        return;
    const Approval &approval = m_waiting.first();
    // What was typed before this call was shown is not an answer to it.
    if (approval.call->id != m_shown)
        return;
    Answer answer;
    answer.argumentsDigest = approval.call->argumentsDigest;
    answer.where = QStringLiteral("terminal");
    if (line == QStringLiteral("allow ") + wordFor(approval)) {
        answer.kind = Answer::Kind::Allow;
        answer.typed = approval.typedWord;
    } else if (line == QLatin1String("deny") || line.startsWith(QLatin1String("deny "))) {
        answer.reason = line.mid(5).trimmed();
    } else {
        return say(QStringLiteral("Not understood. Type: allow %1   or: deny").arg(wordFor(approval)));
    }
    m_answer(approval.call->id, answer);
}

} // namespace app
