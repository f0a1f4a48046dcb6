// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/AnswerArea.h"
#include "ui/approvals/CardText.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/PlainLabel.h"
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QVBoxLayout>

namespace ui {

namespace {
constexpr int kLongestReason = 500;
}

TypedField::TypedField(QWidget *parent) : QLineEdit(parent)
{
    setAcceptDrops(false);
    setContextMenuPolicy(Qt::NoContextMenu);
}

void TypedField::keyPressEvent(QKeyEvent *event)
{
    if (event == QKeySequence::Paste || event == QKeySequence::Undo || event == QKeySequence::Redo)
        return;
    if (event->key() == Qt::Key_Insert || event->key() == Qt::Key_Paste || event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        return;
    QLineEdit::keyPressEvent(event);
}

// The middle button pastes what was selected elsewhere.
void TypedField::mousePressEvent(QMouseEvent *event)
{
    if (event->button() != Qt::MiddleButton)
        QLineEdit::mousePressEvent(event);
}

void TypedField::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::MiddleButton)
        QLineEdit::mouseReleaseEvent(event);
}

AnswerArea::AnswerArea(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    m_prompt = new PlainLabel(theme, {}, Type::Small, Role::Text, this);

    m_typedRow = new QWidget(this);
    m_typed = new TypedField(m_typedRow);
    m_typed->setObjectName(QStringLiteral("approval.typed"));
    m_typed->setFont(theme.font(Type::Code));
    m_typed->setMinimumHeight(metric::controlLarge);
    m_hint = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, m_typedRow);
    m_hint->setObjectName(QStringLiteral("approval.typed.hint"));
    m_hint->setMaxLines(2);
    m_hint->setMinimumWidth(m_hint->fontMetrics().averageCharWidth() * 28);
    auto *typedLayout = new QHBoxLayout(m_typedRow);
    typedLayout->setContentsMargins(0, 0, 0, 0);
    typedLayout->setSpacing(10);
    typedLayout->addWidget(m_typed, 1);
    typedLayout->addWidget(m_hint);

    m_whyRow = new QWidget(this);
    m_why = new QLineEdit(m_whyRow);
    m_why->setObjectName(QStringLiteral("approval.reason"));
    m_why->setMaxLength(kLongestReason);
    m_why->setMinimumHeight(metric::controlLarge);
    auto *tell = new Button(theme, tr("Deny and tell"), Button::Kind::Normal, m_whyRow);
    tell->setObjectName(QStringLiteral("approval.reason.send"));
    tell->setLarge();
    auto *back = new Button(theme, tr("Back"), Button::Kind::Flat, m_whyRow);
    back->setObjectName(QStringLiteral("approval.reason.back"));
    back->setLarge();
    auto *whyLayout = new QHBoxLayout(m_whyRow);
    whyLayout->setContentsMargins(0, 0, 0, 0);
    whyLayout->setSpacing(10);
    whyLayout->addWidget(m_why, 1);
    whyLayout->addWidget(tell);
    whyLayout->addWidget(back);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(5);
    column->addWidget(m_prompt);
    column->addWidget(m_typedRow);
    column->addWidget(m_whyRow);

    const auto send = [this] { Q_EMIT deniedBecause(m_why->text().trimmed()); };
    connect(tell, &QAbstractButton::clicked, this, send);
    connect(m_why, &QLineEdit::returnPressed, this, send);
    connect(back, &QAbstractButton::clicked, this, &AnswerArea::stopAskingWhy);
    connect(m_typed, &QLineEdit::textChanged, this, [this] {
        m_hint->setText(hint());
        Q_EMIT typedChanged();
    });
    arrange();
}

void AnswerArea::setApproval(const mcpcore::Approval &approval)
{
    m_asksWhy = false;
    m_word = approval.typedWord;
    m_typed->clear();
    m_typed->setEnabled(true);
    m_why->clear();
    m_typedPrompt = CardText::typedPrompt(approval);
    m_whyPrompt = tr("Why? %1 is told.").arg(CardText::clientName(*approval.call));
    m_typed->setAccessibleName(m_typedPrompt);
    m_why->setAccessibleName(m_whyPrompt);
    m_hint->setText(hint());
    arrange();
}

void AnswerArea::close()
{
    m_asksWhy = false;
    m_word.clear();
    m_typed->clear();
    arrange();
}

QString AnswerArea::hint() const
{
    return CardText::typedHint(m_word, m_typed->text());
}

void AnswerArea::askWhy()
{
    m_asksWhy = true;
    arrange();
    m_why->setFocus(Qt::OtherFocusReason);
}

void AnswerArea::stopAskingWhy()
{
    m_asksWhy = false;
    arrange();
}

void AnswerArea::arrange()
{
    const bool asksWord = !m_word.isEmpty() && !m_asksWhy;
    m_prompt->setText(m_asksWhy ? m_whyPrompt : m_typedPrompt);
    m_prompt->setVisible(asksWord || m_asksWhy);
    m_typedRow->setVisible(asksWord);
    m_whyRow->setVisible(m_asksWhy);
    setVisible(asksWord || m_asksWhy);
}

} // namespace ui
