"""Imported tickets in the log: each whole, each once, whatever happens on the way."""

from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from imported_sample import CASES, EVENTS, LINES, SAMPLE, HasUrl

from docket_devstack.workspace import PROJECT
from docket_import.cases import survey
from docket_import.formats import reader_for
from docket_import.loading import TICKETS_TOGETHER, Loaded, load
from docket_import.rules import ImportRules
from docket_lifecycle.state.fold import fold
from docket_runtime.database import Database
from docket_runtime.store.history import read_many
from docket_runtime.unavailable import Unavailable


@pytest.fixture
async def connection(database: HasUrl) -> AsyncIterator[asyncpg.Connection]:
    opened = await Database(database.url("docket_ticket_api"), "test", may_lose=True).connect()
    yield opened
    await opened.close()


async def load_sample(connection: asyncpg.Connection, path: Path = SAMPLE) -> Loaded:
    return await load(connection, survey(path), ImportRules("uci-498"))


async def test_the_sample_is_imported_once_and_the_second_time_nothing_is(
    connection: asyncpg.Connection,
) -> None:
    first = await load_sample(connection)
    again = await load_sample(connection)

    assert first == Loaded(CASES, LINES, imported=CASES, events=EVENTS)
    assert again == Loaded(CASES, LINES, already_there=CASES)
    assert await connection.fetchval("select count(*) from docket.events") == EVENTS
    assert await connection.fetchval("select count(*) from docket.tickets") == CASES


async def test_the_log_stays_dense_and_every_event_is_the_imports(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    log = await connection.fetchrow(
        """
        select min(position), max(position), count(distinct correlation_id) as runs,
            array_agg(distinct actor_kind || ' ' || actor_id) as actors,
            max(occurred_at) < min(recorded_at) as of_the_past
        from docket.events
        """
    )
    assert tuple(log) == (1, EVENTS, 1, ["import uci-498"], True)
    head = await connection.fetchval("select head_position from docket.log_partitions")
    assert head == EVENTS


async def test_an_imported_ticket_is_read_back_and_folds_to_its_row(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    row = await connection.fetchrow(
        "select * from docket.tickets where number = 'INC0000045' and imported"
    )
    histories = await read_many(connection, row["partition"], [row["ticket_id"]])
    ticket = fold(row["ticket_id"], histories[row["ticket_id"]])

    assert ticket is not None
    assert (row["version"], row["status"]) == (ticket.version, "final")
    assert row["created_at"].isoformat() == "2016-02-29T01:16:00+00:00"
    assert ticket.closed is not None
    assert row["closed_at"] == ticket.closed.at


async def test_an_import_cut_short_leaves_whole_tickets_and_goes_on(
    connection: asyncpg.Connection,
) -> None:
    class PulledPlug(Exception):
        pass

    def pull_the_plug(loaded: Loaded) -> None:
        if loaded.imported:
            raise PulledPlug

    surveyed = survey(SAMPLE)
    with pytest.raises(PulledPlug):
        await load(connection, surveyed, ImportRules("uci-498"), pull_the_plug)
    half = await connection.fetchval("select count(*) from docket.tickets")
    torn = await connection.fetchval(
        """
        select count(*) from docket.tickets as t where t.version <>
            (select count(*) from docket.events as e where e.ticket_id = t.ticket_id)
        """
    )
    rest = await load(connection, surveyed, ImportRules("uci-498"))

    assert half == TICKETS_TOGETHER
    assert torn == 0
    assert (rest.imported, rest.already_there) == (CASES - half, half)
    assert await connection.fetchval("select count(*) from docket.events") == EVENTS


async def test_a_case_that_is_told_otherwise_later_is_counted_and_not_written(
    connection: asyncpg.Connection, tmp_path: Path
) -> None:
    later = tmp_path / "later.jsonl"
    later.write_bytes(SAMPLE.read_bytes().replace(b'"Category 55"', b'"Category 56"', 1))
    await load_sample(connection)

    again = await load_sample(connection, later)

    assert (again.already_there, again.changed, again.imported) == (CASES, 1, 0)


async def test_the_same_cases_of_another_source_would_share_numbers_and_are_refused(
    connection: asyncpg.Connection,
) -> None:
    await load_sample(connection)

    with pytest.raises(asyncpg.UniqueViolationError):
        await load(connection, survey(SAMPLE), ImportRules("elsewhere"))

    assert await connection.fetchval("select count(*) from docket.events") == EVENTS


async def test_a_database_out_of_reach_is_said_so(connection: asyncpg.Connection) -> None:
    await connection.close()

    with pytest.raises(Unavailable):
        await load_sample(connection)


async def test_texts_lie_beside_the_log_and_people_stand_as_those_for_whom_it_tells(
    connection: asyncpg.Connection,
) -> None:
    examples = PROJECT / "data/import-examples"
    reader = reader_for(examples / "log.csv", examples / "log.toml")
    await load(connection, survey(examples / "log.csv", reader), ImportRules("desk"))

    kinds = await connection.fetch("select kind, body from docket.contents")
    events = await connection.fetch("select * from docket.events order by position")
    assert sorted(row["kind"] for row in kinds).count("contact") == 2
    stored = b"".join(row["body"] for row in events).decode()
    assert not [row for row in kinds if row["body"].decode() in stored]
    assert {row["on_behalf_of"] for row in events if row["type"] == "ResponseSent"} == {
        "j.-schmidt",
        "m.-roth",
    }
    assert {row["actor_kind"] for row in events} == {"import"}
