"""The trip of a command: load -> decide -> append, and again where others came first.

It is the same for a new ticket, an existing one, several at once (whose events are all written or
none), and an account. Commands on one stream take turns; with If-Match a command fails at once
where its own stream has changed, without it is decided again until others came first too often.

An idempotency key is looked up while the streams are read, and checked once more by the append
itself, under the lock that writes. Before a refusal is answered it is looked up again, so that a
repeated request gets its first answer even if the ticket has changed. That answer is made anew: of
the same version, for who may see it now (decision 0030).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import cast
from uuid import UUID

import msgspec
from starlette.requests import Request as HttpRequest

from docket_events.ids import partition_of_ticket
from docket_events.recorded import Event, Fact
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.context import NewEvents
from docket_lifecycle.state.account import Account, fold_account
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.clock import Clock
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender
from docket_runtime.store.values import (
    Append,
    Appended,
    CommandRecord,
    Conflict,
    NewEvent,
    Repeated,
    StreamAppend,
)
from ticket_api.commands.deciders import Decider, LoadedStreams
from ticket_api.commands.first_answers import CommandResult, FirstAnswers, same_request
from ticket_api.commands.request import CommandRequest
from ticket_api.commands.turns import KeysUnderWay, Turns, busy, pause_before
from ticket_api.http.problems import Problem, refused
from ticket_api.tickets.reader import TicketReader

ATTEMPTS = 16


class CommandHandler:
    """Carries out commands; what follows from them is decided by their deciders."""

    def __init__(
        self, reader: TicketReader, clock: Clock, appender: Appender, first: FirstAnswers
    ) -> None:
        self._reader = reader
        self._clock = clock
        self._appender = appender
        self._first = first
        self._turns, self._keys = Turns(), KeysUnderWay()

    async def transact(self, decider: Decider, request: CommandRequest) -> CommandResult:
        """Load, decide and append, again where others came first; raise Problem or Unavailable."""
        if (first := await self._first.of_010(decider, request)) is not None:
            return first
        async with self._keys.of(request.key) as alone:
            if alone:
                return await self._in_turn(decider, request)
        return await self._first.answer(decider, request) or await self._in_turn(decider, request)

    async def _in_turn(self, decider: Decider, request: CommandRequest) -> CommandResult:
        async with self._turns.of((decider.stream, *decider.others)):
            for attempt in range(ATTEMPTS):
                await pause_before(attempt)
                if (result := await self._attempt(decider, request)) is not None:
                    return result
        raise busy()

    async def _attempt(self, decider: Decider, request: CommandRequest) -> CommandResult | None:
        """Return the result, None where somebody else has written meanwhile."""
        async with self._first.sought(decider, request) as sought:
            loaded = await decider.load(self._reader, request.principal)
            if sought is not None and (record := await sought) is not None:
                return await self._first.again(record, decider, request)
        before, at = loaded.get(decider.stream), self._instant(loaded)
        try:
            _refuse_stale(before, request)
            events = decider.decide(loaded, at, request.principal.actor)
        except (Refused, Problem) as refusal:
            if (first := await self._first.answer(decider, request)) is not None:
                return first
            raise refused(refusal) if isinstance(refusal, Refused) else refusal from refusal
        if before is not None and not any(events.values()):
            return await self._first.answer(decider, request) or _unchanged(decider, before)
        append, result = _append_of(decider, loaded, events, at, request)
        match await self._appender.append(append):
            case Appended():
                return result
            case Repeated(record=record):
                return await self._first.again(record, decider, request)
            case Conflict() as conflict:
                _refuse_conflict(conflict, decider, request)
                return None

    async def kept(self, partition: int, request: CommandRequest) -> int | None:
        """Return the number that was kept under the request's key, None if there is none.

        Raise Problem 422 where the key came with another request, or Unavailable.
        """
        record = await self._first.record(partition, request)
        return None if record is None else record.version

    async def keep(self, partition: int, number: int, request: CommandRequest) -> int | None:
        """Keep the number of which an answer is made that no stream can give.

        Return the number that was kept first, if another one was. Raise as `kept` does.
        """
        nothing = new_id()  # no stream
        record = _record_of(CommandResult(200, number, nothing, b""), request)
        if record is None:
            return None
        append = Append(
            partition, (), request.principal.actor, request.correlation_id, command=record
        )
        match await self._appender.append(append):
            case Repeated(record=first):
                return same_request(first, request).version
            case _:
                return None

    def _instant(self, loaded: LoadedStreams) -> datetime:
        """Return when the command happens: now, and never before the latest event loaded."""
        return max([self._clock.now(), *loaded.instants()])


def handler_of(http: HttpRequest) -> CommandHandler:
    """Return the command handler of the application that got the request."""
    return cast(CommandHandler, http.app.state.handler)


def _append_of(
    decider: Decider,
    loaded: LoadedStreams,
    events: NewEvents,
    at: datetime,
    request: CommandRequest,
) -> tuple[Append, CommandResult]:
    """Return what to append, to all streams or none, and the answer once it is written."""
    stream = decider.stream
    streams = {each: _stream(each, loaded.get(each), new, at) for each, new in events.items()}
    after = streams[stream].after
    status = 201 if loaded.get(stream) is None else 200
    body = msgspec.json.encode(decider.view(after))
    result = CommandResult(status, after.version, stream, body)
    append = Append(
        partition=partition_of_ticket(stream),
        streams=tuple(streams.values()),
        actor=request.principal.actor,
        correlation_id=request.correlation_id,
        contents=tuple(decider.contents),
        command=_record_of(result, request),
    )
    return append, result


def _stream(
    stream_id: UUID, before: Ticket | Account | None, events: Sequence[Event], at: datetime
) -> StreamAppend:
    facts = [Fact(event, at) for event in events]
    if isinstance(before, Account):
        after: Ticket | Account | None = fold_account(before, facts)
    else:
        after = fold(stream_id, facts, before)
    assert after is not None, "an append has at least one event"
    new = tuple(NewEvent(new_id(), event, at) for event in events)
    return StreamAppend(stream_id, before.version if before else 0, new, after)


def _record_of(result: CommandResult, request: CommandRequest) -> CommandRecord | None:
    """Return the record of the command under its key, None if it has no key."""
    if request.key is None:
        return None
    return CommandRecord(
        request.key, request.request_hash, result.stream_id, result.status, result.version
    )


def _unchanged(decider: Decider, before: Ticket | Account) -> CommandResult:
    body = msgspec.json.encode(decider.view(before))
    return CommandResult(200, before.version, decider.stream, body)


def _refuse_stale(before: Ticket | Account | None, request: CommandRequest) -> None:
    if before is not None and request.if_match not in (None, before.version):
        raise _stale(before.version)


def _refuse_conflict(conflict: Conflict, decider: Decider, request: CommandRequest) -> None:
    """Raise Problem 412 if If-Match was given and the ticket of the command itself changed."""
    if request.if_match is not None and conflict.ticket_id == decider.stream:
        raise _stale(conflict.actual_version)


def _stale(version: int) -> Problem:
    return Problem(
        412,
        "version_conflict",
        f"it is at version {version}",
        headers={"ETag": f'"{version}"'},
    )
