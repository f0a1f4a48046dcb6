// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <vector>

namespace mcpcore {

// The bytes of responses (pure).

struct HeaderField {
    QByteArray name;
    QByteArray value;
};
enum class AfterResponse { KeepConnection, CloseConnection };

// The head of a response with this body; the body follows it. An empty body sends no Content-Type.
QByteArray responseHead(int status, const QByteArray &contentType, const QByteArray &body, AfterResponse after,
                        const std::vector<HeaderField> &fields = {});
// The head of an event stream in chunks.
QByteArray streamHead(AfterResponse after);
// Adds one server-sent event in one chunk to what is sent, without a copy of the message. Line ends between the tokens of
// the message become spaces: an event has one data line. With an `id` the client can come back to it.
void addEvent(std::vector<QByteArray> &pieces, const QByteArray &message, const QByteArray &id = {});
// The empty event that a stream begins with, to tell its first id.
QByteArray primingChunk(const QByteArray &id);
QByteArray commentChunk();
QByteArray lastChunk();

// The message on one line: JSON has raw line ends only between its tokens. Shares the buffer when there are none.
QByteArray onOneLine(const QByteArray &message);

} // namespace mcpcore
