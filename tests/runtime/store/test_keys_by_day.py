"""Idempotency keys by day: known over midnight, and gone with their day."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import asyncpg
import pytest
from streams import Log, append_of, command_of, grown, known, new_ticket

from docket_events.ids import digest_of
from docket_lifecycle.state.ticket import Ticket
from docket_runtime.store.append import Appender
from docket_runtime.store.command_records import (
    CommandDays,
    any_before_0012,
    find_before_0012,
)
from docket_runtime.store.values import Append, Appended, Outcome, Repeated
from stopped_clock import stopped_at

TABLES = """
    select relname from pg_class
    where relnamespace = 'docket'::regnamespace and relkind = 'r'
        and relname ~ '^commands_[0-9]{8}$'
    order by 1
"""
TURN = "select dropped, left_over from docket.turn_command_days($1)"
DAYS_OF_KEYS = 7

Write = Callable[[str, Append], Awaitable[Outcome]]


@pytest.fixture
def write(log: Log) -> Write:
    """Append at an instant of June 2026."""

    async def at(day: str, append: Append) -> Outcome:
        appender = Appender(replace(log.api, clock=stopped_at(f"2026-06-{day}Z")))
        try:
            return await appender.append(append)
        finally:
            await appender.close()

    return at


def asked(key: str, ticket: Ticket | None = None, what: bytes = b"{}") -> Append:
    """Return the first event of a new ticket, under a key."""
    ticket = ticket or new_ticket()
    return append_of(grown(ticket), command=command_of(ticket.id, key, what))


async def turn(log: Log, day: str, days: int = DAYS_OF_KEYS) -> tuple[int, int]:
    """Turn the days as sla-clock does, on a day of June 2026."""
    clock = stopped_at(f"2026-06-{day}T12:00:00Z")
    database = replace(log.api, url=log.address.replace("postgres@", "docket_sla_clock@"))
    connection = await replace(database, clock=clock).connect()
    try:
        dropped, left = await connection.fetchrow(TURN, days)
        return dropped, left
    finally:
        await connection.close()


async def tables(log: Log) -> list[str]:
    return [row[0].removeprefix("commands_") for row in await log.rows(TABLES)]


async def test_a_key_is_known_on_every_later_day(write: Write, log: Log) -> None:
    first = asked("k")
    assert isinstance(await write("08T23:59:59", first), Appended)

    for instant in ("09T00:00:00", "12T12:00:00", "15T23:59:59"):
        assert isinstance(await write(instant, asked(instant)), Appended)
        assert await known(log, "k", "another") == [first.command, None]

    assert await tables(log) == ["20260608", "20260609", "20260612", "20260615"]


@pytest.mark.parametrize("instant", ["09T00:00:00", "09T00:09:59"])
async def test_who_comes_between_look_and_append_just_before_midnight_is_found(
    write: Write, instant: str
) -> None:
    first = asked("k")
    await write("08T23:59:59", first)

    assert await write(instant, asked("k")) == Repeated(first.command)
    assert isinstance(await write(instant, asked("another")), Appended)


async def test_a_repeated_key_of_an_earlier_day_leaves_its_neighbours_alone(
    write: Write, log: Log
) -> None:
    first = asked("k")
    await write("08T23:59:59", first)
    appender = Appender(replace(log.api, clock=stopped_at("2026-06-09T00:00:01Z")))
    together = [asked("k"), *(asked(f"new {n}") for n in range(20)), asked("k")]

    outcomes = [await each for each in [appender.append(each) for each in together]]

    await appender.close()
    assert outcomes[0] == outcomes[-1] == Repeated(first.command)
    assert all(isinstance(outcome, Appended) for outcome in outcomes[1:-1])
    assert await log.positions() == list(range(1, 22))


async def test_keys_expire_with_their_day_and_not_before(write: Write, log: Log) -> None:
    first = asked("k")
    await write("08T12:00:00", first)

    assert await turn(log, "15") == (0, 0)
    assert await known(log, "k") == [first.command]
    assert await turn(log, "16") == (1, 0)

    assert await known(log, "k") == [None]
    assert isinstance(await write("16T12:00:00", asked("k")), Appended)
    assert "20260608" not in await tables(log)


async def test_days_are_made_ahead_and_where_that_was_missed_by_the_append(
    write: Write, log: Log
) -> None:
    await turn(log, "08")
    assert await tables(log) == ["20260608", "20260609", "20260610"]

    assert isinstance(await write("20T12:00:00", asked("much later")), Appended)
    assert (await tables(log))[-1] == "20260620"


async def test_a_stale_append_on_a_day_without_a_table_stops_no_other(log: Log) -> None:
    old = new_ticket()
    appender = Appender(log.api)
    await appender.append(append_of(grown(old)))

    stale, fine = appender.append(asked("stale", old)), appender.append(asked("fine"))

    assert not isinstance(await stale, Appended)
    assert isinstance(await fine, Appended)
    assert (await known(log, "stale", "fine"))[0] is None
    await appender.close()


async def test_what_is_kept_for_good_does_not_expire(write: Write, log: Log) -> None:
    imported = asked("case 1")
    assert imported.command is not None
    for_good = replace(imported, command=imported.command._replace(for_good=True))
    await write("08T12:00:00", for_good)
    await write("08T12:00:00", asked("k"))

    assert await turn(log, "30") == (1, 0)

    assert isinstance(await write("30T12:00:00", for_good), Repeated)
    assert isinstance(await write("30T12:00:00", asked("k")), Appended)


async def test_keys_of_010_are_known_until_the_first_day_is_dropped_and_imports_for_good(
    write: Write, log: Log, superuser: asyncpg.Connection, connection: asyncpg.Connection
) -> None:
    ticket = new_ticket()
    for scope, key in (("customer:ann", "k"), ("import:Старый/1", "case-ü")):
        await superuser.execute(
            "insert into docket.commands_before_0012"
            " values ($1, $2, $3, $4, $5, $6, $7, $8, now())",
            *(0, scope, key, b"hash", ticket.id, 201, 3, b'{"subject": "of a person"}'),
        )
    await write("08T12:00:00", asked("today"))

    assert await turn(log, "15") == (0, 0)
    assert await any_before_0012(connection)
    answered = await find_before_0012(connection, 0, "customer:ann", "k")
    assert answered is not None
    assert (answered.ticket_id, answered.version) == (ticket.id, 3)
    assert await turn(log, "16") == (1, 0)

    assert not await any_before_0012(connection)
    (imported,) = await log.rows("select * from docket.commands_kept")
    assert imported["key"] == digest_of("import", "Старый/1", "case-ü")
    assert (imported["request_hash"], imported["ticket_id"]) == (b"hash", ticket.id)


@asynccontextmanager
async def reading(connection: asyncpg.Connection) -> AsyncIterator[None]:
    """Read the keys for long, as a backup does."""
    async with connection.transaction():
        await connection.execute("select from docket.commands")
        yield


async def test_a_day_that_somebody_reads_is_dropped_later_and_nobody_waits(
    write: Write, log: Log, connection: asyncpg.Connection
) -> None:
    await write("08T12:00:00", asked("k"))

    async with reading(connection):
        assert await turn(log, "16") == (0, 1)
        assert isinstance(await write("16T12:00:00", asked("k2")), Appended)

    assert await turn(log, "16") == (1, 0)


@pytest.mark.parametrize("role", ["docket_ticket_api", "docket_notifier", "docket_auditor"])
async def test_only_sla_clock_lets_keys_expire(log: Log, role: str) -> None:
    connection = await asyncpg.connect(log.address.replace("postgres@", f"{role}@"))

    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.fetchrow(TURN, DAYS_OF_KEYS)

    await connection.close()


@pytest.mark.parametrize("days", [0, -1, None])
async def test_keys_last_a_day_at_least(log: Log, days: int | None) -> None:
    connection = await asyncpg.connect(log.address.replace("postgres@", "docket_sla_clock@"))

    with pytest.raises(asyncpg.InvalidParameterValueError, match="a day or more"):
        await connection.fetchrow(TURN, days)

    await connection.close()


async def test_nothing_of_the_key_or_of_its_owner_is_stored(write: Write, log: Log) -> None:
    await write("08T12:00:00", asked("typed by Ann"))

    (row,) = await log.rows("select * from docket.commands")
    assert {*row.keys()} == {
        *("partition", "key", "request_hash", "ticket_id", "status", "version", "day")
    }
    assert (len(row["key"]), len(row["request_hash"])) == (32, 32)


async def test_the_loop_of_sla_clock_turns_the_days(write: Write, log: Log) -> None:
    await write("08T12:00:00", asked("k"))
    address = log.address.replace("postgres@", "docket_sla_clock@")
    clock = stopped_at("2026-06-20T12:00:00Z")
    days = CommandDays(replace(log.api, url=address, clock=clock), 7)

    assert not await days.step()
    assert not await days.step()

    await days.close()
    assert await tables(log) == ["20260620", "20260621", "20260622"]
