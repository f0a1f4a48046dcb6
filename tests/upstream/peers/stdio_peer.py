# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""A stdio MCP server with faults. Arguments: the protocol version it answers, and words that change how it behaves."""
import json
import os
import signal
import subprocess
import sys
import threading
import time

from peer import Peer, response, text

lock = threading.Lock()


def emit(message):
    with lock:
        sys.stdout.buffer.write(message.replace(b"\n", b"") + b"\n")
        sys.stdout.buffer.flush()


class StdioPeer(Peer):
    def later(self, function):
        threading.Thread(target=function, daemon=True).start()

    def tool_mute(self, request_id, params, raw, emit):
        pass

    def tool_die(self, request_id, params, raw, emit):
        sys.stderr.write("about to die with %s\n" % os.environ.get("PEER_KEY", "no key"))
        sys.stderr.flush()
        os._exit(3)

    def tool_noise(self, request_id, params, raw, emit):
        sys.stdout.buffer.write(b"Server listening...\n{broken\n\n[]\n\xff\xfe\nnull\n")
        emit(response(request_id, text("done")))

    def tool_crlf(self, request_id, params, raw, emit):
        sys.stdout.buffer.write(response(request_id, text("done")) + b"\r\n")
        sys.stdout.buffer.flush()

    def tool_flood(self, request_id, params, raw, emit):
        sys.stdout.buffer.write(b"x" * (9 * 1024 * 1024))
        sys.stdout.buffer.flush()

    def tool_chatter(self, request_id, params, raw, emit):
        sys.stderr.write("noise " * 50000 + "\nlast words\n")
        sys.stderr.flush()
        emit(response(request_id, text("done")))

    def tool_pieces(self, request_id, params, raw, emit):
        for byte in response(request_id, text("\u00e4\u20ac")) + b"\n":
            sys.stdout.buffer.write(bytes([byte]))
            sys.stdout.buffer.flush()

    def tool_environment(self, request_id, params, raw, emit):
        emit(response(request_id, {"environment": dict(os.environ), "folder": os.getcwd(), "descriptors": os.listdir("/proc/self/fd"),
                                   "mode": os.stat(os.getcwd()).st_mode & 0o777, "command": open("/proc/self/cmdline").read()}))

    def tool_family(self, request_id, params, raw, emit):
        """A child that ignores SIGTERM, and one in a session of its own."""
        ignoring = subprocess.Popen(["bash", "-c", "trap '' TERM HUP; while :; do sleep 1; done"])
        detached = subprocess.Popen(["setsid", "sleep", "1000"])
        emit(response(request_id, {"processes": [os.getpid(), ignoring.pid, detached.pid]}))


words = sys.argv[1:]
if "stubborn" in words:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
peer = StdioPeer(words[0] if words else "2025-11-25")
if "silent" in words:
    time.sleep(1000)
for line in sys.stdin.buffer:
    peer.take(line[:-1], emit)
if "stubborn" in words:
    time.sleep(1000)
