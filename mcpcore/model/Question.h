// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/Client.h"
#include "model/Environment.h"
#include <QList>
#include <QMetaType>
#include <variant>

namespace mcpcore {

// One thing a server wants to know: a property of the schema it sent. Every text is the server's.
struct QuestionField {
    enum class Type { Text, Number, Integer, YesNo, Choice, Choices };
    struct Option {
        QString value; // what is answered
        QString label; // what is shown
    };
    // Text and numbers (as written), yes or no, one or several options by value; monostate = not answered.
    using Value = std::variant<std::monostate, QString, bool, QStringList>;

    QString name;
    QString title;       // empty when the server gave none
    QString description; // the same
    Type type = Type::Text;
    bool required = false;
    bool looksSecret = false; // is shown as blocked and never answered
    QString format;           // email, uri, date, date-time, or empty
    std::optional<qsizetype> shortest;
    std::optional<qsizetype> longest; // characters; of Choices: how many may be chosen
    QString least, most;              // of numbers, as written; empty = no limit
    QList<Option> options;
    Value preset; // the server's default
};

// What a server wants of the person before it goes on (an elicitation), when its client cannot ask.
struct Question {
    enum class Kind { Form, Url };

    CallId id; // its own, not that of the call it belongs to
    ClientId client;
    QString clientLabel;
    ConnectionId connection;
    QString vendor;
    EnvironmentId environment;
    EnvironmentKind environmentKind = EnvironmentKind::Sandbox;
    QString asker; // host and port, or connection and program: where the answers go
    QString tool;  // of the call it belongs to; empty when the server asks outside of one
    Kind kind = Kind::Form;
    QString message; // the server's words
    QList<QuestionField> fields;
    QString url;     // of Kind::Url, whole
    QString urlHost; // of it, as the browser will ask for it (punycode); empty when `problem` says why it cannot be opened
    QString problem; // why it can only be declined; else empty
    std::chrono::milliseconds asked{};    // wall time
    std::chrono::milliseconds deadline{}; // wall time at which it is cancelled
};

// A person's answer. Of Kind::Url, Accept means that the person wants the page opened.
struct QuestionAnswer {
    enum class Action { Accept, Decline, Cancel };
    Action action = Action::Decline;
    QList<std::pair<QString, QuestionField::Value>> values; // by name; what is left out or monostate is not sent
};

// How it ended.
enum class QuestionEnd { Answered, Declined, Expired, Withdrawn };

} // namespace mcpcore

Q_DECLARE_METATYPE(mcpcore::Question)
Q_DECLARE_METATYPE(mcpcore::QuestionEnd)
