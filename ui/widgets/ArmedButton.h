// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/theme/Theme.h"
#include <QAbstractButton>
#include <QPointer>
#include <optional>

namespace ui {

// The button that lets something happen (Allow, Unlock). Disabled until it has been visible in an active window, without moving,
// for its arming time; starts again when the window loses focus, moves or resizes, when the button moves, and on rearm(). Press and
// release must both come after arming; auto-repeat and Enter do nothing; it is never a default button. Connect to clicked().
class ArmedButton : public QAbstractButton
{
    Q_OBJECT
public:
    ArmedButton(const Theme &theme, const mcpcore::Clock &clock, QWidget *parent = nullptr);

    void setText(const QString &text);     // "Allow in PRODUCTION"
    void setIconName(const QString &name); // "approvals" unless told
    void setLook(EnvLook look);
    void setPlain();                      // no environment's colours and no icon: an answer to a server
    void setKeyHint(const QString &keys); // "Ctrl ⇧ A"
    void setArmingTime(mcpcore::Milliseconds time);
    // A reason keeps it disabled ("Type 2 more characters"); it is the accessible description. Empty = nothing blocks it.
    void setBlocked(const QString &reason);
    // New content: arming starts from zero.
    void rearm();
    bool isArmed() const { return m_phase == Phase::Armed && m_blocked.isEmpty(); }
    // For a shortcut: the same as a click when armed, else nothing.
    void pressByKey();

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

Q_SIGNALS:
    void armedChanged(bool armed);

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void keyReleaseEvent(QKeyEvent *event) override;

private:
    enum class Phase { Waiting, Arming, Armed };
    void watchWindow();
    bool mayArm() const;
    void restart();
    void tick(int round);
    void apply();
    QRect place() const;
    QString label() const;

    const Theme &m_theme;
    const mcpcore::Clock &m_clock;
    QPointer<QWidget> m_window;
    QString m_text, m_icon, m_keys, m_blocked;
    std::optional<EnvLook> m_look = EnvLook::Sandbox; // none = plain
    mcpcore::Milliseconds m_time{1000}, m_started{0};
    Phase m_phase = Phase::Waiting;
    QRect m_place;         // on the screen, when arming began
    int m_round = 0;       // counts arming rounds: what is older does not count
    int m_pressRound = -1; // the round in which the button or Space went down
};

} // namespace ui
