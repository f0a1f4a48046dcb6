// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/Rules.h"
#include "support/Runner.h"
#include <QRegularExpression>

// The rules of the house, proved on every file. Each rule is first shown to fail on samples that break it.
class tst_Architecture : public QObject
{
    Q_OBJECT

    std::vector<Rule> m_rules;
    std::vector<Source> m_sources;

    static QStringList failures(const Rule &rule, const std::vector<Source> &sources)
    {
        QStringList all;
        for (const Source &source : sources)
            for (const QString &breach : rule.breaches(source))
                all.append(source.path + QLatin1Char(':') + breach);
        return all;
    }
    void addRows() const
    {
        QTest::addColumn<int>("index");
        for (size_t i = 0; i < m_rules.size(); ++i)
            QTest::newRow(m_rules[i].sentence) << int(i);
    }

private Q_SLOTS:
    void initTestCase()
    {
        for (const auto &rules : {includeRules(), wordRules(), fileRules()})
            m_rules.insert(m_rules.end(), rules.begin(), rules.end());
        m_sources = readSources(QStringLiteral(COUNTERSIGN_SOURCE_DIR));
        const auto has = [this](const char *path) {
            return std::any_of(m_sources.begin(), m_sources.end(),
                               [&](const Source &source) { return source.path == QLatin1String(path); });
        };
        QVERIFY(has("dev"));
        QVERIFY(has(".ci/run"));
        QVERIFY(has("mcpcore/base/Result.h"));
        QVERIFY(has("tests/architecture/tst_Architecture.cpp"));
    }

    void commentsAndLiteralsAreNotCode_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("code");
        const auto row = [](const char *name, const char *text, const char *code) {
            QTest::newRow(name) << QString::fromLatin1(text) << QString::fromLatin1(code);
        };
        row("line comment", "a // b\nc", "a     \nc");
        row("block comment", "a /* b\nc */ d", "a     \n     d");
        row("text", "f(\"b\\\"c\", d)", "f(\"    \", d)");
        row("raw text", "f(R\"x(b\"c)x\", d)", "f(R\"    )x\", d)");
        row("character", "f('\\'', b)", "f('  ', b)");
        row("digit separator", "1'000 + b'", "1'000 + b'");
        row("comment in text", "\"//\" b", "\"  \" b");
        row("quote in comment", "// it's\nb", "       \nb");
    }
    void commentsAndLiteralsAreNotCode()
    {
        QFETCH(QString, text);
        const QString stripped = withoutCommentsAndLiterals(text);
        if (QLatin1String(QTest::currentDataTag()) == QLatin1String("raw text")) {
            QVERIFY(!stripped.contains(QLatin1Char('b')) && !stripped.contains(QLatin1Char('c')));
            QVERIFY(stripped.endsWith(QLatin1String(", d)")));
            return;
        }
        QTEST(stripped, "code");
    }

    void everyRuleCatchesWhatBreaksIt_data() { addRows(); }
    void everyRuleCatchesWhatBreaksIt()
    {
        QFETCH(int, index);
        const Rule &rule = m_rules[size_t(index)];
        QVERIFY(!rule.bad.empty());
        for (const Rule::Sample &sample : rule.bad)
            QVERIFY2(!rule.breaches(Source(QString::fromLatin1(sample.path), QString::fromLatin1(sample.text))).isEmpty(), sample.text);
    }

    void everyRuleLetsGoodCodePass_data() { addRows(); }
    void everyRuleLetsGoodCodePass()
    {
        QFETCH(int, index);
        const Rule &rule = m_rules[size_t(index)];
        QVERIFY(!rule.good.empty());
        for (const Rule::Sample &sample : rule.good) {
            const QStringList breaches = rule.breaches(Source(QString::fromLatin1(sample.path), QString::fromLatin1(sample.text)));
            QVERIFY2(breaches.isEmpty(), qPrintable(breaches.join(QLatin1Char('\n'))));
        }
    }

    void everyFileObeys_data() { addRows(); }
    void everyFileObeys()
    {
        QFETCH(int, index);
        const QStringList all = failures(m_rules[size_t(index)], m_sources);
        for (const QString &failure : all) // the message of a check is cut after some lines
            qWarning("%s", qPrintable(failure));
        QVERIFY(all.isEmpty());
    }

    // Who can make the proof that a call was approved and recorded: nobody but the log.
    void onlyTheLogMakesApprovedCalls()
    {
        const auto found = std::find_if(m_sources.begin(), m_sources.end(),
                                        [](const Source &source) { return source.path == QLatin1String("mcpcore/model/ApprovedCall.h"); });
        QVERIFY(found != m_sources.end());
        const QStringList friends = found->code.filter(QRegularExpression(QStringLiteral("\\bfriend\\b")));
        QCOMPARE(friends.size(), 1);
        QCOMPARE(friends.first().trimmed(), QStringLiteral("friend class ActivityLog;"));
    }
};

COUNTERSIGN_TEST(tst_Architecture)
#include "tst_Architecture.moc"
