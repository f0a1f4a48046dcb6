// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/Anchor.h"
#include "base/AtomicFile.h"
#include "base/Json.h"
#include <QFileInfo>

namespace mcpcore {

QString Anchor::pathFor(const QString &logPath)
{
    const QFileInfo log(logPath);
    return log.absolutePath() + QLatin1Char('/') + log.completeBaseName() + QStringLiteral(".anchor");
}

Result<Anchor> Anchor::read(const QString &path)
{
    const auto bytes = readFile(path, 64 * 1024);
    return bytes ? fromBytes(*bytes) : failure(bytes.error());
}

Result<Anchor> Anchor::fromBytes(const QByteArray &json)
{
    const auto parsed = parseJson({json.constData(), size_t(json.size())});
    if (!parsed)
        return failure(parsed.error());
    Anchor anchor;
    anchor.log = stringAt(*parsed, "log", {});
    anchor.sequence = integerAt(*parsed, "sequence", 0);
    anchor.head = QByteArray::fromHex(stringAt(*parsed, "head", {}).toLatin1());
    anchor.time = Milliseconds(integerAt(*parsed, "time", 0));
    anchor.code = QByteArray::fromHex(stringAt(*parsed, "code", {}).toLatin1());
    if (anchor.log.isEmpty() || anchor.sequence <= 0 || anchor.head.size() != 32)
        return failure(Error::Kind::InvalidRequest, QStringLiteral("The anchor of the activity log is damaged."));
    return anchor;
}

QByteArray Anchor::toBytes() const
{
    Json json{{"log", log}, {"sequence", sequence}, {"head", head.toHex().toStdString()}, {"time", time.count()}};
    if (isSigned())
        json["code"] = code.toHex().toStdString();
    return mcpcore::toBytes(json) + '\n';
}

QByteArray Anchor::signedText() const
{
    return "countersign anchor 1\n" + log.toUtf8() + '\n' + QByteArray::number(sequence) + '\n' + head.toHex() + '\n'
           + QByteArray::number(qint64(time.count()));
}

void Anchor::sign(const Secret &key)
{
    const QByteArray text = signedText();
    code = authenticationCode({text.constData(), size_t(text.size())}, key);
}

bool Anchor::isSignedWith(const Secret &key) const
{
    const QByteArray text = signedText();
    const QByteArray expected = authenticationCode({text.constData(), size_t(text.size())}, key);
    return equalInConstantTime({expected.constData(), size_t(expected.size())}, {code.constData(), size_t(code.size())});
}

} // namespace mcpcore
