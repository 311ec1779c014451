"""Asks about working time alone: a calendar, a start, and an amount or an end.

The calendar is the name of one of ours or a table: timezone, hours by weekday, holidays, breaks,
date_overrides. `pauses` are pairs of instants that do not count. An amount is spent at the earliest
instant possible; a window of no length, or a calendar that is never open, is refused.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from typing import Any

import msgspec

from docket_policies.calendars.calendar import BadCalendar, Calendar
from docket_policies.calendars.calendar_format import read_calendar
from docket_policies.calendars.time_arithmetic import add, add_beside, between, between_beside
from docket_policies.eligibility.question import Question, Unanswerable
from docket_policies.terms.calendar_files import calendar as named_calendar
from docket_simulation.scenarios.limits import CALENDARS_KEPT, instant_of, refuse_oversized


def working_time_add(asked: Question) -> Mapping[str, Any]:
    """Answer when `amount_seconds` of working time after `start` are spent.

    Negative amounts count back. Raises Unanswerable, OutsideCoverage.
    """
    calendar, start, pauses = _calendar(asked), instant_of(asked, "start"), _pauses(asked)
    amount = asked.raw("amount_seconds")
    if not isinstance(amount, int) or isinstance(amount, bool):
        raise Unanswerable(
            "field_wrong", f"amount_seconds: {amount!r} is wrong; give whole seconds"
        )
    if not pauses:
        return {"answer": add(calendar, start, amount)}
    return {"answer": add_beside(calendar, start, amount, pauses)}


def working_time_between(asked: Question) -> Mapping[str, Any]:
    """Answer the working seconds of [start, end).

    A reversed range is negative, or nothing where `reversed` is `zero`. Raises Unanswerable,
    OutsideCoverage.
    """
    calendar, pauses = _calendar(asked), _pauses(asked)
    start, end = instant_of(asked, "start"), instant_of(asked, "end")
    reading = asked.text("reversed", "negative")
    if reading not in ("negative", "zero"):
        raise Unanswerable("field_wrong", "reversed: give negative or zero")
    if end < start:
        counted = -between_beside(calendar, end, start, pauses) if reading == "negative" else 0
    elif pauses:
        counted = between_beside(calendar, start, end, pauses)
    else:
        counted = between(calendar, start, end)
    return {"answer": counted}


def _calendar(asked: Question) -> Calendar:
    told = asked.raw("calendar")
    if isinstance(told, str):
        named = named_calendar(told)
        if named is None:
            raise Unanswerable("unknown_calendar", f"no calendar {told!r}")
        return named
    if not isinstance(told, Mapping):
        raise Unanswerable("field_wrong", "calendar: give a name or a table")
    refuse_oversized(told)
    try:
        return _built(msgspec.json.encode(told))
    except BadCalendar as wrong:
        raise Unanswerable("calendar_wrong", str(wrong)) from None


@lru_cache(CALENDARS_KEPT)
def _built(told: bytes) -> Calendar:
    return read_calendar(msgspec.json.decode(told), name="asked")


def _pauses(asked: Question) -> list[tuple[datetime, datetime]]:
    if not asked.says("pauses"):
        return []
    pauses = []
    for pause in asked.items("pauses"):
        if not isinstance(pause, list) or len(pause) != 2:
            raise Unanswerable("field_wrong", "pauses: give pairs of instants")
        edges = Question({"from": pause[0], "until": pause[1]})
        pauses.append((instant_of(edges, "from"), instant_of(edges, "until")))
    return pauses
