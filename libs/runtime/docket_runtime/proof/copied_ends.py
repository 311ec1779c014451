"""The newest checkpoints of the file outside the database, against which the log is held.

After a restore to an earlier point, or a failover that lost commits, the log is shorter than what
was signed, or goes on with other events (decision 0042). Nothing may be signed then as if nothing
had happened.
"""

from collections.abc import Sequence
from pathlib import Path

import asyncpg

from docket_proof.note import BadNote, Verifier
from docket_runtime.proof import stored_log
from docket_runtime.proof.copies import Copied, copies

PART = 64 * 1024
MOST = 64 * PART


def last_copied(copy: Path | None, verifiers: Sequence[Verifier], chains: int) -> list[Copied]:
    """Return the checkpoints at the end of a copy: the newest of so many chains, and some before.

    () where there is no copy, or none that can be read. Reads `MOST` bytes at most.
    """
    read: list[Copied] = []
    size = PART
    while copy is not None:
        try:
            text = _end_of(copy, size)
            read = copies(text[text.find("{") :] if "{" in text else "", verifiers)
        except (BadNote, OSError, UnicodeDecodeError):
            break
        whole = len(text) < size
        if whole or size >= MOST or len({each.checkpoint.origin for each in read}) >= chains:
            break
        size *= 4
    return read


def greatest_number(copied: Sequence[Copied]) -> int:
    """Return the greatest number that the checkpoints know, 0 where they know none."""
    return max((each.checkpoint.numbers or 0 for each in copied), default=0)


async def fork_of(
    connection: asyncpg.Connection, chain: int, newest: Copied, signed: Sequence[stored_log.Signed]
) -> str | None:
    """Return how the log of a chain differs from its newest copied checkpoint, None if it does not.

    `signed` are the checkpoints that the database has. Where it lacks the newest one, what was
    signed is compared when the log is read up to there. Raises Unavailable.
    """
    size = newest.checkpoint.size
    head = await stored_log.read_head(connection, chain)
    ends = 0 if head is None else head.position
    if ends < size:
        return f"the log ends at {ends}, and a checkpoint of {size} events was signed"
    own = {each.size: each.note for each in signed}
    if size in own:
        same = own[size] == newest.note or _root(own[size]) == _root(newest.note)
        return None if same else f"the log has another checkpoint of {size} events than the copy"
    if own and size < max(own):
        return f"the log lacks the checkpoint of {size} events that was signed"
    return None


def _root(note: str) -> list[str]:
    """Return the lines of a note that say of which tree it is: origin, size and root."""
    return note.split("\n")[:3]


def _end_of(copy: Path, size: int) -> str:
    with copy.open("rb") as file:
        file.seek(max(0, copy.stat().st_size - size))
        return file.read().decode(errors="ignore")
