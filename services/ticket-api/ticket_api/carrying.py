"""Carrying out a command: look, decide, append, answer.

It is one way for a new ticket, for one that exists, and for several at once, whose events are all
written or none. A command that finds another version than it was decided on is decided again, three
times at most; with If-Match it fails at once where its own ticket has changed. An idempotency key
is checked by the append itself, under the lock that writes; before a refusal is answered it is
looked up, so that a repeated request gets its first answer even when the ticket has moved on
(decision 0011).
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from docket_events.ids import partition_of_ticket
from docket_events.recorded import Event, Fact
from docket_lifecycle.refused import Refused
from docket_lifecycle.rules.division import Histories as Caused
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
from ticket_api.auth import Principal
from ticket_api.contents import Drafts
from ticket_api.problems import Problem, refused
from ticket_api.views import view_of

FindRecord = Callable[[int, str, str], Awaitable[CommandRecord | None]]
"""Look up what a command of a partition, a scope and a key was answered."""

ATTEMPTS = 3


@dataclass(frozen=True, slots=True)
class Request:
    """What every command brings along beside its body."""

    principal: Principal
    correlation_id: UUID
    key: str | None
    request_hash: bytes
    if_match: int | None = None

    @property
    def scope(self) -> str:
        """Return whose key it is: the same key of two people is two keys."""
        return f"{self.principal.role}:{self.principal.subject}"


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a command: JSON bytes of the ticket, or the account, at `version`."""

    status: int
    version: int
    stream_id: UUID
    body: bytes
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """What a command finds: the streams it may write to as they are, and what follows at a moment.

    What follows for a stream that is not there begins it.
    """

    streams: Mapping[UUID, Ticket | Account]
    follows: Callable[[datetime], Caused]


Look = Callable[[], Awaitable[Found]]


class Carrier:
    """The loop around the rules: it holds the doors to the log and decides nothing itself."""

    def __init__(self, clock: Clock, appender: Appender, find_record: FindRecord) -> None:
        self._clock = clock
        self._appender = appender
        self._find_record = find_record

    async def carry_out(
        self, addressed: UUID, look: Look, drafts: Drafts, request: Request
    ) -> Answer:
        """Look, decide and append, again where others came first; raise Problem or Unavailable."""
        for _ in range(ATTEMPTS):
            found = await look()
            before = found.streams.get(addressed)
            latest = (each.updated_at for each in found.streams.values())
            at = max((self._clock.now(), *filter(None, latest)))
            try:
                if before is not None and request.if_match not in (None, before.version):
                    raise _stale(before.version)
                caused = found.follows(at)
            except (Refused, Problem) as refusal:
                repeated = await self._repeated(addressed, request)
                if repeated is not None:
                    return repeated
                raise refused(refusal) if isinstance(refusal, Refused) else refusal from refusal
            if before is not None and not any(caused.values()):
                repeated = await self._repeated(addressed, request)
                body = msgspec.json.encode(view_of(before))
                return repeated or Answer(200, before.version, addressed, body)
            answer = await self._append(addressed, found, caused, at, drafts, request)
            if answer is not None:
                return answer
        raise Problem(409, "version_conflict", "others keep changing it; try again")

    async def _append(
        self,
        addressed: UUID,
        found: Found,
        caused: Caused,
        at: datetime,
        drafts: Drafts,
        request: Request,
    ) -> Answer | None:
        """Append what was decided, to all streams or none.

        None if another append came first and no If-Match says that this ends it.
        """
        streams = {
            each: _stream(each, found.streams.get(each), events, at)
            for each, events in caused.items()
        }
        after = streams[addressed].after
        status = 200 if addressed in found.streams else 201
        body = msgspec.json.encode(view_of(after))
        record = request.key and CommandRecord(
            request.scope, request.key, request.request_hash, addressed, status, after.version, body
        )
        outcome = await self._appender.append(
            Append(
                partition=partition_of_ticket(addressed),
                streams=tuple(streams.values()),
                actor=request.principal.actor,
                correlation_id=request.correlation_id,
                contents=drafts.contents,
                command=record or None,
            )
        )
        match outcome:
            case Appended():
                return Answer(status, after.version, addressed, body)
            case Repeated(record=first):
                return _replay(first, request)
            case Conflict(ticket_id=changed, actual_version=actual):
                if request.if_match is not None and changed == addressed:
                    raise _stale(actual)
                return None

    async def _repeated(self, ticket_id: UUID, request: Request) -> Answer | None:
        if request.key is None:
            return None
        partition = partition_of_ticket(ticket_id)
        record = await self._find_record(partition, request.scope, request.key)
        return _replay(record, request) if record else None


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


def _replay(record: CommandRecord, request: Request) -> Answer:
    if record.request_hash != request.request_hash:
        raise Problem(
            422, "idempotency_key_reused", "this Idempotency-Key came with another request"
        )
    return Answer(record.status, record.version, record.ticket_id, record.answer, replayed=True)


def _stale(version: int) -> Problem:
    return Problem(
        412,
        "version_conflict",
        f"it is at version {version}",
        headers={"ETag": f'"{version}"'},
    )
