// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/VisibleMarks.h"

using namespace ui;

class tst_VisibleMarks : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void whatCannotBeSeenBecomesItsCodePoint_data()
    {
        QTest::addColumn<char32_t>("code");
        QTest::addColumn<QString>("mark");
        QTest::newRow("nul") << char32_t(0) << "U+0000";
        QTest::newRow("escape") << char32_t(0x1B) << "U+001B";
        QTest::newRow("carriage return") << char32_t('\r') << "U+000D";
        QTest::newRow("delete") << char32_t(0x7F) << "U+007F";
        QTest::newRow("C1") << char32_t(0x9B) << "U+009B";
        QTest::newRow("no-break space") << char32_t(0xA0) << "U+00A0";
        QTest::newRow("soft hyphen") << char32_t(0xAD) << "U+00AD";
        QTest::newRow("combining grapheme joiner") << char32_t(0x34F) << "U+034F";
        QTest::newRow("hangul filler") << char32_t(0x3164) << "U+3164";
        QTest::newRow("thin space") << char32_t(0x2009) << "U+2009";
        QTest::newRow("zero width space") << char32_t(0x200B) << "U+200B";
        QTest::newRow("right-to-left mark") << char32_t(0x200F) << "U+200F";
        QTest::newRow("line separator") << char32_t(0x2028) << "U+2028";
        QTest::newRow("right-to-left override") << char32_t(0x202E) << "U+202E";
        QTest::newRow("isolate") << char32_t(0x2066) << "U+2066";
        QTest::newRow("invisible times") << char32_t(0x2062) << "U+2062";
        QTest::newRow("braille blank") << char32_t(0x2800) << "U+2800";
        QTest::newRow("ideographic space") << char32_t(0x3000) << "U+3000";
        QTest::newRow("variation selector") << char32_t(0xFE0F) << "U+FE0F";
        QTest::newRow("byte order mark") << char32_t(0xFEFF) << "U+FEFF";
        QTest::newRow("private use") << char32_t(0xE000) << "U+E000";
        QTest::newRow("tag letter") << char32_t(0xE0041) << "U+E0041";
        QTest::newRow("variation selector 17") << char32_t(0xE0100) << "U+E0100";
        QTest::newRow("not a character") << char32_t(0xFFFE) << "U+FFFE";
    }
    void whatCannotBeSeenBecomesItsCodePoint()
    {
        QFETCH(char32_t, code);
        QFETCH(QString, mark);
        QString character; // fromUcs4() would swallow a byte order mark
        for (const char16_t unit : QChar::fromUcs4(code))
            character += QChar(unit);
        const QString text = QStringLiteral("a") + character + QStringLiteral("b");
        const QList<MarkedPiece> pieces = visibleMarks(text);
        QCOMPARE(pieces.size(), 3);
        QVERIFY(pieces[1].mark);
        QCOMPARE(pieces[1].text, mark);
        QVERIFY(!pieces[1].spoken.isEmpty());
        QCOMPARE(text.mid(pieces[1].start, pieces[1].length), character);
        QCOMPARE(visibleText(text), QStringLiteral("a[%1]b").arg(mark));
        QCOMPARE(hiddenCharacters(text), 1);
    }
    void whatCanBeSeenStaysAsItIs_data()
    {
        QTest::addColumn<QString>("text");
        QTest::newRow("ascii") << QStringLiteral("Refund 50.00 USD <b>&amp;</b>");
        QTest::newRow("umlauts") << QStringLiteral("Größe Ærø");
        QTest::newRow("chinese") << QStringLiteral("退款");
        QTest::newRow("hebrew") << QStringLiteral("שלום");
        QTest::newRow("emoji") << QStringLiteral("\U0001F600");
        QTest::newRow("composed accents") << QStringLiteral("e\u0301 o\u0302\u0301");
        QTest::newRow("quotation marks and dots") << QStringLiteral("“a” … · –");
    }
    void whatCanBeSeenStaysAsItIs()
    {
        QFETCH(QString, text);
        QCOMPARE(visibleText(text), text);
        QCOMPARE(hiddenCharacters(text), 0);
    }
    void lineBreaksAreMarkedAndBreak()
    {
        const QList<MarkedPiece> pieces = visibleMarks(u"a\nb");
        QCOMPARE(pieces.size(), 4);
        QCOMPARE(pieces[1].text, QStringLiteral("↵"));
        QCOMPARE(pieces[2].text, QStringLiteral("\n"));
        QVERIFY(!pieces[2].mark);
    }
    void stackedAccentsAreMarkedFromTheThirdOn()
    {
        QCOMPARE(visibleText(u"o\u0301\u0302\u0303\u0304"), QStringLiteral("o\u0301\u0302[U+0303][U+0304]"));
    }
    void loneSurrogatesAreMarked() { QCOMPARE(visibleText(QString(QChar(0xD800)) + QStringLiteral("x")), QStringLiteral("[U+D800]x")); }
    void ourNumbersKeepTheirSpaces()
    {
        QCOMPARE(visibleText(u"48\u00A0213", Spaces::Kept), QStringLiteral("48\u00A0213"));
        QCOMPARE(visibleText(u"a\u200Bb", Spaces::Kept), QStringLiteral("a[U+200B]b"));
    }
    void readersHearTheName() { QCOMPARE(spokenText(u"yearly\u200B"), QStringLiteral("yearly zero width space")); }
    void wordsOfTwoScriptsAreFound()
    {
        QCOMPARE(mixedScriptWords(u"pay p\u0430ypal now"), QStringList{QStringLiteral("p\u0430ypal")});
        QCOMPARE(mixedScriptWords(u"Привет world 退款abc"), QStringList());
    }
    void tooltipsShowMarkupAsLetters()
    {
        QCOMPARE(plainToolTip(u"<b>paid</b>"), QStringLiteral("<qt>&lt;b&gt;paid&lt;/b&gt;</qt>"));
        QCOMPARE(plainToolTip(u"a < b & c"), QStringLiteral("a < b & c"));
    }
    void buttonsShowAmpersandsAsLetters() { QCOMPARE(withoutMnemonics(QStringLiteral("a&b")), QStringLiteral("a&&b")); }
};

COUNTERSIGN_TEST(tst_VisibleMarks)
#include "tst_VisibleMarks.moc"
