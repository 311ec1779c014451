"""The verdicts of clocks counted over a period: how many were in time, and what follows.

A cycle counts in the period in which its ticket was opened, by the clock of the account's zone. It
counts when it was met or is late; one that ended otherwise in time, or promises nothing, does not.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from docket_policies.calendars.epoch import moment
from docket_terms.answers import breached
from docket_terms.course import Course
from docket_terms.cycles import Cycle
from docket_terms.pack import Account


@dataclass(frozen=True, slots=True)
class Attainment:
    """The figures of one period: `credit_percent` is of the period's fee."""

    tickets: int
    counted: int
    failed: int
    percent: float
    met: bool
    credit_percent: float


def attainment(account: Account, period: str, courses: Iterable[Course], at: int) -> Attainment:
    """Count the verdicts of tickets whose opening lies in a period, such as 2026-Q2.

    What still runs is judged at the instant `at`.
    """
    tickets = counted = failed = 0
    for course in courses:
        if not course.events or period_of(account, course.events[0].at) != period:
            continue
        cycles = [
            each for name in account.counts for each in course.cycles[name] if _counts(each, at)
        ]
        tickets += bool(cycles)
        counted += len(cycles)
        failed += sum(breached(each, at) for each in cycles)
    percent = 100.0 if not counted else round(100 * (counted - failed) / counted, 4)
    few = tickets < account.few_below and failed <= account.few_failures
    met = few or 100 * (counted - failed) >= account.share * counted
    credit = account.credit
    owed = 0.0 if met or credit is None else min(credit.cap, credit.each * failed)
    return Attainment(tickets, counted, failed, percent, met, owed)


def period_of(account: Account, at: int) -> str:
    """Return the name of the period in which an instant lies: 2026-03, 2026-Q2, or 2026."""
    local: datetime = moment(at).astimezone(ZoneInfo(account.timezone))
    match account.period:
        case "month":
            return f"{local.year}-{local.month:02}"
        case "quarter":
            return f"{local.year}-Q{(local.month + 2) // 3}"
        case "year":
            return str(local.year)


def _counts(cycle: Cycle, at: int) -> bool:
    promised = cycle.row().amount is not None or cycle.agreed is not None
    return promised and (cycle.outcome == "met" or breached(cycle, at))
