// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/EncryptedFile.h"
#include "base/Post.h"

namespace mcpcore {

EncryptedFile::EncryptedFile(const QString &path, const Clock &clock, Milliseconds timeout, QObject *parent)
    : QObject(parent), m_clock(clock), m_timeout(timeout), m_worker(new QObject), m_file(std::make_shared<KeyFile>(path))
{
    m_thread.setObjectName(QStringLiteral("keys"));
    m_worker->moveToThread(&m_thread);
    connect(&m_thread, &QThread::finished, m_worker, &QObject::deleteLater);
    m_thread.start();
}

// What it works on is finished first: a write is never cut off.
EncryptedFile::~EncryptedFile()
{
    m_thread.quit();
    m_thread.wait();
    const auto waiting = std::exchange(m_waiting, {}); // who hears that it is abandoned may still call us
}

void EncryptedFile::ask(Job job, Completion<Answer> done, Patience patience)
{
    const quint64 request = ++m_lastRequest;
    m_waiting.emplace(request, std::move(done));
    if (patience == Patience::Timeout)
        m_clock.after(m_timeout, this, [this, request] {
            answer(request, failure(Error::Kind::SecretUnavailable,
                                    QStringLiteral("The key file does not answer in time; its disk may be busy or gone. It is not known "
                                                   "whether a change was stored: try again.")));
        });
    post(m_worker, [this, file = m_file, request, job = std::move(job)]() mutable {
        post(this, [this, request, result = job(*file)]() mutable { answer(request, std::move(result)); });
    });
}

void EncryptedFile::answer(quint64 request, Result<Answer> result)
{
    const auto waiting = m_waiting.find(request);
    if (waiting == m_waiting.end())
        return; // given up already
    Completion<Answer> done = std::move(waiting->second);
    m_waiting.erase(waiting);
    done(std::move(result));
}

Completion<EncryptedFile::Answer> EncryptedFile::plain(Completion<> done)
{
    return {this, [done = std::move(done)](Result<Answer> result) mutable { done(result ? Result<>() : failure(result.error())); }};
}

namespace {

template <typename Answer> Result<Answer> nothing(const Result<> &done)
{
    return done ? Result<Answer>(Answer{}) : failure(done.error());
}

// A callable of std::function has to be copyable; a secret is not.
std::shared_ptr<Secret> shared(Secret secret)
{
    return std::make_shared<Secret>(std::move(secret));
}

} // namespace

void EncryptedFile::unlock(Secret passphrase, Completion<> done)
{
    ask([given = shared(std::move(passphrase))](KeyFile &file) { return nothing<Answer>(file.open(*given)); },
        {this,
         [this, done = std::move(done)](Result<Answer> opened) mutable {
             m_open = m_open || opened.has_value();
             done(opened ? Result<>() : failure(opened.error()));
         }},
        Patience::Endless);
}

void EncryptedFile::check(Secret passphrase, Completion<> done)
{
    ask([given = shared(std::move(passphrase))](KeyFile &file) { return nothing<Answer>(file.check(*given)); }, plain(std::move(done)),
        Patience::Endless);
}

void EncryptedFile::changePassphrase(Secret old, Secret fresh, KeyFileCost cost, Completion<> done)
{
    ask([before = shared(std::move(old)), after = shared(std::move(fresh)),
         cost](KeyFile &file) { return nothing<Answer>(file.changePassphrase(*before, *after, cost)); },
        plain(std::move(done)), Patience::Endless);
}

void EncryptedFile::make(Secret passphrase, std::map<QString, Secret> items, KeyFileCost cost, Completion<> done)
{
    auto owned = std::make_shared<std::map<QString, Secret>>(std::move(items));
    const auto job = [given = shared(std::move(passphrase)), owned, cost](KeyFile &file) -> Result<Answer> {
        std::map<QString, Secret> copies;
        for (const auto &[name, value] : *owned)
            copies.emplace(name, value.duplicate());
        if (const auto made = file.make(*given, std::move(copies), cost); !made)
            return failure(made.error());
        const auto same = file.holds(*given, *owned);
        if (!same)
            return failure(same.error());
        return *same ? Result<Answer>(Answer{})
                     : failure(Error::Kind::SecretUnavailable, QStringLiteral("The new key file does not hold what was put into it."));
    };
    ask(job,
        {this,
         [this, done = std::move(done)](Result<Answer> made) mutable {
             m_open = m_open || made.has_value();
             done(made ? Result<>() : failure(made.error()));
         }},
        Patience::Endless);
}

void EncryptedFile::names(Completion<QStringList> done)
{
    ask(
        [](KeyFile &file) -> Result<Answer> {
            auto names = file.names();
            return names ? Result<Answer>(Answer{{}, std::move(*names)}) : failure(names.error());
        },
        {this, [done = std::move(done)](Result<Answer> found) mutable {
             done(found ? Result<QStringList>(found->names) : failure(found.error()));
         }});
}

void EncryptedFile::moveTo(const QString &path, Completion<> done)
{
    ask([path](KeyFile &file) { return nothing<Answer>(file.moveTo(path)); }, plain(std::move(done)), Patience::Endless);
}

void EncryptedFile::erase(Completion<> done)
{
    ask([](KeyFile &file) { return nothing<Answer>(file.erase()); }, plain(std::move(done)), Patience::Endless);
}

void EncryptedFile::read(const QString &name, Completion<Secret> done)
{
    ask(
        [name](KeyFile &file) -> Result<Answer> {
            auto secret = file.read(name);
            return secret ? Result<Answer>(Answer{std::move(*secret), {}}) : failure(secret.error());
        },
        {this, [done = std::move(done)](Result<Answer> found) mutable {
             done(found ? Result<Secret>(std::move(found->secret)) : failure(found.error()));
         }});
}

void EncryptedFile::write(const QString &name, Secret secret, Completion<> done)
{
    ask([name, given = shared(std::move(secret))](KeyFile &file) { return nothing<Answer>(file.write(name, std::move(*given))); },
        plain(std::move(done)));
}

void EncryptedFile::remove(const QString &name, Completion<> done)
{
    ask([name](KeyFile &file) { return nothing<Answer>(file.remove(name)); }, plain(std::move(done)));
}

void EncryptedFile::probe(Completion<> done)
{
    ask(
        [](KeyFile &file) -> Result<Answer> {
            const auto names = file.names();
            return names ? Result<Answer>(Answer{}) : failure(Error::Kind::Locked, names.error().message);
        },
        plain(std::move(done)));
}

QString EncryptedFile::kind() const
{
    return QStringLiteral("file");
}

} // namespace mcpcore
