// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/EditView.h"
#include "ui/clients/ClientText.h"
#include "ui/widgets/DiffView.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Segmented.h"
#include <QVBoxLayout>

namespace ui {

namespace {

DiffView::Change changeOf(DiffLine::Change change)
{
    switch (change) {
    case DiffLine::Change::Same: return DiffView::Change::Same;
    case DiffLine::Change::Added: return DiffView::Change::Added;
    case DiffLine::Change::Removed: return DiffView::Change::Removed;
    }
    Q_UNREACHABLE();
}

QList<ClientEdit> editsOf(const ClientEdit &edit)
{
    return edit.files.isEmpty() ? QList<ClientEdit>{edit} : edit.files;
}

} // namespace

EditView::EditView(const Theme &theme, const QString &objectName, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(objectName);
    m_file = new PlainLabel(theme, {}, Type::Code, Role::Text, this);
    m_file->setObjectName(objectName + QStringLiteral(".file"));
    m_bytes = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_bytes->setObjectName(objectName + QStringLiteral(".bytes"));
    m_whole = new Segmented(theme, objectName + QStringLiteral(".whole"), {tr("Changes"), tr("Whole file")}, this);
    m_whole->setCurrent(0);
    m_diff = new DiffView(theme, this);
    m_diff->setObjectName(objectName + QStringLiteral(".diff"));
    m_diff->setAccessibleName(tr("What changes"));
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(new IconView(theme, QStringLiteral("file"), Role::TextMuted, metric::icon, this));
    head->addWidget(m_file);
    head->addWidget(m_bytes);
    head->addStretch(1);
    head->addWidget(m_whole);
    m_checks = new QVBoxLayout;
    m_checks->setContentsMargins(0, 4, 0, 0);
    m_checks->setSpacing(6);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(8);
    column->addLayout(head);
    column->addWidget(m_diff);
    column->addLayout(m_checks);
    connect(m_whole, &Segmented::currentChanged, this, &EditView::showLines);
}

void EditView::setEdit(const ClientEdit &edit)
{
    m_edit = edit;
    const QList<ClientEdit> edits = editsOf(edit);
    m_file->setText(edits.size() == 1 ? ClientText::path(edits.first().file) : tr("%1 files").arg(edits.size()));
    m_file->setToolTip(plainToolTip(edits.first().file));
    m_bytes->setText(edits.size() == 1 ? ClientText::bytes(edits.first()) : QString());
    m_diff->setAccessibleName(edits.size() == 1 ? tr("What changes in %1").arg(ClientText::path(edits.first().file)) : tr("What changes"));
    showLines();
    while (QLayoutItem *old = m_checks->takeAt(0)) {
        if (QWidget *row = old->widget()) {
            row->hide();
            row->deleteLater();
        }
        delete old;
    }
    for (const QString &checked : edit.checked)
        addCheck(QStringLiteral("check"), checked);
    if (!edit.timeout.isEmpty())
        addCheck(QStringLiteral("clock"), edit.timeout);
    if (!edit.restart.isEmpty())
        addCheck(QStringLiteral("refresh"), edit.restart);
}

void EditView::addCheck(const QString &icon, const QString &text)
{
    auto *row = new QWidget(this);
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(8);
    auto *words = new PlainLabel(m_theme, {}, Type::Small, Role::Text, row);
    words->setMaxLines(0);
    words->setForeignText(text);
    line->addWidget(new IconView(m_theme, icon, Role::Text, metric::icon, row), 0, Qt::AlignTop);
    line->addWidget(words, 1);
    m_checks->addWidget(row);
    row->show();
}

void EditView::showLines()
{
    const bool whole = m_whole->current() == 1;
    const QList<ClientEdit> edits = editsOf(m_edit);
    QList<DiffView::Line> shown;
    for (const ClientEdit &edit : edits) {
        QList<DiffView::Line> lines;
        for (const DiffLine &line : edit.diff)
            lines.append({changeOf(line.change), line.number, line.text});
        if (edits.size() > 1)
            shown.append(
                {DiffView::Change::Head, 0, tr("%1  %2", "file, bytes").arg(ClientText::path(edit.file), ClientText::bytes(edit))});
        shown += whole ? lines : DiffView::changesOf(lines);
    }
    m_diff->setLines(shown);
    m_diff->setVisible(!shown.isEmpty());
    m_whole->setVisible(!shown.isEmpty());
    if (whole)
        m_diff->showFirstChange();
}

} // namespace ui
