"""Histories: the events of one ticket, in order, however many are asked for at once."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
from streams import Log, append_of, grown, new_ticket

from docket_events.codec import UnknownEventType
from docket_events.recorded import Fact
from docket_runtime.store import history
from docket_runtime.store.append import append_on
from docket_runtime.store.history import HistoryReader, read_many
from docket_runtime.unavailable import Unavailable


@pytest.fixture
async def histories(log: Log) -> AsyncIterator[HistoryReader]:
    histories = HistoryReader(log.api)
    yield histories
    await histories.close()


async def test_each_gets_the_history_asked_for_although_they_are_read_together(
    histories: HistoryReader, connection: asyncpg.Connection
) -> None:
    tickets = [new_ticket() for _ in range(40)]
    await append_on(connection, [append_of(grown(t, 1 + n % 5)) for n, t in enumerate(tickets)])

    found = await asyncio.gather(*(histories.read(ticket.id) for ticket in tickets))

    for n, (ticket, events) in enumerate(zip(tickets, found, strict=True)):
        assert {event.ticket_id for event in events} == {ticket.id}
        assert [event.version for event in events] == list(range(1, 2 + n % 5))


async def test_a_history_can_begin_behind_a_version(
    histories: HistoryReader, connection: asyncpg.Connection
) -> None:
    ticket = new_ticket()
    await append_on(connection, [append_of(grown(ticket, 4))])

    both = await asyncio.gather(histories.read(ticket.id, 2), histories.read(ticket.id))

    assert [[event.version for event in events] for events in both] == [[3, 4], [1, 2, 3, 4]]
    assert await histories.read(ticket.id, 4) == ()


async def test_the_facts_of_streams_are_what_their_histories_tell(
    histories: HistoryReader, connection: asyncpg.Connection
) -> None:
    tickets = [new_ticket() for _ in range(5)]
    await append_on(connection, [append_of(grown(t, 1 + n)) for n, t in enumerate(tickets)])
    streams = [*(ticket.id for ticket in tickets), new_ticket().id, tickets[3].id]

    facts = await histories.facts_of(streams)

    told = [await histories.read(stream) for stream in streams]
    assert [len(each) for each in facts] == [1, 2, 3, 4, 5, 0, 4]
    assert facts == [
        tuple(Fact(each.event, each.occurred_at, each.actor) for each in history)
        for history in told
    ]


async def test_those_who_ask_for_the_same_stream_at_once_share_one_query(
    histories: HistoryReader, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    ticket = new_ticket()
    await append_on(connection, [append_of(grown(ticket, 3))])
    await histories.read(ticket.id)  # connect
    queries: list[object] = []
    read = history._read

    def counted(*asked: Any) -> Any:
        queries.append(asked)
        return read(*asked)

    monkeypatch.setattr(history, "_read", counted)

    found = await asyncio.gather(*(histories.read(ticket.id, n % 3) for n in range(60)))

    assert [len(each) for each in found] == [3 - n % 3 for n in range(60)]
    assert len(queries) == 1


async def test_an_unknown_ticket_has_no_history(
    histories: HistoryReader, connection: asyncpg.Connection
) -> None:
    unknown = new_ticket().id

    assert await histories.read(unknown) == ()
    assert await read_many(connection, 0, [unknown]) == {unknown: ()}


async def test_a_history_that_cannot_be_read_troubles_only_the_one_who_asked(
    histories: HistoryReader, connection: asyncpg.Connection, superuser: asyncpg.Connection
) -> None:
    fine, strange = new_ticket(), new_ticket()
    await append_on(connection, [append_of(grown(fine)), append_of(grown(strange))])
    await superuser.execute("alter table docket.events disable trigger refuse_change")
    await superuser.execute(
        "update docket.events set type = 'TicketEaten' where ticket_id = $1", strange.id
    )

    read, failed = await asyncio.gather(
        histories.read(fine.id), histories.read(strange.id), return_exceptions=True
    )

    assert isinstance(read, tuple)
    assert len(read) == 1
    assert isinstance(failed, UnknownEventType)
    assert [len(each) for each in await histories.facts_of([fine.id])] == [1]
    with pytest.raises(UnknownEventType):
        await histories.facts_of([fine.id, strange.id])


async def test_what_is_acknowledged_is_read(log: Log, histories: HistoryReader) -> None:
    ticket = new_ticket()
    await histories.read(ticket.id)
    connection = await log.api.connect()
    await append_on(connection, [append_of(grown(ticket))])

    assert len(await histories.read(ticket.id)) == 1

    await connection.close()


async def test_closed_histories_are_unavailable(log: Log) -> None:
    histories = HistoryReader(log.api)
    await histories.read(new_ticket().id)
    await histories.facts_of([new_ticket().id])
    await histories.close()

    with pytest.raises(Unavailable):
        await histories.facts_of([new_ticket().id])
    with pytest.raises(Unavailable):
        await histories.read(new_ticket().id)
