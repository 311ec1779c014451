"""Ids: the partition in a ticket's id, and ids and digests that are derived from other ids.

New ids are made in `docket_runtime.new_ids`; here are only pure functions of ids.
"""

from functools import lru_cache
from hashlib import sha256
from uuid import UUID, uuid5

MAX_PARTITIONS = 4096  # the 12 bits of a UUIDv7 that RFC 9562 leaves to the maker

_ACCOUNT = UUID("0f2c3f62-3d0b-5c57-a6c1-5b9f3d1e7a40")
_NOTICE = UUID("6f5b8b34-5c5e-5a50-9d0c-0d0c4e7a11ce")


def digest_of(*parts: str | bytes | None) -> bytes:
    """Return the SHA-256 of parts, each behind its length (None: -1): no others give the same."""
    digest = sha256()
    for part in parts:
        if part is None:
            digest.update((-1).to_bytes(4, signed=True))
            continue
        raw = part if isinstance(part, bytes) else part.encode(errors="surrogatepass")
        digest.update(len(raw).to_bytes(4))
        digest.update(raw)
    return digest.digest()


def partition_of_account(account_id: str, partitions: int) -> int:
    """Return the partition that holds every ticket of an account (decision 0004)."""
    return int.from_bytes(sha256(account_id.encode()).digest()[:8]) % partitions


def partition_of_ticket(ticket_id: UUID) -> int:
    """Return the partition written into a ticket id (decision 0004)."""
    return (ticket_id.int >> 64) & 0xFFF


def in_partition(fresh: UUID, partition: int) -> UUID:
    """Return the UUIDv7 with the partition in its twelve free bits (decision 0004)."""
    if not 0 <= partition < MAX_PARTITIONS:
        raise ValueError(f"partition {partition} is outside 0..{MAX_PARTITIONS - 1}")
    # of the same class as `fresh`, which the driver may send unchanged
    return type(fresh)(f"{fresh.int & ~(0xFFF << 64) | partition << 64:032x}")


@lru_cache(4096)
def stream_of_account(account_id: str, partitions: int) -> UUID:
    """Return the stream of what is known of an account, in the partition of its tickets."""
    return in_partition(uuid5(_ACCOUNT, account_id), partition_of_account(account_id, partitions))


def account_beside(ticket_id: UUID, account_id: str) -> UUID:
    """Return the stream of an account, of which one ticket is known."""
    return in_partition(uuid5(_ACCOUNT, account_id), partition_of_ticket(ticket_id))


def is_account(stream_id: UUID) -> bool:
    """Return whether a stream is an account's: its id is derived from a name (UUID version 5)."""
    return stream_id.version == 5


def notice_id(cause: UUID, kind: str) -> UUID:
    """Return the id of the one notice of this kind that the event `cause` can give rise to.

    The same cause always gives the same id, so a notice sent twice after a crash carries the same
    Message-ID.
    """
    return uuid5(_NOTICE, f"{cause}/{kind}")
