// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ToolsPanel.h"
#include "ui/connections/ToolText.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/WordDiff.h"
#include <QCheckBox>
#include <QPainter>

namespace ui {

using mcpcore::Completion;
using mcpcore::Result;
using mcpcore::Tool;
using mcpcore::ToolClass;

namespace {

constexpr std::array kClasses{ToolClass::Read,  ToolClass::ReadPersonal, ToolClass::Write,   ToolClass::Change, ToolClass::Destructive,
                              ToolClass::Money, ToolClass::Secret,       ToolClass::Control, ToolClass::Unknown};

constexpr qsizetype kLongest = 4'000; // of a description that is laid out
constexpr qsizetype kBeside = 60;     // of what did not change in a definition, beside what did

// What needs a person comes first.
int order(Tool::State state)
{
    switch (state) {
    case Tool::State::Changed: return 0;
    case Tool::State::Quarantined: return 1;
    case Tool::State::Trusted: return 2;
    }
    Q_UNREACHABLE();
}

} // namespace

ToolRow::ToolRow(const Theme &theme, const ListedTool &tool, int number, QWidget *parent) : QWidget(parent), m_theme(theme), m_tool(tool)
{
    const QString shown = ConnectionText::name(tool.name);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 10, metric::pageEdge, 10);
    column->setSpacing(4);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    const bool trusted = tool.state == Tool::State::Trusted;
    if (!trusted) {
        m_check = new QCheckBox(this);
        m_check->setObjectName(QStringLiteral("tools.choose.%1").arg(number));
        m_check->setAccessibleName(tr("Trust %1").arg(shown));
        connect(m_check, &QCheckBox::toggled, this, &ToolRow::chosen);
        head->addWidget(m_check);
    }
    auto *name = new PlainLabel(theme, {}, Type::Code, Role::Text, this);
    name->setForeignText(tool.name);
    name->setMaxLines(2);
    head->addWidget(name, 1);
    column->addLayout(head);
    column->addWidget(new PlainLabel(theme, ToolText::state(tool), Type::Caption, trusted ? Role::TextMuted : Role::Caution, this));
    if (const int hidden = ToolText::hiddenIn(tool); hidden > 0) {
        auto *note = wrapping(new Note(theme, Note::Kind::Caution, this));
        note->setText(tr("Hidden characters: %1.").arg(hidden), tr("They are shown as marks. A client would read them as they are."));
        column->addWidget(note);
    }
    if (tool.state == Tool::State::Changed)
        addChanges(*column);
    auto *about = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    about->setVisible(!tool.before); // it is among the changes
    about->setMaxLines(trusted ? 2 : 0);
    about->setForeignText(tool.description.isEmpty() ? tr("The server does not describe it.") : tool.description.left(kLongest));
    column->addWidget(about);
    if (const qsizetype more = tool.description.size() - kLongest; more > 0) {
        auto *rest = new Note(theme, Note::Kind::Caution, this);
        rest->setText(tr("%1 more characters.").arg(more),
                      tr("No tool needs so many words. They are shown by countersignctl connection tools."));
        column->addWidget(wrapping(rest));
    }
    if (trusted)
        return;
    if (!tool.arguments.isEmpty()) {
        auto *arguments = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
        arguments->setMaxLines(3);
        arguments->setForeignText(tr("Takes %1", "arguments").arg(tool.arguments.join(QStringLiteral(", ")).left(kLongest)));
        column->addWidget(arguments);
    }
    auto *claims = new PlainLabel(theme, ToolText::claims(tool), Type::Small, Role::Text, this);
    claims->setMaxLines(0);
    column->addWidget(claims);
    m_class = new ChoiceBox(QStringLiteral("tools.class.%1").arg(number), tr("What %1 is to be taken for").arg(shown), this);
    for (const ToolClass toolClass : kClasses)
        m_class->addItem(toolClass == ToolText::claimed(tool) && toolClass != ToolClass::Unknown
                             ? tr("%1, as claimed").arg(ToolText::className(toolClass))
                             : ToolText::className(toolClass),
                         int(toolClass));
    m_class->setCurrentIndex(m_class->findData(int(ToolText::claimed(tool))));
    column->addLayout(formRow(theme, tr("Take it for"), m_class));
}

// Old and new in one text. What was not kept cannot be compared: then it has to be read as a whole.
void ToolRow::addChanges(QVBoxLayout &column)
{
    const auto part = [&](const char *id, const QString &head, const QList<DiffPiece> &pieces, Type type, qsizetype beside) {
        auto *title = new PlainLabel(m_theme, head, Type::CaptionStrong, Role::TextFaint, this);
        title->setMaxLines(2);
        column.addWidget(title);
        auto *label = new PlainLabel(m_theme, {}, type, Role::Text, this);
        label->setObjectName(QLatin1String(id));
        label->setMaxLines(0);
        label->setForeignRuns(diffRuns(pieces, Role::Text, Run::Style::Plain, beside));
        label->setAccessibleName(spokenDiff(pieces));
        column.addWidget(label);
    };
    if (!m_tool.before) {
        auto *unknown = new PlainLabel(m_theme, tr("What it was before was not kept. Read all of it."), Type::Small, Role::Text, this);
        unknown->setMaxLines(0);
        return column.addWidget(unknown);
    }
    const auto shortened = [](const QString &text) { return QStringView(text).left(kLongest); };
    const ListedTool::Definition &before = *m_tool.before, &now = m_tool.definition;
    if (before.description == now.description)
        column.addWidget(new PlainLabel(m_theme, tr("Its description is the same."), Type::Small, Role::TextMuted, this));
    else
        part("tools.diff.description", tr("Description: gone is struck out, new is underlined"),
             wordDiff(shortened(before.description), shortened(now.description)), Type::Small, 0);
    if (before.rest != now.rest)
        part("tools.diff.rest", tr("Arguments and claims: gone is struck out, new is underlined"), wordDiff(before.rest, now.rest),
             Type::Code, kBeside);
}

bool ToolRow::isChosen() const
{
    return m_check && m_check->isChecked();
}

ToolClass ToolRow::toolClass() const
{
    return m_class ? ToolClass(m_class->currentData().toInt()) : m_tool.accepted;
}

void ToolRow::setOpen(bool open)
{
    for (QWidget *part : QList<QWidget *>{m_check, m_class})
        if (part)
            setUsable(part, open);
}

void ToolRow::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.color(Role::Border));
}

ToolsPanel::ToolsPanel(Desk &desk, const Theme &theme, QWidget *parent) : QWidget(parent), m_desk(desk), m_theme(theme)
{
    setObjectName(QStringLiteral("tools"));
    build(theme);
    hide();
}

void ToolsPanel::build(const Theme &theme)
{
    auto *back = new Button(theme, tr("Back"), Button::Kind::Normal, this);
    back->setObjectName(QStringLiteral("tools.back"));
    back->setEnterPresses();
    m_summary = new PlainLabel(theme, {}, Type::BodyStrong, Role::Text, this);
    m_summary->setObjectName(QStringLiteral("tools.summary"));
    m_summary->setMaxLines(3);
    auto *advice =
        new PlainLabel(theme, tr("Clients see a tool, and may call it, only once you trust it. What follows is written by the server."),
                       Type::Small, Role::TextMuted, this);
    advice->setMaxLines(0);
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("tools.trouble"));
    m_selected = new Button(theme, tr("Trust selected"), Button::Kind::Normal, this);
    m_selected->setObjectName(QStringLiteral("tools.trust"));
    m_selected->setEnterPresses();
    m_reads = new Button(theme, tr("Trust all reads"), Button::Kind::Normal, this);
    m_reads->setObjectName(QStringLiteral("tools.trust-reads"));
    m_reads->setEnterPresses();
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_selected);
    buttons->addWidget(m_reads);
    buttons->addStretch(1);
    auto *head = new QVBoxLayout;
    head->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 12);
    head->setSpacing(10);
    head->addWidget(back, 0, Qt::AlignLeft);
    head->addWidget(m_summary);
    head->addWidget(advice);
    head->addWidget(m_trouble);
    head->addLayout(buttons);
    m_column = new QVBoxLayout(this);
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(0);
    m_column->addLayout(head);
    connect(back, &QAbstractButton::clicked, this, [this] {
        close();
        Q_EMIT closed();
    });
    connect(m_selected, &QAbstractButton::clicked, this, [this] { trust([](const ToolRow &row) { return row.isChosen(); }); });
    connect(m_reads, &QAbstractButton::clicked, this, [this] {
        trust([](const ToolRow &row) { return row.tool().state != Tool::State::Trusted && ToolText::isRead(row.toolClass()); });
    });
}

void ToolsPanel::open(const Place &place)
{
    close();
    m_place = place;
    m_open = true;
    show();
    ask();
}

void ToolsPanel::close()
{
    ++m_round;
    m_open = false;
    m_wishes.clear();
    m_trouble->hide();
    setRows({});
    keepFocusBeside(this);
    hide();
}

void ToolsPanel::ask()
{
    m_summary->setText(tr("Asking the server for its tools"));
    m_desk.tools(m_place.connection, m_place.environment,
                 Completion<QList<ListedTool>>(this, [this, round = ++m_round](const Result<QList<ListedTool>> &tools) {
                     if (round == m_round)
                         take(tools);
                 }));
}

void ToolsPanel::take(const Result<QList<ListedTool>> &tools)
{
    setRows(tools ? *tools : QList<ListedTool>());
    if (tools)
        return;
    m_summary->setText(tr("The tools are not known"));
    m_trouble->setText({}, tools.error().message);
    m_trouble->show();
}

void ToolsPanel::setRows(QList<ListedTool> tools)
{
    if (isAncestorOf(window()->focusWidget()))
        setFocus(Qt::OtherFocusReason);
    for (ToolRow *row : std::as_const(m_rows)) {
        m_column->removeWidget(row);
        row->hide();
        row->setParent(nullptr);
        row->deleteLater();
    }
    m_rows.clear();
    std::stable_sort(tools.begin(), tools.end(),
                     [](const ListedTool &left, const ListedTool &right) { return order(left.state) < order(right.state); });
    for (const ListedTool &tool : std::as_const(tools)) {
        auto *row = new ToolRow(m_theme, tool, int(m_rows.size()), this);
        connect(row, &ToolRow::chosen, this, &ToolsPanel::refresh);
        m_column->addWidget(row);
        m_rows.append(row);
    }
    refresh();
}

// One wish for each class: the core takes one at a time.
void ToolsPanel::trust(const std::function<bool(const ToolRow &)> &wanted)
{
    QMap<ToolClass, ToolsWish> wishes;
    m_trusting = 0;
    for (const ToolRow *row : std::as_const(m_rows)) {
        if (!wanted(*row))
            continue;
        ToolsWish &wish = wishes[row->toolClass()];
        wish.connection = m_place.connection;
        wish.environment = m_place.environment;
        wish.toolClass = row->toolClass();
        wish.pins[row->tool().name] = row->tool().pin;
        ++m_trusting;
    }
    m_wishes = wishes.values();
    m_trouble->hide();
    trustNext();
}

void ToolsPanel::trustNext()
{
    refresh();
    if (m_wishes.isEmpty())
        return;
    m_desk.trustTools(m_wishes.first(), Completion<>(this, [this, round = m_round](Result<> done) {
                          if (round != m_round)
                              return;
                          if (done)
                              m_wishes.removeFirst();
                          else
                              m_wishes.clear();
                          if (!m_wishes.isEmpty())
                              return trustNext();
                          if (done)
                              Q_EMIT said(m_trusting == 1 ? tr("Trusted 1 tool.") : tr("Trusted %1 tools.").arg(m_trusting));
                          m_trouble->setText({}, done ? QString() : done.error().message);
                          m_trouble->setVisible(!done);
                          ask();
                      }));
}

void ToolsPanel::refresh()
{
    int counts[3] = {}, chosen = 0, reads = 0;
    for (ToolRow *row : std::as_const(m_rows)) {
        ++counts[order(row->tool().state)];
        chosen += row->isChosen() ? 1 : 0;
        reads += row->tool().state != Tool::State::Trusted && ToolText::isRead(row->toolClass()) ? 1 : 0;
        row->setOpen(m_wishes.isEmpty());
    }
    if (!m_rows.isEmpty())
        m_summary->setText(tr("%1 wait, %2 changed, %3 trusted", "tools").arg(counts[1]).arg(counts[0]).arg(counts[2]));
    else if (m_open)
        m_summary->setText(tr("The server lists no tools"));
    m_selected->setText(chosen == 0 ? tr("Trust selected") : tr("Trust %1 selected").arg(chosen));
    setUsable(m_selected, chosen > 0 && m_wishes.isEmpty());
    m_reads->setText(tr("Trust all %1 reads").arg(reads));
    setUsable(m_reads, reads > 0 && m_wishes.isEmpty());
    m_reads->setVisible(reads > 0);
}

} // namespace ui
