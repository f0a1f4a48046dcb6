// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include <QByteArray>
#include <QList>
#include <QStringList>
#include <tl/expected.hpp>

namespace mcpcore {

struct ConfigValue;

// How one client reads its file: the format, and what it takes beyond the standard of it. Clients differ (facts measured for each),
// and what one reads another refuses to start with.
struct ConfigDialect {
    enum class Format { Jsonc, Toml, Yaml }; // JSON too: the flags below say how much of JSONC
    Format format = Format::Jsonc;
    bool comments = false;       // JSON: // and /* */
    bool trailingCommas = false; // JSON
    bool byteOrderMark = false;  // UTF-8
    bool emptyFile = false;      // an empty file is an empty document
};

// Where the entry of one server stands: keys from the root to what holds the entries, and the entry's own name in it.
struct EntryPlace {
    enum class Holder { Map, List }; // in a list an entry is a map with its name as member "name"
    QStringList path;
    QString name;
    Holder holder = Holder::Map;
};

// Why a file is left as it is. Line and column count from 1; 0 where the fault has no place. The reason is one sentence for people,
// without a byte of the file's values: keys of others stand in such files.
struct ConfigFault {
    enum class Kind {
        Syntax,      // not what this client reads
        Encoding,    // UTF-16, invalid UTF-8
        WrongType,   // what should hold the entries is something else
        Exists,      // an entry of this name is there already
        Absent,      // there is none
        Unsupported, // valid, but in a form that is not edited: shown as a snippet instead
        Changed,     // the result would mean something else than the old file and the entry: a fault of ours, nothing is written
    };
    Kind kind = Kind::Syntax;
    int line = 0;
    int column = 0;
    QString reason;
};

template <typename T> using ConfigResult = tl::expected<T, ConfigFault>;

// One replacement of bytes. Edits of one list do not overlap, ascend by offset, and all count in the original.
struct TextEdit {
    qsizetype offset;
    qsizetype length;
    QByteArray text;
};

// What to do to a file, and what it takes to undo it where the file has changed since.
struct EntryEdit {
    QList<TextEdit> edits;
    // How many keys of the path were not there: removal takes them away again when they are left empty. One more where the file itself was
    // empty. Of JSON also what an empty holder had between its brackets, which the result does not show.
    int created = 0;
};
inline constexpr int kCreatedKeys = 0xFF;  // the bits that count
inline constexpr int kHeldSpace = 0x100;   // it was { }
inline constexpr int kHeldLine = 0x200;    // its brackets stood on two lines
inline constexpr int kHeldNothing = 0x400; // it had no value at all (YAML)

QByteArray applied(const QByteArray &file, const QList<TextEdit> &edits);

// The edits that put `entry` (an object) there, as the last one, in the style of what stands around it: indentation, line ends, one line or many,
// comments kept where they are. Exists where the name is taken.
ConfigResult<EntryEdit> insertEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
// The same in the place of the entry of that name, which goes with the comments inside it.
ConfigResult<EntryEdit> replaceEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, const Json &entry);
// Takes the entry out with its separator and its own lines, and up to `created` holders above it that are left empty.
ConfigResult<EntryEdit> removeEntry(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, int created);

// What the client understands of the file, read by a reader that shares no code with the edits where a library can be had.
ConfigResult<ConfigValue> meaningOf(const QByteArray &file, const ConfigDialect &dialect);

// The three edits above, applied and proved: the new file is re-read in the client's dialect and must mean the old one with the entry put,
// exchanged or gone; else Changed.
struct EditedFile {
    QByteArray bytes;
    int created = 0;
};
enum class EntryChange { Insert, Replace, Remove };
ConfigResult<EditedFile> changedFile(const QByteArray &file, const ConfigDialect &dialect, const EntryPlace &place, EntryChange change,
                                     const Json &entry, int created);

} // namespace mcpcore
