// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/WordDiff.h"

using namespace ui;

namespace {

// "Same [-gone-] {+new+}"
QString shown(const QList<DiffPiece> &pieces)
{
    QString text;
    for (const DiffPiece &piece : pieces)
        text += piece.change == Run::Change::Removed ? QStringLiteral("[-%1-]").arg(piece.text)
                : piece.change == Run::Change::Added ? QStringLiteral("{+%1+}").arg(piece.text)
                                                     : piece.text;
    return text;
}

} // namespace

// What changed from one text to another, and how it is told without colour.
class tst_WordDiff : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void changesAreFoundByWords_data()
    {
        QTest::addColumn<QString>("before");
        QTest::addColumn<QString>("after");
        QTest::addColumn<QString>("diff");
        const auto row = [](const char *name, const QString &before, const QString &after, const QString &diff) {
            QTest::newRow(name) << before << after << diff;
        };
        row("none", QStringLiteral("one two"), QStringLiteral("one two"), QStringLiteral("one two"));
        row("nothing at all", QStringLiteral(""), QStringLiteral(""), QStringLiteral(""));
        row("a word", QStringLiteral("Lists all invoices."), QStringLiteral("Deletes all invoices."),
            QStringLiteral("[-Lists-]{+Deletes+} all invoices."));
        row("a part of a word is the word", QStringLiteral("read"), QStringLiteral("reader"), QStringLiteral("[-read-]{+reader+}"));
        row("more at the end", QStringLiteral("Lists."), QStringLiteral("Lists. Then pays."), QStringLiteral("Lists.{+ Then pays.+}"));
        row("less in the middle", QStringLiteral("one two three"), QStringLiteral("one three"), QStringLiteral("one [-two -]three"));
        row("from nothing", QStringLiteral(""), QStringLiteral("new"), QStringLiteral("{+new+}"));
        row("to nothing", QStringLiteral("old"), QStringLiteral(""), QStringLiteral("[-old-]"));
        row("a sign", QStringLiteral("a: 1"), QStringLiteral("a: -1"), QStringLiteral("a: {+-+}1"));
        row("an invisible character", QStringLiteral("pay"), QStringLiteral("pay\u200B"), QStringLiteral("pay{+\u200B+}"));
        row("a character of two halves", QStringLiteral("\U0001F511 key"), QStringLiteral("\U0001F512 key"),
            QStringLiteral("[-\U0001F511-]{+\U0001F512+} key"));
    }
    void changesAreFoundByWords()
    {
        QFETCH(QString, before);
        QFETCH(QString, after);
        QTEST(shown(wordDiff(before, after)), "diff");
    }
    // Whatever the texts are, what is not new is the old one, and what is not gone is the new one.
    void bothTextsAreInIt()
    {
        QString before, after;
        for (int at = 0; at < 300; ++at) {
            before += QStringLiteral("w%1 ").arg(at * 7 % 31);
            after += QStringLiteral("w%1%2").arg(at * 5 % 29).arg(at % 3 == 0 ? QStringLiteral(", ") : QStringLiteral(" "));
        }
        QString was, is;
        for (const DiffPiece &piece : wordDiff(before, after)) {
            was += piece.change == Run::Change::Added ? QString() : piece.text;
            is += piece.change == Run::Change::Removed ? QString() : piece.text;
        }
        QCOMPARE(was, before);
        QCOMPARE(is, after);
    }
    void textsTooLongToCompareAreShownWhole()
    {
        const QString before = QStringLiteral("same ") + QStringLiteral("a b ").repeated(3000),
                      after = QStringLiteral("same ") + QStringLiteral("c d ").repeated(3000);
        const auto pieces = wordDiff(before, after);
        QCOMPARE(pieces.size(), 4); // same, gone, new, the last space
        QVERIFY(pieces[1].change == Run::Change::Removed && pieces[2].change == Run::Change::Added);
    }
    void ofWhatDidNotChangeOnlyItsSurroundingsAreLeft()
    {
        const QString same = QStringLiteral("x ").repeated(200);
        Runs runs = diffRuns(wordDiff(same + QStringLiteral("old ") + same, same + QStringLiteral("new ") + same), Role::Text,
                             Run::Style::Plain, 10);
        QString text;
        for (const Run &run : runs)
            text += run.text;
        QCOMPARE(text, QStringLiteral(" … x x x x x oldnew x x x x x … "));
    }
    void goneAndNewDifferInMoreThanColour()
    {
        const Theme theme;
        PlainLabel label(theme);
        label.setMaxLines(0);
        label.resize(300, 40);
        const auto picture = [&](Run::Change change) {
            label.setForeignRuns({{QStringLiteral("word"), Role::Text, Run::Style::Plain, change}});
            return label.grab().toImage().convertToFormat(QImage::Format_Mono, Qt::ThresholdDither | Qt::AvoidDither);
        };
        const QImage same = picture(Run::Change::None), gone = picture(Run::Change::Removed), added = picture(Run::Change::Added);
        QVERIFY(same != gone && same != added && gone != added);
        QCOMPARE(spokenDiff(wordDiff(u"Reads it.", u"Deletes it.")), QStringLiteral("removed: Reads. added: Deletes."));
    }
};

COUNTERSIGN_TEST(tst_WordDiff)
#include "tst_WordDiff.moc"
