"""Verify this bundle: python3 -I verify.py [KEY ...]

Needs Python 3.11 only. It recomputes every hash of the log, the root of the tree over them, and the
signature of the checkpoint. KEY, name+hash+base64, is a public key that you know from elsewhere:
without one a bundle forged whole is not found. Ends with 1 where something does not fit.
"""

import json
import struct
import sys
from base64 import b64decode
from datetime import UTC, datetime, timedelta
from hashlib import sha256, sha512
from pathlib import Path
from typing import Any
from uuid import UUID

HERE = Path(__file__).resolve().parent
EPOCH, TICK = datetime(2000, 1, 1, tzinfo=UTC), timedelta(microseconds=1)
FAULTS: list[str] = []
Point = tuple[int, int, int, int]
Keys = dict[tuple[str, bytes], bytes]

P = 2**255 - 19  # Ed25519 (RFC 8032), the checking half
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def add(a: Point, b: Point) -> Point:
    s, t = (a[1] - a[0]) * (b[1] - b[0]) % P, (a[1] + a[0]) * (b[1] + b[0]) % P
    c, d = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = t - s, d - c, d + c, t + s
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n: int, base: Point) -> Point:
    total = (0, 1, 1, 0)
    while n:
        total = add(total, base) if n & 1 else total
        base, n = add(base, base), n >> 1
    return total


def point(data: bytes) -> Point:
    y, sign = int.from_bytes(data, "little") & (1 << 255) - 1, data[31] >> 7
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    x = x * ROOT % P if (x * x - square) % P else x
    if y >= P or (x * x - square) % P or (x == 0 and sign):
        raise ValueError("no point of the curve")
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P


BASE = point(bytes([0x58]) + bytes([0x66]) * 31)


def signed(public: bytes, text: bytes, signature: bytes) -> bool:
    try:
        a, r, s = point(public), point(signature[:32]), int.from_bytes(signature[32:], "little")
    except (ValueError, IndexError):
        return False
    h = int.from_bytes(sha512(signature[:32] + public + text).digest(), "little") % Q
    left, right = times(s, BASE), add(r, times(h, a))
    same = all((left[i] * right[2] - right[i] * left[2]) % P == 0 for i in (0, 1))
    return len(signature) == 64 and s < Q and same


def fault(where: str, what: str) -> None:
    FAULTS.append(ascii(f"{where}: {what}")[1:-1])  # nothing that a terminal would obey


def keys(lines: list[str]) -> Keys:
    found: Keys = {}
    for line in lines:
        name, key_id, encoded = line.strip().split("+", 2)
        data = b64decode(encoded)
        if sha256(name.encode() + b"\n" + data).hexdigest()[:8] == key_id and data[0] == 1:
            found[name, bytes.fromhex(key_id)] = data[1:]
    return found


def checkpoint(file: Path, known: Keys) -> tuple[str, int, bytes]:
    text, _, beneath = file.read_bytes().decode().rpartition("\n\n")
    for line in beneath.splitlines():
        name, _, encoded = line.removeprefix("\N{EM DASH} ").partition(" ")
        data = b64decode(encoded)
        public = known.get((name, data[:4]))
        if public is not None and signed(public, (text + "\n").encode(), data[4:]):
            origin, size, root = text.split("\n")[:3]
            return origin, int(size), b64decode(root)
    raise ValueError("no known key has signed it")


def value(oid: int, data: bytes | None) -> bytes:
    return struct.pack(">ii", oid, -1 if data is None else len(data)) + (data or b"")


def row_bytes(e: dict[str, Any]) -> bytes:  # as PostgreSQL writes a row (decision 0005)
    def text(name: str) -> bytes:
        x = e[name]  # a text, or {"hex": ...}: bytes that are none
        return value(17, bytes.fromhex(x["hex"]) if isinstance(x, dict) else x and x.encode())

    def uuid(name: str) -> bytes:
        return value(2950, None if e[name] is None else UUID(e[name]).bytes)

    def number(oid: int, kind: str, name: str) -> bytes:
        return value(oid, struct.pack(">" + kind, e[name]))

    def instant(name: str) -> bytes:
        return value(1184, struct.pack(">q", (datetime.fromisoformat(e[name]) - EPOCH) // TICK))

    return (
        struct.pack(">i", 15) + number(21, "h", "partition") + number(20, "q", "position")
        + uuid("ticket_id") + number(23, "i", "version") + uuid("event_id") + text("type")
        + number(21, "h", "schema_version") + text("body") + instant("occurred_at")
        + instant("recorded_at") + text("actor_kind") + text("actor_id") + text("on_behalf_of")
        + uuid("correlation_id") + uuid("causation_id")
    )  # fmt: skip


class Tree:  # the Merkle tree of RFC 9162, grown by leaves and by complete subtrees
    def __init__(self) -> None:
        self.stack: list[tuple[int, bytes]] = []
        self.size = 0

    def add(self, level: int, data: bytes) -> None:
        if self.size % (1 << level):
            raise ValueError(f"a subtree of level {level} cannot begin at {self.size}")
        self.size += 1 << level
        while self.stack and self.stack[-1][0] == level:
            data, level = sha256(b"\x01" + self.stack.pop()[1] + data).digest(), level + 1
        self.stack.append((level, data))

    def root(self) -> bytes:
        hashes = [data for _, data in self.stack] or [sha256(b"").digest()]
        while len(hashes) > 1:
            hashes[-1] = sha256(b"\x01" + hashes[-2] + hashes.pop()).digest()
        return hashes[0]


def partition(number: int, about: dict[str, Any], log_id: str, known: Keys) -> tuple[int, int]:
    where, tree, position, events = f"partition {number}", Tree(), 0, 0
    last: bytes | None = sha256(UUID(log_id).bytes + struct.pack(">h", number)).digest()
    size, root = 0, tree.root()
    if about["checkpoint"]:
        origin, size, root = checkpoint(HERE / f"checkpoints/{number}.note", known)
        if origin != f"docket/{log_id}/{number}":
            fault(where, f"the checkpoint is of {origin}")
    for line in (HERE / f"log/{number}.jsonl").open(encoding="utf-8", newline="\n"):
        entry = json.loads(line)
        if "subtree" in entry:
            tree.add(entry["subtree"]["level"], bytes.fromhex(entry["subtree"]["hash"]))
            position, last = tree.size, None
        else:
            e, stored = entry["event"], bytes.fromhex(entry["hash"])
            before = bytes.fromhex(entry["previous"])
            if e["partition"] != number or e["position"] <= position:
                fault(where, f"position {e['position']} stands behind {position}")
            if e["position"] == position + 1 and last not in (None, before):
                fault(where, f"position {e['position']} does not follow the one before it")
            if "withheld" in entry:  # words inside were erased: the hash alone is proved
                print(f"{where}: position {e['position']} is without words that were erased")
            elif sha256(b"\x00" + before + row_bytes(e)).digest() != stored:
                fault(where, f"position {e['position']} is not what was written")
            if e["position"] <= size:
                tree.add(0, sha256(b"\x00" + stored).digest())
            position, last, events = e["position"], stored, events + 1
    if (tree.size, tree.root()) != (size, root):
        fault(where, f"the first {size} events are not those of the signed checkpoint")
    if (events, size) != (about["events"], about["checkpoint"]):
        fault(where, f"the manifest says {about['events']} events and {about['checkpoint']} signed")
    return events, size


def main() -> bool:
    manifest = json.loads((HERE / "manifest.json").read_bytes())
    for name, digest in manifest["files"].items():
        if sha256((HERE / name).read_bytes()).hexdigest() != digest:
            fault(name, "the file is not the one that was written")
    known = keys(sys.argv[1:] or (HERE / "keys.txt").read_text().splitlines())
    for number, about in manifest["partitions"].items():
        events, size = partition(int(number), about, manifest["log_id"], known)
        print(f"partition {int(number)}: {events} events, signed up to position {size}")
    return any(about["events"] for about in manifest["partitions"].values())


if __name__ == "__main__":
    if {"-h", "--help"} & {*sys.argv}:
        print(__doc__)
        sys.exit()
    try:
        some = main()
    except (OSError, ValueError, KeyError, TypeError, AttributeError, struct.error) as error:
        fault("bundle", f"{type(error).__name__}: {error}")
    print("\n".join(FAULTS) or ("all fits" if some else "no event was selected: nothing is proved"))
    if not sys.argv[1:]:
        print("the key was believed that is in the bundle: give one that you know from elsewhere")
    sys.exit(1 if FAULTS else 0)
