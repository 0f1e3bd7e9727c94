#!/usr/bin/env python3
"""Writes a batch without Jinguo, from the page that describes the formats and from nothing else: so that what others
write is known to be taken too.

    writer.py --forms src/forms --name NAME --unit CODE --key KEYFILE -o OUT.jgb < LINES

Each line of the input is one change: {"register": "…", "id": "32 hex", "more": false, "deleted": false,
"seen": ["<log>:<low>-<seq>:<mark>"], "fields": {…}}; "seen" may also say "own": all of this log so far. The key is made
by ssh-keygen if it is not there. Prints the log's id.
"""

import argparse
import base64
import datetime
import json
import pathlib
import re
import secrets
import struct
import subprocess
import sys
import tempfile
import time

from reader import EAST, EPOCH, MANY, WIRE, hashlib, header, read_register, sha


def integer(number):
    """bincode's variable form, the shortest."""
    if number < 251:
        return bytes([number])
    for mark, size in ((251, 2), (252, 4), (253, 8)):
        if number < 1 << 8 * size:
            return bytes([mark]) + number.to_bytes(size, "little")
    raise ValueError(number)


def blob(data):
    return integer(len(data)) + data


def frame(kind, head, body):
    head_len = struct.pack("<I", len(head))
    digest = sha(b"\1", head_len, head, sha(body))
    inner = bytes([1, kind]) + head_len + head + body + digest[:4]
    return struct.pack("<I", len(inner)) + inner, digest


def packed(kind, value):
    """(wire, bytes) of a JSON value."""
    if value is None:
        return 0, b""
    if kind == "date":
        value = (datetime.date.fromisoformat(value) - EPOCH).days
    elif kind == "year_month":
        year, month = value.split("-")
        value = (int(year) - 1970) * 12 + int(month) - 1
    elif kind == "time":
        hours, minutes, seconds = value.split(":")
        value = int(hours) * 3600 + int(minutes) * 60 + int(seconds)
    elif kind == "datetime":
        value = int(datetime.datetime.fromisoformat(value).astimezone(EAST).timestamp())
    elif kind == "money":
        value = int(value.replace(".", ""))
    wire = WIRE.get(kind, 3)
    return wire, {
        1: lambda: bytes([value]),
        2: lambda: struct.pack("<q", value),
        3: lambda: value.encode(),
        4: lambda: bytes.fromhex(value),
    }[wire]()


def entries(fields, values):
    """(tag, element, wire, bytes) of a change's fields, sorted."""
    found = []
    for tag, name, kind in fields:
        if name in values and kind in MANY:
            for code, yes in values[name].items():
                element = bytes.fromhex(code) if kind == "ref_multiple" else code.encode()
                found.append((tag, element, 1, bytes([yes])))
        elif name in values:
            found.append((tag, b"", *packed(kind, values[name])))
    return sorted(found)


def sign(key, namespace, message):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder, "message")
        file.write_bytes(message)
        subprocess.run(["ssh-keygen", "-Y", "sign", "-f", key, "-n", namespace, file], check=True, capture_output=True)
        return pathlib.Path(folder, "message.sig").read_bytes()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    for name in ("--forms", "--name", "--unit", "--key", "-o"):
        parser.add_argument(name, required=True)
    asked = parser.parse_args()
    if not pathlib.Path(asked.key).exists():
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", asked.key], check=True)
    public = pathlib.Path(asked.key + ".pub").read_text().split()[1]
    raw = base64.b64decode(public)[-32:]

    head = integer(1) + raw + blob(asked.name.encode()) + blob(asked.unit.encode()) + b"\0\0" + secrets.token_bytes(16)
    first, digest = frame(0, head, b"")
    start = chain = sha(b"jinguo-log-1", digest)
    log, frames, dots = start[:16], b"", []
    for seq, line in enumerate(sys.stdin, 1):
        change = json.loads(line)
        number, fields = read_register(asked.forms, change["register"])
        sets = entries(fields, change.get("fields", {}))
        if change.get("deleted"):
            sets.insert(0, (0, b"", 0, b""))
        seen = []
        for entry in change.get("seen", []):
            if entry == "own":
                seen.append((log, 1, *dots[-1]))
            else:
                parts = re.fullmatch(r"([0-9a-f]{32}):(\d+)-(\d+):([0-9a-f]{16})", entry)
                seen.append((bytes.fromhex(parts[1]), int(parts[2]), int(parts[3]), bytes.fromhex(parts[4])))
        head = integer(seq) + integer(time.time_ns() // 1_000_000 << 16 | seq) + bytes.fromhex(change["id"])
        head += integer(number) + bytes([change.get("more", False)])
        head += integer(len(sets)) + b"".join(integer(tag) for tag, *_ in sets)
        head += integer(len(seen)) + b"".join(l + integer(a) + integer(b) + m for l, a, b, m in sorted(seen))
        body = secrets.token_bytes(16) + integer(len(sets))
        body += b"".join(blob(element) + bytes([wire]) + blob(data) for _, element, wire, data in sets)
        data, digest = frame(1, head, body)
        frames, chain = frames + data, sha(chain, digest)
        dots.append((seq, chain[:8]))

    to, mark, now = len(dots), chain[:8].hex(), datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    seal = f"jinguo-seal 1\nlog {log.hex()}\nseq {to}\nchain {chain.hex()}\ntime {now}\n".encode()
    piece = subprocess.run(["zstd", "-qc"], input=frames, capture_output=True, check=True).stdout
    manifest = f"""format = 1
made = "{now}"
number = 1
for = ""
[sender]
name = "{asked.name}"
unit = "{asked.unit}"
key = "ssh-ed25519 {public}"
log = "{log.hex()}"
[[piece]]
log = "{log.hex()}"
from = 1
to = {to}
before = "{start.hex()}"
bytes = {len(frames)}
[[end]]
log = "{log.hex()}"
seq = {to}
mark = "{mark}"
"""
    members = {
        "manifest.toml": manifest.encode(),
        f"logs/{log.hex()}/first": first,
        f"logs/{log.hex()}/1-{to}-{mark}.zst": piece,
        f"logs/{log.hex()}/{to}-{mark}.seal": seal + sign(asked.key, "jinguo-seal", seal),
    }
    sums = "".join(f"{hashlib.sha256(data).hexdigest()}  {name}\n" for name, data in members.items()).encode()
    members = {"SHA256SUMS": sums, "SHA256SUMS.sig": sign(asked.key, "jinguo-batch", sums), **members}
    with open(asked.o, "wb") as out:
        for name, data in members.items():
            out.write(header(name, len(data)) + data + bytes(-len(data) % 512))
        out.write(bytes(1024))
    print(log.hex())


if __name__ == "__main__":
    main()
