// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/ArgumentRows.h"
#include <QCoreApplication>
#include <QSet>
#include <QStringList>
#include <algorithm>

namespace ui {

namespace {

using mcpcore::RawJson;
constexpr int kDeepest = 64;
// A path repeats its names on every row below it; longer names are cut there and whole in Exact bytes.
constexpr qsizetype kLongestName = 120;

QString tr(const char *text, int count = -1)
{
    return QCoreApplication::translate("ArgumentRows", text, nullptr, count);
}

// Walks a JSON text by recursive descent and keeps slices; texts are decoded only for rows that are shown.
class Walker
{
public:
    Walker(const RawJson &arguments, qsizetype limit) : m_source(arguments), m_text(arguments.view()), m_limit(limit) {}

    ArgumentRows run()
    {
        skipSpace();
        if (m_at == m_text.size())
            return {};
        if (value(0, false)) {
            skipSpace();
            if (m_at != m_text.size())
                unreadable();
        }
        ArgumentRows out;
        out.total = m_total;
        for (const QList<Found> *found : {&m_risky, &m_plain})
            for (const Found &leaf : *found)
                if (out.rows.size() < m_limit)
                    out.rows.append({leaf.path, textOf(leaf), leaf.kind, found == &m_risky});
        return out;
    }

private:
    struct Found {
        QString path;
        std::string_view slice;
        ArgumentRow::Kind kind;
    };

    QString textOf(const Found &leaf) const
    {
        if (leaf.kind == ArgumentRow::Kind::Text)
            if (const auto text = mcpcore::textOf(RawJson(m_source.owner(), leaf.slice)))
                return *text;
        return QString::fromUtf8(leaf.slice.data(), qsizetype(leaf.slice.size()));
    }
    void skipSpace()
    {
        while (m_at < m_text.size() && (m_text[m_at] == ' ' || m_text[m_at] == '\n' || m_text[m_at] == '\r' || m_text[m_at] == '\t'))
            ++m_at;
    }
    char peek() const { return m_at < m_text.size() ? m_text[m_at] : '\0'; }
    bool take(char c)
    {
        skipSpace();
        if (peek() != c)
            return false;
        ++m_at;
        return true;
    }
    void keep(size_t from, ArgumentRow::Kind kind, bool risky)
    {
        ++m_total;
        QList<Found> &found = risky ? m_risky : m_plain;
        if (found.size() < m_limit)
            found.append({m_path, m_text.substr(from, m_at - from), kind});
    }
    // The rest of the text as one row, before all others: it could not be understood.
    bool unreadable()
    {
        ++m_total;
        m_risky.prepend({m_path, m_text.substr(std::min(m_at, m_text.size())), ArgumentRow::Kind::Unreadable});
        m_at = m_text.size();
        return false;
    }
    bool skipString()
    {
        for (++m_at; m_at < m_text.size(); ++m_at) {
            if (m_text[m_at] == '\\')
                ++m_at;
            else if (m_text[m_at] == '"')
                return ++m_at, true;
        }
        return false;
    }
    bool value(int depth, bool risky)
    {
        skipSpace();
        const size_t from = m_at;
        switch (peek()) {
        case '{': return depth < kDeepest ? object(depth, risky) : unreadable();
        case '[': return depth < kDeepest ? list(depth, risky) : unreadable();
        case '"':
            if (!skipString())
                return m_at = from, unreadable();
            keep(from, ArgumentRow::Kind::Text, risky);
            return true;
        default: return word(from, risky);
        }
    }
    bool word(size_t from, bool risky)
    {
        while (m_at < m_text.size() && std::string_view(",]} \t\r\n\"{[:").find(m_text[m_at]) == std::string_view::npos)
            ++m_at;
        const std::string_view text = m_text.substr(from, m_at - from);
        if (text == "null")
            keep(from, ArgumentRow::Kind::Null, risky);
        else if (text == "true" || text == "false")
            keep(from, ArgumentRow::Kind::Boolean, risky);
        else if (!text.empty() && text.find_first_not_of("+-.0123456789eE") == std::string_view::npos)
            keep(from, ArgumentRow::Kind::Number, risky);
        else
            return m_at = from, unreadable();
        return true;
    }
    bool object(int depth, bool risky)
    {
        const size_t from = m_at++;
        const qsizetype length = m_path.size();
        if (take('}')) {
            keep(from, ArgumentRow::Kind::EmptyObject, risky);
            return true;
        }
        do {
            skipSpace();
            const size_t start = m_at;
            if (peek() != '"' || !skipString())
                return m_at = start, unreadable();
            const QString name = textOf({{}, m_text.substr(start, m_at - start), ArgumentRow::Kind::Text});
            if (!take(':'))
                return m_at = start, unreadable();
            appendToPath(name);
            if (!value(depth + 1, isRiskyName(name)))
                return false;
            m_path.truncate(length);
        } while (take(','));
        return take('}') || unreadable();
    }
    bool list(int depth, bool risky)
    {
        const size_t from = m_at++;
        const qsizetype length = m_path.size();
        if (take(']')) {
            keep(from, ArgumentRow::Kind::EmptyList, risky);
            return true;
        }
        qsizetype index = 0;
        do {
            m_path += QLatin1Char('[') + QString::number(index++) + QLatin1Char(']');
            if (!value(depth + 1, risky))
                return false;
            m_path.truncate(length);
        } while (take(','));
        return take(']') || unreadable();
    }
    void appendToPath(const QString &name)
    {
        const bool plain = !name.isEmpty() && std::all_of(name.begin(), name.end(), [](QChar c) {
            return (c.unicode() < 128 && c.isLetterOrNumber()) || c == QLatin1Char('_') || c == QLatin1Char('-') || c == QLatin1Char('$');
        });
        if (plain && name.size() <= kLongestName) {
            m_path += m_path.isEmpty() ? name : QLatin1Char('.') + name;
            return;
        }
        QString quoted = name.left(kLongestName);
        quoted.replace(QLatin1Char('\\'), QLatin1String("\\\\")).replace(QLatin1Char('"'), QLatin1String("\\\""));
        m_path += QLatin1String("[\"") + quoted + (name.size() > kLongestName ? QStringLiteral("\"…]") : QStringLiteral("\"]"));
    }

    const RawJson &m_source;
    const std::string_view m_text;
    const qsizetype m_limit;
    size_t m_at = 0;
    QString m_path;
    QList<Found> m_risky, m_plain;
    qsizetype m_total = 0;
};

// The words of a name: customer_id, customerId and "customer id" are the same two.
QStringList wordsOf(const QString &name)
{
    QStringList words;
    QString word;
    bool previousIsLower = false;
    for (const QChar c : name.left(200)) {
        const bool starts = c.isUpper() && previousIsLower;
        if ((starts || !c.isLetterOrNumber()) && !word.isEmpty())
            words.append(std::exchange(word, QString()));
        if (c.isLetterOrNumber())
            word += c.toLower();
        previousIsLower = c.isLower();
    }
    if (!word.isEmpty())
        words.append(word);
    return words;
}

} // namespace

bool isRiskyName(const QString &name)
{
    static const QSet<QString> risky = [] {
        QSet<QString> words;
        // How much, of or for whom, what goes away, what runs, who may.
        for (const char *word : {"amount",      "amounts",   "price",   "total",  "quantity", "credit",     "discount",   "currency",
                                 "customer",    "customers", "account", "id",     "ids",      "email",      "emails",     "recipient",
                                 "destination", "iban",      "card",    "delete", "deleted",  "remove",     "revoke",     "destroy",
                                 "purge",       "drop",      "cancel",  "refund", "force",    "overwrite",  "replace",    "all",
                                 "everyone",    "publish",   "command", "sql",    "script",   "role",       "permission", "permissions",
                                 "admin",       "password",  "secret",  "token",  "livemode", "environment"})
            words.insert(QLatin1String(word));
        return words;
    }();
    const QStringList words = wordsOf(name);
    return std::any_of(words.begin(), words.end(), [](const QString &word) { return risky.contains(word); });
}

ArgumentRows flatten(const RawJson &arguments, qsizetype limit)
{
    return Walker(arguments, limit).run();
}

QString grouped(qint64 number)
{
    QString text = QString::number(number);
    for (qsizetype at = text.size() - 3; at > (number < 0 ? 1 : 0); at -= 3)
        text.insert(at, QChar::Nbsp);
    return text;
}

QString measureOf(const ArgumentRow &row)
{
    switch (row.kind) {
    case ArgumentRow::Kind::Number:
        return row.value.contains(QLatin1Char('.')) || row.value.contains(QLatin1Char('e'), Qt::CaseInsensitive) ? tr("number")
                                                                                                                 : tr("integer");
    case ArgumentRow::Kind::Boolean: return tr("true or false");
    case ArgumentRow::Kind::Null: return tr("null");
    case ArgumentRow::Kind::EmptyObject: return tr("empty object");
    case ArgumentRow::Kind::EmptyList: return tr("empty list");
    case ArgumentRow::Kind::Unreadable: return tr("not JSON, see Exact bytes");
    case ArgumentRow::Kind::Text: break;
    }
    if (row.value.isEmpty())
        return tr("empty text");
    const auto characters = std::count_if(row.value.begin(), row.value.end(), [](QChar c) { return !c.isLowSurrogate(); });
    const auto lines = row.value.count(QLatin1Char('\n')) + 1;
    if (lines > 1)
        return tr("%1 characters, %2 lines").arg(grouped(characters), grouped(lines));
    return characters == 1 ? tr("1 character") : tr("%1 characters").arg(grouped(characters));
}

} // namespace ui
