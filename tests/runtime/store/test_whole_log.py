"""All histories of the log, one after the other, without holding them."""

import tracemalloc
from collections.abc import Sequence
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest
from msgspec import structs
from streams import Log, append_of, grown, new_ticket

from docket_events.access import AccessRestricted
from docket_events.ids import stream_of_account
from docket_lifecycle.state.account import Account
from docket_lifecycle.state.ticket import Revoked
from docket_runtime.new_ids import new_id
from docket_runtime.store import scan
from docket_runtime.store.append import append_on
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.store.scan import every_history, histories_under_way
from docket_runtime.store.values import Appended, NewEvent, StreamAppend
from docket_runtime.unavailable import Unavailable
from people import MONDAY


async def written(connection: asyncpg.Connection, lengths: Sequence[int]) -> dict[object, int]:
    tickets = [(new_ticket(), length) for length in lengths]
    await append_on(connection, [append_of(grown(ticket, length)) for ticket, length in tickets])
    return {ticket.id: length for ticket, length in tickets}


async def test_every_stream_comes_once_and_whole(log: Log, connection: asyncpg.Connection) -> None:
    expected = await written(connection, [1 + n % 7 for n in range(300)])

    found = {}
    async with aclosing(every_history(connection, SetAside())) as histories:
        async for ticket_id, history in histories:
            assert ticket_id not in found
            assert [event.version for event in history] == list(range(1, len(history) + 1))
            assert {event.ticket_id for event in history} == {ticket_id}
            found[ticket_id] = len(history)

    assert found == expected


async def test_what_is_told_of_accounts_is_no_ticket(
    log: Log, connection: asyncpg.Connection
) -> None:
    expected = await written(connection, [2])
    stream = stream_of_account("acme", 1)
    barred = NewEvent(new_id(), AccessRestricted("acme"), MONDAY)
    account = structs.replace(Account(stream, "acme"), version=1)
    told = append_of(StreamAppend(stream, 0, (barred,), account))
    (outcome,) = await append_on(connection, [told])
    assert isinstance(outcome, Appended)

    async with aclosing(every_history(connection, SetAside())) as histories:
        found = {ticket_id: len(history) async for ticket_id, history in histories}

    assert found == expected


async def test_what_is_appended_meanwhile_is_not_in_it(
    log: Log, connection: asyncpg.Connection
) -> None:
    expected = await written(connection, [2, 2])
    other = await log.api.connect()

    found = {}
    async with aclosing(every_history(connection, SetAside())) as histories:
        async for ticket_id, history in histories:
            await written(other, [1])
            found[ticket_id] = len(history)

    await other.close()
    assert found == expected


async def test_who_reads_the_whole_log_cannot_write_on_the_way(
    log: Log, connection: asyncpg.Connection
) -> None:
    await written(connection, [1])

    async with aclosing(every_history(connection, SetAside())) as histories:
        await anext(histories)
        with pytest.raises(Unavailable, match="ReadOnlySQLTransactionError"):
            await written(connection, [1])


async def test_a_period_has_the_tickets_created_in_it(
    log: Log, connection: asyncpg.Connection
) -> None:
    expected = await written(connection, [3])
    hour = timedelta(hours=1)

    async def within(first: timedelta, last: timedelta) -> dict[object, int]:
        stretch = (MONDAY + first, MONDAY + last)
        async with aclosing(every_history(connection, SetAside(), stretch)) as histories:
            return {ticket_id: len(history) async for ticket_id, history in histories}

    assert await within(-hour, hour) == expected
    assert await within(hour * 0, hour) == expected, "the first instant is inside"
    assert await within(-hour, hour * 0) == {}, "the last one is not"


async def test_memory_stays_flat_however_long_the_log(
    log: Log, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "FETCHED_TOGETHER", 100)
    peaks = []
    for _ in range(2):
        await written(connection, [4] * 500)
        tracemalloc.start()
        async with aclosing(every_history(connection, SetAside())) as histories:
            async for _ticket_id, _history in histories:
                pass
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.2


async def test_what_has_not_ended_comes_whole(
    log: Log, connection: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scan, "READ_TOGETHER", 3)
    expected = await written(connection, [1, 2, 3, 4, 5])
    ended = new_ticket()
    stream = grown(ended, 2)
    stream = replace(stream, after=structs.replace(stream.after, phase=Revoked(MONDAY)))
    await append_on(connection, [append_of(stream)])

    under_way = histories_under_way(connection, SetAside())
    found = {key: len(history) async for key, history in under_way}

    assert found == expected
