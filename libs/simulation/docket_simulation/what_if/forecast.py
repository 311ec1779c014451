"""What comes due if nothing happens: the deadlines ahead, hour by hour, by team and priority.

Nothing is guessed: each deadline is that of the present clock, and what waits for somebody without
a date has none.
"""

from collections.abc import AsyncIterable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import itemgetter
from typing import get_args
from uuid import UUID

from docket_events.instants import for_people
from docket_events.recorded import Happened
from docket_events.ticket import Priority
from docket_lifecycle.state.fold import fold
from docket_lifecycle.state.ticket import Ticket
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.clock.response_clock import response_clock
from docket_policies.deadlines.timer import TimerName
from docket_policies.deadlines.timers import timers
from docket_policies.terms.coverage import as_counted
from docket_policies.terms.loader import policy_of
from docket_simulation.pictures.bars import bars
from docket_simulation.what_if.tally import Unfit

RESPONSE: TimerName = "ResponseOverdue"
"""The timer whose deadline is that of the provider's response."""

DESK = "desk"
"""The team of a ticket that was not handed on."""


@dataclass(frozen=True, slots=True)
class Due:
    """A deadline of a ticket: `what` will be recorded if it passes, by `clause`."""

    ticket: str
    priority: Priority
    team: str
    assignee: str | None
    what: TimerName
    due_at: datetime
    clause: str


@dataclass(frozen=True, slots=True)
class Cell:
    """How many deadlines lie in one hour [from_, from_ + 1 h) for one team and priority."""

    from_: datetime
    team: str
    priority: Priority
    tickets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Forecast:
    """The deadlines in [at, until): by hour, and those that had passed before `at`.

    `set_aside` are the tickets that could not be read.
    """

    at: datetime
    until: datetime
    late: tuple[Due, ...]
    ahead: tuple[Due, ...]
    set_aside: tuple[UUID, ...] = ()

    @property
    def hours(self) -> tuple[Cell, ...]:
        """Return the hours in which something is due, in time order, by team and priority."""
        cells: dict[tuple[datetime, str, Priority], list[str]] = {}
        for due in self.ahead:
            hour = due.due_at.replace(minute=0, second=0, microsecond=0)
            cells.setdefault((hour, due.team, due.priority), []).append(due.ticket)
        return tuple(Cell(*key, tickets=tuple(cells[key])) for key in sorted(cells))


def deadlines(ticket: Ticket, history: Sequence[Happened], at: datetime) -> tuple[Due, ...]:
    """Return the deadlines of a ticket at an instant, in time order.

    A response deadline stays in the list after it has passed, until somebody answers. Raises
    OutsideCoverage, UnknownPack.
    """
    terms = as_counted(policy_of(ticket), ticket.created_at)
    clock = response_clock(history, terms, at)
    found = [
        (timer.name, timer.due_at, timer.clause)
        for timer in timers(history, terms)
        if timer.name not in _OF_THE_CLOCK
    ]
    if clock.deadline is not None and clock.ended_at is None:
        found.append((RESPONSE, clock.deadline, clock.clause))
    return tuple(
        Due(
            ticket=ticket.number,
            priority=ticket.priority,
            team=ticket.work.team or DESK,
            assignee=ticket.assignee,
            what=what,
            due_at=due_at,
            clause=clause,
        )
        for what, due_at, clause in sorted(found, key=itemgetter(1))
    )


_OF_THE_CLOCK: frozenset[TimerName] = frozenset({RESPONSE, "ResponseDueSoon", "BreachWithdrawn"})
"""Timers of the clock itself: its deadline, the warning before, a withdrawn deadline."""


async def deadlines_of(
    histories: AsyncIterable[tuple[UUID, Sequence[Happened]]],
    at: datetime,
    unfit: Unfit | None = None,
) -> list[Due]:
    """Return the deadlines of all the tickets; one that has none to tell goes to `unfit`.

    Raise OutsideCoverage as `deadlines` does, and without `unfit` all that it raises.
    """
    dues: list[Due] = []
    async for ticket_id, history in histories:
        try:
            ticket = fold(ticket_id, history)
            if ticket is not None:
                dues += deadlines(ticket, history, at)
        except OutsideCoverage:
            raise
        except Exception as fault:
            if unfit is None:
                raise
            unfit(ticket_id, fault)
    return dues


def forecast(
    dues: Iterable[Due],
    at: datetime,
    until: datetime,
    *,
    what: Iterable[TimerName] = (RESPONSE,),
) -> Forecast:
    """Return what comes due in [at, until); raise ValueError where that is no such stretch."""
    if not at < until <= at + timedelta(days=366):
        raise ValueError("until: give an instant after `at`, at most a year later")
    wanted = frozenset(what)
    told = sorted(
        (due for due in dues if due.what in wanted), key=lambda due: (due.due_at, due.ticket)
    )
    return Forecast(
        at=at,
        until=until,
        late=tuple(due for due in told if due.due_at < at),
        ahead=tuple(due for due in told if at <= due.due_at < until),
    )


def picture(found: Forecast) -> str:
    """Return the deadlines ahead as bars by hour and priority (SVG)."""
    hours = sorted({cell.from_ for cell in found.hours})
    priorities: tuple[Priority, ...] = get_args(Priority)
    counts = dict.fromkeys(((hour, priority) for hour in hours for priority in priorities), 0)
    for cell in found.hours:
        counts[cell.from_, cell.priority] += len(cell.tickets)
    return bars(
        f"due from {for_people(found.at)} to {for_people(found.until)}",
        [f"{hour:%d %b %Hh}" for hour in hours],
        {priority: [counts[hour, priority] for hour in hours] for priority in priorities},
    )
