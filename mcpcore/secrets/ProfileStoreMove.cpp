// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "secrets/KeyFileDisk.h"
#include "secrets/ProfileStore.h"

// Moving between the keychain and the key file: copied, read back and compared, switched, and only then removed.

namespace mcpcore {

namespace {

// An item of ours in a new file: the names that are still to be removed from the keychain.
const QString kLeftInKeychain = QStringLiteral("left-in-keychain");

QString unfinished(const QString &path)
{
    return path + QStringLiteral(".moving");
}

tl::unexpected<Error> notTheSame(const QString &store)
{
    return failure(Error::Kind::SecretUnavailable,
                   QStringLiteral("The %1 does not give back what was stored in it. Nothing was moved.").arg(store));
}

} // namespace

struct ProfileStore::Move {
    Completion<Moved> done;
    Moved moved;
    Secret passphrase;
    std::map<QString, Secret> items;
    QStringList names; // of items
};

void ProfileStore::tidy()
{
    (void)removeDurably(unfinished(m_path));
}

void ProfileStore::endMove(const std::shared_ptr<Move> &move, Result<> how)
{
    m_moving = false;
    if (m_ending)
        return; // who waits hears that nobody answers
    for (const auto &begin : std::exchange(m_waiting, {}))
        begin();
    move->done(how ? Result<Moved>(move->moved) : failure(how.error()));
    if (how)
        Q_EMIT opened();
}

void ProfileStore::moveToFile(const QStringList &names, Secret passphrase, Completion<Moved> done)
{
    if (const QString problem = faultOf(passphrase); !problem.isEmpty())
        return done(failure(Error::Kind::InvalidArgument, problem));
    if (m_file || m_moving)
        return done(failure(Error::Kind::Conflict, QStringLiteral("The keys are in the key file already, or are being moved.")));
    auto move = std::make_shared<Move>();
    move->done = std::move(done);
    move->passphrase = std::move(passphrase);
    whenQuiet([this, move, names] { collect(move, names); });
}

void ProfileStore::collect(const std::shared_ptr<Move> &move, const QStringList &names)
{
    const Step readOne = [this, move](const QString &name, Completion<> done) {
        auto owed = std::make_shared<Completion<>>(std::move(done));
        m_keychain->read(name, {this, [move, name, owed](Result<Secret> found) {
                                    if (!found && found.error().kind != Error::Kind::NotFound)
                                        return (*owed)(failure(found.error()));
                                    if (found) {
                                        move->items.emplace(name, std::move(*found));
                                        move->names << name;
                                    }
                                    (*owed)({});
                                }});
    };
    inTurn(names, readOne, {this, [this, move](Result<> collected) {
                                if (!collected)
                                    return endMove(move, collected);
                                makeFile(move);
                            }});
}

void ProfileStore::makeFile(const std::shared_ptr<Move> &move)
{
    tidy();
    move->moved.items = move->names.size();
    if (!move->names.isEmpty())
        move->items.emplace(kLeftInKeychain, Secret(move->names.join(QLatin1Char('\n')).toStdString()));
    m_next = std::make_unique<EncryptedFile>(unfinished(m_path), m_clock);
    const auto fail = [this, move](const Result<> &how) {
        if (m_next)
            m_next.release()->deleteLater(); // this is its answer
        tidy();
        endMove(move, how);
    };
    const auto inPlace = [this, move, fail](Result<> placed) {
        if (!placed)
            return fail(placed);
        m_file = std::move(m_next); // from here on it is the store
        forgetInKeychain(move->names, {this, [this, move](Result<qsizetype> left) {
                                           move->moved.left = left.value_or(move->names.size());
                                           endMove(move, {});
                                       }});
    };
    m_next->make(std::move(move->passphrase), std::move(move->items), m_cost, {this, [this, move, fail, inPlace](Result<> made) {
                                                                                   if (!made)
                                                                                       return fail(made);
                                                                                   m_next->moveTo(m_path, {this, inPlace});
                                                                               }});
}

// Answers with the number of those that are still there. Each is tried: a keychain that fails for one may do the others.
void ProfileStore::forgetInKeychain(const QStringList &names, Completion<qsizetype> done)
{
    auto left = std::make_shared<qsizetype>(0);
    const Step forgetOne = [this, left](const QString &name, Completion<> next) {
        auto owed = std::make_shared<Completion<>>(std::move(next));
        m_keychain->remove(name, {this, [left, owed](Result<> removed) {
                                      *left += removed ? 0 : 1;
                                      (*owed)({});
                                  }});
    };
    auto owed = std::make_shared<Completion<qsizetype>>(std::move(done));
    inTurn(names, forgetOne, {this, [this, left, owed](Result<>) {
                                  if (*left > 0 || !m_file)
                                      return (*owed)(*left);
                                  m_file->remove(kLeftInKeychain, {this, [left, owed](Result<>) { (*owed)(*left); }});
                              }});
}

// A move to the file that was cut off after the switch, or met a keychain that was locked: its copies go now.
void ProfileStore::finishEarlierMove()
{
    m_file->read(kLeftInKeychain,
                 {this, [this](Result<Secret> left) {
                      if (!left)
                          return;
                      const std::string_view names = left->reveal();
                      const QString list = QString::fromUtf8(names.data(), qsizetype(names.size()));
                      forgetInKeychain(list.split(QLatin1Char('\n'), Qt::SkipEmptyParts), {this, [](Result<qsizetype>) {}});
                  }});
}

void ProfileStore::moveToKeychain(Completion<Moved> done)
{
    if (!m_file || m_moving)
        return done(failure(Error::Kind::Conflict, QStringLiteral("The keys are in the keychain already, or are being moved.")));
    auto move = std::make_shared<Move>();
    move->done = std::move(done);
    whenQuiet([this, move] {
        m_file->names({this, [this, move](Result<QStringList> names) {
                           if (!names)
                               return endMove(move, failure(names.error()));
                           names->removeAll(kLeftInKeychain);
                           copyToKeychain(move, *names);
                       }});
    });
}

void ProfileStore::copyToKeychain(const std::shared_ptr<Move> &move, const QStringList &names)
{
    move->moved.items = names.size();
    const Step copy = [this, move](const QString &name, Completion<> done) {
        move->names << name;
        copyOne(name, std::move(done));
    };
    inTurn(names, copy, {this, [this, move](Result<> copied) {
                             if (!copied)
                                 return takeBack(move, copied);
                             m_file->erase({this, [this, move](Result<> erased) {
                                                if (!erased)
                                                    return takeBack(move, erased);
                                                m_file.release()->deleteLater(); // this is its answer
                                                endMove(move, {});
                                            }});
                         }});
}

// The file stays the store, and what was copied so far goes again: unless the file is gone, and the copies are all there is.
void ProfileStore::takeBack(const std::shared_ptr<Move> &move, const Result<> &how)
{
    m_file->probe({this, [this, move, how](Result<> readable) {
                       if (!readable)
                           return endMove(move, how);
                       const Step removeOne = [this](const QString &name, Completion<> next) {
                           auto owed = std::make_shared<Completion<>>(std::move(next));
                           m_keychain->remove(name, {this, [owed](Result<>) { (*owed)({}); }});
                       };
                       inTurn(move->names, removeOne, {this, [this, move, how](Result<>) { endMove(move, how); }});
                   }});
}

void ProfileStore::copyOne(const QString &name, Completion<> done)
{
    auto owed = std::make_shared<Completion<>>(std::move(done));
    const auto compare = [this, name, owed](const std::shared_ptr<Secret> &secret) {
        m_keychain->read(name, {this, [owed, secret](Result<Secret> back) {
                                    if (!back)
                                        return (*owed)(failure(back.error()));
                                    (*owed)(equalInConstantTime(*back, *secret) ? Result<>() : notTheSame(QStringLiteral("keychain")));
                                }});
    };
    m_file->read(name, {this, [this, name, owed, compare](Result<Secret> found) {
                            if (!found)
                                return (*owed)(failure(found.error()));
                            auto secret = std::make_shared<Secret>(std::move(*found));
                            m_keychain->write(name, secret->duplicate(), {this, [owed, compare, secret](Result<> written) {
                                                                              if (!written)
                                                                                  return (*owed)(written);
                                                                              compare(secret);
                                                                          }});
                        }});
}

} // namespace mcpcore
