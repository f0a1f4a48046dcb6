// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ClientPreview.h"
#include "ui/clients/EditView.h"
#include "ui/clients/EnvironmentChoice.h"
#include "ui/clients/HintsView.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include "ui/widgets/VisibleMarks.h"
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollArea>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using Status = ClientEdit::Status;

namespace {

constexpr int kBesideEachOther = 640; // narrower, the choices stand below each other
constexpr mcpcore::Milliseconds kTypingPause{300};

QList<ClientEdit> editsOf(const ClientEdit &edit)
{
    return edit.files.isEmpty() ? QList<ClientEdit>{edit} : edit.files;
}

bool anyIs(const ClientEdit &edit, Status status)
{
    const QList<ClientEdit> edits = editsOf(edit);
    return std::any_of(edits.begin(), edits.end(), [status](const ClientEdit &one) { return one.status == status; });
}

} // namespace

ClientPreview::ClientPreview(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_clock(clock)
{
    setObjectName(QStringLiteral("clients.preview"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead(column);
    buildBody(column);
    buildFoot(column);
    connectParts();
}

void ClientPreview::buildHead(QVBoxLayout *column)
{
    m_icon = new IconView(m_theme, QStringLiteral("terminal"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(m_theme, {}, Type::Title, Role::Text, this);
    m_title->setObjectName(QStringLiteral("clients.preview.title"));
    m_caption = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_caption->setMaxLines(2);
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_caption);
    auto *top = new QHBoxLayout;
    top->setSpacing(12);
    top->addWidget(m_icon);
    top->addLayout(words, 1);

    m_environment = new EnvironmentChoice(m_theme, QStringLiteral("clients.environment"), EnvironmentChoice::Offer::NotProduction, this);
    m_wayLabel = new PlainLabel(m_theme, tr("Way"), Type::Small, Role::TextMuted, this);
    m_way =
        new Segmented(m_theme, QStringLiteral("clients.way"), {ClientText::way(ClientWay::Bridge), ClientText::way(ClientWay::Http)}, this);
    const auto pair = [this](QWidget *label, QWidget *field) {
        auto *row = new QHBoxLayout;
        row->setSpacing(8);
        row->addWidget(label);
        row->addWidget(field);
        row->addStretch(1);
        return row;
    };
    m_choices = new QBoxLayout(QBoxLayout::LeftToRight);
    m_choices->setSpacing(12);
    m_choices->addLayout(pair(new PlainLabel(m_theme, tr("Environment"), Type::Small, Role::TextMuted, this), m_environment));
    m_choices->addLayout(pair(m_wayLabel, m_way));
    m_choices->addStretch(1);
    m_hint = new PlainLabel(m_theme, {}, Type::Caption, Role::TextFaint, this);
    m_hint->setObjectName(QStringLiteral("clients.environment.hint"));
    m_hint->setMaxLines(2);

    auto *head = new QVBoxLayout;
    head->setContentsMargins(metric::cardEdge, 16, metric::cardEdge, 12);
    head->setSpacing(0);
    head->addLayout(top);
    head->addSpacing(14);
    head->addLayout(m_choices);
    head->addSpacing(6);
    head->addWidget(m_hint);
    column->addLayout(head);
}

void ClientPreview::buildBody(QVBoxLayout *column)
{
    auto *body = new QWidget;
    m_files = new ChoiceBox(QStringLiteral("clients.files"), tr("File"), body);
    m_entry = new ChoiceBox(QStringLiteral("clients.entry"), tr("What the entry reaches"), body);
    m_entry->setMinimumContentsLength(26); // "One entry for" and the longest id
    m_hints = new HintsView(m_theme, QStringLiteral("clients.hints"), body);
    m_view = new EditView(m_theme, QStringLiteral("clients.edit"), body);
    m_more = new Button(m_theme, tr("Name of the entry"), Button::Kind::Flat, body);
    m_more->setObjectName(QStringLiteral("clients.more"));
    m_more->setIconName(QStringLiteral("chevron-right"));
    m_more->setEnterPresses();
    m_nameLabel = new PlainLabel(m_theme, tr("Name of the entry"), Type::Small, Role::TextMuted, body);
    m_name = new QLineEdit(body);
    m_name->setObjectName(QStringLiteral("clients.name"));
    m_name->setAccessibleName(tr("Name of the entry"));
    m_name->setPlaceholderText(QStringLiteral("countersign"));
    m_name->setMaxLength(60);
    m_name->setMaximumWidth(260);
    m_notes = new QVBoxLayout;
    m_notes->setSpacing(8);
    auto *name = new QHBoxLayout;
    name->setSpacing(8);
    name->addWidget(m_nameLabel);
    name->addWidget(m_name, 1);
    name->addStretch(1);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(metric::cardEdge, 14, metric::cardEdge, 14);
    inner->setSpacing(8);
    inner->addWidget(m_entry, 0, Qt::AlignLeft);
    inner->addWidget(m_files, 0, Qt::AlignLeft);
    inner->addWidget(m_view);
    inner->addWidget(m_more, 0, Qt::AlignLeft);
    inner->addLayout(name);
    inner->addStretch(1);
    inner->addLayout(m_notes);
    inner->addWidget(m_hints);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("clients.preview.scroll"));
    m_scroll->setAccessibleName(tr("What is written"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(body);
    m_scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    body->setFocusProxy(m_scroll);
    column->addWidget(m_scroll, 1);
}

void ClientPreview::buildFoot(QVBoxLayout *column)
{
    m_footText = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_footText->setMaxLines(2);
    m_snippet = new Button(m_theme, tr("Copy snippet …"), Button::Kind::Normal, this);
    m_snippet->setObjectName(QStringLiteral("clients.snippet"));
    m_snippet->setLarge();
    m_snippet->setEnterPresses();
    m_connect = new Button(m_theme, tr("Connect"), Button::Kind::Primary, this);
    m_connect->setObjectName(QStringLiteral("clients.connect"));
    m_connect->setLarge();
    m_connect->setEnterPresses();
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(metric::cardEdge, 12, metric::cardEdge, 12);
    foot->setSpacing(10);
    foot->addWidget(m_footText, 1);
    foot->addWidget(m_snippet);
    foot->addWidget(m_connect);
    column->addLayout(foot);
}

void ClientPreview::connectParts()
{
    connect(m_environment, &EnvironmentChoice::changed, this, &ClientPreview::ask);
    connect(m_way, &Segmented::currentChanged, this, &ClientPreview::ask);
    connect(m_files, &QComboBox::currentIndexChanged, this, &ClientPreview::ask);
    connect(m_entry, &QComboBox::currentIndexChanged, this, &ClientPreview::ask);
    connect(m_hints, &HintsView::copyWanted, this, [this] {
        letIn([this](const ClientHints &hints) {
            QGuiApplication::clipboard()->setText(hints.command);
            Q_EMIT said(tr("Copied. Run it in a terminal: %1 may come in now.").arg(m_kind.name));
        });
    });
    connect(m_hints, &HintsView::openWanted, this, [this] {
        letIn([this](const ClientHints &hints) {
            const auto opened = m_desk.openLink(hints.link);
            Q_EMIT said(opened ? tr("%1 may come in now, and asks whether to add the entry.").arg(m_kind.name) : opened.error().message);
        });
    });
    connect(m_name, &QLineEdit::textEdited, this, &ClientPreview::askSoon);
    connect(m_more, &QAbstractButton::clicked, this, [this] { setNameOpen(true); });
    connect(m_snippet, &QAbstractButton::clicked, this, &ClientPreview::snippetWanted);
    connect(m_connect, &QAbstractButton::clicked, this, &ClientPreview::connectNow);
}

void ClientPreview::open(const ClientText::Known &known)
{
    const bool another = m_kind.kind != known.kind->kind;
    m_kind = *known.kind;
    const QScopedValueRollback<bool> filling(m_filling, true);
    m_environment->setWorkspace(known.workspace);
    if (another)
        startAnew();
    const QString name = ClientText::name(known);
    m_icon->setIcon(ClientText::icon(known), Role::TextMuted);
    m_title->setText(tr("Connect %1").arg(name));
    m_connect->setText(tr("Connect %1").arg(name));
    const bool both = m_kind.ways.size() > 1;
    m_way->setVisible(both);
    m_wayLabel->setVisible(both);
    fillFiles();
    fillConnections(known.workspace);
    m_filling = false;
    ask();
}

// Nothing of what was chosen for another client holds for this one.
void ClientPreview::startAnew()
{
    m_environment->chooseUsual();
    m_way->setCurrent(m_kind.way == ClientWay::Http ? 1 : 0);
    m_name->clear();
    m_sameName = ClientWish::SameName::Keep;
    m_files->clear();
    m_entry->clear();
    m_edit = {};
    setNameOpen(false);
    m_scroll->ensureVisible(0, 0);
}

void ClientPreview::fillFiles()
{
    const QString chosen = m_files->currentData().toString();
    m_files->clear();
    if (m_kind.files.size() > 1)
        m_files->addItem(tr("All %1 files").arg(m_kind.files.size()), QString());
    for (const ClientFile &file : std::as_const(m_kind.files))
        m_files->addItem(file.what.isEmpty() ? ClientText::path(file.path)
                                             : tr("%1: %2", "which file, path").arg(file.what, ClientText::path(file.path)),
                         file.path);
    m_files->setCurrentIndex(std::max(0, m_files->findData(chosen)));
    m_files->setVisible(m_kind.files.size() > 1);
}

void ClientPreview::fillConnections(const mcpcore::Workspace &workspace)
{
    const QString chosen = m_entry->currentData().toString();
    m_entry->clear();
    m_entry->addItem(tr("One entry for everything"), QString());
    for (const mcpcore::Connection &connection : workspace.connections)
        m_entry->addItem(tr("One entry for %1").arg(visibleText(connection.id.text)), connection.id.text);
    m_entry->setCurrentIndex(std::max(0, m_entry->findData(chosen)));
    m_entry->setVisible(!workspace.connections.isEmpty());
}

QString ClientPreview::shownFile() const
{
    return m_kind.files.size() > 1 ? m_files->currentData().toString() : QString();
}

ClientWish ClientPreview::wish() const
{
    ClientWish wish;
    wish.id = m_kind.kind;
    wish.file = shownFile();
    wish.way = m_kind.ways.size() > 1 ? (m_way->current() == 1 ? ClientWay::Http : ClientWay::Bridge) : m_kind.way;
    wish.name = m_name->text().trimmed();
    wish.sameName = m_sameName;
    wish.environment = m_environment->chosen();
    wish.connection = {m_entry->currentData().toString()};
    return wish;
}

// A typed letter makes the shown preview void at once, and a new one when the typing rests.
void ClientPreview::askSoon()
{
    m_sameName = ClientWish::SameName::Keep;
    m_known = false;
    showEdit();
    m_clock.after(kTypingPause, this, [this, round = ++m_round] {
        if (round == m_round)
            ask();
    });
}

void ClientPreview::ask()
{
    if (m_filling)
        return;
    const ClientWish wanted = wish();
    m_known = m_known && wanted == m_asked; // asked again, it stays until there is another answer
    m_asked = wanted;
    showEdit();
    m_desk.previewClient(wanted, Completion<ClientEdit>(this, [this, round = ++m_round](const Result<ClientEdit> &edit) {
                             if (round == m_round)
                                 take(edit);
                         }));
}

void ClientPreview::take(const Result<ClientEdit> &edit)
{
    m_edit = edit ? *edit : ClientEdit();
    m_known = edit.has_value();
    if (!edit) {
        m_edit.status = Status::Refused;
        m_edit.file = shownFile().isEmpty() && !m_kind.files.isEmpty() ? m_kind.files.first().path : shownFile();
        m_edit.reason = edit.error().message;
    }
    m_view->setEdit(m_edit);
    showEdit();
    showNotes();
}

void ClientPreview::letIn(std::function<void(const ClientHints &)> then)
{
    m_hints->setButtonsUsable(false);
    ClientWish wanted = wish();
    wanted.writer = ClientWish::Writer::Person;
    // What was shown is what is copied or opened.
    m_desk.connectClient(
        wanted, Completion<ClientEdit>(this, [this, then = std::move(then), hints = m_hints->hints()](const Result<ClientEdit> &edit) {
            m_hints->setButtonsUsable(true);
            if (!edit || edit->status == Status::Refused || edit->status == Status::Conflict)
                return Q_EMIT said(edit ? edit->reason : edit.error().message);
            then(hints);
            Q_EMIT connected(edit->client);
        }));
}

void ClientPreview::connectNow()
{
    setUsable(m_connect, false);
    m_desk.connectClient(wish(),
                         Completion<ClientEdit>(this, [this, round = ++m_round, kind = m_kind.kind](const Result<ClientEdit> &edit) {
                             if (round == m_round && kind == m_kind.kind)
                                 return finish(edit);
                             if (!edit)
                                 Q_EMIT said(edit.error().message);
                         }));
}

// What was not written says why, here; the lines stay those of the preview.
void ClientPreview::finish(const Result<ClientEdit> &edit)
{
    if (!edit || anyIs(*edit, Status::Refused) || anyIs(*edit, Status::Conflict)) {
        ClientEdit shown = m_edit;
        shown.files = edit ? edit->files : QList<ClientEdit>();
        shown.status = edit ? edit->status : Status::Refused;
        shown.reason = edit ? edit->reason : edit.error().message;
        m_edit = shown;
        showEdit();
        showNotes();
    }
    if (edit && (anyIs(*edit, Status::Written) || anyIs(*edit, Status::Unchanged))) {
        Q_EMIT said(ClientText::outcome(tr("Connected %1.").arg(m_kind.name), *edit));
        Q_EMIT connected(edit->client);
    }
}

void ClientPreview::showEdit()
{
    const QList<ClientEdit> edits = editsOf(m_edit);
    m_hint->setText(ClientText::environmentHint(m_environment->chosen()));
    m_caption->setText(edits.size() == 1
                           ? tr("One entry is added to one file. Nothing else in it changes by a byte.")
                           : tr("One entry is added to each of %1 files. Nothing else in them changes by a byte.").arg(edits.size()));
    m_footText->setText(edits.size() == 1 ? tr("%1 is written only when you press Connect.").arg(ClientText::path(edits.first().file))
                                          : tr("The files are written only when you press Connect."));
    m_hints->setHints(m_kind.name, m_known ? m_edit.hints : ClientHints());
    const bool can = m_known && (anyIs(m_edit, Status::Written) || anyIs(m_edit, Status::Unchanged));
    setUsable(m_connect, can);
    m_connect->setAccessibleDescription(can ? m_footText->text() : m_known ? m_edit.reason : tr("Reading the file"));
}

void ClientPreview::showNotes()
{
    while (QLayoutItem *old = m_notes->takeAt(0)) {
        if (QWidget *note = old->widget()) {
            keepFocusBeside(note);
            note->hide();
            note->deleteLater();
        }
        delete old;
    }
    const auto add = [this](const QString &strong, const QString &rest) {
        auto *note = wrapping(new Note(m_theme, Note::Kind::Caution, this));
        note->setIcon(QStringLiteral("caution"));
        note->setText(strong, rest);
        m_notes->addWidget(note);
        note->show();
        return note;
    };
    for (const ClientEdit &edit : editsOf(m_edit)) {
        if (edit.status == Status::Conflict)
            addConflict(edit);
        else if (edit.status == Status::Refused)
            add(ClientText::notWritten(edit), visibleText(edit.reason));
    }
    QStringList cautions = m_edit.cautions;
    for (const ClientEdit &edit : std::as_const(m_edit.files))
        cautions += edit.cautions;
    cautions.removeDuplicates();
    for (const QString &caution : std::as_const(cautions)) {
        const TwoParts parts = firstSentence(visibleText(caution));
        add(parts.strong, parts.rest)->setObjectName(QStringLiteral("clients.caution"));
    }
    if (const ClientFile *found = ClientText::fileToImport(m_kind)) {
        const QString name = ClientText::fileName(found->path);
        Note *note = found->plainKeys == 0 ? add(tr("%1 has servers of vendors.").arg(name), tr("They can come behind Countersign."))
                                           : add(ClientText::plainKeysIn(*found), tr("Anybody who reads the file has them."));
        Button *import = note->addButton(QStringLiteral("clients.import"), tr("Import …"));
        import->setEnterPresses();
        connect(import, &QAbstractButton::clicked, this, [this, file = found->path] { Q_EMIT importWanted(file); });
    }
}

// Somebody else's entry has our name: it is never replaced without a word from the person.
void ClientPreview::addConflict(const ClientEdit &edit)
{
    auto *note = wrapping(new Note(m_theme, Note::Kind::Caution, this));
    note->setObjectName(QStringLiteral("clients.conflict"));
    note->setIcon(QStringLiteral("caution"));
    const TwoParts parts = firstSentence(visibleText(edit.reason));
    note->setText(parts.strong, parts.rest);
    Button *rename = note->addButton(QStringLiteral("clients.rename"), tr("Use another name"));
    Button *replace = note->addButton(QStringLiteral("clients.replace"), tr("Replace it"));
    for (Button *button : {rename, replace})
        button->setEnterPresses();
    connect(rename, &QAbstractButton::clicked, this, [this] { setNameOpen(true); });
    connect(replace, &QAbstractButton::clicked, this, [this] {
        m_sameName = ClientWish::SameName::Replace;
        ask();
    });
    m_notes->addWidget(note);
    note->show();
}

void ClientPreview::setNameOpen(bool open)
{
    m_name->setVisible(open);
    m_nameLabel->setVisible(open);
    if (open)
        m_name->setFocus(Qt::OtherFocusReason);
    m_more->setVisible(!open);
}

void ClientPreview::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_choices->setDirection(width() < kBesideEachOther ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ClientPreview::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
    painter.fillRect(QRect(0, m_scroll->geometry().top() - 1, width(), 1), m_theme.color(Role::Border));
    painter.fillRect(QRect(0, m_scroll->geometry().bottom() + 1, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
