// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/KeyForm.h"
#include "ui/connections/KeyText.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/SecretField.h"
#include <QHBoxLayout>
#include <QIntValidator>
#include <QLineEdit>
#include <QUrl>

namespace ui {

using mcpcore::Completion;
using mcpcore::Error;
using mcpcore::Result;
using Check = KeyWish::Check;

namespace {

constexpr int kMostDays = 3650; // as the core has it

} // namespace

KeyForm::KeyForm(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent) : QWidget(parent), m_desk(desk)
{
    setObjectName(QStringLiteral("key.form"));
    build(theme, clock);
    connect(m_make, &QAbstractButton::clicked, this, [this] { Q_EMIT pageWanted(m_page); });
    connect(m_field, &SecretField::submitted, this, [this] {
        if (m_save->isEnabled())
            save(Check::WithVendor);
    });
    connect(m_field, &SecretField::changed, this, [this] {
        if (m_field->isEmpty() || m_stage == Stage::Asking)
            return refresh();
        m_given = {};
        go(Stage::Typing);
    });
    connect(m_field, &SecretField::refused, this, [this](const QString &why) { go(Stage::Refused, why); });
    connect(m_rotation, &QLineEdit::textChanged, this, &KeyForm::refresh);
    connect(m_save, &QAbstractButton::clicked, this, [this] { save(Check::WithVendor); });
    connect(m_unverified, &QAbstractButton::clicked, this, [this] { save(Check::NotAtAll); });
    connect(m_cancel, &QAbstractButton::clicked, this, [this] {
        close();
        Q_EMIT closed();
    });
}

KeyForm::~KeyForm() = default;

void KeyForm::build(const Theme &theme, const mcpcore::Clock &clock)
{
    m_title = new PlainLabel(theme, {}, Type::BodyStrong, Role::Text, this);
    m_title->setObjectName(QStringLiteral("key.form.title"));
    m_title->setMaxLines(2);
    m_how = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_how->setObjectName(QStringLiteral("key.form.how"));
    m_how->setMaxLines(0);
    m_make = new Button(theme, tr("Make a key"), Button::Kind::Flat, this);
    m_make->setObjectName(QStringLiteral("key.make"));
    m_make->setIconName(QStringLiteral("external"));
    m_make->setEnterPresses();
    m_field = new SecretField(theme, tr("Key"), this);
    m_field->setObjectName(QStringLiteral("key.secret"));
    m_kept = new PlainLabel(theme, tr("The key you gave is held here, and not saved."), Type::Small, Role::TextMuted, this);
    m_kept->setObjectName(QStringLiteral("key.kept"));
    m_kept->setMaxLines(0);
    m_question = new QWidget(this);
    m_asked = new PlainLabel(theme, {}, Type::Small, Role::Text, m_question);
    m_asked->setObjectName(QStringLiteral("key.question"));
    m_asked->setMaxLines(0);
    m_madeBy = new ChoiceBox(QStringLiteral("key.madeBy"), tr("Who made the key"), m_question);
    auto *question = new QVBoxLayout(m_question);
    question->setContentsMargins(0, 0, 0, 0);
    question->setSpacing(5);
    question->addWidget(m_asked);
    question->addWidget(m_madeBy);
    m_client = new ChoiceBox(QStringLiteral("key.client"), tr("Which client gets the key"), this);
    m_label = new QLineEdit(this);
    m_label->setObjectName(QStringLiteral("key.label"));
    m_label->setAccessibleName(tr("Your note about the key"));
    m_label->setMaxLength(120);
    m_rotation = new QLineEdit(this);
    m_rotation->setObjectName(QStringLiteral("key.rotation"));
    m_rotation->setAccessibleName(tr("Days until you are reminded to replace the key; 0 for never"));
    m_rotation->setValidator(new QIntValidator(0, kMostDays, m_rotation));
    m_trouble = wrapping(new Note(theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("key.form.trouble"));
    m_state = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_state->setObjectName(QStringLiteral("key.form.state"));
    m_state->setMaxLines(0);
    m_save = new Button(theme, tr("Save"), Button::Kind::Primary, this);
    m_save->setObjectName(QStringLiteral("key.save"));
    m_save->setEnterPresses();
    m_cancel = new Button(theme, tr("Cancel"), Button::Kind::Normal, this);
    m_cancel->setObjectName(QStringLiteral("key.cancel"));
    m_cancel->setEnterPresses();
    m_unverified = new ArmedButton(theme, clock, this);
    m_unverified->setObjectName(QStringLiteral("key.unverified"));
    m_unverified->setPlain();
    m_unverified->setText(tr("Save unverified"));

    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_save);
    buttons->addWidget(m_cancel);
    buttons->addStretch(1);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(metric::pageEdge, 12, metric::pageEdge, 14);
    column->setSpacing(10);
    column->addWidget(m_title);
    column->addWidget(m_how);
    column->addWidget(m_make, 0, Qt::AlignLeft);
    column->addLayout(formRow(theme, tr("Key"), m_field));
    column->addWidget(m_kept);
    column->addWidget(m_question);
    column->addLayout(formRow(theme, tr("For"), m_client));
    column->addLayout(formRow(theme, tr("Your note"), m_label));
    column->addLayout(formRow(theme, tr("Days until a reminder to replace it; 0: never"), m_rotation));
    column->addWidget(m_trouble);
    column->addWidget(m_state);
    column->addLayout(buttons);
    column->addWidget(m_unverified, 0, Qt::AlignLeft);
    column->addStretch(1);
}

void KeyForm::open(const ConnectionText::Known &known)
{
    close();
    m_open = true;
    m_wish = {known.connection.id, known.environment, known.client, {}, {}};
    const bool replaces = known.key() != nullptr;
    const QString connection = ConnectionText::name(known.connection.id.text), environment = ConnectionText::name(known.environment.text);
    m_title->setText(replaces ? tr("Replace the key of %1 in %2").arg(connection, environment)
                              : tr("Set the key of %1 in %2").arg(connection, environment));
    const Vendor::Place place = known.vendor ? known.vendor->places.value(known.kind()) : Vendor::Place();
    m_vendor = known.vendor ? KeyText::vendorName(known) : QString();
    m_page = place.keysPage;
    const QString steps = ConnectionText::name(place.keysSteps);
    m_how->setText(replaces ? tr("The key that is there stays until the new one is saved. %1").arg(steps).trimmed() : steps);
    m_how->setVisible(!m_how->text().isEmpty());
    m_make->setText(tr("Make a key at %1").arg(QUrl(m_page).host(QUrl::FullyEncoded)));
    m_make->setVisible(!m_page.isEmpty());
    m_label->clear();
    m_rotation->setText(QString::number(replaces ? known.key()->rotationDays : mcpcore::kUsualRotationDays));
    fillClients(known.workspace, known.client);
    fillVendors(known);
    go(Stage::Typing);
    show();
    m_field->setFocus(Qt::OtherFocusReason);
}

void KeyForm::close()
{
    if (m_stage == Stage::Asking)
        m_desk.cancelKey(m_wish);
    ++m_round;
    m_open = false;
    m_stage = Stage::Typing;
    m_given = {};
    m_field->clear();
    keepFocusBeside(this);
    hide();
}

void KeyForm::fillClients(const mcpcore::Workspace &workspace, const mcpcore::ClientId &chosen)
{
    m_client->clear();
    m_client->addItem(tr("All clients"), QString());
    for (const mcpcore::Client &client : workspace.clients)
        if (!client.revoked)
            m_client->addItem(tr("%1 only", "client").arg(KeyText::clientName(workspace, client.id)), client.id.text);
    m_client->setCurrentIndex(std::max(0, m_client->findData(chosen.text)));
}

// Some forms of keys are those of two vendors: who made it is asked, and nothing is chosen for the person.
void KeyForm::fillVendors(const ConnectionText::Known &known)
{
    m_madeBy->clear();
    const QStringList questions = known.vendor ? known.vendor->questions : QStringList();
    m_question->setVisible(!questions.isEmpty());
    m_asked->setText(questions.join(QLatin1Char(' ')));
    m_madeBy->addItem(tr("Not said"), QString());
    if (!questions.isEmpty())
        for (const Vendor &vendor : m_desk.vendors())
            m_madeBy->addItem(ConnectionText::name(vendor.name), vendor.id);
}

void KeyForm::save(Check check)
{
    if (!m_field->isEmpty())
        m_given = m_field->take();
    if (m_given.isEmpty() || !m_rotation->hasAcceptableInput())
        return;
    m_wish.client = {m_client->currentData().toString()};
    m_wish.label = m_label->text().trimmed();
    m_wish.rotationDays = m_rotation->text().toInt();
    m_wish.madeBy = m_madeBy->currentData().toString();
    m_wish.check = check;
    m_cancel->setFocus(Qt::OtherFocusReason);
    go(Stage::Asking);
    m_desk.setKey(m_wish, m_given.duplicate(), Completion<QString>(this, [this, check, round = m_round](const Result<QString> &done) {
                      if (round == m_round)
                          take(check, done);
                  }));
}

void KeyForm::take(Check check, const Result<QString> &done)
{
    if (done) {
        m_stage = Stage::Typing; // nothing is on its way any more
        close();
        Q_EMIT said(tr("Saved the key of %1 in %2. %3", "connection, environment, what is known of the key")
                        .arg(ConnectionText::name(m_wish.connection.text), ConnectionText::name(m_wish.environment.text), *done)
                        .trimmed());
        return Q_EMIT closed();
    }
    // What is no key for this slot is given up at once: no other answer of the vendor would make it one.
    const Error::Kind kind = done.error().kind;
    if (kind == Error::Kind::InvalidArgument || kind == Error::Kind::Conflict)
        m_given = {};
    const bool asked = kind == Error::Kind::UpstreamFailed || kind == Error::Kind::Unauthorized || kind == Error::Kind::Expired;
    go(check == Check::WithVendor && asked ? Stage::NotAsked : Stage::Refused, done.error().message);
    m_field->setFocus(Qt::OtherFocusReason);
}

void KeyForm::go(Stage stage, const QString &trouble)
{
    ++m_round;
    m_stage = stage;
    m_trouble->setText({}, trouble);
    refresh();
}

void KeyForm::refresh()
{
    const bool asking = m_stage == Stage::Asking;
    for (QWidget *part : QList<QWidget *>{m_field, m_client, m_label, m_rotation, m_madeBy})
        setUsable(part, !asking);
    m_trouble->setVisible(m_stage == Stage::Refused || m_stage == Stage::NotAsked);
    m_kept->setVisible(!asking && !m_given.isEmpty() && m_field->isEmpty());
    m_state->setText(!asking                           ? QString()
                     : m_wish.check == Check::NotAtAll ? tr("Saving the key.")
                     : m_vendor.isEmpty()              ? tr("Asking about the key. Nothing is saved until it is answered.")
                                                       : tr("Asking %1 about the key. Nothing is saved until it answers.").arg(m_vendor));
    m_state->setVisible(asking);
    m_save->setText(m_stage == Stage::NotAsked ? tr("Ask again") : m_vendor.isEmpty() ? tr("Save") : tr("Verify and save"));
    setUsable(m_save, !asking && m_rotation->hasAcceptableInput() && (!m_field->isEmpty() || !m_given.isEmpty()));
    m_unverified->setBlocked(m_rotation->hasAcceptableInput() ? QString() : tr("Give the days until the reminder"));
    m_unverified->setVisible(m_stage == Stage::NotAsked);
}

} // namespace ui
