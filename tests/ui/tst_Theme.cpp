// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/Json.h"
#include "support/Runner.h"
#include "ui/theme/Icon.h"
#include "ui/theme/ThemeSource.h"
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QFocusFrame>
#include <QLineEdit>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QVBoxLayout>
#include <cmath>

using namespace ui;

namespace {

mcpcore::Json tokens()
{
    QFile file(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/theme/tokens.json"));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    const QByteArray text = file.readAll();
    return mcpcore::Json::parse(text.begin(), text.end(), nullptr, false);
}

double luminance(const QColor &color)
{
    const auto linear = [](double channel) { return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4); };
    return 0.2126 * linear(color.redF()) + 0.7152 * linear(color.greenF()) + 0.0722 * linear(color.blueF());
}

double ratio(const QColor &one, const QColor &other)
{
    const double a = luminance(one), b = luminance(other);
    return (std::max(a, b) + 0.05) / (std::min(a, b) + 0.05);
}

QColor colorIn(const mcpcore::Json &colors, const std::string &name)
{
    return QColor(QString::fromStdString(colors.at(name).get<std::string>()));
}

} // namespace

class tst_Theme : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void theRingIsSeenRoundWhatTabScrollsIntoView()
    {
        const ThemeSource themes(ThemeSource::Choice::Light);
        QScrollArea area;
        auto *content = new QWidget;
        auto *column = new QVBoxLayout(content);
        for (int i = 0; i < 40; ++i)
            column->addWidget(new QLineEdit(content));
        area.setWidget(content);
        area.setFocusPolicy(Qt::NoFocus);
        area.resize(200, 200);
        area.show();
        QVERIFY(QTest::qWaitForWindowActive(&area));
        content->findChild<QLineEdit *>()->setFocus();
        const auto *ring = area.findChild<QFocusFrame *>();
        QTRY_VERIFY(ring->isVisible());
        // From the first to the last, which is far out of sight.
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Backtab, Qt::ShiftModifier);
        QCOMPARE(QApplication::focusWidget(), content->findChildren<QLineEdit *>().last());
        QTRY_VERIFY(ring->isVisible());
        QCOMPARE(ring->widget(), QApplication::focusWidget());
        QVERIFY(area.viewport()->rect().contains(ring->geometry().center()));
        QVERIFY(area.verticalScrollBar()->value() > 0);
    }
    void everyPairOfTheTokensHasItsContrast()
    {
        const mcpcore::Json all = tokens();
        QVERIFY(all.is_object());
        int checked = 0;
        for (const char *theme : {"light", "dark", "contrast"}) {
            const mcpcore::Json &colors = all["color"][theme];
            for (const mcpcore::Json &pair : all["contrastPairs"]) {
                const double floor = std::string(theme) == "contrast" && pair["use"] == "text" ? 7.0 : pair["min"].get<double>();
                const double real = ratio(colorIn(colors, pair["fg"]), colorIn(colors, pair["bg"]));
                QVERIFY2(real >= floor,
                         qPrintable(QStringLiteral("%1: %2 on %3 is %4")
                                        .arg(QLatin1String(theme), QString::fromStdString(pair["fg"]), QString::fromStdString(pair["bg"]))
                                        .arg(real)));
                QVERIFY(std::abs(real - pair[theme].get<double>()) <= 0.011);
                ++checked;
            }
        }
        QVERIFY(checked >= 300);
    }
    void theTableSaysWhatTheTokensSay()
    {
        const mcpcore::Json colors = tokens()["color"];
        QCOMPARE(int(colors["light"].size()), roleCount);
        QCOMPARE(Theme(Theme::Kind::Light).color(Role::Window), colorIn(colors["light"], "window"));
        QCOMPARE(Theme(Theme::Kind::Dark).color(Role::ProductionPattern), colorIn(colors["dark"], "productionPattern"));
        QCOMPARE(Theme(Theme::Kind::Contrast).color(Role::Focus), colorIn(colors["contrast"], "focus"));
        QCOMPARE(Theme(Theme::Kind::Light).color(EnvLook::Staging, EnvPart::On), colorIn(colors["light"], "stagingOn"));
    }
    void sizesAreThoseOfTheTokens()
    {
        const mcpcore::Json sizes = tokens()["size"];
        QCOMPARE(sizes["controlHeight"].get<int>(), int(metric::control));
        QCOMPARE(sizes["controlHeightLarge"].get<int>(), int(metric::controlLarge));
        QCOMPARE(sizes["banner"].get<int>(), int(metric::banner));
        QCOMPARE(sizes["toolbar"].get<int>(), int(metric::toolbar));
        QCOMPARE(sizes["envStrip"].get<int>(), int(metric::strip));
        QCOMPARE(sizes["sidebar"].get<int>(), int(metric::sidebar));
    }
    void readableTextIsLargerThanSmallText()
    {
        const auto height = [](Type type) { return QFontMetrics(Theme::font(type)).height(); };
        QVERIFY(height(Type::Caption) < height(Type::Body));
        QVERIFY(height(Type::Body) < height(Type::Title));
        QVERIFY(height(Type::Title) < height(Type::Sentence));
    }
    void redIsOnlyInProductionRoles()
    {
        for (const auto kind : {Theme::Kind::Light, Theme::Kind::Dark, Theme::Kind::Contrast}) {
            for (int role = 0; role < int(Role::SandboxSolid); ++role) {
                const QColor color = Theme(kind).color(Role(role));
                const bool reddish = color.hsvSaturation() > 120 && (color.hsvHue() < 50 || color.hsvHue() > 330) && color.hsvHue() >= 0;
                QVERIFY2(!reddish, qPrintable(QStringLiteral("role %1 is %2").arg(role).arg(color.name())));
            }
        }
    }
    void everyIconDrawsInItsColour()
    {
        const QStringList files = QDir(QStringLiteral(COUNTERSIGN_SOURCE_DIR "/resources/icons")).entryList({QStringLiteral("*.svg")});
        QVERIFY(files.size() > 60);
        for (const QString &file : files) {
            if (file == QLatin1String("countersign.svg"))
                continue;
            const QImage image = iconPixmap(file.chopped(4), 32, 1.0, QColor(0, 0, 255), QColor(0, 255, 0)).toImage();
            int blue = 0, other = 0;
            for (int y = 0; y < 32; ++y) {
                for (int x = 0; x < 32; ++x) {
                    const QColor color = image.pixelColor(x, y);
                    if (color.alpha() > 200)
                        ++(color.red() < 60 ? blue : other);
                }
            }
            QVERIFY2(blue > 8, qPrintable(file));
            QVERIFY2(other == 0, qPrintable(file));
        }
    }
    void iconsFollowTheTheme()
    {
        Theme theme(Theme::Kind::Light);
        const QIcon made = icon(theme, QStringLiteral("lock"), Role::Text);
        const QImage light = made.pixmap(16, 16).toImage();
        theme = Theme(Theme::Kind::Dark);
        QVERIFY(made.pixmap(16, 16).toImage() != light);
    }
    void theDesktopsWishDecides_data()
    {
        QTest::addColumn<uint>("scheme");
        QTest::addColumn<uint>("contrast");
        QTest::addColumn<bool>("dark");
        QTest::addColumn<int>("kind");
        QTest::newRow("no wish, light palette") << 0u << 0u << false << int(Theme::Kind::Light);
        QTest::newRow("no wish, dark palette") << 0u << 0u << true << int(Theme::Kind::Dark);
        QTest::newRow("dark") << 1u << 0u << false << int(Theme::Kind::Dark);
        QTest::newRow("light on a dark palette") << 2u << 0u << true << int(Theme::Kind::Light);
        QTest::newRow("high contrast before dark") << 1u << 1u << false << int(Theme::Kind::Contrast);
        QTest::newRow("unknown number") << 7u << 0u << false << int(Theme::Kind::Light);
    }
    void theDesktopsWishDecides()
    {
        QFETCH(uint, scheme);
        QFETCH(uint, contrast);
        QFETCH(bool, dark);
        QFETCH(int, kind);
        QCOMPARE(int(ThemeSource::wanted(scheme, contrast, dark)), kind);
    }
    void aChosenThemeReachesThePaletteAndTheReferences()
    {
        ThemeSource source(ThemeSource::Choice::Light);
        const Theme &theme = source.theme();
        QSignalSpy changed(&source, &ThemeSource::changed);
        source.choose(ThemeSource::Choice::Dark);
        QCOMPARE(changed.size(), 1);
        QCOMPARE(theme.kind(), Theme::Kind::Dark);
        QCOMPARE(QApplication::palette().color(QPalette::Window), theme.color(Role::Window));
        source.choose(ThemeSource::Choice::Dark);
        QCOMPARE(changed.size(), 1);
    }
};

COUNTERSIGN_TEST(tst_Theme)
#include "tst_Theme.moc"
