// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/KeyClipboard.h"
#include <QClipboard>
#include <QGuiApplication>

namespace ui {

using mcpcore::Milliseconds;

namespace {

const QString kText = QStringLiteral("text/plain"), kUtf8 = QStringLiteral("text/plain;charset=utf-8");
const QString kHint = QStringLiteral("x-kde-passwordManagerHint");

// The key stays in guarded memory; bytes of it are made for who asks.
class KeyData final : public QMimeData
{
public:
    explicit KeyData(mcpcore::Secret key) : m_key(std::move(key)) {}
    bool hasFormat(const QString &type) const override { return formats().contains(type); }
    QStringList formats() const override { return {kText, kUtf8, kHint}; }

protected:
    QVariant retrieveData(const QString &type, QMetaType) const override
    {
        if (type == kHint)
            return QByteArray("secret");
        if (type == kText || type == kUtf8)
            return QByteArray(m_key.reveal().data(), qsizetype(m_key.reveal().size()));
        return {};
    }

private:
    const mcpcore::Secret m_key;
};

} // namespace

KeyClipboard::KeyClipboard(const mcpcore::Clock &clock, QObject *parent) : QObject(parent), m_clock(clock)
{
    connect(qGuiApp, &QCoreApplication::aboutToQuit, this, &KeyClipboard::clear);
}

KeyClipboard::~KeyClipboard()
{
    clear();
}

bool KeyClipboard::holds() const
{
    return m_data && QGuiApplication::clipboard()->mimeData() == m_data;
}

Milliseconds KeyClipboard::left() const
{
    return std::max(Milliseconds(0), m_until - m_clock.monotonic());
}

void KeyClipboard::put(mcpcore::Secret key)
{
    auto *data = new KeyData(std::move(key));
    QGuiApplication::clipboard()->setMimeData(data);
    m_data = data;
    m_until = m_clock.monotonic() + time;
    tick(++m_round);
}

void KeyClipboard::clear()
{
    ++m_round;
    if (holds())
        QGuiApplication::clipboard()->clear();
    m_data = nullptr;
    Q_EMIT changed();
}

void KeyClipboard::tick(int round)
{
    if (round != m_round)
        return;
    if (!holds() || left().count() == 0)
        return clear();
    Q_EMIT changed();
    m_clock.after(std::min(left(), Milliseconds(1000)), this, [this, round] { tick(round); });
}

} // namespace ui
