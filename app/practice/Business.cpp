// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/practice/Business.h"
#include "base/Json.h"
#include <QFile>
#include <QLockFile>
#include <map>

using namespace mcpcore;

namespace app {

namespace {

const char *const customerById = "SELECT row FROM customer_rows WHERE id = ?";
const char *const invoiceById = "SELECT row FROM invoice_rows WHERE id = ?";
const char *const subscriptionById = "SELECT row FROM subscription_rows WHERE id = ?";
const char *const gateByName = "SELECT row FROM gate_rows WHERE name = ?";
constexpr qint64 usualLimit = 20;
constexpr int turnTime = 30'000; // ms

std::string textOf(const Json &arguments, const char *name)
{
    return arguments.value(name, std::string());
}

QString money(qint64 amount, const Json &record)
{
    return QStringLiteral("%1.%2 %3")
        .arg(amount / 100)
        .arg(amount % 100, 2, 10, QLatin1Char('0'))
        .arg(record.at("currency").get<QString>().toUpper());
}

QByteArray resource(const char *name)
{
    QFile file(QString::fromLatin1(name));
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

Business::Answer answer(QString sentence, const Json &data)
{
    return {std::move(sentence), toBytes(data)};
}

Result<Business::Answer> listed(const char *what, const Result<Json> &records)
{
    if (!records)
        return failure(records.error());
    return answer(QStringLiteral("%1 practice %2.").arg(records->size()).arg(QLatin1String(what)), Json{{what, *records}});
}

} // namespace

Result<Business> Business::open(const QString &path)
{
    // Several processes may start on one new file: SQLite answers "locked" at once to who switches to a write-ahead log while
    // another does, so they take turns. The lock of a process that died is void.
    std::optional<QLockFile> turn;
    if (!path.isEmpty()) {
        turn.emplace(path + QStringLiteral(".lock"));
        if (!turn->tryLock(turnTime) && turn->error() == QLockFile::LockFailedError)
            return failure(Error::Kind::FileFailed, QStringLiteral("%1 is being opened by another process for too long").arg(path));
    }
    auto database = path.isEmpty() ? Database::inMemory() : Database::open(path, Database::Mode::ReadWrite);
    if (!database)
        return failure(database.error());
    const QByteArray schema = resource(":/practice/schema.sql");
    const QByteArray views = resource(":/practice/views.sql");
    Result<> filled = (*database)->migrate({schema.constData()});
    if (filled)
        filled = (*database)->execute(views.constData());
    if (!filled)
        return failure(filled.error());
    return Business(std::move(*database));
}

Business::Tool Business::toolNamed(const std::string &name)
{
    static const std::map<std::string, Tool> tools{
        {"list_customers", &Business::listCustomers},
        {"get_customer", &Business::getCustomer},
        {"create_customer", &Business::createCustomer},
        {"list_invoices", &Business::listInvoices},
        {"get_invoice", &Business::getInvoice},
        {"create_refund", &Business::createRefund},
        {"list_plans", &Business::listPlans},
        {"update_subscription", &Business::updateSubscription},
        {"cancel_subscription", &Business::cancelSubscription},
        {"list_gates", &Business::listGates},
        {"get_gate", &Business::getGate},
        {"toggle_gate", &Business::toggleGate},
        {"replace_gate", &Business::replaceGate},
        {"delete_gate", &Business::deleteGate},
    };
    const auto found = tools.find(name);
    return found == tools.end() ? nullptr : found->second;
}

bool Business::has(const std::string &tool) const
{
    return toolNamed(tool) != nullptr;
}

Result<Business::Answer> Business::call(const std::string &tool, const Json &arguments)
{
    if (const auto begun = m_database->begin(); !begun)
        return failure(begun.error());
    auto made = (this->*toolNamed(tool))(arguments);
    const Result<> kept = made ? m_database->commit() : Result<>();
    if (!made || !kept)
        m_database->rollback();
    if (!kept)
        return failure(kept.error());
    return made;
}

Result<Business::Answer> Business::listCustomers(const Json &arguments)
{
    return listed("customers", rows("SELECT row FROM customer_rows WHERE ?1 = '' OR email = ?1 ORDER BY number LIMIT ?2",
                                    {textOf(arguments, "email"), integerAt(arguments, "limit", usualLimit)}));
}

Result<Business::Answer> Business::getCustomer(const Json &arguments)
{
    auto customer = row(customerById, "customer", textOf(arguments, "customer"));
    if (!customer)
        return failure(customer.error());
    const auto subscriptions =
        rows("SELECT row FROM subscription_rows WHERE customer = ? ORDER BY number", {textOf(arguments, "customer")});
    if (!subscriptions)
        return failure(subscriptions.error());
    (*customer)["subscriptions"] = *subscriptions;
    return answer(QStringLiteral("%1, %2.").arg(customer->at("name").get<QString>(), customer->at("email").get<QString>()), *customer);
}

Result<Business::Answer> Business::createCustomer(const Json &arguments)
{
    auto created = change("INSERT INTO customers (name, email) VALUES (?, ?)", {textOf(arguments, "name"), textOf(arguments, "email")});
    auto customers = created ? rows("SELECT row FROM customer_rows WHERE number = last_insert_rowid()") : failure(created.error());
    if (!customers)
        return failure(customers.error());
    const Json &customer = customers->at(0);
    return answer(QStringLiteral("Created practice customer %1.").arg(customer.at("id").get<QString>()), customer);
}

Result<Business::Answer> Business::listInvoices(const Json &arguments)
{
    return listed("invoices",
                  rows("SELECT row FROM invoice_rows WHERE (?1 = '' OR customer = ?1) AND (?2 = '' OR status = ?2)"
                       " ORDER BY number DESC LIMIT ?3",
                       {textOf(arguments, "customer"), textOf(arguments, "status"), integerAt(arguments, "limit", usualLimit)}));
}

Result<Business::Answer> Business::getInvoice(const Json &arguments)
{
    auto invoice = row(invoiceById, "invoice", textOf(arguments, "invoice"));
    if (!invoice)
        return failure(invoice.error());
    const auto refunds = rows("SELECT row FROM refund_rows WHERE invoice = ? ORDER BY number", {textOf(arguments, "invoice")});
    if (!refunds)
        return failure(refunds.error());
    (*invoice)["refunds"] = *refunds;
    return answer(QStringLiteral("Practice invoice over %1, %2 of it refunded.")
                      .arg(money(integerAt(*invoice, "amount", 0), *invoice), money(integerAt(*invoice, "refunded", 0), *invoice)),
                  *invoice);
}

Result<Business::Answer> Business::createRefund(const Json &arguments)
{
    const std::string id = textOf(arguments, "invoice");
    const auto invoice = row(invoiceById, "invoice", id);
    if (!invoice)
        return failure(invoice.error());
    const qint64 left = integerAt(*invoice, "amount", 0) - integerAt(*invoice, "refunded", 0);
    const qint64 amount = integerAt(arguments, "amount", left);
    if (invoice->at("status") == "open")
        return failure(Error::Kind::Conflict,
                       QStringLiteral("Invoice %1 is not paid yet. There is nothing to refund.").arg(QString::fromStdString(id)));
    if (left == 0)
        return failure(Error::Kind::Conflict, QStringLiteral("Invoice %1 is refunded already.").arg(QString::fromStdString(id)));
    if (amount > left)
        return failure(Error::Kind::Conflict, QStringLiteral("Only %1 of invoice %2 can still be refunded, not %3.")
                                                  .arg(money(left, *invoice), QString::fromStdString(id), money(amount, *invoice)));
    const std::string reason = arguments.value("reason", std::string("requested_by_customer"));
    auto changed =
        change("UPDATE invoices SET refunded = refunded + ?1, status = iif(refunded + ?1 = amount, 'refunded', status) WHERE id = ?2",
               {amount, id});
    if (changed)
        changed = change("INSERT INTO refunds (invoice, amount, currency, reason) VALUES (?, ?, ?, ?)",
                         {id, amount, invoice->at("currency").get<std::string>(), reason});
    const auto refunds = changed ? rows("SELECT row FROM refund_rows WHERE number = last_insert_rowid()") : failure(changed.error());
    if (!refunds)
        return failure(refunds.error());
    return answer(QStringLiteral("Refunded %1 of practice invoice %2.").arg(money(amount, *invoice), QString::fromStdString(id)),
                  refunds->at(0));
}

Result<Business::Answer> Business::listPlans(const Json &)
{
    return listed("plans", rows("SELECT row FROM plan_rows ORDER BY amount"));
}

Result<Business::Answer> Business::updateSubscription(const Json &arguments)
{
    const std::string id = textOf(arguments, "subscription");
    const auto before = row(subscriptionById, "subscription", id);
    if (!before)
        return failure(before.error());
    if (!arguments.contains("plan") && !arguments.contains("quantity"))
        return failure(Error::Kind::InvalidArgument, QStringLiteral("Give plan, quantity or both."));
    if (before->at("status") != "active")
        return failure(Error::Kind::Conflict,
                       QStringLiteral("Subscription %1 is canceled and cannot be changed.").arg(QString::fromStdString(id)));
    const std::string plan = arguments.value("plan", before->at("plan").get<std::string>());
    if (const auto there = row("SELECT row FROM plan_rows WHERE id = ?", "plan", plan); !there)
        return failure(there.error());
    const auto changed = change("UPDATE subscriptions SET plan = ?, quantity = ? WHERE id = ?",
                                {plan, integerAt(arguments, "quantity", integerAt(*before, "quantity", 1)), id});
    const auto after = changed ? row(subscriptionById, "subscription", id) : failure(changed.error());
    if (!after)
        return failure(after.error());
    return answer(QStringLiteral("Practice subscription %1 is now %2 of %3.")
                      .arg(QString::fromStdString(id))
                      .arg(integerAt(*after, "quantity", 0))
                      .arg(after->at("plan").get<QString>()),
                  *after);
}

Result<Business::Answer> Business::cancelSubscription(const Json &arguments)
{
    const std::string id = textOf(arguments, "subscription");
    const auto before = row(subscriptionById, "subscription", id);
    if (!before)
        return failure(before.error());
    if (before->at("status") != "active")
        return failure(Error::Kind::Conflict, QStringLiteral("Subscription %1 is canceled already.").arg(QString::fromStdString(id)));
    const bool later = boolAt(arguments, "at_period_end", false);
    const auto changed = change(later ? "UPDATE subscriptions SET cancel_at_period_end = 1 WHERE id = ?"
                                      : "UPDATE subscriptions SET status = 'canceled', cancel_at_period_end = 0 WHERE id = ?",
                                {id});
    const auto after = changed ? row(subscriptionById, "subscription", id) : failure(changed.error());
    if (!after)
        return failure(after.error());
    return answer((later ? QStringLiteral("Practice subscription %1 ends with the paid period.")
                         : QStringLiteral("Practice subscription %1 has ended."))
                      .arg(QString::fromStdString(id)),
                  *after);
}

Result<Business::Answer> Business::listGates(const Json &)
{
    return listed("gates", rows("SELECT row FROM gate_rows ORDER BY name"));
}

Result<Business::Answer> Business::getGate(const Json &arguments)
{
    const auto gate = row(gateByName, "gate", textOf(arguments, "gate"));
    if (!gate)
        return failure(gate.error());
    return answer(QStringLiteral("Practice gate %1 is %2.")
                      .arg(gate->at("name").get<QString>(), boolAt(*gate, "enabled", false) ? QStringLiteral("on") : QStringLiteral("off")),
                  *gate);
}

Result<Business::Answer> Business::toggleGate(const Json &arguments)
{
    const qint64 enabled = boolAt(arguments, "enabled", false) ? 1 : 0;
    const auto changed = change("UPDATE gates SET enabled = ?, version = version + 1 WHERE name = ?", {enabled, textOf(arguments, "gate")});
    if (!changed)
        return failure(changed.error());
    return getGate(arguments);
}

Result<Business::Answer> Business::replaceGate(const Json &arguments)
{
    const qint64 enabled = boolAt(arguments, "enabled", false) ? 1 : 0;
    const auto changed =
        change("UPDATE gates SET description = ?, enabled = ?, rules = ?, version = version + 1 WHERE name = ?",
               {textOf(arguments, "description"), enabled, toBytes(arguments.at("rules")).toStdString(), textOf(arguments, "gate")});
    if (!changed)
        return failure(changed.error());
    return getGate(arguments);
}

Result<Business::Answer> Business::deleteGate(const Json &arguments)
{
    const auto gate = row(gateByName, "gate", textOf(arguments, "gate"));
    if (!gate)
        return failure(gate.error());
    if (const auto changed = change("DELETE FROM gates WHERE name = ?", {textOf(arguments, "gate")}); !changed)
        return failure(changed.error());
    return answer(QStringLiteral("Deleted practice gate %1.").arg(gate->at("name").get<QString>()), Json{{"deleted", *gate}});
}

Result<Statement> Business::bound(const char *sql, const std::vector<Value> &values)
{
    auto statement = m_database->prepare(sql);
    for (size_t i = 0; statement && i < values.size(); ++i) {
        if (const auto *number = std::get_if<qint64>(&values[i]))
            statement->bind(int(i) + 1, *number);
        else
            statement->bindText(int(i) + 1, std::get<std::string>(values[i]));
    }
    return statement;
}

Result<Json> Business::rows(const char *sql, const std::vector<Value> &values)
{
    auto statement = bound(sql, values);
    if (!statement)
        return failure(statement.error());
    Json records = Json::array();
    while (true) {
        const auto more = statement->step();
        if (!more)
            return failure(more.error());
        if (!*more)
            return records;
        auto record = parseJson(statement->bytes(0));
        if (!record)
            return failure(record.error());
        records.push_back(std::move(*record));
    }
}

Result<Json> Business::row(const char *sql, const char *what, const std::string &id)
{
    const auto found = rows(sql, {id});
    if (!found)
        return failure(found.error());
    if (found->empty())
        return failure(Error::Kind::NotFound, QStringLiteral("There is no %1 %2.").arg(QLatin1String(what), QString::fromStdString(id)));
    return found->at(0);
}

Result<> Business::change(const char *sql, const std::vector<Value> &values)
{
    auto statement = bound(sql, values);
    return statement ? statement->run() : Result<>(failure(statement.error()));
}

} // namespace app
