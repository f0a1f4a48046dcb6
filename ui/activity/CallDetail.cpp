// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/activity/CallDetail.h"
#include "ui/activity/ActivityText.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/PlainLabel.h"
#include "ui/widgets/Tag.h"
#include <QHBoxLayout>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kEdge = 16;

Role roleOf(ActivityText::Tone tone)
{
    switch (tone) {
    case ActivityText::Tone::Plain: return Role::Text;
    case ActivityText::Tone::Accent: return Role::AccentText;
    case ActivityText::Tone::Caution: return Role::Caution;
    }
    Q_UNREACHABLE();
}

void clear(QLayout *layout)
{
    while (QLayoutItem *old = layout->takeAt(0)) {
        if (QWidget *widget = old->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete old;
    }
}

} // namespace

CallDetail::CallDetail(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("activity.detail"));
    m_banner = new EnvBanner(theme, this);
    m_banner->setCompact(true);
    m_title = new PlainLabel(theme, {}, Type::Title, Role::Text, this);
    m_title->setObjectName(QStringLiteral("activity.detail.title"));
    m_title->setMaxLines(2);
    auto *close = new Button(theme, {}, Button::Kind::Flat, this);
    close->setObjectName(QStringLiteral("activity.detail.close"));
    close->setIconName(QStringLiteral("cross"));
    close->setAccessibleName(tr("Close this call"));
    m_facts = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    m_answer = new Button(theme, tr("Look at it"), Button::Kind::Primary, this);
    m_answer->setObjectName(QStringLiteral("activity.detail.answer"));
    m_problem = new PlainLabel(theme, {}, Type::Body, Role::Caution, this);
    m_problem->setMaxLines(0);
    auto *storyTitle = new PlainLabel(theme, tr("Story of this call"), Type::CaptionStrong, Role::TextFaint, this);
    auto *argumentsTitle = new PlainLabel(theme, tr("Exact arguments"), Type::CaptionStrong, Role::TextFaint, this);
    m_argumentsLine = new PlainLabel(theme, {}, Type::Caption, Role::TextFaint, this);
    m_arguments = new BytesView(theme, this);
    m_arguments->setObjectName(QStringLiteral("activity.detail.arguments"));
    m_arguments->setAccessibleName(tr("Exact arguments"));
    m_chain = new PlainLabel(theme, {}, Type::Caption, Role::TextFaint, this);
    m_chain->setObjectName(QStringLiteral("activity.detail.chain"));
    m_chain->setMaxLines(2);

    auto *titleRow = new QHBoxLayout;
    titleRow->addWidget(m_title, 1);
    titleRow->addWidget(close, 0, Qt::AlignTop);
    m_tags = new QHBoxLayout;
    m_tags->setSpacing(8);
    auto *tagRow = new QHBoxLayout;
    tagRow->addLayout(m_tags);
    tagRow->addStretch(1);
    m_steps = new QVBoxLayout;
    m_steps->setSpacing(8);
    auto *argumentsRow = new QHBoxLayout;
    argumentsRow->addWidget(argumentsTitle);
    argumentsRow->addStretch(1);
    argumentsRow->addWidget(m_argumentsLine);
    auto *body = new QVBoxLayout;
    body->setContentsMargins(kEdge, 12, kEdge, 12);
    body->setSpacing(8);
    body->addLayout(titleRow);
    body->addWidget(m_facts);
    body->addLayout(tagRow);
    body->addWidget(m_answer, 0, Qt::AlignLeft);
    body->addWidget(m_problem);
    body->addSpacing(8);
    body->addWidget(storyTitle);
    body->addLayout(m_steps);
    body->addSpacing(8);
    body->addLayout(argumentsRow);
    body->addWidget(m_arguments, 1);
    body->addWidget(m_chain);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addLayout(body, 1);

    connect(close, &QAbstractButton::clicked, this, &CallDetail::closed);
    connect(m_answer, &QAbstractButton::clicked, this, &CallDetail::answerWanted);
}

void CallDetail::setHead(const mcpcore::CallSummary &call)
{
    m_call = call.call;
    const auto kind = mcpcore::environmentKindFrom(call.environmentKind).value_or(mcpcore::EnvironmentKind::Production);
    m_banner->setEnvironment(lookOf(kind), ActivityText::environmentWord(call.environment), ActivityText::name(call.connection));
    m_title->setText(ActivityText::name(call.tool));
    m_facts->setText(tr("%1 · %2", "connection, client").arg(ActivityText::name(call.connection), ActivityText::name(call.client)));
    clear(m_tags);
    const ActivityText::Line result = ActivityText::result(call);
    m_tags->addWidget(new Tag(m_theme, result.text.left(60), result.icon,
                              result.tone == ActivityText::Tone::Caution ? Tag::Kind::Caution : Tag::Kind::Fact, this));
    m_answer->setVisible(call.decision.isEmpty());
}

void CallDetail::setStory(const QList<mcpcore::LogEntry> &entries)
{
    clear(m_steps);
    for (const ActivityText::Step &step : ActivityText::story(entries)) {
        auto *row = new QWidget(this);
        auto *icon =
            new IconView(m_theme, step.line.icon, step.line.tone == ActivityText::Tone::Plain ? Role::TextMuted : roleOf(step.line.tone),
                         metric::icon, row);
        auto *text = new PlainLabel(m_theme, step.line.text, Type::Small, roleOf(step.line.tone), row);
        text->setMaxLines(2);
        auto *time = new PlainLabel(m_theme, step.time, Type::Code, Role::TextMuted, row);
        auto *words = new QVBoxLayout;
        words->setSpacing(1);
        words->addWidget(text);
        if (!step.more.isEmpty()) {
            auto *more = new PlainLabel(m_theme, step.more, Type::Caption, Role::TextFaint, row);
            more->setMaxLines(3);
            words->addWidget(more);
        }
        auto *layout = new QHBoxLayout(row);
        layout->setContentsMargins(0, 0, 0, 0);
        layout->setSpacing(9);
        layout->addWidget(icon, 0, Qt::AlignTop);
        layout->addLayout(words, 1);
        layout->addWidget(time, 0, Qt::AlignTop);
        m_steps->addWidget(row);
    }
}

void CallDetail::setCall(const mcpcore::CallSummary &call, const QList<mcpcore::LogEntry> &entries)
{
    setHead(call);
    m_problem->hide();
    setStory(entries);
    const ActivityText::Arguments arguments = ActivityText::arguments(entries);
    m_argumentsLine->setText(ActivityText::argumentsLine(arguments));
    if (m_arguments->bytes() != arguments.bytes)
        m_arguments->setBytes(arguments.bytes);
    m_chain->setText(ActivityText::chainPosition(entries));
}

void CallDetail::setProblem(const mcpcore::CallSummary &call, const QString &problem)
{
    setHead(call);
    setStory({});
    m_problem->setText(problem);
    m_problem->show();
    m_argumentsLine->setText({});
    m_arguments->setBytes({});
    m_chain->setText({});
}

void CallDetail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
}

} // namespace ui
