// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/Segmented.h"
#include "ui/theme/Icon.h"
#include "ui/widgets/Button.h"
#include "ui/widgets/VisibleMarks.h"
#include <QHBoxLayout>
#include <QPainter>
#include <QRadioButton>
#include <optional>

namespace ui {

namespace {

// A radio button that looks like a segment; exclusiveness, arrow keys and the reader's role are the base's.
class Segment final : public QRadioButton
{
public:
    Segment(const Theme &theme, const QString &text, QWidget *parent) : QRadioButton(parent), m_theme(theme), m_label(text)
    {
        setText(withoutMnemonics(text));
        setAccessibleName(text);
        setAttribute(Qt::WA_Hover);
        setFocusPolicy(Qt::StrongFocus);
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(Theme::font(Type::BodyStrong));
        return {metrics.horizontalAdvance(m_label) + 25 + shapeWidth(), std::max(metric::control - 2, metrics.height() + 6)};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }
    void setLook(EnvLook look)
    {
        m_look = look;
        updateGeometry();
        update();
    }

protected:
    bool hitButton(const QPoint &point) const override { return rect().contains(point); }
    void paintEvent(QPaintEvent *) override
    {
        QPainter painter(this);
        if (isChecked() || (underMouse() && isEnabled()))
            painter.fillRect(rect(), m_theme.color(isChecked() ? Role::Selected : Role::Hover));
        const QFont font = Theme::font(isChecked() ? Type::BodyStrong : Type::BodyMedium);
        const int left = (width() - QFontMetrics(font).horizontalAdvance(m_label) - shapeWidth()) / 2;
        if (m_look)
            paintEnvShape(painter, QRect(left, (height() - metric::icon) / 2, metric::icon, metric::icon), *m_look,
                          m_theme.color(*m_look, EnvPart::Edge), m_theme.color(Role::Surface));
        painter.setFont(font);
        painter.setPen(m_theme.color(!isEnabled() ? Role::ButtonDisabledText : isChecked() ? Role::Text : Role::TextMuted));
        painter.drawText(rect().adjusted(left + shapeWidth(), 0, 0, 0), int(Qt::AlignLeft | Qt::AlignVCenter) | Qt::TextSingleLine,
                         m_label);
    }

private:
    int shapeWidth() const { return m_look ? metric::icon + 6 : 0; }

    const Theme &m_theme;
    QString m_label;
    std::optional<EnvLook> m_look;
};

} // namespace

Segmented::Segmented(const Theme &theme, const QString &objectName, const QStringList &options, QWidget *parent)
    : QWidget(parent), m_theme(theme)
{
    setObjectName(objectName);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(1, 1, 1, 1);
    layout->setSpacing(1);
    for (const QString &option : options) {
        auto *segment = new Segment(theme, option, this);
        segment->setObjectName(QStringLiteral("%1.%2").arg(objectName).arg(m_options.size()));
        layout->addWidget(segment);
        const int index = int(m_options.size());
        connect(segment, &QAbstractButton::toggled, this, [this, index](bool on) {
            if (on)
                Q_EMIT currentChanged(index);
        });
        m_options.append(segment);
    }
}

int Segmented::current() const
{
    for (int index = 0; index < m_options.size(); ++index) {
        if (m_options[index]->isChecked())
            return index;
    }
    return -1;
}

void Segmented::setCurrent(int index)
{
    m_options[index]->setChecked(true);
}

void Segmented::setLook(int index, EnvLook look)
{
    static_cast<Segment *>(m_options[index])->setLook(look);
}

void Segmented::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    paintPanel(painter, rect(), m_theme.color(Role::ButtonBg), m_theme.color(Role::BorderStrong));
    for (qsizetype index = 1; index < m_options.size(); ++index)
        painter.fillRect(QRect(m_options[index]->x() - 1, 1, 1, height() - 2), m_theme.color(Role::Border));
}

} // namespace ui
