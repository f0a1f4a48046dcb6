// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Segmented.h"
#include <QHBoxLayout>

namespace ui {

// A line of a form in the environment menu: a label, as wide as those above and below it, and its field. The caller's layout
// takes it.
inline QHBoxLayout *formLine(const Theme &theme, const QString &objectName, const QString &text, QWidget *field)
{
    constexpr int labels = 62;
    auto *label = new PlainLabel(theme, text, Type::Small, Role::TextMuted);
    label->setObjectName(objectName);
    label->setMinimumWidth(labels);
    label->setAlignment(Qt::AlignVCenter);
    auto *row = new QHBoxLayout;
    row->setSpacing(8);
    row->addWidget(label, 0);
    row->addWidget(field, 1, qobject_cast<Segmented *>(field) ? Qt::AlignLeft : Qt::Alignment());
    return row;
}

} // namespace ui
