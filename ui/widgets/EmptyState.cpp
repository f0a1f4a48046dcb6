// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/EmptyState.h"
#include "ui/theme/Icon.h"
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace ui {

// The large icon: decoration, the title says what is so.
class EmptyState::Picture : public QWidget
{
public:
    explicit Picture(const Theme &theme) : m_theme(theme) { setFixedSize(metric::iconHuge, metric::iconHuge); }
    QString name;

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        paintIcon(painter, rect(), name, m_theme.color(Role::TextFaint));
    }

private:
    const Theme &m_theme;
};

EmptyState::EmptyState(const Theme &theme, const QString &icon, const QString &title, const QString &text, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_picture(new Picture(theme)),
      m_title(new PlainLabel(theme, title, Type::Title, Role::Text)),
      m_text(new PlainLabel(theme, text, Type::Body, Role::TextMuted)),
      m_buttons(new QHBoxLayout)
{
    m_title->setObjectName(QStringLiteral("empty.title"));
    m_title->setAlignment(Qt::AlignHCenter);
    m_text->setObjectName(QStringLiteral("empty.text"));
    m_text->setMaxLines(0);
    m_text->setAlignment(Qt::AlignHCenter);
    m_text->setFixedWidth(430);
    m_buttons->setSpacing(8);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(40, 16, 40, 16);
    column->setSpacing(10);
    column->addStretch();
    column->addWidget(m_picture, 0, Qt::AlignHCenter);
    column->addWidget(m_title);
    column->addWidget(m_text, 0, Qt::AlignHCenter);
    column->addSpacing(6);
    auto *row = new QHBoxLayout;
    row->addStretch();
    row->addLayout(m_buttons);
    row->addStretch();
    column->addLayout(row);
    column->addStretch();
    setContent(icon, title, text);
}

void EmptyState::setContent(const QString &icon, const QString &title, const QString &text)
{
    m_picture->name = icon;
    m_picture->update();
    m_title->setText(title);
    m_text->setText(text);
}

Button *EmptyState::addButton(const QString &objectName, const QString &text, Button::Kind kind)
{
    auto *button = new Button(m_theme, text, kind, this);
    button->setObjectName(objectName);
    m_buttons->addWidget(button);
    return button;
}

} // namespace ui
