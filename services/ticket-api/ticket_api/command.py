"""The way through for a command: history -> fold -> decide -> append -> answer.

A command that finds another version than it was decided on is decided again, three times at most;
with If-Match it fails at once. An idempotency key is checked by the append itself, under the lock
that writes; before a refusal is answered it is looked up, so that a repeated request gets its first
answer even when the ticket has moved on (decision 0011).
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from docket_events.ids import in_partition, partition_of_account, partition_of_ticket
from docket_events.recorded import Fact
from docket_lifecycle.commands import Create, TicketCommand
from docket_lifecycle.decide import create, decide
from docket_lifecycle.fold import fold
from docket_lifecycle.governing import terms_of
from docket_lifecycle.refused import Refused
from docket_lifecycle.ticket import Ticket
from docket_policies.loader import policy_of
from docket_runtime.clock import Clock, new_id
from docket_runtime.store.append import Appender
from docket_runtime.store.history import Histories, History
from docket_runtime.store.model import (
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
from ticket_api.problems import Problem, not_found, refused
from ticket_api.views import ticket_view

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
    """The answer to a command: JSON bytes of the ticket at `version`."""

    status: int
    version: int
    ticket_id: UUID
    body: bytes
    replayed: bool = False


class Commands:
    """The loop around the rules: it holds the doors to the log and decides nothing itself."""

    def __init__(
        self,
        clock: Clock,
        histories: Histories,
        appender: Appender,
        find_record: FindRecord,
        partitions: int,
    ) -> None:
        self._clock = clock
        self._histories = histories
        self._appender = appender
        self._find_record = find_record
        self._partitions = partitions

    async def create(
        self, account_id: str, make: Callable[[Drafts], Create], request: Request
    ) -> Answer:
        """Open a ticket for an account; raise Problem or Unavailable."""
        ticket_id = in_partition(new_id(), partition_of_account(account_id, self._partitions))
        drafts = Drafts(ticket_id)
        at, command = self._clock.now(), make(drafts)
        try:
            terms = terms_of(command, at)
            events = create(command, at=at, actor=request.principal.actor, policy=terms)
        except Refused as refusal:
            raise refused(refusal) from refusal
        happened = [Fact(event, at) for event in events]
        answer = await self._append(None, ticket_id, happened, drafts, request)
        assert answer is not None, "a fresh ticket id has no other version"
        return answer

    async def on_ticket(
        self, ticket_id: UUID, make: Callable[[Drafts], TicketCommand], request: Request
    ) -> Answer:
        """Carry out a command on a ticket; raise Problem or Unavailable."""
        drafts = Drafts(ticket_id)
        command = make(drafts)
        for _ in range(ATTEMPTS):
            ticket = await self.visible(ticket_id, request.principal)
            at = max(self._clock.now(), ticket.updated_at)
            try:
                if request.if_match is not None and request.if_match != ticket.version:
                    raise _stale(ticket.version)
                terms = policy_of(ticket)
                events = decide(ticket, command, at=at, actor=request.principal.actor, policy=terms)
            except (Refused, Problem) as refusal:
                repeated = await self._repeated(ticket_id, request)
                if repeated is not None:
                    return repeated
                raise refused(refusal) if isinstance(refusal, Refused) else refusal from refusal
            if not events:
                body = msgspec.json.encode(ticket_view(ticket))
                return Answer(200, ticket.version, ticket_id, body)
            happened = [Fact(event, at) for event in events]
            answer = await self._append(ticket, ticket_id, happened, drafts, request)
            if answer is not None:
                return answer
        raise Problem(409, "version_conflict", "others keep changing the ticket; try again")

    async def visible(self, ticket_id: UUID, principal: Principal) -> Ticket:
        """Return the ticket as it is; raise the same Problem for a missing and a foreign one."""
        ticket, _ = await self.visible_history(ticket_id, principal)
        return ticket

    async def visible_history(
        self, ticket_id: UUID, principal: Principal
    ) -> tuple[Ticket, History]:
        """Return the ticket with its whole history; raise as `visible` does."""
        if partition_of_ticket(ticket_id) >= self._partitions:
            raise not_found()
        history = await self._histories.read(ticket_id)
        ticket = fold(ticket_id, history)
        if ticket is None or not principal.may_see(ticket.account_id):
            raise not_found()
        return ticket, history

    async def _append(
        self,
        before: Ticket | None,
        ticket_id: UUID,
        happened: Sequence[Fact],
        drafts: Drafts,
        request: Request,
    ) -> Answer | None:
        """Append what was decided; None if another append came first and no If-Match was given."""
        after = fold(ticket_id, happened, before)
        assert after is not None, "an append has at least one event"
        status = 200 if before else 201
        body = msgspec.json.encode(ticket_view(after))
        record = request.key and CommandRecord(
            request.scope, request.key, request.request_hash, ticket_id, status, after.version, body
        )
        events = tuple(NewEvent(new_id(), fact.event, fact.occurred_at) for fact in happened)
        expected = before.version if before else 0
        outcome = await self._appender.append(
            Append(
                partition=partition_of_ticket(ticket_id),
                streams=(StreamAppend(ticket_id, expected, events, after),),
                actor=request.principal.actor,
                correlation_id=request.correlation_id,
                contents=drafts.contents,
                command=record or None,
            )
        )
        match outcome:
            case Appended():
                return Answer(status, after.version, ticket_id, body)
            case Repeated(record=first):
                return _replay(first, request)
            case Conflict(actual_version=actual):
                if request.if_match is not None:
                    raise _stale(actual)
                return None

    async def _repeated(self, ticket_id: UUID, request: Request) -> Answer | None:
        if request.key is None:
            return None
        partition = partition_of_ticket(ticket_id)
        record = await self._find_record(partition, request.scope, request.key)
        return _replay(record, request) if record else None


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
        f"the ticket is at version {version}",
        headers={"ETag": f'"{version}"'},
    )
