// SPDX-FileCopyrightText: 2026 The Countersign authors
// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once
#include "support/FakeDesk.h"
#include "ui/clients/ClientsPage.h"
#include <QDir>

// Clients as a person may have them: connected in every way, installed, out of reach, and to be set up by hand.
struct ClientsBench {
    using Kind = ui::ClientKindSight;
    using File = ui::ClientFile;
    using Change = ui::DiffLine::Change;

    ClientsBench()
    {
        using std::chrono::hours;
        using std::chrono::minutes;
        add("claude-code", "Claude Code", Kind::Look::Terminal, {".claude.json"}, std::nullopt);
        add("claude-desktop", "Claude Desktop", Kind::Look::Chat, {".config/Claude/claude_desktop_config.json"}, std::nullopt);
        kind("claude-desktop").ways = {ui::ClientWay::Bridge};
        add("cursor", "Cursor", Kind::Look::Editor, {".cursor/mcp.json"}, 80);
        add("codex", "Codex", Kind::Look::Terminal, {".codex/config.toml"}, std::nullopt);
        add("vscode", "VS Code", Kind::Look::Editor, {".config/Code/User/mcp.json", ".config/Code/User/profiles/6f2a/mcp.json"}, 128);
        connect("claude-code", "production", 83);
        connect("claude-desktop", nullptr, 83);
        connect("cursor", "staging", 40);
        connect("codex", nullptr, 83);
        connect("vscode", "sandbox", 61);
        kind("claude-desktop").files[0].entry = File::Entry::Gone;
        add("gemini-cli", "Gemini CLI", Kind::Look::Terminal, {".gemini/settings.json"}, std::nullopt);
        kind("gemini-cli").version = QStringLiteral("0.21.1");
        kind("gemini-cli").files[0].bypasses = QStringList{QStringLiteral("stripe")};
        kind("gemini-cli").restart = QStringLiteral("Gemini CLI reads it at its next start.");
        add("zed", "Zed", Kind::Look::Editor, {".config/zed/settings.json"}, std::nullopt);
        kind("zed").files[0].plainKeys = 2;
        add("opencode", "OpenCode", Kind::Look::Terminal, {".config/opencode/opencode.jsonc"}, std::nullopt);
        kind("opencode").version = QStringLiteral("1.18");
        add("chatgpt-web", "ChatGPT on the web", Kind::Look::Chat, {}, std::nullopt);
        kind("chatgpt-web").installed = false;
        kind("chatgpt-web").reason = QStringLiteral("ChatGPT on the web calls tools from OpenAI's computers, which cannot reach this one.");
        kind("chatgpt-web").instead = QStringLiteral("Use the ChatGPT desktop app: it reads the file of Codex, so connect Codex.");
        add("goose", "Goose", Kind::Look::Terminal, {".config/goose/config.yaml"}, std::nullopt);
        kind("goose").installed = false;
        add("other", "Other", Kind::Look::Terminal, {}, std::nullopt);
        kind("other").installed = false;
        kind("other").paste = QStringLiteral("Most clients read this shape in their MCP settings.");
        desk.previews[QStringLiteral("gemini-cli")] = geminiPreview();
        desk.previews[QStringLiteral("zed")] = plainPreview("zed");
        desk.previews[QStringLiteral("opencode")] = plainPreview("opencode");
        desk.previews[QStringLiteral("claude-desktop")] = plainPreview("claude-desktop");
        desk.snippets[ui::ClientWay::Bridge] = QStringLiteral("{\n  \"mcpServers\": {\n    \"countersign\": {\n      \"command\": "
                                                              "\"/usr/bin/countersign-bridge\",\n      \"args\": [\"--client\", "
                                                              "\"other\"]\n    }\n  }\n}\n");
        desk.snippets[ui::ClientWay::Http] = QStringLiteral("{\n  \"mcpServers\": {\n    \"countersign\": {\n      \"type\": \"http\",\n   "
                                                            "   \"url\": \"http://127.0.0.1:7345/mcp\",\n      "
                                                            "\"headers\": {\"Authorization\": \"Bearer ••••••••\"}\n    }\n  }\n}\n");
    }

    Kind &kind(const char *id)
    {
        for (Kind &known : desk.clientsSeen.kinds)
            if (known.kind == QLatin1String(id))
                return known;
        qFatal("There is no kind %s", id);
    }
    ui::ClientSight &client(const char *id)
    {
        for (ui::ClientSight &known : desk.clientsSeen.clients)
            if (known.id.text == QLatin1String(id))
                return known;
        qFatal("There is no client %s", id);
    }
    static QString home(const char *path) { return QDir::homePath() + QLatin1Char('/') + QLatin1String(path); }

    void add(const char *id, const char *name, Kind::Look look, std::initializer_list<const char *> files, std::optional<int> limit)
    {
        Kind kind;
        kind.kind = QLatin1String(id);
        kind.name = QLatin1String(name);
        kind.look = look;
        kind.installed = true;
        kind.ways = {ui::ClientWay::Bridge, ui::ClientWay::Http};
        kind.toolLimit = limit;
        kind.restart = QStringLiteral("%1 reads it at its next start.").arg(kind.name);
        for (const char *path : files) {
            File file;
            file.path = home(path);
            file.what = kind.files.isEmpty() ? QStringLiteral("user settings") : QStringLiteral("profile work");
            file.there = true;
            kind.files.append(file);
        }
        desk.clientsSeen.kinds.append(kind);
    }
    void connect(const char *id, const char *environment, int tools)
    {
        Kind &known = kind(id);
        known.client = {known.kind};
        for (File &file : known.files) {
            file.entry = File::Entry::Ours;
            file.name = QStringLiteral("countersign");
        }
        ui::ClientSight client;
        client.id = known.client;
        client.name = known.name;
        client.kind = known.kind;
        client.program = QStringLiteral("/usr/bin/%1").arg(known.kind);
        client.seen = clock.wall() - std::chrono::minutes(1);
        client.seenVersion = QStringLiteral("2.1.328");
        client.sessions = 1;
        client.tools = tools;
        client.created = clock.wall() - std::chrono::hours(48);
        desk.clientsSeen.clients.append(client);
        mcpcore::Client record;
        record.id = client.id;
        record.label = client.name;
        record.kind = client.kind;
        if (environment)
            record.environment = mcpcore::EnvironmentId{QLatin1String(environment)};
        desk.space.clients.append(record);
    }

    static ui::ClientEdit geminiPreview()
    {
        ui::ClientEdit edit;
        edit.file = home(".gemini/settings.json");
        edit.status = ui::ClientEdit::Status::Written;
        edit.bytesAdded = 143;
        int number = 0;
        const auto line = [&](const char *text, Change change = Change::Same) {
            edit.diff.append({change, ++number, QString::fromUtf8(text)});
        };
        line("{");
        line("  // colours");
        line("  \"ui\": {");
        line("    \"hideTips\": true,");
        line("    \"footer\": 1");
        line("  },");
        line("  \"telemetry\": false,");
        line("  \"checkpointing\": {");
        line("    \"enabled\": true");
        line("  },");
        line("  // servers I use at work");
        line("  \"mcpServers\": {");
        line("    \"filesystem\": { \"command\": \"npx\", \"args\": [\"-y\", \"@mcp/fs\"] }", Change::Removed);
        --number;
        line("    \"filesystem\": { \"command\": \"npx\", \"args\": [\"-y\", \"@mcp/fs\"] },", Change::Added);
        line("    \"countersign\": {", Change::Added);
        line("      \"command\": \"/usr/bin/countersign-bridge\",", Change::Added);
        line("      \"args\": [\"--client\", \"gemini-cli\"],", Change::Added);
        line("      \"timeout\": 3600000", Change::Added);
        line("    }", Change::Added);
        line("  },");
        line("  \"theme\": \"GitHub Light\"");
        line("}");
        edit.checked = QStringList{QStringLiteral("Read back with Gemini CLI's own rules: old meaning plus one entry."),
                                   QStringLiteral("Backup kept, undo at any time."),
                                   QStringLiteral("No secret in the entry: the bridge proves itself to this app.")};
        edit.timeout = QStringLiteral("Timeout raised from 10 minutes to 1 hour, so that you have time to decide");
        edit.restart = QStringLiteral("Gemini CLI reads it at its next start.");
        edit.cautions =
            QStringList{QStringLiteral("It also talks to Stripe directly. The entry “stripe” beside ours goes around Countersign.")};
        return edit;
    }
    static ui::ClientEdit plainPreview(const char *id)
    {
        ui::ClientEdit edit;
        edit.file = home(QByteArray(".config/").append(id).append("/settings.json").constData());
        edit.status = ui::ClientEdit::Status::Written;
        edit.bytesAdded = 96;
        edit.diff = {{Change::Same, 1, QStringLiteral("{")},
                     {Change::Same, 2, QStringLiteral("  \"mcpServers\": {")},
                     {Change::Added, 3, QStringLiteral("    \"countersign\": {\"command\": \"/usr/bin/countersign-bridge\"}")},
                     {Change::Same, 4, QStringLiteral("  }")},
                     {Change::Same, 5, QStringLiteral("}")}};
        edit.checked = QStringList{QStringLiteral("Backup kept, undo at any time.")};
        return edit;
    }

    FakeClock clock;
    FakeDesk desk{clock};
};
