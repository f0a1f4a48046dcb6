// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include <QPlainTextEdit>

namespace ui {

// An address somebody else wrote: whole, with marks, wrapped anywhere, its host in bold. Can be selected and copied, not clicked.
class UrlView final : public QPlainTextEdit
{
    Q_OBJECT
public:
    UrlView(const Theme &theme, QWidget *parent);
    void setUrl(const QString &url);
    QString boldPart() const; // what stands out: the host

protected:
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;

private:
    void mark();
    void fit();

    const Theme &m_theme;
    int m_start = 0, m_length = 0; // of the host, in what is shown
};

} // namespace ui
