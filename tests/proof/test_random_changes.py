"""Single changes to a copy of a log, drawn at random: every one of them is found.

A change is a flipped bit of any column of any row, a row taken out, two rows swapped, a row put in,
or the end cut off behind a checkpoint of which a copy was kept. Whoever made it also corrected the
head row where that helps to hide it.
"""

import struct
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random
from uuid import UUID

import pytest

from docket_proof.chain import LogRow, genesis, link
from docket_proof.check import Head, PartitionCheck, check
from docket_proof.checkpoint import Checkpoint, origin
from docket_proof.tree import Frontier, leaf, root_of

LOG = UUID("0190a3c4-0000-7000-8000-000000000001")
NOON = 834_235_200_000_000
"""A noon in 2026, in microseconds since 2000."""
EVENTS, SIGNED = 60, 47
PARTITION = 2


def a_log(random: Random, events: int = EVENTS) -> list[LogRow]:
    """Return a log of some tickets, each row with the hash that it must have."""
    tickets = [UUID(int=random.getrandbits(128)) for _ in range(7)]
    versions = Counter[UUID]()
    rows, previous = list[LogRow](), genesis(LOG, PARTITION)
    for position in range(1, events + 1):
        ticket = random.choice(tickets)
        versions[ticket] += 1
        bare = LogRow(
            PARTITION,
            position,
            ticket,
            versions[ticket],
            UUID(int=random.getrandbits(128)),
            random.choice(["UserCommented", "ResponseSent"]),
            1,
            random.choice([b"{}", b'{"content":{"digest":"00"}}']),
            NOON + random.randrange(10**12),
            NOON + position,
            "agent",
            random.choice(["max", "ånn"]),
            random.choice([None, "", "ann"]),
            UUID(int=random.getrandbits(128)),
            random.choice([None, UUID(int=random.getrandbits(128))]),
            b"",
        )
        previous = link(previous, bare)
        rows.append(bare._replace(hash=previous))
    return rows


def flip_uuid(value: UUID, random: Random) -> UUID:
    return UUID(int=value.int ^ 1 << random.randrange(128))


def flip_int(value: int, random: Random, size: int) -> int:
    code = {2: "h", 4: "i", 8: "q"}[size]
    flipped = flip_bytes(struct.pack(f">{code}", value), random)
    (found,) = struct.unpack(f">{code}", flipped)
    return int(found)


def flip_bytes(value: bytes, random: Random) -> bytes:
    if not value:
        return b"\x00"
    place = random.randrange(len(value))
    return value[:place] + bytes((value[place] ^ 1 << random.randrange(8),)) + value[place + 1 :]


def flip_text(value: str | None, random: Random) -> str | None:
    if value is None:
        return ""
    if not value:
        return None
    place = random.randrange(len(value))
    other = chr(ord(value[place]) ^ 1 << random.randrange(7))
    return value[:place] + other + value[place + 1 :]


SIZES = {
    "partition": 2,
    "position": 8,
    "version": 4,
    "schema_version": 2,
    "occurred_at": 8,
    "recorded_at": 8,
}


def change_a_bit(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    n, column = random.randrange(len(rows)), random.choice(LogRow._fields)
    value = getattr(rows[n], column)
    match value:
        case UUID():
            changed: object = flip_uuid(value, random)
        case bytes():
            changed = flip_bytes(value, random)
        case int():
            changed = flip_int(value, random, SIZES[column])
        case None if column == "causation_id":
            changed = UUID(int=random.getrandbits(128))
        case _:
            changed = flip_text(value, random)
    rows[n] = rows[n]._replace(**{column: changed})
    return column, sorted(rows, key=lambda row: row.position)


def delete(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    del rows[random.randrange(len(rows))]
    return "deletion", rows


def delete_and_renumber(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    n = random.randrange(len(rows) - 1)
    return "deletion, renumbered", [
        *rows[:n],
        *(row._replace(position=row.position - 1) for row in rows[n + 1 :]),
    ]


def swap(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    a, b = random.sample(range(len(rows)), 2)
    rows[a], rows[b] = (
        rows[b]._replace(position=rows[a].position),
        rows[a]._replace(position=rows[b].position),
    )
    return "swap", rows


def insert(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    n = random.randrange(len(rows))
    (invented,) = a_log(random, 1)
    behind = [row._replace(position=row.position + 1) for row in rows[n:]]
    return "insertion", [*rows[:n], invented._replace(position=n + 1), *behind]


def insert_twice_the_position(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    n = random.randrange(len(rows))
    return "a position twice", [*rows[:n], rows[n], *rows[n:]]


def truncate(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    return "truncation", rows[: random.randrange(SIGNED)]


def rewrite(rows: list[LogRow], random: Random) -> tuple[str, list[LogRow]]:
    """Change an event under the checkpoint and compute the whole chain behind it anew."""
    n = random.randrange(SIGNED)
    rows[n] = rows[n]._replace(actor_id="nobody")
    previous = rows[n - 1].hash if n else genesis(LOG, PARTITION)
    for place in range(n, len(rows)):
        previous = link(previous, rows[place])
        rows[place] = rows[place]._replace(hash=previous)
    return "rewritten chain", rows


CHANGES: Sequence[Callable[[list[LogRow], Random], tuple[str, list[LogRow]]]] = (
    *[change_a_bit] * 12,
    delete,
    delete_and_renumber,
    swap,
    insert,
    insert_twice_the_position,
    truncate,
    rewrite,
)


def found(rows: list[LogRow], copied: Checkpoint, head: Head) -> bool:
    started = PartitionCheck(LOG, PARTITION, [copied])
    return next(check(rows, head, started), None) is not None


def missed(changes: int, seed: int) -> list[str]:
    random = Random(seed)
    log = a_log(random)
    copied = Checkpoint(origin(LOG, PARTITION), SIGNED, root_of([row.hash for row in log[:SIGNED]]))
    honest = Head(len(log), log[-1].hash)
    assert not found(log, copied, honest)
    unseen = []
    for _ in range(changes):
        kind, changed = random.choice(CHANGES)([*log], random)
        assert changed != log
        # the culprit leaves the head row alone or makes it fit
        fitting = Head(len(changed), changed[-1].hash) if changed else Head(0, genesis(LOG, 2))
        if not (found(changed, copied, honest) and _found_with(kind, changed, copied, fitting)):
            unseen.append(kind)
    return unseen


def _found_with(kind: str, changed: list[LogRow], copied: Checkpoint, fitting: Head) -> bool:
    beyond = kind == "deletion" and len(changed) >= SIGNED and fitting.position == EVENTS - 1
    if beyond and [row.position for row in changed] == [*range(1, EVENTS)]:
        return True  # the last event, behind every checkpoint: no copy of a head, no proof
    return found(changed, copied, fitting)


def test_of_700_random_changes_each_is_found() -> None:
    assert missed(700, seed=5) == []


@pytest.mark.full
def test_of_10_000_random_changes_each_is_found() -> None:
    assert missed(10_000, seed=20_261_122) == []


def test_a_check_that_begins_at_a_checkpoint_compares_the_copies_of_that_size_too() -> None:
    log = a_log(Random(5))
    head = Head(len(log), log[-1].hash)

    def codes(copied: Checkpoint) -> list[str]:
        frontier = Frontier()
        for row in log[:SIGNED]:
            frontier.add(row.hash)
        previous = log[SIGNED - 1].hash
        started = PartitionCheck(LOG, PARTITION, [copied], frontier=frontier, previous=previous)
        return [fault.code for fault in check(log[SIGNED:], head, started)]

    honest = Checkpoint(origin(LOG, PARTITION), SIGNED, root_of([row.hash for row in log[:SIGNED]]))
    assert codes(honest) == []
    assert codes(replace(honest, root=leaf(b"another log"))) == ["checkpoint"]
