// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Names.h"
#include <QWidget>

namespace ui {

// One entry of the sidebar. The window shows one page at a time, and asks little else of it.
class Page : public QWidget
{
    Q_OBJECT
public:
    struct Entry {
        QString id;    // "approvals": part of objectNames
        QString title; // "Approvals"
        QString icon;  // name of a file in resources/icons
    };
    enum class CountLook { Hot, Plain }; // waiting for a person, or merely a number

    Page(Entry entry, QWidget *parent = nullptr) : QWidget(parent), m_entry(std::move(entry)) {}
    const Entry &entry() const { return m_entry; }
    // The number beside the title; 0 shows none.
    virtual int count() const { return 0; }
    virtual CountLook countLook() const { return CountLook::Plain; }
    // Ctrl+F. False when there is nothing to find in.
    virtual bool openFind() { return false; }
    // Esc that nobody else took. False when there was nothing to leave.
    virtual bool leave() { return false; }
    // A person wants to see a connection in an environment; for the page that shows such.
    virtual void openPlace(const mcpcore::ConnectionId &, const mcpcore::EnvironmentId &) {}
    // F6 and Shift+F6 walk through these.
    virtual QList<QWidget *> parts() { return {}; }

Q_SIGNALS:
    void countChanged();
    // Show another page: "activity".
    void pageWanted(const QString &id);
    // One line for the status line at the window's foot.
    void said(const QString &sentence);

private:
    Entry m_entry;
};

} // namespace ui
