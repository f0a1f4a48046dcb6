// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionGrid.h"
#include "ui/connections/ConnectionDelegate.h"
#include "ui/connections/ConnectionModel.h"
#include "ui/widgets/Button.h"
#include <QKeyEvent>
#include <QPainter>

namespace ui {

ConnectionGrid::ConnectionGrid(const Theme &theme, ConnectionModel &model, QWidget *parent)
    : QTableView(parent), m_theme(theme), m_model(model)
{
    setObjectName(QStringLiteral("connections.grid"));
    setAccessibleName(tr("Connections and environments"));
    setHorizontalHeader(new EnvironmentHeader(theme, this));
    setVerticalHeader(new ConnectionHeader(theme, this));
    setItemDelegate(new ConnectionDelegate(theme, model, this));
    setModel(&model);
    setFrameShape(QFrame::NoFrame);
    setShowGrid(false); // the cells draw their lines
    setTabKeyNavigation(false);
    setCornerButtonEnabled(false);
    setSelectionMode(QAbstractItemView::SingleSelection);
    setEditTriggers(QAbstractItemView::NoEditTriggers);
    setVerticalScrollMode(QAbstractItemView::ScrollPerPixel);
    setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    viewport()->setAutoFillBackground(false);
    horizontalHeader()->setMinimumSectionSize(124);
    horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    verticalHeader()->setDefaultSectionSize(ConnectionDelegate::rowHeight(theme));
    m_corner = findChild<QAbstractButton *>(QString(), Qt::FindDirectChildrenOnly);
    if (m_corner)
        m_corner->installEventFilter(this);

    connect(selectionModel(), &QItemSelectionModel::selectionChanged, this, &ConnectionGrid::selectionMoved);
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex &index) { Q_EMIT placeOpened(m_model.placeAt(index)); });
    connect(&model, &QAbstractItemModel::modelAboutToBeReset, this, &ConnectionGrid::keepFocus);
    connect(&model, &QAbstractItemModel::modelReset, this, &ConnectionGrid::placeButtons);
    connect(&model, &QAbstractItemModel::dataChanged, this, &ConnectionGrid::placeButtons);
    placeButtons();
}

// The focus of a button that goes would fall on the next one, in another cell.
void ConnectionGrid::keepFocus()
{
    if (viewport()->isAncestorOf(window()->focusWidget()))
        setFocus(Qt::OtherFocusReason);
}

// A button that is there already stays the same one: nothing is taken away from under the pointer or the focus.
void ConnectionGrid::placeButtons()
{
    for (int row = 0; row < m_model.rowCount(); ++row)
        for (int column = 0; column < m_model.columnCount(); ++column) {
            const QModelIndex index = m_model.index(row, column);
            const ConnectionText::Cell &cell = m_model.cell(index);
            auto *button = static_cast<Button *>(indexWidget(index));
            if (cell.act == ConnectionText::Act::None) {
                if (button) {
                    keepFocus();
                    setIndexWidget(index, nullptr);
                }
                continue;
            }
            if (!button) {
                button = new Button(m_theme, cell.actText, Button::Kind::Normal, viewport());
                const Place place = m_model.placeAt(index);
                button->setObjectName(QStringLiteral("connections.act.%1.%2").arg(place.connection.text, place.environment.text));
                button->setEnterPresses();
                connect(button, &QAbstractButton::clicked, this, [this, place] {
                    const QModelIndex here = m_model.indexOf(place);
                    if (here.isValid())
                        Q_EMIT actWanted(place, m_model.cell(here).act);
                });
                setIndexWidget(index, button);
            }
            button->setText(cell.actText);
            button->setAccessibleName(tr("%1: %2", "what the button does, the cell").arg(cell.actText, cell.sentence));
        }
    updateEditorGeometries();
}

Place ConnectionGrid::selected() const
{
    const QModelIndexList cells = selectionModel()->selectedIndexes();
    return cells.isEmpty() ? Place() : m_model.placeAt(cells.first());
}

void ConnectionGrid::select(const Place &place)
{
    const QModelIndex index = m_model.indexOf(place);
    if (index.isValid())
        setCurrentIndex(index);
    else
        clearSelection();
}

int ConnectionGrid::wholeHeight() const
{
    return horizontalHeader()->sizeHint().height() + m_model.rowCount() * verticalHeader()->defaultSectionSize();
}

void ConnectionGrid::keyPressEvent(QKeyEvent *event)
{
    const bool enter = event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter;
    const bool acts = event->key() == Qt::Key_V || event->key() == Qt::Key_T || event->key() == Qt::Key_Delete;
    if (acts && currentIndex().isValid() && !event->isAutoRepeat() && event->modifiers() == Qt::NoModifier) {
        setCurrentIndex(currentIndex());
        Q_EMIT keyPressed(event->key());
        return;
    }
    if (!enter || !currentIndex().isValid())
        return QTableView::keyPressEvent(event);
    setCurrentIndex(currentIndex());
    Q_EMIT placeOpened(m_model.placeAt(currentIndex()));
}

// The corner between the heads belongs to no style. A button in a cell that gets the focus chooses no cell, as the view would
// have it: focus falls on one when something elsewhere goes.
bool ConnectionGrid::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::FocusIn && qobject_cast<Button *>(watched))
        return false;
    if (watched != m_corner || event->type() != QEvent::Paint)
        return QTableView::eventFilter(watched, event);
    QPainter painter(m_corner);
    painter.fillRect(m_corner->rect(), m_theme.color(Role::Window));
    painter.fillRect(QRect(0, m_corner->height() - 1, m_corner->width(), 1), m_theme.color(Role::Border));
    painter.fillRect(QRect(m_corner->width() - 1, 0, 1, m_corner->height()), m_theme.color(Role::Border));
    return true;
}

} // namespace ui
