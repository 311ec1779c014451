"""Appends handed over together: each gets its own answer and disturbs no neighbour."""

import asyncio

import asyncpg
from msgspec import structs
from streams import Log, append_of, command_of, grown, new_ticket

from docket_runtime.store.append import Appender, append_on
from docket_runtime.store.values import (
    Append,
    Appended,
    Conflict,
    Repeated,
    StreamAppend,
)


async def test_one_stale_ticket_of_several_keeps_all_of_them_as_they_are(
    appender: Appender, log: Log
) -> None:
    fresh, stale = new_ticket(), new_ticket()
    await appender.append(append_of(grown(stale)))

    outcome = await appender.append(append_of(grown(fresh), grown(stale)))

    assert outcome == Conflict(stale.id, 1)
    assert await log.versions(fresh.id) == []


async def test_losers_and_repeats_take_nothing_from_their_neighbours_in_a_batch(
    connection: asyncpg.Connection, log: Log
) -> None:
    known, answered_before = new_ticket(), new_ticket()
    record = command_of(answered_before.id, "k")
    await append_on(
        connection, [append_of(grown(known)), append_of(grown(answered_before), command=record)]
    )
    fine = [new_ticket() for _ in range(3)]
    batch = [
        append_of(grown(fine[0], 2)),
        append_of(grown(known)),
        append_of(grown(fine[1])),
        append_of(grown(new_ticket()), command=command_of(known.id, "k")),
        append_of(grown(fine[2], 3), command=command_of(fine[2].id, "k3")),
    ]

    outcomes = await append_on(connection, batch)

    at = next(outcome.recorded_at for outcome in outcomes if isinstance(outcome, Appended))
    assert outcomes == [
        Appended(4, at),
        Conflict(known.id, 1),
        Appended(5, at),
        Repeated(record),
        Appended(8, at),
    ]
    assert await log.positions() == list(range(1, 9))
    assert await log.versions(fine[2].id) == [1, 2, 3]


async def test_an_append_at_fault_fails_alone(appender: Appender, log: Log) -> None:
    await appender.append(append_of(grown(new_ticket(number="DKT-1"))))
    fine = [new_ticket() for _ in range(5)]
    faulty = new_ticket(number="DKT-1")  # the number is taken

    outcomes = await asyncio.gather(
        *(appender.append(append_of(grown(ticket))) for ticket in [*fine[:3], faulty, *fine[3:]]),
        return_exceptions=True,
    )

    assert isinstance(outcomes.pop(3), asyncpg.UniqueViolationError)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert await log.positions() == list(range(1, 7))


async def test_appends_to_one_ticket_given_together_see_one_another(
    connection: asyncpg.Connection, log: Log
) -> None:
    ticket = new_ticket()
    later = structs.replace(ticket, version=1)

    outcomes = await append_on(
        connection, [append_of(grown(ticket)), append_of(grown(later)), append_of(grown(later))]
    )

    assert [type(outcome) for outcome in outcomes] == [Appended, Appended, Conflict]
    assert await log.versions(ticket.id) == [1, 2]


async def test_a_command_without_events_takes_no_position_from_those_behind_it(
    connection: asyncpg.Connection, log: Log
) -> None:
    ticket, other = new_ticket(), new_ticket()
    record = command_of(ticket.id, "already-so")

    outcomes = await append_on(
        connection,
        [append_of(command=record), append_of(grown(ticket, 2)), append_of(grown(other))],
    )

    assert [o.last_position for o in outcomes if isinstance(o, Appended)] == [0, 2, 3]
    assert await log.versions(ticket.id) == [1, 2]
    assert await append_on(connection, [append_of(command=record)]) == [Repeated(record)]


async def test_a_stream_that_is_only_looked_at_is_checked_too(appender: Appender, log: Log) -> None:
    seen, written = new_ticket(), new_ticket()
    await appender.append(append_of(grown(seen)))

    def looking(version: int) -> Append:
        looked_at = StreamAppend(seen.id, version, (), structs.replace(seen, version=version))
        return append_of(looked_at, grown(written))

    assert await appender.append(looking(0)) == Conflict(seen.id, 1)
    assert isinstance(await appender.append(looking(1)), Appended)
    assert await log.versions(seen.id) == [1]
    assert await log.versions(written.id) == [1]
