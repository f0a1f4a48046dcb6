// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QObject>
#include <QStringList>
#include <memory>

namespace app {

class ScreenWatch; // of the system that this is built for

// Hears from the system that the screen is locked and that the computer goes to sleep, where somebody tells of it. Without
// anybody it stays silent, and heard() is empty. Lives in the main thread, as long as the Composition.
class ScreenLock final : public QObject
{
    Q_OBJECT
public:
    explicit ScreenLock(QObject *parent = nullptr);
    ~ScreenLock() override;

    enum class Event { Locked, Sleeps };
    // Who tells of which event, in words: "suspend (logind)". What is known now; heardChanged() follows.
    QStringList heard() const;
    // What had to be done before the computer may sleep is done.
    void letSleep();

Q_SIGNALS:
    void happened(app::ScreenLock::Event event);
    void over(); // the screen is open again, or the computer is awake
    void heardChanged();

private:
    std::unique_ptr<ScreenWatch> m_watch;
};

} // namespace app
