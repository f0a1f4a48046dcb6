// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/PlainLabel.h"
#include <QWidget>

class QHBoxLayout;

namespace ui {

class Button;

// A sentence that needs to be seen: a bar and an icon, strong first words, at most two buttons on the right.
class Note : public QWidget
{
    Q_OBJECT
public:
    enum class Kind { Plain, Caution, Server };
    explicit Note(const Theme &theme, Kind kind = Kind::Plain, QWidget *parent = nullptr);

    // `strong` are the first words, in bold; either may be empty.
    void setText(const QString &strong, const QString &rest);
    void setRuns(const Runs &runs);
    // What others wrote, whole, below our words for who did.
    void setQuote(const QString &head, const QString &quote);
    void setIcon(const QString &name);
    // Body size and more air, for banners over a whole page.
    void setLarge();
    Button *addButton(const QString &objectName, const QString &text);
    QString text() const { return m_label->text(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    const Theme &m_theme;
    Kind m_kind;
    QString m_icon;
    int m_iconSize = metric::icon;
    PlainLabel *m_head; // hidden unless it quotes
    PlainLabel *m_label;
    QHBoxLayout *m_layout;
};

} // namespace ui
