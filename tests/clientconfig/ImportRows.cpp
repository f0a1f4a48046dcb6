// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#include "ImportRows.h"

namespace {

QStringList words(std::initializer_list<const char *> lines)
{
    QStringList list;
    for (const char *line : lines)
        list.append(QString::fromUtf8(line));
    return list;
}

// With the keys in the places of T, L and S.
QByteArray with(QByteArray text)
{
    return text.replace("@T@", kStripeTest).replace("@L@", kStripeLive).replace("@S@", kStatsig);
}

} // namespace

QList<ImportRow> importRows()
{
    return {
        {"Claude Desktop, an option with its value", "claude-desktop",
         with("{\n  \"mcpServers\": {\n    \"stripe\": {\n      \"command\": \"npx\",\n      \"args\": [\"-y\", \"@stripe/mcp@latest\", "
              "\"--tools=all\", \"--api-key=@T@\"]\n    },\n    \"files\": { \"command\": \"npx\", \"args\": "
              "[\"server-filesystem-of-somebody\"] }\n  },\n"
              "  \"scale\": 1.50\n}\n"),
         words({"stripe stripe stdio", "files - stdio"}), words({"stripe argument api-key stripe rk_test_"}), 1},
        {"Claude Desktop, a variable", "claude-desktop",
         with("{\"mcpServers\":{\"pay\":{\"command\":\"npx\",\"args\":[\"-y\",\"@stripe/"
              "mcp\"],\"env\":{\"STRIPE_SECRET_KEY\":\"@L@\",\"NODE_ENV\":"
              "\"production\"}}}}"),
         words({"pay stripe stdio"}), words({"pay environment STRIPE_SECRET_KEY stripe sk_live_"}), 1},
        {"Claude Desktop, the word after an option, with CRLF", "claude-desktop",
         with("{\r\n\t\"mcpServers\": {\r\n\t\t\"stripe\": {\"command\": \"npx\", \"args\": [\"@stripe/mcp\", \"--api-key\", "
              "\"@T@\"]}\r\n\t}\r\n}\r\n"),
         words({"stripe stripe stdio"}), words({"stripe argument api-key stripe rk_test_"}), 1},
        {"Claude Code, in a project, through mcp-remote", "claude-code",
         with("{\n  \"numStartups\": 3,\n  \"mcpServers\": {},\n  \"projects\": {\n    \"/home/me/shop\": {\n      \"mcpServers\": {\n"
              "        \"statsig\": {\n          \"type\": \"stdio\",\n          \"command\": \"npx\",\n          \"args\": "
              "[\"mcp-remote\", "
              "\"https://api.statsig.com/v3/mcp\", \"--header\", \"statsig-api-key:@S@\"],\n          \"env\": {}\n        }\n      }\n    "
              "}\n  }\n}\n"),
         words({"statsig statsig stdio"}), words({"statsig argument statsig-api-key statsig console-"}), 1},
        {"Cursor, a header, one key twice", "cursor",
         with("{\n  // mine\n  \"mcpServers\": {\n    \"a\": {\"url\": \"https://mcp.stripe.com\", \"headers\": {\"Authorization\": "
              "\"Bearer @T@\", "
              "\"Stripe-Account\": \"acct_1\"}},\n    \"b\": {\"command\": \"stripe-tools\", \"env\": {\"API_KEY\": \"@T@\"}},\n  },\n}\n"),
         words({"a stripe http", "b - stdio"}), words({"a header Authorization stripe rk_test_", "b environment API_KEY stripe rk_test_"}),
         1},
        {"Cursor, a parameter of the address", "cursor",
         with("{\"mcpServers\": {\"q\": {\"url\": \"https://mcp.example.com/x?team=7&api_key=CANARYquery0123456789&z=1#top\"}}}\n"),
         words({"q - http"}), words({"q address api_key - -"}), 1},
        {"Codex, headers of HTTP", "codex",
         with("model = \"x\" # mine\n\n[mcp_servers.stripe]\nurl = \"https://mcp.stripe.com\"\nhttp_headers = { \"Authorization\" = "
              "\"Bearer @L@\" }\n"
              "env_http_headers = { \"X-API-KEY\" = \"MY_KEY\" }\n\n[mcp_servers.other]\ncommand = 'run'\n[mcp_servers.other.env]\nA_TOKEN "
              "= "
              "'CANARYtoken0123456789'\n\n[tui]\nnotify = true\n"),
         words({"other - stdio", "stripe stripe http"}),
         words({"other environment A_TOKEN - -", "stripe header Authorization stripe sk_live_"}), 2},
        {"VS Code, what it asks for",
         "vscode",
         with("{\n  \"inputs\": [{\"id\": \"stripe-key\", \"type\": \"promptString\", \"password\": true}],\n  \"servers\": {\n"
              "    \"stripe\": {\"type\": \"http\", \"url\": \"https://mcp.stripe.com\", \"headers\": {\"Authorization\": \"Bearer "
              "${input:stripe-key}\"}},\n    \"x\": {\"command\": \"x\", \"env\": {\"X_SECRET\": \"${env:X_SECRET}\", \"Y_KEY\": "
              "\"$Y\"}},\n  }\n}\n"),
         words({"stripe stripe http", "x - stdio"}),
         {},
         0},
        {"Goose, values without quotes", "goose",
         with("# mine\nextensions:\n  developer:\n    type: builtin\n    enabled: true\n  stripe:\n    type: stdio\n    enabled: true\n    "
              "cmd: npx\n"
              "    args: [-y, '@stripe/mcp', --api-key=@T@]\n    envs:\n      STRIPE_SECRET_KEY: @L@ # live!\n    env_keys: [OTHER_KEY]\n  "
              "  timeout: 300\n"
              "GOOSE_MODEL: x\n"),
         words({"stripe stripe stdio"}),
         words({"stripe argument api-key stripe rk_test_", "stripe environment STRIPE_SECRET_KEY stripe sk_live_"}), 2},
        {"Continue, a list", "continue",
         with("name: mine\nversion: 1.0.0\nschema: v1\nmcpServers:\n  - name: files\n    command: files\n  - name: statsig\n    type: "
              "streamable-http\n"
              "    url: https://api.statsig.com/v3/mcp\n    requestOptions:\n      headers:\n        statsig-api-key: \"@S@\"\n"),
         words({"files - stdio", "statsig statsig http"}), words({"statsig header statsig-api-key statsig console-"}), 1},
        {"OpenCode, a list for a command", "opencode",
         with("{\n  \"mcp\": {\n    \"stripe\": {\"type\": \"local\", \"enabled\": false, \"command\": [\"sh\", \"-c\", \"KEY=@T@ exec npx "
              "@stripe/mcp\"], \"environment\": {\"A\": \"{env:A}\"}}\n  }\n}\n"),
         words({"stripe stripe stdio"}), words({"stripe argument KEY stripe rk_test_"}), 1},
    };
}
