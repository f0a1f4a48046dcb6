// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/ImportServerBox.h"
#include "ui/clients/ImportText.h"
#include "ui/connections/ConnectionText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Tag.h"
#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QPainter>
#include <QRegularExpression>

namespace ui {

using mcpcore::EnvironmentId;

namespace {

constexpr int kLabels = 44;
constexpr int kIndent = 22; // where the text of a check box begins
constexpr int kBesideEachOther = 420;
constexpr int kLongestName = 20; // of a connection

} // namespace

ImportServerBox::ImportServerBox(const Theme &theme, const mcpcore::Workspace &workspace, const ImportServer &server,
                                 const QString &objectName, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_server(server)
{
    setObjectName(objectName);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 12);
    column->setSpacing(8);
    buildHead(column);
    buildFacts(column);
    if (ImportText::canCome(m_server))
        buildChoices(column, workspace);
    buildNotes(column);
    connect(m_take, &QCheckBox::toggled, this, [this] {
        refresh();
        Q_EMIT changed();
    });
    refresh();
}

void ImportServerBox::buildHead(QVBoxLayout *column)
{
    m_take = new QCheckBox(withoutMnemonics(ConnectionText::name(m_server.name)), this);
    m_take->setObjectName(objectName() + QStringLiteral(".take"));
    m_take->setAccessibleName(tr("Bring %1 behind Countersign").arg(spokenText(m_server.name)));
    m_take->setFont(Theme::font(Type::BodyStrong));
    m_take->setChecked(ImportText::isUsual(m_server));
    auto *head = new QHBoxLayout;
    head->setSpacing(6);
    head->addWidget(m_take, 1);
    if (!m_server.vendorName.isEmpty())
        head->addWidget(new Tag(m_theme, m_server.vendorName, {}, Tag::Kind::Fact, this));
    if (!m_server.on)
        head->addWidget(new Tag(m_theme, tr("Switched off"), {}, Tag::Kind::Fact, this));
    column->addLayout(head);
}

void ImportServerBox::buildFacts(QVBoxLayout *column)
{
    auto *facts = new QGridLayout;
    facts->setContentsMargins(kIndent, 0, 0, 0);
    facts->setHorizontalSpacing(10);
    facts->setVerticalSpacing(5);
    facts->setColumnMinimumWidth(0, kLabels);
    facts->setColumnStretch(1, 1);
    const auto add = [&](const QString &label, Type type, const QString &text, const QString &name) {
        auto *value = new PlainLabel(m_theme, {}, type, Role::Text, this);
        value->setObjectName(objectName() + name);
        value->setMaxLines(type == Type::Code ? 4 : 0);
        value->setForeignText(text);
        const int row = facts->rowCount();
        facts->addWidget(new PlainLabel(m_theme, label, Type::Small, Role::TextMuted, this), row, 0, Qt::AlignTop);
        facts->addWidget(value, row, 1);
    };
    add(tr("Now"), Type::Code, ImportText::now(m_server), QStringLiteral(".now"));
    if (m_server.proposal)
        add(tr("Then"), Type::Code, m_server.proposal->target, QStringLiteral(".then"));
    for (const ImportKey &key : m_server.keys) {
        add(tr("Key"), Type::Code, ImportText::key(key), QStringLiteral(".key"));
        add({}, Type::Small, ImportText::keyPlace(key), QStringLiteral(".key.place"));
    }
    column->addLayout(facts);
}

void ImportServerBox::buildChoices(QVBoxLayout *column, const mcpcore::Workspace &workspace)
{
    const ImportProposal &proposal = *m_server.proposal;
    m_choices = new QWidget(this);
    m_name = new QLineEdit(proposal.connection, m_choices);
    m_name->setObjectName(objectName() + QStringLiteral(".name"));
    m_name->setAccessibleName(tr("Name of the connection for %1").arg(spokenText(m_server.name)));
    m_name->setMaxLength(kLongestName);
    m_environment =
        new ChoiceBox(objectName() + QStringLiteral(".environment"), tr("Environment of %1").arg(spokenText(m_server.name)), m_choices);
    // Nothing is chosen for the person where the key does not say.
    if (proposal.environment.isEmpty())
        m_environment->addItem(tr("Choose …"), QString());
    for (const EnvironmentId &environment : proposal.environments) {
        const EnvLook look = lookOf(workspace, environment);
        m_environment->addItem(icon(m_theme, envIconName(look), Theme::role(look, EnvPart::Edge)), visibleText(wordOf(environment)),
                               environment.text);
    }
    m_environment->setCurrentIndex(std::max(0, m_environment->findData(proposal.environment.text)));
    m_fields = new QBoxLayout(QBoxLayout::LeftToRight, m_choices);
    m_fields->setContentsMargins(kIndent, 0, 0, 0);
    m_fields->setSpacing(12);
    for (QVBoxLayout *field :
         {formRow(m_theme, tr("Name of the connection"), m_name), formRow(m_theme, tr("Environment"), m_environment)}) {
        m_fields->addLayout(field, 1);
        m_fields->setAlignment(field, Qt::AlignTop);
    }
    column->addWidget(m_choices);
    connect(m_name, &QLineEdit::textEdited, this, &ImportServerBox::typed);
    connect(m_environment, &QComboBox::currentIndexChanged, this, &ImportServerBox::changed);
}

void ImportServerBox::buildNotes(QVBoxLayout *column)
{
    const auto hint = [&](const QString &text, const char *name) {
        if (text.isEmpty())
            return;
        auto *label = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
        label->setObjectName(objectName() + QLatin1String(name));
        label->setMaxLines(0);
        label->setForeignText(text);
        column->addLayout(indented(label, kIndent));
    };
    if (m_server.proposal && m_server.proposal->exists)
        hint(tr("The connection %1 has this very key already, and is used.").arg(m_server.proposal->connection), ".exists");
    if (m_server.proposal)
        hint(m_server.proposal->note, ".note");
    if (m_server.trouble.isEmpty())
        return;
    auto *trouble = wrapping(new Note(m_theme, Note::Kind::Caution, this));
    trouble->setObjectName(objectName() + QStringLiteral(".trouble"));
    trouble->setText(tr("It stays where it is."), visibleText(m_server.trouble));
    column->addWidget(trouble);
}

bool ImportServerBox::isTaken() const
{
    return m_choices && m_take->isChecked();
}

QString ImportServerBox::missing() const
{
    static const QRegularExpression id(QStringLiteral("^[a-z][a-z0-9-]{0,19}$"));
    if (!isTaken())
        return {};
    const QString name = ConnectionText::name(m_server.name);
    if (!id.match(m_name->text().trimmed()).hasMatch())
        return tr("Give the connection for %1 a name of small letters, digits and -").arg(name);
    return m_environment->currentData().toString().isEmpty() ? tr("Choose the environment of %1").arg(name) : QString();
}

ImportWish::Entry ImportServerBox::entry() const
{
    return {m_server.entry, m_name->text().trimmed(), {m_environment->currentData().toString()}};
}

void ImportServerBox::setFrozen(bool frozen)
{
    m_frozen = frozen;
    refresh();
}

void ImportServerBox::refresh()
{
    setUsable(m_take, m_choices && !m_frozen);
    if (!m_choices)
        return;
    m_choices->setVisible(m_take->isChecked());
    setUsable(m_name, !m_frozen && !m_server.proposal->exists);
    setUsable(m_environment, !m_frozen && m_environment->count() > 1);
}

void ImportServerBox::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    if (m_fields)
        m_fields->setDirection(width() < kBesideEachOther ? QBoxLayout::TopToBottom : QBoxLayout::LeftToRight);
}

void ImportServerBox::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintPanel(painter, rect(), m_theme.color(Role::Surface), m_theme.color(Role::Border));
}

} // namespace ui
