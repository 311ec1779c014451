"""The rows of the table `clocks`: a ticket's response clock as of its last event."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

import asyncpg
from sqlalchemy.dialects import postgresql

from docket_events.recorded import Recorded
from docket_events.ticket import TicketCreated
from docket_policies.clock.response_clock import ResponseClock, response_clock
from docket_policies.terms.coverage import as_counted
from docket_policies.terms.loader import policy_of
from docket_policies.terms.policy import Policy
from docket_runtime.database import reachable
from docket_runtime.schema.tables import clocks

PARKED = "parked"

ClockRow = Mapping[str, Any]
"""The value of each column of CLOCK_TYPES."""

CLOCK_TYPES: Mapping[str, str] = {
    column.name: column.type.compile(dialect=postgresql.dialect())  # type: ignore[no-untyped-call]
    for column in clocks.columns
    if column.name not in clocks.primary_key.columns
}
"""The columns of a clock and their types, as the table has them."""


def _upsert() -> str:
    names = ", ".join(CLOCK_TYPES)
    arrays = ", ".join(f"${n}::{type_}[]" for n, type_ in enumerate(CLOCK_TYPES.values(), 3))
    return f"""
        insert into docket.clocks (partition, ticket_id, {names})
        select $1, * from unnest($2::uuid[], {arrays})
        on conflict (partition, ticket_id) do update set
            ({names}) = ({", ".join(f"excluded.{name}" for name in CLOCK_TYPES)})
    """  # noqa: S608 - made of column names of ours


_UPSERT = _upsert()
_READ = f"""
    select ticket_id, {", ".join(CLOCK_TYPES)} from docket.clocks
    where partition = $1 and ticket_id = any ($2)
"""  # noqa: S608 - made of column names of ours


def counted_at(history: Sequence[Recorded]) -> datetime:
    """Return the instant at which a history's clock is counted: that of its latest event."""
    return max(recorded.occurred_at for recorded in history)


def terms_of_history(history: Sequence[Recorded]) -> Policy:
    """Return the terms under which a ticket was created, without a clock before the calendars.

    Raise ValueError where its history begins otherwise, and as `policy_of` does.
    """
    created = history[0].event
    if not isinstance(created, TicketCreated):
        raise ValueError(f"a ticket begins with TicketCreated, not {history[0].type}")
    return as_counted(policy_of(created), history[0].occurred_at)


def clock_of(history: Sequence[Recorded], policy: Policy) -> ResponseClock:
    """Return the clock of a history as of its latest event; raise OutsideCoverage."""
    return response_clock(history, policy, counted_at(history))


def clock_row_of(version: int, at: datetime, clock: ResponseClock | None) -> ClockRow:
    """Return the row of a clock that was counted at `at`; without a clock the ticket is parked."""
    return {
        "version": version,
        "turn": clock.turn if clock else 0,
        "state": clock.state if clock else PARKED,
        "priority": clock.priority if clock else None,
        "clause": clock.clause if clock else None,
        "due_at": clock.deadline if clock else None,
        "budget_s": clock.budget_s if clock else None,
        "consumed_s": clock.consumed_s if clock else None,
        "overdue": clock.overdue if clock else False,
        "ended_at": clock.ended_at if clock else None,
        "counted_at": at,
    }


async def read_rows(
    connection: asyncpg.Connection, partition: int, ticket_ids: Sequence[UUID]
) -> dict[UUID, ClockRow]:
    """Return the stored rows of those of these tickets that have one; raise Unavailable."""
    with reachable():
        rows = await connection.fetch(_READ, partition, list(ticket_ids))
    return {row["ticket_id"]: row for row in rows}


async def write_rows(
    connection: asyncpg.Connection, partition: int, rows: Mapping[UUID, ClockRow]
) -> None:
    """Write the rows of these tickets, in place of those they have; raise Unavailable."""
    tickets = sorted(rows)  # locked in one order
    columns = [[rows[ticket_id][name] for ticket_id in tickets] for name in CLOCK_TYPES]
    with reachable():
        await connection.execute(_UPSERT, partition, tickets, *columns)
