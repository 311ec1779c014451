"""Encoding instants for the server, faster than the driver does.

The driver converts each to UTC and decomposes it, which for three instants an event is a fifth of
what an append costs its process.
"""

from datetime import UTC, datetime, timedelta

import asyncpg

_EPOCH = datetime(2000, 1, 1, tzinfo=UTC)
_MICROSECOND = timedelta(microseconds=1)


async def send_instants_fast(connection: asyncpg.Connection) -> None:
    """Make this connection encode aware datetimes by plain arithmetic; what it reads is in UTC.

    For connections that write much: reading instants becomes slower.
    """
    await connection.set_type_codec(
        "timestamptz", schema="pg_catalog", format="tuple", encoder=_sent, decoder=_read
    )


def _sent(at: datetime) -> tuple[int]:
    return ((at - _EPOCH) // _MICROSECOND,)


def _read(sent: tuple[int]) -> datetime:
    return _EPOCH + timedelta(microseconds=sent[0])
