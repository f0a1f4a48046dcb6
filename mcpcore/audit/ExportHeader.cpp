// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "audit/ExportHeader.h"
#include "base/Json.h"
#include <charconv>

namespace mcpcore {

namespace {

constexpr char kFormat[] = "countersign activity log 1";

tl::unexpected<Error> malformed()
{
    return failure(Error::Kind::InvalidRequest, QStringLiteral("a line is not of the form of an export"));
}

} // namespace

QByteArray ExportHeader::toLine() const
{
    Json json{{"format", kFormat}, {"log", log}, {"first", first}, {"last", last}};
    json["before"] = before.toHex().toStdString();
    json["head"] = head.toHex().toStdString();
    QByteArray line = toBytes(json);
    if (anchor) {
        line.chop(1);
        line += ",\"anchor\":" + anchor->toBytes().trimmed() + '}';
    }
    return line + '\n';
}

Result<ExportHeader> ExportHeader::fromLine(const QByteArray &line)
{
    const auto json = parseJson({line.constData(), size_t(line.size())});
    if (!json || stringAt(*json, "format", {}) != QLatin1String(kFormat))
        return malformed();
    ExportHeader header;
    header.log = stringAt(*json, "log", {});
    header.first = integerAt(*json, "first", 0);
    header.last = integerAt(*json, "last", 0);
    header.before = QByteArray::fromHex(stringAt(*json, "before", {}).toLatin1());
    header.head = QByteArray::fromHex(stringAt(*json, "head", {}).toLatin1());
    if (header.first < 1 || header.last < header.first || header.before.size() != 32 || header.head.size() != 32)
        return malformed();
    if (const Json *anchor = memberAt(*json, "anchor")) {
        auto read = Anchor::fromBytes(toBytes(*anchor));
        if (!read)
            return failure(read.error());
        header.anchor = *read;
    }
    return header;
}

QByteArray ExportLine::toLine(qint64 sequence, std::string_view hash, std::string_view record)
{
    QByteArray line;
    line.reserve(qsizetype(record.size()) + 128);
    line += "{\"sequence\":" + QByteArray::number(sequence) + ",\"hash\":\""
            + QByteArray::fromRawData(hash.data(), qsizetype(hash.size())).toHex() + "\",\"record\":";
    line.append(record.data(), qsizetype(record.size()));
    return line += "}\n";
}

Result<ExportLine> ExportLine::fromLine(std::string_view line)
{
    const auto skip = [&line](std::string_view expected) {
        if (!line.starts_with(expected))
            return false;
        line.remove_prefix(expected.size());
        return true;
    };
    ExportLine read;
    if (!skip("{\"sequence\":") || line.empty() || line.front() < '1' || line.front() > '9')
        return malformed();
    const auto [end, error] = std::from_chars(line.data(), line.data() + line.size(), read.sequence);
    line.remove_prefix(size_t(end - line.data()));
    if (error != std::errc() || !skip(",\"hash\":\"") || line.size() < 64)
        return malformed();
    read.hash = QByteArray::fromHex(QByteArray(line.data(), 64));
    const bool isLowerHex = read.hash.toHex() == QByteArray::fromRawData(line.data(), 64);
    line.remove_prefix(64);
    if (!isLowerHex || !skip("\",\"record\":") || line.size() < 3 || !line.ends_with("}\n"))
        return malformed();
    line.remove_suffix(2);
    read.record = line;
    return read;
}

} // namespace mcpcore
