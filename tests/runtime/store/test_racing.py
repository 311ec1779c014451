"""Racing appends: many writers, several processes' appenders, and nothing is written by halves."""

import asyncio

from msgspec import structs
from streams import Log, append_of, command_of, grown, new_ticket

from docket_runtime.store.append import Appender
from docket_runtime.store.values import Append, Appended, Conflict, Outcome, Repeated


async def test_of_32_writers_of_one_version_one_wins_and_nothing_is_left_of_the_others(
    log: Log,
) -> None:
    appenders = [Appender(log.api) for _ in range(4)]
    ticket = new_ticket()
    await appenders[0].append(append_of(grown(ticket)))
    rivals = [append_of(grown(structs.replace(ticket, version=1), 2)) for _ in range(32)]

    outcomes = await asyncio.gather(
        *(appenders[n % 4].append(rival) for n, rival in enumerate(rivals))
    )

    winners = [n for n, outcome in enumerate(outcomes) if isinstance(outcome, Appended)]
    assert len(winners) == 1
    assert [o for o in outcomes if o != outcomes[winners[0]]] == [Conflict(ticket.id, 3)] * 31
    assert await log.versions(ticket.id) == [1, 2, 3]
    assert await log.positions() == [1, 2, 3]
    written = await log.rows("select event_id from docket.events where version > 1 order by 1")
    winner = rivals[winners[0]].streams[0]
    assert [row["event_id"] for row in written] == [event.event_id for event in winner.events]
    for appender in appenders:
        await appender.close()


async def test_the_same_key_a_hundred_times_at_once_is_one_batch_and_100_equal_answers(
    log: Log,
) -> None:
    appenders = [Appender(log.api) for _ in range(4)]

    def attempt() -> Append:
        ticket = new_ticket()
        command = command_of(ticket.id, "same", f'{{"id":"{ticket.id}"}}'.encode(), 2)
        return append_of(grown(ticket, 2), command=command)

    attempts = [attempt() for _ in range(100)]

    outcomes = await asyncio.gather(
        *(appenders[n % 4].append(each) for n, each in enumerate(attempts))
    )

    answers = {
        (each.command if isinstance(outcome, Appended) else answered(outcome))
        for each, outcome in zip(attempts, outcomes, strict=True)
    }
    assert len(answers) == 1
    assert sum(isinstance(outcome, Appended) for outcome in outcomes) == 1
    assert await log.positions() == [1, 2]
    assert len(await log.rows("select from docket.commands")) == 1
    assert len(await log.rows("select from docket.tickets")) == 1
    for appender in appenders:
        await appender.close()


def answered(outcome: Outcome) -> object:
    assert isinstance(outcome, Repeated)
    return outcome.record


async def test_an_append_over_several_tickets_is_all_or_nothing_under_16_writers(log: Log) -> None:
    appenders = [Appender(log.api) for _ in range(4)]
    tickets = [new_ticket() for _ in range(6)]
    for ticket in tickets:
        await appenders[0].append(append_of(grown(ticket)))
    versions = {ticket.id: 1 for ticket in tickets}
    triples = 0

    async def writer(n: int) -> None:
        nonlocal triples
        for turn in range(12):
            chosen = [tickets[(n + turn + k) % 6] for k in range(3)]
            streams = [grown(structs.replace(t, version=versions[t.id])) for t in chosen]
            outcome = await appenders[n % 4].append(append_of(*streams))
            match outcome:
                case Appended():
                    triples += 1
                    for ticket in chosen:
                        versions[ticket.id] += 1
                case Conflict(ticket_id=ticket_id, actual_version=actual):
                    versions[ticket_id] = max(versions[ticket_id], actual)
                case Repeated():
                    raise AssertionError("no command was given")

    await asyncio.gather(*(writer(n) for n in range(16)))

    assert triples > 0
    batches = await log.rows(
        "select count(*) as events, count(distinct ticket_id) as tickets from docket.events"
        " where version > 1 group by correlation_id"
    )
    assert [(row["events"], row["tickets"]) for row in batches] == [(3, 3)] * triples
    for ticket in tickets:
        seen = await log.versions(ticket.id)
        assert seen == list(range(1, len(seen) + 1))
    assert await log.positions() == list(range(1, 6 + 3 * triples + 1))
    for appender in appenders:
        await appender.close()
