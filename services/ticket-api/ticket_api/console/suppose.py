"""The page of suppositions: its form read, the log judged, the result drawn."""

from datetime import UTC, datetime
from typing import Any

from starlette.requests import Request

from docket_policies.eligibility.question import Unanswerable
from docket_policies.terms.calendar_files import calendar_names
from docket_policies.terms.loader import revisions
from docket_policies.terms.readings import ALLOWED
from docket_simulation.what_if.supposition import Supposition
from docket_simulation.what_if.tally import picture as drawn
from ticket_api.analysis.pool import pool_of
from ticket_api.console.pages import picture
from ticket_api.http.problems import Problem
from ticket_api.http.runtime import runtime_of

MOST = 50
FIELDS = ("reading", "targets", "level", "calendar", "since", "until")


async def answered(http: Request) -> dict[str, Any]:
    """Return the values of the page; mistakes in the form are shown on it. Raise Problem 503."""
    asked = {name: http.query_params.get(name) or None for name in FIELDS}
    tally, supposed, why = None, None, ""
    if any(asked.values()):
        try:
            supposed = _supposed(asked)
            period = (_day(asked["since"]), _day(asked["until"]))
            now = runtime_of(http).clock.now()
            tally = await pool_of(http).what_if(supposed, period, now, MOST)
        except Unanswerable as wrong:
            why = str(wrong)
    return {
        "asked": asked,
        "why": why,
        "tally": tally,
        "picture": picture(drawn(supposed.label, tally)) if tally and supposed else "",
        "readings": [f"{name}={value}" for name, values in ALLOWED.items() for value in values],
        "editions": revisions(),
        "calendars": calendar_names(),
    }


def _supposed(asked: dict[str, str | None]) -> Supposition:
    name, _, value = (asked["reading"] or "").partition("=")
    return Supposition(
        readings={name: value} if name else {},
        targets=asked["targets"],
        level=asked["level"],
        calendar=asked["calendar"],
    )


def _day(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise Problem(422, "malformed", f"{text[:20]!r} is no day; write 2026-05-03") from None
