// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "audit/LogReader.h"
#include <QAbstractTableModel>
#include <QSet>

namespace ui {

// The calls of the log, newest first: a window of rows that grows downwards by pages and, while live, upwards by what is
// appended. Not live, rows that are shown still change their result, but none is inserted: they are counted as new.
// Reads in the main thread with a read-only connection of its own; a failed read becomes problem().
class ActivityModel final : public QAbstractTableModel
{
    Q_OBJECT
public:
    enum Column { Time, Environment, What, Client, Result, ColumnCount };
    enum Role { Icon = Qt::UserRole, Tone, EnvironmentKind, Object };
    static constexpr int kPage = 200;
    static constexpr int kLongestLive = 2'000; // rows kept while live; older ones are read again when scrolled to

    ActivityModel(QString logPath, QObject *parent = nullptr);
    ~ActivityModel() override;

    void setFilter(const mcpcore::LogReader::Filter &filter);
    const mcpcore::LogReader::Filter &filter() const { return m_filter; }
    void setNow(std::chrono::milliseconds now) { m_now = now; }
    // Reads what was appended: inserts it when live, else only counts it.
    void refresh();
    void setLive(bool live);
    bool isLive() const { return m_live; }
    int newCalls() const { return m_new; } // not shown yet; kPage means "that many or more"
    QString problem() const { return m_problem; }
    const mcpcore::CallSummary *at(int row) const;
    int rowOfCall(const QString &call) const;
    const mcpcore::LogReader *reader();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    bool canFetchMore(const QModelIndex &parent) const override;
    void fetchMore(const QModelIndex &parent) override;

Q_SIGNALS:
    void newCallsChanged();
    void problemChanged();

private:
    QList<mcpcore::CallSummary> read(qint64 before);
    void reload();
    void append(const QList<mcpcore::CallSummary> &page);
    void trim();
    void setProblem(const QString &problem);

    const QString m_path;
    std::unique_ptr<mcpcore::LogReader> m_reader;
    mcpcore::LogReader::Filter m_filter;
    QList<mcpcore::CallSummary> m_calls;
    QSet<QString> m_ids;
    qint64 m_oldest = 0; // where the next page begins
    QString m_problem;
    std::chrono::milliseconds m_now{};
    int m_new = 0;
    bool m_live = true;
    bool m_more = false;
};

} // namespace ui
