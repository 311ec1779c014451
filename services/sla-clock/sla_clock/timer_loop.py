"""The timer loop: fires due timers, after deciding again whether they are still true.

A timer row is only a reason to read the history again. The events that follow are appended at the
version on which they were decided, in the transaction that deletes the timer: so a timer that fires
twice, or late, or for a ticket that has changed, writes nothing wrong. Where somebody else came
first it is decided once more, under the lock that the append has taken, so that nobody else can.
Nothing fires before its instant by the database's present.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from uuid import UUID

import asyncpg
import structlog

from docket_events.codec import type_of
from docket_events.ids import partition_of_ticket
from docket_events.instants import whole_seconds
from docket_events.recorded import Actor, Fact, Recorded
from docket_lifecycle.state.fold import fold
from docket_policies.terms.loader import policy_of
from docket_runtime import metrics, tracing
from docket_runtime.connection import ReconnectingConnection
from docket_runtime.database import Database, reachable
from docket_runtime.new_ids import new_id
from docket_runtime.store import timers
from docket_runtime.store.append import append_on
from docket_runtime.store.history import History
from docket_runtime.store.isolated_reading import read_each
from docket_runtime.store.timers import DueTimer
from docket_runtime.store.values import Append, Appended, NewEvent, StreamAppend
from sla_clock.decide import OWNER, due, happens_at

BATCH = 200
ACTOR = Actor("service", OWNER)

log = structlog.get_logger()


class TimerLoop:
    """Takes the timers that are due and appends their events."""

    def __init__(self, database: Database) -> None:
        self._database = ReconnectingConnection(database)

    async def step(self) -> bool:
        """Fire what is due now, `BATCH` timers at most; raise Unavailable."""
        async with self._database.open() as connection, connection.transaction():
            taken = await timers.take_due(connection, OWNER, BATCH)
            if not taken:
                return False
            with tracing.span("fire timers", root=True, values={"docket.timers": len(taken)}):
                written = await _fire(connection, taken)
        for append in written:
            for event in append.streams[0].events:
                metrics.TIMERS_FIRED.labels(type_of(event.event)).inc()
        log.info(
            "timers_fired",
            timers=len(taken),
            tickets=len(written),
            events=sum(len(append.streams[0].events) for append in written),
        )
        return True

    async def close(self) -> None:
        """Close the connection."""
        self._database.close()


async def _fire(connection: asyncpg.Connection, taken: Sequence[DueTimer]) -> list[Append]:
    """Append what is due, delete the timers, and return what was written."""
    with reachable():
        now = await connection.fetchval("select docket.present()")
    present = whole_seconds(now)
    for timer in taken:
        metrics.TIMER_LATENESS.observe((now - timer.fires_at).total_seconds())
    written: list[Append] = []
    undecided = {timer.ticket_id for timer in taken}
    while undecided:  # twice at most: what the first append refused, nobody else can change then
        histories = await _read(connection, undecided)
        decided = (_decide(ticket_id, history, present) for ticket_id, history in histories.items())
        appends = [append for append in decided if append is not None]
        outcomes = list(zip(appends, await append_on(connection, appends), strict=True))
        written += [append for append, outcome in outcomes if isinstance(outcome, Appended)]
        undecided = {
            append.streams[0].ticket_id
            for append, outcome in outcomes
            if not isinstance(outcome, Appended)
        }
    await timers.delete(connection, taken)
    return written


async def _read(connection: asyncpg.Connection, ticket_ids: Iterable[UUID]) -> dict[UUID, History]:
    histories: dict[UUID, History] = {}
    in_order = sorted(ticket_ids, key=partition_of_ticket)
    for partition, tickets in groupby(in_order, key=partition_of_ticket):
        histories |= (await read_each(connection, partition, list(tickets)))[0]
    return histories


def _decide(ticket_id: UUID, history: Sequence[Recorded], present: datetime) -> Append | None:
    try:
        return append_due(ticket_id, history, present)
    except Exception:
        # the clock loop shows such a ticket as parked; its timers do not stop those of others
        log.exception("timer_undecidable", ticket=str(ticket_id))
        return None


def append_due(ticket_id: UUID, history: Sequence[Recorded], present: datetime) -> Append | None:
    """Return the append of what has become true, None if nothing has.

    It happens when it is noticed, a closing for silence when the silence ends (C-64), and never
    before the ticket's last event; the exact instant is in the event.
    """
    ticket = fold(ticket_id, history)
    if ticket is None:
        return None
    earliest = ticket.updated_at
    facts = [
        Fact(event, max(happens_at(event, present), earliest))
        for event in due(history, policy_of(ticket), present)
    ]
    if not facts:
        return None
    last = history[-1]
    after = fold(ticket_id, facts, ticket)
    assert after is not None
    new = tuple(NewEvent(new_id(), fact.event, fact.occurred_at) for fact in facts)
    return Append(
        partition=last.partition,
        streams=(StreamAppend(ticket_id, ticket.version, new, after),),
        actor=ACTOR,
        correlation_id=last.correlation_id,
        causation_id=last.event_id,
    )
