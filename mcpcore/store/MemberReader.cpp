// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/MemberReader.h"
#include <QDateTime>
#include <QSet>
#include <charconv>

namespace mcpcore {

namespace {

QString fromUtf8(std::string_view view)
{
    return QString::fromUtf8(view.data(), qsizetype(view.size()));
}

bool isA(char first, const RawJson &value)
{
    return !value.isEmpty() && value.view().front() == first;
}

} // namespace

MemberReader::MemberReader(const RawJson &object, QString path, QString &complaint) : m_path(std::move(path)), m_complaint(complaint)
{
    auto members = membersOf(object);
    if (!isA('{', object) || !members) {
        complainAt(m_path, QStringLiteral("must be an object"));
        return;
    }
    m_members = std::move(*members);
    m_asked.resize(m_members.size());
    QSet<QString> seen;
    for (const RawMember &member : m_members) {
        const QString key = fromUtf8(member.key);
        if (seen.contains(key))
            complainAt(pathOf(key), QStringLiteral("is written twice"));
        seen.insert(key);
    }
}

bool MemberReader::has(const char *key) const
{
    return !memberOf(m_members, key).isEmpty();
}

const RawMember *MemberReader::find(const char *key)
{
    for (size_t i = 0; i < m_members.size(); ++i) {
        if (m_members[i].key != key)
            continue;
        m_asked[i] = true;
        return &m_members[i];
    }
    return nullptr;
}

QString MemberReader::textOfMember(const RawJson &value, const QString &path)
{
    const Result<QString> text = textOf(value);
    if (!isA('"', value) || !text) {
        complainAt(path, QStringLiteral("must be a text"));
        return {};
    }
    return *text;
}

QString MemberReader::text(const char *key)
{
    const RawMember *member = find(key);
    if (!member) {
        complain(key, QStringLiteral("is missing"));
        return {};
    }
    const QString text = textOfMember(member->value, pathOf(QString::fromLatin1(key)));
    for (const QChar c : text)
        if (c.category() == QChar::Other_Control)
            complain(key, QStringLiteral("must not hold control characters"));
    return text;
}

QString MemberReader::text(const char *key, const QString &otherwise)
{
    return has(key) ? text(key) : otherwise;
}

bool MemberReader::flag(const char *key, bool otherwise)
{
    const RawMember *member = find(key);
    if (!member)
        return otherwise;
    if (member->value.view() != "true" && member->value.view() != "false")
        complain(key, QStringLiteral("must be true or false"));
    return member->value.view() == "true";
}

int MemberReader::number(const char *key)
{
    const RawMember *member = find(key);
    int number = 0;
    const std::string_view text = member ? member->value.view() : std::string_view();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size())
        complain(key, member ? QStringLiteral("must be a whole number") : QStringLiteral("is missing"));
    return number;
}

QByteArray MemberReader::hex(const char *key)
{
    const QByteArray digits = text(key, {}).toLatin1();
    const QByteArray bytes = QByteArray::fromHex(digits);
    if (bytes.toHex() != digits)
        complain(key, QStringLiteral("must be lower-case hexadecimal"));
    return bytes;
}

Milliseconds MemberReader::time(const char *key)
{
    if (!has(key))
        return {};
    const QDateTime time = QDateTime::fromString(text(key), Qt::ISODateWithMs);
    if (!time.isValid() || time.timeSpec() == Qt::LocalTime) {
        complain(key, QStringLiteral("must be a time with its zone, such as 2026-11-21T10:00:00Z"));
        return {};
    }
    return Milliseconds(time.toMSecsSinceEpoch());
}

RawJson MemberReader::value(const char *key)
{
    const RawMember *member = find(key);
    return member ? member->value : RawJson();
}

QStringList MemberReader::texts(const char *key)
{
    QStringList texts;
    const RawJson array = value(key);
    if (array.isEmpty())
        return texts;
    const auto elements = elementsOf(array);
    if (!isA('[', array) || !elements) {
        complain(key, QStringLiteral("must be a list"));
        return texts;
    }
    for (const RawJson &element : *elements)
        texts.append(textOfMember(element, QStringLiteral("%1[%2]").arg(pathOf(QString::fromLatin1(key))).arg(texts.size())));
    return texts;
}

void MemberReader::object(const char *key, const std::function<void(MemberReader &)> &read)
{
    if (!has(key))
        return;
    MemberReader reader(value(key), pathOf(QString::fromLatin1(key)), m_complaint);
    read(reader);
    reader.finish();
}

void MemberReader::each(const char *key, const std::function<void(MemberReader &)> &read)
{
    const RawJson array = value(key);
    if (array.isEmpty())
        return;
    const auto elements = elementsOf(array);
    if (!isA('[', array) || !elements)
        return complain(key, QStringLiteral("must be a list"));
    int index = 0;
    for (const RawJson &element : *elements) {
        MemberReader reader(element, QStringLiteral("%1[%2]").arg(pathOf(QString::fromLatin1(key))).arg(index++), m_complaint);
        read(reader);
        reader.finish();
        if (!m_complaint.isEmpty())
            return;
    }
}

void MemberReader::eachText(const char *key, const std::function<void(const QString &, const QString &)> &read)
{
    if (!has(key))
        return complain(key, QStringLiteral("is missing"));
    const QString path = pathOf(QString::fromLatin1(key));
    MemberReader object(value(key), path, m_complaint);
    for (const RawMember &member : object.m_members) {
        const QString name = fromUtf8(member.key);
        read(name, textOfMember(member.value, object.pathOf(name)));
    }
}

void MemberReader::finish()
{
    for (size_t i = 0; i < m_members.size(); ++i)
        if (!m_asked[i])
            complainAt(pathOf(fromUtf8(m_members[i].key)), QStringLiteral("is not known to this version"));
}

QString MemberReader::pathOf(const QString &key) const
{
    return m_path.isEmpty() ? key : m_path + QLatin1Char('.') + key;
}

void MemberReader::complain(const char *key, const QString &what)
{
    complainAt(pathOf(QString::fromLatin1(key)), what);
}

void MemberReader::complainAt(const QString &path, const QString &what)
{
    if (m_complaint.isEmpty())
        m_complaint = path.isEmpty() ? QStringLiteral("The text %1.").arg(what) : QStringLiteral("\"%1\" %2.").arg(path, what);
}

} // namespace mcpcore
