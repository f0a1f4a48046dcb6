// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/Runner.h"
#include "ui/widgets/DiffView.h"
#include <QClipboard>
#include <QGuiApplication>
#include <QTest>

using namespace ui;
using Change = DiffView::Change;

namespace {

QList<DiffView::Line> numbered(int count)
{
    QList<DiffView::Line> lines;
    for (int number = 1; number <= count; ++number)
        lines.append({Change::Same, number, QStringLiteral("line %1").arg(number)});
    return lines;
}

QString sketch(const QList<DiffView::Line> &lines)
{
    QStringList parts;
    for (const DiffView::Line &line : lines)
        parts.append(line.change == Change::Skipped
                         ? QStringLiteral("...")
                         : (line.change == Change::Added ? QStringLiteral("+%1") : QStringLiteral("%1")).arg(line.number));
    return parts.join(QLatin1Char(' '));
}

} // namespace

class tst_DiffView : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void changesStandWithAFewLinesAroundThem()
    {
        QList<DiffView::Line> lines = numbered(30);
        lines[9].change = Change::Added;
        lines[12].change = Change::Added;
        lines[24].change = Change::Added;
        QCOMPARE(sketch(DiffView::changesOf(lines)), QStringLiteral("7 8 9 +10 11 12 +13 14 15 16 ... 22 23 24 +25 26 27 28"));
        QCOMPARE(sketch(DiffView::changesOf(lines, 0)), QStringLiteral("+10 ... +13 ... +25"));
        QCOMPARE(DiffView::changesOf(numbered(5)), QList<DiffView::Line>());
        lines[0].change = Change::Added;
        QVERIFY(sketch(DiffView::changesOf(lines)).startsWith(QStringLiteral("+1 2 3 4 ... 7")));
    }
    void aLineIsReadWithItsNumberAndItsChange()
    {
        DiffView view{m_theme};
        view.setLines({{Change::Added, 14, QStringLiteral("\"countersign\": {")}, {Change::Same, 15, QStringLiteral("a\u200bb")}});
        const auto spoken = [&](int row) { return view.model()->index(row, 0).data(Qt::AccessibleTextRole).toString(); };
        QCOMPARE(spoken(0), QStringLiteral("Added, line 14: \"countersign\": {"));
        QVERIFY(spoken(1).contains(QStringLiteral("zero width space")));
    }
    void selectedLinesAreCopiedAsTheyAreShown()
    {
        DiffView view{m_theme};
        view.setLines(numbered(4));
        view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("line 1\nline 2\nline 3\nline 4"));
        view.setCurrentIndex(view.model()->index(2, 0));
        view.copy();
        QCOMPARE(QGuiApplication::clipboard()->text(), QStringLiteral("line 3"));
    }
    void aLineThatNobodyWroteByHandIsCut()
    {
        DiffView view{m_theme};
        view.setLines({{Change::Same, 1, QString(1'000'000, QLatin1Char('x'))}});
        QVERIFY(view.lines().first().text.size() < 5000);
        QVERIFY(view.lines().first().text.endsWith(QChar(0x2026)));
    }
    void aHugeFileOpens()
    {
        DiffView view{m_theme};
        QList<DiffView::Line> lines = numbered(200'000);
        lines[150'000].change = Change::Added;
        view.setLines(lines);
        view.resize(500, 300);
        view.show();
        view.showFirstChange();
        QVERIFY(view.viewport()->rect().intersects(view.visualRect(view.model()->index(150'000, 0))));
    }

private:
    Theme m_theme;
};

COUNTERSIGN_TEST(tst_DiffView)
#include "tst_DiffView.moc"
