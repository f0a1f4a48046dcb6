// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/CardDetails.h"
#include "ui/approvals/ArgumentRows.h"
#include "ui/approvals/CardText.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/FieldsView.h"
#include "ui/widgets/PlainLabel.h"
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QScrollBar>
#include <QStackedWidget>
#include <QTabBar>
#include <QVBoxLayout>

namespace ui {

namespace {

QList<FieldsView::Field> fieldsOf(const ArgumentRows &rows)
{
    QList<FieldsView::Field> fields;
    for (const ArgumentRow &row : rows.rows) {
        const bool literal = row.kind == ArgumentRow::Kind::EmptyObject || row.kind == ArgumentRow::Kind::EmptyList
                             || row.kind == ArgumentRow::Kind::Unreadable;
        fields.append({row.path, row.value, measureOf(row), row.risky, literal, {}});
    }
    return fields;
}

} // namespace

CardDetails::CardDetails(const Theme &theme, QWidget *parent) : QWidget(parent)
{
    m_tabs = new QTabBar(this);
    m_tabs->setObjectName(QStringLiteral("approval.tabs"));
    m_tabs->setAccessibleName(tr("Views of this call"));
    m_tabs->setExpanding(false);
    m_tabs->setDrawBase(true);
    m_tabs->setUsesScrollButtons(false);
    for (const QString &name : {tr("Fields"), tr("Exact bytes"), tr("Tool"), tr("Why you are asked")})
        m_tabs->addTab(name);

    m_fields = new FieldsView(theme, this);
    m_fields->setObjectName(QStringLiteral("approval.details"));
    m_fields->setAccessibleName(tr("Fields of the arguments"));
    m_bytes = new BytesView(theme, this);
    m_bytes->setObjectName(QStringLiteral("approval.exact"));
    m_bytes->setAccessibleName(tr("The exact bytes of the arguments"));
    m_tool = new FieldsView(theme, this);
    m_tool->setObjectName(QStringLiteral("approval.tool"));
    m_tool->setAccessibleName(tr("What the server wrote about the tool"));
    auto *whyPage = new QWidget(this);
    m_why = new PlainLabel(theme, {}, Type::Body, Role::Text, whyPage);
    m_why->setObjectName(QStringLiteral("approval.why"));
    m_why->setMaxLines(0);
    m_why->setFocusPolicy(Qt::TabFocus);
    m_whoDecided = new PlainLabel(theme, {}, Type::Body, Role::TextMuted, whyPage);
    m_whoDecided->setMaxLines(0);
    auto *whyColumn = new QVBoxLayout(whyPage);
    whyColumn->setContentsMargins(0, 4, 0, 0);
    whyColumn->setSpacing(metric::gap);
    whyColumn->addWidget(m_why);
    whyColumn->addWidget(m_whoDecided);
    whyColumn->addStretch();

    m_stack = new QStackedWidget(this);
    for (QWidget *page : {static_cast<QWidget *>(m_fields), static_cast<QWidget *>(m_bytes), static_cast<QWidget *>(m_tool), whyPage})
        m_stack->addWidget(page);
    connect(m_tabs, &QTabBar::currentChanged, m_stack, &QStackedWidget::setCurrentIndex);

    m_findBar = new QWidget(this);
    m_find = new QLineEdit(m_findBar);
    m_find->setObjectName(QStringLiteral("approval.find"));
    m_find->setPlaceholderText(tr("Find in these fields and bytes"));
    m_find->setAccessibleName(tr("Find"));
    m_find->installEventFilter(this);
    m_findResult = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, m_findBar);
    auto *findRow = new QHBoxLayout(m_findBar);
    findRow->setContentsMargins(0, 0, 0, 0);
    findRow->addWidget(m_find);
    findRow->addWidget(m_findResult, 1);
    m_findBar->hide();

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addWidget(m_tabs);
    column->addWidget(m_findBar);
    column->addWidget(m_stack, 1);

    connect(m_fields, &FieldsView::moreChosen, this, [this] { fill(kMostRows); });
    connect(m_fields->verticalScrollBar(), &QScrollBar::valueChanged, this, &CardDetails::checkSeen);
    connect(m_fields->verticalScrollBar(), &QScrollBar::rangeChanged, this, &CardDetails::checkSeen);
    connect(m_find, &QLineEdit::textChanged, this, &CardDetails::findNext);
    for (QWidget *view : {static_cast<QWidget *>(m_fields), static_cast<QWidget *>(m_bytes), static_cast<QWidget *>(m_tool),
                          static_cast<QWidget *>(m_tabs)})
        view->installEventFilter(this);
}

void CardDetails::setApproval(const mcpcore::Approval &approval)
{
    m_call = approval.call;
    m_seenWhole = false;
    closeFind();
    m_find->clear();
    setTab(Fields);
    fill(kFirstRows);
    m_bytes->setBytes(m_call->arguments.bytes());
    m_tool->setFields(fieldsOf(flatten(m_call->toolDefinition)));
    m_why->setText(visibleText(approval.verdict.reason));
    m_whoDecided->setText(CardText::whoDecided(approval));
    checkSeen();
}

void CardDetails::fill(qsizetype limit)
{
    const ArgumentRows rows = flatten(m_call->arguments, limit);
    m_fields->setFields(fieldsOf(rows));
    if (rows.total <= rows.rows.size())
        m_fields->setMoreText({});
    else if (limit < kMostRows)
        m_fields->setMoreText(tr("show all %1").arg(grouped(rows.total)));
    else
        m_fields->setMoreText(tr("%1 of %2 shown, all are in Exact bytes").arg(grouped(rows.rows.size()), grouped(rows.total)));
}

void CardDetails::checkSeen()
{
    if (m_seenWhole || !m_call || !m_fields->isVisible())
        return;
    const QScrollBar *bar = m_fields->verticalScrollBar();
    if (!m_fields->fits() && (bar->maximum() == 0 || bar->value() < bar->maximum()))
        return;
    m_seenWhole = true;
    Q_EMIT seenWhole();
}

QWidget *CardDetails::firstFocus() const
{
    return m_stack->currentIndex() == Why ? m_why : m_stack->currentWidget();
}

void CardDetails::setTab(Tab tab)
{
    m_tabs->setCurrentIndex(tab);
}

bool CardDetails::openFind()
{
    m_findBar->show();
    m_find->setFocus(Qt::ShortcutFocusReason);
    m_find->selectAll();
    return true;
}

bool CardDetails::closeFind()
{
    if (m_findBar->isHidden())
        return false;
    const bool hadFocus = m_find->hasFocus();
    m_findBar->hide();
    if (hadFocus)
        firstFocus()->setFocus();
    return true;
}

void CardDetails::findNext()
{
    const QString text = m_find->text();
    if (text.isEmpty()) {
        m_findResult->setText({});
        return;
    }
    bool found = false;
    switch (Tab(m_tabs->currentIndex())) {
    case Fields: found = m_fields->find(text); break;
    case Exact: found = m_bytes->find(text); break;
    case Tool: found = m_tool->find(text); break;
    case Why: found = m_why->text().contains(text, Qt::CaseInsensitive); break;
    }
    m_findResult->setText(found ? QString() : tr("Not in this view"));
}

bool CardDetails::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    if (watched == m_find && (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter)) {
        findNext();
        return true;
    }
    const bool tabKey = key->key() == Qt::Key_Tab || key->key() == Qt::Key_Backtab;
    if (tabKey && key->modifiers().testFlag(Qt::ControlModifier)) {
        const int by = key->key() == Qt::Key_Tab ? 1 : -1;
        setTab(Tab((m_tabs->currentIndex() + by + m_tabs->count()) % m_tabs->count()));
        if (watched != m_tabs)
            firstFocus()->setFocus(Qt::TabFocusReason);
        return true;
    }
    const int digit = key->key() - Qt::Key_1;
    if (watched == m_tabs && digit >= 0 && digit < m_tabs->count()) {
        setTab(Tab(digit));
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace ui
