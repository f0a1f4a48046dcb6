// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/connections/ConnectionDetail.h"
#include "ui/connections/AddPanel.h"
#include "ui/connections/AlarmPanel.h"
#include "ui/connections/KeyCard.h"
#include "ui/connections/KeyForm.h"
#include "ui/connections/KeyText.h"
#include "ui/connections/PlacePanel.h"
#include "ui/connections/SignInPanel.h"
#include "ui/connections/ToolsPanel.h"
#include "ui/shell/EnvLooks.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/ConfirmPanel.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/FormParts.h"
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

ConnectionDetail::ConnectionDetail(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme)
{
    setObjectName(QStringLiteral("connections.detail"));
    build(clock);
    connectParts();
    setView(View::Card);
}

void ConnectionDetail::build(const mcpcore::Clock &clock)
{
    m_banner = new EnvBanner(m_theme, this);
    m_banner->setCompact(true);
    m_name = new PlainLabel(m_theme, {}, Type::Title, Role::Text, this);
    m_name->setObjectName(QStringLiteral("connections.detail.name"));
    auto *close = new Button(m_theme, {}, Button::Kind::Flat, this);
    close->setObjectName(QStringLiteral("connections.detail.close"));
    close->setIconName(QStringLiteral("cross"));
    close->setAccessibleName(tr("Close the detail"));
    close->setEnterPresses();
    connect(close, &QAbstractButton::clicked, this, &ConnectionDetail::closed);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metric::pageEdge, 10, 8, 0);
    head->addWidget(m_name, 1);
    head->addWidget(close);

    m_body = new QWidget;
    m_alarm = new AlarmPanel(m_desk, m_theme, clock, m_body);
    m_panel = new SignInPanel(m_theme, m_body);
    m_put = new PlacePanel(m_desk, m_theme, clock, m_body);
    m_card = new KeyCard(m_desk, m_theme, clock, m_body);
    m_form = new KeyForm(m_desk, m_theme, clock, m_body);
    m_tools = new ToolsPanel(m_desk, m_theme, m_body);
    m_add = new AddPanel(m_desk, m_theme, clock, m_body);
    m_sections = new QVBoxLayout;
    m_sections->setSpacing(0);
    m_acts = new Section(m_theme, m_body);
    const auto act = [this](const char *id, const QString &text) {
        auto *made = new Button(m_theme, text, Button::Kind::Normal, m_acts);
        made->setObjectName(QLatin1String(id));
        made->setEnterPresses();
        return made;
    };
    m_showTools = act("connections.tools", tr("Show the tools"));
    m_remove = act("connections.remove", tr("Remove connection …"));
    m_confirm = new ConfirmPanel(m_theme, clock, QStringLiteral("connections.remove-panel"), m_acts);
    auto *buttons = new QHBoxLayout;
    buttons->setSpacing(8);
    buttons->addWidget(m_showTools);
    buttons->addWidget(m_remove);
    buttons->addStretch(1);
    auto *acts = new QVBoxLayout(m_acts);
    acts->setContentsMargins(metric::pageEdge, 13, metric::pageEdge, 13);
    acts->setSpacing(10);
    acts->addLayout(buttons);
    acts->addWidget(m_confirm);
    auto *body = new QVBoxLayout(m_body);
    body->setContentsMargins(0, 0, 0, 0);
    body->setSpacing(0);
    for (QWidget *part : QList<QWidget *>{m_alarm, m_panel, m_put, m_card, m_form, m_tools, m_add})
        body->addWidget(part);
    body->addLayout(m_sections);
    body->addWidget(m_acts);
    body->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("connections.detail.scroll"));
    m_scroll->setAccessibleName(tr("What is known of this place"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_body);
    m_scroll->viewport()->setAutoFillBackground(false);
    m_body->setAutoFillBackground(false);
    m_body->setFocusProxy(m_scroll); // for the focus of what is hidden in it

    m_foot = new Section(m_theme, this);
    m_footLink = new Button(m_theme, tr("See its page"), Button::Kind::Flat, m_foot);
    m_footLink->setObjectName(QStringLiteral("connections.page"));
    m_footLink->setIconName(QStringLiteral("external"));
    m_footLink->setEnterPresses();
    m_footAddress = new PlainLabel(m_theme, {}, Type::Caption, Role::TextFaint, m_foot);
    m_footAddress->setObjectName(QStringLiteral("connections.page.address"));
    m_footAddress->setMaxLines(2);
    auto *foot = new QVBoxLayout(m_foot);
    foot->setContentsMargins(8, 6, 8, 8);
    foot->setSpacing(0);
    foot->addWidget(m_footLink, 0, Qt::AlignLeft);
    foot->addLayout(indented(m_footAddress, metric::icon + 16));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_banner);
    column->addLayout(head);
    column->addWidget(m_scroll, 1);
    column->addWidget(m_foot);
}

// Copies of the place: what they lead to may show another one here.
void ConnectionDetail::connectParts()
{
    connect(m_alarm, &AlarmPanel::logWanted, this, &ConnectionDetail::logWanted);
    connect(m_alarm, &AlarmPanel::said, this, &ConnectionDetail::said);
    connect(m_panel, &SignInPanel::signInWanted, this, [this] { Q_EMIT signInWanted(Place(m_place)); });
    connect(m_panel, &SignInPanel::cancelWanted, this, [this] { Q_EMIT cancelWanted(Place(m_place)); });
    connect(m_panel, &SignInPanel::signOutWanted, this, [this] { Q_EMIT signOutWanted(Place(m_place)); });
    connect(m_put, &PlacePanel::said, this, &ConnectionDetail::said);
    connect(m_panel, &SignInPanel::said, this, &ConnectionDetail::said);
    connect(m_card, &KeyCard::verifyWanted, this, [this] { Q_EMIT verifyWanted(Place(m_place), m_client); });
    connect(m_card, &KeyCard::setWanted, this, [this](const mcpcore::ClientId &client) { Q_EMIT formWanted(Place(m_place), client); });
    connect(m_card, &KeyCard::picked, this, &ConnectionDetail::picked);
    connect(m_card, &KeyCard::said, this, &ConnectionDetail::said);
    connect(m_form, &KeyForm::pageWanted, this, &ConnectionDetail::pageWanted);
    connect(m_form, &KeyForm::said, this, &ConnectionDetail::said);
    connect(m_form, &KeyForm::closed, this, [this] { setView(View::Card); });
    connect(m_tools, &ToolsPanel::closed, this, [this] { setView(View::Card); });
    connect(m_tools, &ToolsPanel::said, this, &ConnectionDetail::said);
    connect(m_add, &AddPanel::closed, this, &ConnectionDetail::closed);
    connect(m_add, &AddPanel::added, this, &ConnectionDetail::added);
    connect(m_showTools, &QAbstractButton::clicked, this, &ConnectionDetail::openTools);
    connect(m_remove, &QAbstractButton::clicked, this, [this] {
        m_confirm->ask(
            tr("%1 goes in all environments, with its keys, its sign-ins, the tools you trust and its rules. Clients cannot call "
               "it any more.")
                .arg(ConnectionText::name(m_place.connection.text)),
            tr("Remove %1").arg(ConnectionText::name(m_place.connection.text)), tr("Keep it"));
    });
    connect(m_confirm, &ConfirmPanel::confirmed, this, &ConnectionDetail::removeConnection);
    connect(m_footLink, &QAbstractButton::clicked, this, [this] { Q_EMIT pageWanted(m_footPage); });
}

void ConnectionDetail::clear()
{
    m_form->close();
    m_tools->close();
    m_confirm->drop();
    m_place = {};
    setView(View::Card);
}

// Focus that would leave with what goes stays in the detail.
void ConnectionDetail::setView(View view)
{
    if (m_body->isAncestorOf(window()->focusWidget()) && view != m_view)
        m_scroll->setFocus(Qt::OtherFocusReason);
    m_view = view;
    const bool card = view == View::Card;
    m_alarm->setVisible(card && m_alarmed);
    m_panel->setVisible(card && !m_keyed);
    m_put->setVisible(card && m_absent);
    m_card->setVisible(card && m_keyed);
    m_form->setVisible(view == View::Form);
    m_tools->setVisible(view == View::Tools);
    m_add->setVisible(view == View::Add);
    m_acts->setVisible(card);
    m_foot->setVisible(card && !m_footPage.isEmpty());
    m_banner->setVisible(view != View::Add);
    for (int at = 0; at < m_sections->count(); ++at)
        m_sections->itemAt(at)->widget()->setVisible(card);
}

bool ConnectionDetail::leave()
{
    if (m_view == View::Card || m_view == View::Add)
        return false;
    m_form->close();
    m_tools->close();
    setView(View::Card);
    return true;
}

void ConnectionDetail::openForm(const ConnectionText::Known &known)
{
    setView(View::Form);
    m_scroll->ensureVisible(0, 0);
    m_form->open(known);
}

void ConnectionDetail::openTools()
{
    setView(View::Tools);
    m_scroll->ensureVisible(0, 0);
    m_tools->open(m_place);
}

void ConnectionDetail::openAdd()
{
    clear();
    m_name->setText(tr("Add a connection"));
    setView(View::Add);
    m_add->open();
}

void ConnectionDetail::beginPlace()
{
    m_put->begin();
}

void ConnectionDetail::askDelete()
{
    if (m_view == View::Card && m_keyed)
        m_card->askDelete();
}

void ConnectionDetail::setKnown(const ConnectionText::Known &known, EnvLook look)
{
    const Place place{known.connection.id, known.environment};
    if (m_place != place) {
        clear();
        m_scroll->ensureVisible(0, 0);
    }
    m_place = place;
    m_client = known.client;
    const QString name = ConnectionText::name(place.connection.text);
    m_banner->setEnvironment(look, wordOf(place.environment), known.vendor ? KeyText::vendorName(known) : name);
    m_name->setForeignText(place.connection.text);
    const bool here = known.connection.environments.contains(place.environment);
    m_keyed = here && mcpcore::needsKey(known.connection);
    m_alarmed = mcpcore::findAlarm(known.workspace, place.connection, place.environment) != nullptr;
    m_absent = ConnectionText::canComeHere(known);
    m_alarm->setKnown(known, look);
    m_put->setKnown(known, look);
    if (m_keyed)
        m_card->setKnown(known);
    else
        m_panel->setKnown(known);
    setFacts(factsOf(known));
    setFoot(known);
    m_showTools->setVisible(here);
    const bool work = known.state && known.state->tools && known.state->tools->waiting + known.state->tools->changed > 0;
    m_showTools->setText(work ? tr("Look at the tools that wait") : tr("Show the tools"));
    setView(m_view);
}

// Where the vendor shows what was given: keys, or sign-ins.
void ConnectionDetail::setFoot(const ConnectionText::Known &known)
{
    const QString sessions = known.state ? known.state->sessionsPage : QString();
    m_footPage = m_keyed && known.vendor ? known.vendor->places.value(known.kind()).keysPage : sessions;
    const QString host = ConnectionText::name(QUrl(m_footPage).host(QUrl::FullyEncoded));
    m_footLink->setText(m_keyed ? tr("Make or revoke keys at %1").arg(host) : tr("See or end sign-ins at %1").arg(host));
    m_footLink->setAccessibleDescription(m_footPage);
    m_footAddress->setForeignText(m_footPage);
}

void ConnectionDetail::removeConnection()
{
    m_desk.removeConnection(m_place.connection,
                            mcpcore::Completion<>(this, [this, id = m_place.connection.text](mcpcore::Result<> removed) {
                                Q_EMIT said(removed ? tr("Removed %1.").arg(ConnectionText::name(id)) : removed.error().message);
                            }));
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

// The banner of an alarm, above the page, moves all of it once.
void ConnectionDetail::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_alarm->rearm();
    m_put->rearm();
}

void ConnectionDetail::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
}

} // namespace ui
