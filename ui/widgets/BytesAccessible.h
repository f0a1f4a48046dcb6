// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QAccessibleWidget>

namespace ui {

class BytesView;

// BytesView for screen readers: a read-only text that can be walked by character and line. Owned by Qt's accessibility cache.
class BytesAccessible final : public QAccessibleWidget, public QAccessibleTextInterface
{
public:
    explicit BytesAccessible(BytesView *view);
    // Makes Qt find this class for BytesView; once a program.
    static void install();

    void *interface_cast(QAccessible::InterfaceType type) override;
    QAccessible::State state() const override;

    void selection(int index, int *start, int *end) const override;
    int selectionCount() const override { return 0; }
    void addSelection(int, int) override {}
    void removeSelection(int) override {}
    void setSelection(int, int, int) override {}
    int cursorPosition() const override { return m_cursor; }
    void setCursorPosition(int position) override { m_cursor = position; }
    QString text(int start, int end) const override;
    QString text(QAccessible::Text kind) const override;
    int characterCount() const override;
    QRect characterRect(int offset) const override;
    int offsetAtPoint(const QPoint &point) const override;
    void scrollToSubstring(int start, int end) override;
    QString attributes(int offset, int *start, int *end) const override;

private:
    QString whole() const;
    BytesView *view() const;
    int m_cursor = 0;
};

} // namespace ui
