// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/approvals/QuestionForm.h"
#include "ui/approvals/CardText.h"
#include "ui/approvals/QuestionText.h"
#include "ui/widgets/IconView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QVBoxLayout>
#include <QWheelEvent>

namespace ui {

using mcpcore::QuestionField;
using Value = QuestionField::Value;

namespace {

constexpr qsizetype kLongestPreset = 2'000; // a longer one is left out: nobody would read it in one line

// The wheel scrolls the card: it never changes an answer.
class ChoiceBox final : public QComboBox
{
public:
    using QComboBox::QComboBox;

protected:
    void wheelEvent(QWheelEvent *event) override { event->ignore(); }
};

// In place of the widget of a field that asks for a secret.
class BlockedBox final : public QWidget
{
public:
    BlockedBox(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
    {
        auto *row = new QHBoxLayout(this);
        row->setContentsMargins(10, 0, 10, 0);
        row->setSpacing(8);
        row->addWidget(new IconView(theme, QStringLiteral("lock"), Role::TextMuted, metric::icon, this));
        row->addWidget(new PlainLabel(theme, QuestionForm::tr("Blocked: looks like a secret"), Type::Body, Role::TextMuted, this), 1);
        setMinimumHeight(metric::controlLarge);
    }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(QPen(m_theme.color(Role::BorderStrong), 1, Qt::DashLine));
        painter.setBrush(m_theme.color(Role::Sunken));
        painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), metric::radius, metric::radius);
    }

private:
    const Theme &m_theme;
};

QString optionText(const QuestionField::Option &option)
{
    return CardText::named(option.label.isEmpty() ? option.value : option.label);
}

} // namespace

QuestionFieldRow::QuestionFieldRow(const Theme &theme, const QuestionField &field, QWidget *parent)
    : QWidget(parent), m_theme(theme), m_field(field)
{
    const QString shown = CardText::named(field.name);
    auto *label = new PlainLabel(theme, {}, Type::Small, Role::Text, this);
    label->setRuns({{shown, Role::Text, Run::Style::Strong}, {QStringLiteral(" ") + QuestionText::wanted(field), Role::TextMuted, {}}});
    label->setMaxLines(2);
    auto *described = new PlainLabel(theme, {}, Type::Small, Role::TextMuted, this);
    described->setForeignText(QuestionText::described(field));
    described->setMaxLines(4);
    described->setVisible(!described->text().isEmpty());
    m_hidden = new Note(theme, Note::Kind::Caution, this);
    m_hidden->hide();

    QWidget *input = nullptr;
    if (field.looksSecret) {
        input = new BlockedBox(theme, this);
    } else {
        switch (field.type) {
        case QuestionField::Type::Text:
        case QuestionField::Type::Number:
        case QuestionField::Type::Integer: input = makeText(); break;
        case QuestionField::Type::YesNo: input = makeYesNo(); break;
        case QuestionField::Type::Choice: input = makeChoice(); break;
        case QuestionField::Type::Choices: input = makeChoices(); break;
        }
    }
    input->setObjectName(partName());
    input->setAccessibleName(shown);
    input->setAccessibleDescription(
        tr("%1 %2", "what is asked, what the server says of it").arg(QuestionText::wanted(field), described->accessibleName()));

    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(5);
    column->addWidget(label);
    column->addWidget(described);
    const bool wide = field.type != QuestionField::Type::YesNo || field.looksSecret;
    column->addWidget(input, 0, wide ? Qt::Alignment() : Qt::AlignLeft);
    column->addWidget(m_hidden);
}

QString QuestionFieldRow::partName() const
{
    return QStringLiteral("ask.field.") + m_field.name;
}

QWidget *QuestionFieldRow::makeText()
{
    auto *line = new QLineEdit(this);
    line->setMinimumHeight(metric::controlLarge);
    if (m_field.type != QuestionField::Type::Text)
        line->setInputMethodHints(Qt::ImhPreferNumbers);
    connect(line, &QLineEdit::textChanged, this, &QuestionFieldRow::tellHidden);
    if (const auto *preset = std::get_if<QString>(&m_field.preset); preset && preset->size() <= kLongestPreset)
        line->setText(*preset);
    m_stops = {line};
    m_read = [line] { return line->text().isEmpty() ? Value() : Value(line->text()); };
    return line;
}

// Without a preset and without need there is a way back to no answer.
QWidget *QuestionFieldRow::makeYesNo()
{
    const auto *preset = std::get_if<bool>(&m_field.preset);
    const bool skippable = !preset && !m_field.required;
    QStringList options{tr("No"), tr("Yes")};
    if (skippable)
        options.prepend(tr("No answer"));
    auto *choice = new Segmented(m_theme, partName(), options, this);
    if (skippable || preset)
        choice->setCurrent(preset && *preset ? 1 : 0);
    for (QAbstractButton *option : choice->findChildren<QAbstractButton *>())
        m_stops.append(option);
    m_read = [choice, skippable] {
        const int at = choice->current() - (skippable ? 1 : 0);
        return at < 0 ? Value() : Value(at == 1);
    };
    return choice;
}

QWidget *QuestionFieldRow::makeChoice()
{
    auto *box = new ChoiceBox(this);
    box->setMinimumHeight(metric::controlLarge);
    box->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    box->addItem(m_field.required ? tr("Choose one") : tr("No answer"));
    const auto *preset = std::get_if<QString>(&m_field.preset);
    for (const QuestionField::Option &option : m_field.options) {
        box->addItem(optionText(option));
        if (preset && option.value == *preset && box->currentIndex() == 0)
            box->setCurrentIndex(box->count() - 1);
    }
    m_stops = {box};
    m_read = [this, box] {
        const int at = box->currentIndex() - 1;
        return at < 0 ? Value() : Value(m_field.options.at(at).value);
    };
    return box;
}

QWidget *QuestionFieldRow::makeChoices()
{
    auto *list = new QWidget(this);
    auto *column = new QVBoxLayout(list);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(2);
    const auto *preset = std::get_if<QStringList>(&m_field.preset);
    QList<QCheckBox *> boxes;
    for (const QuestionField::Option &option : m_field.options) {
        auto *box = new QCheckBox(withoutMnemonics(optionText(option)), list);
        box->setObjectName(QStringLiteral("%1.%2").arg(partName(), QString::number(boxes.size())));
        box->setAccessibleName(tr("%1: %2", "field, option").arg(CardText::named(m_field.name), optionText(option)));
        box->setMinimumHeight(metric::control);
        box->setChecked(preset && preset->contains(option.value));
        column->addWidget(box, 0, Qt::AlignLeft);
        boxes.append(box);
        m_stops.append(box);
    }
    // None chosen is an answer where one is needed or where the server had chosen some itself.
    const bool noneCounts = m_field.required || (preset && !preset->isEmpty());
    m_read = [this, boxes, noneCounts] {
        QStringList chosen;
        for (qsizetype at = 0; at < boxes.size(); ++at)
            if (boxes.at(at)->isChecked())
                chosen.append(m_field.options.at(at).value);
        return chosen.isEmpty() && !noneCounts ? Value() : Value(chosen);
    };
    return list;
}

// A preset or something pasted can hold what a line of text does not show.
void QuestionFieldRow::tellHidden(const QString &text)
{
    const QString marked = visibleText(text);
    m_hidden->setText(tr("Holds characters that do not show."), QuestionText::whole(marked, 400));
    m_hidden->setVisible(marked != text);
}

QuestionForm::QuestionForm(const Theme &theme, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    setObjectName(QStringLiteral("ask.form"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(metric::gap);
}

void QuestionForm::setFields(const QList<QuestionField> &fields)
{
    qDeleteAll(m_rows);
    m_rows.clear();
    for (const QuestionField &field : fields) {
        m_rows.append(new QuestionFieldRow(m_theme, field, this));
        layout()->addWidget(m_rows.last());
    }
    setVisible(!fields.isEmpty());
}

QList<std::pair<QString, Value>> QuestionForm::values() const
{
    QList<std::pair<QString, Value>> values;
    for (const QuestionFieldRow *row : m_rows)
        if (const Value value = row->value(); !std::holds_alternative<std::monostate>(value))
            values.append({row->name(), value});
    return values;
}

QList<QWidget *> QuestionForm::stops() const
{
    QList<QWidget *> stops;
    for (const QuestionFieldRow *row : m_rows)
        stops += row->stops();
    return stops;
}

} // namespace ui
