// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/BytesAccessible.h"
#include "ui/widgets/BytesView.h"

namespace ui {

BytesAccessible::BytesAccessible(BytesView *view) : QAccessibleWidget(view, QAccessible::EditableText) {}

void BytesAccessible::install()
{
    static const bool done = [] {
        QAccessible::installFactory([](const QString &, QObject *object) -> QAccessibleInterface * {
            auto *view = qobject_cast<BytesView *>(object);
            return view ? new BytesAccessible(view) : nullptr;
        });
        return true;
    }();
    Q_UNUSED(done)
}

BytesView *BytesAccessible::view() const
{
    return qobject_cast<BytesView *>(object());
}

QString BytesAccessible::whole() const
{
    return view() ? QString::fromUtf8(view()->bytes()) : QString();
}

void *BytesAccessible::interface_cast(QAccessible::InterfaceType type)
{
    if (type == QAccessible::TextInterface)
        return static_cast<QAccessibleTextInterface *>(this);
    return QAccessibleWidget::interface_cast(type);
}

QAccessible::State BytesAccessible::state() const
{
    QAccessible::State state = QAccessibleWidget::state();
    state.readOnly = true;
    state.multiLine = true;
    return state;
}

void BytesAccessible::selection(int, int *start, int *end) const
{
    *start = *end = 0;
}

QString BytesAccessible::text(int start, int end) const
{
    return whole().mid(start, end - start);
}

QString BytesAccessible::text(QAccessible::Text kind) const
{
    return kind == QAccessible::Value ? whole() : QAccessibleWidget::text(kind);
}

int BytesAccessible::characterCount() const
{
    return int(whole().size());
}

// Where a character stands is not told: readers walk the text, they need no places.
QRect BytesAccessible::characterRect(int) const
{
    return {};
}

int BytesAccessible::offsetAtPoint(const QPoint &) const
{
    return -1;
}

void BytesAccessible::scrollToSubstring(int start, int end)
{
    if (view())
        view()->find(text(start, end));
}

QString BytesAccessible::attributes(int, int *start, int *end) const
{
    *start = 0;
    *end = characterCount();
    return {};
}

} // namespace ui
