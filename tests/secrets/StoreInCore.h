// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Post.h"
#include "secrets/KeychainStore.h"
#include <QTest>
#include <QThread>

// A SecretStore in a core thread of its own, asked from the test's main thread, as in the app.
class StoreInCore
{
public:
    template <typename Make> explicit StoreInCore(Make make)
    {
        m_thread.start();
        m_core.moveToThread(&m_thread);
        inCore([&] { m_store = make(); });
    }
    ~StoreInCore()
    {
        inCore([&] { m_store.reset(); });
        m_thread.quit();
        m_thread.wait();
    }
    mcpcore::Result<QByteArray> read(const char *name)
    {
        const auto result =
            ask<mcpcore::Secret>([this, key = QString::fromLatin1(name)](auto done) { m_store->read(key, std::move(done)); });
        if (!result)
            return mcpcore::failure(result.error());
        return QByteArray(result->reveal().data(), qsizetype(result->reveal().size()));
    }
    mcpcore::Result<> write(const char *name, const QByteArray &bytes)
    {
        return ask<void>([this, key = QString::fromLatin1(name), bytes](auto done) {
            m_store->write(key, mcpcore::Secret({bytes.constData(), size_t(bytes.size())}), std::move(done));
        });
    }
    mcpcore::Result<> remove(const char *name)
    {
        return ask<void>([this, key = QString::fromLatin1(name)](auto done) { m_store->remove(key, std::move(done)); });
    }
    mcpcore::Result<> probe()
    {
        return ask<void>([this](auto done) { m_store->probe(std::move(done)); });
    }
    // Runs `function` in the core thread and waits for it.
    template <typename Function> void inCore(Function function)
    {
        QMetaObject::invokeMethod(&m_core, function, Qt::BlockingQueuedConnection);
    }
    mcpcore::SecretStore &store() { return *m_store; }
    QObject &core() { return m_core; }

private:
    template <typename T, typename Function> mcpcore::Result<T> ask(Function function)
    {
        const auto answer = std::make_shared<std::optional<mcpcore::Result<T>>>();
        mcpcore::post(&m_core, [this, function, answer]() mutable {
            function(mcpcore::Completion<T>(&m_core, [this, answer](mcpcore::Result<T> result) {
                if (QThread::currentThread() != &m_thread)
                    qFatal("answered in another thread than it was asked in");
                mcpcore::post(&m_main, [answer, result = std::move(result)]() mutable { answer->emplace(std::move(result)); });
            }));
        });
        if (!QTest::qWaitFor([&] { return answer->has_value(); }, 60'000))
            return mcpcore::failure(mcpcore::Error::Kind::Abandoned, QStringLiteral("never answered"));
        return std::move(**answer);
    }

    QThread m_thread;
    QObject m_core;
    QObject m_main;
    std::unique_ptr<mcpcore::SecretStore> m_store;
};
