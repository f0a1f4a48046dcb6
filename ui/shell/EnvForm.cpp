// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/EnvForm.h"
#include "ui/shell/Desk.h"
#include "ui/shell/EnvLooks.h"
#include "ui/shell/FormLine.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Segmented.h"
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QPainter>
#include <QVBoxLayout>
#include <array>

namespace ui {

using mcpcore::EnvironmentKind;

namespace {

constexpr std::array<EnvironmentKind, 3> kinds{EnvironmentKind::Sandbox, EnvironmentKind::Staging, EnvironmentKind::Production};
constexpr int longestName = 20;

} // namespace

EnvForm::EnvForm(Desk &desk, const Theme &theme, QWidget *parent)
    : QWidget(parent),
      m_desk(desk),
      m_theme(theme),
      m_name(new QLineEdit),
      m_kind(new Segmented(theme, QStringLiteral("env.add.kind"), {tr("Sandbox"), tr("Staging"), tr("Production")})),
      m_look(new EnvWord(theme, EnvLook::Sandbox, {})),
      m_words(new PlainLabel(theme, {}, Type::Small, Role::TextMuted)),
      m_error(new Note(theme, Note::Kind::Caution)),
      m_cancel(new Button(theme, tr("Cancel"))),
      m_add(new Button(theme, tr("Add"), Button::Kind::Primary))
{
    setObjectName(QStringLiteral("env.form"));
    m_name->setObjectName(QStringLiteral("env.add.name"));
    m_name->setAccessibleName(tr("Name of the environment"));
    m_name->setMaxLength(longestName);
    m_kind->setAccessibleName(tr("Kind of the environment"));
    m_look->setObjectName(QStringLiteral("env.add.look"));
    m_words->setObjectName(QStringLiteral("env.add.words"));
    m_words->setMaxLines(0);
    m_error->setObjectName(QStringLiteral("env.add.error"));
    m_cancel->setObjectName(QStringLiteral("env.add.cancel"));
    m_cancel->setKeyHint(tr("Esc"));
    m_add->setObjectName(QStringLiteral("env.add.confirm"));

    auto *buttons = new QHBoxLayout;
    buttons->addWidget(m_cancel);
    buttons->addStretch();
    buttons->addWidget(m_look, 0, Qt::AlignVCenter);
    buttons->addSpacing(metric::gap);
    buttons->addWidget(m_add);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(16, 14, 16, 14);
    column->setSpacing(metric::gap);
    column->addLayout(formLine(theme, QStringLiteral("env.add.name.label"), tr("Name"), m_name));
    column->addLayout(formLine(theme, QStringLiteral("env.add.kind.label"), tr("Kind"), m_kind));
    column->addWidget(m_words);
    column->addWidget(m_error);
    column->addLayout(buttons);

    connect(m_name, &QLineEdit::textChanged, this, &EnvForm::refresh);
    connect(m_kind, &Segmented::currentChanged, this, &EnvForm::refresh);
    connect(m_cancel, &QAbstractButton::clicked, this, &EnvForm::closed);
    connect(m_add, &QAbstractButton::clicked, this, &EnvForm::add);
}

void EnvForm::ask()
{
    m_name->clear();
    m_kind->setCurrent(0);
    m_error->hide();
    refresh();
    m_name->setFocus(Qt::OtherFocusReason);
}

EnvironmentKind EnvForm::kind() const
{
    return kinds[size_t(std::max(0, m_kind->current()))];
}

void EnvForm::refresh()
{
    const mcpcore::EnvironmentId id{m_name->text()};
    const bool valid = mcpcore::isValidName(id.text);
    const bool taken = mcpcore::find(m_desk.workspace(), id) != nullptr;
    QString words;
    if (taken)
        words = tr("There is an environment of this name already.");
    else if (!id.text.isEmpty() && !valid)
        words = tr("A name has up to 20 of a-z, 0-9 and -, a letter first, and is not “live”.");
    else
        switch (kind()) {
        case EnvironmentKind::Sandbox: words = tr("Nothing in it is real."); break;
        case EnvironmentKind::Staging: words = tr("Test data that others may rely on."); break;
        case EnvironmentKind::Production: words = tr("Real money and customers. Locked until you unlock it."); break;
        }
    m_words->setText(words);
    m_add->setEnabled(valid && !taken);
    m_add->setAccessibleDescription(m_add->isEnabled() ? QString() : words);
    m_look->setEnvironment(lookOf(kind()), valid ? wordOf(id) : QString());
    m_look->setVisible(valid);
}

void EnvForm::add()
{
    m_desk.addEnvironment({{m_name->text()}, kind()}, {this, [this](const mcpcore::Result<> &added) {
                                                           if (added)
                                                               return Q_EMIT closed();
                                                           m_error->setText({}, added.error().message);
                                                           m_error->show();
                                                       }});
}

void EnvForm::keyPressEvent(QKeyEvent *event)
{
    if (event->key() == Qt::Key_Return || event->key() == Qt::Key_Enter)
        event->accept();
    else if (event->key() == Qt::Key_Escape)
        Q_EMIT closed();
    else
        QWidget::keyPressEvent(event);
}

void EnvForm::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
