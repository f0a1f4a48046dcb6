// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "ClientsBench.h"

// A file with servers of others: keys of both kinds, one that says no environment, one that cannot come, one of no vendor.
struct ImportBench : ClientsBench {
    using Where = ui::ImportKey::Where;

    ImportBench()
    {
        ui::ImportFile file;
        file.path = home(".config/zed/settings.json");
        file.digest = QStringLiteral("6f2a");
        file.servers = {stripe(), attio(), files(), odd()};
        desk.scans[file.path] = file;
        desk.importPreview = importEdit();
    }
    ui::ImportFile &file() { return desk.scans[home(".config/zed/settings.json")]; }

    static ui::ImportServer stripe()
    {
        ui::ImportServer server;
        server.entry = QStringLiteral("context_servers/stripe");
        server.name = QStringLiteral("stripe");
        server.program = QStringLiteral("npx");
        server.arguments = QStringList{QStringLiteral("-y"), QStringLiteral("@stripe/mcp"), QStringLiteral("--api-key=••••••••")};
        server.vendorName = QStringLiteral("Stripe");
        server.keys = {{Where::Argument, QStringLiteral("--api-key"), QStringLiteral("rk_live_"), QStringLiteral("7Qm2"),
                        QStringLiteral("restricted"), QStringLiteral("Stripe")}};
        server.proposal = {{QStringLiteral("stripe"),
                            false,
                            {QStringLiteral("production")},
                            {{QStringLiteral("production")}},
                            QStringLiteral("https://mcp.stripe.com"),
                            QStringLiteral("Stripe's own server instead of the program npx.")}};
        return server;
    }
    static ui::ImportServer attio()
    {
        ui::ImportServer server;
        server.entry = QStringLiteral("context_servers/crm");
        server.name = QStringLiteral("crm");
        server.url = QStringLiteral("https://mcp.attio.com/mcp");
        server.vendorName = QStringLiteral("Attio");
        server.keys = {
            {Where::Header, QStringLiteral("Authorization"), QString(), QStringLiteral("c0Rz"), QString(), QStringLiteral("Attio")}};
        server.proposal = {{QStringLiteral("attio"),
                            false,
                            {},
                            {{QStringLiteral("sandbox")}, {QStringLiteral("staging")}, {QStringLiteral("production")}},
                            QStringLiteral("https://mcp.attio.com/mcp"),
                            {}}};
        return server;
    }
    static ui::ImportServer files()
    {
        ui::ImportServer server;
        server.entry = QStringLiteral("context_servers/files");
        server.name = QStringLiteral("files");
        server.program = QStringLiteral("npx");
        server.arguments = QStringList{QStringLiteral("-y"), QStringLiteral("@mcp/fs")};
        server.proposal = {{QStringLiteral("files"),
                            false,
                            {QStringLiteral("sandbox")},
                            {{QStringLiteral("sandbox")}, {QStringLiteral("staging")}, {QStringLiteral("production")}},
                            QStringLiteral("npx -y @mcp/fs"),
                            QStringLiteral("Its key (FS_TOKEN) is not in this file: set it for the connection.")}};
        return server;
    }
    static ui::ImportServer odd()
    {
        ui::ImportServer server;
        server.entry = QStringLiteral("context_servers/old");
        server.name = QStringLiteral("old");
        server.url = QStringLiteral("http://10.0.0.7/sse");
        server.trouble = QStringLiteral("It is neither on this computer nor encrypted. Countersign does not talk to it.");
        return server;
    }
    static ui::ClientEdit importEdit()
    {
        ui::ClientEdit edit;
        edit.client = {QStringLiteral("zed")};
        edit.file = home(".config/zed/settings.json");
        edit.status = ui::ClientEdit::Status::Written;
        edit.bytesAdded = -61;
        edit.diff = {{Change::Same, 1, QStringLiteral("{")},
                     {Change::Same, 2, QStringLiteral("  \"context_servers\": {")},
                     {Change::Removed, 3, QStringLiteral("    \"stripe\": {\"command\": \"npx\", \"args\": [\"--api-key=••••••••\"]},")},
                     {Change::Added, 3, QStringLiteral("    \"countersign\": {\"command\": \"/usr/bin/countersign-bridge\"},")},
                     {Change::Same, 4, QStringLiteral("    \"old\": {\"url\": \"http://10.0.0.7/sse\"}")},
                     {Change::Same, 5, QStringLiteral("  }")},
                     {Change::Same, 6, QStringLiteral("}")}};
        edit.checked = QStringList{QStringLiteral("Backup kept with the keys as dots.")};
        edit.cautions = QStringList{QStringLiteral("An older version of the file is in git. It keeps the key.")};
        edit.restart = QStringLiteral("Zed reads it at once.");
        return edit;
    }
    // What the core answers when everything went well.
    ui::ImportOutcome outcome()
    {
        mcpcore::KeyRecord key;
        key.id = {QStringLiteral("k1")};
        key.connection = {QStringLiteral("stripe")};
        key.environment = {QStringLiteral("production")};
        key.prefix = QStringLiteral("rk_live_");
        key.lastFour = QStringLiteral("7Qm2");
        desk.space.keys.append(key);
        return {importEdit(),
                {{key.connection, key.environment, key.id, QStringLiteral("Stripe says it belongs to Acme Inc."),
                  QStringLiteral("https://dashboard.stripe.com/apikeys")},
                 {{QStringLiteral("files")}, {QStringLiteral("sandbox")}, {}, {}, {}}}};
    }
};
