// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "secrets/EncryptedFile.h"
#include <deque>

namespace mcpcore {

// The store of one profile: its key file where there is one, else the OS keychain. Moves everything from one to the other; which
// is in use changes at one moment, when the file is put in place or removed, so that whatever ends the program before or after
// leaves one store whole. Changes that come during a move wait for its end. Lives in the core thread.
class ProfileStore final : public QObject, public SecretStore
{
    Q_OBJECT
public:
    ProfileStore(const QString &file, std::unique_ptr<SecretStore> keychain, const Clock &clock, KeyFileCost cost = {},
                 QObject *parent = nullptr);
    ~ProfileStore() override;

    bool isInFile() const { return m_file != nullptr; }
    // The file waits for its passphrase.
    bool isLocked() const { return m_file && !m_file->isOpen(); }
    // See EncryptedFile. Nothing to do where no file is in use.
    void unlock(Secret passphrase, Completion<> done);
    // NotFound where no file is in use.
    void check(Secret passphrase, Completion<> done);
    void changePassphrase(Secret old, Secret fresh, Completion<> done);

    struct Moved {
        qsizetype items = 0;
        qsizetype left = 0; // copies that the keychain did not remove; tried again when the file is opened the next time
    };
    // `names` are those that may be in the keychain, which cannot list them.
    void moveToFile(const QStringList &names, Secret passphrase, Completion<Moved> done);
    void moveToKeychain(Completion<Moved> done);
    // What a move that was cut off has left beside the file. For the owner of the profile, before anything else.
    void tidy();

    void read(const QString &name, Completion<Secret> done) override;
    void write(const QString &name, Secret secret, Completion<> done) override;
    void remove(const QString &name, Completion<> done) override;
    void probe(Completion<> done) override;
    QString kind() const override;

Q_SIGNALS:
    // Keys can be read that could not be before, or are kept elsewhere now.
    void opened();

private:
    struct Move;
    using Step = std::function<void(const QString &name, Completion<> done)>;
    SecretStore &current() const;
    void change(std::function<void(Completion<>)> what, Completion<> done);
    void whenQuiet(std::function<void()> begin);
    void inTurn(QStringList names, Step step, Completion<> done);
    void endMove(const std::shared_ptr<Move> &move, Result<> how);
    // ProfileStoreMove.cpp
    void collect(const std::shared_ptr<Move> &move, const QStringList &names);
    void makeFile(const std::shared_ptr<Move> &move);
    void forgetInKeychain(const QStringList &names, Completion<qsizetype> left);
    void copyToKeychain(const std::shared_ptr<Move> &move, const QStringList &names);
    void takeBack(const std::shared_ptr<Move> &move, const Result<> &how);
    void copyOne(const QString &name, Completion<> done);
    void finishEarlierMove();

    const QString m_path;
    const Clock &m_clock;
    const KeyFileCost m_cost; // of a new file
    std::unique_ptr<SecretStore> m_keychain;
    std::unique_ptr<EncryptedFile> m_file; // null: the keychain is in use
    std::unique_ptr<EncryptedFile> m_next; // that is being made
    bool m_ending = false;
    bool m_moving = false;
    quint64 m_moves = 0;                         // begun so far
    int m_changing = 0;                          // changes that are not answered yet
    std::deque<std::function<void()>> m_waiting; // changes, for the end of a move
    std::function<void()> m_beginMove;           // for the end of the changes
};

} // namespace mcpcore
