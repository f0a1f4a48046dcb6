// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/LogRow.h"
#include <QCoreApplication>

namespace ui {

// The words of the activity page. Pure: rows of the log in, our sentences out, what others wrote with visible marks.
class ActivityText
{
    Q_DECLARE_TR_FUNCTIONS(ActivityText)
public:
    enum class Tone { Plain, Accent, Caution }; // Accent: waits for a person. Caution: needs a person's care
    struct Line {
        QString icon;
        QString text;
        Tone tone = Tone::Plain;
    };
    // Decision and result of a call in a few words.
    static Line result(const mcpcore::CallSummary &call);
    // The whole row for a screen reader.
    static QString sentence(const mcpcore::CallSummary &call);
    // A name somebody else chose: marked, on one line, shortened.
    static QString name(const QString &text);
    static QString environmentWord(const QString &environment);
    // hh:mm:ss today, MM-dd hh:mm before.
    static QString time(std::chrono::milliseconds wall, std::chrono::milliseconds now);
    static QString dateAndTime(std::chrono::milliseconds wall);

    // One row of the chain as a step of the story: what happened and, below it, what else is known of it.
    struct Step {
        Line line;
        QString more;
        QString time; // of the first step hh:mm:ss.zzz, of the others "+0.121 s"
    };
    static QList<Step> story(const QList<mcpcore::LogEntry> &entries);
    // What the log holds of the arguments. Whole when the bytes have the digest of what was sent: then nothing was left out.
    struct Arguments {
        QByteArray bytes;
        QByteArray digest;
        bool whole = false;
    };
    static Arguments arguments(const QList<mcpcore::LogEntry> &entries);
    static QString argumentsLine(const Arguments &arguments);
    // "Rows 48 205 to 48 211, head 9f3c 17aa … e204"
    static QString chainPosition(const QList<mcpcore::LogEntry> &entries);
    static QString shortDigest(const QByteArray &digest);
};

} // namespace ui
