"""No number of a ticket is given twice, also after a restore or a failover (decision 0042)."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg
import structlog

from docket_proof.note import Verifier
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.proof.copied_ends import greatest_number, last_copied

_CONFIRM = "select docket.confirm_numbers($1)"

log = structlog.get_logger()


class NumberGuard:
    """Lets numbers go on beyond those that the copy of the checkpoints knows, after each connect.

    A restore and a failover end every connection, so the first step after them is a new one.
    """

    def __init__(
        self, database: Database, copy: Path | None, verifiers: Sequence[Verifier]
    ) -> None:
        self._database = ReconnectingConnection(database)
        self._copy = copy
        self._verifiers = verifiers
        self._session: asyncpg.Connection | None = None

    async def step(self) -> bool:
        """Confirm the numbers once a connection; raise Unavailable."""
        async with self._database.open() as connection:
            with reachable():
                await connection.execute("select")  # notices a connection that has ended
            if connection is not self._session:
                known = greatest_number(last_copied(self._copy, self._verifiers, 1))
                with reachable():
                    moved = await connection.fetchval(_CONFIRM, known)
                if moved:
                    log.warning("numbers_moved", beyond=known, reason="the database was restored")
                self._session = connection
        return False

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()
