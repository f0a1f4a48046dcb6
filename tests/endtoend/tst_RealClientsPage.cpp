// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
// The page of clients in the real app: one click connects a client, its next call arrives, and disconnecting leaves its file as it was.
#include "RealApp.h"
#include "support/Runner.h"
#include <QDir>
#include <QRegularExpression>
#include <QScopeGuard>

using mcpcore::Json;

class tst_RealClientsPage : public QObject
{
    Q_OBJECT

    static QByteArray content(const QString &path)
    {
        QFile file(path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("not to be read");
    }
    // The words of `key = "…"` or `key = ["…", "…"]`.
    static QStringList wordsAt(const QByteArray &toml, const char *key)
    {
        static const QRegularExpression word(QStringLiteral("\"([^\"]*)\""));
        const qsizetype from = toml.indexOf(QByteArray(key) + " = ");
        QStringList words;
        for (auto found = word.globalMatch(QString::fromUtf8(toml.mid(from, toml.indexOf('\n', from) - from))); found.hasNext();)
            words.append(found.next().captured(1));
        return words;
    }

private Q_SLOTS:
    void oneClickConnectsAndDisconnectingLeavesTheFileAsItWas()
    {
        const QTemporaryDir home(QStringLiteral("/tmp/countersign-home-XXXXXX"));
        const QString path = home.filePath(QStringLiteral(".codex/config.toml"));
        const QByteArray before = "# mine\r\nmodel = \"o9\" # the best\r\n\r\n[mcp_servers.files]\r\ncommand = 'files'\r\n";
        QVERIFY(QDir().mkpath(QFileInfo(path).path()));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly) && file.write(before) == before.size());
        file.close();
        // Nothing else is installed in that home.
        const QByteArray ownHome = qgetenv("HOME"), ownPath = qgetenv("PATH");
        const auto restored = qScopeGuard([&] {
            qputenv("HOME", ownHome);
            qputenv("PATH", ownPath);
        });
        qputenv("HOME", home.path().toUtf8());
        qputenv("PATH", "/usr/bin:/bin");

        Setup setup;
        RealApp app;
        app.open(setup);
        RealApp::bringToFront();
        QTRY_VERIFY_WITH_TIMEOUT(!setup.ctl({QStringLiteral("connection"), QStringLiteral("show"), QStringLiteral("practice")})
                                      .answer.value("trusted", Json::array())
                                      .empty(),
                                 20'000);
        const auto title = [] { return RealApp::xdo({QStringLiteral("getactivewindow"), QStringLiteral("getwindowname")}); };
        QTRY_VERIFY_WITH_TIMEOUT((RealApp::press("ctrl+4"), title().contains("Clients")), 20'000);
        RealApp::shot("clients-before");
        QCOMPARE(content(path), before);
        QTRY_VERIFY_WITH_TIMEOUT((RealApp::clickFooterButton(), content(path) != before), 20'000);
        const QByteArray after = content(path);
        QVERIFY2(after.startsWith(before) && after.contains("[mcp_servers.countersign]"), after.constData());
        RealApp::shot("clients-connected");

        // The next start of the client.
        SdkClient client;
        client.connectBy(QStringList{QStringLiteral("--")} + wordsAt(after.mid(before.size()), "command")
                         + wordsAt(after.mid(before.size()), "args"));
        QVERIFY(client.toolNames().contains(QStringLiteral("practice__list_plans")));

        // By the first button the person is asked; what confirms is armed a moment later.
        RealApp::clickFooterButton();
        RealApp::shot("clients-asked");
        QTRY_COMPARE_WITH_TIMEOUT((RealApp::clickAt({690, -76}), content(path)), before, 20'000);
        RealApp::shot("clients-disconnected");
        const Json clients = setup.must({QStringLiteral("client"), QStringLiteral("list")});
        QCOMPARE(clients["clients"].size(), size_t(1));
        QVERIFY(clients["clients"][0].value("revoked", false));
        client.call("gone", "practice__list_plans", Json::object());
        const Json gone = client.outcome("gone");
        QVERIFY2(gone.value("event", "") == "error", gone.dump().c_str());
    }
};

COUNTERSIGN_TEST(tst_RealClientsPage)
#include "tst_RealClientsPage.moc"
