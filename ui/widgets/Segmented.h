// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QWidget>

class QAbstractButton;

namespace ui {

// One choice of two to five in a row; arrow keys move it.
class Segmented : public QWidget
{
    Q_OBJECT
public:
    // Each option is a radio button named `objectName`.0, .1 ... for scripts and readers.
    Segmented(const Theme &theme, const QString &objectName, const QStringList &options, QWidget *parent = nullptr);
    int current() const;
    void setCurrent(int index);
    // The shape of an environment before the words of an option.
    void setLook(int index, EnvLook look);

Q_SIGNALS:
    void currentChanged(int index);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    QList<QAbstractButton *> m_options;
};

} // namespace ui
