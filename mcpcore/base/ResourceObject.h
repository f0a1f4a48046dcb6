// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/RawJson.h"
#include <QRegularExpression>
#include <functional>

namespace mcpcore {

// What a text has to look like, and how that is said: "must be an https address".
struct TextForm {
    QRegularExpression form;
    QString says;
};

// `pattern` is of the whole text.
TextForm textForm(const char *pattern, const char *says);
// What all such files have: the id and the name of the thing, and where their schema is.
TextForm idForm();
TextForm nameForm();
TextForm schemaForm();

// One thing that is wrong with a file. Lines and columns (of bytes) count from 1; 0 when there is no place to point to.
struct ResourceFault {
    qsizetype line = 0;
    qsizetype column = 0;
    QString path; // "keys.accepted[2].prefix"; empty for the whole file
    QString what;
};

// "12:5: keys.accepted[2].prefix is missing.", one line.
QString toText(const ResourceFault &fault);

// One object of a file of resources/ while it is read: each member is asked for by name, finish() complains about the others. Faults
// go, with their place, to the list that all objects of a file share. Lives on the stack of the reader.
class ResourceObject
{
public:
    enum class Need { Must, May };

    ResourceObject(const RawJson &object, QString path, QList<ResourceFault> &faults);

    bool has(const char *key) const;
    QString text(const char *key, const TextForm &form, Need need = Need::Must);
    QStringList texts(const char *key, const TextForm &form, Need need = Need::Must);
    // A member whose bytes are exactly these, such as a number.
    void exactly(const char *key, std::string_view bytes, const QString &otherwise);
    // A whole number of these; `least` when it is another one.
    qint64 number(const char *key, qint64 least, qint64 most, Need need = Need::Must);
    // A member of any form, as it stands; empty when it is not there.
    RawJson value(const char *key, Need need = Need::Must);
    template <typename Value> Value oneOf(const char *key, std::initializer_list<std::pair<const char *, Value>> words)
    {
        QStringList known;
        const QString given = text(key, anyText());
        for (const auto &[word, value] : words) {
            if (given == QLatin1String(word))
                return value;
            known.append(QLatin1String(word));
        }
        if (!given.isEmpty())
            complain(key, QStringLiteral("must be one of: %1").arg(known.join(QStringLiteral(", "))));
        return words.begin()->second;
    }
    void object(const char *key, Need need, const std::function<void(ResourceObject &)> &read);
    // A list of objects, at most 64.
    void each(const char *key, Need need, const std::function<void(ResourceObject &)> &read);
    // An object of texts with free names.
    QList<QPair<QString, QString>> pairs(const char *key, const TextForm &names, const TextForm &values);
    void complain(const char *key, const QString &what);
    void finish();

    static const TextForm &anyText();

private:
    const RawMember *take(const char *key, Need need);
    QString textOfValue(const RawJson &value, const QString &path, const TextForm &form);
    std::vector<RawJson> elements(const char *key, Need need);
    QString pathOf(const QString &key) const;
    void complainAt(const RawJson &value, const QString &path, const QString &what);

    RawJson m_whole;
    std::vector<RawMember> m_members;
    std::vector<bool> m_asked;
    QString m_path;
    QList<ResourceFault> &m_faults;
    bool m_isObject = false;
};

} // namespace mcpcore
