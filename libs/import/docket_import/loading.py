"""Writing imported tickets to the log, many together, each whole and once.

The whole file is read and mapped before anything is written, so what is wrong is found while there
is nothing to undo. An import that was interrupted is continued by importing the same file: the name
of the source and the case are the idempotency key of each ticket.
"""

import asyncio
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TypeVar, assert_never
from uuid import UUID

import asyncpg

from docket_events.ids import in_partition, partition_of_account
from docket_events.recorded import Actor
from docket_events.ticket import TicketCreated
from docket_import.cases import Case, Survey, cases_of
from docket_import.codes import account_of
from docket_import.contents import Contents
from docket_import.known import key_of_case, known_cases
from docket_import.mapping import history_of
from docket_import.rules import ImportRules
from docket_lifecycle.state.fold import fold
from docket_runtime.database import reachable
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import append_on
from docket_runtime.store.values import (
    Append,
    Appended,
    CommandRecord,
    Conflict,
    NewEvent,
    Outcome,
    Repeated,
    StreamAppend,
)

TICKETS_TOGETHER = 200  # some two thousand events: others wait for a batch a tenth of a second

Each = TypeVar("Each")


@dataclass(frozen=True, slots=True)
class Loaded:
    """The progress of an import: of how many tickets and records of the file.

    `changed` counts those of `already_there` whose lines in the file have changed; the log keeps
    the history it has. `set_aside` counts the cases that were not taken because something is wrong
    with them.
    """

    tickets: int
    lines: int
    imported: int = 0
    already_there: int = 0
    changed: int = 0
    events: int = 0
    set_aside: int = 0

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


async def load(
    connection: asyncpg.Connection,
    surveyed: Survey,
    rules: ImportRules,
    progress: Progress = lambda _: None,
    *,
    without: Collection[str] = (),
) -> Loaded:
    """Write the cases of a checked file that are not in the log yet; raise Unavailable.

    `without` names the cases to set aside. Every ticket is written whole or not at all. While the
    database writes one batch, the next is made ready.
    """
    loaded = Loaded(len(surveyed.records), sum(surveyed.records.values()), set_aside=len(without))
    with reachable():
        partitions = await connection.fetchval("select partitions from docket.log_meta")
    known = await known_cases(connection, surveyed.records, rules.source)
    run = new_id()
    writing = asyncio.create_task(_write(connection, ()))
    wanted = (case for case in cases_of(surveyed) if case.id not in without)
    try:
        for cases in _chunks(wanted, TICKETS_TOGETHER):
            appends = []
            for case in cases:
                if case.id in known:
                    loaded = loaded.found(changed=known[case.id] != case.digest)
                else:
                    appends.append(_append(case, rules, partitions, run))
                    await asyncio.sleep(0)  # lets the batch before this one be sent
            loaded = _count(loaded, await writing)
            progress(loaded)
            writing = asyncio.create_task(_write(connection, appends))
        loaded = _count(loaded, await writing)
    finally:
        writing.cancel()
    progress(loaded)
    return loaded


async def _write(
    connection: asyncpg.Connection, appends: Sequence[Append]
) -> Sequence[tuple[Append, Outcome]]:
    return list(zip(appends, await append_on(connection, appends), strict=True))


def _append(case: Case, rules: ImportRules, partitions: int, run: UUID) -> Append:
    partition = partition_of_account(account_of(case.lines[0].what), partitions)
    ticket_id = in_partition(new_id(), partition)
    contents = Contents(ticket_id)
    history = history_of(case, rules, contents)
    assert isinstance(history[0].event, TicketCreated)
    after = fold(ticket_id, history)
    assert after is not None
    events = tuple(NewEvent(new_id(), fact.event, fact.occurred_at, fact.actor) for fact in history)
    return Append(
        partition=partition,
        streams=(StreamAppend(ticket_id, 0, events, after),),
        actor=Actor("import", rules.source),
        correlation_id=run,
        contents=tuple(contents.drafted),
        command=CommandRecord(
            key=key_of_case(rules.source, case.id),
            request_hash=case.digest,
            ticket_id=ticket_id,
            status=201,
            version=after.version,
            for_good=True,
        ),
    )


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
