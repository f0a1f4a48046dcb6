# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Stand-ins for the four vendors' calls that verify a key, as their documentation has the answers, and an MCP server beside
them at /mcp that wants such a key. Prints {"port"}, then one JSON line for each request it got.

Commands, one JSON object a line on stdin, each answered with {"done"}:
  {"key", "vendor", "account", "name", "live", "forbidden": [path]}    a key that the vendor knows
  {"revoke": key}
  {"answer": path, "status", "body", "fields": {name: value}}          what a path answers from now on, whatever the key
  {"hold": path} | {"release": true}                                   answers nothing there until released
"""
import http.server
import json
import sys
import threading

keys, answers, held = {}, {}, set()
released = threading.Condition()
output = threading.Lock()


def tell(**what):
    with output:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def key_in(fields):
    bearer = fields.get("authorization", "")
    return bearer[7:] if bearer.startswith("Bearer ") else fields.get("x-api-key", fields.get("statsig-api-key", ""))


def stripe(path, key):
    if not key:
        return 401, {"error": {"message": "Invalid API Key provided.", "type": "invalid_request_error"}}
    if path in key["forbidden"]:
        return 403, {"error": {"message": "The provided key does not have the required permissions.", "type": "invalid_request_error"}}
    if path == "/v1/balance":
        return 200, {"object": "balance", "available": [{"amount": 0, "currency": "usd"}], "livemode": key["live"], "pending": []}
    return 200, {"object": "account", "id": key["account"], "business_profile": {"name": None},
                 "settings": {"dashboard": {"display_name": key["name"], "timezone": "Etc/UTC"}}}


def stigg(path, key):
    if not key:
        return 401, {"error": {"code": "UNAUTHENTICATED", "message": "Unauthenticated"}}
    if path in key["forbidden"]:
        return 403, {"error": {"code": "FORBIDDEN", "message": "Forbidden"}}
    return 200, {"data": [{"id": "customer-1", "name": key["name"]}, {"id": "customer-2", "name": "Beta"}]}


def statsig(path, key, given):
    if not key:  # it repeats the key
        message = "This endpoint only accepts an active CONSOLE key, but an invalid key was sent. Key: " + given
        return 401, {"status": 401, "message": message}
    if path in key["forbidden"]:
        return 403, {"status": 403, "message": "Forbidden resource"}
    if path.endswith("/project"):
        return 200, {"message": "Project Info Retrieved Successfully", "data": {"id": key["account"]}}
    return 200, {"message": "Company read successfully.", "data": {"companyID": "c-1", "companyName": key["name"], "orgName": None}}


def stack(path, key):
    if not key:
        return 401, {"error": "invalid_token"}
    if path in key["forbidden"]:
        return 403, {"error": "forbidden"}
    return 200, {"agents": []} if path == "/v1/agents" else {"operator_id": key["account"], "tier": key["name"], "balance_cents": 0}


def rest(path, given):
    key = keys.get(given)
    stacks = given.startswith(("sk_live_op_", "sk_live_mem_", "eyJ"))
    if path.startswith("/api/v1/customers"):
        return stigg(path, key)
    if path.startswith("/console/v1/"):
        return statsig(path, key, given)
    if path in ("/v1/agents", "/v1/billing/balance") and stacks:
        return stack(path, key)
    if path in ("/v1/balance", "/v1/account"):
        return stripe(path, key)
    return 404, {"error": {"message": "Unrecognized request URL"}}


def mcp(message, given):
    key, method = keys.get(given), message.get("method")
    if method == "initialize":
        return {"protocolVersion": "2025-06-18", "capabilities": {"tools": {}}, "serverInfo": {"name": "vendor", "version": "1"}}
    if method == "tools/list":
        return {"tools": [{"name": "whoami", "description": "Says whose key it got.", "inputSchema": {"type": "object"}}]}
    if method == "tools/call":
        return {"content": [{"type": "text", "text": "account " + key["account"]}]}
    return {} if method == "ping" else None


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def reply(self, status, body, fields=None):
        body = body if isinstance(body, bytes) else json.dumps(body).encode()
        self.send_response(status)
        for name, value in ({"Content-Type": "application/json"} | (fields or {})).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        fields = {name.lower(): value for name, value in self.headers.items()}
        body = self.rfile.read(int(fields.get("content-length", 0))).decode()
        tell(method=self.command, path=self.path, fields=fields, body=body)
        given, path = key_in(fields), self.path.split("?")[0]
        with released:
            released.wait_for(lambda: path not in held)
        if path in answers:
            given_answer = answers[path]
            return self.reply(given_answer["status"], given_answer["body"].encode(), given_answer.get("fields"))
        if path != "/mcp":
            return self.reply(*rest(self.path, given)) if self.command == "GET" else self.reply(405, {})
        if given not in keys:
            return self.reply(401, {"error": "unauthorized"})
        if self.command != "POST":
            return self.reply(405, {})
        message = json.loads(body)
        if "id" not in message:
            return self.reply(202, b"")
        result = mcp(message, given)
        answer = {"result": result} if result is not None else {"error": {"code": -32601, "message": "Method not found"}}
        self.reply(200, {"jsonrpc": "2.0", "id": message["id"]} | answer)

    do_GET = do_POST = do_DELETE = handle_any


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
tell(port=server.server_address[1])
for line in sys.stdin:
    command = json.loads(line)
    with released:
        if "key" in command:
            keys[command["key"]] = {"account": "account-1", "name": "Acme", "live": False, "forbidden": []} | command
        if "revoke" in command:
            keys.pop(command["revoke"], None)
        if "answer" in command:
            answers[command["answer"]] = command
        if "hold" in command:
            held.add(command["hold"])
        if "release" in command:
            held.clear()
            released.notify_all()
    tell(done=True)
