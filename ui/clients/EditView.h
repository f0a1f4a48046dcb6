// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/shell/ClientWishes.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QVBoxLayout;

namespace ui {

class DiffView;
class PlainLabel;
class Segmented;

// An edit of one or several files of a client: the lines with marks, changes only or the whole file, and what was checked.
class EditView final : public QWidget
{
    Q_OBJECT
public:
    // The parts are named `objectName`.diff, .whole and so on.
    EditView(const Theme &theme, const QString &objectName, QWidget *parent);
    void setEdit(const ClientEdit &edit);

private:
    void showLines();
    void addCheck(const QString &icon, const QString &text);

    const Theme &m_theme;
    ClientEdit m_edit;
    PlainLabel *m_file, *m_bytes;
    Segmented *m_whole;
    DiffView *m_diff;
    QVBoxLayout *m_checks;
};

} // namespace ui
