// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "secrets/KeyFile.h"
#include "secrets/SecretStore.h"
#include <QThread>
#include <unordered_map>

namespace mcpcore {

// A key file as a SecretStore, for machines without a keychain. Lives in the core thread; the file and Argon2id are worked on in a
// thread of its own, one thing after the other, so that nothing waits for them but who asked. Locked until unlock().
class EncryptedFile final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    EncryptedFile(const QString &path, const Clock &clock, Milliseconds timeout = std::chrono::seconds(10), QObject *parent = nullptr);
    ~EncryptedFile() override;

    // InvalidArgument for a wrong passphrase; SecretUnavailable says what is wrong with the file. What is asked for meanwhile waits.
    void unlock(Secret passphrase, Completion<> done);
    // Whether it is the passphrase, of a file that is open: InvalidArgument when it is not.
    void check(Secret passphrase, Completion<> done);
    void changePassphrase(Secret old, Secret fresh, KeyFileCost cost, Completion<> done);
    // Makes the file with these items, and reads it again with the passphrase before it answers. It is open then.
    void make(Secret passphrase, std::map<QString, Secret> items, KeyFileCost cost, Completion<> done);
    void names(Completion<QStringList> done);
    // Gives the file its name, when nothing has that yet.
    void moveTo(const QString &path, Completion<> done);
    // Removes the file. Everything in it is elsewhere by now.
    void erase(Completion<> done);
    bool isOpen() const { return m_open; }

    void read(const QString &name, Completion<Secret> done) override;
    void write(const QString &name, Secret secret, Completion<> done) override;
    void remove(const QString &name, Completion<> done) override;
    // Locked also when the file cannot be read for another reason.
    void probe(Completion<> done) override;
    QString kind() const override;

private:
    // What a job found: a secret or names, where it asked for one.
    struct Answer {
        Secret secret;
        QStringList names;
    };
    using Job = std::function<Result<Answer>(KeyFile &)>;
    enum class Patience { Timeout, Endless };
    void ask(Job job, Completion<Answer> done, Patience patience = Patience::Timeout);
    void answer(quint64 request, Result<Answer> result);
    Completion<Answer> plain(Completion<> done);

    const Clock &m_clock;
    const Milliseconds m_timeout;
    QThread m_thread;
    QObject *m_worker;               // in m_thread
    std::shared_ptr<KeyFile> m_file; // used in m_thread only
    std::unordered_map<quint64, Completion<Answer>> m_waiting;
    quint64 m_lastRequest = 0;
    bool m_open = false;
};

} // namespace mcpcore
