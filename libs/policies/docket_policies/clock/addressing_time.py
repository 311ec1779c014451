"""The addressing time: from the user's first message on, less the waits of R-6.8 (R-6.1-c).

A report beside the response clock, without a budget (R-6.7-c). It does not grow while the ticket is
closed, and grows again after an objection.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter

from docket_events.clock import TicketAutoClosed
from docket_events.combining import MergedInto, SplitChildCreated, TicketsMerged, TicketSplit
from docket_events.desk import TicketRejected
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Happened
from docket_events.ticket import (
    InformationRejected,
    ObjectionAccepted,
    ObjectionRefused,
    TicketCreated,
    TicketRevoked,
)
from docket_policies.calendars.epoch import seconds
from docket_policies.calendars.time_arithmetic import merged
from docket_policies.clock.handing_on.turn_base import addressed_since
from docket_policies.clock.waits import WaitEvent, Waits
from docket_policies.terms.coverage import is_uncounted
from docket_policies.terms.policy import Policy


@dataclass(frozen=True, slots=True)
class AddressingTime:
    """Seconds of addressing: elapsed, and in the policy's business hours.

    `working_s` is None where the ticket is from before these are known.
    """

    wall_s: int
    working_s: int | None


def addressing_time(history: Sequence[Happened], policy: Policy, at: datetime) -> AddressingTime:
    """Return how long a ticket has been addressed until an instant (R-6.1-c, R-6.8).

    An insufficient answer never interrupted its wait. Raises OutsideCoverage.
    """
    now = seconds(at)
    open_, waited = _spans(history, policy, now)
    worked = _without(merged(open_), merged(waited))
    return AddressingTime(
        wall_s=sum(end - start for start, end in worked),
        working_s=None
        if is_uncounted(policy)
        else sum(policy.business.measure(start, end) for start, end in worked),
    )


def _spans(
    history: Sequence[Happened], policy: Policy, now: int
) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the spans in which the ticket was open, and those in which it waited."""
    waits = Waits(policy)
    open_: list[tuple[int, int]] = []
    waited: list[tuple[int, int]] = []
    since: int | None = None
    waiting: int | None = None

    def settle(until: int) -> None:
        nonlocal waiting
        over = waits.ended_by(until)
        if waiting is not None:
            waited.append((waiting, until if waits or over is None else over.until or until))
            waiting = None

    for happened in sorted(history, key=attrgetter("occurred_at")):
        happened_at = seconds(happened.occurred_at)
        if happened_at > now:
            break
        settle(happened_at)
        match happened.event:
            case TicketCreated() | ObjectionAccepted():
                since = happened_at
            case TicketSplit() | SplitChildCreated() | TicketsMerged() as event:
                anew = addressed_since(event, happened_at, policy.readings)
                since = since if anew is None else anew
                if not isinstance(event, TicketSplit):
                    waits.take_over(event, happened)
            case (
                ClosureNoticeSent()
                | TicketRevoked()
                | TicketRejected()
                | TicketAutoClosed()
                | MergedInto()
            ) if since is not None:
                open_.append((since, happened_at))
                since = None
                waits.clear(requests_too=False)
            case ObjectionRefused():
                since = None
                waits.clear(requests_too=False)
            case event if isinstance(event, WaitEvent):
                asked = None
                if isinstance(event, InformationRejected):
                    asked = waits.asked_at(event.request)
                waits.take(event, happened)
                if asked is not None:
                    waited.append((asked, happened_at))
            case _:
                pass
        waiting = happened_at if waits else None
    settle(now)
    if since is not None:
        open_.append((since, now))
    return open_, waited


def _without(
    spans: Sequence[tuple[int, int]], cut: Sequence[tuple[int, int]]
) -> Sequence[tuple[int, int]]:
    """Return the parts of disjoint spans that lie outside of other disjoint spans."""
    left = list(spans)
    for begin, stop in cut:
        left = [
            piece
            for start, end in left
            for piece in ((start, min(end, begin)), (max(start, stop), end))
            if piece[0] < piece[1]
        ]
    return left
