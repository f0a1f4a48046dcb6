// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Icon.h"
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPixmapCache>
#include <QSvgRenderer>

static void initIcons()
{
    Q_INIT_RESOURCE(icons);
}

namespace ui {

namespace {

// Lines of 1.5 in 16 are heavy in a large picture.
constexpr int largeFrom = 32;

QByteArray coloured(const QString &name, int size, const QColor &color, const QColor &behind)
{
    static const bool ready = [] {
        initIcons();
        return true;
    }();
    Q_UNUSED(ready)
    QFile file(QStringLiteral(":/icons/%1.svg").arg(name));
    if (!file.open(QIODevice::ReadOnly))
        return {};
    QByteArray text = file.readAll();
    if (size >= largeFrom)
        text.replace("stroke-width=\"1.5\"", "stroke-width=\"1.1\"");
    return text.replace("currentColor", color.name().toLatin1()).replace("#FFFFFF", behind.name().toLatin1());
}

// Draws one file in the colour that the mode asks for. Owns nothing; `theme` is ThemeSource's.
class IconEngine final : public QIconEngine
{
public:
    IconEngine(const Theme &theme, const QString &name, Role role, Role behind)
        : m_theme(theme), m_name(name), m_role(role), m_behind(behind)
    {}

    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(*painter, rect, m_name, colorOf(mode), m_theme.color(m_behind));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State) override
    {
        return iconPixmap(m_name, std::min(size.width(), size.height()), 1.0, colorOf(mode), m_theme.color(m_behind));
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal ratio) override
    {
        // Qt asks in device pixels.
        return iconPixmap(m_name, qRound(std::min(size.width(), size.height()) / ratio), ratio, colorOf(mode), m_theme.color(m_behind));
    }
    QIconEngine *clone() const override { return new IconEngine(m_theme, m_name, m_role, m_behind); }

private:
    QColor colorOf(QIcon::Mode mode) const
    {
        switch (mode) {
        case QIcon::Disabled: return m_theme.color(Role::ButtonDisabledText);
        case QIcon::Active:
        case QIcon::Selected: return m_theme.color(m_role == Role::TextMuted ? Role::Text : m_role);
        case QIcon::Normal: break;
        }
        return m_theme.color(m_role);
    }

    const Theme &m_theme;
    QString m_name;
    Role m_role, m_behind;
};

} // namespace

QIcon icon(const Theme &theme, const QString &name, Role role, Role behind)
{
    return QIcon(new IconEngine(theme, name, role, behind));
}

QPixmap iconPixmap(const QString &name, int size, qreal ratio, const QColor &color, const QColor &behind)
{
    const int pixels = qRound(size * ratio);
    const QString key = QStringLiteral("cs:%1:%2:%3:%4:%5").arg(name).arg(size).arg(ratio).arg(color.rgba()).arg(behind.rgba());
    QPixmap pixmap;
    if (QPixmapCache::find(key, &pixmap))
        return pixmap;
    pixmap = QPixmap(pixels, pixels);
    pixmap.fill(Qt::transparent);
    QSvgRenderer renderer(coloured(name, size, color, behind));
    QPainter painter(&pixmap);
    renderer.render(&painter, QRectF(0, 0, pixels, pixels));
    painter.end();
    pixmap.setDevicePixelRatio(ratio);
    QPixmapCache::insert(key, pixmap);
    return pixmap;
}

void paintIcon(QPainter &painter, const QRect &rect, const QString &name, const QColor &color, const QColor &behind)
{
    const int size = std::min(rect.width(), rect.height());
    const QPoint at = rect.topLeft() + QPoint((rect.width() - size) / 2, (rect.height() - size) / 2);
    painter.drawPixmap(at, iconPixmap(name, size, painter.device()->devicePixelRatioF(), color, behind));
}

void paintEnvShape(QPainter &painter, const QRect &rect, EnvLook look, const QColor &color, const QColor &behind)
{
    if (rect.width() >= 14) {
        paintIcon(painter, rect, envIconName(look), color, behind);
        return;
    }
    QPainterPath path;
    const QRectF box = QRectF(rect).adjusted(0.5, 0.5, -0.5, -0.5);
    const qreal cut = box.width() * 0.29;
    switch (look) {
    case EnvLook::Sandbox: path.addEllipse(box); break;
    case EnvLook::Staging: path.addPolygon(QPolygonF{{box.center().x(), box.top()}, box.bottomRight(), box.bottomLeft()}); break;
    case EnvLook::Production:
        path.addPolygon(QPolygonF{{box.left() + cut, box.top()},
                                  {box.right() - cut, box.top()},
                                  {box.right(), box.top() + cut},
                                  {box.right(), box.bottom() - cut},
                                  {box.right() - cut, box.bottom()},
                                  {box.left() + cut, box.bottom()},
                                  {box.left(), box.bottom() - cut},
                                  {box.left(), box.top() + cut}});
        break;
    }
    path.closeSubpath();
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillPath(path, color);
    painter.restore();
}

QIcon exportedIcon(const QString &name, const QColor &color, const QColor &behind)
{
    QIcon icon;
    for (const int size : {16, 22, 24, 32, 48})
        icon.addPixmap(iconPixmap(name, size, 1.0, color, behind));
    return icon;
}

QString envIconName(EnvLook look)
{
    switch (look) {
    case EnvLook::Sandbox: return QStringLiteral("env-sandbox");
    case EnvLook::Staging: return QStringLiteral("env-staging");
    case EnvLook::Production: return QStringLiteral("env-production");
    }
    Q_UNREACHABLE();
}

} // namespace ui
