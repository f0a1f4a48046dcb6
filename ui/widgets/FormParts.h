// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/PlainLabel.h"
#include <QAbstractItemView>
#include <QComboBox>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace ui {

// The wheel scrolls the form: it never changes a choice.
class ChoiceBox final : public QComboBox
{
public:
    ChoiceBox(const QString &objectName, const QString &accessibleName, QWidget *parent) : QComboBox(parent)
    {
        setObjectName(objectName);
        setAccessibleName(accessibleName);
        view()->setObjectName(objectName + QStringLiteral(".list"));
        view()->setAccessibleName(accessibleName);
        setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
        setMinimumContentsLength(10);
        setFocusPolicy(Qt::StrongFocus);
    }

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

// A note in a narrow column: as high as its lines, where a row of buttons would let it be one line high.
template <typename Widget> Widget *wrapping(Widget *widget)
{
    QSizePolicy policy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    policy.setHeightForWidth(true);
    widget->setSizePolicy(policy);
    return widget;
}

// A widget that begins where the text of a check box or of a button with an icon does.
inline QHBoxLayout *indented(QWidget *widget, int indent)
{
    auto *row = new QHBoxLayout;
    row->setContentsMargins(indent, 0, 0, 0);
    row->addWidget(widget);
    return row;
}

// Before something that may have the focus is hidden: the focus would fall on a button of another cell, and choose that one.
inline void keepFocusBeside(QWidget *leaving)
{
    const QWidget *focus = leaving->window()->focusWidget();
    if (focus && (focus == leaving || leaving->isAncestorOf(focus)) && leaving->parentWidget())
        leaving->parentWidget()->setFocus(Qt::OtherFocusReason);
}

// The same for what may have the focus and cannot be used any more.
inline void setUsable(QWidget *widget, bool usable)
{
    if (!usable && widget->window()->focusWidget() == widget)
        keepFocusBeside(widget);
    widget->setEnabled(usable);
}

// A label and the field below it.
inline QVBoxLayout *formRow(const Theme &theme, const QString &label, QWidget *field)
{
    auto *row = new QVBoxLayout;
    row->setSpacing(5);
    row->addWidget(new PlainLabel(theme, label, Type::Small, Role::TextMuted));
    row->addWidget(field);
    return row;
}

} // namespace ui
