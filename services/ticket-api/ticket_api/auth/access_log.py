"""Who read what: an access event for every read of a history, export, reveal and denial.

It is written before the answer goes out, so that nothing is shown without a record; while that
cannot be done, nothing is shown. Answers at the same time share a commit; the function that writes
them chains them (decision 0032).
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, fields
from uuid import UUID

import asyncpg
import structlog

from docket_runtime.batcher import Batcher
from docket_runtime.database import Database, reachable
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable

MOST_TOGETHER = 256

_WRITE = "select docket.append_access($1::docket.new_access[])"

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Access:
    """An access event: what was asked, and the outcome.

    `account_id` is that of the caller, None if it has none; `asked` has no text that was typed;
    `reason` is why texts were revealed.
    """

    role: str
    subject: str
    operation: str
    ticket_id: UUID | None
    account_id: str | None
    asked: str
    outcome: str
    reason: str | None
    trace_id: str


class AccessLog:
    """Writes the access events of a process; it only adds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: asyncpg.Connection | None = None
        self._gather = Batcher[Access, None](self._write, limit=MOST_TOGETHER)

    async def add(self, access: Access) -> None:
        """Write an access event durably; raise Unavailable if that cannot be done now."""
        await self._gather.ask(access)

    async def close(self) -> None:
        """Finish what is under way."""
        await self._gather.close()
        if self._connection is not None:
            self._connection.terminate()

    async def _write(self, seen: Sequence[Access]) -> Sequence[Exception | None]:
        """Write accesses together; if one cannot be written, each by itself."""
        try:
            await self._append(seen)
        except Unavailable:
            raise
        except (asyncpg.PostgresError, ValueError) as fault:
            if len(seen) > 1:
                return [await self._alone(each) for each in seen]
            raise _unwritten(seen[0], fault) from fault
        return [None] * len(seen)

    async def _alone(self, access: Access) -> Exception | None:
        try:
            await self._append([access])
        except Unavailable as unavailable:
            return unavailable
        except (asyncpg.PostgresError, ValueError) as fault:
            return _unwritten(access, fault)
        return None

    async def _append(self, seen: Sequence[Access]) -> None:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect()
        rows = [(new_id(), *(getattr(each, name) for name in _COLUMNS)) for each in seen]
        try:
            with reachable():
                await self._connection.execute(_WRITE, rows)
        except (Unavailable, asyncio.CancelledError):
            self._connection.terminate()
            self._connection = None
            raise


_COLUMNS = tuple(field.name for field in fields(Access))
"""The columns of `docket.new_access` behind the id, in their order."""


def _unwritten(access: Access, fault: Exception) -> Unavailable:
    """Log why an access cannot be written; what it would have shown is not shown."""
    log.error("access_unwritten", trace_id=access.trace_id, fault=type(fault).__name__)
    return Unavailable("the access event cannot be written")
