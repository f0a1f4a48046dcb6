// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/clients/EditView.h"
#include "ui/clients/ImportDoneView.h"
#include "ui/clients/ImportPanel.h"
#include "ui/clients/ImportServerBox.h"
#include "ui/clients/ImportText.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/FormParts.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/VisibleMarks.h"
#include <QPainter>
#include <QScrollArea>

// How the panel is put together, and what it shows at each stage.

namespace ui {

namespace {

constexpr int kWords = 220; // for a sentence beside the buttons

} // namespace

void ImportPanel::clearColumn(QVBoxLayout *column)
{
    while (QLayoutItem *old = column->takeAt(0)) {
        if (QWidget *part = old->widget()) {
            keepFocusBeside(part);
            part->hide();
            part->deleteLater();
        }
        delete old;
    }
}

ImportPanel::ImportPanel(Desk &desk, const Theme &theme, const mcpcore::Clock &clock, QWidget *parent)
    : QWidget(parent), m_desk(desk), m_theme(theme), m_clock(clock)
{
    setObjectName(QStringLiteral("clients.import.panel"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    buildHead(column);
    buildBody(column);
    buildFoot(column);
    connectParts();
    refresh(); // what is not shown takes no room from the other sides of the page
}

void ImportPanel::buildHead(QVBoxLayout *column)
{
    m_icon = new IconView(m_theme, QStringLiteral("download"), Role::TextMuted, metric::iconLarge, this);
    m_title = new PlainLabel(m_theme, {}, Type::Title, Role::Text, this);
    m_title->setObjectName(QStringLiteral("clients.import.title"));
    m_caption = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_caption->setMaxLines(3);
    auto *words = new QVBoxLayout;
    words->setSpacing(1);
    words->addWidget(m_title);
    words->addWidget(m_caption);
    auto *head = new QHBoxLayout;
    head->setContentsMargins(metric::cardEdge, 16, metric::cardEdge, 14);
    head->setSpacing(12);
    head->addWidget(m_icon);
    head->addLayout(words, 1);
    column->addLayout(head);
}

void ImportPanel::buildBody(QVBoxLayout *column)
{
    auto *body = new QWidget;
    const auto list = [](int spacing) {
        auto *made = new QVBoxLayout;
        made->setSpacing(spacing);
        return made;
    };
    m_servers = list(10);
    m_cautions = list(8);
    m_doneView = new ImportDoneView(m_theme, body);
    m_hint = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, body);
    m_hint->setObjectName(QStringLiteral("clients.import.hint"));
    m_hint->setMaxLines(0);
    m_view = new EditView(m_theme, QStringLiteral("clients.import.edit"), body);
    auto *inner = new QVBoxLayout(body);
    inner->setContentsMargins(metric::cardEdge, 14, metric::cardEdge, 14);
    inner->setSpacing(12);
    inner->addLayout(m_servers);
    inner->addWidget(m_doneView);
    inner->addWidget(m_hint);
    inner->addWidget(m_view);
    inner->addLayout(m_cautions);
    inner->addStretch(1);
    m_scroll = new QScrollArea(this);
    m_scroll->setObjectName(QStringLiteral("clients.import.scroll"));
    m_scroll->setAccessibleName(tr("What comes behind Countersign"));
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setWidgetResizable(true);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(body);
    m_scroll->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    body->setFocusProxy(m_scroll);
    column->addWidget(m_scroll, 1);
}

void ImportPanel::buildFoot(QVBoxLayout *column)
{
    m_trouble = wrapping(new Note(m_theme, Note::Kind::Caution, this));
    m_trouble->setObjectName(QStringLiteral("clients.import.trouble"));
    m_trouble->setIcon(QStringLiteral("caution"));
    m_again = m_trouble->addButton(QStringLiteral("clients.import.again"), tr("Look again"));
    m_again->setEnterPresses();
    m_state = new PlainLabel(m_theme, {}, Type::Small, Role::TextMuted, this);
    m_state->setObjectName(QStringLiteral("clients.import.state"));
    m_state->setMaxLines(3);
    const auto button = [this](const char *id, const QString &text) {
        auto *made = new Button(m_theme, text, Button::Kind::Normal, this);
        made->setObjectName(QLatin1String(id));
        made->setLarge();
        made->setEnterPresses();
        return made;
    };
    m_undo = button("clients.import.undo", tr("Undo"));
    m_undo->setIconName(QStringLiteral("undo"));
    m_cancel = button("clients.import.cancel", tr("Cancel"));
    // Both add connections and give keys to them: they arm like every consent.
    const auto armed = [this](const char *id) {
        auto *made = new ArmedButton(m_theme, m_clock, this);
        made->setObjectName(QLatin1String(id));
        made->setPlain();
        return made;
    };
    m_unverified = armed("clients.import.unverified");
    m_unverified->setText(tr("Save without asking the vendor"));
    m_import = armed("clients.import.take");
    m_import->setText(tr("Bring behind Countersign"));

    m_buttons = new QBoxLayout(QBoxLayout::LeftToRight);
    m_buttons->setSpacing(10);
    for (QWidget *each : QList<QWidget *>{m_undo, m_cancel, m_unverified, m_import})
        m_buttons->addWidget(each);
    m_foot = new QBoxLayout(QBoxLayout::LeftToRight);
    m_foot->setSpacing(10);
    m_foot->addWidget(m_state, 1);
    m_foot->addLayout(m_buttons);
    m_foot->setAlignment(m_buttons, Qt::AlignRight);
    auto *foot = new QWidget(this);                                    // its ground is painted anew when it grows
    foot->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred); // what does not fit beside goes below: arrange()
    auto *rows = new QVBoxLayout(foot);
    rows->setContentsMargins(metric::cardEdge, 12, metric::cardEdge, 12);
    rows->setSpacing(10);
    rows->addWidget(m_trouble);
    rows->addLayout(m_foot);
    column->addWidget(foot);
}

void ImportPanel::connectParts()
{
    connect(m_again, &QAbstractButton::clicked, this, &ImportPanel::look);
    connect(m_undo, &QAbstractButton::clicked, this, &ImportPanel::undo);
    connect(m_cancel, &QAbstractButton::clicked, this, &ImportPanel::closed);
    connect(m_unverified, &QAbstractButton::clicked, this, [this] { import(ImportWish::Check::NotAtAll); });
    connect(m_import, &QAbstractButton::clicked, this, [this] { import(ImportWish::Check::WithVendor); });
    connect(m_doneView, &ImportDoneView::pageWanted, this, [this](const QString &address) { m_desk.openPage(address); });
}

void ImportPanel::showTrouble(const QString &strong, const QString &rest, Again again)
{
    m_again->setVisible(again == Again::Offered);
    m_trouble->setText(strong, visibleText(rest));
    m_trouble->show();
}

void ImportPanel::showCautions(const QStringList &cautions)
{
    clearColumn(m_cautions);
    for (const QString &caution : cautions) {
        const TwoParts parts = firstSentence(visibleText(caution));
        auto *note = wrapping(new Note(m_theme, Note::Kind::Caution, m_scroll->widget()));
        note->setObjectName(QStringLiteral("clients.import.caution"));
        note->setIcon(QStringLiteral("caution"));
        note->setText(parts.strong, parts.rest);
        m_cautions->addWidget(note);
        note->show();
    }
}

QString ImportPanel::stateText() const
{
    switch (m_stage) {
    case Stage::Looking: return tr("Looking at %1.").arg(ClientText::path(m_path));
    case Stage::Unreadable:
    case Stage::NotAsked: return {};
    case Stage::Choosing:
        if (m_boxes.isEmpty())
            return tr("There are no servers of others in %1.").arg(ClientText::path(m_path));
        return !missing().isEmpty() ? missing() + QLatin1Char('.')
               : m_known            ? tr("%1 is written only when you press the button.").arg(ClientText::path(m_path))
                                    : QString();
    case Stage::Importing:
        return m_asked.isEmpty() ? tr("Bringing them over.")
                                 : tr("Asking %1 about the keys. Nothing is changed until that is answered.").arg(m_asked);
    case Stage::Done: return tr("Undo puts the old entries back into the file, with their keys.");
    }
    Q_UNREACHABLE();
}

QString ImportPanel::blocked() const
{
    switch (m_stage) {
    case Stage::Looking: return tr("The file is being looked at");
    case Stage::Choosing:
    case Stage::NotAsked: return !missing().isEmpty() ? missing() : m_known ? QString() : tr("The change is not known yet");
    case Stage::Importing: return tr("It is being done");
    case Stage::Unreadable:
    case Stage::Done: return tr("There is nothing to do");
    }
    Q_UNREACHABLE();
}

void ImportPanel::refresh()
{
    const bool done = m_stage == Stage::Done, busy = m_stage == Stage::Importing, asks = m_stage == Stage::NotAsked;
    m_title->setText(done ? tr("Imported from %1").arg(m_client) : tr("Import from %1").arg(m_client));
    m_caption->setText(done ? tr("Brought %1 behind Countersign: their calls go through it from now on.").arg(ImportText::servers(taken()))
                            : tr("What is ticked goes from %1 to Connections, its keys out of the file.").arg(ClientText::path(m_path)));
    for (ImportServerBox *box : std::as_const(m_boxes)) {
        box->setVisible(!done);
        box->setFrozen(busy);
    }
    m_hint->setText(tr("%1 is connected with this. It acts in sandbox only, until you move it.").arg(m_client));
    m_hint->setVisible(!done && !m_connected && !taken().isEmpty());
    m_doneView->setVisible(done);
    // The lines of the choice before stay until there are new ones.
    const bool shows = done || busy || asks || (m_stage == Stage::Choosing && m_previewed && missing().isEmpty());
    m_view->setVisible(shows);
    for (int at = 0; at < m_cautions->count(); ++at)
        m_cautions->itemAt(at)->widget()->setVisible(shows);
    m_state->setText(stateText());
    m_state->setVisible(!m_state->text().isEmpty());
    m_import->setText(asks ? tr("Ask again") : tr("Bring behind Countersign"));
    m_import->setVisible(!done);
    m_import->setBlocked(blocked());
    m_unverified->setVisible(asks);
    m_unverified->setBlocked(asks ? blocked() : tr("There is nothing to do"));
    m_undo->setVisible(done);
    setUsable(m_undo, done);
    m_cancel->setText(done ? tr("Done") : tr("Cancel"));
    setUsable(m_cancel, !busy);
    arrange();
}

// As wide as their words are in this font.
void ImportPanel::arrange()
{
    int across = 2 * metric::cardEdge;
    for (const QWidget *each : QList<QWidget *>{m_undo, m_cancel, m_unverified, m_import})
        if (!each->isHidden())
            across += each->sizeHint().width() + m_buttons->spacing();
    const bool beside = m_stage != Stage::NotAsked && width() >= across + kWords;
    m_foot->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
    m_buttons->setDirection(width() >= across ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void ImportPanel::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    arrange();
}

void ImportPanel::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), m_theme.color(Role::Surface));
    painter.fillRect(QRect(0, m_scroll->geometry().top() - 1, width(), 1), m_theme.color(Role::Border));
    painter.fillRect(QRect(0, m_scroll->geometry().bottom() + 1, width(), 1), m_theme.color(Role::Border));
}

} // namespace ui
