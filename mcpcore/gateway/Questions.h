// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Clock.h"
#include "base/Completion.h"
#include "base/RawJson.h"
#include "model/Question.h"
#include "model/ToolCall.h"

namespace mcpcore {

class ActivityLog;
class Ids;

// What servers ask the person because their client cannot (elicitation). Holds each question until it is answered, withdrawn
// or its deadline passes (= cancelled), and records who asked for what and how it ended, never the values. Knows nothing of
// windows: who shows questions watches added() and removed() and calls answer(). Lives in the core thread.
class Questions : public QObject
{
    Q_OBJECT
public:
    struct Limits {
        int perClient = 5;
        int all = 20;
        Milliseconds deadline = std::chrono::minutes(5);
        Milliseconds reading = std::chrono::minutes(30); // what setReading() may add to one deadline in all
    };
    // `openPage` opens an accepted page in the person's browser.
    Questions(ActivityLog &log, const Clock &clock, Ids &ids, std::function<void(const QString &url)> openPage, Limits limits,
              QObject *parent = nullptr);
    ~Questions() override;

    // Fills id and times of `question`; its rows are part of the story of `call`, when it belongs to one. `done` gets the
    // result for the server, also when nobody answers; Busy when too many wait already. `key` is the same for the same
    // question heard twice (a server on stdio speaks to all its sessions at once): then nothing is asked and `done` is dropped.
    CallId ask(Question question, const ToolCallPtr &call, const QByteArray &key, Completion<RawJson> done);
    // NotFound when it no longer waits; InvalidArgument when a value is not what was asked for (it stays).
    Result<> answer(const CallId &question, const QuestionAnswer &answer);
    // Nobody waits for the answer any more. Safe to call with any id.
    void withdraw(const CallId &question);
    QList<Question> pending() const; // oldest first
    // The clock of one stops while the person reads or writes, until `reading` is false or Limits::reading is used up; then
    // changed() tells the moved deadline. Unknown ids are ignored.
    void setReading(const CallId &question, bool reading);

Q_SIGNALS:
    void added(const mcpcore::Question &question);
    void changed(const mcpcore::Question &question); // its deadline moved
    void removed(const mcpcore::CallId &question, mcpcore::QuestionEnd end);

private:
    struct Open {
        Question question;
        ToolCallPtr call;
        QByteArray key;
        Completion<RawJson> done;
        Milliseconds deadline{};                  // monotonic, as for all below
        std::optional<Milliseconds> readingSince; // the clock stands since then
        Milliseconds readingLeft{};
        quint64 timer = 0; // the only one that counts; older ones find another number
    };
    void arm(Open &open);
    void onTimer(const CallId &question, quint64 timer);
    std::vector<Open>::iterator find(const CallId &question);
    void end(std::vector<Open>::iterator open, QuestionEnd how, const QByteArray &result);
    void record(const Question &question, const ToolCallPtr &call, const QString &title, const char *what) const;

    ActivityLog &m_log;
    const Clock &m_clock;
    Ids &m_ids;
    const std::function<void(const QString &url)> m_openPage;
    const Limits m_limits;
    std::vector<Open> m_open; // oldest first
    quint64 m_lastTimer = 0;
};

} // namespace mcpcore
