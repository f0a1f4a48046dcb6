// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionDetail.h"
#include "ui/connections/SignInPanel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/PlainLabel.h"
#include <QGridLayout>
#include <QPainter>
#include <QScrollArea>
#include <QUrl>
#include <QVBoxLayout>

namespace ui {

namespace {

constexpr int kLabels = 104;

// A part of the detail below a line.
class Section final : public QWidget
{
public:
    Section(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme) {}

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.fillRect(QRect(0, 0, width(), 1), m_theme.color(Role::Border));
    }

private:
    const Theme &m_theme;
};

PlainLabel *valueLabel(const Theme &theme, const ConnectionFact &fact, QWidget *parent)
{
    Type type = Type::Small;
    Role role = Role::Text;
    switch (fact.look) {
    case ConnectionFact::Look::Text: break;
    case ConnectionFact::Look::Code: type = Type::Code; break;
    case ConnectionFact::Look::Strong: type = Type::BodyStrong; break;
    case ConnectionFact::Look::Caution: role = Role::Caution; break;
    }
    auto *label = new PlainLabel(theme, {}, type, role, parent);
    label->setMaxLines(6);
    label->setForeignText(fact.value);
    return label;
}

} // namespace

ConnectionDetail::ConnectionDetail(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("connections.detail"));
    m_banner = new EnvBanner(theme, this);
    m_banner->setCompact(true);
    m_name = new PlainLabel(theme, {}, Type::Title, Role::Text, this);
    m_name->setObjectName(QStringLiteral("connections.detail.name"));
    auto *close = new Button(theme, {}, Button::Kind::Flat, this);
    close->setObjectName(QStringLiteral("connections.detail.close"));
    close->setIconName(QStringLiteral("cross"));
    close->setAccessibleName(tr("Close the detail"));
    close->setEnterPresses();
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metric::pageEdge, 10, 8, 0);
    head->addWidget(m_name, 1);
    head->addWidget(close);

    auto *inside = new QWidget;
    m_panel = new SignInPanel(theme, inside);
    m_sections = new QVBoxLayout;
    m_sections->setSpacing(0);
    auto *body = new QVBoxLayout(inside);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    body->addWidget(m_panel);
    body->addLayout(m_sections);
    body->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("connections.detail.scroll"));
    m_scroll->setAccessibleName(tr("What is known of this place"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(inside);
    m_scroll->viewport()->setAutoFillBackground(false);
    inside->setAutoFillBackground(false);

    m_foot = new Section(theme, this);
    m_sessions = new Button(theme, {}, Button::Kind::Flat, m_foot);
    m_sessions->setObjectName(QStringLiteral("connections.sessions"));
    m_sessions->setIconName(QStringLiteral("external"));
    m_sessions->setEnterPresses();
    auto *foot = new QHBoxLayout(m_foot);
    foot->setContentsMargins(8, 6, 8, 6);
    foot->addWidget(m_sessions);
    foot->addStretch(1);

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_foot);

    connect(close, &QAbstractButton::clicked, this, &ConnectionDetail::closed);
    // Copies: what they lead to may show another place here.
    connect(m_panel, &SignInPanel::signInWanted, this, [this] { Q_EMIT signInWanted(Place(m_place)); });
    connect(m_panel, &SignInPanel::cancelWanted, this, [this] { Q_EMIT cancelWanted(Place(m_place)); });
    connect(m_panel, &SignInPanel::signOutWanted, this, [this] { Q_EMIT signOutWanted(Place(m_place)); });
    connect(m_panel, &SignInPanel::said, this, &ConnectionDetail::said);
    connect(m_sessions, &QAbstractButton::clicked, this, [this] { Q_EMIT pageWanted(m_sessionsPage); });
}

void ConnectionDetail::setKnown(const ConnectionText::Known &known, EnvLook look)
{
    const Place place{known.connection.id, known.environment};
    if (m_place != place)
        m_scroll->ensureVisible(0, 0);
    m_place = place;
    const QString name = ConnectionText::name(place.connection.text);
    m_banner->setEnvironment(look, wordOf(place.environment), name);
    m_name->setForeignText(place.connection.text);
    m_panel->setKnown(known);
    setFacts(factsOf(known));
    m_sessionsPage = known.state ? known.state->sessionsPage : QString();
    m_foot->setVisible(!m_sessionsPage.isEmpty());
    m_sessions->setText(tr("See or end sign-ins at %1").arg(QUrl(m_sessionsPage).host(QUrl::FullyEncoded)));
}

void ConnectionDetail::setFacts(const QList<ConnectionFacts> &facts)
{
    if (facts == m_facts)
        return;
    m_facts = facts;
    while (QLayoutItem *old = m_sections->takeAt(0)) {
        if (QWidget *widget = old->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete old;
    }
    for (const ConnectionFacts &part : facts) {
        auto *section = new Section(m_theme, this);
        auto *grid = new QGridLayout(section);
        grid->setContentsMargins(metric::pageEdge, 13, metric::pageEdge, 12);
        grid->setHorizontalSpacing(12);
        grid->setVerticalSpacing(7);
        grid->setColumnMinimumWidth(0, kLabels);
        grid->setColumnStretch(1, 1);
        grid->addWidget(new PlainLabel(m_theme, part.title, Type::CaptionStrong, Role::TextFaint, section), 0, 0, 1, 2);
        int row = 0;
        for (const ConnectionFact &fact : part.facts) {
            auto *label = new PlainLabel(m_theme, fact.label, Type::Small, Role::TextMuted, section);
            grid->addWidget(label, ++row, 0, Qt::AlignTop);
            grid->addWidget(valueLabel(m_theme, fact, section), row, 1, Qt::AlignTop);
        }
        m_sections->addWidget(section);
    }
}

void ConnectionDetail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
}

} // namespace ui
