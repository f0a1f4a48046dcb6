// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "model/LogRow.h"
#include "ui/theme/Theme.h"
#include <QWidget>

class QHBoxLayout;
class QVBoxLayout;

namespace ui {

class Button;
class BytesView;
class EnvBanner;
class PlainLabel;

// One call of the log: what it was, its rows as a story, its arguments, its place in the chain.
class CallDetail final : public QWidget
{
    Q_OBJECT
public:
    CallDetail(const Theme &theme, QWidget *parent = nullptr);

    void setCall(const mcpcore::CallSummary &call, const QList<mcpcore::LogEntry> &entries);
    // The rows could not be read.
    void setProblem(const mcpcore::CallSummary &call, const QString &problem);
    QString call() const { return m_call; }

Q_SIGNALS:
    void closed();
    void answerWanted(); // it waits: show it among the approvals

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void setHead(const mcpcore::CallSummary &call);
    void setStory(const QList<mcpcore::LogEntry> &entries);

    const Theme &m_theme;
    QString m_call;
    EnvBanner *m_banner;
    PlainLabel *m_title;
    PlainLabel *m_facts;
    QHBoxLayout *m_tags;
    Button *m_answer;
    PlainLabel *m_problem;
    QVBoxLayout *m_steps;
    PlainLabel *m_argumentsLine;
    BytesView *m_arguments;
    PlainLabel *m_chain;
};

} // namespace ui
