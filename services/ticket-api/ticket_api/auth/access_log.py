"""Who read what: an access event for every read of a history, export, reveal and denial.

It is written before the answer goes out, so that nothing is shown without a record; while that
cannot be done, nothing is shown. Answers at the same time share a commit.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from docket_runtime.batcher import Batcher
from docket_runtime.database import Database, reachable
from docket_runtime.new_ids import new_id
from docket_runtime.unavailable import Unavailable

MOST_TOGETHER = 256
LONGEST_ASKED = 500

_WRITE = """
    insert into docket.access_events (access_id, at, role, subject, operation, ticket_id,
        account_id, asked, outcome, reason, trace_id)
    select access_id, docket.present(), role, subject, operation, ticket_id, account_id, asked,
        outcome, reason, trace_id
    from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::uuid[], $6::text[], $7::text[],
        $8::text[], $9::text[], $10::text[]) as seen (access_id, role, subject, operation,
        ticket_id, account_id, asked, outcome, reason, trace_id)
"""


@dataclass(frozen=True, slots=True)
class Access:
    """An access event: what was asked, and the outcome.

    `account_id` is that of the caller, None if it has none; `reason` is why texts were revealed.
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

    async def _write(self, seen: Sequence[Access]) -> Sequence[None]:
        if self._connection is None or self._connection.is_closed():
            self._connection = await self._database.connect()
        columns = zip(
            *(
                (
                    new_id(),
                    each.role,
                    each.subject,
                    each.operation,
                    each.ticket_id,
                    each.account_id,
                    each.asked[:LONGEST_ASKED],
                    each.outcome,
                    each.reason,
                    each.trace_id,
                )
                for each in seen
            ),
            strict=True,
        )
        try:
            with reachable():
                await self._connection.execute(_WRITE, *map(list, columns))
        except (Unavailable, asyncio.CancelledError):
            self._connection.terminate()
            self._connection = None
            raise
        return [None] * len(seen)
