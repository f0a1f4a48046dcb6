// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "base/EpollDispatcher_linux.h"
#include "base/Post.h"
#include "support/Runner.h"
#include <QElapsedTimer>
#include <QSemaphore>
#include <QSocketNotifier>
#include <QTcpServer>
#include <QTcpSocket>
#include <QThread>
#include <QTimer>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

using namespace mcpcore;

namespace {

// A thread whose loop is the one under test, and a way to do something in it and wait for that.
class LoopThread
{
public:
    LoopThread()
    {
        m_thread.setEventDispatcher(new EpollDispatcher);
        m_inside.moveToThread(&m_thread);
        m_thread.start();
    }
    ~LoopThread()
    {
        m_thread.quit();
        m_thread.wait();
    }
    template <typename Function> void run(Function function)
    {
        QMetaObject::invokeMethod(&m_inside, std::move(function), Qt::BlockingQueuedConnection);
    }
    QObject *inside() { return &m_inside; }
    qint64 processorMicroseconds()
    {
        timespec used{};
        run([&used] { ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used); });
        return qint64(used.tv_sec) * 1'000'000 + used.tv_nsec / 1'000;
    }

private:
    QThread m_thread;
    QObject m_inside;
};

struct SocketPair {
    SocketPair()
    {
        if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
            qFatal("no socket pair");
    }
    ~SocketPair()
    {
        for (const int end : ends)
            if (end >= 0)
                ::close(end);
    }
    int ends[2] = {-1, -1};
};

constexpr int soon = 10'000; // milliseconds; how long a test waits before it fails

} // namespace

class tst_EpollDispatcher : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void noPostOfManyThreadsIsLost()
    {
        LoopThread loop;
        constexpr int threads = 4;
        constexpr int posts = 20'000;
        QSemaphore arrived;
        std::vector<std::unique_ptr<QThread>> posting;
        for (int i = 0; i < threads; ++i) {
            posting.emplace_back(QThread::create([&] {
                for (int n = 0; n < posts; ++n)
                    post(loop.inside(), [&arrived] { arrived.release(); });
            }));
            posting.back()->start();
        }
        QVERIFY(arrived.tryAcquire(threads * posts, 6 * soon));
        for (auto &thread : posting)
            thread->wait();
    }
    // Each post waits for the one before: the loop sleeps, or is just about to, whenever one comes.
    void aPostWakesALoopThatSleeps()
    {
        LoopThread one;
        LoopThread other;
        QSemaphore done;
        std::function<void(int)> bounce = [&](int left) {
            if (left == 0)
                return done.release();
            post(left % 2 ? one.inside() : other.inside(), [&bounce, left] { bounce(left - 1); });
        };
        bounce(50'000);
        QVERIFY(done.tryAcquire(1, 6 * soon));
    }
    void endsAtOnceHoweverOftenItIsStarted()
    {
        for (int i = 0; i < 500; ++i) {
            QThread thread;
            thread.setEventDispatcher(new EpollDispatcher);
            thread.start();
            thread.quit();
            QVERIFY(thread.wait(soon));
        }
    }
    void timersFireInTheOrderOfTheirTimes()
    {
        LoopThread loop;
        QList<int> fired;
        QSemaphore done;
        loop.run([&] {
            for (const int milliseconds : {40, 10, 30, 0, 20})
                QTimer::singleShot(milliseconds, loop.inside(), [&, milliseconds] {
                    fired.append(milliseconds);
                    done.release();
                });
        });
        QVERIFY(done.tryAcquire(5, soon));
        loop.run([] {});
        QCOMPARE(fired, (QList<int>{0, 10, 20, 30, 40}));
    }
    void aTimerNeverFiresEarlyAndRepeatsUntilStopped()
    {
        LoopThread loop;
        QSemaphore ticks;
        std::unique_ptr<QTimer> timer;
        QElapsedTimer clock;
        int ticked = 0;
        loop.run([&] {
            timer = std::make_unique<QTimer>();
            timer->setTimerType(Qt::PreciseTimer);
            QObject::connect(timer.get(), &QTimer::timeout, loop.inside(), [&] {
                ticks.release();
                if (++ticked == 3)
                    timer->stop();
            });
            clock.start();
            timer->start(15);
        });
        QVERIFY(ticks.tryAcquire(3, soon));
        QVERIFY(clock.elapsed() >= 45);
        QVERIFY(!ticks.tryAcquire(1, 60));
        loop.run([&] { timer.reset(); });
    }
    void aTimerWithoutAnIntervalLeavesOthersTheirTurn()
    {
        LoopThread loop;
        SocketPair pair;
        QSemaphore read;
        std::unique_ptr<QTimer> busy;
        std::unique_ptr<QSocketNotifier> notifier;
        loop.run([&] {
            busy = std::make_unique<QTimer>();
            busy->start(0);
            notifier = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
            QObject::connect(notifier.get(), &QSocketNotifier::activated, loop.inside(), [&] {
                char byte = 0;
                if (::read(pair.ends[0], &byte, 1) == 1)
                    read.release();
            });
        });
        QCOMPARE(::write(pair.ends[1], "x", 1), ssize_t(1));
        QVERIFY(read.tryAcquire(1, soon));
        loop.run([&] {
            busy.reset();
            notifier.reset();
        });
    }
    void whatIsSwitchedOffIsNotTold()
    {
        LoopThread loop;
        SocketPair pair;
        int told = 0;
        std::unique_ptr<QSocketNotifier> notifier;
        loop.run([&] {
            notifier = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
            QObject::connect(notifier.get(), &QSocketNotifier::activated, loop.inside(), [&] {
                ++told;
                notifier->setEnabled(false);
            });
        });
        QCOMPARE(::write(pair.ends[1], "x", 1), ssize_t(1));
        QTRY_VERIFY_WITH_TIMEOUT((loop.run([] {}), told == 1), soon);
        loop.run([&] { notifier->setEnabled(true); }); // the byte is still there
        QTRY_VERIFY_WITH_TIMEOUT((loop.run([] {}), told == 2), soon);
        loop.run([&] { notifier.reset(); });
    }
    // The end that is written to and the one that ends are both told.
    void theEndOfThePeerIsReadable()
    {
        LoopThread loop;
        SocketPair pair;
        QSemaphore ended;
        std::unique_ptr<QSocketNotifier> notifier;
        loop.run([&] {
            notifier = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
            QObject::connect(notifier.get(), &QSocketNotifier::activated, loop.inside(), [&] {
                char byte = 0;
                if (::read(pair.ends[0], &byte, 1) == 0)
                    ended.release();
                notifier->setEnabled(false);
            });
        });
        ::close(std::exchange(pair.ends[1], -1));
        QVERIFY(ended.tryAcquire(1, soon));
        loop.run([&] { notifier.reset(); });
    }
    // The kernel forgets a descriptor that is closed; the next file under that number must be watched like a new one.
    void aDescriptorThatIsUsedAgainIsWatchedAgain()
    {
        LoopThread loop;
        for (int round = 0; round < 20; ++round) {
            SocketPair pair;
            QSemaphore read;
            std::unique_ptr<QSocketNotifier> notifier;
            const auto watch = [&] {
                notifier = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
                QObject::connect(notifier.get(), &QSocketNotifier::activated, loop.inside(), [&] {
                    notifier->setEnabled(false);
                    read.release();
                });
            };
            loop.run(watch);
            loop.run([&] {
                // All in one turn: watched, closed, made anew under the same number, watched.
                const int number = pair.ends[0];
                notifier.reset();
                ::close(pair.ends[0]);
                ::close(pair.ends[1]);
                if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, pair.ends) != 0 || pair.ends[0] != number)
                    qFatal("another number");
                watch();
            });
            QCOMPARE(::write(pair.ends[1], "x", 1), ssize_t(1));
            QVERIFY(read.tryAcquire(1, soon));
            loop.run([&] { notifier.reset(); });
        }
    }
    void sleepsWhileAnIdleSocketHasEndedAndNobodyWatches()
    {
        LoopThread loop;
        SocketPair pair;
        std::unique_ptr<QSocketNotifier> notifier;
        loop.run([&] {
            notifier = std::make_unique<QSocketNotifier>(pair.ends[0], QSocketNotifier::Read);
            notifier->setEnabled(false);
        });
        ::close(std::exchange(pair.ends[1], -1));
        const qint64 before = loop.processorMicroseconds();
        QTest::qWait(200);
        const qint64 used = loop.processorMicroseconds() - before;
        QVERIFY2(used < 50'000, qPrintable(QString::number(used)));
        loop.run([&] { notifier.reset(); });
    }
    void carriesQtSocketsWithManyOthersOpen()
    {
        LoopThread loop;
        std::unique_ptr<QTcpServer> server;
        quint16 port = 0;
        loop.run([&] {
            server = std::make_unique<QTcpServer>();
            if (!server->listen(QHostAddress::LocalHost))
                qFatal("no port");
            port = server->serverPort();
            QObject::connect(server.get(), &QTcpServer::newConnection, server.get(), [&] {
                while (QTcpSocket *socket = server->nextPendingConnection()) {
                    QObject::connect(socket, &QTcpSocket::readyRead, socket, [socket] { socket->write(socket->readAll()); });
                    QObject::connect(socket, &QTcpSocket::disconnected, socket, &QObject::deleteLater);
                }
            });
        });
        std::vector<std::unique_ptr<QTcpSocket>> clients;
        for (int i = 0; i < 200; ++i) {
            clients.push_back(std::make_unique<QTcpSocket>());
            clients.back()->connectToHost(QHostAddress::LocalHost, port);
            QVERIFY(clients.back()->waitForConnected(soon));
        }
        const QByteArray large(3'000'000, 'x');
        for (const size_t which : {size_t(0), clients.size() / 2, clients.size() - 1}) {
            QTcpSocket &client = *clients[which];
            QByteArray back;
            client.write(large);
            while (back.size() < large.size()) {
                QVERIFY(client.waitForReadyRead(soon));
                back += client.readAll();
            }
            QCOMPARE(back, large);
        }
        clients.clear();
        loop.run([&] { server.reset(); });
    }
};

COUNTERSIGN_TEST(tst_EpollDispatcher)
#include "tst_EpollDispatcher.moc"
