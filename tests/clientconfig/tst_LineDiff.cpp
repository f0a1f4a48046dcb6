// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "clientconfig/LineDiff.h"
#include "support/Runner.h"

using namespace mcpcore;

namespace {

QString shown(const QByteArray &before, const QByteArray &after, int around = 1, const QByteArray &token = {})
{
    QStringList lines;
    for (const DiffLine &line : diffLines(before, after, around, token))
        lines.append(QStringLiteral("%1,%2%3%4")
                         .arg(line.oldLine)
                         .arg(line.newLine)
                         .arg(QLatin1Char(line.kind == DiffLine::Kind::Added     ? '+'
                                          : line.kind == DiffLine::Kind::Removed ? '-'
                                                                                 : ' '))
                         .arg(line.text));
    return lines.join(QLatin1Char('|'));
}

} // namespace

class tst_LineDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void linesThatDifferAreShownWithWhatIsAround_data()
    {
        QTest::addColumn<QByteArray>("before");
        QTest::addColumn<QByteArray>("after");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, const char *before, const char *after, const char *expected) {
            QTest::newRow(name) << QByteArray(before) << QByteArray(after) << QString::fromLatin1(expected);
        };
        row("same", "a\nb\n", "a\nb\n", "");
        row("added", "a\nb\nc\n", "a\nb\nX\nc\n", "2,2 b|0,3+X|3,4 c");
        row("removed", "a\nb\nc\n", "a\nc\n", "1,1 a|2,0-b|3,2 c");
        row("changed", "a\nb\nc\n", "a\nB\nc\n", "1,1 a|2,0-b|0,2+B|3,3 c");
        row("a line between two changes", "a\nb\nc\n", "A\nb\nC\n", "1,0-a|0,1+A|2,2 b|3,0-c|0,3+C");
        row("from nothing", "", "a\nb\n", "0,1+a|0,2+b");
        row("to nothing", "a\n", "", "1,0-a");
        row("repeated lines", "{\n}\n{\n}\n", "{\n}\n{\n}\n{\n}\n", "4,4 }|0,5+{|0,6+}");
        row("other line ends", "a\r\nb\r\n", "a\r\nX\r\nb\r\n", "1,1 a|0,2+X|2,3 b");
        row("no end of line", "a", "a\nb", "1,1 a|0,2+b");
    }
    void linesThatDifferAreShownWithWhatIsAround()
    {
        QFETCH(QByteArray, before);
        QFETCH(QByteArray, after);
        QFETCH(QString, expected);
        QCOMPARE(shown(before, after), expected);
    }
    void secretsAreDots_data()
    {
        QTest::addColumn<QByteArray>("line");
        for (const char *line : {"\"Authorization\": \"Bearer SECRETSECRET\"", "API_KEY=SECRETSECRET", "  api-key: 'SECRETSECRET'",
                                 "\"GITHUB_TOKEN\" : \"SECRETSECRET\",", "{\"env\":{\"PASSWORD\":\"SECRETSECRET\",\"x\":1}}",
                                 "bearer_token = \"SECRETSECRET\"", "x mine SECRETSECRET y"})
            QTest::newRow(line) << QByteArray(line);
    }
    void secretsAreDots()
    {
        QFETCH(QByteArray, line);
        const QString text = shown("", line, 0, line.contains("mine") ? QByteArray("SECRETSECRET") : QByteArray());
        QVERIFY2(!text.contains(QStringLiteral("SECRET")) && text.contains(QStringLiteral("\u2022\u2022\u2022")), qPrintable(text));
    }
    void aLongLineIsCutAroundTheChange()
    {
        const QByteArray start(10'000, 'a');
        const QByteArray end(10'000, 'b');
        const QString text = shown(start + end, start + "HERE" + end, 0);
        QVERIFY(text.contains(QStringLiteral("aaaHEREbbb")));
        QVERIFY(text.size() < 1000 && text.contains(QChar(0x2026)));
    }
    void filesThatShareNothingAreStillShown()
    {
        QByteArray left;
        QByteArray right;
        for (int i = 0; i < 3000; ++i) {
            left += "l" + QByteArray::number(i) + '\n';
            right += "r" + QByteArray::number(i) + '\n';
        }
        QCOMPARE(diffLines(left, right, 3).size(), 6000);
    }
};

COUNTERSIGN_TEST(tst_LineDiff)
#include "tst_LineDiff.moc"
