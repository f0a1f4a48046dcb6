# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the test servers do, over stdio and HTTP alike: legacy MCP with tools that behave well or badly by name."""
import base64
import json
import threading


def response(request_id, result):
    return json.dumps({"jsonrpc": "2.0", "id": request_id, "result": result}).encode()


def text(value, **more):
    return {"content": [{"type": "text", "text": value}], **more}


class Peer:
    """`version` is what initialize answers. `answers` holds what the client answered to requests of ours."""

    def __init__(self, version="2025-11-25"):
        self.version = version
        self.received = []
        self.answers = {}
        self.answered = threading.Condition()

    def take(self, raw, emit):
        """Handles one message; what is to be sent goes through emit(bytes). True = a request that was answered."""
        self.received.append(raw)
        message = json.loads(raw)
        method = message.get("method")
        request_id = message.get("id")
        if method is None:
            with self.answered:
                self.answers[str(request_id)] = message
                self.answered.notify_all()
            return
        if request_id is None:
            return
        params = message.get("params", {})
        if method == "initialize":
            emit(response(request_id, {"protocolVersion": self.version, "capabilities": {"tools": {}}, "instructions": "Be careful.",
                                       "serverInfo": {"name": "peer", "version": "1"}}))
        elif method == "received":
            emit(response(request_id, {"messages": [base64.b64encode(r).decode() for r in self.received]}))
        elif method == "tools/call":
            getattr(self, "tool_" + params["name"], self.unknown)(request_id, params, raw, emit)
        else:
            emit(response(request_id, {"method": method}))

    def unknown(self, request_id, params, raw, emit):
        emit(json.dumps({"jsonrpc": "2.0", "id": request_id, "error": {"code": -32602, "message": "no such tool"}}).encode())

    def tool_echo(self, request_id, params, raw, emit):
        emit(response(request_id, text(base64.b64encode(raw).decode())))

    def tool_large(self, request_id, params, raw, emit):
        emit(response(request_id, text("x" * params["arguments"]["size"])))

    def tool_progress(self, request_id, params, raw, emit):
        token = params["_meta"]["progressToken"]
        for step in range(1, 4):
            emit(json.dumps({"jsonrpc": "2.0", "method": "notifications/progress",
                             "params": {"progressToken": token, "progress": step, "total": 3}}).encode())
        emit(b'{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":987654,"progress":1}}')
        emit(response(request_id, text("done")))

    def tool_ask(self, request_id, params, raw, emit):
        asked = params["arguments"]["id"]
        emit(json.dumps({"jsonrpc": "2.0", "id": asked, "method": "sampling/createMessage", "params": {"messages": []}}).encode())

        def wait():
            with self.answered:
                self.answered.wait_for(lambda: str(asked) in self.answers, 10)
            emit(response(request_id, text(json.dumps(self.answers.get(str(asked))))))
        return self.later(wait)

    def tool_ping(self, request_id, params, raw, emit):
        emit(b'{"jsonrpc":"2.0","id":"p1","method":"ping"}')

        def wait():
            with self.answered:
                self.answered.wait_for(lambda: "p1" in self.answers, 10)
            emit(response(request_id, text(json.dumps(self.answers.get("p1")))))
        return self.later(wait)

    def tool_twice(self, request_id, params, raw, emit):
        emit(response(request_id, text("first")))
        emit(response(request_id, text("second")))
        emit(response(99999, text("nobody's")))

    def tool_logs(self, request_id, params, raw, emit):
        emit(b'{"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"one"}}')
        emit(b'{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')
        emit(response(request_id, text("done")))

    def tool_pretty(self, request_id, params, raw, emit):
        emit(('{\r\n"jsonrpc": "2.0",\r "id": %d, "result": {"a":\t1}}' % request_id).encode())

    def later(self, function):
        function()
