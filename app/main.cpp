// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/Composition.h"
#include "app/ConfirmDialog.h"
#include "app/DeskLink.h"
#include "app/Owner.h"
#include "base/Json.h"
#include "ui/activity/ActivityPage.h"
#include "ui/approvals/ApprovalsPage.h"
#include "ui/clients/ClientsPage.h"
#include "ui/connections/ConnectionsPage.h"
#include "ui/connections/PassphraseDialog.h"
#include "ui/shell/MainWindow.h"
#include "ui/theme/ThemeSource.h"
#include "ui/widgets/Button.h"
#include <QApplication>
#include <QCommandLineParser>
#include <QDesktopServices>
#include <QHostAddress>
#include <QMessageBox>
#include <QPushButton>
#include <QSystemTrayIcon>
#include <QTimer>
#include <QUrl>

namespace app {

using namespace mcpcore;

namespace {

// Pages of others open in the browser only over TLS, or when they are on this machine.
void openInBrowser(const QString &address)
{
    const QUrl url(address, QUrl::StrictMode);
    const QHostAddress host(url.host());
    const bool here = url.scheme() == QLatin1String("http") && (host.isLoopback() || url.host() == QLatin1String("localhost"));
    if (url.isValid() && !url.host().isEmpty() && (here || url.scheme() == QLatin1String("https")))
        QDesktopServices::openUrl(url);
}

// InTray: started for a client, so nothing comes to the front; without a tray the window is there, minimized.
enum class Opening { Window, InTray };

// The windows around one profile, once its lock is ours.
int show(const Profile &profile, quint16 port, Opening opening)
{
    const SystemClock clock;
    ui::ThemeSource themes;
    ui::SecondTicker ticker(clock);
    QPointer<ui::MainWindow> window;
    Composition::Options options{Composition::Serve::Yes, port, {}, true};
    options.confirm = [&](const QString &sentence, const QString &detail, Completion<> done) {
        auto *dialog = new ConfirmDialog(themes.theme(), clock, sentence, detail, std::move(done), window);
        dialog->show();
    };
    options.openBrowser = openInBrowser;
    Composition composition(profile, std::move(options));
    DeskLink desk(composition, profile);
    const auto open = [&](Core *core) {
        window = new ui::MainWindow(desk, themes.theme(), clock, ticker);
        window->addPage(new ui::ApprovalsPage(desk, themes.theme(), clock, ticker));
        window->addPage(new ui::ActivityPage(desk, themes.theme(), clock));
        window->addPage(new ui::ConnectionsPage(desk, themes.theme(), clock));
        window->addPage(new ui::ClientsPage(desk, themes.theme(), clock));
        QObject::connect(window, &ui::MainWindow::quitWanted, QCoreApplication::instance(), &QCoreApplication::quit);
        if (core)
            QObject::connect(core, &Core::windowWanted, window, [window = window.data()] { window->openForPerson(); });
        if (opening == Opening::Window)
            window->show();
        else if (!QSystemTrayIcon::isSystemTrayAvailable())
            window->showMinimized();
    };
    // The file with the keys is opened once a start: asked for now, and again when the person wants to.
    QPointer<ui::PassphraseDialog> passphrase;
    const auto askPassphrase = [&](ui::Button *again) {
        if (passphrase)
            return passphrase->raise();
        const auto unlock = [&composition, &desk, again](Secret given, const std::function<void(Result<>)> &done) {
            composition.unlockKeys(std::move(given), [&desk, again, done](const Result<> &unlocked) {
                again->setVisible(!unlocked);
                if (unlocked)
                    Q_EMIT desk.connectionsChanged();
                done(unlocked);
            });
        };
        passphrase = new ui::PassphraseDialog(themes.theme(), ui::PassphraseDialog::For::OpenFile, unlock, window);
        passphrase->open();
    };
    composition.start([&](Result<Core *> core) {
        if (!core) {
            open(nullptr);
            return desk.fail(core.error().message);
        }
        const bool fresh = composition.firstStart();
        desk.attach(**core);
        open(*core);
        QObject::connect(composition.screen(), &ScreenLock::happened, window, &ui::MainWindow::rearm);
        QObject::connect(composition.screen(), &ScreenLock::over, window, &ui::MainWindow::rearm);
        if (composition.keysAreLocked()) {
            ui::Button *again = window->addProblemButton(QStringLiteral("keys.open"), QObject::tr("Give the passphrase"));
            QObject::connect(again, &QAbstractButton::clicked, window, [again, askPassphrase] { askPassphrase(again); });
            askPassphrase(again);
        }
        // A first start finds Practice ready.
        if (fresh)
            desk.addPractice(Completion<>(&desk, [](Result<>) {}));
    });
    quitOnSignals();
    const int code = QApplication::exec();
    delete window;
    return code;
}

// `serve` owns the profile: offers to take over. Answers with the lock, or nothing.
void takeOver(const Profile &profile, const std::function<void(std::unique_ptr<QLockFile>)> &done)
{
    auto *question = new QMessageBox(QMessageBox::Question, QStringLiteral("Countersign"), QString(), QMessageBox::NoButton);
    question->setAttribute(Qt::WA_DeleteOnClose);
    question->setTextFormat(Qt::PlainText);
    question->setText(QObject::tr("countersignctl serve runs for this profile. End it and go on here?"));
    QAbstractButton *take = question->addButton(QObject::tr("End it and go on here"), QMessageBox::AcceptRole);
    question->addButton(QObject::tr("Leave it"), QMessageBox::RejectRole);
    QObject::connect(question, &QMessageBox::buttonClicked, question, [profile, done, take](QAbstractButton *button) {
        if (button != take)
            return done(nullptr);
        (void)askOwner(profile, QStringLiteral("serve end"), Json::object());
        auto *retry = new QTimer(QCoreApplication::instance());
        QObject::connect(retry, &QTimer::timeout, retry, [profile, done, retry, tries = 0]() mutable {
            auto lock = profile.takeLock();
            if (!lock && ++tries < 50)
                return;
            retry->deleteLater();
            done(lock ? std::move(*lock) : nullptr);
        });
        retry->start(200);
    });
    question->open();
}

} // namespace

} // namespace app

int main(int argc, char **argv)
{
    app::keepSecretsOutOfCoreDumps();
    QApplication application(argc, argv);
    QApplication::setApplicationName(QStringLiteral("countersign"));
    QApplication::setApplicationDisplayName(QStringLiteral("Countersign"));
    QApplication::setApplicationVersion(QStringLiteral(COUNTERSIGN_VERSION));
    QApplication::setQuitOnLastWindowClosed(false);

    QCommandLineParser arguments;
    arguments.addHelpOption();
    arguments.addVersionOption();
    arguments.addOption({QStringLiteral("profile"), QStringLiteral("Folder with all state."), QStringLiteral("folder")});
    arguments.addOption(
        {QStringLiteral("port"), QStringLiteral("Port on 127.0.0.1."), QStringLiteral("port"), QString::number(app::kStandardPort)});
    const QString background = QStringLiteral("background");
    arguments.addOption({background, QStringLiteral("Start without opening the window.")});
    arguments.process(application);
    bool valid = false;
    const quint16 port = arguments.value(QStringLiteral("port")).toUShort(&valid);
    const auto profile = app::Profile::at(arguments.value(QStringLiteral("profile")));
    if (!profile || !valid) {
        std::fprintf(stderr, "%s\n", valid ? qPrintable(profile.error().message) : "--port must be a number up to 65535.");
        return valid ? 1 : 64;
    }
    // Asked first, so that a second start does not wait for the lock.
    if (const auto raised = app::askOwner(*profile, QStringLiteral("window open"), mcpcore::Json::object()); raised && *raised)
        return 0;
    auto lock = profile->takeLock();
    // Commands of countersignctl hold it for a moment each, and many of them one after the other for longer: nobody to take over from.
    for (int i = 0; !lock && i < 10 && !app::askOwner(*profile, QStringLiteral("status"), mcpcore::Json::object()); ++i)
        lock = profile->takeLock();
    if (!lock) {
        std::unique_ptr<QLockFile> taken;
        app::takeOver(*profile, [&taken](std::unique_ptr<QLockFile> ours) {
            taken = std::move(ours);
            QMetaObject::invokeMethod(QCoreApplication::instance(), &QCoreApplication::quit, Qt::QueuedConnection);
        });
        QApplication::exec();
        if (!taken)
            return 0;
        lock = std::move(taken);
    }
    return app::show(*profile, port, arguments.isSet(background) ? app::Opening::InTray : app::Opening::Window);
}
