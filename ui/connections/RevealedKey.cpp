// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/RevealedKey.h"
#include "ui/widgets/Button.h"
#include <QGlyphRun>
#include <QPainter>
#include <QRawFont>

namespace ui {

namespace {

constexpr int kEdge = 9;

int letterWidth()
{
    return std::max(1, QFontMetrics(Theme::font(Type::Code)).horizontalAdvance(QLatin1Char('M')));
}

int lineHeight()
{
    return QFontMetrics(Theme::font(Type::Code)).height() + 2;
}

} // namespace

RevealedKey::RevealedKey(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setAccessibleName(tr("The key, in plain sight. It is not read aloud: copy it instead."));
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void RevealedKey::uncover(mcpcore::Secret key)
{
    m_key = std::move(key);
    updateGeometry();
    update();
}

void RevealedKey::forget()
{
    m_key = {};
    update();
}

int RevealedKey::columnsIn(int width) const
{
    return std::max(1, (width - 2 * kEdge) / letterWidth());
}

int RevealedKey::heightForWidth(int width) const
{
    const int columns = columnsIn(width);
    const int lines = std::max(1, (int(m_key.reveal().size()) + columns - 1) / columns);
    return lines * lineHeight() + 2 * kEdge - 4;
}

QSize RevealedKey::sizeHint() const
{
    return {260, heightForWidth(std::max(width(), 260))};
}

void RevealedKey::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintPanel(painter, rect(), m_theme.color(Role::Sunken), m_theme.color(Role::Border));
    const QRawFont font = QRawFont::fromFont(Theme::font(Type::Code));
    painter.setPen(m_theme.color(Role::Text));
    const int columns = columnsIn(width());
    int at = 0;
    for (const char byte : m_key.reveal()) {
        const QChar letter = QLatin1Char(byte);
        quint32 glyph = 0;
        int found = 1;
        if (font.glyphIndexesForChars(&letter, 1, &glyph, &found)) {
            const QPointF place(0, 0);
            QGlyphRun run;
            run.setRawFont(font);
            run.setRawData(&glyph, &place, 1);
            painter.drawGlyphRun(QPointF(kEdge + (at % columns) * letterWidth(), kEdge - 2 + (at / columns) * lineHeight() + font.ascent()),
                                 run);
        }
        ++at;
    }
}

} // namespace ui
