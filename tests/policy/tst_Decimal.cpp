// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "policy/Decimal.h"
#include "support/Runner.h"
#include <QByteArray>

using namespace mcpcore;

class tst_Decimal : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersCompareByTheirExactValue_data()
    {
        QTest::addColumn<QByteArray>("left");
        QTest::addColumn<QByteArray>("right");
        QTest::addColumn<QString>("order"); // < = > or ? for no answer
        const auto row = [](const char *name, const char *left, const char *right, const char *order) {
            QTest::newRow(name) << QByteArray(left) << QByteArray(right) << QString::fromLatin1(order);
        };
        row("equal", "5000", "5000", "=");
        row("one more", "5001", "5000", ">");
        row("fewer digits", "999", "5000", "<");
        row("an exponent", "1e2", "100.0", "=");
        row("a large E with a plus", "1.5E+3", "1500", "=");
        row("a negative exponent", "5e-1", "0.50", "=");
        row("zeros at the end", "1.10", "1.1", "=");
        row("zeros after the point", "0.001", "0.01", "<");
        row("beyond a double", "0.1000000000000000055", "0.1", ">");
        row("beyond 64 bits", "18446744073709551617", "18446744073709551616", ">");
        row("beyond both", "123456789012345678901234567890.1", "123456789012345678901234567890.2", "<");
        row("zero and minus zero", "-0", "0.00e5", "=");
        row("negative and zero", "-0.1", "0", "<");
        row("negative and positive", "-5", "3", "<");
        row("two negative ones", "-10", "-9", "<");
        row("negative sizes", "-1e-3", "-1e-2", ">");
        row("zero and a small one", "0", "1e-300", "<");
        row("huge exponents", "1e400", "9e399", ">");
        row("an absurd exponent", "1e99999999999999999999", "1", "?");
        row("an exponent beyond the limit", "1e1000000001", "1", "?");
        row("a leading zero", "0100", "100", "?");
        row("a plus sign", "+1", "1", "?");
        row("no digit before the point", ".5", "0.5", "?");
        row("no digit after the point", "5.", "5", "?");
        row("no digit after the e", "5e", "5", "?");
        row("two signs in the exponent", "5e+-1", "5", "?");
        row("hexadecimal", "0x10", "16", "?");
        row("a text", "\"5\"", "5", "?");
        row("nothing", "", "0", "?");
        row("a minus only", "-", "0", "?");
        row("not a number", "NaN", "0", "?");
        row("something behind", "5 ", "5", "?");
    }
    void numbersCompareByTheirExactValue()
    {
        QFETCH(QByteArray, left);
        QFETCH(QByteArray, right);
        QFETCH(QString, order);
        const auto text = [](std::optional<int> o) { return !o ? "?" : *o < 0 ? "<" : *o > 0 ? ">" : "="; };
        QCOMPARE(QString::fromLatin1(text(compareNumbers(left.toStdString(), right.toStdString()))), order);
        const QString mirrored = order == QLatin1String("<")   ? QStringLiteral(">")
                                 : order == QLatin1String(">") ? QStringLiteral("<")
                                                               : order;
        QCOMPARE(QString::fromLatin1(text(compareNumbers(right.toStdString(), left.toStdString()))), mirrored);
    }
};

COUNTERSIGN_TEST(tst_Decimal)
#include "tst_Decimal.moc"
