// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Question.h"
#include <QCoreApplication>

namespace ui {

// The words of a server's question. Pure: a question in, our sentences out; none holds a word of the server's message, title or
// description. Names (host, tool, field) come out with visible marks, on one line, shortened.
class QuestionText
{
    Q_DECLARE_TR_FUNCTIONS(QuestionText)
public:
    static QString sentence(const mcpcore::Question &question); // "api.getstack.run wants 3 answers before it goes on with “revoke”"
    static QString title(const mcpcore::Question &question);    // the same in a few words, for a row of the queue
    static QString connectionName(const mcpcore::Question &question);
    static QString facts(const mcpcore::Question &question);
    // What is asked of a field: "required, up to 200 characters".
    static QString wanted(const mcpcore::QuestionField &field);
    // What the server says of a field, quoted; empty when it says nothing.
    static QString described(const mcpcore::QuestionField &field);
    // The button: "Answer", "Answer without operator_key", "Open this page in the browser".
    static QString accept(const mcpcore::Question &question);
    static QString secretsTitle();
    static QString secretsNote(const mcpcore::Question &question, bool hasKey);
    static QString whereTo(const mcpcore::Question &question);          // who sees the answer, and what declining does
    static QString problem(const mcpcore::Question &question);          // why it can only be declined; else empty
    static QString hiddenCharacters(const mcpcore::Question &question); // a sentence, or empty when there are none
    static QString sending(const mcpcore::Question &question, mcpcore::QuestionAnswer::Action action);
    static QString ended(const mcpcore::Question &question, mcpcore::QuestionEnd end);
    static QString accessibleName(const mcpcore::Question &question);
    static QString accessibleDescription(const mcpcore::Question &question, std::chrono::milliseconds now);

    // A message or address others wrote, cut where nobody reads on; says how much is left out.
    static QString whole(const QString &text, qsizetype longest);
    // Where the host stands in an address, as a browser finds it: not the name before an "@", not the port.
    struct Span {
        qsizetype start = 0, length = 0;
    };
    static Span hostIn(const QString &url);
    static bool isPunycode(const QString &host);
};

} // namespace ui
