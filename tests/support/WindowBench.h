// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/FakeDesk.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/ThemeSource.h"
#include <QAbstractButton>
#include <QLabel>
#include <QTest>
#include <QVBoxLayout>

// A page that counts what the window asks of it.
class BlankPage final : public ui::Page
{
public:
    BlankPage(const QString &id, const QString &title, CountLook look) : Page({id, title, id}), part(new QWidget(this)), m_look(look)
    {
        setObjectName(QStringLiteral("page.") + id);
        part->setObjectName(id + QStringLiteral(".part"));
        part->setFocusPolicy(Qt::StrongFocus);
        part->setAccessibleName(title);
        auto *layout = new QVBoxLayout(this);
        layout->addWidget(part);
    }
    int count() const override { return m_count; }
    CountLook countLook() const override { return m_look; }
    bool openFind() override { return ++finds > 0; }
    bool leave() override { return ++leaves > 0; }
    QList<QWidget *> parts() override { return {part}; }
    void setCount(int count)
    {
        m_count = count;
        Q_EMIT countChanged();
    }
    QWidget *part;
    int finds = 0, leaves = 0;

private:
    CountLook m_look;
    int m_count = 0;
};

// The main window over a FakeDesk with two blank pages.
struct WindowBench {
    explicit WindowBench(ui::ThemeSource::Choice choice = ui::ThemeSource::Choice::Light) : themes(choice)
    {
        window.addPage(first);
        window.addPage(second);
    }
    void show()
    {
        window.show();
        window.activateWindow();
        QVERIFY(QTest::qWaitForWindowActive(&window));
        settle();
    }
    // Lets moves and resizes that are on their way arrive.
    void settle()
    {
        for (int turn = 0; turn < 3; ++turn)
            QTest::qWait(0);
    }
    template <typename Widget> Widget *find(const char *name)
    {
        auto *found = window.findChild<Widget *>(QLatin1String(name));
        if (!found)
            qFatal("There is no widget %s", name);
        return found;
    }
    void click(const char *name)
    {
        QTest::mouseClick(find<QAbstractButton>(name), Qt::LeftButton);
        settle();
    }

    FakeClock clock;
    FakeDesk desk{clock};
    ui::ThemeSource themes;
    ui::SecondTicker ticker{clock};
    ui::MainWindow window{desk, themes.theme(), clock, ticker};
    BlankPage *first = new BlankPage(QStringLiteral("approvals"), QStringLiteral("Approvals"), ui::Page::CountLook::Hot);
    BlankPage *second = new BlankPage(QStringLiteral("activity"), QStringLiteral("Activity"), ui::Page::CountLook::Plain);
};

// What is wrong with the widgets below `root`: labels that could read markup, buttons and fields without a name.
inline QStringList faultsOf(const QWidget &root)
{
    QStringList faults;
    for (const QWidget *widget : root.findChildren<QWidget *>()) {
        const QString who = QStringLiteral("%1 \"%2\"").arg(QLatin1String(widget->metaObject()->className()), widget->objectName());
        if (const auto *label = qobject_cast<const QLabel *>(widget); label && label->textFormat() != Qt::PlainText)
            faults.append(who + QStringLiteral(" may read markup"));
        const bool focusable = widget->focusPolicy() & Qt::TabFocus && !widget->objectName().startsWith(QLatin1String("qt_"));
        if (focusable && widget->objectName().isEmpty())
            faults.append(who + QStringLiteral(" has no objectName"));
        if (focusable && widget->accessibleName().isEmpty())
            faults.append(who + QStringLiteral(" has no accessible name"));
    }
    return faults;
}
