// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "LineProperties.h"
#include "YamlDocuments.h"
#include "support/Runner.h"

using namespace mcpcore;

class tst_YamlProperties : public LineProperties
{
    Q_OBJECT
public:
    tst_YamlProperties() : LineProperties(ConfigDialect::Format::Yaml) {}

protected:
    Document next(quint32 seed) const override
    {
        YamlDocuments documents(seed);
        const QByteArray text = documents.next();
        return {text, documents.place()};
    }
    Document damagedOne(quint32 seed) const override
    {
        YamlDocuments documents(seed);
        const QByteArray text = damaged(documents.next(), documents.random(), "[]{}\"'#.,:-|>&*!?%@~\\\n\r\t  a1<");
        return {text, documents.place()};
    }
};

COUNTERSIGN_TEST(tst_YamlProperties)
#include "tst_YamlProperties.moc"
