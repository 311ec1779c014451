"""Asks about time: the clocks of a scenario, its timers, the ends of its windows."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from docket_events.clock import TicketAutoClosed
from docket_events.combining import SplitChildCreated, TicketsMerged
from docket_events.notice import ClosureNoticeSent
from docket_events.recorded import Fact
from docket_events.ticket import InformationRequested, ObjectionAccepted
from docket_policies.clock.response_clock import addressing_time, response_clock
from docket_policies.clock.waits import WaitEvent, Waits
from docket_policies.deadlines.timers import objections_until, timers
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.views import addressing_answer, clock_answer, timer_answer
from docket_simulation.scenarios.scenario import Scenario

Answer = Mapping[str, Any]


def clock(case: Scenario, asked: Question) -> Answer:
    """Answer the response clock at `at` with its turns and spans (R-1.14, R-6.7, I-2.6-*)."""
    # terms without a clock answer alike at every instant, so a question need not name one
    bare = case.terms.no_target is not None and not case.history and not asked.says("at")
    at = case.terms.effective_from if bare else case.instant(asked)
    return clock_answer(response_clock(case.told_until(at), case.terms, at))


def addressing(case: Scenario, asked: Question) -> Answer:
    """Answer the addressing time until `at` (R-6.1-c)."""
    at = case.instant(asked)
    return addressing_answer(addressing_time(case.told_until(at), case.terms, at))


def armed(case: Scenario, asked: Question) -> Answer:
    """Answer the timers that are armed at `at`, in time order."""
    return {"answer": _timers(case, asked)}


def next_timer(case: Scenario, asked: Question) -> Answer:
    """Answer the timer that fires first, of one `name` where it is given."""
    named = asked.text("name") if asked.says("name") else None
    fitting = (timer for timer in _timers(case, asked) if named in (None, timer["name"]))
    return next(fitting, {"answer": None})


def closed_at(case: Scenario, asked: Question) -> Answer:
    """Answer when the ticket was closed, null while it is not (R-6.10-c, I-3.6)."""
    closing = _closing(case.told_until(case.instant(asked)))
    return {"answer": None if closing is None else _moment_of(closing)}


def objection_window(case: Scenario, asked: Question) -> Answer:
    """Answer the exclusive end of the window for objections to the closing (R-6.10-b).

    An accepted objection does not change the end of the window.
    """
    notices = [
        fact.event
        for fact in case.told_until(case.instant(asked))
        if isinstance(fact.event, ClosureNoticeSent)
    ]
    if not notices:
        return {"answer": None}
    last = notices[-1]
    return {"answer": last.objections_until or objections_until(case.terms, last.sent_at)}


def info_deadline(case: Scenario, asked: Question) -> Answer:
    """Answer the last valid instant for an answer to `request`, the last one if none is named.

    Null where the terms know no such window (R-6.9-b). Raises Unanswerable.
    """
    named = asked.text("request") if asked.says("request") else None
    waits, last = Waits(case.terms), None
    for fact in case.told_until(case.instant(asked)):
        match fact.event:
            case SplitChildCreated() | TicketsMerged() as event:
                waits.take_over(event, fact)
                handed = [
                    each if isinstance(each, str) else each.request for each in event.open_requests
                ]
                last = next((each for each in handed if named in (None, each)), last)
            case event if isinstance(event, WaitEvent):
                waits.take(event, fact)
                if isinstance(event, InformationRequested) and named in (None, event.request):
                    last = event.request
            case _:
                pass
    if last is None:
        raise Unanswerable("no_information_requested", "nothing was asked of the user")
    return {"answer": waits.valid_until(last)}


def _timers(case: Scenario, asked: Question) -> list[dict[str, Any]]:
    history = case.told_until(case.instant(asked))
    return [timer_answer(timer) for timer in timers(history, case.terms)]


def _closing(history: Sequence[Fact]) -> Fact | None:
    """Return the event that closed the ticket, None where an objection opened it again."""
    endings = (ClosureNoticeSent, TicketAutoClosed, ObjectionAccepted)
    last = next((fact for fact in reversed(history) if isinstance(fact.event, endings)), None)
    return None if last is None or isinstance(last.event, ObjectionAccepted) else last


def _moment_of(closing: Fact) -> datetime:
    sent = closing.event.sent_at if isinstance(closing.event, ClosureNoticeSent) else None
    return sent or closing.occurred_at
