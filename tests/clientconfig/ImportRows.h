// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include <QByteArray>
#include <QStringList>

// Files with servers of others and keys in plain text, in every format that clients have.
struct ImportRow {
    const char *name;
    const char *client;
    QByteArray file;
    // Of each server "name vendor transport", in the order of the file.
    QStringList servers;
    // Of each place of a key "server where name vendor prefix".
    QStringList places;
    qsizetype keys; // different ones
};

inline const QByteArray kStripeTest("rk_test_CANARY0123456789abcdefWXYZ");
inline const QByteArray kStripeLive("sk_live_CANARY9876543210fedcbaQRST");
inline const QByteArray kStatsig("console-CANARY55555aaaaabbbbbMNOP");

QList<ImportRow> importRows();
