// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "base/Result.h"
#include "ui/shell/ImportWishes.h"
#include <QCoreApplication>

namespace ui {

// The words of an import. Pure: what the core found in, our sentences out, what others wrote with visible marks.
class ImportText
{
    Q_DECLARE_TR_FUNCTIONS(ImportText)
public:
    // "rk_test_ ··· 4f2a"
    static QString key(const ImportKey &key);
    // "Stripe, restricted, in the variable STRIPE_SECRET_KEY"
    static QString keyPlace(const ImportKey &key);
    // The address it has now, or the whole command line.
    static QString now(const ImportServer &server);
    // It is ticked without a word of the person: a key lies open, or a vendor is talked to directly.
    static bool isUsual(const ImportServer &server);
    static bool canCome(const ImportServer &server) { return server.proposal && server.trouble.isEmpty(); }
    // "the server stripe", "3 servers"
    static QString servers(const QList<ImportServer> &servers);
    // Who is asked about the keys of these: "Stripe", "Stripe and Attio", "the vendors"; empty: nobody.
    static QString asked(const QList<ImportServer> &servers);
    // After such a failure a person may take the keys over without the vendor's word: it was not to be had.
    static bool mayGoUnverified(mcpcore::Error::Kind kind);
};

} // namespace ui
