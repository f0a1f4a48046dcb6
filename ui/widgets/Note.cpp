// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Note.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include <QHBoxLayout>
#include <QPainter>
#include <QVBoxLayout>

namespace ui {

namespace {

QString usualIcon(Note::Kind kind)
{
    switch (kind) {
    case Note::Kind::Plain: return QStringLiteral("info");
    case Note::Kind::Caution: return QStringLiteral("caution");
    case Note::Kind::Server: return QStringLiteral("server");
    }
    Q_UNREACHABLE();
}

} // namespace

Note::Note(const Theme &theme, Kind kind, QWidget *parent)
    : QWidget(parent),
      m_theme(theme),
      m_kind(kind),
      m_icon(usualIcon(kind)),
      m_head(new PlainLabel(theme, {}, Type::Small, Role::TextMuted)),
      m_label(new PlainLabel(theme, {}, Type::Small, Role::Text)),
      m_layout(new QHBoxLayout(this))
{
    m_label->setObjectName(QStringLiteral("note.text"));
    m_label->setMaxLines(0);
    m_layout->setContentsMargins(3 + 12 + m_iconSize + 9, 8, 12, 8);
    m_layout->setSpacing(9);
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_head);
    words->addWidget(m_label, 1);
    m_layout->addLayout(words, 1);
    m_head->hide();
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Maximum);
}

void Note::setText(const QString &strong, const QString &rest)
{
    Runs runs;
    if (!strong.isEmpty())
        runs.append({strong, Role::Text, Run::Style::Strong});
    if (!rest.isEmpty())
        runs.append({strong.isEmpty() ? rest : QLatin1Char(' ') + rest, Role::Text, Run::Style::Plain});
    setRuns(runs);
}

void Note::setRuns(const Runs &runs)
{
    m_label->setRuns(runs);
    setAccessibleName(m_label->accessibleName());
}

void Note::setQuote(const QString &head, const QString &quote)
{
    m_head->setText(head);
    m_head->show();
    m_label->setType(Type::Body);
    m_label->setForeignText(tr("“%1”", "what others wrote").arg(quote));
    setAccessibleName(tr("%1 %2", "who wrote it, what").arg(head, m_label->accessibleName()));
}

void Note::setIcon(const QString &name)
{
    m_icon = name;
    update();
}

void Note::setLarge()
{
    m_iconSize = metric::iconLarge;
    m_label->setType(Type::Body);
    m_label->setAlignment(Qt::AlignVCenter);
    m_layout->setContentsMargins(3 + 20 + m_iconSize + 9, 12, 20, 12);
}

Button *Note::addButton(const QString &objectName, const QString &text)
{
    auto *button = new Button(m_theme, text, Button::Kind::Normal, this);
    button->setObjectName(objectName);
    m_layout->addWidget(button);
    return button;
}

void Note::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    Role fill = Role::Sunken, bar = Role::BorderStrong, picture = Role::TextMuted;
    switch (m_kind) {
    case Kind::Plain: break;
    case Kind::Caution: fill = Role::CautionTint, bar = picture = Role::Caution; break;
    case Kind::Server: fill = Role::ServerTint, bar = picture = Role::Server; break;
    }
    painter.fillRect(rect(), m_theme.color(fill));
    painter.fillRect(QRect(0, 0, 3, height()), m_theme.color(bar));
    const QMargins margins = m_layout->contentsMargins();
    const int line = QFontMetrics(m_label->font()).height();
    const int top = m_iconSize == metric::iconLarge ? (height() - m_iconSize) / 2 : margins.top() + (line - m_iconSize) / 2;
    paintIcon(painter, QRect(margins.left() - 9 - m_iconSize, top, m_iconSize, m_iconSize), m_icon, m_theme.color(picture),
              m_theme.color(fill));
}

} // namespace ui
