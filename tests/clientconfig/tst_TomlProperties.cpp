// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LineProperties.h"
#include "TomlDocuments.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

const EntryPlace kPlace{{QStringLiteral("mcp_servers")}, QStringLiteral("countersign")};

} // namespace

class tst_TomlProperties : public LineProperties
{
    Q_OBJECT
public:
    tst_TomlProperties() : LineProperties(ConfigDialect::Format::Toml) {}

protected:
    Document next(quint32 seed) const override
    {
        TomlDocuments documents(seed);
        const QByteArray text = documents.next();
        return {text, kPlace};
    }
    Document damagedOne(quint32 seed) const override
    {
        TomlDocuments documents(seed);
        const QByteArray text = damaged(documents.next(), documents.random(), "[]{}\"'=#.,\\\n\r\t a1_-");
        return {text, kPlace};
    }
};

COUNTERSIGN_TEST(tst_TomlProperties)
#include "tst_TomlProperties.moc"
