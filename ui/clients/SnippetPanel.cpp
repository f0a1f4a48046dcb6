// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/SnippetPanel.h"
#include "ui/clients/EnvironmentChoice.h"
#include "ui/clients/HintsView.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/DiffView.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include "ui/widgets/VisibleMarks.h"
#include <QClipboard>
#include <QGridLayout>
#include <QGuiApplication>
#include <QLineEdit>
#include <QPainter>
#include <QScopedValueRollback>
#include <QScrollArea>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;

SnippetPanel::SnippetPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_clipboard(clock, nullptr)
{
    setObjectName(QStringLiteral("clients.snippet.panel"));
    build();
    connect(m_way, &Segmented::currentChanged, this, &SnippetPanel::ask);
    connect(m_name, &QLineEdit::textChanged, this, &SnippetPanel::refresh);
    connect(m_back, &QAbstractButton::clicked, this, &SnippetPanel::backWanted);
    connect(m_make, &QAbstractButton::clicked, this, [this] { m_made.client.isEmpty() ? make() : copy(); });
    connect(m_hints, &HintsView::copyWanted, this, [this] {
        QGuiApplication::clipboard()->setText(m_hints->hints().command);
        Q_EMIT said(tr("Copied. Run it in a terminal."));
    });
    connect(m_hints, &HintsView::openWanted, this, [this] {
        if (const auto opened = m_desk.openLink(m_hints->hints().link); !opened)
            Q_EMIT said(opened.error().message);
    });
    connect(&m_clipboard, &KeyClipboard::changed, this, &SnippetPanel::refresh);
}

void SnippetPanel::build()
{
    const auto label = [this](const QString &text) { return new PlainLabel(m_theme, text, Type::Small, Role::TextMuted, this); };
    m_icon = new IconView(m_theme, QStringLiteral("terminal"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(m_theme, {}, Type::Title, Role::Text, this);
    m_title->setObjectName(QStringLiteral("clients.snippet.title"));
    m_caption = label({});
    m_caption->setObjectName(QStringLiteral("clients.snippet.caption"));
    m_caption->setMaxLines(3);
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_caption);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metric::cardEdge, 16, metric::cardEdge, 14);
    head->setSpacing(12);
    head->addWidget(m_icon, 0, Qt::AlignTop);
    head->addLayout(words, 1);

    auto *body = new QWidget;
    m_name = new QLineEdit(body);
    m_name->setObjectName(QStringLiteral("clients.snippet.name"));
    m_name->setAccessibleName(tr("Name of the client"));
    m_name->setMaxLength(60);
    m_name->setMaximumWidth(260);
    m_environment =
        new EnvironmentChoice(m_theme, QStringLiteral("clients.snippet.environment"), EnvironmentChoice::Offer::NotProduction, body);
    m_way = new Segmented(m_theme, QStringLiteral("clients.snippet.way"),
                          {ClientText::way(ClientWay::Bridge), ClientText::way(ClientWay::Http)}, body);
    m_wayLabel = label(tr("Way"));
    m_nameLabel = label(tr("Name"));
    auto *choices = new QGridLayout;
    choices->setHorizontalSpacing(12);
    choices->setVerticalSpacing(8);
    choices->setColumnMinimumWidth(0, 84);
    choices->setColumnStretch(2, 1);
    int row = 0;
    for (const auto &[caption, field] :
         QList<std::pair<QWidget *, QWidget *>>{{m_nameLabel, m_name}, {label(tr("Environment")), m_environment}, {m_wayLabel, m_way}}) {
        choices->addWidget(caption, row, 0);
        choices->addWidget(field, row++, 1, field == m_name ? Qt::Alignment() : Qt::AlignLeft);
    }
    m_text = new DiffView(m_theme, body);
    m_text->setObjectName(QStringLiteral("clients.snippet.text"));
    m_text->setAccessibleName(tr("Snippet"));
    m_note = wrapping(new Note(m_theme, Note::Kind::Plain, body));
    m_note->setObjectName(QStringLiteral("clients.snippet.note"));
    m_note->setIcon(QStringLiteral("info"));
    m_hints = new HintsView(m_theme, QStringLiteral("clients.snippet.hints"), body);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(metric::cardEdge, 14, metric::cardEdge, 14);
    inner->setSpacing(12);
    inner->addLayout(choices);
    inner->addWidget(m_text);
    inner->addWidget(m_hints);
    inner->addWidget(m_note);
    inner->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("clients.snippet.scroll"));
    m_scroll->setAccessibleName(tr("What is pasted"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(body);
    m_scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    body->setFocusProxy(m_scroll);

    m_state = label({});
    m_state->setObjectName(QStringLiteral("clients.snippet.state"));
    m_state->setMaxLines(2);
    m_back = new Button(m_theme, tr("Back"), Button::Kind::Normal, this);
    m_back->setObjectName(QStringLiteral("clients.snippet.back"));
    m_make = new Button(m_theme, tr("Make an entry and copy"), Button::Kind::Primary, this);
    m_make->setObjectName(QStringLiteral("clients.snippet.make"));
    auto *foot = new QHBoxLayout;
    foot->setContentsMargins(metric::cardEdge, 12, metric::cardEdge, 12);
    foot->setSpacing(10);
    foot->addWidget(m_state, 1);
    for (Button *button : {m_back, m_make}) {
        button->setLarge();
        button->setEnterPresses();
        foot->addWidget(button);
    }
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addLayout(foot);
}

ClientWay SnippetPanel::way() const
{
    if (m_kind.ways.size() < 2)
        return m_kind.way;
    return m_way->current() == 1 ? ClientWay::Http : ClientWay::Bridge;
}

void SnippetPanel::open(const ClientText::Known &known, From from)
{
    m_back->setVisible(from == From::Preview);
    const bool another = m_kind.kind != known.kind->kind;
    m_kind = *known.kind;
    m_environment->setWorkspace(known.workspace);
    if (!another)
        return;
    const QScopedValueRollback<bool> filling(m_filling, true);
    const bool nameless = m_kind.kind == QLatin1String("other");
    m_icon->setIcon(ClientText::icon(known), Role::TextMuted);
    m_title->setText(nameless ? tr("Connect another client by hand") : tr("Connect %1 by hand").arg(ClientText::name(known)));
    m_caption->setText(!m_kind.paste.isEmpty() ? m_kind.paste
                       : m_kind.installed      ? tr("Paste this into its MCP settings.")
                                          : tr("%1 was not found on this computer. Install it and look again, or paste this into its MCP "
                                               "settings.")
                                                .arg(ClientText::name(known)));
    m_name->setText(nameless ? QString() : m_kind.name);
    m_environment->chooseUsual();
    m_way->setCurrent(m_kind.way == ClientWay::Http ? 1 : 0);
    m_way->setVisible(m_kind.ways.size() > 1);
    m_wayLabel->setVisible(m_kind.ways.size() > 1);
    m_filling = false;
    ask();
}

void SnippetPanel::ask()
{
    if (m_filling)
        return;
    m_made = {};
    refresh();
    m_desk.snippet(m_kind.kind, way(), Completion<ClientSnippet>(this, [this, round = ++m_round](Result<ClientSnippet> snippet) {
                       if (round != m_round)
                           return;
                       showSnippet(snippet ? std::move(*snippet) : ClientSnippet());
                       if (!snippet)
                           Q_EMIT said(snippet.error().message);
                   }));
}

void SnippetPanel::showSnippet(const ClientSnippet &snippet)
{
    m_hints->setHints(m_kind.name, snippet.hints);
    QList<DiffView::Line> lines;
    for (const QString &line : snippet.shown.trimmed().split(QLatin1Char('\n')))
        lines.append({DiffView::Change::Same, 0, line});
    m_text->setLines(lines);
    refresh();
}

void SnippetPanel::make()
{
    ClientWish wish;
    wish.id = m_kind.kind;
    wish.way = way();
    wish.environment = m_environment->chosen();
    setUsable(m_make, false);
    m_desk.makeSnippet(wish, m_name->text().trimmed(),
                       Completion<ClientSnippet>(this, [this, round = ++m_round](Result<ClientSnippet> snippet) {
                           if (round == m_round)
                               take(std::move(snippet));
                           else if (snippet)
                               Q_EMIT made(snippet->client);
                       }));
}

void SnippetPanel::take(Result<ClientSnippet> snippet)
{
    if (!snippet) {
        Q_EMIT said(snippet.error().message);
        return refresh();
    }
    m_made = std::move(*snippet);
    showSnippet(m_made);
    copy();
    m_make->setFocus(Qt::OtherFocusReason);
    Q_EMIT said(tr("%1 is made, and what to paste is on the clipboard.").arg(visibleText(m_name->text().trimmed())));
    Q_EMIT made(m_made.client);
}

// With a token for half a minute only; without one like any text.
void SnippetPanel::copy()
{
    if (m_made.whole.isEmpty())
        QGuiApplication::clipboard()->setText(m_made.shown);
    else
        m_clipboard.put(m_made.whole.duplicate());
    refresh();
}

void SnippetPanel::forget()
{
    m_made = {};
    m_kind = {};
    ++m_round;
}

void SnippetPanel::refresh()
{
    const bool done = !m_made.client.isEmpty(), token = way() == ClientWay::Http;
    m_make->setText(done ? tr("Copy again") : token ? tr("Make a token and copy") : tr("Make an entry and copy"));
    const bool named = !m_name->text().trimmed().isEmpty();
    setUsable(m_make, done || named);
    m_hints->setButtonsUsable(done); // nobody would let it in before
    for (QWidget *choice : QList<QWidget *>{m_name, m_environment, m_way})
        setUsable(choice, !done);
    m_note->setText(
        {}, token ? tr("The token stands for this client: whoever has it may ask in its name. It is never shown here.")
                  : tr("No secret is in it: the bridge proves itself to this app, and the first program that uses it is recorded."));
    if (m_clipboard.holds())
        m_state->setText(tr("Copied. It leaves the clipboard in %1 seconds.").arg((m_clipboard.left().count() + 999) / 1000));
    else if (done)
        m_state->setText(token ? tr("The client is made. The clipboard does not hold its token any more.")
                               : tr("Copied. The client is made."));
    else
        m_state->setText(named ? tr("Nothing is made until you press the button.") : tr("Give the client a name first."));
}

void SnippetPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
    painter.fillRect(QRect(0, m_scroll->geometry().top() - 1, width(), 1), m_theme.color(Role::Border));
    painter.fillRect(QRect(0, m_scroll->geometry().bottom() + 1, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
