"""What the API shows of a ticket's past: plain values, ready for JSON."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from docket_audit.event_refs import event_told
from docket_audit.point import HistoryAsOf, Point, caveats
from docket_audit.replay import Replay, rights
from docket_events.recorded import ActorKind
from docket_events.roles import ACCOUNT_BOUND, SIDES
from docket_lifecycle.state.ticket import Ticket
from docket_policies.clock.response_clock import ResponseClock
from docket_policies.terms.policy import Policy
from docket_policies.terms.readings import AMBIGUITY
from docket_policies.views import addressing_answer, clock_answer, timer_answer
from ticket_api.auth.tokens import Principal
from ticket_api.tickets.views import ticket_view


def replay_view(replay: Replay, point: Point, now: datetime, asker: Principal) -> dict[str, Any]:
    """Return a ticket at a point, who might do what, and by which terms.

    A principal of an account sees the rights of its own side only.
    """
    sides: Sequence[ActorKind] = ("customer",) if asker.role in ACCOUNT_BOUND else SIDES
    return {
        "point": replay_point(replay, point, now),
        "ticket": ticket_view(replay.ticket),
        "work": replay.ticket.work,
        "response_clock": clock_answer(replay.clock),
        "addressing_time": addressing_answer(replay.addressing),
        "deadlines": [
            timer_answer(timer) for timer in replay.deadlines if asker.may_read(timer.name)
        ],
        "rights": rights(replay, sides),
        "terms": _terms(replay.terms),
    }


def replay_point(replay: Replay, point: Point, now: datetime) -> dict[str, Any]:
    """Return the point of a replay, with what its ticket does not have at all."""
    view = point_view(replay.sight, point, now)
    return view | {"caveats": [*view["caveats"], *([replay.caveat] if replay.caveat else ())]}


def point_view(sight: HistoryAsOf, point: Point, now: datetime) -> dict[str, Any]:
    """Return the point asked for, what the answer is not of, and the events left out or late."""
    return {
        "as_of": point.as_of,
        "known_at": point.known_at,
        "at": sight.at,
        "counted": len(sight.counted),
        "caveats": caveats(sight, point, now),
        "late": [event_told(each) for each in sight.late],
        "ahead": [event_told(each) for each in sight.ahead],
        "unknown": [event_told(each) for each in sight.unknown],
    }


def compared(replay: Replay) -> dict[str, Any]:
    """Return what is compared of two points: the ticket, the work on it, its clock; plain JSON."""
    return {**compared_ticket(replay.ticket), **compared_clock(replay.clock)}


def compared_ticket(ticket: Ticket) -> dict[str, Any]:
    """Return the part of it that is the ticket's."""
    plain: dict[str, Any] = msgspec.to_builtins({**ticket_view(ticket), "work": ticket.work})
    return plain


def compared_clock(clock: ResponseClock) -> dict[str, Any]:
    """Return the part of it that is the clock's."""
    answer = clock_answer(clock)
    counted = {name: answer.get(name) for name in _OF_THE_CLOCK}
    plain: dict[str, Any] = msgspec.to_builtins({"clock": counted})
    return plain


_OF_THE_CLOCK = (
    "clock_state",
    "turn",
    "deadline",
    "budget_s",
    "consumed_s",
    "overdue",
    "ended_at",
    "clause",
)


def _terms(terms: Policy) -> dict[str, Any]:
    """Return the terms pinned at creation: targets, calendars and readings (R-2.2, C-25)."""
    calendars = {target.calendar.name: target.calendar for target in terms.targets.values()}
    return {
        "pack": terms.pack,
        "revision": terms.revision,
        "title": terms.title,
        "clause": terms.clause,
        "effective_from": terms.effective_from,
        "service_level": terms.service_level,
        "targets": {
            priority: {
                "budget_s": target.budget_s,
                "calendar": target.calendar.name,
                "clause": target.clause,
            }
            for priority, target in terms.targets.items()
        },
        "calendars": [
            {
                "name": calendar.name,
                "timezone": calendar.timezone,
                "holidays_known": calendar.covered,
                "clause": calendar.clause,
            }
            for calendar in calendars.values()
        ],
        "readings": {
            name: {"reading": getattr(terms.readings, name), "ambiguity": ambiguity}
            for name, ambiguity in AMBIGUITY.items()
        },
    }
