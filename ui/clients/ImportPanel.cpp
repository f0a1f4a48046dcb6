// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ImportPanel.h"
#include "ui/clients/EditView.h"
#include "ui/clients/ImportDoneView.h"
#include "ui/clients/ImportServerBox.h"
#include "ui/clients/ImportText.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/VisibleMarks.h"
#include <QScrollArea>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using Check = ImportWish::Check;
using Status = ClientEdit::Status;

namespace {

constexpr mcpcore::Milliseconds kTypingPause{300};

bool isDone(Status status)
{
    return status == Status::Written || status == Status::Unchanged;
}

// What comes into the middle of the panel later than its foot was made is reached before it all the same.
QWidget *orderAfter(QWidget *before, const QWidget *place)
{
    for (QWidget *part : place->findChildren<QWidget *>())
        if ((part->focusPolicy() & Qt::TabFocus) && part->window() == before->window()) {
            QWidget::setTabOrder(before, part);
            before = part;
        }
    return before;
}

} // namespace

// What is in the way may be gone in the file, as it is by now.
ImportPanel::Again ImportPanel::againAfter(const mcpcore::Error &error)
{
    return error.kind == mcpcore::Error::Kind::Conflict ? Again::Offered : Again::No;
}

void ImportPanel::open(const ClientText::Known &known, const QString &file)
{
    const QString id = known.client ? known.client->id.text : known.kind->kind;
    if (isBusy() && m_id == id && m_path == file)
        return;
    m_id = id;
    m_path = file;
    m_client = ClientText::name(known);
    m_connected = known.client != nullptr;
    // An entry of ours in the file stays as it is.
    m_way.reset();
    m_entry.clear();
    if (known.kind)
        for (const ClientFile &one : known.kind->files)
            if (one.path == file)
                keepOwn(one);
    look();
}

// One for a single connection would not reach what is imported.
void ImportPanel::keepOwn(const ClientFile &file)
{
    const QList<ClientFile::OwnEntry> own =
        file.entries.isEmpty() ? QList<ClientFile::OwnEntry>{{file.name, file.connection, file.way, file.entry}} : file.entries;
    for (const ClientFile::OwnEntry &one : own)
        if (one.entry == ClientFile::Entry::Ours && one.connection.isEmpty()) {
            m_way = one.way;
            m_entry = one.name;
        }
}

void ImportPanel::look()
{
    m_file = {};
    m_previewed = false;
    clearColumn(m_servers);
    m_boxes.clear();
    showCautions({});
    go(Stage::Looking);
    m_scroll->ensureVisible(0, 0);
    m_desk.scanClient(m_id, m_path, Completion<ImportFile>(this, [this, round = m_round](const Result<ImportFile> &file) {
                          if (round == m_round)
                              takeFile(file);
                      }));
}

void ImportPanel::takeFile(const Result<ImportFile> &file)
{
    const QString trouble = file ? file->trouble : file.error().message;
    if (!trouble.isEmpty()) {
        go(Stage::Unreadable);
        return showTrouble(ClientText::notRead(m_path, file ? file->line : 0, file ? file->column : 0), trouble, Again::Offered);
    }
    m_file = *file;
    fillServers();
    choose();
}

void ImportPanel::fillServers()
{
    QWidget *before = m_scroll;
    for (const ImportServer &server : std::as_const(m_file.servers)) {
        auto *box = new ImportServerBox(m_theme, m_desk.workspace(), server, QStringLiteral("clients.import.server.%1").arg(m_boxes.size()),
                                        m_scroll->widget());
        connect(box, &ImportServerBox::changed, this, &ImportPanel::choose);
        connect(box, &ImportServerBox::typed, this, &ImportPanel::chooseSoon);
        m_servers->addWidget(box);
        box->show();
        m_boxes.append(box);
        before = orderAfter(before, box);
    }
}

ImportWish ImportPanel::wish(Check check) const
{
    ImportWish wish{m_id, m_path, m_file.digest, m_way, m_entry, {}, check};
    for (const ImportServerBox *box : m_boxes)
        if (box->isTaken())
            wish.entries.append(box->entry());
    return wish;
}

QList<ImportServer> ImportPanel::taken() const
{
    QList<ImportServer> servers;
    for (const ImportServerBox *box : m_boxes)
        if (box->isTaken())
            servers.append(box->server());
    return servers;
}

QString ImportPanel::missing() const
{
    for (const ImportServerBox *box : m_boxes)
        if (const QString text = box->missing(); !text.isEmpty())
            return text;
    return taken().isEmpty() ? tr("Tick the servers that shall come") : QString();
}

// What was shown is void with every choice; a new preview comes when enough is chosen.
void ImportPanel::choose()
{
    m_known = false;
    go(Stage::Choosing);
    if (!missing().isEmpty())
        return;
    m_desk.previewImport(wish(Check::WithVendor), Completion<ClientEdit>(this, [this, round = m_round](const Result<ClientEdit> &edit) {
                             if (round == m_round)
                                 takePreview(edit);
                         }));
}

void ImportPanel::chooseSoon()
{
    m_known = false;
    go(Stage::Choosing);
    m_clock.after(kTypingPause, this, [this, round = m_round] {
        if (round == m_round)
            choose();
    });
}

void ImportPanel::takePreview(const Result<ClientEdit> &edit)
{
    m_known = m_previewed = edit && isDone(edit->status);
    if (edit && !m_known)
        showTrouble(ClientText::notWritten(*edit), edit->reason, Again::Offered);
    if (!edit)
        showTrouble(tr("This cannot be done as it is."), edit.error().message, againAfter(edit.error()));
    if (m_known) {
        m_edit = *edit;
        m_view->setEdit(m_edit);
        showCautions(edit->cautions);
    }
    refresh();
}

void ImportPanel::import(Check check)
{
    if (!missing().isEmpty() || !m_known)
        return;
    m_asked = check == Check::WithVendor ? ImportText::asked(taken()) : QString();
    m_scroll->setFocus(Qt::OtherFocusReason);
    go(Stage::Importing);
    m_desk.importServers(
        wish(check),
        Completion<ImportOutcome>(this, [this, check, round = m_round, client = m_client](const Result<ImportOutcome> &outcome) {
            // Whoever looks at something else meanwhile is told in a sentence.
            if (round != m_round || !isVisible())
                Q_EMIT said(outcome ? ClientText::outcome(tr("Brought servers of %1 behind Countersign.").arg(client), outcome->edit)
                                    : outcome.error().message);
            if (round == m_round)
                takeOutcome(check, outcome);
            Q_EMIT changed();
        }));
}

void ImportPanel::takeOutcome(Check check, const Result<ImportOutcome> &outcome)
{
    if (outcome && isDone(outcome->edit.status))
        return finish(*outcome);
    if (outcome) {
        m_known = m_previewed = false; // the file is another one by now, or cannot be written
        go(Stage::Choosing);
        return showTrouble(ClientText::notWritten(outcome->edit), outcome->edit.reason, Again::Offered);
    }
    const bool wordless = check == Check::WithVendor && ImportText::mayGoUnverified(outcome.error().kind);
    go(wordless ? Stage::NotAsked : Stage::Choosing);
    showTrouble(tr("Nothing was changed."), outcome.error().message, againAfter(outcome.error()));
}

void ImportPanel::finish(const ImportOutcome &outcome)
{
    m_done = outcome.edit.client.isEmpty() ? mcpcore::ClientId{m_id} : outcome.edit.client;
    ClientEdit edit = outcome.edit;
    edit.diff = m_edit.diff; // the lines that were shown are those that were written
    edit.bytesAdded = m_edit.bytesAdded;
    m_view->setEdit(edit);
    m_doneView->setOutcome(outcome, m_desk.workspace());
    orderAfter(m_scroll, m_doneView);
    go(Stage::Done);
    showCautions(edit.cautions);
    m_scroll->ensureVisible(0, 0);
}

// The connections and their keys stay: only the file becomes what it was.
void ImportPanel::undo()
{
    setUsable(m_undo, false);
    m_desk.editClient(
        Desk::ClientAct::Undo, m_done, m_path,
        Completion<ClientEdit>(this, [this, round = m_round, path = ClientText::path(m_path)](const Result<ClientEdit> &edit) {
            const bool done = edit && isDone(edit->status);
            const QString sentence = tr("%1 has its old entries again. The connections and their keys stay here.").arg(path);
            Q_EMIT changed();
            if (done || round != m_round)
                Q_EMIT said(edit ? ClientText::outcome(sentence, *edit) : edit.error().message);
            if (round != m_round)
                return;
            if (done)
                return look();
            showTrouble(tr("Not taken back."), edit ? edit->reason : edit.error().message, Again::No);
            refresh();
        }));
}

void ImportPanel::go(Stage stage)
{
    ++m_round;
    m_stage = stage;
    m_trouble->hide();
    m_import->rearm();
    refresh();
}

} // namespace ui
