// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include <QByteArray>
#include <memory>
#include <string_view>
#include <vector>

struct sqlite3;
struct sqlite3_stmt;

namespace mcpcore {

// A prepared statement. Bound bytes must live until reset(); what a column returns lives until the next step. Must not
// outlive its Database.
class Statement
{
public:
    enum class Type { Integer, Float, Text, Blob, Null };

    Statement() = default;
    explicit operator bool() const { return bool(m_statement); }
    Statement &bind(int index, qint64 value);
    Statement &bindText(int index, std::string_view text);
    Statement &bindBlob(int index, std::string_view bytes);
    Statement &bindNull(int index);
    // Moves to the next row; false at the end.
    Result<bool> step();
    // For statements without rows: runs to the end and is ready to be bound again.
    Result<> run();
    void reset();

    Type type(int column) const;
    qint64 integer(int column) const;
    std::string_view bytes(int column) const; // of text or blob
    QString text(int column) const;

private:
    friend class Database;
    struct Finalize {
        void operator()(sqlite3_stmt *statement) const;
    };
    explicit Statement(sqlite3_stmt *statement) : m_statement(statement) {}
    std::unique_ptr<sqlite3_stmt, Finalize> m_statement;
};

// One connection to a SQLite file, for one thread. Over the C interface: through QtSql a row of the activity log costs a
// third more, and a bundled second SQLite in one process would break the locks of the first.
class Database
{
public:
    enum class Mode { ReadWrite, ReadOnly };
    // ReadWrite creates the file (0600) and uses WAL with synchronous=FULL. ReadOnly: NotFound when there is no file; works
    // beside a writer and in folders that cannot be written.
    static Result<std::unique_ptr<Database>> open(const QString &path, Mode mode);
    // A database of no file, for checks.
    static Result<std::unique_ptr<Database>> inMemory();

    // Brings the schema to the newest of `migrations` (user_version counts them), each in a transaction of its own.
    Result<> migrate(const std::vector<const char *> &migrations);
    Result<qint64> schemaVersion() const;

    Result<Statement> prepare(const char *sql) const;
    Result<> execute(const char *sql) const;
    // The first column of the first row, 0 when there is none.
    Result<qint64> number(const char *sql) const;
    // What is wrong with the structure of the file at `path`; empty when it is sound, or when that cannot be said.
    static QString damageOf(const QString &path);
    // "ok", or what is wrong with the structure of the file. `pragma` is quick_check or integrity_check.
    Result<QString> checkStructure(const char *pragma) const;

    Result<> begin();
    Result<> commit();
    void rollback() const;
    // True when the file at the path is no longer the one that is open: deleted or replaced.
    bool wasMoved() const;
    // Copies what is in the WAL into the file, as far as no reader needs it. Commits never do this by themselves.
    Result<> checkpoint() const;
    // The same for all of it, synced, and empties the WAL.
    Result<> checkpointAll() const;
    // Pages in the WAL as of the last commit.
    int walPages() const { return m_walPages; }

private:
    struct Close {
        void operator()(sqlite3 *database) const;
    };
    Database() = default;
    Result<> openFile(const QByteArray &name, int flags);
    Result<> runPrepared(Statement &statement, const char *sql);
    std::unique_ptr<sqlite3, Close> m_database;
    Statement m_begin;
    Statement m_commit;
    mutable int m_walPages = 0;
};

// resources/migrations, in their order.
const std::vector<const char *> &activityMigrations();

} // namespace mcpcore
