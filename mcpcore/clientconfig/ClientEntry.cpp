// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/ClientEntry.h"
#include "base/Json.h"
#include <QRegularExpression>
#include <QUrl>

namespace mcpcore {

namespace {

using Words = QList<QPair<QString, QString>>;

// The address of the whole endpoint, or of one connection behind it.
QString urlOf(const EntryValues &values)
{
    return values.connection.isEmpty() ? values.url : QStringLiteral("%1/%2/%3").arg(values.url, values.connection, values.environment);
}

Words wordsOf(const EntryValues &values)
{
    return {{QStringLiteral("{bridge}"), values.bridge},
            {QStringLiteral("{client}"), values.client},
            {QStringLiteral("{profile}"), values.profile},
            {QStringLiteral("{connection}"), values.connection},
            {QStringLiteral("{environment}"), values.environment},
            {QStringLiteral("{url}"), urlOf(values)},
            {QStringLiteral("{token}"), QString::fromLatin1(values.token)},
            {QStringLiteral("{name}"), values.name}};
}

// One pass: what is filled in is not looked at again.
QString filled(const QString &text, const Words &words)
{
    QString out;
    for (qsizetype at = 0; at < text.size();) {
        const auto word = std::find_if(words.begin(), words.end(), [&](const auto &one) { return text.mid(at).startsWith(one.first); });
        out += word == words.end() ? QString(text[at]) : word->second;
        at += word == words.end() ? 1 : word->first.size();
    }
    return out;
}

void fill(Json &value, const Words &words)
{
    if (value.is_string())
        value = filled(value.get<QString>(), words);
    else if (value.is_structured())
        for (Json &inner : value)
            fill(inner, words);
}

// What a bridge is told beside the client's id, as words to be filled in: another profile than the usual one, one connection alone.
QStringList optionsOf(const EntryValues &values)
{
    QStringList options;
    if (!values.profile.isEmpty())
        options += {QStringLiteral("--profile"), QStringLiteral("{profile}")};
    if (!values.connection.isEmpty())
        options += {QStringLiteral("--connection"), QStringLiteral("{connection}"), QStringLiteral("--environment"),
                    QStringLiteral("{environment}")};
    return options;
}

// Behind the client's id, wherever an entry has that.
void addOptions(Json &value, const Json &options)
{
    if (value.is_array())
        for (auto word = value.begin(); word != value.end(); ++word)
            if (*word == "{client}") {
                value.insert(word + 1, options.begin(), options.end());
                return;
            }
    if (value.is_structured())
        for (Json &inner : value)
            addOptions(inner, options);
}

// As one word of a shell.
QString shellWord(const QString &text)
{
    static const QRegularExpression plain(QStringLiteral("\\A[A-Za-z0-9_./:@%+=,-]+\\z"));
    if (plain.match(text).hasMatch())
        return text;
    QString quoted = text;
    return QLatin1Char('\'') + quoted.replace(QLatin1Char('\''), QLatin1String("'\\''")) + QLatin1Char('\'');
}

// The entry as links and commands carry it: bare, and with its name as first member.
struct Carried {
    QString bare;
    QString named;
};

Result<Carried> carried(const ClientKind &kind, const EntryValues &values)
{
    const auto entry = entryOf(kind, kind.shapes.last(), Way::Bridge, values);
    if (!entry)
        return failure(entry.error());
    Json named{{"name", values.name}};
    named.update(*entry);
    return Carried{QString::fromUtf8(toBytes(*entry)), QString::fromUtf8(toBytes(named))};
}

QString percent(const QString &text)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(text));
}

} // namespace

QString usualEntryName(const QString &connection)
{
    if (connection.isEmpty())
        return EntryValues().name;
    QString name = (EntryValues().name + QLatin1Char('-') + connection).left(20);
    while (name.endsWith(QLatin1Char('-')))
        name.chop(1);
    return name;
}

bool isEntryName(const QString &name)
{
    static const QRegularExpression form(QStringLiteral("\\A[a-z][a-z0-9-]{0,19}\\z"));
    return form.match(name).hasMatch() && name != QLatin1String("workspace") && name != QLatin1String("ide");
}

Result<Json> entryOf(const ClientKind &kind, const EntryShape &shape, Way way, const EntryValues &values)
{
    if (shape.entry(way).isEmpty())
        return failure(Error::Kind::InvalidArgument, QStringLiteral("%1 cannot use this way. Choose Bridge.").arg(kind.name));
    if (!isEntryName(values.name))
        return failure(
            Error::Kind::InvalidArgument,
            QStringLiteral("\"%1\" cannot be the name of an entry. Use 1 to 20 of a-z, 0-9 and -, with a letter first.").arg(values.name));
    const Words words = wordsOf(values);
    for (const auto &[word, value] : words)
        for (const QChar character : kind.interpolates)
            if (value.contains(character))
                return failure(
                    Error::Kind::InvalidArgument,
                    QStringLiteral("%1 would read the %2 in %3 as the start of a variable. Move Countersign to a folder without it.")
                        .arg(kind.name, QString(character), value));
    auto entry = parseJson(shape.entry(way).view());
    if (!entry)
        return failure(entry.error());
    Json options = Json::array();
    for (const QString &word : optionsOf(values))
        options.push_back(word);
    addOptions(*entry, options);
    fill(*entry, words);
    return entry;
}

Result<QString> commandOf(const ClientKind &kind, const EntryValues &values)
{
    if (kind.command.isEmpty())
        return QString();
    const auto entry = carried(kind, values);
    if (!entry)
        return failure(entry.error());
    Words words = wordsOf(values);
    for (auto &word : words)
        word.second = shellWord(word.second);
    QString command = kind.command;
    command.replace(QStringLiteral("{client}"), (QStringList{QStringLiteral("{client}")} + optionsOf(values)).join(QLatin1Char(' ')));
    return filled(command, words + Words{{QStringLiteral("{json}"), shellWord(entry->named)}});
}

Result<QString> linkOf(const ClientKind &kind, const EntryValues &values)
{
    if (kind.link.isEmpty())
        return QString();
    const auto entry = carried(kind, values);
    if (!entry)
        return failure(entry.error());
    return filled(kind.link, {{QStringLiteral("{name}"), percent(values.name)},
                              {QStringLiteral("{base64}"), percent(QString::fromLatin1(entry->bare.toUtf8().toBase64()))},
                              {QStringLiteral("{percent}"), percent(entry->named)}});
}

} // namespace mcpcore
