// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/CardText.h"
#include "ui/approvals/ArgumentRows.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/VisibleMarks.h"
#include <QSet>
#include <algorithm>

namespace ui {

using mcpcore::ToolCall;
using mcpcore::ToolClass;

namespace {

constexpr qsizetype kLongestName = 80;

QString programName(const QString &path)
{
    return CardText::named(path.section(QLatin1Char('/'), -1));
}

} // namespace

QString CardText::named(const QString &text)
{
    QString out = visibleText(text.size() > kLongestName ? text.left(kLongestName) + QStringLiteral("…") : text);
    return out.remove(QLatin1Char('\n'));
}

QString CardText::account(const mcpcore::KeyRecord &key)
{
    if (!key.verified || (key.verified->account.isEmpty() && key.verified->accountName.isEmpty()))
        return key.label;
    return named(key.verified->accountName.isEmpty() ? key.verified->account : key.verified->accountName);
}

QString CardText::connectionName(const QString &vendor, const mcpcore::ConnectionId &connection)
{
    static const QHash<QString, QString> vendors{{QStringLiteral("stripe"), QStringLiteral("Stripe")},
                                                 {QStringLiteral("stigg"), QStringLiteral("Stigg")},
                                                 {QStringLiteral("statsig"), QStringLiteral("Statsig")},
                                                 {QStringLiteral("stack"), QStringLiteral("STACK")},
                                                 {QStringLiteral("practice"), QStringLiteral("Practice")}};
    const QString own = named(connection.text);
    return vendor == connection.text ? vendors.value(vendor, own) : own;
}

QString CardText::placeBefore(const QString &connection)
{
    return tr("%1 · ", "connection, before an environment").arg(connection);
}

QString CardText::clientName(const ToolCall &call)
{
    return named(call.clientLabel);
}

QString CardText::sentence(const ToolCall &call)
{
    const QString tool = named(call.tool);
    const QString connection = connectionName(call);
    switch (call.toolClass) {
    case ToolClass::Read: return tr("Read with tool “%1” of %2").arg(tool, connection);
    case ToolClass::ReadPersonal: return tr("Read personal data with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Write: return tr("Create something with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Change: return tr("Change something with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Destructive: return tr("Do what cannot be undone with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Money: return tr("Move money with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Secret: return tr("Give %3 a secret with tool “%1” of %2").arg(tool, connection, clientName(call));
    case ToolClass::Control: return tr("Change who may do what with tool “%1” of %2").arg(tool, connection);
    case ToolClass::Unknown: break;
    }
    return tr("Call tool “%1” of %2. What it does is not known").arg(tool, connection);
}

QString CardText::title(const ToolCall &call)
{
    const QString tool = named(call.tool);
    switch (call.toolClass) {
    case ToolClass::Read: return tr("Read: %1").arg(tool);
    case ToolClass::ReadPersonal: return tr("Read personal data: %1").arg(tool);
    case ToolClass::Write: return tr("Create: %1").arg(tool);
    case ToolClass::Change: return tr("Change: %1").arg(tool);
    case ToolClass::Destructive: return tr("Cannot be undone: %1").arg(tool);
    case ToolClass::Money: return tr("Move money: %1").arg(tool);
    case ToolClass::Secret: return tr("Give a secret: %1").arg(tool);
    case ToolClass::Control: return tr("Change who may: %1").arg(tool);
    case ToolClass::Unknown: break;
    }
    return tr("Call %1").arg(tool);
}

QString CardText::facts(const ToolCall &call)
{
    return tr("%1 · %2", "vendor, operation").arg(connectionName(call), named(call.operation.isEmpty() ? call.tool : call.operation));
}

QString CardText::tag(ToolClass toolClass)
{
    switch (toolClass) {
    case ToolClass::Read: return tr("Reads");
    case ToolClass::ReadPersonal: return tr("Reads personal data");
    case ToolClass::Write: return tr("Creates something");
    case ToolClass::Change: return tr("Changes something");
    case ToolClass::Destructive: return tr("Cannot be undone");
    case ToolClass::Money: return tr("Money");
    case ToolClass::Secret: return tr("Returns a secret");
    case ToolClass::Control: return tr("Changes who may");
    case ToolClass::Unknown: break;
    }
    return tr("Unknown");
}

QString CardText::tagIcon(ToolClass toolClass)
{
    switch (toolClass) {
    case ToolClass::Read: return QStringLiteral("eye");
    case ToolClass::ReadPersonal: return QStringLiteral("id-card");
    case ToolClass::Write: return QStringLiteral("plus");
    case ToolClass::Change: return QStringLiteral("pencil");
    case ToolClass::Destructive: return QStringLiteral("destructive");
    case ToolClass::Money: return QStringLiteral("money");
    case ToolClass::Secret: return QStringLiteral("key");
    case ToolClass::Control: return QStringLiteral("shield");
    case ToolClass::Unknown: break;
    }
    return QStringLiteral("unknown");
}

QString CardText::clientIcon(const QString &kind)
{
    static const QSet<QString> editors{QStringLiteral("cursor"), QStringLiteral("vscode"),  QStringLiteral("windsurf"),
                                       QStringLiteral("zed"),    QStringLiteral("kiro"),    QStringLiteral("antigravity"),
                                       QStringLiteral("cline"),  QStringLiteral("continue")};
    if (editors.contains(kind))
        return QStringLiteral("editor");
    return kind == QLatin1String("claude-desktop") || kind == QLatin1String("lm-studio") ? QStringLiteral("chat")
                                                                                         : QStringLiteral("terminal");
}

QString CardText::who(const mcpcore::Peer &peer)
{
    QString way;
    switch (peer.way) {
    case mcpcore::Peer::Way::Http: way = tr("over HTTP"); break;
    case mcpcore::Peer::Way::Bridge: way = tr("through the bridge"); break;
    case mcpcore::Peer::Way::Terminal: way = tr("from the terminal"); break;
    }
    if (peer.program.isEmpty() && peer.pid == 0)
        return tr("%1 · program not known").arg(way);
    if (peer.program.isEmpty())
        return tr("%1 · pid %2 (not verified)").arg(way, QString::number(peer.pid));
    if (peer.pid == 0)
        return tr("%1 · program %2 (not verified)").arg(way, named(peer.program));
    return tr("%1 · program %2, pid %3 (not verified)").arg(way, named(peer.program), QString::number(peer.pid));
}

QString CardText::strangerTitle(const ToolCall &call)
{
    const QString program = call.peer.program.isEmpty() ? tr("Another program") : programName(call.peer.program);
    return tr("%1 asks as %2.").arg(program, clientName(call));
}

QString CardText::hiddenCharacters(const ToolCall &call)
{
    const bool inName = ui::hiddenCharacters(call.tool) + ui::hiddenCharacters(call.operation) > 0;
    // Escapes (a zero width space as \u200b) count too, so the decoded texts are looked at beside the bytes.
    qsizetype inArguments = 0;
    for (const ArgumentRow &row : flatten(call.arguments, kMostRows).rows)
        inArguments += ui::hiddenCharacters(row.path) + (row.kind == ArgumentRow::Kind::Text ? ui::hiddenCharacters(row.value) : 0);
    if (inName && inArguments > 0)
        return tr("The tool’s name and the arguments hold characters that do not show. They are shown as marks.");
    if (inName)
        return tr("The tool’s name holds characters that do not show. They are shown as marks.");
    if (inArguments == 1)
        return tr("The arguments hold a character that does not show. It is shown as a mark.");
    return inArguments == 0 ? QString()
                            : tr("The arguments hold %1 characters that do not show. They are shown as marks.").arg(grouped(inArguments));
}

QString CardText::shortDigest(const QByteArray &digest)
{
    const QString hex = QString::fromLatin1(digest.toHex());
    return hex.size() < 12 ? hex : tr("%1 %2 … %3", "parts of a digest").arg(hex.left(4), hex.mid(4, 4), hex.right(4));
}

QString CardText::digestLine(const ToolCall &call)
{
    if (call.arguments.isEmpty())
        return tr("This call has no arguments.");
    return tr("These %1 bytes are sent as they are. sha256 %2").arg(grouped(call.arguments.size()), shortDigest(call.argumentsDigest));
}

QString CardText::allow(const mcpcore::EnvironmentId &environment)
{
    return tr("Allow in %1").arg(wordOf(environment));
}

QString CardText::typedPrompt(const mcpcore::Approval &approval)
{
    if (approval.typedWord.compare(approval.call->environment.text, Qt::CaseInsensitive) == 0)
        return tr("Type the environment’s name, %1, to allow").arg(visibleText(approval.typedWord));
    return tr("Type %1 to allow").arg(visibleText(approval.typedWord));
}

QString CardText::typedHint(const QString &word, const QString &typed)
{
    if (typed == word)
        return tr("It matches.");
    if (!word.startsWith(typed))
        return word.startsWith(typed, Qt::CaseInsensitive) ? tr("Capital and small letters count.") : tr("It does not match.");
    const qsizetype missing = word.size() - typed.size();
    return missing == 1 ? tr("1 character to go.") : tr("%1 characters to go.").arg(missing);
}

QString CardText::whoDecided(const mcpcore::Approval &approval)
{
    const bool typed = approval.verdict.effect == mcpcore::Effect::AskTyped;
    if (!approval.verdict.rule.isEmpty())
        return tr("Your rule %1 asks you before this is sent.").arg(approval.verdict.rule.text);
    return typed ? tr("You are asked, and type a word, before it is sent. No rule can lower this.")
                 : tr("You are asked before it is sent. No rule of yours matches this call.");
}

QString CardText::duration(std::chrono::milliseconds span)
{
    const qint64 ms = std::max<qint64>(span.count(), 0);
    if (ms < 1'000)
        return tr("%1 ms").arg(ms);
    if (ms < 60'000)
        return ms % 1'000 < 50 ? tr("%1 s").arg(ms / 1'000) : tr("%1 s").arg(QString::number(double(ms) / 1'000, 'f', 1));
    const qint64 minutes = (ms + 30'000) / 60'000;
    return minutes == 1 ? tr("1 minute") : tr("%1 minutes").arg(minutes);
}

QString CardText::ended(const mcpcore::Approval &approval, mcpcore::ApprovalEnd end)
{
    switch (end) {
    case mcpcore::ApprovalEnd::Withdrawn: return tr("%1 no longer waits. Nothing was sent.").arg(clientName(*approval.call));
    case mcpcore::ApprovalEnd::Expired:
        return tr("Nobody answered in %1. Nothing was sent.").arg(duration(approval.deadline - approval.asked));
    case mcpcore::ApprovalEnd::Denied: return tr("Denied. Nothing was sent.");
    case mcpcore::ApprovalEnd::Allowed: break;
    }
    return tr("Allowed.");
}

QString CardText::state(Desk::CallState state, const ToolCall &call, const QString &detail, std::chrono::milliseconds took)
{
    const QString marked = visibleText(detail);
    switch (state) {
    case Desk::CallState::Sending: return tr("Sending to %1").arg(connectionName(call));
    case Desk::CallState::Waiting: return tr("Waiting for %1").arg(connectionName(call));
    case Desk::CallState::Done: return tr("Done in %1").arg(duration(took));
    case Desk::CallState::Failed: return marked.isEmpty() ? tr("Failed") : tr("Failed: “%1”").arg(marked);
    case Desk::CallState::OutcomeUnknown: break;
    }
    return tr("Outcome unknown. It may have been done; it is not sent again.");
}

QString CardText::accessibleName(const ToolCall &call)
{
    return tr("Allow %1 %2 in %3", "vendor, operation, environment")
        .arg(connectionName(call), named(call.operation.isEmpty() ? call.tool : call.operation), wordOf(call.environment));
}

QString CardText::accessibleDescription(const mcpcore::Approval &approval, std::chrono::milliseconds now)
{
    return tr("%1 asks. %2 left.").arg(clientName(*approval.call), duration(approval.deadline - now));
}

std::chrono::milliseconds CardText::armingTime(const ToolCall &call)
{
    const bool grave = call.toolClass == ToolClass::Destructive || call.toolClass == ToolClass::Money;
    return std::chrono::seconds(call.environmentKind == mcpcore::EnvironmentKind::Production && grave ? 2 : 1);
}

} // namespace ui
