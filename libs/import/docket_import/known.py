"""Which cases of a helpdesk are in the log already."""

from collections.abc import Iterable

import asyncpg

from docket_events.ids import digest_of
from docket_runtime.database import reachable

_KNOWN = "select key, request_hash from docket.commands where key = any($1) and day = 'infinity'"
_KNOWN_BEFORE_0012 = (
    "select key, request_hash from docket.commands_before_0012 where scope = 'import:' || $1"
)


async def known_cases(
    connection: asyncpg.Connection, cases: Iterable[str], source: str
) -> dict[str, bytes]:
    """Return the cases that are in the log, each with the digest of its lines; raise Unavailable.

    Cases that a version before 0012 imported are among them, whether asked for or not.
    """
    named = {key_of_case(source, case): case for case in cases}
    with reachable():
        return {
            **dict(await connection.fetch(_KNOWN_BEFORE_0012, source)),
            **{named[key]: digest for key, digest in await connection.fetch(_KNOWN, list(named))},
        }


def key_of_case(source: str, case: str) -> bytes:
    """Return the key of a case; `turn_command_days` makes the same of what 0.1.0 imported."""
    return digest_of("import", source, case)
