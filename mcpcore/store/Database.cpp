// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "store/Database.h"
#include <QFile>
#include <QFileInfo>
#include <QString>
#include <sqlite3.h>

namespace mcpcore {

namespace {

tl::unexpected<Error> sqliteError(sqlite3 *database)
{
    const int code = database ? sqlite3_extended_errcode(database) : SQLITE_NOMEM;
    QString text = database ? QString::fromUtf8(sqlite3_errmsg(database)) : QStringLiteral("out of memory");
    const int system = database ? sqlite3_system_errno(database) : 0;
    if (system != 0 && (code & 0xff) == SQLITE_IOERR)
        text += QStringLiteral(", ") + qt_error_string(system);
    return failure(Error::Kind::FileFailed, text);
}

// Nothing but us may read the file, also when an older version made it.
bool makePrivate(const QString &path)
{
    QFile file(path);
    if (!file.exists()) {
        if (!file.open(QIODevice::ReadWrite | QIODevice::NewOnly))
            return file.exists();
        file.close();
    }
    return file.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner);
}

} // namespace

void Statement::Finalize::operator()(sqlite3_stmt *statement) const
{
    sqlite3_finalize(statement);
}

Statement &Statement::bind(int index, qint64 value)
{
    sqlite3_bind_int64(m_statement.get(), index, value);
    return *this;
}

Statement &Statement::bindText(int index, std::string_view text)
{
    sqlite3_bind_text64(m_statement.get(), index, text.data() ? text.data() : "", text.size(), SQLITE_STATIC, SQLITE_UTF8);
    return *this;
}

Statement &Statement::bindBlob(int index, std::string_view bytes)
{
    sqlite3_bind_blob64(m_statement.get(), index, bytes.data() ? bytes.data() : "", bytes.size(), SQLITE_STATIC);
    return *this;
}

Statement &Statement::bindNull(int index)
{
    sqlite3_bind_null(m_statement.get(), index);
    return *this;
}

Result<bool> Statement::step()
{
    const int code = sqlite3_step(m_statement.get());
    if (code == SQLITE_ROW)
        return true;
    if (code == SQLITE_DONE)
        return false;
    auto error = sqliteError(sqlite3_db_handle(m_statement.get()));
    reset();
    return error;
}

Result<> Statement::run()
{
    const Result<bool> stepped = step();
    reset();
    return stepped ? Result<>() : failure(stepped.error());
}

void Statement::reset()
{
    sqlite3_reset(m_statement.get());
}

Statement::Type Statement::type(int column) const
{
    switch (sqlite3_column_type(m_statement.get(), column)) {
    case SQLITE_INTEGER: return Type::Integer;
    case SQLITE_FLOAT: return Type::Float;
    case SQLITE_TEXT: return Type::Text;
    case SQLITE_BLOB: return Type::Blob;
    default: return Type::Null;
    }
}

qint64 Statement::integer(int column) const
{
    return sqlite3_column_int64(m_statement.get(), column);
}

std::string_view Statement::bytes(int column) const
{
    const void *start = sqlite3_column_blob(m_statement.get(), column);
    return {static_cast<const char *>(start), size_t(sqlite3_column_bytes(m_statement.get(), column))};
}

QString Statement::text(int column) const
{
    const std::string_view utf8 = bytes(column);
    return QString::fromUtf8(utf8.data(), qsizetype(utf8.size()));
}

void Database::Close::operator()(sqlite3 *database) const
{
    sqlite3_close_v2(database);
}

Result<> Database::openFile(const QByteArray &name, int flags)
{
    // Without its statistics SQLite takes no lock for each allocation. Refused, harmlessly, when it runs already.
    static const int configured = sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
    Q_UNUSED(configured);
    sqlite3 *database = nullptr;
    const int code = sqlite3_open_v2(name.constData(), &database, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    m_database.reset(database);
    if (code != SQLITE_OK)
        return sqliteError(database);
    sqlite3_busy_timeout(database, 5'000);
    return execute("PRAGMA trusted_schema=OFF; PRAGMA cell_size_check=ON; PRAGMA fullfsync=ON; PRAGMA checkpoint_fullfsync=ON");
}

Result<std::unique_ptr<Database>> Database::open(const QString &path, Mode mode)
{
    std::unique_ptr<Database> database(new Database);
    const QByteArray name = QFile::encodeName(path);
    if (mode == Mode::ReadWrite) {
        if (!makePrivate(path))
            return failure(Error::Kind::FileFailed, QStringLiteral("cannot create %1").arg(path));
        Result<> opened = database->openFile(name, SQLITE_OPEN_READWRITE);
        if (opened)
            opened = database->execute("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        if (!opened)
            return failure(opened.error());
        // Checkpoints are made in idle moments, never inside the commit that a call waits for.
        sqlite3_wal_hook(
            database->m_database.get(),
            [](void *self, sqlite3 *, const char *, int pages) {
                static_cast<Database *>(self)->m_walPages = pages;
                return SQLITE_OK;
            },
            database.get());
        return database;
    }
    if (!QFileInfo::exists(path))
        return failure(Error::Kind::NotFound, QStringLiteral("there is no %1").arg(path));
    Result<> opened = database->openFile(name, SQLITE_OPEN_READONLY);
    if (opened)
        opened = database->execute("SELECT count(*) FROM sqlite_schema");
    if (!opened && !QFileInfo::exists(path + QStringLiteral("-wal"))) {
        // A WAL database in a folder that cannot be written: read as it is, nobody else has it open.
        const QByteArray uri =
            QByteArrayLiteral("file:") + QFileInfo(path).absoluteFilePath().toUtf8().toPercentEncoding("/") + "?immutable=1";
        auto asItIs = std::unique_ptr<Database>(new Database);
        if (asItIs->openFile(uri, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI) && asItIs->execute("SELECT count(*) FROM sqlite_schema"))
            return asItIs;
    }
    if (!opened)
        return failure(opened.error());
    return database;
}

Result<std::unique_ptr<Database>> Database::inMemory()
{
    std::unique_ptr<Database> database(new Database);
    if (const auto opened = database->openFile(":memory:", SQLITE_OPEN_READWRITE); !opened)
        return failure(opened.error());
    return database;
}

Result<qint64> Database::schemaVersion() const
{
    return number("PRAGMA user_version");
}

Result<> Database::migrate(const std::vector<const char *> &migrations)
{
    const auto version = schemaVersion();
    if (!version)
        return failure(version.error());
    if (*version > qint64(migrations.size()))
        return failure(Error::Kind::FileFailed, QStringLiteral("a newer version of Countersign wrote it"));
    for (size_t next = size_t(*version); next < migrations.size(); ++next) {
        const QByteArray bump = "PRAGMA user_version=" + QByteArray::number(qint64(next) + 1);
        Result<> done = begin();
        if (done)
            done = execute(migrations[next]);
        if (done)
            done = execute(bump.constData());
        if (done)
            done = commit();
        if (!done) {
            rollback();
            return done;
        }
    }
    return {};
}

Result<Statement> Database::prepare(const char *sql) const
{
    sqlite3_stmt *statement = nullptr;
    if (sqlite3_prepare_v3(m_database.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr) != SQLITE_OK)
        return sqliteError(m_database.get());
    return Statement(statement);
}

Result<> Database::execute(const char *sql) const
{
    if (sqlite3_exec(m_database.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        return sqliteError(m_database.get());
    return {};
}

Result<qint64> Database::number(const char *sql) const
{
    auto statement = prepare(sql);
    if (!statement)
        return failure(statement.error());
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->integer(0) : 0;
}

Result<QString> Database::checkStructure(const char *pragma) const
{
    auto statement = prepare(QByteArray("PRAGMA ").append(pragma).append("(1)").constData());
    if (!statement)
        return failure(statement.error());
    const auto row = statement->step();
    if (!row)
        return failure(row.error());
    return *row ? statement->text(0) : QStringLiteral("no answer");
}

QString Database::damageOf(const QString &path)
{
    Database database;
    Result<> readable = database.openFile(QFile::encodeName(path), SQLITE_OPEN_READONLY);
    if (readable)
        readable = database.execute("SELECT count(*) FROM sqlite_schema");
    if (!readable) {
        const int code = sqlite3_errcode(database.m_database.get()) & 0xff;
        return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? readable.error().message : QString();
    }
    const auto checked = database.checkStructure("quick_check");
    if (checked)
        return *checked == QLatin1String("ok") ? QString() : *checked;
    const int code = sqlite3_errcode(database.m_database.get()) & 0xff;
    return code == SQLITE_CORRUPT || code == SQLITE_NOTADB ? checked.error().message : QString();
}

Result<> Database::runPrepared(Statement &statement, const char *sql)
{
    if (!statement) {
        auto prepared = prepare(sql);
        if (!prepared)
            return failure(prepared.error());
        statement = std::move(*prepared);
    }
    return statement.run();
}

Result<> Database::begin()
{
    return runPrepared(m_begin, "BEGIN IMMEDIATE");
}

Result<> Database::commit()
{
    return runPrepared(m_commit, "COMMIT");
}

void Database::rollback() const
{
    if (!sqlite3_get_autocommit(m_database.get()))
        sqlite3_exec(m_database.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool Database::wasMoved() const
{
    int moved = 0;
    return sqlite3_file_control(m_database.get(), "main", SQLITE_FCNTL_HAS_MOVED, &moved) == SQLITE_OK && moved != 0;
}

Result<> Database::checkpoint() const
{
    if (sqlite3_wal_checkpoint_v2(m_database.get(), nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr) != SQLITE_OK)
        return sqliteError(m_database.get());
    m_walPages = 0;
    return {};
}

Result<> Database::checkpointAll() const
{
    if (sqlite3_wal_checkpoint_v2(m_database.get(), nullptr, SQLITE_CHECKPOINT_TRUNCATE, nullptr, nullptr) != SQLITE_OK)
        return sqliteError(m_database.get());
    m_walPages = 0;
    return {};
}

} // namespace mcpcore
