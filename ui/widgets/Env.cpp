// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Env.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/VisibleMarks.h"
#include <QFontDatabase>
#include <QFontInfo>
#include <QPainter>
#include <QPixmapCache>

namespace ui {

namespace {

constexpr int gap = 10, edge = 16;

QFont wordFont(Type type, double spacing)
{
    QFont font = Theme::font(type);
    font.setWeight(QFont::Bold);
    font.setLetterSpacing(QFont::AbsoluteSpacing, spacing * QFontInfo(font).pixelSize());
    return font;
}

void drawTile(QPainter &painter, EnvLook look, int tile, const QColor &color)
{
    painter.setRenderHint(QPainter::Antialiasing, look != EnvLook::Staging);
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    switch (look) {
    case EnvLook::Sandbox: painter.drawEllipse(QPointF(tile / 2.0, tile / 2.0), 1.6, 1.6); break;
    case EnvLook::Staging: painter.drawRect(0, 0, 4, tile); break;
    case EnvLook::Production:
        // Half of the tile, leaning like a slash; drawn once more to the left so that the tiles join.
        for (const int shift : {-tile, 0, tile})
            painter.drawPolygon(QPolygonF(
                {{double(shift), double(tile)}, {shift + tile / 2.0, double(tile)}, {shift + tile * 1.5, 0}, {double(shift + tile), 0}}));
        break;
    }
}

QPixmap tileOf(const Theme &theme, EnvLook look, int tile, qreal ratio)
{
    const QString key = QStringLiteral("cs:tile:%1:%2:%3:%4").arg(int(look)).arg(int(theme.kind())).arg(tile).arg(ratio);
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(qRound(tile * ratio), qRound(tile * ratio));
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(theme.color(Theme::banner(look).background));
    QPainter painter(&pixmap);
    drawTile(painter, look, tile, theme.color(Theme::banner(look).pattern));
    painter.end();
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

} // namespace

void paintPattern(QPainter &painter, const QRect &rect, const Theme &theme, EnvLook look, int dotTile)
{
    const int tile = look == EnvLook::Sandbox ? dotTile : look == EnvLook::Staging ? 10 : 20;
    painter.drawTiledPixmap(rect, tileOf(theme, look, tile, painter.device()->devicePixelRatioF()));
}

int paintEnvWord(QPainter &painter, const QRect &rect, const Theme &theme, EnvLook look, const QString &word, bool withShape)
{
    int left = rect.left();
    if (withShape) {
        const QRect shape(left, rect.center().y() - 5, metric::iconSmall, metric::iconSmall);
        paintEnvShape(painter, shape, look, theme.color(look, EnvPart::Edge), theme.color(Role::Surface));
        left += metric::iconSmall + 4;
    }
    const QFont font = wordFont(Type::Caption, 0.05);
    painter.setFont(font);
    painter.setPen(theme.color(look, EnvPart::Text));
    const QRect room(left, rect.top(), rect.right() - left + 1, rect.height());
    const QString shown = QFontMetrics(font).elidedText(word, Qt::ElideRight, room.width());
    painter.drawText(room, int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine, shown);
    return left - rect.left() + QFontMetrics(font).horizontalAdvance(shown);
}

EnvShape::EnvShape(const Theme &theme, EnvLook look, int size, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_look(look), m_size(size)
{
    setFixedSize(size, size);
}

void EnvShape::setLook(EnvLook look)
{
    m_look = look;
    update();
}

void EnvShape::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintEnvShape(painter, rect(), m_look, m_theme.color(m_look, EnvPart::Edge), m_theme.color(Role::Surface));
}

EnvWord::EnvWord(const Theme &theme, EnvLook look, const QString &word, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setEnvironment(look, word);
}

void EnvWord::setEnvironment(EnvLook look, const QString &word)
{
    m_look = look;
    m_word = word;
    setAccessibleName(word);
    updateGeometry();
    update();
}

QSize EnvWord::sizeHint() const
{
    const QFontMetrics metrics(wordFont(Type::Caption, 0.05));
    return {metric::iconSmall + 4 + metrics.horizontalAdvance(m_word) + 2, std::max(metrics.height(), int(metric::iconSmall))};
}

void EnvWord::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintEnvWord(painter, rect(), m_theme, m_look, m_word);
}

EnvStrip::EnvStrip(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setFixedHeight(metric::strip);
}

void EnvStrip::setLook(EnvLook look)
{
    m_look = look;
    update();
}

void EnvStrip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintPattern(painter, rect(), m_theme, m_look, metric::strip);
}

EnvBanner::EnvBanner(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
}

void EnvBanner::setEnvironment(EnvLook look, const QString &word, const QString &account, const QString &key)
{
    m_look = look;
    m_word = word;
    m_account = account;
    m_key = key;
    QString name = tr("Environment %1").arg(word);
    if (!account.isEmpty())
        name = tr("%1, account %2").arg(name, account);
    if (!key.isEmpty())
        name = tr("%1, key %2").arg(name, key);
    setAccessibleName(name);
    updateGeometry();
    update();
}

void EnvBanner::setCompact(bool compact)
{
    m_compact = compact;
    updateGeometry();
    update();
}

int EnvBanner::height() const
{
    const int text = QFontMetrics(Theme::font(Type::EnvWord)).height();
    return m_compact ? std::max(32, text + 8) : std::max(int(metric::banner), text + 16);
}

QSize EnvBanner::sizeHint() const
{
    return {400, height()};
}

QSize EnvBanner::minimumSizeHint() const
{
    return {QFontMetrics(Theme::font(Type::EnvWord)).horizontalAdvance(m_word) + 2 * edge + gap + metric::iconLarge + 24, height()};
}

void EnvBanner::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    const Theme::Banner banner = Theme::banner(m_look);
    const QColor plate = m_theme.color(banner.background);
    const QColor text = m_theme.color(banner.text);
    const QFont word = m_compact ? wordFont(Type::Body, 0.06) : Theme::font(Type::EnvWord);
    const int icon = m_compact ? metric::icon : metric::iconLarge;

    const int wordWidth = QFontMetrics(word).horizontalAdvance(m_word);
    const QRect left(0, 0, edge + icon + gap + wordWidth + edge, QWidget::height());

    const QFont strong = Theme::font(Type::Small);
    const QFont mono = Theme::font(Type::Code);
    QFont account = strong;
    account.setWeight(QFont::DemiBold);
    int rightWidth = 0;
    const int room = width() - left.width() - 24;
    const int keyWidth = m_key.isEmpty() ? 0 : QFontMetrics(mono).horizontalAdvance(m_key);
    const int fixed = 2 * edge + keyWidth + (m_key.isEmpty() || m_account.isEmpty() ? 0 : 14);
    const QString shownAccount = QFontMetrics(account).elidedText(visibleText(m_account), Qt::ElideRight, std::max(0, room - fixed));
    const int accountWidth = QFontMetrics(account).horizontalAdvance(shownAccount);
    if (!m_key.isEmpty() || !m_account.isEmpty())
        rightWidth = std::min(room, fixed + accountWidth);
    const QRect right(width() - rightWidth, 0, rightWidth, QWidget::height());

    painter.fillRect(left, plate);
    paintPattern(painter, QRect(left.right() + 1, 0, right.left() - left.right() - 1, QWidget::height()), m_theme, m_look);
    painter.fillRect(right, plate);

    paintEnvShape(painter, QRect(edge, (QWidget::height() - icon) / 2, icon, icon), m_look, text, plate);
    painter.setPen(text);
    painter.setFont(word);
    painter.drawText(left.adjusted(edge + icon + gap, 0, 0, 0), int(Qt::AlignVCenter) | Qt::TextSingleLine, m_word);
    painter.setFont(account);
    painter.drawText(right.adjusted(edge, 0, 0, 0), int(Qt::AlignVCenter) | Qt::TextSingleLine, shownAccount);
    painter.setFont(mono);
    painter.drawText(right.adjusted(0, 0, -edge, 0), int(Qt::AlignVCenter | Qt::AlignRight) | Qt::TextSingleLine, m_key);

    const int line = m_theme.kind() == Theme::Kind::Contrast ? 2 : m_look == EnvLook::Sandbox ? 1 : 0;
    if (line > 0)
        painter.fillRect(QRect(0, QWidget::height() - line, width(), line), m_theme.color(banner.edge));
}

} // namespace ui
