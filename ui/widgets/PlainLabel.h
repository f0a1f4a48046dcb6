// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/theme/Theme.h"
#include "ui/widgets/Runs.h"
#include <QLabel>

namespace ui {

// A label that never reads its text as markup: no HTML, no links, no mnemonics; hidden characters are shown as marks. Elides at
// `maxLines` (1 unless told; 0 = as many as needed) with the whole text, plain, in the tooltip and the accessible name.
class PlainLabel : public QLabel
{
    Q_OBJECT
public:
    explicit PlainLabel(const Theme &theme, QWidget *parent = nullptr);
    PlainLabel(const Theme &theme, const QString &text, Type type, Role role, QWidget *parent = nullptr);

    void setText(const QString &text);
    // What others wrote, whole: no-break spaces become marks too.
    void setForeignText(const QString &text);
    void setForeignRuns(const Runs &runs);
    // A sentence with strong words; text() is its words.
    void setRuns(const Runs &runs);
    void setType(Type type);
    void setRole(Role role);
    void setMaxLines(int lines);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override;
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void changeEvent(QEvent *event) override;

private:
    Runs coloured() const;
    void updateToolTip();

    const Theme &m_theme;
    Runs m_runs;
    Spaces m_spaces = Spaces::Kept;
    Type m_type = Type::Body;
    Role m_role = Role::Text;
    int m_maxLines = 1;
};

// A tooltip that shows `text` as it is written, also when it looks like markup.
QString plainToolTip(QStringView text);

} // namespace ui
