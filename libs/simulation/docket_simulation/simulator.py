"""One line of JSON in, one out: which function answers which ask, and how faults are reported.

No line can end the stream: a line that cannot be read is answered with `error`, an ask that cannot
be answered has `error` in its place among the answers.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from docket_events.instants import whole_seconds, wire
from docket_policies.calendars.opentime import OutsideCoverage
from docket_policies.eligibility.asks import ASKS as ELIGIBILITY
from docket_policies.eligibility.question import Question, Unanswerable
from docket_simulation.asks import calendar, clock, command
from docket_simulation.scenarios.scenario import Scenario

Answer = Mapping[str, Any]

OF_A_CASE: Mapping[str, Callable[[Scenario, Question], Answer]] = {
    "response_clock": clock.clock,
    "addressing_time": clock.addressing,
    "timers": clock.armed,
    "timers_armed": clock.armed,
    "timer": clock.next_timer,
    "closed_at": clock.closed_at,
    "objection_window_ends_exclusive": clock.objection_window,
    "info_deadline_last_valid_instant": clock.info_deadline,
    "state": command.state,
}
"""Asks about the history of a line."""

OF_A_CALENDAR: Mapping[str, Callable[[Question], Answer]] = {
    "working_time_add": calendar.working_time_add,
    "working_time_between": calendar.working_time_between,
}
"""Asks about a calendar alone."""

_decode = msgspec.json.Decoder().decode
_encode = msgspec.json.Encoder(enc_hook=str).encode


def answer_line(line: bytes) -> bytes:
    """Return the answer to one line of JSON, as one line of JSON without its end."""
    try:
        told = _decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as wrong:
        return _encode({"id": None, "error": "malformed", "detail": str(wrong)})
    return _encode(written_out(answer(told)))


def answer(told: Any) -> dict[str, Any]:
    """Return the answer to a decoded line: `id` and one answer for each ask."""
    if not isinstance(told, Mapping):
        return {"id": None, "error": "malformed", "detail": "a line is a table: id, pack, asks"}
    named = told.get("id")
    if not isinstance(named, str | int | float | None):
        return {"id": None, "error": "malformed", "detail": "id: give a text or a number"}
    said, asks = {"id": named}, told.get("asks")
    if not isinstance(asks, list):
        return {**said, "error": "malformed", "detail": "asks: give a list of asks"}
    case = Scenario(told)
    return {**said, "answers": [_answered(case, told, ask) for ask in asks]}


def _answered(case: Scenario, told: Mapping[str, Any], ask: Any) -> Answer:
    try:
        return _answer(case, told, ask)
    except Unanswerable as wrong:
        return {"error": wrong.code, "detail": wrong.detail}
    except OutsideCoverage as unknown:
        return {"error": unknown.code, "detail": str(unknown)}
    except (OverflowError, RecursionError) as beyond:
        return {"error": "out_of_range", "detail": str(beyond)}
    except Exception as fault:  # a fault of ours; the lines after it are answered all the same
        return {"error": "fault", "detail": f"{type(fault).__name__}: {fault}"}


def _answer(case: Scenario, told: Mapping[str, Any], ask: Any) -> Answer:
    if not isinstance(ask, Mapping):
        raise Unanswerable("field_wrong", "an ask is a table with its name in `ask`")
    asked = Question(ask)
    name = asked.text("ask")
    if name == "command":
        return command.command(case, ask)
    if name in OF_A_CASE:
        return OF_A_CASE[name](case, asked)
    if name in OF_A_CALENDAR:
        return OF_A_CALENDAR[name](asked)
    if name in ELIGIBILITY:
        return ELIGIBILITY[name](case.fields(ask))
    known = ", ".join(sorted({"command", *OF_A_CASE, *OF_A_CALENDAR, *ELIGIBILITY}))
    raise Unanswerable("unknown_ask", f"no ask {name!r}; there is {known}")


def written_out(value: Any) -> Any:
    """Return a value with its instants as whole UTC seconds with Z."""
    match value:
        case datetime():
            return wire(whole_seconds(value))
        case Mapping():
            return {key: written_out(each) for key, each in value.items()}
        case list() | tuple():
            return [written_out(each) for each in value]
        case _:
            return value
