// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/AddPanel.h"
#include "ui/connections/ConnectionText.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/PlainLabel.h"
#include <QCheckBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QRegularExpression>

namespace ui {

using mcpcore::Completion;
using mcpcore::Environment;
using mcpcore::Result;

namespace {

// A field with a label that goes and comes with it.
template <typename Field> QWidget *row(const Theme &theme, const QString &label, Field *field, QWidget *parent)
{
    auto *holder = new QWidget(parent);
    QVBoxLayout *lines = formRow(theme, label, field);
    lines->setContentsMargins(0, 0, 0, 0);
    holder->setLayout(lines);
    return holder;
}

QString wayText(const QString &way)
{
    if (way == QLatin1String("oauth"))
        return AddPanel::tr("by signing in at the browser");
    if (way == QLatin1String("bearer"))
        return AddPanel::tr("with a key");
    if (way == QLatin1String("none"))
        return AddPanel::tr("without a key");
    return AddPanel::tr("with a key in the header %1").arg(way.mid(7));
}

} // namespace

AddPanel::AddPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_vendors(desk.vendors())
{
    setObjectName(QStringLiteral("add"));
    build(theme, clock);
    fillSources();
    connect(m_source, &QComboBox::currentIndexChanged, this, &AddPanel::chooseSource);
    connect(m_way, &QComboBox::currentIndexChanged, this, &AddPanel::refresh);
    for (QLineEdit *line : {m_id, m_address, m_variable})
        connect(line, &QLineEdit::textChanged, this, &AddPanel::refresh);
    connect(m_command, &QPlainTextEdit::textChanged, this, &AddPanel::refresh);
    connect(m_add, &QAbstractButton::clicked, this, &AddPanel::add);
    hide();
}

void AddPanel::build(const Theme &theme, const mcpcore::Clock &clock)
{
    const auto line = [this](const char *id, const QString &name) {
        auto *made = new QLineEdit(this);
        made->setObjectName(QLatin1String(id));
        made->setAccessibleName(name);
        return made;
    };
    m_source = new ChoiceBox(QStringLiteral("add.source"), tr("What to connect"), this);
    m_id = line("add.id", tr("Its name here"));
    m_id->setMaxLength(20);
    m_address = line("add.address", tr("Address of its MCP server"));
    m_address->setPlaceholderText(QStringLiteral("https://"));
    m_command = new QPlainTextEdit(this);
    m_command->setObjectName(QStringLiteral("add.command"));
    m_command->setAccessibleName(tr("Program and its arguments, one on each line"));
    m_command->setTabChangesFocus(true);
    m_command->setFixedHeight(QFontMetrics(theme.font(Type::Code)).height() * 4 + 14);
    m_command->setFont(theme.font(Type::Code));
    m_variable = line("add.variable", tr("Environment variable for its key; empty when it needs none"));
    m_way = new ChoiceBox(QStringLiteral("add.way"), tr("How to get in"), this);
    m_places = new QWidget(this);
    m_placeColumn = new QVBoxLayout(m_places);
    m_placeColumn->setContentsMargins(0, 0, 0, 0);
    m_placeColumn->setSpacing(4);
    m_whatHead = new PlainLabel(theme, {}, Type::CaptionStrong, Role::TextFaint, this);
    m_what = new PlainLabel(theme, {}, Type::Code, Role::Text, this);
    m_what->setObjectName(QStringLiteral("add.what"));
    m_what->setMaxLines(0);
    m_discloses = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_discloses->setObjectName(QStringLiteral("add.discloses"));
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("add.trouble"));
    m_missing = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_missing->setObjectName(QStringLiteral("add.missing"));
    m_missing->setMaxLines(2);
    m_add = new ArmedButton(theme, clock, this);
    m_add->setObjectName(QStringLiteral("add.add"));
    m_add->setPlain();
    m_add->setText(tr("Add the connection"));
    auto *cancel = new Button(theme, tr("Cancel"), Button::Kind::Normal, this);
    cancel->setObjectName(QStringLiteral("add.cancel"));
    cancel->setEnterPresses();
    connect(cancel, &QAbstractButton::clicked, this, &AddPanel::closed);

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(cancel, 0, Qt::AlignVCenter);
    buttons->addWidget(m_add);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 14);
    column->setSpacing(10);
    column->addLayout(formRow(theme, tr("What"), m_source));
    column->addLayout(formRow(theme, tr("Name here: small letters, digits and -"), m_id));
    column->addWidget(m_addressRow = row(theme, tr("Address of its MCP server"), m_address, this));
    column->addWidget(m_commandRow = row(theme, tr("Program and arguments, one on each line"), m_command, this));
    column->addWidget(m_variableRow = row(theme, tr("Environment variable for its key, if it needs one"), m_variable, this));
    column->addWidget(m_wayRow = row(theme, tr("How to get in"), m_way, this));
    column->addLayout(formRow(theme, tr("In"), m_places));
    column->addWidget(m_whatHead);
    column->addWidget(m_what);
    column->addWidget(m_discloses);
    column->addWidget(m_trouble);
    column->addWidget(m_missing);
    column->addLayout(buttons);
    column->addStretch(1);
}

// A source is what, and of which vendor, and which program of it.
void AddPanel::fillSources()
{
    const auto source = [this](const QString &text, Source what, int vendor = -1, int program = -1) {
        m_source->addItem(text, QVariantList{int(what), vendor, program});
    };
    for (int at = 0; at < m_vendors.size(); ++at) {
        const Vendor &vendor = m_vendors[at];
        const QString name = ConnectionText::name(vendor.name);
        if (!vendor.ways.isEmpty())
            source(name, Source::Vendor, at);
        for (int program = 0; program < vendor.programs.size(); ++program)
            source(tr("%1, its program on this computer").arg(name), Source::VendorProgram, at, program);
    }
    source(tr("Practice: made-up data, no key"), Source::Practice);
    source(tr("Another server, by its address"), Source::Address);
    source(tr("Another server, by a command"), Source::Command);
}

AddPanel::Source AddPanel::source() const
{
    return Source(m_source->currentData().toList().value(0).toInt());
}

const Vendor *AddPanel::vendor() const
{
    const int at = m_source->currentData().toList().value(1, -1).toInt();
    return at >= 0 && at < m_vendors.size() ? &m_vendors[at] : nullptr;
}

void AddPanel::open()
{
    m_adding = false;
    m_trouble->hide();
    for (QLineEdit *field : {m_address, m_variable})
        field->clear();
    m_command->clear();
    m_source->setCurrentIndex(0);
    chooseSource();
    show();
    m_source->setFocus(Qt::OtherFocusReason);
}

void AddPanel::chooseSource()
{
    const Source chosen = source();
    m_addressRow->setVisible(chosen == Source::Address);
    m_commandRow->setVisible(chosen == Source::Command);
    m_variableRow->setVisible(chosen == Source::Command);
    m_id->setText(vendor() ? vendor()->id : chosen == Source::Practice ? QStringLiteral("practice") : QString());
    m_trouble->hide();
    fillWays();
    fillEnvironments();
    refresh();
}

void AddPanel::fillWays()
{
    const bool asks = source() == Source::Vendor || source() == Source::Address;
    m_wayRow->setVisible(asks);
    m_way->clear();
    const QStringList ways = source() == Source::Vendor
                                 ? vendor()->ways
                                 : QStringList{QStringLiteral("oauth"), QStringLiteral("bearer"), QStringLiteral("none")};
    for (const QString &way : ways)
        m_way->addItem(wayText(way), way);
}

QString AddPanel::impossible(const Environment &environment) const
{
    switch (source()) {
    case Source::Practice: return environment.kind == mcpcore::EnvironmentKind::Sandbox ? QString() : tr("Practice is for sandbox only");
    case Source::VendorProgram: {
        const Vendor::Program program = vendor()->programs.value(m_source->currentData().toList().value(2).toInt());
        const QString why = vendor()->places.value(environment.kind).impossible;
        return !why.isEmpty() ? why : program.environments.contains(environment.kind) ? QString() : tr("its program is not for it");
    }
    case Source::Vendor: {
        const Vendor::Place place = vendor()->places.value(environment.kind);
        return !place.impossible.isEmpty() ? place.impossible : place.server.isEmpty() ? tr("it has no server for it") : QString();
    }
    case Source::Address:
    case Source::Command: return {};
    }
    Q_UNREACHABLE();
}

void AddPanel::fillEnvironments()
{
    const auto old = m_places->findChildren<QWidget *>(Qt::FindDirectChildrenOnly);
    for (QWidget *part : old) {
        part->hide();
        part->setParent(nullptr);
        part->deleteLater();
    }
    while (QLayoutItem *item = m_placeColumn->takeAt(0))
        delete item;
    m_environments.clear();
    const QList<Environment> &environments = m_desk.workspace().environments;
    for (const Environment &environment : environments) {
        const QString why = impossible(environment);
        auto *check =
            new QCheckBox(ConnectionText::name(environment.id.text).toUpper().replace(QLatin1Char('&'), QStringLiteral("&&")), m_places);
        check->setObjectName(QStringLiteral("add.in.%1").arg(environment.id.text));
        check->setAccessibleName(ConnectionText::name(environment.id.text));
        check->setAccessibleDescription(why);
        check->setEnabled(why.isEmpty());
        // The least is chosen: sandbox, or the only place there is.
        check->setChecked(why.isEmpty() && environment.kind == mcpcore::EnvironmentKind::Sandbox);
        connect(check, &QCheckBox::toggled, this, &AddPanel::refresh);
        m_placeColumn->addWidget(check);
        m_environments.append(check);
        if (!why.isEmpty()) {
            auto *reason = new PlainLabel(m_theme, why, Type::Small, Role::TextFaint, m_places);
            reason->setMaxLines(3);
            m_placeColumn->addLayout(indented(reason, metric::icon + 8));
        }
    }
}

ConnectionWish AddPanel::wish() const
{
    ConnectionWish wish;
    wish.id = {m_id->text().trimmed()};
    const QList<Environment> &environments = m_desk.workspace().environments;
    for (qsizetype at = 0; at < m_environments.size() && at < environments.size(); ++at)
        if (m_environments[at]->isEnabled() && m_environments[at]->isChecked())
            wish.environments.append(environments[at].id);
    switch (source()) {
    case Source::Practice: wish.vendor = QStringLiteral("practice"); break;
    case Source::Vendor:
        wish.vendor = vendor()->id;
        wish.way = m_way->currentData().toString();
        break;
    case Source::VendorProgram: {
        const Vendor::Program program = vendor()->programs.value(m_source->currentData().toList().value(2).toInt());
        wish.vendor = vendor()->id;
        wish.command = program.command;
        wish.secretVariable = program.secretVariable;
        break;
    }
    case Source::Address:
        wish.url = m_address->text().trimmed();
        wish.way = m_way->currentData().toString();
        break;
    case Source::Command:
        wish.command = m_command->toPlainText().split(QLatin1Char('\n'), Qt::SkipEmptyParts);
        wish.secretVariable = m_variable->text().trimmed();
        break;
    }
    return wish;
}

// What is still to be given, as the reason why the button does not arm; the core checks all of it again.
QString AddPanel::missing() const
{
    static const QRegularExpression id(QStringLiteral("^[a-z][a-z0-9-]{0,19}$"));
    const ConnectionWish given = wish();
    if (m_adding)
        return tr("It is being added");
    if (!id.match(given.id.text).hasMatch())
        return tr("Give it a name of small letters, digits and -");
    if (source() == Source::Address && mcpcore::originOf(given.url).isEmpty())
        return tr("Give the address of its server, with https://");
    if (source() == Source::Command && given.command.isEmpty())
        return tr("Give the program");
    return given.environments.isEmpty() ? tr("Choose where it is to be") : QString();
}

void AddPanel::refresh()
{
    const ConnectionWish given = wish();
    QStringList contacted;
    if (source() == Source::Vendor)
        for (const Environment &environment : m_desk.workspace().environments)
            if (const QString server = vendor()->places.value(environment.kind).server;
                given.environments.contains(environment.id) && !contacted.contains(server))
                contacted.append(server);
    if (source() == Source::Address)
        contacted = {given.url.isEmpty() ? QString() : ConnectionText::originOfPage(given.url)};
    const bool runs = !given.command.isEmpty();
    m_whatHead->setText(runs ? tr("This will be run on this computer, as you:") : tr("This will be contacted:"));
    m_what->setForeignText(runs ? ConnectionText::commandLine(given.command) : contacted.join(QStringLiteral(", ")));
    const bool says = !m_what->text().isEmpty();
    m_whatHead->setVisible(says);
    m_what->setVisible(says);
    QString discloses;
    if (source() == Source::VendorProgram)
        discloses = vendor()->programs.value(m_source->currentData().toList().value(2).toInt()).discloses;
    m_discloses->setText(tr("Others get data, too."), discloses);
    m_discloses->setVisible(!discloses.isEmpty());
    m_add->setBlocked(missing());
    m_missing->setText(missing().isEmpty() ? QString() : missing() + QLatin1Char('.'));
}

void AddPanel::add()
{
    if (!missing().isEmpty())
        return;
    m_adding = true;
    refresh();
    const ConnectionWish given = wish();
    Completion<> done(this, [this, id = given.id](Result<> added) {
        m_adding = false;
        m_trouble->setText({}, added ? QString() : added.error().message);
        m_trouble->setVisible(!added);
        refresh();
        if (added)
            Q_EMIT this->added(id);
    });
    // Its tools are ours: they come trusted.
    if (given.vendor == QLatin1String("practice") && given.id.text == given.vendor)
        return m_desk.addPractice(std::move(done));
    m_desk.addConnection(given, std::move(done));
}

} // namespace ui
