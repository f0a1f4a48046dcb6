// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/ThemeSource.h"
#include "ui/theme/Style.h"
#include <QAbstractButton>
#include <QApplication>
#include <QComboBox>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusPendingCallWatcher>
#include <QDBusPendingReply>
#include <QDBusVariant>
#include <QFocusFrame>
#include <QLineEdit>

namespace ui {

namespace {

const QString service = QStringLiteral("org.freedesktop.portal.Desktop");
const QString path = QStringLiteral("/org/freedesktop/portal/desktop");
const QString interface = QStringLiteral("org.freedesktop.portal.Settings");
const QString appearance = QStringLiteral("org.freedesktop.appearance");

// The portal wraps its answer in one variant, or in two.
uint numberIn(QVariant value)
{
    while (value.canConvert<QDBusVariant>())
        value = value.value<QDBusVariant>().variant();
    return value.toUInt();
}

bool isDark(const QPalette &palette)
{
    return palette.color(QPalette::Window).lightness() < palette.color(QPalette::WindowText).lightness();
}

} // namespace

ThemeSource::ThemeSource(Choice choice, QObject *parent) : QObject(parent), m_choice(choice), m_startedDark(isDark(QApplication::palette()))
{
    QApplication::setStyle(new Style(m_theme));
    apply();
    connect(qApp, &QApplication::focusChanged, this, [this](QWidget *, QWidget *now) { moveRing(now); });
    askPortal();
}

ThemeSource::~ThemeSource()
{
    delete m_ring;
    QApplication::setStyle(QStringLiteral("Fusion")); // the style refers to the theme
}

void ThemeSource::choose(Choice choice)
{
    m_choice = choice;
    apply();
}

Theme::Kind ThemeSource::wanted(uint colorScheme, uint contrast, bool startedDark)
{
    if (contrast == 1)
        return Theme::Kind::Contrast;
    if (colorScheme == 1)
        return Theme::Kind::Dark;
    if (colorScheme == 2)
        return Theme::Kind::Light;
    return startedDark ? Theme::Kind::Dark : Theme::Kind::Light;
}

void ThemeSource::askPortal()
{
    QDBusConnection bus = QDBusConnection::sessionBus();
    if (!bus.isConnected())
        return;
    bus.connect(service, path, interface, QStringLiteral("SettingChanged"), this, SLOT(onSettingChanged(QString, QString, QDBusVariant)));
    for (const QString &key : {QStringLiteral("color-scheme"), QStringLiteral("contrast")}) {
        QDBusMessage call = QDBusMessage::createMethodCall(service, path, interface, QStringLiteral("Read"));
        call.setArguments({appearance, key});
        call.setAutoStartService(false);
        auto *watcher = new QDBusPendingCallWatcher(bus.asyncCall(call, 2000), this);
        connect(watcher, &QDBusPendingCallWatcher::finished, this, [this, key](QDBusPendingCallWatcher *done) {
            const QDBusPendingReply<QDBusVariant> reply = *done;
            if (!reply.isError())
                onSettingChanged(appearance, key, reply.value());
            done->deleteLater();
        });
    }
}

void ThemeSource::onSettingChanged(const QString &space, const QString &key, const QDBusVariant &value)
{
    if (space != appearance)
        return;
    if (key == QLatin1String("color-scheme"))
        m_colorScheme = numberIn(value.variant());
    else if (key == QLatin1String("contrast"))
        m_contrast = numberIn(value.variant());
    apply();
}

void ThemeSource::apply()
{
    Theme::Kind kind = wanted(m_colorScheme, m_contrast, m_startedDark);
    switch (m_choice) {
    case Choice::System: break;
    case Choice::Light: kind = Theme::Kind::Light; break;
    case Choice::Dark: kind = Theme::Kind::Dark; break;
    case Choice::Contrast: kind = Theme::Kind::Contrast; break;
    }
    m_theme = Theme(kind);
    if (QApplication::palette() == m_theme.palette())
        return;
    QApplication::setPalette(m_theme.palette());
    Q_EMIT changed();
}

// One ring for buttons and fields, outside their frame; lists and tabs show focus in their rows.
void ThemeSource::moveRing(QWidget *now)
{
    const bool ringed = qobject_cast<QAbstractButton *>(now) || qobject_cast<QLineEdit *>(now) || qobject_cast<QComboBox *>(now)
                        || (now && now->property("focusRing").toBool()); // a field of our own
    if (!m_ring && ringed) {
        m_ring = new QFocusFrame(now);
        m_ring->setObjectName(QStringLiteral("focus.ring"));
    }
    if (m_ring)
        m_ring->setWidget(ringed ? now : nullptr);
    if (!ringed || m_ring->isVisible())
        return;
    // What gets the focus out of sight is scrolled into view only after this, and the frame does not show itself then.
    const auto again = [ring = m_ring.data(), widget = QPointer<QWidget>(now)] {
        if (!widget || ring->widget() != widget)
            return;
        ring->setWidget(nullptr);
        ring->setWidget(widget);
    };
    QMetaObject::invokeMethod(m_ring, again, Qt::QueuedConnection);
}

} // namespace ui
