"""Reports over all tickets of a period: their histories are read and judged batch by batch."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeVar
from uuid import UUID

from sqlalchemy import and_, func, select
from sqlalchemy.ext.asyncio import AsyncEngine

from docket_audit.point import Point
from docket_audit.replay import Replay, replay
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.terms.coverage import is_uncounted
from docket_runtime.schema.tables import tickets
from docket_runtime.store.history import History, HistoryReader
from docket_runtime.store.isolated_reading import SetAside
from docket_runtime.unavailable import Unavailable
from ticket_api.http.problems import Problem
from ticket_api.http.query import refuse_empty_period

MOST_TICKETS = 5000
TOGETHER = 100
USUAL = timedelta(days=30)
_FIRST = datetime.min.replace(tzinfo=UTC) + USUAL

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class ReportPeriod:
    """What a report is about: [from_, to), and one account unless it is None."""

    from_: datetime
    to: datetime
    account: str | None = None


@dataclass(frozen=True, slots=True)
class ReportScope:
    """The number of tickets in a report, and which of them it leaves out.

    `uncounted` are those that no calendar could count, `set_aside` those that cannot be read.
    """

    tickets: int
    uncounted: tuple[UUID, ...]
    set_aside: tuple[UUID, ...]


def period_of(
    from_: datetime | None, to: datetime | None, now: datetime, account: str | None
) -> ReportPeriod:
    """Return the period asked for, by default the last 30 days; raise Problem 422 for none."""
    end = to or now + timedelta(seconds=1)
    begin = from_ or max(end, _FIRST) - USUAL
    refuse_empty_period(begin, end)
    return ReportPeriod(begin, end, account)


async def each_ticket(
    engine: AsyncEngine,
    histories: HistoryReader,
    period: ReportPeriod,
    now: datetime,
    judge: Callable[[Replay], Iterable[T]],
) -> tuple[list[T], ReportScope]:
    """Return the results of `judge` for the tickets of a period as they are now, oldest first.

    Raise Problem 409 if they are too many for one answer, or Unavailable.
    """
    ids = await _ids(engine, period)
    results: list[T] = []
    uncounted: list[UUID] = []
    set_aside = SetAside()
    for start in range(0, len(ids), TOGETHER):
        batch = ids[start : start + TOGETHER]
        asked = (histories.read(each) for each in batch)
        read = await asyncio.gather(*asked, return_exceptions=True)
        more, beyond = await asyncio.to_thread(_judged, batch, read, now, judge, set_aside)
        results += more
        uncounted += beyond
    return results, ReportScope(len(ids), tuple(uncounted), set_aside.ids)


def _judged(
    ids: Sequence[UUID],
    read: Sequence[History | BaseException],
    now: datetime,
    judge: Callable[[Replay], Iterable[T]],
    set_aside: SetAside,
) -> tuple[list[T], list[UUID]]:
    results: list[T] = []
    uncounted: list[UUID] = []
    for ticket_id, history in zip(ids, read, strict=True):
        try:
            if isinstance(history, BaseException):
                raise history
            results += judge(_counted(replay(ticket_id, history, Point(), now)))
        except Unavailable:
            raise
        except OutsideCoverage:
            uncounted.append(ticket_id)
        except Exception as fault:  # one ticket that nobody can read holds up no report
            set_aside.add(ticket_id, fault)
    return results, uncounted


def _counted(seen: Replay) -> Replay:
    """Return a ticket that has a clock; raise OutsideCoverage for one from before the calendars."""
    if is_uncounted(seen.terms):
        raise OutsideCoverage(f"ticket {seen.ticket.id} is from before the calendars")
    return seen


async def _ids(engine: AsyncEngine, period: ReportPeriod) -> list[UUID]:
    """Return the tickets that lived in the period, oldest first."""
    lived = and_(
        tickets.c.created_at < period.to,
        tickets.c.updated_at >= period.from_,
        *([tickets.c.account_id == period.account] if period.account is not None else []),
    )
    async with engine.connect() as connection:
        many = (await connection.execute(select(func.count()).where(lived))).scalar_one()
        if many > MOST_TICKETS:
            raise Problem(
                409,
                "period_too_long",
                f"{many} tickets lived in that period; a report has at most {MOST_TICKETS}",
            )
        query = select(tickets.c.ticket_id).where(lived)
        query = query.order_by(tickets.c.created_at, tickets.c.ticket_id)
        return list((await connection.execute(query)).scalars())
