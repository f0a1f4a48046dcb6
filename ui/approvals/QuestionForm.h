// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Question.h"
#include "ui/theme/Theme.h"
#include <QWidget>
#include <functional>

namespace ui {

class Note;

// One field of a server's question: its name, what is asked, and a widget to answer with. What looks like a secret has none.
class QuestionFieldRow final : public QWidget
{
    Q_OBJECT
public:
    QuestionFieldRow(const Theme &theme, const mcpcore::QuestionField &field, QWidget *parent);

    QString name() const { return m_field.name; }
    // monostate = not answered.
    mcpcore::QuestionField::Value value() const { return m_read ? m_read() : mcpcore::QuestionField::Value(); }
    QList<QWidget *> stops() const { return m_stops; } // for the tab key, in order

private:
    QWidget *makeText();
    QWidget *makeYesNo();
    QWidget *makeChoice();
    QWidget *makeChoices();
    QString partName() const;
    void tellHidden(const QString &text);

    const Theme &m_theme;
    const mcpcore::QuestionField m_field;
    Note *m_hidden; // what stands in the line and does not show
    QList<QWidget *> m_stops;
    std::function<mcpcore::QuestionField::Value()> m_read;
};

// The fields of a question, one below the other.
class QuestionForm final : public QWidget
{
    Q_OBJECT
public:
    QuestionForm(const Theme &theme, QWidget *parent);

    void setFields(const QList<mcpcore::QuestionField> &fields);
    QList<std::pair<QString, mcpcore::QuestionField::Value>> values() const; // of what was answered
    QList<QWidget *> stops() const;

private:
    const Theme &m_theme;
    QList<QuestionFieldRow *> m_rows;
};

} // namespace ui
