// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/SecretField.h"
#include <QAccessibleWidget>
#include <QClipboard>
#include <QGuiApplication>
#include <QKeyEvent>
#include <QMimeData>
#include <QPainter>
#include <QStyleOptionFrame>

namespace ui {

namespace {

constexpr int padding = 8, dot = 6, dotStep = 9;

// Owned by Qt's accessibility cache.
class SecretAccessible final : public QAccessibleWidget
{
public:
    explicit SecretAccessible(SecretField *field) : QAccessibleWidget(field, QAccessible::EditableText) {}
    QAccessible::State state() const override
    {
        QAccessible::State state = QAccessibleWidget::state();
        state.passwordEdit = true;
        return state;
    }
    QString text(QAccessible::Text kind) const override { return kind == QAccessible::Value ? QString() : QAccessibleWidget::text(kind); }
    static void install()
    {
        [[maybe_unused]] static const bool done = [] {
            QAccessible::installFactory([](const QString &, QObject *object) -> QAccessibleInterface * {
                auto *field = qobject_cast<SecretField *>(object);
                return field ? new SecretAccessible(field) : nullptr;
            });
            return true;
        }();
    }
};

bool isContinuation(char byte)
{
    return (uchar(byte) & 0xc0) == 0x80;
}

} // namespace

SecretField::SecretField(const Theme &theme, const QString &accessibleName, QWidget *parent) : QWidget(parent), m_theme(theme)
{
    SecretAccessible::install();
    setAccessibleName(accessibleName);
    setFocusPolicy(Qt::StrongFocus);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    setCursor(Qt::IBeamCursor);
    setContextMenuPolicy(Qt::PreventContextMenu);
    setAttribute(Qt::WA_InputMethodEnabled); // dead keys come through it
    setInputMethodHints(Qt::ImhHiddenText | Qt::ImhSensitiveData | Qt::ImhNoPredictiveText | Qt::ImhNoAutoUppercase);
    setProperty("focusRing", true);
    startBuffer();
}

SecretField::~SecretField()
{
    mcpcore::wipe(m_bytes);
}

void SecretField::startBuffer()
{
    mcpcore::wipe(m_bytes);
    m_bytes.reserve(maximumSize);
    m_allSelected = false;
}

mcpcore::Secret SecretField::take()
{
    mcpcore::Secret taken(std::string_view(m_bytes.constData(), size_t(m_bytes.size())));
    clear();
    return taken;
}

void SecretField::clear()
{
    const bool had = !m_bytes.isEmpty();
    startBuffer();
    update();
    if (had)
        Q_EMIT changed();
}

void SecretField::add(QByteArray bytes)
{
    const bool printable = std::none_of(bytes.cbegin(), bytes.cend(), [](char c) { return uchar(c) < 0x20 || uchar(c) == 0x7f; });
    const bool fits = bytes.size() + (m_allSelected ? 0 : m_bytes.size()) <= maximumSize;
    if (!bytes.isEmpty() && printable && fits) {
        if (m_allSelected)
            startBuffer();
        m_bytes.append(bytes);
        update();
        Q_EMIT changed();
    } else if (!bytes.isEmpty()) {
        Q_EMIT refused(printable ? tr("That is too long: at most %1 bytes fit.").arg(maximumSize)
                                 : tr("That is more than one line, or holds control characters. Nothing was taken."));
    }
    mcpcore::wipe(bytes);
}

void SecretField::rub()
{
    if (m_allSelected)
        return clear();
    if (m_bytes.isEmpty())
        return;
    char last = 0;
    do {
        last = m_bytes.back();
        m_bytes.back() = 0;
        m_bytes.chop(1);
    } while (!m_bytes.isEmpty() && isContinuation(last));
    update();
    Q_EMIT changed();
}

void SecretField::paste(From from)
{
    const QMimeData *given =
        QGuiApplication::clipboard()->mimeData(from == From::Selection ? QClipboard::Selection : QClipboard::Clipboard);
    if (!given || !given->hasText())
        return;
    QByteArray bytes = given->data(QStringLiteral("text/plain"));
    // A line that was copied whole brings its end along.
    while (!bytes.isEmpty() && (bytes.back() == '\n' || bytes.back() == '\r')) {
        bytes.back() = 0;
        bytes.chop(1);
    }
    add(std::move(bytes));
}

SecretField::Key SecretField::keyOf(const QKeyEvent &event)
{
    const bool control = event.modifiers() == Qt::ControlModifier;
    switch (event.key()) {
    case Qt::Key_Return:
    case Qt::Key_Enter: return Key::Enter;
    case Qt::Key_Backspace: return control ? Key::RubAll : Key::Rub;
    case Qt::Key_Delete: return Key::Rub;
    case Qt::Key_U:
        if (control)
            return Key::RubAll;
        break;
    default: break;
    }
    if (event.matches(QKeySequence::SelectAll))
        return Key::SelectAll;
    if (event.matches(QKeySequence::Paste))
        return Key::Paste;
    const bool command = control || event.modifiers() == (Qt::ControlModifier | Qt::ShiftModifier);
    return !command && !event.text().isEmpty() && event.text().at(0).unicode() >= 0x20 && event.text().at(0).unicode() != 0x7f ? Key::Letter
                                                                                                                               : Key::Other;
}

bool SecretField::event(QEvent *event)
{
    // What is typed here is no shortcut of the window.
    if (event->type() == QEvent::ShortcutOverride) {
        auto *key = static_cast<QKeyEvent *>(event);
        if (const Key kind = keyOf(*key); kind != Key::Other && kind != Key::Enter) {
            key->accept();
            return true;
        }
    }
    return QWidget::event(event);
}

void SecretField::keyPressEvent(QKeyEvent *event)
{
    switch (keyOf(*event)) {
    case Key::Enter:
        if (!event->isAutoRepeat())
            Q_EMIT submitted();
        return;
    case Key::Rub:
        if (event->key() == Qt::Key_Backspace || m_allSelected) // nothing is behind the end
            rub();
        return;
    case Key::RubAll: return clear();
    case Key::SelectAll: m_allSelected = !m_bytes.isEmpty(); return update();
    case Key::Paste: return paste(From::Clipboard);
    case Key::Letter: return add(event->text().toUtf8());
    case Key::Other: return event->ignore();
    }
}

void SecretField::mousePressEvent(QMouseEvent *event)
{
    m_allSelected = false;
    update();
    if (event->button() == Qt::MiddleButton && QGuiApplication::clipboard()->supportsSelection())
        paste(From::Selection);
}

void SecretField::inputMethodEvent(QInputMethodEvent *event)
{
    add(event->commitString().toUtf8());
    event->accept();
}

QVariant SecretField::inputMethodQuery(Qt::InputMethodQuery query) const
{
    if (query == Qt::ImCursorRectangle)
        return QRect(padding, 0, 1, height());
    return QWidget::inputMethodQuery(query);
}

void SecretField::focusInEvent(QFocusEvent *event)
{
    QWidget::focusInEvent(event);
    update();
}

void SecretField::focusOutEvent(QFocusEvent *event)
{
    m_allSelected = false;
    QWidget::focusOutEvent(event);
    update();
}

qsizetype SecretField::characters() const
{
    return std::count_if(m_bytes.cbegin(), m_bytes.cend(), [](char c) { return !isContinuation(c); });
}

QSize SecretField::sizeHint() const
{
    return {260, std::max(int(metric::control), QFontMetrics(Theme::font(Type::Body)).height() + 10)};
}

QSize SecretField::minimumSizeHint() const
{
    return {120, sizeHint().height()};
}

void SecretField::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    QStyleOptionFrame frame;
    frame.initFrom(this);
    frame.lineWidth = 1;
    style()->drawPrimitive(QStyle::PE_PanelLineEdit, &frame, &painter, this);
    const int fitting = std::max(0, (width() - 2 * padding - 2) / dotStep);
    const int shown = int(std::min<qsizetype>(characters(), fitting));
    const int middle = height() / 2;
    if (m_allSelected)
        painter.fillRect(QRect(padding - 2, 4, shown * dotStep + 3, height() - 8), m_theme.color(Role::Selected));
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.color(isEnabled() ? Role::Text : Role::ButtonDisabledText));
    for (int i = 0; i < shown; ++i)
        painter.drawEllipse(QRect(padding + i * dotStep, middle - dot / 2, dot, dot));
    if (hasFocus() && !m_allSelected)
        painter.fillRect(QRect(padding + shown * dotStep, 6, 1, height() - 12), m_theme.color(Role::Text));
}

} // namespace ui
