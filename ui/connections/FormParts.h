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
