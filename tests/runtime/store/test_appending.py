"""Appending: whole or not at all, once, in order, and without disturbing the neighbours."""

from dataclasses import replace
from uuid import UUID

import asyncpg
import pytest
from msgspec import structs
from streams import BEN_FOR_ANN, Log, append_of, command_of, grown, known, new_ticket

from docket_events.recorded import Actor
from docket_events.ticket import TicketCreated
from docket_lifecycle.state.ticket import Closed, Ticket
from docket_runtime.new_ids import new_id
from docket_runtime.store.append import Appender, append_on
from docket_runtime.store.history import read_many
from docket_runtime.store.values import (
    Append,
    Appended,
    NewContent,
    Repeated,
    StreamAppend,
)
from people import ANN, MONDAY


async def test_an_append_writes_everything_that_it_brings(
    appender: Appender, log: Log, connection: asyncpg.Connection
) -> None:
    ticket = new_ticket(number="DKT-7")
    stream = grown(ticket, 2)
    text = NewContent(new_id(), ticket.id, "description", "привет".encode(), b"salt")
    command = command_of(ticket.id, "k1", b'{"number":"DKT-7"}', version=2)
    append = append_of(stream, command=command, contents=(text,), actor=BEN_FOR_ANN)

    outcome = await appender.append(append)

    assert isinstance(outcome, Appended)
    assert outcome.last_position == 2
    first, second = (await read_many(connection, 0, [ticket.id]))[ticket.id]
    assert (first.position, first.version, second.position, second.version) == (1, 1, 2, 2)
    assert first.event_id == stream.events[0].event_id
    assert first.event == stream.events[0].event
    assert isinstance(first.event, TicketCreated)
    assert first.type == "TicketCreated"
    assert first.schema_version == 2
    assert first.occurred_at == MONDAY
    assert first.recorded_at == outcome.recorded_at
    assert first.actor == BEN_FOR_ANN
    assert first.correlation_id == append.correlation_id
    assert first.causation_id is None
    assert await known(log, "k1", "k2") == [command, None]
    (row,) = await log.rows("select * from docket.contents")
    assert (row["content_id"], row["body"], row["salt"]) == (text.id, text.body, b"salt")
    (row,) = await log.rows("select * from docket.tickets")
    assert (row["number"], row["version"], row["status"]) == ("DKT-7", 2, "open")
    assert (row["created_at"], row["imported"]) == (MONDAY, False)


async def test_the_read_model_row_follows_the_ticket(appender: Appender, log: Log) -> None:
    ticket = new_ticket()
    await appender.append(append_of(grown(ticket)))
    closed = Closed(MONDAY, "resolved", "R-6.10-a", objections_until=None)
    stream = grown(structs.replace(ticket, version=1))
    stream = replace(stream, after=structs.replace(stream.after, phase=closed, assignee="ben"))

    await appender.append(append_of(stream))

    (row,) = await log.rows("select * from docket.tickets")
    assert (row["version"], row["status"], row["assignee"]) == (2, "closed", "ben")
    assert row["closed_at"] == MONDAY


async def test_a_repeated_command_gets_its_first_answer_although_its_version_is_stale(
    appender: Appender,
) -> None:
    ticket = new_ticket()
    first = append_of(grown(ticket), command=command_of(ticket.id, "k", b"first"))
    await appender.append(first)

    again = append_of(grown(ticket), command=command_of(ticket.id, "k", b"second"))

    assert await appender.append(again) == Repeated(command_of(ticket.id, "k", b"first"))


async def test_an_append_on_the_callers_transaction_shares_its_fate(
    connection: asyncpg.Connection, log: Log
) -> None:
    transaction = connection.transaction()
    await transaction.start()
    await append_on(connection, [append_of(grown(new_ticket()))])
    await transaction.rollback()

    outcomes = await append_on(connection, [append_of(grown(new_ticket()))])

    assert isinstance(outcomes[0], Appended)
    assert outcomes[0].last_position == 1
    assert await log.positions() == [1]


async def test_a_command_that_changes_nothing_is_remembered_too(
    appender: Appender, log: Log
) -> None:
    ticket = new_ticket()
    await appender.append(append_of(grown(ticket)))
    record = command_of(ticket.id, "already-so")

    outcome = await appender.append(append_of(command=record))
    again = await appender.append(append_of(command=record))

    assert isinstance(outcome, Appended)
    assert outcome.last_position == 1
    assert again == Repeated(record)
    assert await log.positions() == [1]


def misplaced() -> Append:
    return replace(append_of(grown(new_ticket(partition=3))), partition=0)


def with_a_false_version() -> Append:
    stream = grown(new_ticket())
    return append_of(replace(stream, after=structs.replace(stream.after, version=5)))


def with_another_ticket() -> Append:
    stream = grown(new_ticket())
    return append_of(replace(stream, after=other_ticket(stream.after)))


def other_ticket(ticket: Ticket) -> Ticket:
    return structs.replace(ticket, id=UUID(int=ticket.id.int ^ 1))


def empty() -> Append:
    return append_of()


@pytest.mark.parametrize("make", [misplaced, with_a_false_version, with_another_ticket, empty])
async def test_an_append_that_contradicts_itself_is_refused(
    appender: Appender, log: Log, make: object
) -> None:
    assert callable(make)

    with pytest.raises(ValueError):
        await appender.append(make())

    assert await log.positions() == []


async def test_an_unknown_partition_is_a_fault(appender: Appender) -> None:
    with pytest.raises(asyncpg.RaiseError, match="no partition 3"):
        await appender.append(append_of(grown(new_ticket(partition=3))))


async def test_time_never_runs_back_in_the_log(log: Log) -> None:
    clocks = ("warp:2026-06-08T12:00:00Z@2026-01-01T00:00:00Zx0",) * 2
    later = Appender(replace(log.api, clock=clocks[0]))
    earlier = Appender(replace(log.api, clock=clocks[1].replace("12:00", "11:00")))

    first = await later.append(append_of(grown(new_ticket())))
    second = await earlier.append(append_of(grown(new_ticket())))

    assert isinstance(first, Appended)
    assert isinstance(second, Appended)
    assert first.recorded_at == second.recorded_at
    assert first.recorded_at.isoformat() == "2026-06-08T12:00:00+00:00"
    await later.close()
    await earlier.close()


async def test_who_acted_is_kept_as_given(
    appender: Appender, connection: asyncpg.Connection
) -> None:
    for actor in (ANN, BEN_FOR_ANN, Actor("service", "sla-clock")):
        ticket = new_ticket()
        stream: StreamAppend = grown(ticket)
        await appender.append(append_of(stream, actor=actor))
        (event,) = (await read_many(connection, 0, [ticket.id]))[ticket.id]
        assert event.actor == actor
