// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ui/connections/ConnectionFacts.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QScrollArea;
class QVBoxLayout;

namespace ui {

class Button;
class EnvBanner;
class PlainLabel;
class SignInPanel;

// One connection in one environment: its account or key, and all that is known of the link. The card of a key comes in
// where SignInPanel shows the key.
class ConnectionDetail final : public QWidget
{
    Q_OBJECT
public:
    ConnectionDetail(const Theme &theme, QWidget *parent = nullptr);

    void setKnown(const ConnectionText::Known &known, EnvLook look);
    void clear() { m_place = {}; }
    Place place() const { return m_place; }

Q_SIGNALS:
    void closed();
    void signInWanted(const ui::Place &place);
    void cancelWanted(const ui::Place &place);
    void signOutWanted(const ui::Place &place);
    void pageWanted(const QString &address);
    void said(const QString &sentence);

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void setFacts(const QList<ConnectionFacts> &facts);

    const Theme &m_theme;
    Place m_place;
    QList<ConnectionFacts> m_facts;
    QString m_sessionsPage;
    EnvBanner *m_banner;
    PlainLabel *m_name;
    QScrollArea *m_scroll;
    SignInPanel *m_panel;
    QVBoxLayout *m_sections;
    QWidget *m_foot;
    Button *m_sessions;
};

} // namespace ui
