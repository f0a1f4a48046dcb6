// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Approval.h"
#include "ui/theme/Theme.h"
#include <QLineEdit>
#include <QWidget>

namespace ui {

class PlainLabel;

// A line that must be typed: nothing can be pasted or dropped into it. Enter does nothing.
class TypedField final : public QLineEdit
{
    Q_OBJECT
public:
    explicit TypedField(QWidget *parent = nullptr);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
};

// Above the footer: the word to type, or the reason of a denial while the person writes one, or nothing.
class AnswerArea final : public QWidget
{
    Q_OBJECT
public:
    AnswerArea(const Theme &theme, QWidget *parent = nullptr);

    void setApproval(const mcpcore::Approval &approval); // empties what was typed
    void close();                                        // the call is over: nothing can be typed
    bool isTypedRight() const { return m_word.isEmpty() || m_typed->text() == m_word; }
    QString typed() const { return m_typed->text(); }
    QString hint() const;
    void askWhy();
    bool isAskingWhy() const { return m_asksWhy; }
    void stopAskingWhy();
    TypedField *typedField() const { return m_typed; }

Q_SIGNALS:
    void typedChanged();
    void deniedBecause(const QString &reason);

private:
    void arrange();

    QString m_word, m_typedPrompt, m_whyPrompt;
    bool m_asksWhy = false;
    PlainLabel *m_prompt;
    QWidget *m_typedRow;
    TypedField *m_typed;
    PlainLabel *m_hint;
    QWidget *m_whyRow;
    QLineEdit *m_why;
};

} // namespace ui
