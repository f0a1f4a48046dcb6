// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "ui/shell/Desk.h"
#include "ui/theme/Theme.h"
#include <QWidget>

namespace ui {

class CardFooter;
class EnvBanner;
class SecondTicker;

// What the card of a call and the card of a question share: the page shows one of them at a time, and its clock stops while a
// person reads (the pointer moved over it, or a key went to it). Never changes to another call or question by itself. Main thread.
class Card : public QWidget
{
    Q_OBJECT
public:
    ~Card() override;

    virtual mcpcore::CallId id() const = 0; // of the call or question; empty before the first
    virtual bool isWaiting() const = 0;     // for a person, or for the desk to take the answer
    virtual void refuse() = 0;              // denies the call, declines the question
    virtual bool leave() { return false; }  // closes what is open inside: the find bar, the reason
    virtual bool openFind() { return false; }
    virtual void takeFocus() = 0;               // a person opened the card
    virtual QList<QWidget *> parts() const = 0; // for F6
    void setNextText(const QString &text);

Q_SIGNALS:
    void nextWanted();
    void readingChanged(bool reading);

protected:
    Card(Desk &desk, const Theme &theme, SecondTicker &ticker, QWidget *parent);

    virtual bool isAnswerable() const = 0; // waits for a person
    virtual mcpcore::Milliseconds deadline() const = 0;
    void setFooter(CardFooter *footer);
    // Keys that go to a part below `parent` mean that a person reads.
    void watchKeys(QWidget *parent);
    void stopReading(); // another one is shown from now on
    void updateReading();
    bool isReading() const { return m_reading; }
    void fillBanner(EnvBanner &banner, const mcpcore::ConnectionId &connection, const mcpcore::EnvironmentId &environment,
                    mcpcore::EnvironmentKind kind, const mcpcore::ClientId &client) const;

    bool eventFilter(QObject *watched, QEvent *event) override;
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

    Desk &m_desk;
    const Theme &m_theme;
    SecondTicker &m_ticker;
    CardFooter *m_footer = nullptr;

private:
    bool isPointerReading() const;

    bool m_keyed = false, m_reading = false;
    QPoint m_resting; // where the pointer was when the card appeared: it reads only once it moved
};

} // namespace ui
