// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/ResourceObject.h"
#include <QSet>

namespace mcpcore {

namespace {

constexpr size_t kMaximumElements = 64;

QString fromUtf8(std::string_view view)
{
    return QString::fromUtf8(view.data(), qsizetype(view.size()));
}

bool isA(char first, const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == first;
}

} // namespace

ResourceObject::ResourceObject(const RawJson &object, QString path, QList<ResourceFault> &faults)
    : m_whole(object), m_path(std::move(path)), m_faults(faults)
{
    auto members = membersOf(object);
    m_isObject = isA('{', object) && members;
    if (!m_isObject) {
        complainAt(object, m_path, QStringLiteral("must be an object"));
        return;
    }
    m_members = std::move(*members);
    m_asked.resize(m_members.size());
    QSet<QString> seen;
    for (size_t i = 0; i < m_members.size(); ++i) {
        const QString key = fromUtf8(m_members[i].key);
        if (seen.contains(key)) {
            complainAt(m_members[i].value, pathOf(key), QStringLiteral("is written twice"));
            m_asked[i] = true;
        }
        seen.insert(key);
    }
}

bool ResourceObject::has(const char *key) const
{
    return !memberOf(m_members, key).isEmpty();
}

const RawMember *ResourceObject::take(const char *key, Need need)
{
    for (size_t i = 0; i < m_members.size(); ++i) {
        if (m_members[i].key != key)
            continue;
        m_asked[i] = true;
        return &m_members[i];
    }
    if (need == Need::Must && m_isObject)
        complainAt(m_whole, pathOf(QString::fromLatin1(key)), QStringLiteral("is missing"));
    return nullptr;
}

QString ResourceObject::textOfValue(const RawJson &value, const QString &path, const TextForm &form)
{
    const Result<QString> text = textOf(value);
    if (!isA('"', value) || !text) {
        complainAt(value, path, QStringLiteral("must be a text"));
        return {};
    }
    if (!form.form.match(*text).hasMatch()) {
        complainAt(value, path, form.says);
        return {};
    }
    return *text;
}

QString ResourceObject::text(const char *key, const TextForm &form, Need need)
{
    const RawMember *member = take(key, need);
    return member ? textOfValue(member->value, pathOf(QString::fromLatin1(key)), form) : QString();
}

void ResourceObject::exactly(const char *key, std::string_view bytes, const QString &otherwise)
{
    if (const RawMember *member = take(key, Need::Must); member && member->value.view() != bytes)
        complainAt(member->value, pathOf(QString::fromLatin1(key)), otherwise);
}

qint64 ResourceObject::number(const char *key, qint64 least, qint64 most, Need need)
{
    const RawMember *member = take(key, need);
    if (!member)
        return least;
    bool isNumber = false;
    const QByteArray digits = member->value.bytes();
    const qint64 number = digits.toLongLong(&isNumber);
    if (isNumber && number >= least && number <= most && digits == QByteArray::number(number))
        return number;
    complainAt(member->value, pathOf(QString::fromLatin1(key)),
               QStringLiteral("must be a whole number from %1 to %2").arg(least).arg(most));
    return least;
}

RawJson ResourceObject::value(const char *key, Need need)
{
    const RawMember *member = take(key, need);
    return member ? member->value : RawJson();
}

std::vector<RawJson> ResourceObject::elements(const char *key, Need need)
{
    const RawMember *member = take(key, need);
    if (!member)
        return {};
    const QString path = pathOf(QString::fromLatin1(key));
    auto found = elementsOf(member->value);
    if (!isA('[', member->value) || !found) {
        complainAt(member->value, path, QStringLiteral("must be a list"));
        return {};
    }
    if (found->empty() || found->size() > kMaximumElements) {
        complainAt(member->value, path, QStringLiteral("must have 1 to %1 elements").arg(kMaximumElements));
        return {};
    }
    return std::move(*found);
}

QStringList ResourceObject::texts(const char *key, const TextForm &form, Need need)
{
    QStringList texts;
    for (const RawJson &element : elements(key, need))
        texts.append(textOfValue(element, QStringLiteral("%1[%2]").arg(pathOf(QString::fromLatin1(key))).arg(texts.size()), form));
    return texts;
}

void ResourceObject::object(const char *key, Need need, const std::function<void(ResourceObject &)> &read)
{
    const RawMember *member = take(key, need);
    if (!member)
        return;
    ResourceObject inner(member->value, pathOf(QString::fromLatin1(key)), m_faults);
    if (!inner.m_isObject)
        return;
    read(inner);
    inner.finish();
}

void ResourceObject::each(const char *key, Need need, const std::function<void(ResourceObject &)> &read)
{
    int index = 0;
    for (const RawJson &element : elements(key, need)) {
        ResourceObject inner(element, QStringLiteral("%1[%2]").arg(pathOf(QString::fromLatin1(key))).arg(index++), m_faults);
        if (!inner.m_isObject)
            continue;
        read(inner);
        inner.finish();
    }
}

QList<QPair<QString, QString>> ResourceObject::pairs(const char *key, const TextForm &names, const TextForm &values)
{
    QList<QPair<QString, QString>> pairs;
    const RawMember *member = take(key, Need::May);
    if (!member)
        return pairs;
    ResourceObject inner(member->value, pathOf(QString::fromLatin1(key)), m_faults);
    for (const RawMember &pair : inner.m_members) {
        const QString name = fromUtf8(pair.key);
        if (!names.form.match(name).hasMatch())
            inner.complainAt(pair.value, inner.pathOf(name), names.says);
        pairs.append({name, inner.textOfValue(pair.value, inner.pathOf(name), values)});
    }
    return pairs;
}

void ResourceObject::finish()
{
    for (size_t i = 0; i < m_members.size(); ++i)
        if (!m_asked[i])
            complainAt(m_members[i].value, pathOf(fromUtf8(m_members[i].key)), QStringLiteral("is not known to this version"));
}

TextForm textForm(const char *pattern, const char *says)
{
    return {QRegularExpression(QStringLiteral("\\A(?:%1)\\z").arg(QLatin1String(pattern))), QString::fromLatin1(says)};
}

TextForm idForm()
{
    return textForm("[a-z][a-z0-9-]{0,19}", "must be 1 to 20 of a-z, 0-9 and -, and begin with a letter");
}

TextForm nameForm()
{
    return textForm("[^\\x00-\\x1f\\x7f]{1,40}", "must be 1 to 40 characters on one line");
}

TextForm schemaForm()
{
    return textForm("\\./schema\\.json", "must be ./schema.json");
}

QString toText(const ResourceFault &fault)
{
    const QString place = fault.line > 0 ? QStringLiteral("%1:%2: ").arg(fault.line).arg(fault.column) : QString();
    if (fault.path.isEmpty())
        return QStringLiteral("%1%2").arg(place, fault.what);
    return QStringLiteral("%1%2 %3.").arg(place, fault.path, fault.what);
}

const TextForm &ResourceObject::anyText()
{
    static const TextForm form{QRegularExpression(QStringLiteral("\\A[^\\x00-\\x1f\\x7f]{1,400}\\z")),
                               QStringLiteral("must be 1 to 400 characters on one line")};
    return form;
}

QString ResourceObject::pathOf(const QString &key) const
{
    return m_path.isEmpty() ? key : m_path + QLatin1Char('.') + key;
}

void ResourceObject::complain(const char *key, const QString &what)
{
    const RawJson value = memberOf(m_members, key);
    complainAt(value.isEmpty() ? m_whole : value, pathOf(QString::fromLatin1(key)), what);
}

void ResourceObject::complainAt(const RawJson &value, const QString &path, const QString &what)
{
    const std::string_view before(value.owner().constData(), size_t(value.view().data() - value.owner().constData()));
    const size_t lineStart = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
    m_faults.append({std::count(before.begin(), before.end(), '\n') + 1, qsizetype(before.size() - lineStart) + 1, path, what});
}

} // namespace mcpcore
