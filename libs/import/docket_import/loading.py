"""Writing imported tickets to the log, many together, each whole and once.

The whole file is read and mapped before anything is written, so a bad line is found while there is
nothing to undo. An import that was interrupted is continued by importing the same file: the name of
the source and the case are the idempotency key of each ticket.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TypeVar, assert_never
from uuid import UUID

import asyncpg

from docket_events.ids import in_partition, partition_of_account
from docket_events.recorded import Actor, Event
from docket_events.ticket import TicketCreated
from docket_events.waits import ThirdPartyWaitStarted
from docket_import.cases import Survey, cases_of, survey
from docket_import.helpdesk import Case
from docket_import.mapping import history_of
from docket_lifecycle.state.fold import fold
from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import append_on
from docket_runtime.store.drafting import draft
from docket_runtime.store.values import (
    Append,
    Appended,
    CommandRecord,
    Conflict,
    NewContent,
    NewEvent,
    Outcome,
    Repeated,
    StreamAppend,
)

TICKETS_TOGETHER = 200  # some two thousand events: others wait for a batch a tenth of a second

_KNOWN = "select key, request_hash from docket.commands where scope = $1"

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The progress of an import: of how many tickets and lines.

    `changed` counts those of `already_there` whose lines in the file have changed; the log keeps
    the history it has.
    """

    tickets: int
    lines: int
    imported: int = 0
    already_there: int = 0
    changed: int = 0
    events: int = 0

    @property
    def done(self) -> int:
        """Return the number of tickets that are in the log, from this import or an earlier one."""
        return self.imported + self.already_there

    def written(self, events: int) -> "Loaded":
        """Count one more ticket that was written, of so many events."""
        return replace(self, imported=self.imported + 1, events=self.events + events)

    def found(self, *, changed: bool) -> "Loaded":
        """Count one more ticket that was already there."""
        return replace(
            self, already_there=self.already_there + 1, changed=self.changed + int(changed)
        )


Progress = Callable[[Loaded], None]


def check(path: Path, source: str, *, limit: int | None = None) -> Survey:
    """Read and map a whole file, writing nothing; raise BadLine or OSError."""
    surveyed = survey(path)
    if limit is not None:
        surveyed = surveyed.first(limit)
    for case in cases_of(surveyed):
        history_of(case, source)
    return surveyed


async def load(
    connection: asyncpg.Connection,
    surveyed: Survey,
    source: str,
    progress: Progress = lambda _: None,
) -> Loaded:
    """Write the cases of a checked file that are not in the log yet; raise Unavailable.

    Every ticket is written whole or not at all. While the database writes one batch, the next is
    made ready.
    """
    loaded = Loaded(len(surveyed.lines), sum(surveyed.lines.values()))
    with reachable():
        partitions = await connection.fetchval("select partitions from docket.log_meta")
        known = dict(await connection.fetch(_KNOWN, _scope(source)))
    run = new_id()
    writing = asyncio.create_task(_write(connection, ()))
    try:
        for cases in _chunks(cases_of(surveyed), TICKETS_TOGETHER):
            appends = []
            for case in cases:
                if case.id in known:
                    loaded = loaded.found(changed=known[case.id] != case.digest)
                else:
                    appends.append(_append(case, source, partitions, run))
                    await asyncio.sleep(0)  # lets the batch before this one be sent
            loaded = _count(loaded, await writing)
            progress(loaded)
            writing = asyncio.create_task(_write(connection, appends))
        loaded = _count(loaded, await writing)
    finally:
        writing.cancel()
    progress(loaded)
    return loaded


def _scope(source: str) -> str:
    return f"import:{source}"


async def _write(
    connection: asyncpg.Connection, appends: Sequence[Append]
) -> Sequence[tuple[Append, Outcome]]:
    return list(zip(appends, await append_on(connection, appends), strict=True))


def _append(case: Case, source: str, partitions: int, run: UUID) -> Append:
    history = history_of(case, source)
    created = history[0].event
    assert isinstance(created, TicketCreated)
    partition = partition_of_account(created.account_id, partitions)
    ticket_id = in_partition(new_id(), partition)
    after = fold(ticket_id, history)
    assert after is not None
    contents: list[NewContent] = []
    events = tuple(
        NewEvent(new_id(), _beside(fact.event, ticket_id, contents), fact.occurred_at)
        for fact in history
    )
    return Append(
        partition=partition,
        streams=(StreamAppend(ticket_id, 0, events, after),),
        actor=Actor("import", source),
        correlation_id=run,
        contents=tuple(contents),
        command=CommandRecord(
            scope=_scope(source),
            key=case.id,
            request_hash=case.digest,
            ticket_id=ticket_id,
            status=201,
            version=after.version,
            answer=b"",
        ),
    )


def _beside(event: Event, ticket_id: UUID, contents: list[NewContent]) -> Event:
    """Return the event with its text beside the log, where it has one (decision 0033)."""
    if not isinstance(event, ThirdPartyWaitStarted) or not isinstance(event.party, str):
        return event
    content, reference = draft(ticket_id, "party", event.party.encode())
    contents.append(content)
    return replace(event, party=reference)


def _count(loaded: Loaded, written: Iterable[tuple[Append, Outcome]]) -> Loaded:
    for append, outcome in written:
        match outcome:
            case Appended():
                loaded = loaded.written(len(append.streams[0].events))
            case Repeated(record=first):  # another import of the same cases was faster
                assert append.command is not None
                loaded = loaded.found(changed=first.request_hash != append.command.request_hash)
            case Conflict():
                raise AssertionError("a new ticket id has no other version")
            case _:
                assert_never(outcome)
    return loaded


def _chunks(each: Iterable[Each], size: int) -> Iterator[list[Each]]:
    iterator = iter(each)
    while chunk := list(islice(iterator, size)):
        yield chunk
