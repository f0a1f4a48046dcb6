// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QString>
#include <chrono>

namespace mcpcore {

// Which file this is, and that it was not written to since: compared before it is exchanged.
struct FileMark {
    quint64 device = 0;
    quint64 inode = 0;
    qint64 size = 0;
    std::chrono::nanoseconds modified{}; // since 1970

    bool isSameFile(const FileMark &other) const { return device == other.device && inode == other.inode; }
    friend bool operator==(const FileMark &, const FileMark &) = default;
};

struct FileLook {
    enum class What { Nothing, Regular, Folder, Link, Other };
    What what = What::Nothing;
    FileMark mark;
    unsigned mode = 0; // permissions
    quint32 owner = 0;
    quint32 group = 0;
    quint64 names = 0; // hard links
};

// The calls to the system by which a client's file is read and exchanged, each with one errno as its answer (0: done). Tests let any of
// them fail, end the process before or after it, or let others write in between. Stateless; any thread.
class FileSteps
{
public:
    enum class Step {
        Look,
        Open,
        Read,
        Lease,
        Create,
        Owner,
        Mode,
        Attributes,
        Write,
        Sync,
        Exchange,
        Place,
        Remove,
        MakeFolder,
        RemoveFolder
    };

    virtual ~FileSteps() = default;

    virtual quint32 user() const;                 // whose files may be written
    int look(const QString &path, FileLook &out); // of a link itself; Nothing is no error
    int look(int fd, FileLook &out);
    int openToRead(const QString &path, int &fd); // not through a link, and never waits
    int openFolder(const QString &path, int &fd);
    int read(int fd, qsizetype most, QByteArray &out); // from its start
    // Until the file is closed nobody opens it for writing unseen: who does waits, and isLeased() becomes false. EAGAIN when somebody has it
    // open for writing already; another error where the file system knows no leases.
    int lease(int fd);
    bool isLeased(int fd);
    // Gives programs that have looked a name up already the time to open what they found: 5 ms.
    static void letOpen();
    int create(QString &pathWithXs, int &fd); // mode 0600
    int setOwner(int fd, quint32 owner, quint32 group);
    int setMode(int fd, unsigned mode);
    int copyAttributes(int from, int to); // access lists and labels
    int write(int fd, const QByteArray &bytes);
    int sync(int fd);
    int exchange(const QString &one, const QString &other); // at one moment
    int replace(const QString &from, const QString &to);    // where the file system cannot exchange
    int place(const QString &from, const QString &to);      // EEXIST where something is
    int remove(const QString &path);
    int makeFolder(const QString &path);
    int removeFolder(const QString &path);
    static void close(int fd);

protected:
    // An errno to fail with instead of doing the step; 0: do it.
    virtual int before(Step) { return 0; }
    virtual void after(Step) {}

private:
    template <typename Call> int done(Step step, Call call);
};

// An open file that is closed at the end of its scope.
class OpenFile
{
public:
    OpenFile() = default;
    OpenFile(const OpenFile &) = delete;
    OpenFile &operator=(const OpenFile &) = delete;
    ~OpenFile() { close(); }
    void close()
    {
        if (fd >= 0)
            FileSteps::close(fd);
        fd = -1;
    }
    int fd = -1;
};

} // namespace mcpcore
