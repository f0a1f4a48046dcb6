// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "architecture/Rules.h"
#include <QRegularExpression>

namespace {

enum class Tests { Obey, AreExempt };

// A rule that a pattern appears nowhere in code, except under the paths that start with one of `exempt`.
std::function<QStringList(const Source &)> never(const char *pattern, Tests tests, const QStringList &exempt = {})
{
    const QRegularExpression form{QString::fromLatin1(pattern)};
    Q_ASSERT(form.isValid());
    return [=](const Source &source) {
        QStringList found;
        const auto excuses = [&](const QString &start) { return source.path.startsWith(start); };
        if ((tests == Tests::AreExempt && source.isIn("tests")) || std::any_of(exempt.begin(), exempt.end(), excuses))
            return found;
        for (qsizetype i = 0; i < source.code.size(); ++i)
            if (const auto match = form.match(source.code[i]); match.hasMatch())
                found.append(QStringLiteral("%1: %2").arg(i + 1).arg(match.captured().trimmed()));
        return found;
    };
}

QStringList paths(const char *words)
{
    return QString::fromLatin1(words).split(QLatin1Char(' '));
}

} // namespace

std::vector<Rule> wordRules()
{
    return {
        {"no nested event loops",
         never(R"(\bQEventLoop\b|\bprocessEvents\b)", Tests::AreExempt, paths("mcpcore/base/EpollDispatcher")),
         {{"ui/shell/A.cpp", "QEventLoop loop;"}, {"mcpcore/gateway/A.cpp", "QCoreApplication::processEvents();"}},
         {{"ui/shell/A.cpp", "// no QEventLoop here\nopen(); call(\"processEvents\");"}, {"tests/ui/tst_A.cpp", "QEventLoop loop;"}}},
        // A command line may wait for its one answer; a child's guard gets its short time to end what it has started.
        {"the core and the windows never block",
         never(
             R"(\bwaitFor(Started|Finished|ReadyRead|BytesWritten|NewConnection|Connected|Disconnected)\s*\(|\bBlockingQueuedConnection\b)",
             Tests::AreExempt, paths("app/ mcpcore/upstream/GuardedProcess_")),
         {{"mcpcore/upstream/A.cpp", "m_process.waitForFinished(1000);"}, {"ui/shell/A.cpp", "socket.waitForReadyRead();"}},
         {{"app/Owner.cpp", "socket.waitForConnected(1000);"}, {"mcpcore/upstream/A.cpp", "connect(p, &QProcess::finished, this, f);"}}},
        // Each program runs its one event loop.
        {"dialogs and menus open, they do not exec",
         never(R"((?<!Application::)\bexec\s*\()", Tests::AreExempt),
         {{"ui/shell/A.cpp", "if (dialog.exec() == QDialog::Accepted) {"},
          {"ui/shell/A.cpp", "menu->exec(position);"},
          {"ui/shell/A.cpp", "return QDialog::exec();"},
          {"app/A.cpp", "const int answer = QMessageBox(this).exec();"},
          {"mcpcore/gateway/A.cpp", "loop.exec();"}},
         {{"mcpcore/audit/A.cpp", "sqlite3_exec(database, sql, nullptr, nullptr, nullptr);"},
          {"app/main.cpp", "return QApplication::exec();"},
          {"ui/shell/A.cpp", "dialog->open(); execute(); // exec()"}}},
        {"JSON is Json or RawJson",
         never(R"(\bQJson\w+)", Tests::Obey),
         {{"mcpcore/policy/A.cpp", "const QJsonObject object;"}, {"tests/policy/tst_A.cpp", "QJsonDocument::fromJson(bytes)"}},
         {{"mcpcore/policy/A.cpp", "const Json object; // QJsonObject sorts keys"}}},
        {"no singletons of our own",
         never(R"(\bstatic\s+[\w:<>]+\s*[&*]\s*(instance|self|shared|global|theInstance)\w*\s*\(|Q_GLOBAL_STATIC)", Tests::Obey),
         {{"mcpcore/policy/A.h", "    static Policy &instance();"},
          {"ui/shell/A.h", "static Theme* self() { return theme; }"},
          {"ui/shell/A.cpp", "Q_GLOBAL_STATIC(Theme, theme)"}},
         {{"ui/shell/A.cpp", "QCoreApplication::instance()->quit(); static const Theme &theme = make();"}}},
        // QDBusConnection::connect() knows no other form.
        {"connections are checked by the compiler",
         never(R"(\b(SIGNAL|SLOT)\s*\(|\bQ_FOREACH\b|\bforeach\s*\()", Tests::Obey,
               paths("app/ScreenLock_linux.cpp ui/theme/ThemeSource.cpp")),
         {{"ui/shell/A.cpp", "connect(a, SIGNAL(clicked()), b, SLOT(go()));"}, {"ui/shell/A.cpp", "Q_FOREACH (int i, list)"}},
         {{"ui/shell/A.cpp", "Q_SIGNALS:\nconnect(a, &A::clicked, b, &B::go);"}}},
        {"names say the job",
         never(R"(^\s*(class|struct|namespace)\s+\w*(Manager|Helpers?|Utils?|Util|Handler)\b)", Tests::Obey),
         {{"mcpcore/policy/A.h", "class PolicyManager"},
          {"tests/support/A.h", "struct TestHelper {"},
          {"ui/shell/A.h", "namespace Utils {"}},
         {{"mcpcore/policy/A.h", "class PolicyStore"}}},
        // Values cross threads by post() (base/Post.h).
        {"no locks",
         never(R"(\b(QMutex|QMutexLocker|QReadWriteLock|QSemaphore|QWaitCondition)\b|std::(recursive_|shared_|timed_)?mutex\b)",
               Tests::AreExempt),
         {{"mcpcore/audit/A.h", "QMutex m_mutex;"}, {"mcpcore/audit/A.h", "mutable std::mutex m_mutex;"}},
         {{"mcpcore/audit/A.h", "// no QMutex"}}},
        {"nothing sleeps",
         never(R"(\b(QThread::m?sleep|QThread::usleep|QTest::qSleep|sleep_for|sleep_until|usleep|nanosleep)\s*\()", Tests::Obey,
               paths("mcpcore/clientconfig/FileSteps_linux.cpp")), // the one wait for what no call tells of: letOpen()
         {{"tests/audit/tst_A.cpp", "QTest::qSleep(50);"}, {"mcpcore/audit/A.cpp", "std::this_thread::sleep_for(10ms);"}},
         {{"tests/audit/tst_A.cpp", "QVERIFY(appended.wait());"}}},
        {"tests do not reach in",
         never(R"(\bfriend\s+(class|struct)\s+(tst_\w+|\w*Test)\b|#\s*define\s+private\b)", Tests::Obey),
         {{"mcpcore/audit/A.h", "friend class tst_ActivityLog;"}, {"tests/audit/tst_A.cpp", "#define private public"}},
         {{"mcpcore/model/A.h", "friend class ActivityLog;"}}},
        // Text cannot be wiped. Bytes can (wipe() of base/Secret.h), and are held for the length of one function only.
        {"a secret is never text",
         never(
             R"(\b(QString|std::string)\s*[&*]?\s+[&*]?(m_)?(\w*(secret|Secret|passphrase|Passphrase|password|Password)|apiKey|privateKey)\b)",
             Tests::AreExempt),
         {{"mcpcore/control/A.cpp", "QString secret = stringAt(parameters, \"secret\", {});"},
          {"mcpcore/upstream/A.h", "    QString m_clientSecret;"},
          {"app/ctl/A.cpp", "const std::string passphrase = read();"}},
         {{"mcpcore/secrets/A.h", "void store(const QString &id, Secret secret); QString secretVariable;"},
          {"app/ctl/A.cpp", "QByteArray secret = readLine();"}}},
        {"an interface takes a Secret",
         [](const Source &source) {
             static const auto anywhere =
                 never(R"(\bQByteArray\s*[&*]?\s+[&*]?(m_)?(\w*(secret|Secret|passphrase|Passphrase|password|Password)|apiKey)\b)",
                       Tests::AreExempt);
             return source.isHeader() ? anywhere(source) : QStringList{};
         },
         {{"mcpcore/secrets/A.h", "void store(const QString &id, const QByteArray &secret);"},
          {"app/ctl/A.h", "    QByteArray m_passphrase;"}},
         {{"mcpcore/secrets/A.h", "void store(const QString &id, Secret secret);"}, {"app/ctl/A.cpp", "QByteArray secret = readLine();"}}},
        {"secrets are revealed only where they leave",
         never(R"((\.|->)\s*reveal\s*\()", Tests::AreExempt,
               paths("mcpcore/base/ mcpcore/secrets/ mcpcore/upstream/ mcpcore/clientconfig/MaskedText.cpp "
                     "mcpcore/control/ClientImports.cpp mcpcore/control/VendorCheck.cpp app/DeskLinkClients.cpp app/DeskLinkKeys.cpp "
                     "app/ctl/KeyCommands.cpp "
                     "ui/widgets/KeyClipboard.cpp ui/connections/RevealedKey.cpp")),
         {{"mcpcore/gateway/A.cpp", "log(secret.reveal());"}, {"app/ctl/A.cpp", "print(key->reveal());"}},
         {{"mcpcore/upstream/A.cpp", "header += secret.reveal();"}}},
        {"code for one system is in a file named after it",
         [](const Source &source) {
             static const QRegularExpression named(QStringLiteral("_(unix|linux|mac|win)\\.(h|cpp)$"));
             static const auto anySystem = never(R"(\bQ_OS_\w+|\b__linux__\b|\b_WIN32\b|\b__APPLE__\b)", Tests::AreExempt);
             return named.match(source.path).hasMatch() ? QStringList{} : anySystem(source);
         },
         {{"mcpcore/server/A.cpp", "#ifdef Q_OS_LINUX"}, {"app/A.cpp", "#if defined(_WIN32)"}},
         {{"mcpcore/server/A_linux.cpp", "#ifdef Q_OS_LINUX"}}},
    };
}
