-- SPDX-FileCopyrightText: 2026 The Countersign authors
-- SPDX-License-Identifier: GPL-3.0-or-later
-- The practice business: nothing in it is real, and every row says so. Amounts are in minor units (cents).
CREATE TABLE customers (
    number INTEGER PRIMARY KEY,
    id TEXT GENERATED ALWAYS AS ('cus_practice_' || number) STORED UNIQUE,
    name TEXT NOT NULL,
    email TEXT NOT NULL,
    created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
CREATE TABLE plans (
    id TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    interval TEXT NOT NULL
) STRICT;
CREATE TABLE subscriptions (
    number INTEGER PRIMARY KEY,
    id TEXT GENERATED ALWAYS AS ('sub_practice_' || number) STORED UNIQUE,
    customer TEXT NOT NULL REFERENCES customers (id),
    plan TEXT NOT NULL REFERENCES plans (id),
    quantity INTEGER NOT NULL DEFAULT 1,
    status TEXT NOT NULL DEFAULT 'active',
    cancel_at_period_end INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE TABLE invoices (
    number INTEGER PRIMARY KEY,
    id TEXT GENERATED ALWAYS AS ('in_practice_' || number) STORED UNIQUE,
    customer TEXT NOT NULL REFERENCES customers (id),
    description TEXT NOT NULL,
    amount INTEGER NOT NULL,
    refunded INTEGER NOT NULL DEFAULT 0,
    currency TEXT NOT NULL,
    status TEXT NOT NULL,
    CHECK (refunded BETWEEN 0 AND amount)
) STRICT;
CREATE TABLE refunds (
    number INTEGER PRIMARY KEY,
    id TEXT GENERATED ALWAYS AS ('re_practice_' || number) STORED UNIQUE,
    invoice TEXT NOT NULL REFERENCES invoices (id),
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    reason TEXT NOT NULL,
    created TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))
) STRICT;
CREATE TABLE gates (
    name TEXT PRIMARY KEY,
    description TEXT NOT NULL,
    enabled INTEGER NOT NULL,
    rules TEXT NOT NULL DEFAULT '[]',
    version INTEGER NOT NULL DEFAULT 1
) STRICT;

INSERT INTO customers (number, name, email, created) VALUES
    (101, 'Ada Example (practice)', 'ada@practice.example', '2026-01-12T09:00:00Z'),
    (102, 'Bruno Sample (practice)', 'bruno@practice.example', '2026-02-03T14:30:00Z'),
    (103, 'Chidi Trial (practice)', 'chidi@practice.example', '2026-03-21T08:15:00Z'),
    (104, 'Dana Mockup (practice)', 'dana@practice.example', '2026-06-30T18:45:00Z');
INSERT INTO plans (id, name, amount, currency, interval) VALUES
    ('plan_practice_basic', 'Basic (practice)', 1500, 'usd', 'month'),
    ('plan_practice_team', 'Team (practice)', 4900, 'usd', 'month'),
    ('plan_practice_year', 'Team, yearly (practice)', 49000, 'usd', 'year');
INSERT INTO subscriptions (number, customer, plan, quantity, status) VALUES
    (201, 'cus_practice_101', 'plan_practice_team', 8, 'active'),
    (202, 'cus_practice_102', 'plan_practice_basic', 1, 'active'),
    (203, 'cus_practice_103', 'plan_practice_year', 3, 'active'),
    (204, 'cus_practice_104', 'plan_practice_basic', 2, 'canceled');
INSERT INTO invoices (number, customer, description, amount, refunded, currency, status) VALUES
    (1001, 'cus_practice_101', 'Team, 8 seats, October (practice)', 392000, 0, 'usd', 'paid'),
    (1002, 'cus_practice_102', 'Basic, October (practice)', 1500, 0, 'usd', 'paid'),
    (1003, 'cus_practice_103', 'Team, yearly, 3 seats (practice)', 147000, 49000, 'usd', 'paid'),
    (1004, 'cus_practice_104', 'Basic, 2 seats, September (practice)', 3000, 3000, 'usd', 'refunded'),
    (1005, 'cus_practice_101', 'Team, 8 seats, November (practice)', 39200, 0, 'usd', 'open');
INSERT INTO refunds (number, invoice, amount, currency, reason, created) VALUES
    (501, 'in_practice_1003', 49000, 'usd', 'requested_by_customer', '2026-09-02T10:00:00Z'),
    (502, 'in_practice_1004', 3000, 'usd', 'duplicate', '2026-10-05T16:20:00Z');
INSERT INTO gates (name, description, enabled, rules) VALUES
    ('practice_checkout_v2', 'The new checkout (practice)', 1, '[{"name":"Staff","condition":"email ends with @practice.example","percentage":100},{"name":"Everyone","condition":"everyone","percentage":25}]'),
    ('practice_dark_theme', 'Dark theme in settings (practice)', 0, '[]'),
    ('practice_invoice_export', 'Export of invoices as CSV (practice)', 1, '[{"name":"Everyone","condition":"everyone","percentage":100}]');
