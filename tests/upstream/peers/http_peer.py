# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A Streamable HTTP MCP server with faults, on raw sockets. Prints its port, then one JSON line for each request it received.
Arguments: the protocol version it answers, then words that change how it behaves."""
import json
import os
import socket
import sys
import threading
import time

from peer import Peer, response, text

words = sys.argv[1:]
output = threading.Lock()
streams = []  # open GET streams
resumable = {}  # event id -> what the stream taken up again tells
session = None if "no-session" in words else "session-1"


def tell(**what):
    with output:
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def head(status, fields, length=None):
    lines = ["HTTP/1.1 %s Text" % status] + ["%s: %s" % f for f in fields]
    if length is not None:
        lines.append("Content-Length: %d" % length)
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


class Close(Exception):
    pass


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.buffer = b""

    def fill(self):
        data = self.sock.recv(65536)
        if not data:
            raise Close
        self.buffer += data

    def request(self):
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        block, self.buffer = self.buffer.split(b"\r\n\r\n", 1)
        lines = block.decode("latin-1").split("\r\n")
        method, path, _ = lines[0].split(" ")
        fields = {}
        for line in lines[1:]:
            name, value = line.split(":", 1)
            fields[name.lower()] = value.strip()
        length = int(fields.get("content-length", 0))
        while len(self.buffer) < length:
            self.fill()
        body, self.buffer = self.buffer[:length], self.buffer[length:]
        return method, path, fields, body

    def reply(self, status, body=b"", *fields):
        self.sock.sendall(head(status, fields, len(body)) + body)

    def json(self, body, *fields):
        self.reply(200, body, ("Content-Type", "application/json; charset=utf-8"), *fields)

    def chunk(self, data):
        self.sock.sendall(b"%x\r\n%s\r\n" % (len(data), data))

    def open_events(self, *fields):
        self.sock.sendall(head(200, [("Content-Type", "text/event-stream"), ("Transfer-Encoding", "chunked"), *fields]))

    def event(self, message, extra=b""):
        lines = message.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        self.chunk(extra + b"".join(b"data: " + line + b"\n" for line in lines) + b"\n")

    def end_events(self):
        self.sock.sendall(b"0\r\n\r\n")


class HttpPeer(Peer):
    def __init__(self, version):
        super().__init__(version)
        self.sessions = 0

    def serve(self, sock):
        connection = Connection(sock)
        try:
            while True:
                method, path, fields, body = connection.request()
                tell(method=method, path=path, fields=fields, body=body.decode("utf-8", "replace"))
                getattr(self, "on_" + method.lower())(connection, path, fields, body)
        except (Close, OSError):
            pass
        finally:
            try:
                sock.close()
            except OSError:
                pass

    # 2024-11-05: one stream for all answers, and its first event says where to send to.
    def older_stream(self, connection):
        connection.open_events()
        connection.chunk(b"event: endpoint\ndata: %s\n\n" % ("http://127.0.0.1:1/x" if "elsewhere" in words else "/messages?session=1").encode())
        streams.append(connection)
        connection.fill()

    def older_message(self, connection, path, body):
        if not path.startswith("/messages?session=1"):
            return connection.reply(405)
        connection.reply(202, b"Accepted")
        name = json.loads(body).get("params", {}).get("name")
        if name == "close":
            streams[-1].sock.shutdown(socket.SHUT_RDWR)
        elif name != "mute":
            threading.Thread(target=self.take, args=(body, self.older_emit), daemon=True).start()  # the connection is free already

    def older_emit(self, message):
        with output:
            streams[-1].event(message)

    def on_get(self, connection, path, fields, body):
        if "older" in words:
            return self.older_stream(connection)
        resumed = fields.get("last-event-id")
        if resumed in resumable:
            connection.open_events()
            for message in resumable[resumed]:
                connection.event(message)
            connection.end_events()
            return
        if "stream" not in words:
            return connection.reply(404 if "get-404" in words else 405)
        connection.open_events()
        connection.event(b'{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}')
        streams.append(connection)
        connection.fill()

    def on_delete(self, connection, path, fields, body):
        connection.reply(200)

    def on_post(self, connection, path, fields, body):
        if "older" in words:
            return self.older_message(connection, path, body)
        message = json.loads(body)
        method = message.get("method")
        if "wants-key" in words and fields.get("authorization") != "Bearer sk_test_right":
            return connection.reply(401, b"{}", ("Content-Type", "application/json"))
        if method == "initialize":
            out = []
            self.take(body, out.append)
            more = [("Mcp-Session-Id", session)] if session else []
            if "initialize-events" in words:
                connection.open_events(*more)
                connection.event(out[0])
                return connection.end_events()
            return connection.json(out[0], *more)
        if "modern" in words and method == "server/discover":
            return connection.json(response(message["id"], {"supportedVersions": ["2026-07-28"], "capabilities": {}}))
        if session and fields.get("mcp-session-id") != session:
            return connection.reply(400)
        if method == "tools/call":
            fault = getattr(self, "fault_" + message["params"]["name"], None)
            if fault:
                return fault(connection, message["id"], message)
        if "id" not in message or "method" not in message:
            if "slow-initialized" in words and method == "notifications/initialized":
                time.sleep(0.3)
            self.take(body, None)
            return connection.reply(202)
        if method == "tools/call":
            connection.open_events()
            self.take(body, connection.event)
            return connection.end_events()
        out = []
        self.take(body, out.append)
        connection.json(out[0])

    # The server closes without an answer.
    def fault_close(self, connection, request_id, message):
        raise Close

    def fault_half_head(self, connection, request_id, message):
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Ty")
        raise Close

    def fault_head_without_end(self, connection, request_id, message):
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n")
        raise Close

    def fault_short_body(self, connection, request_id, message):
        body = response(request_id, text("done"))
        connection.sock.sendall(head(200, [("Content-Type", "application/json")], len(body) + 10) + body)
        raise Close

    def fault_cut_json(self, connection, request_id, message):
        connection.sock.sendall(head(200, [("Content-Type", "application/json")]) + response(request_id, text("done"))[:-4])
        raise Close

    def fault_cut_events(self, connection, request_id, message):
        connection.open_events()
        connection.event(b'{"jsonrpc":"2.0","method":"notifications/message","params":{}}')
        raise Close

    def fault_no_answer(self, connection, request_id, message):
        connection.open_events()
        connection.end_events()

    def fault_accepted(self, connection, request_id, message):
        connection.reply(202)

    def fault_no_type(self, connection, request_id, message):
        connection.reply(200, response(request_id, text("done")))

    def fault_html(self, connection, request_id, message):
        connection.reply(200, b"<html>Welcome</html>", ("Content-Type", "text/html"))

    # A stream that says it is JSON.
    def fault_lines(self, connection, request_id, message):
        connection.sock.sendall(head(200, [("Content-Type", "application/json"), ("Transfer-Encoding", "chunked")]))
        connection.chunk(b'{"jsonrpc":"2.0","method":"notifications/message","params":{"data":1}}\n{"jsonrpc":"2.0","method":')
        connection.chunk(b'"notifications/message","params":{"data":2}}\n' + response(request_id, text("done")) + b"\n")
        connection.end_events()

    def fault_not_json(self, connection, request_id, message):
        connection.json(b"Welcome")

    def fault_other_id(self, connection, request_id, message):
        connection.json(response(request_id + 1000, text("done")))

    def fault_redirect(self, connection, request_id, message):
        status = message["params"]["arguments"]["status"]
        connection.reply(status, b"", ("Location", message["params"]["arguments"]["to"]))

    def fault_status(self, connection, request_id, message):
        connection.reply(message["params"]["arguments"]["status"], b"sk_test_right in a body", ("Content-Type", "text/plain"))

    def fault_refusal(self, connection, request_id, message):
        connection.reply(400, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32000,"message":"Bad Request"}}',
                         ("Content-Type", "application/json"))

    def fault_session_gone(self, connection, request_id, message):
        connection.reply(404, b'{"jsonrpc":"2.0","id":null,"error":{"code":-32001,"message":"Session not found"}}',
                         ("Content-Type", "application/json"))

    def fault_mute(self, connection, request_id, message):
        try:
            connection.fill()
        except (Close, OSError):
            tell(method="closed", path="", fields={}, body="")
            raise Close

    def fault_large_json(self, connection, request_id, message):
        connection.sock.sendall(head(200, [("Content-Type", "application/json")]))
        while True:
            connection.sock.sendall(b" " * 65536)

    def fault_large_event(self, connection, request_id, message):
        connection.open_events()
        while True:
            connection.chunk(b"data: " + b"x" * 65536)

    def fault_large_head(self, connection, request_id, message):
        connection.sock.sendall(b"HTTP/1.1 200 OK\r\n")
        for n in range(100):
            connection.sock.sendall(b"X-Field-%d: " % n + b"x" * 1024 + b"\r\n")
        connection.sock.sendall(b"Content-Type: application/json\r\nContent-Length: 2\r\n\r\n{}")

    def fault_odd_chunks(self, connection, request_id, message):
        connection.open_events()
        stream = b"\xef\xbb\xbf: hello\r\nid: 1\r\ndata: \r\n\r\nevent: message\r\ndata: " + response(request_id, text("\u00e4\u20ac")) + b"\r\n"
        for at in range(len(stream)):
            connection.chunk(stream[at:at + 1])
        connection.end_events()

    def fault_batch(self, connection, request_id, message):
        connection.json(b'[{"jsonrpc":"2.0","method":"notifications/message","params":{}},' + response(request_id, text("done")) + b"]")

    def fault_pretty_json(self, connection, request_id, message):
        connection.json(b'{\r\n  "jsonrpc": "2.0",\n  "id": %d,\n  "result": {"a":\n 1}\n}\n' % request_id)

    # The stream breaks after an event id; the answer comes on the stream that is taken up again.
    def fault_resume(self, connection, request_id, message):
        resumable["%d_1" % request_id] = [response(request_id, text("resumed"))]
        connection.open_events()
        connection.chunk(b"id: %d_1\nretry: 150\ndata: \n\n" % request_id)
        if message["params"]["arguments"]["how"] == "orderly":
            return connection.end_events()
        raise Close

    # One answer on a kept connection; then the server closes it as soon as the next request arrives on it.
    def fault_stale(self, connection, request_id, message):
        connection.json(response(request_id, text("done")))
        method, path, fields, body = connection.request()
        tell(method=method, path=path, fields=fields, body=body.decode())
        raise Close


listener = socket.create_server(("127.0.0.1", 0), backlog=512)
peer = HttpPeer(words[0] if words else "2025-11-25")
tell(port=listener.getsockname()[1])
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()  # do not outlive the test
while True:
    client, _ = listener.accept()
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    threading.Thread(target=peer.serve, args=(client,), daemon=True).start()
