// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Secret.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

// A field for one line that nobody may read again: a key, a passphrase. What is typed or pasted goes as bytes (UTF-8) into one
// buffer that never grows and is wiped; it is never in a QString, is shown as dots, and cannot be copied, dragged or undone.
// Typing is at the end only. Screen readers hear the name and that it is a password, no value.
class SecretField : public QWidget
{
    Q_OBJECT
public:
    static constexpr qsizetype maximumSize = 8192;

    SecretField(const Theme &theme, const QString &accessibleName, QWidget *parent = nullptr);
    ~SecretField() override;

    bool isEmpty() const { return m_bytes.isEmpty(); }
    // What is in it; the field is empty then.
    mcpcore::Secret take();
    void clear();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;
    QVariant inputMethodQuery(Qt::InputMethodQuery query) const override;

Q_SIGNALS:
    void changed();
    void submitted(); // Enter
    // What was typed or pasted is not taken, all of it, and why.
    void refused(const QString &why);

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void inputMethodEvent(QInputMethodEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    enum class Key { Other, Enter, Rub, RubAll, SelectAll, Paste, Letter };
    enum class From { Clipboard, Selection };
    static Key keyOf(const QKeyEvent &event);
    void add(QByteArray bytes);
    void rub();
    void paste(From from);
    qsizetype characters() const;
    void startBuffer();

    const Theme &m_theme;
    QByteArray m_bytes; // its capacity is the maximum from the start: no copy is left behind by growing
    bool m_allSelected = false;
};

} // namespace ui
