#!/usr/bin/env python3
"""An independent reader of Jinguo's batches, written from the page that describes the formats and from nothing else.

    reader.py --forms src/forms REGISTER BATCH.jgb…    the records, as `jinguo list REGISTER --format json` prints them
    reader.py --frames fixtures/frames-1.txt           checks frames and chain of a golden file

Exit 3: a file was refused, with the reason. Signatures are verified by ssh-keygen, compression is opened by zstd; all
else is done here.
"""

import argparse
import base64
import datetime
import decimal
import hashlib
import json
import pathlib
import re
import struct
import subprocess
import sys
import tempfile
import tomllib

MAX_LEN, MAX_HEAD = 1_048_576, 65_536
MAX_RAW, MAX_PACKED = 256 << 20, 257 << 20


class Refused(Exception):
    """What was read is not what the format says."""


def need(holds, why):
    if not holds:
        raise Refused(why)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- bincode ---------------------------------------------------------------------------------------------------------


class Bytes:
    """Reads the integers, lists and strings of bincode's standard configuration from the front of some bytes."""

    def __init__(self, data):
        self.data, self.at = data, 0

    def take(self, n):
        need(self.at + n <= len(self.data), "bytes end too early")
        self.at += n
        return self.data[self.at - n : self.at]

    def number(self, width):
        """An integer of `width` bytes in its variable form."""
        first = self.take(1)[0]
        if first < 251:
            return first
        size = {251: 2, 252: 4, 253: 8}.get(first, 99)
        need(size <= width, "an integer is wider than its type")
        return int.from_bytes(self.take(size), "little")

    def boolean(self):
        byte = self.take(1)[0]
        need(byte < 2, "a bool is neither 0 nor 1")
        return byte == 1

    def blob(self):
        return self.take(self.number(8))

    def text(self):
        try:
            return self.blob().decode()
        except UnicodeDecodeError as error:
            raise Refused("text is not UTF-8") from error

    def list(self, one):
        n = self.number(8)
        need(n <= len(self.data) - self.at, "a list is longer than its bytes")
        return [one() for _ in range(n)]

    def end(self):
        need(self.at == len(self.data), "bytes are left over")


# --- frames and chains -----------------------------------------------------------------------------------------------


def frames(data):
    """Yields (version, kind, head, body, digest) of frames that lie one behind another."""
    at = 0
    while at < len(data):
        need(at + 4 <= len(data), "a frame is cut short")
        (length,) = struct.unpack_from("<I", data, at)
        need(10 <= length <= MAX_LEN and at + 4 + length <= len(data), "a frame's length is out of bounds")
        frame = data[at + 4 : at + 4 + length]
        at += 4 + length
        version, kind = frame[0], frame[1]
        (head_len,) = struct.unpack_from("<I", frame, 2)
        need(head_len <= MAX_HEAD and head_len <= length - 10, "a head's length is out of bounds")
        head, body, check = frame[6 : 6 + head_len], frame[6 + head_len : -4], frame[-4:]
        digest = sha(bytes([version]), frame[2:6], head, sha(body))
        need(digest[:4] == check, "a frame's check does not match")
        yield version, kind, head, body, digest


def read_first(data):
    found = list(frames(data))
    need(len(found) == 1, "`first` is not one frame")
    version, kind, head, body, digest = found[0]
    need(kind == 0 and version == 1 and body == b"", "`first` is not a first frame")
    head = Bytes(head)
    first = {"format": head.number(2), "key": head.take(32), "name": head.text(), "unit": head.text()}
    first |= {"reach": head.take(1)[0], "class": head.take(1)[0], "nonce": head.take(16)}
    if first["format"] == 1:
        head.end()
    first["chain"] = sha(b"jinguo-log-1", digest)
    return first


def read_change(version, kind, head, body, seq):
    """The change in a frame, and whether its group goes on; None for a version that is only carried."""
    need(kind == 1, f"a frame of kind {kind} cannot stand here")
    if version != 1:
        return None, False
    h = Bytes(head)
    change = {"seq": h.number(8), "at": h.number(8), "record": h.take(16), "register": h.number(4)}
    more = h.boolean()
    tags = h.list(lambda: h.number(2))
    change["seen"] = h.list(lambda: (h.take(16), h.number(8), h.number(8), h.take(8)))
    h.end()
    need(change["seq"] == seq, f"seq {change['seq']} stands where {seq} must")
    need(change["at"] < 1 << 63, "a stamp has its top bit set")
    need(len(body) >= 16, "a body is under 16 bytes")
    b = Bytes(body[16:])
    entries = b.list(lambda: (b.blob(), b.take(1)[0], b.blob()))
    b.end()
    need(len(entries) == len(tags), "a body is not as long as its tags")
    # Of one (tag, element) twice the last counts.
    change["sets"] = {(tag, element): (wire, value) for tag, (element, wire, value) in zip(tags, entries)}
    return change, more


# --- batches ---------------------------------------------------------------------------------------------------------


def octal(number, width):
    return b"%0*o\0" % (width - 1, number)


def header(name, size):
    """The one header a member of this name and size may have."""
    def block(check):
        return (
            name.encode().ljust(100, b"\0") + octal(0o644, 8) + octal(0, 8) + octal(0, 8) + octal(size, 12)
            + octal(946_684_800, 12) + check + b"0" + bytes(100) + b"ustar\0" + b"00" + bytes(247)
        )  # fmt: skip
    return block(octal(sum(block(b" " * 8)), 8))


def members(data):
    """The members of a strict ustar file, in order."""
    found, at = {}, 0
    while True:
        block = data[at : at + 512]
        need(len(block) == 512, "the file ends inside the archive")
        if block == bytes(512):
            need(data[at:] == bytes(1024), "something stands behind the archive, or a zero block is missing")
            return found
        name = block[:100].rstrip(b"\0").decode("ascii", "replace")
        need(re.fullmatch(rb"[0-7]{11}\0", block[124:136]), "a size is not octal")
        size = int(block[124:135], 8)
        need(block == header(name, size), f"the header of {name!r} is not what it must be")
        need(name not in found, f"{name} stands twice")
        found[name] = data[at + 512 : at + 512 + size]
        end = at + 512 + -(-size // 512) * 512
        need(not data[at + 512 + size : end].strip(b"\0") and end <= len(data), f"the padding of {name}")
        at = end


def armour(text):
    """The parts of an armoured SSHSIG: (key, namespace). It must be written as we would write it."""
    lines = text.decode("ascii", "replace").split("\n")
    need(lines[0] == "-----BEGIN SSH SIGNATURE-----" and lines[-2:] == ["-----END SSH SIGNATURE-----", ""], "armour")
    try:
        raw = base64.b64decode("".join(lines[1:-2]), validate=True)
    except ValueError as error:
        raise Refused("a signature is not base64") from error
    again = base64.b64encode(raw).decode()
    need(lines[1:-2] == [again[n : n + 70] for n in range(0, len(again), 70)], "armour is not in 70 columns")
    need(len(text) <= 4096 and raw[:10] == b"SSHSIG\0\0\0\1", "not a signature of version 1")
    parts, at = [], 10
    while at < len(raw):
        (n,) = struct.unpack_from(">I", raw, at)
        parts.append(raw[at + 4 : at + 4 + n])
        at += 4 + n
    need(len(parts) == 5 and at == len(raw), "a signature of other parts")
    key, namespace, reserved, hashed, signature = parts
    need(key[:19] == b"\0\0\0\x0bssh-ed25519\0\0\0\x20" and len(key) == 51, "not an ed25519 key")
    need(reserved == b"" and hashed == b"sha512", "not a signature over SHA-512")
    need(signature[:19] == b"\0\0\0\x0bssh-ed25519\0\0\0\x40" and len(signature) == 83, "not an ed25519 signature")
    return key[19:], namespace


def verify(message, signature, namespace, key):
    found, space = armour(signature)
    need(space == namespace.encode(), f"a signature for {space!r}")
    need(found == key, "a signature by another key")
    with tempfile.NamedTemporaryFile() as file:
        file.write(signature)
        file.flush()
        done = subprocess.run(
            ["ssh-keygen", "-Y", "check-novalidate", "-n", namespace, "-s", file.name],
            input=message, capture_output=True,
        )  # fmt: skip
    need(done.returncode == 0, f"a {namespace} signature does not hold")


def unpack(data, size):
    """Opens one zstd frame, with nothing behind it, a window of at most 8 MiB and `size` bytes inside."""
    need(len(data) <= MAX_PACKED and size <= MAX_RAW, "a piece is too large")
    need(data[:4] == b"\x28\xb5\x2f\xfd" and len(data) > 5, "a piece is not zstd")
    flags, at = data[4], 5
    single, check = flags >> 5 & 1, flags >> 2 & 1
    need(flags & 3 == 0, "a piece needs a dictionary")
    if not single:
        exponent, mantissa = data[5] >> 3, data[5] & 7
        need((1 << 10 + exponent) // 8 * (8 + mantissa) <= 8 << 20, "a piece's window is over 8 MiB")
        at += 1
    at += [single, 2, 4, 8][flags >> 6]
    last = False
    while not last:
        block = int.from_bytes(data[at : at + 3], "little")
        need(at + 3 <= len(data), "a piece is cut short")
        last, kind, length = block & 1, block >> 1 & 3, block >> 3
        at += 3 + (1 if kind == 1 else length)
    need(at + 4 * check == len(data), "something stands behind a piece")
    done = subprocess.run(["zstd", "-dcq", "--memory=256MiB"], input=data, capture_output=True)
    need(done.returncode == 0, "a piece does not unpack")
    need(len(done.stdout) == size, "a piece is not as long as the manifest says")
    return done.stdout


HEX = {n: re.compile(f"[0-9a-f]{{{n}}}") for n in (16, 32, 64)}
TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ")


def hexed(value, n):
    need(isinstance(value, str) and HEX[n].fullmatch(value), f"not {n} digits of hex: {value!r}")
    return bytes.fromhex(value)


def read_manifest(data):
    try:
        manifest = tomllib.loads(data.decode())
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Refused(f"the manifest: {error}") from error
    need(manifest.get("format") == 1, "the manifest's format")
    need(TIME.fullmatch(str(manifest.get("made"))), "the manifest's `made`")
    need(isinstance(manifest.get("number"), int) and manifest["number"] >= 1, "the manifest's `number`")
    need(isinstance(manifest.get("for"), str), "the manifest's `for`")
    sender = manifest.get("sender", {})
    need(all(isinstance(sender.get(key), str) for key in ("name", "unit", "key", "log")), "the manifest's sender")
    hexed(sender["log"], 32)
    kind, _, blob = sender["key"].partition(" ")
    key = base64.b64decode(blob)
    need(kind == "ssh-ed25519" and len(key) == 51, "the sender's key")
    for end in manifest.get("end", []):
        hexed(end["log"], 32), hexed(end["mark"], 16)
        need(isinstance(end["seq"], int), "the manifest's ends")
    return manifest, key[19:]


def read_batch(path, store):
    """Verifies a batch and adds what it brings to `store`."""
    data = pathlib.Path(path).read_bytes()
    files = members(data)
    names = list(files)
    need(names[:3] == ["SHA256SUMS", "SHA256SUMS.sig", "manifest.toml"], "the first members")
    manifest, sender = read_manifest(files["manifest.toml"])
    verify(files["SHA256SUMS"], files["SHA256SUMS.sig"], "jinguo-batch", sender)
    sums = "".join(f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n" for name in names[2:])
    need(files["SHA256SUMS"] == sums.encode(), "the checksums do not match")
    expected = names[:3]
    pieces = [dict(piece) for piece in manifest.get("piece", [])]
    log = None
    for piece in pieces:
        need(log is None or piece["log"] >= log, "pieces are not sorted by log")
        hexed(piece["log"], 32)
        if piece["log"] != log:
            log = piece["log"]
            expected.append(f"logs/{log}/first")
        start = f"logs/{log}/{piece['from']}-{piece['to']}-"
        piece["name"] = next((name for name in names if name.startswith(start) and name.endswith(".zst")), start)
        mark = piece["name"][len(start) : -4]
        need(HEX[16].fullmatch(mark), f"no piece {start}…")
        piece["mark"] = bytes.fromhex(mark)
        piece["seal"] = f"logs/{log}/{piece['to']}-{mark}.seal"
        expected += [piece["name"], piece["seal"]]
    need(names == expected, f"the members are not those of the manifest: {names} instead of {expected}")
    order = [(piece["log"], piece["from"], piece["to"], piece["mark"]) for piece in pieces]
    need(order == sorted(order), "pieces are not sorted")
    for piece in pieces:
        read_piece(piece, files, store)


def read_piece(piece, files, store):
    log = bytes.fromhex(piece["log"])
    first = read_first(files[f"logs/{piece['log']}/first"])
    need(first["chain"][:16] == log, "a first frame of another log")
    chain = before = hexed(piece["before"], 64)
    if piece["from"] == 1:
        need(before == first["chain"], "a piece from 1 that does not begin the log")
    seq, more = piece["from"] - 1, False
    for version, kind, head, body, digest in frames(unpack(files[piece["name"]], piece["bytes"])):
        seq += 1
        parent, chain = chain, sha(chain, digest)
        change, more = read_change(version, kind, head, body, seq)
        store.take(log, seq, parent, chain, change)
    need(seq == piece["to"] and not more, "a piece ends elsewhere, or inside a group")
    need(chain[:8] == piece["mark"], "a piece leads to another mark")
    seal = files[piece["seal"]]
    text = re.match(
        rb"jinguo-seal 1\nlog ([0-9a-f]{32})\nseq (\d+)\nchain ([0-9a-f]{64})\n"
        rb"time \d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ\n",
        seal,
    )  # fmt: skip
    need(text, "a seal is not five lines")
    said = (bytes.fromhex(text[1].decode()), int(text[2]), bytes.fromhex(text[3].decode()))
    need(said == (log, seq, chain), "a seal over something else")
    verify(text[0], seal[text.end() :], "jinguo-seal", first["key"])


# --- the fold --------------------------------------------------------------------------------------------------------


class Store:
    """All frames held, by (log, seq, mark)."""

    def __init__(self):
        self.parents = {}
        self.changes = {}

    def take(self, log, seq, before, chain, change):
        dot = (log, seq, chain[:8])
        self.parents[dot] = (log, seq - 1, before[:8]) if seq > 1 else None
        if change:
            change["dot"] = dot
            self.changes[dot] = change

    def leads(self, dot, to):
        """Whether the chain leads from one frame back to another; across a gap, if no other frame of its seq is held."""
        while dot[1] > to[1]:
            parent = self.parents[dot]
            if parent not in self.parents:
                alone = all(other == to for other in self.parents if other[:2] == to[:2])
                return parent[1] > to[1] and alone
            dot = parent
        return dot == to

    def covers(self, d, c):
        for log, low, seq, mark in d["seen"]:
            if log == c["dot"][0] and low <= c["dot"][1] <= seq and (log, seq, mark) in self.parents:
                if self.leads((log, seq, mark), c["dot"]):
                    return True
        return False

    def siblings(self, setters):
        """The (change, value) pairs that stand side by side, each value once, the newest first."""
        standing = [
            (c, value) for c, value in setters if not any(d is not c and self.covers(d, c) for d, _ in setters)
        ] or setters  # fmt: skip
        standing = sorted(standing, key=lambda pair: (pair[0]["at"], pair[0]["dot"]), reverse=True)
        found = {}
        for change, value in standing:
            found.setdefault(value, change)
        return [(change, value) for value, change in found.items()]

    def seen(self, changes):
        """What a form that opens now has seen: for each unbroken run and branch the last change of the record."""
        entries = set()
        inner = set(self.parents.values())
        logs = {change["dot"][0] for change in changes}
        for end in self.parents:
            if end[0] not in logs or end in inner:
                continue
            run, dot = [], end
            while dot in self.parents:
                run.append(dot)
                dot = self.parents[dot]
            low = run[-1][1]
            own = {change["dot"] for change in changes}
            last = next((dot for dot in run if dot in own), None)
            if last:
                entries.add((last[0], low, last[1], last[2]))
        return sorted(entries)


# --- registers and JSON ----------------------------------------------------------------------------------------------

EPOCH = datetime.date(1970, 1, 1)
EAST = datetime.timezone(datetime.timedelta(hours=8))
MANY = ("select_multiple", "ref_multiple")
STORES_NOTHING = ("calculate", "note", "rows")
WIRE = {
    "yes_no": 1, "integer": 2, "money": 2, "date": 2, "year_month": 2, "time": 2, "datetime": 2, "ref": 4,
}  # fmt: skip


def shown(kind, value):
    """A value as JSON shows it; None if it is cleared."""
    wire, data = value
    if (wire, data) == (0, b""):
        return None
    raw = {"_raw": f"{wire}:{data.hex()}"}
    if wire != WIRE.get(kind, 3):
        return raw
    if wire == 1:
        return {b"\0": False, b"\1": True}.get(data, raw)
    if wire == 4:
        return data.hex() if len(data) == 16 else raw
    if wire == 3:
        try:
            return data.decode() if data else raw
        except UnicodeDecodeError:
            return raw
    if len(data) != 8:
        return raw
    (number,) = struct.unpack("<q", data)
    try:
        if kind == "date":
            return (EPOCH + datetime.timedelta(days=number)).isoformat()
        if kind == "year_month":
            year, month = divmod(number, 12)
            return datetime.date(1970 + year, month + 1, 1).isoformat()[:7]
        if kind == "time":
            return f"{number // 3600:02}:{number // 60 % 60:02}:{number % 60:02}" if 0 <= number < 86_400 else raw
        if kind == "datetime":
            return datetime.datetime.fromtimestamp(number, EAST).isoformat(timespec="seconds")
        if kind == "money":
            return str(decimal.Decimal(number).scaleb(-2).quantize(decimal.Decimal("0.01")))
    except (OverflowError, ValueError):
        return raw
    return number


def stamp(at):
    millis = at >> 16
    time = datetime.datetime.fromtimestamp(millis // 1000, EAST).replace(microsecond=millis % 1000 * 1000)
    return time.isoformat(timespec="milliseconds")


def read_register(folder, name):
    """(number, fields in order) of a register, from its TOML file; what every register has stands behind its own."""
    files = {path.stem: tomllib.loads(path.read_text()) for path in sorted(pathlib.Path(folder).glob("*.toml"))}
    lists = {}
    for file in files.values():
        lists |= {choices["name"]: choices["choices"] for choices in file.get("list", []) if "name" in choices}
    for register in files.values():
        if register.get("name") != name or "number" not in register:
            continue
        own = {field["name"] for field in register["field"]}
        common = [field for file in files.values() if file.get("every") for field in file["field"]]
        fields = register["field"] + [field for field in common if field["name"] not in own]
        return register["number"], [
            Field(field, lists) for field in fields if field["type"] not in STORES_NOTHING
        ]  # fmt: skip
    raise Refused(f"no register {name} in {folder}")


class Field:
    """A field's tag, name and type, and which value of a conflict stands first."""

    def __init__(self, field, lists):
        self.tag, self.name, self.kind = field["tag"], field["name"], field["type"]
        self.order = field.get("order", "latest")
        choices = field.get("choices") or lists.get(field.get("list"), [])
        self.ranks = {choice["code"].encode(): choice.get("rank", at) for at, choice in enumerate(choices)}

    def __iter__(self):
        return iter((self.tag, self.name, self.kind))

    def place(self, value):
        """The greater stands first; equal ones leave it to the newest."""
        wire, data = value
        if self.order == "latest":
            return 0
        if self.order == "highest":
            number = struct.unpack("<q", data)[0] if wire == 2 and len(data) == 8 else 0
            return wire != 0, number
        if self.kind == "select_one":
            return wire != 0, self.ranks.get(data, -(1 << 63))
        return wire != 0, int(value == (1, b"\1"))

    def ordered(self, siblings):
        """Moves the one that stands first to the front."""
        best = max(range(len(siblings)), key=lambda n: (self.place(siblings[n][1]), -n))
        return [siblings[best], *siblings[:best], *siblings[best + 1 :]]


def fold(store, changes, fields):
    """One record as the command line prints it, and whether it is deleted."""
    setters = {}
    for change in changes:
        alive = not any(tag == 0 for tag, _ in change["sets"])
        setters.setdefault(("alive",), []).append((change, alive))
        for (tag, element), value in change["sets"].items():
            if tag != 0:
                setters.setdefault((tag, element), []).append((change, value))
    states = {key: store.siblings(pairs) for key, pairs in setters.items()}
    record, conflicts = {"id": changes[0]["record"].hex()}, {}

    def sides(siblings, kind, **more):
        return [
            {**more, "value": shown(kind, value), "by": change["dot"][0].hex(), "at": stamp(change["at"])}
            for change, value in siblings
        ]  # fmt: skip

    for field in fields:
        tag, name, kind = field
        if kind in MANY:
            elements = sorted(key[1] for key in states if key[0] == tag)
            states |= {(tag, element): field.ordered(states[tag, element]) for element in elements}
            chosen = [element for element in elements if states[tag, element][0][1] == (1, b"\1")]
            if chosen:
                record[name] = [e.hex() if kind == "ref_multiple" else e.decode() for e in chosen]
            for element in elements:
                if len(states[tag, element]) > 1:
                    word = element.hex() if kind == "ref_multiple" else element.decode()
                    conflicts.setdefault(name, []).extend(sides(states[tag, element], "yes_no", element=word))
            continue
        siblings = field.ordered(states[tag, b""]) if (tag, b"") in states else []
        if siblings and shown(kind, siblings[0][1]) is not None:
            record[name] = shown(kind, siblings[0][1])
        if len(siblings) > 1:
            conflicts[name] = sides(siblings, kind)
    record["_seen"] = [f"{log.hex()}:{low}-{seq}:{mark.hex()}" for log, low, seq, mark in store.seen(changes)]
    alive = sorted(states[("alive",)], key=lambda pair: not pair[1])
    if len(alive) > 1:
        conflicts["_alive"] = [
            {"value": value, "by": change["dot"][0].hex(), "at": stamp(change["at"])} for change, value in alive
        ]  # fmt: skip
    if conflicts:
        record["_conflicts"] = conflicts
    return record, not alive[0][1]


def list_register(store, number, fields):
    records = {}
    for change in store.changes.values():
        if change["register"] == number:
            records.setdefault(change["record"], []).append(change)
    for _, changes in sorted(records.items()):
        record, deleted = fold(store, changes, fields)
        if not deleted:
            print(json.dumps(record, ensure_ascii=False, separators=(",", ":")))


def check_frames(path):
    """Recomputes what a golden file of frames says."""
    chain, frame, seq = None, None, 0
    for line in pathlib.Path(path).read_text().splitlines():
        words = line.split()
        if words[0] == "first":
            chain = read_first(bytes.fromhex(words[1]))["chain"]
        elif words[0] == "log":
            need(chain[:16].hex() == words[1], "the log's id")
        elif words[0] == "frame":
            seq += 1
            (frame,) = frames(bytes.fromhex(words[2]))
            read_change(*frame[:4], seq)
        elif words[0] == "chain":
            chain = sha(chain, frame[4])
            need(chain.hex() == words[2], f"the chain at {seq}")
    need(seq > 0, "no frame")
    print(f"{seq} frames hold")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--forms", default="src/forms")
    parser.add_argument("--frames")
    parser.add_argument("register", nargs="?")
    parser.add_argument("batch", nargs="*")
    asked = parser.parse_args()
    try:
        if asked.frames:
            check_frames(asked.frames)
            return
        number, fields = read_register(asked.forms, asked.register)
        store = Store()
        for path in asked.batch:
            read_batch(path, store)
        list_register(store, number, fields)
    except Refused as error:
        print(f"refused: {error}", file=sys.stderr)
        sys.exit(3)


if __name__ == "__main__":
    main()
