"""The first answer to a request that is repeated: found by its key, and made anew.

Of an answer only the stream and its version are kept. So what was erased or is hidden meanwhile
is so here too, and nobody gets an answer about what he may not see now (decision 0030).
"""

from asyncio import Future
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

import msgspec

from docket_events.ids import partition_of_ticket
from docket_runtime.store.command_records import CommandRecords
from docket_runtime.store.values import CommandRecord
from ticket_api.commands.deciders import Decider
from ticket_api.commands.request import CommandRequest, KeyOf010
from ticket_api.http.problems import Problem
from ticket_api.tickets.reader import TicketReader

FindRecordOf010 = Callable[[int, KeyOf010], Awaitable[CommandRecord | None]]
"""Find the record that release 0.1.0 made of a command."""


@dataclass(frozen=True, slots=True)
class CommandResult:
    """The answer to a command: the ticket or the account at `version`, as JSON bytes."""

    status: int
    version: int
    stream_id: UUID
    body: bytes
    replayed: bool = False


class FirstAnswers:
    """Finds the record of a key; `find_of_010` is None where release 0.1.0 has left none."""

    def __init__(
        self,
        reader: TicketReader,
        records: CommandRecords,
        find_of_010: FindRecordOf010 | None = None,
    ) -> None:
        self._reader = reader
        self._records = records
        self._find_of_010 = find_of_010

    @asynccontextmanager
    async def sought(
        self, decider: Decider, request: CommandRequest
    ) -> AsyncIterator[Future[CommandRecord | None] | None]:
        """Look for the record of the request's key while a block does something else."""
        if request.key is None:
            yield None
            return
        sought = self._records.find(partition_of_ticket(decider.stream), request.key)
        try:
            yield sought
        finally:
            sought.cancel()

    async def record(self, partition: int, request: CommandRequest) -> CommandRecord | None:
        """Return what was recorded of the same key, None if the key is new.

        Raise Problem 422 if it came with another request, or Unavailable.
        """
        if request.key is None:
            return None
        record = await self._records.find(partition, request.key)
        return None if record is None else same_request(record, request)

    async def answer(self, decider: Decider, request: CommandRequest) -> CommandResult | None:
        """Return the first answer to the same key, None if the key is new; raise as `record`."""
        record = await self.record(partition_of_ticket(decider.stream), request)
        return None if record is None else await self._replayed(record, decider, request)

    async def again(
        self, record: CommandRecord, decider: Decider, request: CommandRequest
    ) -> CommandResult:
        """Return the answer that a record is of; raise Problem 404 or 422."""
        return await self._replayed(same_request(record, request), decider, request)

    async def of_010(self, decider: Decider, request: CommandRequest) -> CommandResult | None:
        """Return the answer that release 0.1.0 gave to the same key.

        Its keys belonged to a name in whatever account: one about what the caller may not see is no
        key of the caller's.
        """
        if self._find_of_010 is None or (key := request.key_of_010) is None:
            return None
        record = await self._find_of_010(partition_of_ticket(decider.stream), key)
        if record is None:
            return None
        try:
            result = await self._replayed(record, decider, request)
        except Problem:
            return None
        if record.request_hash != key.request_hash:
            raise _reused()
        return result

    async def _replayed(
        self, record: CommandRecord, decider: Decider, request: CommandRequest
    ) -> CommandResult:
        """Make the first answer anew, of what the caller may see now; raise Problem 404."""
        state = await decider.recall(
            self._reader, request.principal, record.ticket_id, record.version
        )
        body = msgspec.json.encode(decider.view(state))
        return CommandResult(record.status, record.version, record.ticket_id, body, replayed=True)


def same_request(record: CommandRecord, request: CommandRequest) -> CommandRecord:
    """Return the record of a key; raise Problem 422 if it came with another request."""
    if record.request_hash != request.request_hash:
        raise _reused()
    return record


def _reused() -> Problem:
    return Problem(422, "idempotency_key_reused", "this Idempotency-Key came with another request")
