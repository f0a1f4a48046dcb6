#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The Countersign authors
# SPDX-License-Identifier: GPL-3.0-or-later
"""Checks an exported activity log (JSON lines) without any code of Countersign.

    verify_export.py FILE     exit 0 intact, 1 tampered, 2 truncated or exchanged, 3 unreadable

First line: {"format":...,"log":id,"first":n,"last":n,"before":hash,"head":hash,"anchor":{...}}. Each further line:
{"sequence":n,"hash":hex,"record":R} with hash = SHA-256(0x01, n as 64 bits, hash before, length of R as 32 bits, R),
big endian, R the exact bytes. Before row 1 stands a hash of 32 zero bytes.
"""
import hashlib
import json
import re
import sys

LINE = re.compile(rb'\{"sequence":([1-9][0-9]{0,18}),"hash":"([0-9a-f]{64})","record":(\{.*\})\}\n', re.DOTALL)


def end(code, text):
    print(text)
    sys.exit(code)


def main(path):
    try:
        with open(path, "rb") as file:
            lines = file.readlines()
        header = json.loads(lines[0])
        assert header["format"] == "countersign activity log 1"
        first, last = header["first"], header["last"]
        previous, head = bytes.fromhex(header["before"]), bytes.fromhex(header["head"])
    except Exception as error:
        end(3, f"unreadable: {error!r}")
    if first == 1 and previous != bytes(32):
        end(1, "tampered: the first line contradicts itself")

    anchor, log = header.get("anchor"), header["log"]
    for expected, line in enumerate(lines[1:], first):
        match = LINE.fullmatch(line)
        if not match and not line.endswith(b"\n"):
            end(2, f"truncated: cut off in row {expected}")
        if not match or int(match[1]) != expected or expected > last:
            end(1, f"tampered: row {expected} is missing, out of order or malformed")
        record = match[3]
        chained = b"\x01" + expected.to_bytes(8, "big") + previous + len(record).to_bytes(4, "big") + record
        previous = hashlib.sha256(chained).digest()
        if previous != bytes.fromhex(match[2].decode()):
            end(1, f"tampered: row {expected} does not follow from the row before it")
        if expected == 1 and json.loads(record)["detail"]["log"] != log:
            end(1, "tampered: the first line names another log")
        if anchor and anchor["sequence"] == expected and bytes.fromhex(anchor["head"]) != previous:
            end(2, f"rewritten: row {expected} is not the anchored one")
    rows = len(lines) - 1
    if first + rows - 1 < last:
        end(2, f"truncated: rows {first + rows} to {last} are missing")
    if previous != head:
        end(1, f"tampered: row {last} is not the one that the first line names")
    if anchor and (anchor["log"] != log or anchor["sequence"] > last):
        end(2, "truncated or exchanged: the anchor is about other rows")
    end(0, f"intact: {rows} rows, head {head.hex()[:16]}, anchored up to {anchor['sequence'] if anchor else 'no row'}")


if __name__ == "__main__":
    main(sys.argv[1]) if len(sys.argv) == 2 else end(64, __doc__)
