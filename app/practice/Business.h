// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/JsonFwd.h"
#include "base/Result.h"
#include "store/Database.h"
#include <QByteArray>
#include <string>
#include <variant>
#include <vector>

namespace app {

// The invented business behind the practice tools: customers, invoices, subscriptions, feature gates in SQLite. Several
// processes may share one file: each change is one transaction. One thread.
class Business
{
public:
    // What a tool gives back: a sentence for people and the records for programs.
    struct Answer {
        QString sentence;
        QByteArray data; // a JSON object
    };

    // An empty path keeps everything in memory. A new database is filled with the same records every time.
    static mcpcore::Result<Business> open(const QString &path);

    bool has(const std::string &tool) const;
    // `arguments` fit the tool's schema.
    mcpcore::Result<Answer> call(const std::string &tool, const mcpcore::Json &arguments);

private:
    using Value = std::variant<qint64, std::string>;
    using Tool = mcpcore::Result<Answer> (Business::*)(const mcpcore::Json &);
    explicit Business(std::unique_ptr<mcpcore::Database> database) : m_database(std::move(database)) {}
    static Tool toolNamed(const std::string &name);

    mcpcore::Result<Answer> listCustomers(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> getCustomer(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> createCustomer(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> listInvoices(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> getInvoice(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> createRefund(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> listPlans(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> updateSubscription(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> cancelSubscription(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> listGates(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> getGate(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> toggleGate(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> replaceGate(const mcpcore::Json &arguments);
    mcpcore::Result<Answer> deleteGate(const mcpcore::Json &arguments);

    // The records a query gives in its first column, as a list.
    mcpcore::Result<mcpcore::Json> rows(const char *sql, const std::vector<Value> &values = {});
    // The one record, or NotFound naming `what` and the id.
    mcpcore::Result<mcpcore::Json> row(const char *sql, const char *what, const std::string &id);
    mcpcore::Result<> change(const char *sql, const std::vector<Value> &values);
    mcpcore::Result<mcpcore::Statement> bound(const char *sql, const std::vector<Value> &values);

    std::unique_ptr<mcpcore::Database> m_database;
};

} // namespace app
