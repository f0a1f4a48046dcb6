// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientDetail.h"
#include "ui/clients/EditView.h"
#include "ui/clients/EnvironmentChoice.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/ConfirmPanel.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/VisibleMarks.h"
#include <QGridLayout>
#include <QPainter>
#include <QScrollArea>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using Entry = ClientFile::Entry;

namespace {

constexpr int kLabels = 104;

} // namespace

ClientDetail::ClientDetail(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_clipboard(clock, nullptr)
{
    setObjectName(QStringLiteral("clients.detail"));
    build(clock);
    connectParts();
}

void ClientDetail::build(const mcpcore::Clock &clock)
{
    m_icon = new IconView(m_theme, QStringLiteral("terminal"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(m_theme, {}, Type::Title, Role::Text, this);
    m_title->setObjectName(QStringLiteral("clients.detail.name"));
    m_caption = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_caption);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metric::cardEdge, 16, metric::cardEdge, 14);
    head->setSpacing(12);
    head->addWidget(m_icon);
    head->addLayout(words, 1);

    auto *body = new QWidget;
    m_notes = new QVBoxLayout;
    m_notes->setSpacing(8);
    m_repair = new EditView(m_theme, QStringLiteral("clients.repair.edit"), body);
    m_environment = new EnvironmentChoice(m_theme, QStringLiteral("clients.detail.environment"), EnvironmentChoice::Offer::All, body);
    m_hint = new PlainLabel(m_theme, {}, Type::Caption, Role::TextFaint, body);
    m_hint->setMaxLines(2);
    auto *where = new QHBoxLayout;
    where->setSpacing(8);
    where->addWidget(new PlainLabel(m_theme, tr("Environment"), Type::Small, Role::TextMuted, body));
    where->addWidget(m_environment);
    where->addStretch(1);
    m_factsPlace = new QWidget(body);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(metric::cardEdge, 14, metric::cardEdge, 14);
    inner->setSpacing(10);
    inner->addLayout(m_notes);
    inner->addWidget(m_repair);
    inner->addLayout(where);
    inner->addWidget(m_hint);
    inner->addWidget(m_factsPlace);
    inner->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("clients.detail.scroll"));
    m_scroll->setAccessibleName(tr("What is known of this client"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(body);
    m_scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    body->setFocusProxy(m_scroll);

    m_foot = new QWidget(this);
    m_confirm = new ConfirmPanel(m_theme, clock, QStringLiteral("clients.disconnect-panel"), m_foot);
    m_confirmAccept = new ConfirmPanel(m_theme, clock, QStringLiteral("clients.accept-panel"), m_foot);
    m_confirmMove = new ConfirmPanel(m_theme, clock, QStringLiteral("clients.move-panel"), m_foot);
    const auto button = [this](const char *id, const QString &text) {
        auto *made = new Button(m_theme, text, Button::Kind::Normal, m_foot);
        made->setObjectName(QLatin1String(id));
        made->setLarge();
        made->setEnterPresses();
        return made;
    };
    m_undo = button("clients.undo", tr("Undo"));
    m_undo->setIconName(QStringLiteral("undo"));
    m_rotate = button("clients.rotate", tr("Rotate token"));
    m_disconnect = button("clients.disconnect", tr("Disconnect …"));
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(10);
    buttons->addStretch(1);
    for (Button *each : {m_undo, m_rotate, m_disconnect})
        buttons->addWidget(each);
    auto *foot = new QVBoxLayout(m_foot);
    foot->setContentsMargins(metric::cardEdge, 12, metric::cardEdge, 12);
    foot->setSpacing(10);
    foot->addWidget(m_confirm);
    foot->addWidget(m_confirmMove);
    foot->addWidget(m_confirmAccept);
    foot->addLayout(buttons);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_foot);
}

void ClientDetail::connectParts()
{
    connect(m_environment, &EnvironmentChoice::changed, this, &ClientDetail::move);
    connect(m_undo, &QAbstractButton::clicked, this,
            [this] { act(Desk::ClientAct::Undo, {}, tr("The last change of %1's files is taken back.").arg(m_name)); });
    connect(m_rotate, &QAbstractButton::clicked, this, &ClientDetail::rotate);
    connect(m_disconnect, &QAbstractButton::clicked, this, [this] {
        leave();
        m_confirm->ask(tr("%1 loses its tools at once. Our entry goes from its files; nothing else in them changes.").arg(m_name),
                       tr("Disconnect %1").arg(m_name), tr("Keep it"));
    });
    connect(m_confirmMove, &ConfirmPanel::confirmed, this, [this] { moveTo(m_wanted); });
    connect(m_confirmAccept, &ConfirmPanel::confirmed, this, &ClientDetail::accept);
    connect(m_confirm, &ConfirmPanel::confirmed, this,
            [this] { act(Desk::ClientAct::Disconnect, {}, tr("Disconnected %1.").arg(m_name)); });
}

void ClientDetail::open(const ClientText::Known &known)
{
    if (m_id != known.client->id) {
        leave();
        m_scroll->ensureVisible(0, 0);
        m_broken.clear();
        ++m_round;
    }
    m_id = known.client->id;
    m_name = ClientText::name(known);
    m_icon->setIcon(ClientText::icon(known), Role::TextMuted);
    m_title->setText(m_name);
    m_caption->setText(known.client->sessions > 0 ? tr("Connected") : tr("May connect"));
    m_environment->setWorkspace(known.workspace);
    const auto environment = known.isPinned() ? std::optional(known.environment()) : std::nullopt;
    m_environment->choose(environment);
    m_environmentNow = environment;
    m_hint->setText(ClientText::environmentHint(environment));
    const bool files = known.kind && !known.kind->files.isEmpty();
    m_undo->setVisible(files);
    m_rotate->setVisible(known.record() && !known.record()->tokenDigest.isEmpty());
    showNotes(known);
    showFacts(factsOf(known));
    askRepair(known);
}

// What a person has to look at, worst first.
void ClientDetail::showNotes(const ClientText::Known &known)
{
    while (QLayoutItem *old = m_notes->takeAt(0)) {
        if (QWidget *note = old->widget()) {
            keepFocusBeside(note);
            note->hide();
            note->deleteLater();
        }
        delete old;
    }
    const ClientSight &client = *known.client;
    if (!client.stranger.isEmpty()) {
        const QString program = ClientText::path(client.stranger);
        addNote(tr("%1 asks as %2.").arg(program, m_name),
                client.program.isEmpty() ? tr("It has no rules and stays in sandbox until you accept it.")
                                         : tr("Until now it was %1. It has no rules and stays in sandbox until you accept it.")
                                               .arg(ClientText::path(client.program)),
                "clients.accept", tr("Accept …"), [this, stranger = client.stranger] { askAccept(stranger); });
    }
    const ClientText::Care care = ClientText::careOf(known);
    if (client.wrongToken && (care == ClientText::Care::WrongToken || !client.seen || *client.wrongToken > *client.seen))
        addNote(tr("A wrong token was seen at %1.").arg(ClientText::time(*client.wrongToken, known.now)),
                tr("Its file may hold an old one."), "clients.rewrite", tr("Rotate and rewrite"), [this] { rotate(); });
    if (!known.kind)
        return;
    for (const ClientFile &file : known.kind->files) {
        const QString path = ClientText::path(file.path);
        const auto repair = [this, whole = file.path, path] { act(Desk::ClientAct::Repair, whole, tr("Repaired %1.").arg(path)); };
        if (file.entry == Entry::Gone)
            addNote(tr("Our entry is gone from %1.").arg(path), tr("%1 finds no tools at its next start.").arg(m_name), "clients.repair",
                    tr("Repair"), repair);
        else if (file.entry == Entry::Altered)
            addNote(tr("Our entry in %1 was changed.").arg(path), tr("Somebody else wrote to it."), "clients.repair", tr("Repair"), repair);
        else if (file.entry == Entry::Unreadable)
            addNote(tr("%1 is not readable.").arg(path), ClientText::entryState(file));
        for (const QString &bypass : file.bypasses)
            addNote(tr("It also talks to a vendor directly."),
                    tr("The entry “%1” beside ours goes around Countersign: nobody is asked about its calls.").arg(visibleText(bypass)),
                    "clients.bring", tr("Import …"), [this, whole = file.path] { Q_EMIT importWanted(whole); });
    }
    if (care == ClientText::Care::TooManyTools)
        addNote(tr("It is offered more tools than it takes."), tr("%1. It leaves some out.").arg(ClientText::tools(known)));
    for (const ClientFile &file : known.kind->files)
        if (file.plainKeys > 0)
            addNote(ClientText::plainKeysIn(file), tr("Anybody who reads the file has them."), "clients.import", tr("Import …"),
                    [this, whole = file.path] { Q_EMIT importWanted(whole); });
}

void ClientDetail::addNote(const QString &strong, const QString &rest, const char *id, const QString &act,
                           const std::function<void()> &acted)
{
    auto *note = wrapping(new Note(m_theme, Note::Kind::Caution, this));
    note->setIcon(QStringLiteral("caution"));
    note->setText(strong, rest);
    if (id) {
        note->setObjectName(QLatin1String(id) + QStringLiteral(".note"));
        Button *button = note->addButton(QLatin1String(id), act);
        button->setEnterPresses();
        connect(button, &QAbstractButton::clicked, this, acted);
    }
    m_notes->addWidget(note);
    note->show();
}

// What a repair would write, of the first file that needs one.
void ClientDetail::askRepair(const ClientText::Known &known)
{
    const ClientFile *broken = ClientText::fileIn(known, Entry::Gone);
    if (!broken)
        broken = ClientText::fileIn(known, Entry::Altered);
    const QString path = broken ? broken->path : QString();
    if (!broken || m_broken != path)
        m_repair->hide();
    m_broken = path;
    if (!broken)
        return;
    ClientWish wish;
    wish.id = m_id.text;
    wish.file = path;
    wish.way = broken->way;
    wish.name = broken->name;
    wish.connection = {broken->connection};
    wish.environment = known.isPinned() ? std::optional(known.environment()) : std::nullopt;
    wish.sameName = ClientWish::SameName::Replace;
    m_desk.previewClient(wish, Completion<ClientEdit>(this, [this, round = ++m_round](const Result<ClientEdit> &edit) {
                             if (round != m_round || !edit)
                                 return;
                             m_repair->setEdit(*edit);
                             m_repair->show();
                         }));
}

void ClientDetail::showFacts(const QList<ClientFact> &facts)
{
    if (facts == m_facts)
        return;
    m_facts = facts;
    delete m_factsPlace->layout();
    const auto old = m_factsPlace->findChildren<QWidget *>(Qt::FindDirectChildrenOnly);
    for (QWidget *label : old) {
        label->hide();
        label->deleteLater();
    }
    auto *grid = new QGridLayout(m_factsPlace);
    grid->setContentsMargins(0, 8, 0, 0);
    grid->setHorizontalSpacing(12);
    grid->setVerticalSpacing(7);
    grid->setColumnMinimumWidth(0, kLabels);
    grid->setColumnStretch(1, 1);
    int row = 0;
    for (const ClientFact &fact : facts) {
        auto *value = new PlainLabel(m_theme, {}, fact.look == ClientFact::Look::Code ? Type::Code : Type::Small,
                                     fact.look == ClientFact::Look::Caution ? Role::Caution : Role::Text, m_factsPlace);
        value->setMaxLines(6);
        value->setForeignText(fact.value);
        grid->addWidget(new PlainLabel(m_theme, fact.label, Type::Small, Role::TextMuted, m_factsPlace), row, 0, Qt::AlignTop);
        grid->addWidget(value, row++, 1, Qt::AlignTop);
    }
    for (QWidget *label : m_factsPlace->findChildren<QWidget *>(Qt::FindDirectChildrenOnly))
        if (!old.contains(label))
            label->show();
}

void ClientDetail::act(Desk::ClientAct act, const QString &file, const QString &done)
{
    m_desk.editClient(act, m_id, file, Completion<ClientEdit>(this, [this, done](const Result<ClientEdit> &edit) {
                          Q_EMIT said(edit ? ClientText::outcome(done, *edit) : edit.error().message);
                          Q_EMIT changed();
                      }));
}

// One that has no file of ours gets the new token by hand.
void ClientDetail::rotate()
{
    setUsable(m_rotate, false);
    m_desk.rotateClient(m_id, Completion<ClientToken>(this, [this, name = m_name](Result<ClientToken> made) {
                            m_rotate->setEnabled(true);
                            if (!made)
                                return Q_EMIT said(made.error().message);
                            QStringList failed;
                            for (const ClientEdit &edit : std::as_const(made->files))
                                if (edit.status == ClientEdit::Status::Refused || edit.status == ClientEdit::Status::Conflict)
                                    failed.append(edit.reason);
                            if (made->files.isEmpty()) {
                                m_clipboard.put(std::move(made->token));
                                Q_EMIT said(tr("%1 has a new token. It is on the clipboard for 30 seconds: paste it there.").arg(name));
                            } else if (!failed.isEmpty()) {
                                Q_EMIT said(tr("%1 has a new token, but not everywhere. %2").arg(name, failed.first()));
                            } else {
                                Q_EMIT said(
                                    ClientText::outcome(tr("%1 has a new token, and its files too.").arg(name), made->files.first()));
                            }
                            Q_EMIT changed();
                        }));
}

void ClientDetail::askAccept(const QString &stranger)
{
    leave();
    m_stranger = stranger;
    m_confirmAccept->ask(
        tr("%1 may do what %2 may from then on: its tools, its environment, its rules.").arg(ClientText::path(stranger), m_name),
        tr("Accept it as %1").arg(m_name), tr("Not now"));
}

void ClientDetail::accept()
{
    m_desk.acceptClient(m_id, m_stranger, Completion<>(this, [this, name = m_name](const Result<> &accepted) {
                            Q_EMIT said(accepted ? tr("Accepted. From now on this program is %1.").arg(name) : accepted.error().message);
                            Q_EMIT changed();
                        }));
}

// Down and sideways at once; up to production by a deliberate act, and until that the choice stays what it is.
void ClientDetail::move()
{
    m_wanted = m_environment->chosen();
    m_confirmMove->drop();
    const mcpcore::Environment *wanted = m_wanted ? mcpcore::find(m_desk.workspace(), *m_wanted) : nullptr;
    if (!wanted || wanted->kind != mcpcore::EnvironmentKind::Production)
        return moveTo(m_wanted);
    m_environment->choose(m_environmentNow);
    leave();
    m_confirmMove->ask(tr("%1 acts on real data then, whenever %2 is unlocked.").arg(m_name, wordOf(*m_wanted)),
                       tr("Move %1 to %2").arg(m_name, wordOf(*m_wanted)), tr("Keep it where it is"));
}

void ClientDetail::moveTo(const std::optional<mcpcore::EnvironmentId> &environment)
{
    m_hint->setText(ClientText::environmentHint(environment));
    m_desk.moveClient(m_id, environment, Completion<>(this, [this](const Result<> &moved) {
                          if (!moved)
                              Q_EMIT said(moved.error().message);
                          Q_EMIT changed();
                      }));
}

bool ClientDetail::leave()
{
    bool asked = false;
    for (ConfirmPanel *panel : {m_confirm, m_confirmMove, m_confirmAccept}) {
        asked |= !panel->isHidden();
        panel->drop();
    }
    return asked;
}

void ClientDetail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
    painter.fillRect(QRect(0, m_scroll->geometry().top() - 1, width(), 1), m_theme.color(Role::Border));
    painter.fillRect(QRect(0, m_scroll->geometry().bottom() + 1, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
