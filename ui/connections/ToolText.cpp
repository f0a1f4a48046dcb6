// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ToolText.h"
#include "ui/widgets/VisibleMarks.h"
#include <QRegularExpression>
#include <QSet>

namespace ui {

using mcpcore::Tool;
using mcpcore::ToolClass;

namespace {

struct Words {
    ToolClass toolClass;
    QSet<QString> words;
};

QSet<QString> set(const char *words)
{
    const QStringList list = QString::fromLatin1(words).split(QLatin1Char(' '));
    return {list.begin(), list.end()};
}

// From the worst to the mildest: one word of a name is enough.
const QList<Words> &classWords()
{
    static const QList<Words> words{
        {ToolClass::Secret, set("secret secrets token tokens credential credentials password")},
        {ToolClass::Money, set("refund refunds pay payment payments payout payouts charge charges transfer transfers")},
        {ToolClass::Destructive, set("delete remove destroy purge revoke cancel archive drop erase replace")},
        {ToolClass::Change, set("update set change edit patch modify enable disable move rename")},
        {ToolClass::Write, set("create add new insert post send publish invite upload write finalize")},
        {ToolClass::Read, set("get list search find fetch retrieve read describe query show count docs documentation")},
    };
    return words;
}

const QSet<QString> &peopleWords()
{
    static const QSet<QString> words =
        set("customer customers user users person people contact contacts email emails subscriber subscribers member members");
    return words;
}

QStringList wordsOf(const QString &name)
{
    static const QRegularExpression border(QStringLiteral("[^A-Za-z]+|(?<=[a-z])(?=[A-Z])"));
    QStringList words = name.split(border, Qt::SkipEmptyParts);
    for (QString &word : words)
        word = word.toLower();
    return words;
}

ToolClass byName(const QString &name)
{
    const QStringList words = wordsOf(name);
    const auto any = [&words](const QSet<QString> &of) {
        return std::any_of(words.begin(), words.end(), [&of](const QString &word) { return of.contains(word); });
    };
    // A list of payments moves no money: what a name begins with says what is done.
    const bool reads = !words.isEmpty() && classWords().last().words.contains(words.first());
    if (reads)
        return any(classWords().first().words) ? ToolClass::Secret : any(peopleWords()) ? ToolClass::ReadPersonal : ToolClass::Read;
    for (const Words &known : classWords())
        if (any(known.words))
            return known.toolClass;
    return ToolClass::Unknown;
}

// None when the annotations say nothing of it. Destructive and silent about reading is what a server says by default.
std::optional<ToolClass> byClaim(const ListedTool &tool)
{
    if (tool.readOnly == true)
        return tool.destructive == true ? ToolClass::Destructive : ToolClass::Read;
    if (tool.destructive == true)
        return ToolClass::Destructive;
    if (tool.readOnly == false)
        return ToolClass::Change;
    return std::nullopt;
}

int weightOf(ToolClass toolClass)
{
    switch (toolClass) {
    case ToolClass::Read: return 0;
    case ToolClass::ReadPersonal: return 1;
    case ToolClass::Write: return 2;
    case ToolClass::Change: return 3;
    case ToolClass::Destructive: return 4;
    case ToolClass::Money: return 5;
    case ToolClass::Secret: return 6;
    case ToolClass::Control: return 7;
    case ToolClass::Unknown: return -1; // says nothing
    }
    Q_UNREACHABLE();
}

} // namespace

ToolClass ToolText::claimed(const ListedTool &tool)
{
    const ToolClass name = byName(tool.name), claim = byClaim(tool).value_or(ToolClass::Unknown);
    return weightOf(claim) > weightOf(name) ? claim : name;
}

QString ToolText::claims(const ListedTool &tool)
{
    QStringList said;
    if (tool.readOnly)
        said.append(*tool.readOnly ? tr("it only reads") : tr("it does not only read"));
    if (tool.destructive)
        said.append(*tool.destructive ? tr("it may destroy") : tr("it destroys nothing"));
    if (tool.openWorld == true)
        said.append(tr("it reaches beyond this vendor"));
    const QString server =
        said.isEmpty() ? tr("The server claims nothing of it.") : tr("The server claims: %1.").arg(said.join(QStringLiteral(", ")));
    const ToolClass name = byName(tool.name);
    return name == ToolClass::Unknown ? server : tr("%1 Its name sounds like: %2.").arg(server, className(name));
}

QString ToolText::className(ToolClass toolClass)
{
    return mcpcore::toText(toolClass);
}

QString ToolText::state(const ListedTool &tool)
{
    switch (tool.state) {
    case Tool::State::Quarantined: return tr("waits");
    case Tool::State::Trusted: return tr("trusted as %1").arg(className(tool.accepted));
    case Tool::State::Changed: return tr("changed since you trusted it");
    }
    Q_UNREACHABLE();
}

bool ToolText::isRead(ToolClass toolClass)
{
    return toolClass == ToolClass::Read || toolClass == ToolClass::ReadPersonal;
}

int ToolText::hiddenIn(const ListedTool &tool)
{
    return int(hiddenCharacters(tool.name) + hiddenCharacters(tool.title) + hiddenCharacters(tool.description));
}

} // namespace ui
