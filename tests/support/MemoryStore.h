// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Post.h"
#include "secrets/SecretStore.h"
#include <QHash>

// A SecretStore for tests: remembers, answers from the event loop as the real ones do, and fails when told to.
class MemoryStore final : public QObject, public mcpcore::SecretStore
{
public:
    void read(const QString &name, mcpcore::Completion<mcpcore::Secret> done) override
    {
        ++reads;
        answer(std::move(done), [this, name]() -> mcpcore::Result<mcpcore::Secret> {
            if (!items.contains(name))
                return mcpcore::failure(mcpcore::Error::Kind::NotFound, QStringLiteral("There is no such key."));
            const QByteArray bytes = items.value(name);
            return mcpcore::Secret({bytes.constData(), size_t(bytes.size())});
        });
    }
    void write(const QString &name, mcpcore::Secret secret, mcpcore::Completion<> done) override
    {
        if (secret.isEmpty())
            return done(mcpcore::failure(mcpcore::Error::Kind::InvalidArgument, QStringLiteral("An empty key cannot be stored.")));
        const QByteArray bytes(secret.reveal().data(), qsizetype(secret.reveal().size()));
        answer(std::move(done), [this, name, bytes]() -> mcpcore::Result<> {
            items.insert(name, bytes);
            return {};
        });
    }
    void remove(const QString &name, mcpcore::Completion<> done) override
    {
        answer(std::move(done), [this, name]() -> mcpcore::Result<> {
            items.remove(name);
            return {};
        });
    }
    void probe(mcpcore::Completion<> done) override
    {
        mcpcore::post(this, [this, done = std::move(done)]() mutable {
            done(isLocked ? mcpcore::failure(mcpcore::Error::Kind::Locked, QStringLiteral("The keychain is locked."))
                          : mcpcore::Result<>());
        });
    }
    QString kind() const override { return QStringLiteral("keychain"); }

    QHash<QString, QByteArray> items;
    std::optional<mcpcore::Error> failsWith; // answers everything
    bool isLocked = false;                   // what probe() says
    int reads = 0;

private:
    template <typename T, typename Function> void answer(mcpcore::Completion<T> done, Function function)
    {
        mcpcore::post(this, [this, done = std::move(done), function = std::move(function)]() mutable {
            if (failsWith)
                done(mcpcore::failure(*failsWith));
            else
                done(function());
        });
    }
};
