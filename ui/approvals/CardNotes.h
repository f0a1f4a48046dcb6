// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/widgets/Note.h"

class QVBoxLayout;

namespace ui {

class Button;

// What should be seen before the fields, worst first. Three at once; the others behind a button that says how many.
class CardNotes final : public QWidget
{
    Q_OBJECT
public:
    struct Item {
        Note::Kind kind = Note::Kind::Caution;
        QString icon, strong, rest;
        friend bool operator==(const Item &, const Item &) = default;
    };
    CardNotes(const Theme &theme, QWidget *parent = nullptr);
    void setItems(const QList<Item> &items);
    QString text() const; // of all, one a line

private:
    void build(qsizetype most);

    const Theme &m_theme;
    QList<Item> m_items;
    QVBoxLayout *m_column;
};

} // namespace ui
