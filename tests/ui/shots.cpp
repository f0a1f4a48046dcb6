// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/WindowBench.h"
#include "ui/shell/EnvMenu.h"
#include "ui/shell/TrayIcon.h"
#include "ui/widgets/ArmedButton.h"
#include "ui/widgets/BytesView.h"
#include "ui/widgets/Chip.h"
#include "ui/widgets/Countdown.h"
#include "ui/widgets/DenyButton.h"
#include "ui/widgets/EmptyState.h"
#include "ui/widgets/Env.h"
#include "ui/widgets/FieldsView.h"
#include "ui/widgets/Note.h"
#include "ui/widgets/Segmented.h"
#include "ui/widgets/Tag.h"
#include <QApplication>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QScreen>
#include <cstdio>

// Writes pictures of the shell and the widgets to COUNTERSIGN_SHOTS, in every theme, to be looked at beside the design's.
using namespace ui;

namespace {

QString name(ThemeSource::Choice choice)
{
    switch (choice) {
    case ThemeSource::Choice::System: return QStringLiteral("system");
    case ThemeSource::Choice::Light: return QStringLiteral("light");
    case ThemeSource::Choice::Dark: return QStringLiteral("dark");
    case ThemeSource::Choice::Contrast: return QStringLiteral("contrast");
    }
    Q_UNREACHABLE();
}

struct Shooter {
    QString folder;
    void save(const QPixmap &picture, const QString &scene, ThemeSource::Choice choice) const
    {
        picture.save(QStringLiteral("%1/%2-%3.png").arg(folder, scene, name(choice)));
    }
    // The window with what floats over it: as the screen shows it where there is one.
    void window(WindowBench &bench, const QString &scene, ThemeSource::Choice choice) const
    {
        bench.settle();
        QTest::qWait(150);
        QPixmap picture = bench.window.grab();
        if (auto *menu = bench.window.findChild<EnvMenu *>(); menu && menu->isVisible()) {
            QPainter painter(&picture);
            painter.drawPixmap(bench.window.mapFromGlobal(menu->pos()), menu->grab());
        }
        save(picture, scene, choice);
    }
};

QWidget *row(QWidget *parent, const Theme &theme, const QString &label, const QList<QWidget *> &widgets)
{
    auto *line = new QWidget(parent);
    auto *layout = new QHBoxLayout(line);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(16);
    auto *words = new PlainLabel(theme, label, Type::Small, Role::TextMuted);
    words->setFixedWidth(150);
    layout->addWidget(words);
    for (QWidget *widget : widgets)
        layout->addWidget(widget);
    layout->addStretch();
    return line;
}

void components(const Shooter &shooter, ThemeSource::Choice choice)
{
    ThemeSource themes(choice);
    const Theme &theme = themes.theme();
    FakeClock clock;
    SecondTicker ticker(clock);
    QWidget page;
    page.setAutoFillBackground(true);
    QPalette palette = page.palette();
    palette.setColor(QPalette::Window, theme.color(Role::Surface));
    page.setPalette(palette);
    page.resize(860, 940);
    auto *column = new QVBoxLayout(&page);
    column->setContentsMargins(24, 20, 24, 20);
    column->setSpacing(12);
    const auto allow = [&](EnvLook look, const QString &word) {
        auto *button = new ArmedButton(theme, clock);
        button->setText(QStringLiteral("Allow in ") + word);
        button->setLook(look);
        button->setKeyHint(QStringLiteral("Ctrl ⇧ A"));
        return button;
    };
    auto *arming = allow(EnvLook::Production, QStringLiteral("PRODUCTION"));
    arming->setArmingTime(std::chrono::milliseconds(5000));
    auto *blocked = allow(EnvLook::Production, QStringLiteral("PRODUCTION"));
    blocked->setBlocked(QStringLiteral("Type 2 more characters"));
    auto *armed = allow(EnvLook::Production, QStringLiteral("PRODUCTION"));
    auto *sandbox = allow(EnvLook::Sandbox, QStringLiteral("SANDBOX"));
    auto *staging = allow(EnvLook::Staging, QStringLiteral("STAGING"));
    auto *off = new Button(theme, QStringLiteral("Disabled"));
    off->setEnabled(false);
    auto *icon = new Button(theme, {});
    icon->setIconName(QStringLiteral("copy"));
    auto *chip = new Chip(theme, QStringLiteral("Filter on"));
    chip->setChecked(true);
    auto *segments = new Segmented(theme, QStringLiteral("segments"),
                                   {QStringLiteral("No, only this call"), QStringLiteral("This session"), QStringLiteral("15 minutes")});
    segments->setCurrent(0);
    auto *line = new QLineEdit(QStringLiteral("NV2H"));
    line->setFixedWidth(260);
    column->addWidget(row(&page, theme, QStringLiteral("Just shown, not armed"), {arming}));
    column->addWidget(row(&page, theme, QStringLiteral("Typed name missing"), {blocked}));
    column->addWidget(row(&page, theme, QStringLiteral("Armed"), {armed}));
    column->addWidget(row(&page, theme, QStringLiteral("Sandbox, staging"), {sandbox, staging}));
    column->addWidget(row(&page, theme, QStringLiteral("Deny"), {new DenyButton(theme, QStringLiteral("approval.deny"))}));
    column->addWidget(row(&page, theme, QStringLiteral("Buttons"),
                          {new Button(theme, QStringLiteral("Primary"), Button::Kind::Primary), new Button(theme, QStringLiteral("Normal")),
                           off, new Button(theme, QStringLiteral("Flat"), Button::Kind::Flat), icon, chip}));
    column->addWidget(row(&page, theme, QStringLiteral("Choice, field"), {segments, line}));
    column->addWidget(row(&page, theme, QStringLiteral("Tags"),
                          {new Tag(theme, QStringLiteral("Money"), QStringLiteral("money")),
                           new Tag(theme, QStringLiteral("Cannot be undone"), QStringLiteral("destructive")),
                           new Tag(theme, QStringLiteral("Outcome unknown"), QStringLiteral("unknown"), Tag::Kind::Caution)}));
    for (const auto &[look, word] :
         {std::pair(EnvLook::Sandbox, "SANDBOX"), std::pair(EnvLook::Staging, "STAGING"), std::pair(EnvLook::Production, "PRODUCTION")}) {
        auto *banner = new EnvBanner(theme);
        banner->setEnvironment(look, QLatin1String(word), QStringLiteral("Acme Inc"), QStringLiteral("rk_live_ ··· 7Qm2"));
        column->addWidget(banner);
    }
    auto *sentence = new PlainLabel(theme, QStringLiteral("Refund 50.00 USD to customer cus_NffrFeUfNV2Hib"), Type::Sentence, Role::Text);
    column->addWidget(sentence);
    for (const auto kind : {Note::Kind::Plain, Note::Kind::Caution, Note::Kind::Server}) {
        auto *note = new Note(theme, kind);
        note->setText(QStringLiteral("1 invisible character"),
                      QStringLiteral("in description, shown as a violet mark. It is sent as it is."));
        column->addWidget(note);
    }
    auto *fields = new FieldsView(theme);
    column->addWidget(fields, 1);
    auto *bytes = new BytesView(theme);
    bytes->setFixedHeight(60);
    bytes->setBytes(
        "{\"parameters\":{\"amount\":5000,\"customer\":\"cus_NffrFeUfNV2Hib\",\"note\":\"zero\xE2\x80\x8Bwidth\"},\n \"livemode\":true}");
    column->addWidget(bytes);
    page.show();
    page.activateWindow();
    if (!QTest::qWaitForWindowActive(&page))
        std::fprintf(stderr, "The page did not become active.\n");
    fields->setFields(
        {{QStringLiteral("parameters.amount"), QStringLiteral("5000 = 50.00 USD"), QStringLiteral("integer, minor units"), true, false, {}},
         {QStringLiteral("parameters.customer"), QStringLiteral("cus_NffrFeUfNV2Hib"), QStringLiteral("18 characters"), true, false, {}},
         {QStringLiteral("description"),
          QStringLiteral("Per seat, billed yearly\u200B, cancel any time\nVAT added at checkout"),
          QStringLiteral("63 characters, 2 lines"),
          false,
          false,
          {}},
         {QStringLiteral("human_confirmation"), QStringLiteral("{\"approval_token\":\"user said ok\"}"),
          QStringLiteral("sent only if you allow"), false, true, QStringLiteral("written by the agent")}});
    QTest::qWait(100);
    clock.advance(std::chrono::milliseconds(1500));
    armed->setFocus();
    QTest::qWait(100);
    shooter.save(page.grab(), QStringLiteral("components"), choice);
}

void shell(const Shooter &shooter, ThemeSource::Choice choice)
{
    const mcpcore::EnvironmentId production{QStringLiteral("production")}, sandbox{QStringLiteral("sandbox")};
    {
        WindowBench bench(choice);
        auto *empty = new EmptyState(
            bench.themes.theme(), QStringLiteral("approvals"), QStringLiteral("Nothing waits for you"),
            QStringLiteral("Calls that need you appear here. The last one was 4 minutes ago: Create price, allowed by your grant."));
        empty->addButton(QStringLiteral("approvals.activity"), QStringLiteral("Show activity"));
        bench.first->layout()->setContentsMargins(0, 0, 0, 0);
        bench.first->part->hide();
        bench.first->layout()->addWidget(empty);
        bench.show();
        shooter.window(bench, QStringLiteral("empty"), choice);
        bench.desk.space.activeEnvironment = production;
        bench.desk.setPaused(true);
        empty->setContent(QStringLiteral("pause"), QStringLiteral("Paused"),
                          QStringLiteral("Clients are told that a person has paused Countersign."));
        shooter.window(bench, QStringLiteral("paused"), choice);
    }
    {
        WindowBench bench(choice);
        bench.desk.add(bench.desk.sampleApproval());
        bench.first->setCount(1);
        bench.show();
        bench.click("env.switch");
        bench.click("env.menu.production");
        QTest::keyClicks(bench.find<QLineEdit>("env.unlock.reason"), QStringLiteral("Refund for ticket SUP-4471"));
        QTest::qWait(100);
        bench.clock.advance(std::chrono::milliseconds(3000));
        shooter.window(bench, QStringLiteral("env-menu"), choice);
    }
    {
        WindowBench bench(choice);
        bench.desk.space.environments.append({{QStringLiteral("eu-prod")}, mcpcore::EnvironmentKind::Production});
        bench.desk.unlocks[{QStringLiteral("eu-prod")}] = bench.clock.wall() + std::chrono::seconds(41);
        bench.desk.unlocks[{QStringLiteral("production")}] = bench.clock.wall() + std::chrono::seconds(761);
        bench.show();
        bench.click("env.switch");
        bench.click("env.add");
        QTest::keyClicks(bench.find<QLineEdit>("env.add.name"), QStringLiteral("us-prod"));
        bench.find<Segmented>("env.add.kind")->setCurrent(2);
        shooter.window(bench, QStringLiteral("env-add"), choice);
    }
    {
        WindowBench bench(choice);
        bench.desk.space.environments.append({{QStringLiteral("eu-prod")}, mcpcore::EnvironmentKind::Production});
        bench.desk.space.activeEnvironment = {QStringLiteral("eu-prod")};
        bench.desk.unlocks[{QStringLiteral("eu-prod")}] = bench.clock.wall() + std::chrono::seconds(41);
        bench.show();
        Q_EMIT bench.desk.workspaceChanged();
        shooter.window(bench, QStringLiteral("env-own"), choice);
    }
    {
        WindowBench bench(choice);
        bench.desk.space.activeEnvironment = production;
        bench.desk.unlocks[production] = bench.clock.wall() + std::chrono::milliseconds(761'000);
        for (int count = 0; count < 5; ++count)
            bench.desk.add(bench.desk.sampleApproval(QStringLiteral("production")));
        bench.first->setCount(5);
        bench.show();
        shooter.window(bench, QStringLiteral("production"), choice);
        QMenu *menu = bench.window.tray()->menu();
        menu->popup(bench.window.mapToGlobal(QPoint(300, 200)));
        QTest::qWait(100);
        shooter.save(menu->grab(), QStringLiteral("tray"), choice);
        menu->close();
        shooter.save(TrayIcon::picture(bench.themes.theme(), 48, Qt::gray, EnvLook::Production, 5, false), QStringLiteral("tray-icon"),
                     choice);
    }
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const Shooter shooter{qEnvironmentVariable("COUNTERSIGN_SHOTS")};
    if (shooter.folder.isEmpty()) {
        std::fprintf(stderr, "Set COUNTERSIGN_SHOTS to the folder the pictures go to.\n");
        return 64;
    }
    for (const auto choice : {ThemeSource::Choice::Light, ThemeSource::Choice::Dark, ThemeSource::Choice::Contrast}) {
        components(shooter, choice);
        shell(shooter, choice);
    }
    return 0;
}
