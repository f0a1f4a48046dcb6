-- SPDX-FileCopyrightText: 2026 The Countersign authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- What the tools give back: `row` is the JSON of one record. Made anew for each connection: views of the file may not call
-- JSON functions (trusted_schema is off).
CREATE TEMP VIEW customer_rows AS
SELECT number, id, email, json_object('id', id, 'name', name, 'email', email, 'created', created, 'source', 'practice') AS row
FROM customers;
CREATE TEMP VIEW plan_rows AS
SELECT id, amount, json_object('id', id, 'name', name, 'amount', amount, 'currency', currency, 'interval', interval, 'source', 'practice') AS row
FROM plans;
CREATE TEMP VIEW subscription_rows AS
SELECT number, id, customer, json_object('id', id, 'customer', customer, 'plan', plan, 'quantity', quantity, 'status', status,
    'cancel_at_period_end', json(iif(cancel_at_period_end, 'true', 'false')), 'source', 'practice') AS row
FROM subscriptions;
CREATE TEMP VIEW invoice_rows AS
SELECT number, id, customer, status, json_object('id', id, 'customer', customer, 'description', description, 'amount', amount,
    'refunded', refunded, 'currency', currency, 'status', status, 'source', 'practice') AS row
FROM invoices;
CREATE TEMP VIEW refund_rows AS
SELECT number, id, invoice, json_object('id', id, 'invoice', invoice, 'amount', amount, 'currency', currency, 'reason', reason,
    'created', created, 'source', 'practice') AS row
FROM refunds;
CREATE TEMP VIEW gate_rows AS
SELECT name, json_object('name', name, 'description', description, 'enabled', json(iif(enabled, 'true', 'false')),
    'rules', json(rules), 'version', version, 'source', 'practice') AS row
FROM gates;
